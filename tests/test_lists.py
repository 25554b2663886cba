"""Which of what repeats on a page is its list: kinds that no count of rows and dates alone tells."""

from __future__ import annotations

import newsspider
from newsspider import cms
from newsspider.cms import listing
from newsspider.reading import choice, lists

URL = "https://blog.example.edu/2017/11"


def archive(*posts: str) -> bytes:
    return (
        "<html lang='en'><head><title>November | 2017 | Example Office</title></head><body>"
        "<div id='side'><h3>Recent Posts</h3><ul><li><a href='/a-workshop/'>A workshop on writing grants</a></li>"
        "<li><a href='/b-talk/'>A talk about the river</a></li></ul></div>"
        f"<div class='content'><h1>Monthly archives: November, 2017</h1>{''.join(posts)}</div></body></html>"
    ).encode()


def post(n: int, category: str, links: int) -> str:
    inside = "".join(
        f"<p>See <a href='https://other.example.org/{n}/{k}'>page {k}</a> for more.</p>" for k in range(links)
    )
    return (
        f"<div class='post-{n} post type-post category-{category} hentry'><span class='date'><a href='/post-{n}/'>"
        f"<span>Nov</span> <span>{n}</span> <span>2017</span></a></span>"
        f"<h2><a href='/post-{n}/'>Students of year {n} visit the observatory</a></h2><div class='text'>{inside}</div></div>"
    )


def test_posts_in_full_are_rows_whatever_their_categories_and_links() -> None:
    found = newsspider.read_listing(archive(post(21, "news", 2), post(17, "advisors", 30), post(4, "news", 0)), URL)
    assert [(entry.url.removeprefix("https://blog.example.edu"), entry.published) for entry in found.entries] == [
        (f"/post-{n}/", f"2017-11-{n:02}") for n in (21, 17, 4)
    ]


def test_an_archive_of_one_post() -> None:
    found = newsspider.read_listing(archive(post(21, "news", 3)), URL)
    assert [(entry.title, entry.published) for entry in found.entries] == [
        ("Students of year 21 visit the observatory", "2017-11-21")
    ]


def test_addresses_of_another_site_that_differ_behind_the_sign_alone() -> None:
    rows = "".join(
        f"<li><a href='https://deals.example.org/app#/notice/{n}'>第{n}号仪器设备采购项目成交公告</a><span>2024-05-{n}</span></li>"
        for n in range(10, 16)
    )
    page = f"<html><head><title>采购公告</title></head><body><div class='box'><ul>{rows}</ul></div></body></html>"
    found = newsspider.read_listing(page.encode(), "https://office.example.edu.cn/cggg.htm")
    assert len({entry.url for entry in found.entries}) == len(found.entries) == 6


def test_the_bodies_of_one_table_are_one_list() -> None:
    def body(name: str, first: int) -> str:
        cells = "".join(
            f"<tr class='{name}'><td>{n}</td>{'<td><b>공지</b></td>' if name == 'pinned' else ''}"
            f"<td><a href='view.do?no={n}'>2024학년도 {n}차 장학생 모집 안내</a></td><td>2024-03-{n}</td></tr>"
            for n in range(first, first + 4)
        )
        return f"<tbody>{cells}</tbody>"

    page = f"<html lang='ko'><head><title>공지</title></head><body><table>{body('pinned', 20)}{body('plain', 10)}</table></body></html>"
    found = newsspider.read_listing(page.encode(), "https://cs.example.ac.kr/notice/list.do")
    assert [entry.published for entry in found.entries] == [f"2024-03-{n}" for n in (*range(20, 24), *range(10, 14))]


def test_every_sign_has_its_points_and_no_points_are_of_no_sign() -> None:
    assert {row.name for row in lists.TABLE} == set(choice.weights()["list"])


def test_the_reckoning_is_kept() -> None:
    page = cms.opened(archive(post(21, "news", 0), post(20, "news", 0)), URL)
    listing.read(page, cms.GENERIC)
    best = page.choices["list"].weighed[0]
    assert len(best.candidate.value) == 2
    assert ("share of dated rows", choice.weights()["list"]["share of dated rows"]) in best.evidence


def test_an_address_with_a_control_character_and_a_query_in_another_charset() -> None:
    rows = "".join(f"<li><a href='a.asp?id={n}&c=学院'>第{n}号通知之标题</a> 2024-05-{n}</li>" for n in range(10, 15))
    page = f"<html><head><title>通知</title></head><body><a href='\x01?c=学院'>首页</a><ul>{rows}</ul></body></html>"
    found = newsspider.read_listing(page.encode("gb18030"), "https://www.example.edu.cn/list.asp")
    assert found.entries[0].url == "https://www.example.edu.cn/a.asp?id=10&c=%D1%A7%D4%BA"


def test_names_of_columns_far_behind_a_list_of_dated_rows_are_not_described() -> None:
    rows = "".join(
        f"<li><a href='/info/1/{n}.htm'>第{n}号文件关于放假安排的通知</a> 2024-05-{n}</li>" for n in range(10, 25)
    )
    menus = "".join(
        f"<div class='box{n}'><p><a href='/c{n}/1.htm'>学院概况</a></p><p><a href='/c{n}/2.htm'>师资</a></p></div>"
        for n in "abc"
    )
    page = cms.opened(f"<html><head><title>通知</title></head><body><ul>{rows}</ul>{menus}</body></html>".encode(), URL)
    assert len(listing.read(page, cms.GENERIC).entries) == 15
    assert [len(it.candidate.value) for it in page.choices["list"].weighed] == [15]


def test_a_button_that_loads_more_is_found_by_a_word_among_its_elements() -> None:
    rows = "".join(
        f"<li><a href='/info/1/{n}.htm'>第{n}号文件关于放假安排的通知</a> 2024-05-{n}</li>" for n in range(10, 15)
    )
    button = "<div class='foot'><span data-url='/list/2.htm'><i></i><b>加载</b>更多</span></div>"
    found = newsspider.read_listing(f"<html><body><ul>{rows}</ul>{button}</body></html>".encode(), URL)
    assert found.next_url == "https://blog.example.edu/list/2.htm"
