"""RPage, which runs most universities' sites in Taiwan.

An article is ``/p/406-<site>-<article>,r<list>.php``, and the same article also ``/p/404-…``, ``/p/405-…,c<list>`` or ``/p/16-…``: the
number is its identity, the list in which it was found is not. ``h2.hdline`` or ``.mpgtitle`` is the title, ``.mptattr`` the line with
發布日期 and the last change, ``.mpgdetail`` the text, ``.mhits`` the printed count. A listing is ``/p/403-<site>-<list>-<page>.php``,
its rows ``.row.listBS`` in ``#pageptlist``. Evidence: crawlers of such sites.
"""

from __future__ import annotations

import re

from newsspider.cms.boards import Board


class RPage(Board):
    name = "rpage"
    marks = ("mpgdetail", "pageptlist")
    address = re.compile(r"/p/(?:40[456]|16)-(\d+)-(\d+)\b")
    body = (".mpgdetail",)
