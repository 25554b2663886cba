"""The day of publication among the dates of a heading."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

from newsspider.extract import dates
from newsspider.extract.text import narrow

PUBLISHED = (
    "发布时间|发布日期|发布于|发布日|发稿时间|发稿日期|发表时间|发表日期|发表于|添加时间|信息日期|录入时间|上传时间|提交时间|上线时间|编辑时间|编辑日期|录入日期|上传日期|推送时间|创建时间|创建日期|创建于|成文日期|发文日期|发文时间|撰写时间|公布时间|(?<!首次)公告时间|"
    "發布時間|發布日期|發佈時間|發佈日期|發文日期|發文時間|張貼日期|張貼時間|(?<!首次)公告日期|公告時間|刊登日期|公布日期|上架日期|上版日期|建立日期|"
    "최초\\s?등록일|작성\\s?일[자시]?|등록\\s?일[자시]?|게시일[자시]?|掲載日時?|公開日時?|投稿日時?|発表日|登録日|"
    "publish(?:ed)? date|publishing date|published on|published|publication date|posted on|posted|post date|date posted|date published|"
    "release date|released on|created(?: on)?|submitted by [^\\n]{1,30} on|"
    "veröffentlicht am|veröffentlicht|erstellt am|publié le|date de publication|publicado el|publicado em|publicado|fecha de publicación|"
    "pubblicato il|pubblicato|data di pubblicazione|gepubliceerd op|gepubliceerd|publicerad|publisert|offentliggjort|"
    "opublikowano|data publikacji|опубликовано|дата публикации"
)
PLAIN = "时\\s{0,4}间|日\\s{0,4}期|時間|日付|date|datum|fecha|날짜"
# Templates of Chinese sites print 更新时间 for the day of publication; the others are what they say, and never count.
UPDATED = "更新时间|更新日期|更新時間"
REVISED = (
    "게시\\s?기간|掲載期間|公告期間|最后更新(?:时间|日期|于)?|最近更新(?:时间)?|修订时间|修改时间|最後更新(?:時間|日期)?|(?:最終)?更新日時?|(?:최종\\s?)?수정일[자시]?|"
    "last updated(?: on)?|last modified(?: on)?|last reviewed|updated on|updated|modified(?: on)?|update date|reviewed(?: on)?|"
    "zuletzt (?:aktualisiert|geändert)(?: am)?|aktualisiert am|letzte änderung|mise? à jour(?: le)?|"
    "última actualización|actualizado(?: el)?|atualizado em|última atualização|ultimo aggiornamento|aggiornato il|"
    "laatst (?:gewijzigd|bijgewerkt)(?: op)?|senast uppdaterad|uppdaterad|sist oppdatert|oppdatert|sidst opdateret|"
    "stand(?: vom)?|zaktualizowano|обновлено"
)
WEEKDAY = (
    r"(?:[a-z]{3,6}day|[a-z]{3,7}tag|mittwoch|(?:mon|tues?|wed|thu(?:rs?)?|fri|sat|sun|mo|di|mi|do|fr|sa|so)\b\.?)"
)
_AN_ISSUE = re.compile(r"^\s*[)）》]?\s*(?:第?\s*[A-Z]?\d+\s*[版期])")
_A_SPAN = re.compile(r"^\s*(?:[~～至到—–-]{1,2}\s*(?:\d|次日)|(?:上午|下午)?\s*\d{1,2}:\d\d\s*[-~—–至])")
_EVENT = re.compile(
    r"(?:讲座|公示|截止|报名|会议|活动|开始|开展|结束|举办|举行|首次公告|更正|开启|获取|留言|回复|生成|报告|考试|申请|投标|开标|上课|面试|"
    r"演出|办理|值班|访问|现在|当前|今天|统计|学习|培训|开馆|出版|成立|event|start|end|due|deadline)(?:是|为)?[ \t]?\Z",
    re.I,
)


def _label(words: str) -> re.Pattern[str]:
    return re.compile(rf"(?:{words})\s*[】\])]?\s*:?\s*[\[(【]?\s*(?:{WEEKDAY},?\s*)?$", re.I)


# The longer before the shorter: 最后更新时间 ends as 更新时间 does, and 更新时间 as 时间.
_OF_REVISION, _OF_PUBLICATION = _label(REVISED), _label(PUBLISHED)
_LABELS = (
    ("revised", _OF_REVISION),
    ("published", _OF_PUBLICATION),
    ("updated", _label(UPDATED)),
    ("plain", _label(PLAIN)),
)
_OTHER_LABEL = re.compile(
    r"(?:时间|日期|期限|截至|截止|期間|日時|開催日|会期|締切|기간|일시|마감일?|deadline|updated)\s*:?\s*$", re.I
)
# What a sentence below a text says after its date.
_LABEL_AFTER = re.compile(
    r"\s*(?:um \d\d?[:.]\d\d\s*)?(?:uhr\s*)?(?:von [^\n.]{1,30}? )?(?:veröffentlicht|geschrieben|gepostet|verfasst)\b",
    re.I,
)
_BEFORE = 28  # characters before a date in which its label stands
_EIGHT = re.compile(r"(?<!\d)((?:19|20)\d\d)([01]\d)([0-3]\d)(?!\d)")  # 20240319, which only a label makes a date
# What stands between the first and the last day of something.
_TO = re.compile(r"\s*(?:\([^)\n]{1,6}\)|星期.|周.)?\s*(?:[~～至–—-]{1,2}|to|until|bis|au|al)\s*", re.I)
# Boards in Korea and China print 24-03-11 beside the label, years first.
_SHORT_YEAR = re.compile(
    r"(?:작성\s?일[자시]?|등록\s?일[자시]?|날짜|发布(?:时间|日期))\s*:?\s*((?:[012]\d)([-./])(?:0\d|1[0-2])\2[0-3]\d(?:\s+\d\d:\d\d(?::\d\d)?)?)(?![\d./-])"
)
_SHORT = re.compile(r"[(\[]?(\d{1,2})\.\s?(\d{1,2})\.\s?(\d\d)[)\]]?")
# Languages that write 3.4.2024 for a day of April.
DAY_FIRST = frozenset(["de", "fr", "es", "it", "pt", "nl", "pl", "cs", "ru", "tr", "da", "nb", "no", "sv", "fi"])
_OPENS = re.compile(r"\s*[\[(【〔]\s*")
_CLOSES = re.compile(r"\s*[\])】〕]")
# Surest first.
_RANK = {"published": 0, "plain": 1, "bare": 2, "updated": 3}


def _of_another(before: str) -> bool:
    """What precedes 时间 is the beginning of its label, as in 比赛时间, and no field that touches it."""
    field = before[before.rfind("\n") + 1 :]
    return field[-1:] >= "\u4e00" and ":" not in field


@dataclass(slots=True, frozen=True)
class Printed:
    """A date as read and as printed, and how it is labelled: ``published``, ``plain`` (日期), ``bare`` or ``updated``."""

    iso: str
    text: str
    label: str


@lru_cache(maxsize=256)  # a heading is asked for its date by each rule that reads it
def first(text: str, *, day_first: bool | None = None) -> Printed | None:
    """The day of publication in the lines of a heading, or None. Times of events and issues of newspapers are none.

    >>> first("来源：今晚报2023年6月28日4版发稿时间：2023-07-05 10:22").text
    '发稿时间：2023-07-05 10:22'
    >>> first("索取号：20240101 发布日期：20240319").iso, first("索取号：20240319")
    ('2024-03-19', None)
    >>> first("首次公告日期：2025年5月8日") is None
    True
    """
    printed, text = text, narrow(text)
    if (short := _SHORT_YEAR.search(text)) and (iso := dates.first("20" + short[1])):
        return Printed(iso, " ".join(printed[short.start() : short.end()].split()), "published")
    for eight in _EIGHT.finditer(text):
        named = _OF_PUBLICATION.search(text, max(0, eight.start() - _BEFORE), eight.start())
        if named and (iso := dates.first("-".join(eight.groups()))):
            return Printed(iso, " ".join(printed[named.start() : eight.end()].split()), "published")
    best: tuple[int, Printed] | None = None
    last_end = 0
    for date in dates.every(text, day_first=day_first):
        before = text[max(0, date.start - _BEFORE) : date.start]
        label, start = "bare", date.start
        for name, form in _LABELS:
            if m := form.search(before):
                label, start = name, date.start - len(before) + m.start()
                break
        ends_span = last_end > 0 and _TO.fullmatch(text, last_end, date.start) is not None
        last_end = date.end
        if label == "revised" or ends_span:
            continue
        after = text[date.end : date.end + 60]
        if label != "published" and (_AN_ISSUE.match(after) or _A_SPAN.match(after)):
            continue
        if label == "bare" and _LABEL_AFTER.match(after):
            label = "published"
        if label == "plain" and (_EVENT.search(text[max(0, start - 9) : start]) or _of_another(text[:start])):
            continue
        if label == "bare" and (_OTHER_LABEL.search(before) or _EVENT.search(before.rstrip(": "))):
            continue
        rank = _RANK[label]
        if best is None or rank < best[0]:
            best = rank, Printed(date.iso, " ".join(printed[start : date.end].split()), label)
    return best[1] if best else None


def label(text: str) -> str | None:
    """How a date in a line is labelled, ``revised`` included; ``other``: as none of an article; None: the line has no date.

    >>> label("Last updated: April 2, 2024"), label("发布时间：2024-03-19"), label("报名截止：2024-03-19"), label("作者：王一")
    ('revised', 'published', 'other', None)
    """
    if found := first(text, day_first=True):
        return found.label
    text = narrow(text)
    found_at = [date.start for date in dates.every(text, day_first=True)]
    its = ["revised" if _OF_REVISION.search(text, max(0, at - _BEFORE), at) else "other" for at in found_at]
    return max(its, default=None)


def short(text: str, language: str) -> Printed | None:
    """The date of a short year that all of ``text`` is, as the page's language writes it.

    >>> short("8.5.12", "de").iso, short("(24.03.19)", "ko").iso, short("24.03.19", "en")
    ('2012-05-08', '2024-03-19', None)
    """
    m = _SHORT.fullmatch(narrow(text).strip())
    if m is None or not (language[:2] in DAY_FIRST or language[:2] == "ko"):
        return None
    day, month, year = m.groups() if language[:2] in DAY_FIRST else m.groups()[::-1]
    iso = dates.first(f"{'19' if year >= '70' else '20'}{year}-{month}-{day}")
    return Printed(iso, text, "bare") if iso else None


def opening(text: str, *, day_first: bool | None = None) -> Printed | None:
    """The date in brackets that a text opens with.

    >>> opening("(March 19, 2024) A team of researchers").iso, opening("The year (March 19, 2024) saw")
    ('2024-03-19', None)
    """
    head = narrow(text[:40])
    before = _OPENS.match(head)
    date = next(dates.every(head, day_first=day_first), None) if before else None
    after = _CLOSES.match(head, date.end) if date else None
    if before is None or date is None or after is None or date.start != before.end():
        return None
    return Printed(date.iso, text[: after.end()].strip(), "bare")
