"""Dates as pages really print them."""

from __future__ import annotations

import pytest

from newsspider.extract import dates

PRINTED = [
    ("发布时间：2026年3月1日 14:20　点击：", "2026-03-01T14:20"),
    ("日期：2023-04-21 09:00", "2023-04-21T09:00"),
    ("添加时间:2017-3-9 12:7", "2017-03-09T12:07"),
    ("2017年5月22日 星期一 03:07", "2017-05-22T03:07"),
    ("2021年03月25日08:08 | 来源：", "2021-03-25T08:08"),
    ("2024-06-11 HKT 18:41", "2024-06-11T18:41"),
    ("发布时间：2025-05-30浏览量：33", "2025-05-30"),
    ("浏览次数：589发布时间：2017/10/18 05:35", "2017-10-18T05:35"),
    ("２０２３－０４－２１", "2023-04-21"),
    ("时间：2025年5月30日下午3：05", "2025-05-30T15:05"),
    ("二○一七年三月廿二日", "2017-03-22"),
    ("二〇一二年十月三十日", "2012-10-30"),
    ("中華民國104年6月8日", "2015-06-08"),
    ("104年6月8日", "2015-06-08"),
    ("發布日期 113-05-20", "2024-05-20"),
    ("2024. 3. 11. 오후 3:05", "2024-03-11T15:05"),
    ("2024년 3월 11일(월) 10:30", "2024-03-11T10:30"),
    ("September 24, 2025", "2025-09-24"),
    ("Sept. 24, 2025 at 3:15 p.m.", "2025-09-24T15:15"),
    ("Tuesday, 05 March 2024 11:22", "2024-03-05T11:22"),
    ("9. September 2022", "2022-09-09"),
    ("Publicado el 13 de octubre de 2017", "2017-10-13"),
    ("24.09.2025", "2025-09-24"),
    ("13/04/2024", "2024-04-13"),
    ("18 2024.03", "2024-03-18"),
    ("31 2023/10", "2023-10-31"),
    ("26 12月,2024", "2024-12-26"),
    ("12-26 2024", "2024-12-26"),
    ("2024-12 26", "2024-12-26"),
]


@pytest.mark.parametrize(("printed", "iso"), PRINTED)
def test_first(printed: str, iso: str) -> None:
    assert dates.first(printed) == iso


@pytest.mark.parametrize("printed", ["[ 2006-12-22 00:00 ]", "2006-12-22 00:00:00", "2006年12月22日00时00分"])
def test_midnight_is_no_time(printed: str) -> None:
    assert dates.first(printed) == "2006-12-22"


@pytest.mark.parametrize(
    "printed",
    [
        "1028872024年11月11日",  # a count and a date, glued
        "索取号：G0010802000-2014-0002",
        "2021-2022学年第1学期",
        "大公报20241125",
        "2024-13-40",
        "2023-02-29",
        "01-18 人气:19",
        "192.168.113.05.20",
        "03/04/2024",
        "共2024条 12页",
        "",
    ],
)
def test_no_date(printed: str) -> None:
    assert dates.first(printed) is None


def test_the_language_decides_which_number_is_the_day() -> None:
    assert dates.first("03/04/2024", day_first=True) == "2024-04-03"
    assert dates.first("03/04/2024", day_first=False) == "2024-03-04"


def test_every_finds_them_in_order() -> None:
    line = "来源： 天津日报 2024-12-20 07:11发稿时间：2024-12-21 20:28"
    assert [date.iso for date in dates.every(line)] == ["2024-12-20T07:11", "2024-12-21T20:28"]


@pytest.mark.parametrize(
    ("value", "iso"),
    [
        ("2024-09-23T14:05:00-05:00", "2024-09-23T14:05:00-05:00"),
        ("2024-09-23T14:05", "2024-09-23T14:05"),
        ("2024-09-23", "2024-09-23"),
        ("20240923", "2024-09-23"),
        ("Mon, 23 Sep 2024 14:05:00 GMT", "2024-09-23T14:05:00+00:00"),
        ("2024-09-23T00:00:00Z", "2024-09-23"),
        ("2024-09", None),
        ("2024", None),
        ("yesterday", None),
        ("2024-99-99", None),
    ],
)
def test_declared(value: str, iso: str | None) -> None:
    assert dates.declared(value) == iso
