"""WeChat public accounts (mp.weixin.qq.com), to which university sites link as to their own news.

``#activity-name`` is the title, ``#js_name`` the account, ``#js_content`` the text, hidden by style until a script shows it, its
images in ``data-src``. The time is in no element of the page: a script writes it from ``var ct = "<epoch seconds>"``, or
from ``createTime = '2026-03-12 09:00'``. It is local to China. Read counts are not public.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta

from newsspider.cms.base import Family, Page

_EPOCH = re.compile(r"\b(?:ct|oriCreateTime)\s*=\s*[\"'](\d{10})[\"']")
_CHINA = timedelta(hours=8)
_ACCOUNT = re.compile(r"[?&]__biz=([^&#]+).*?[&]mid=(\d+).*?[&]idx=(\d+)")


class WeChat(Family):
    name = "wechat"
    marks = ('id="js_content"', "rich_media_title")
    title = ("#activity-name", ".rich_media_title")
    body = ("#js_content",)
    source = ("#js_name",)

    def scripted_date(self, page: Page) -> str | None:
        if m := _EPOCH.search(page.text):
            return (datetime.fromtimestamp(int(m[1]), UTC) + _CHINA).strftime("%Y-%m-%dT%H:%M")
        return None

    def native_id(self, page: Page) -> str | None:
        m = _ACCOUNT.search(page.url)
        return f"wechat:{m[1]}:{m[2]}:{m[3]}" if m else None
