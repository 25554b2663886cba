"""Lines that a page prints anew at each visit: how many like, collect or download it, who is online, what time it is."""

from __future__ import annotations

import re
from collections.abc import Sequence

_NUMBER = r"\d[\d,.]*\s*[万萬千kKwW]?\+?"
_UNIT = r"(?:人次|人|次|个|個|位|名|条|條|people|persons?|users?|visitors?|guests?|members?|times|명|회|개|건)"
_WHAT = (
    r"(?:点赞|點讚|点讚|按讚|赞|讚|喜欢|喜歡|收藏|评论|評論|留言|跟帖|转发|轉發|分享|(?:附件|文件|檔案)?下[载載]|在[线線]|在[线線]人[数數]"
    r"|likes?(?: this)?|comments?|replies|favou?rites?|bookmarks?|downloads?|shares?|online"
    r"|좋아요|댓글|스크랩|다운로드|공유|접속자|いいね!?|コメント|お気に入り|ダウンロード|シェア|オンライン)"
)
_BEFORE = r"(?:(?:本[文篇]|[该該此]文|当前|當前|目前|现在|現在|[网網]站|current|currently|total)\s*)*(?:已有|已被|共有|已|共|有|被)?\s*"
_ITEM = (
    rf"{_BEFORE}(?:(?:{_UNIT}\s*)?{_WHAT}(?:次[数數]|人[数數]|数量|數量|[数數量])?[\s:：]*[(（\[【]?\s*{_NUMBER}\s*{_UNIT}?\s*[)）\]】]?"
    rf"|{_NUMBER}\s*{_UNIT}?\s*(?:正在|已|觉得很|表示|给了?|are|have)?\s*{_WHAT})"
)
_TALLY = re.compile(rf"(?:{_ITEM}[\s|·•/,，、。;；]*)+", re.I)
_DAY = (
    r"(?:(?:19|20)\d\d\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}\s*日?"
    r"|(?:[A-Z][a-z]+,?\s+)?(?:[A-Z][a-z]+\.?\s+\d{1,2}|\d{1,2}\s+[A-Z][a-z]+\.?),?\s+(?:19|20)\d\d)"
)
_TIME = r"\d{1,2}[:：]\d\d(?:[:：]\d\d)?(?:\s*[AaPp]\.?[Mm]\.?)?|\d{1,2}[时時]\d{1,2}分(?:\d{1,2}秒)?"
_WEEKDAY = r"[(（]?(?:(?:星期|周|週|礼拜)[一二三四五六日天]|[月火水木金土日]曜日|[월화수목금토일]요일)[)）]?"
_MOMENT = rf"(?:{_DAY}|{_TIME}|{_WEEKDAY}|上午|下午|오전|오후|[\s,，])"
_CLOCK = re.compile(
    r"(?:(?:今天是|今日是|今天|今日|现在是|現在是|(?:当前|當前|现在|現在|系统|系統|服务器|北京|本地)[时時][间間](?:是|为)?|"
    r"[Tt]oday(?: is)?|(?:[Cc]urrent|[Ss]erver|[Ll]ocal) [Tt]ime(?: is)?|오늘은?|현재 ?시[각간]|現在時刻|本日は?)\s*[:：]?\s*)"
    rf"(?=.*\d){_MOMENT}+"
)
_LONGEST = 120


def without(lines: Sequence[str]) -> list[str]:
    """The lines of a text less those that pass: tallies at its end, clocks at both ends. What stands amid the text stays.

    >>> without(["今天是2026年11月28日 星期六", "招生100人。", "报名人数：35人", "已有 35 人点赞", "评论（3）　收藏（4）"])
    ['招生100人。', '报名人数：35人']
    """
    first, last = 0, len(lines)
    while last > first and (_is(_TALLY, lines[last - 1]) or _is(_CLOCK, lines[last - 1])):
        last -= 1
    while first < last and _is(_CLOCK, lines[first]):
        first += 1
    return list(lines[first:last])


def _is(form: re.Pattern[str], line: str) -> bool:
    return len(line) <= _LONGEST and form.fullmatch(line.strip()) is not None
