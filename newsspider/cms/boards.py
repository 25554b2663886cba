"""Korean boards: K2Web Wizard, jwxe and gnuboard 5, which run the notices of most Korean universities.

K2Web: ``/bbs/<site>/<board>/<article>/artclView.do``; ``.artclViewHead dl`` with 작성일, 작성자, 조회수.
jwxe: ``….do?mode=view&articleNo=<article>``; ``.b-title``, ``.b-etc-box li``, ``.b-content-box``.
gnuboard: ``/bbs/board.php?bo_table=<board>&wr_id=<article>``; ``#bo_v_title``, ``#bo_v_info``, ``#bo_v_con``.

All three print the count beside 조회수 or 조회 and raise it when the page is fetched (gnuboard once a session). The article's
number in the address is its identity on its host, the other parameters (search, page) are not.
"""

from __future__ import annotations

import re
from typing import ClassVar

from newsspider.cms.base import Family, Page
from newsspider.extract import urls


class Board(Family):
    address: ClassVar[re.Pattern[str]]

    def native_id(self, page: Page) -> str | None:
        m = self.address.search(page.url)
        return ":".join((self.name, urls.host(page.url), *m.groups())) if m else None


class K2Web(Board):
    name = "k2web"
    marks = ("artclView", "artclList.do", "/Web-home/_UI/", "fn_print('k2web")
    address = re.compile(r"/bbs/([\w-]+)/(\d+)/(\d+)/artclView\.do")
    title = ("h2.artclViewTitle", ".artclViewTitle")
    body = (".artclContent", ".artclView .txt")


class Jwxe(Board):
    name = "jwxe"
    marks = ("b-title-box", "b-content-box", "mode=view&amp;articleNo=", "mode=view&articleNo=")
    address = re.compile(r"(/[\w/-]+\.do)\?(?:[^#]*&)?articleNo=(\d+)")
    title = (".b-title-box .b-title",)
    body = (".b-content-box",)


class Gnuboard(Board):
    name = "gnuboard"
    marks = ("bo_v_con", "bo_list", "g5_bbs_url", "/bbs/board.php?bo_table=")
    address = re.compile(r"[?&]bo_table=(\w+)[^#]*&wr_id=(\d+)")
    title = ("#bo_v_title .bo_v_tit", "#bo_v_title")
    body = ("#bo_v_con",)
