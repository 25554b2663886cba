"""View counts as pages really print them."""

from __future__ import annotations

import pytest

from newsspider.reading import counts


@pytest.mark.parametrize(
    ("printed", "views"),
    [
        ("来源: | 发布时间: 2018-05-17 | 浏览次数: 2168", 2168),
        ("2023-06-29 20:51计算机学院浏览：10", 10),
        ("发布时间：2012-03-20浏览次数：13019来源：宣传部", 13019),
        ("浏览次数：589发布时间：2017/10/18 05:35", 589),
        ("发布时间:2011-10-11 来源:宣传部 浏览量:2785人次", 2785),
        ("已有 4437 次阅读 2012-9-1 16:00", 4437),
        ("2026-07-06 |  查看: 15", 15),
        ("点击：[ 1,234 ]次", 1234),
        ("人氣：2.3萬", 23000),
        ("조회수 2,485", 2485),
        ("2024-05-01 200人次浏览", 200),
        ("Visto: 200", 200),
        ("Affichages : 1204", 1204),
        ("Zugriffe: 57", 57),
        ("點閱數：77", 77),
        ("Hits: 123", 123),
        ("来源：本站 点击：320", 320),
        ("(Visited 300 times, 1 visits today)", 300),
        ("1,024 views", 1024),
        ("Zugriffe: 1.234", 1234),
        ("Visite: 1'234", 1234),
        ("Visite : 1’234’567 | oggi", 1234567),
        ("Vues : 12\u202f345", 12345),
        ("Vues : 12\u00a0345. Publié le 3 mai", 12345),
        ("浏览：12 345 次", 12345),
        ("1\u2009234 views", 1234),
        ("浏览：12 2024-03-19", 12),
        ("浏览：120 10:30", 120),
        ("Hits: 120 3 comments", 120),
        ("2024-03-19 120次浏览", 120),
        ("Views: 120.", 120),
        ("John Smith 0 61 views", 61),
    ],
)
def test_labelled(printed: str, views: int) -> None:
    found = counts.labelled(printed)
    assert found is not None
    assert found.views == views


@pytest.mark.parametrize(
    "printed",
    [
        "发布时间：2024-06-18 浏览次数： 打印",
        "阅读:发布时间:2012-08-18",
        "网站总访问量：181749次",
        "总访问量： 51490， 今日访问量： 19",
        "点击数： 2024-05-01",
        "访问量：1028872024年11月11日",
        "已下载300次",
        "interviews: 12",
        "Visto 12 veces en clase",
        "Zugriffe: 1.234,5",
        "Zugriffe: 12.34",
        "Views: 1,2345",
        "Vues : 1 23",
        "浏览：12 34 567",
        "Visite: 1'23",
        "浏览：12:30",
        "12 34 views",
        "Mar 19 120 views",
        "阅读：12.5",
        "",
    ],
)
def test_no_count(printed: str) -> None:
    assert counts.labelled(printed) is None


@pytest.mark.parametrize(
    ("printed", "views", "step"),
    [
        ("阅读 1.2万", 12_000, 1000),
        ("浏览量：12万次", 120_000, 10_000),
        ("Views: 1.25k", 1250, 10),
        ("阅读 1.234万", 12_340, 10),
        ("点击：9999+次", 9999, 0),
        ("阅读数：10万＋", 100_000, 0),
        ("浏览次数：1万余次", 10_000, 0),
        ("10k+ views", 10_000, 0),
        ("浏览：12,345", 12_345, None),
    ],
)
def test_a_count_is_no_more_exact_than_it_is_printed(printed: str, views: int, step: int | None) -> None:
    found = counts.labelled(printed)
    assert found is not None
    assert (found.views, found.step) == (views, step)
    assert found.text in printed


@pytest.mark.parametrize(
    ("cell", "views", "step"), [("1.2万", 12_000, 1000), ("9999+", 9999, 0), ("1,024 次", 1024, None)]
)
def test_a_cell_that_is_a_count(cell: str, views: int, step: int | None) -> None:
    found = counts.bare(cell)
    assert found is not None
    assert (found.views, found.step) == (views, step)


@pytest.mark.parametrize("cell", ["2024-05-01", "1.5", "第3页", "", "123456789012"])
def test_a_cell_that_is_none(cell: str) -> None:
    assert counts.bare(cell) is None
