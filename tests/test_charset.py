"""The charset is what the bytes prove, whatever the page declares."""

from __future__ import annotations

import pytest

from newsspider.extract import charset

CHINESE = "关于做好二〇二六年暑期学校招生工作的通知，请各学院按时报名，详情见附件。" * 3
TAIWANESE = "關於辦理本校學生宿舍申請的公告，請同學於期限內完成登記，逾期不受理。" * 3
KOREAN = "학생 여러분에게 장학금 신청 안내를 드립니다. 대학교 홈페이지에서 신청하시기 바랍니다. " * 3


def page(text: str, codec: str, declared: str) -> bytes:
    return f'<html><head><meta charset="{declared}"><title>{text[:8]}</title></head><body>{text}</body></html>'.encode(
        codec
    )


@pytest.mark.parametrize(
    ("text", "codec", "declared"),
    [
        (CHINESE, "utf-8", "gb2312"),
        (CHINESE, "gbk", "utf-8"),
        (CHINESE, "gbk", "gb2312"),
        (CHINESE, "gbk", "iso-8859-1"),
        (TAIWANESE, "big5", "big5"),
        (TAIWANESE, "big5", "utf-8"),
        (KOREAN, "euc-kr", "euc-kr"),
        (KOREAN, "euc-kr", "utf-8"),
        (CHINESE, "utf-8-sig", "gbk"),
        (CHINESE, "gbk", "no-such-charset"),
    ],
)
def test_proven(text: str, codec: str, declared: str) -> None:
    payload = page(text, codec, declared)
    assert text in payload.decode(charset.proven(payload))


JAPANESE = "図書館の開館時間を変更します。オープンキャンパスのお知らせは大学のホームページをご覧ください。" * 3
LATIN1 = "text/html; charset=ISO-8859-1"


@pytest.mark.parametrize("declared", ["its own", "iso-8859-1"])
@pytest.mark.parametrize(
    ("text", "codec", "name"),
    [
        (CHINESE, "gbk", "gb2312"),
        (TAIWANESE, "big5", "Big5"),
        (KOREAN, "euc-kr", "euc-kr"),
        (JAPANESE, "cp932", "Shift_JIS"),
        (JAPANESE, "euc_jp", "EUC-JP"),
    ],
)
def test_a_header_of_one_byte_a_character_yields_to_bytes_that_make_sense(
    text: str, codec: str, name: str, declared: str
) -> None:
    payload = page(text, codec, name if declared == "its own" else declared)
    assert text in payload.decode(charset.proven(payload, LATIN1))


def test_a_few_rare_characters_are_read_as_meta_says() -> None:
    payload = page("招聘启事", "gbk", "gb2312")
    assert charset.proven(payload, LATIN1) == "gb18030"


@pytest.mark.parametrize("meta", ["gb2312", "Big5", "Shift_JIS", "euc-kr", "iso-8859-1"])
@pytest.mark.parametrize(
    ("text", "codec", "header"),
    [
        ("Die Universität Zürich öffnet größere Räume für Studierende", "cp1252", "iso-8859-1"),
        ("L’université française a été créée à l’été; déjà très élevée", "cp1252", "windows-1252"),
        ("Университет объявляет набор студентов на новый учебный год", "cp1251", "windows-1251"),
        ("Το Πανεπιστήμιο ανακοινώνει την έναρξη των μαθημάτων", "cp1253", "windows-1253"),
    ],
)
def test_a_page_of_one_byte_a_character_stays_one(text: str, codec: str, header: str, meta: str) -> None:
    payload = page(text * 3, codec, meta)
    assert text in payload.decode(charset.proven(payload, f"text/html; charset={header}"))


def test_a_text_cut_at_a_byte_stays_utf8() -> None:
    payload = page(CHINESE, "utf-8", "utf-8").replace("期".encode(), "期".encode()[:2], 1)
    assert charset.proven(payload) == "utf-8"


def test_the_header_counts_where_the_bytes_leave_a_choice() -> None:
    payload = "<p>Universität Zürich: Öffnungszeiten über die Feiertage</p>".encode("cp1252")
    assert charset.proven(payload, "text/html; charset=ISO-8859-1") == "cp1252"
