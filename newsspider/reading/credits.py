"""Source, author and editor, from the lines that label them."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import takewhile
from typing import NamedTuple

from newsspider.extract.text import LETTER
from newsspider.reading import counts, words

_OTHER = ("other_credit", "office", "published", "plain", "updated", "revised", "time", "field")
_ROLES = {"author": ("author", "by"), "giver": ("giver",), "editor": ("editor",)}
_LABELS = re.compile(
    "(?:"
    + rf"(?P<source>{words.one_of('source', 'comes_from')})|"
    + "|".join(f"(?P<{role}>{words.one_of(*its)})" for role, its in _ROLES.items())
    + rf"|(?P<other>{words.one_of(*_OTHER)}|{counts.LABEL}))"
    + r"[^\S\n]*(?:[:：／/](?!/)[^\S\n]*|(?<=[\uac00-\ud7a3])\s\s*)",
    re.I,
)
_TRIM = " \t　|丨/／,，;；、【】[]()（）<>·-—_"
_DATE = re.compile(r"\d{4}\s*[-/.年]\s*\d{1,2}\s*[-/.月]\s*\d{1,2}")
# A source may be a newspaper's issue: 今晚报2023年6月28日4版. Apart from it, a date is the article's own.
_OWN_DATE = re.compile(r"(?:\A|[\s|丨,，])\d{4}\s?年\s?\d{1,2}\s?月|\d{4}[-/.]\d{1,2}[-/.]\d")
_COUNT = re.compile(rf"[\s|丨,，](?:(?:{counts.LABEL}|댓글|추천)[^\w\n]*\d|\d+\s*次)", re.I)
_BUTTONS = re.compile(
    r"(?:\s|^|[【\[(（])(?:打\s?印|收藏|关\s?闭|字体|字号|分享|小字体|【?\s*大\s*中\s*小|T\s*\|\s*T).*$|(?:举报(?=[\s\d]|$)|返回\w{0,4}[，,]?查看更多).*$"
)
_AGO = re.compile(r"\s\d+ (?:second|minute|hour|day|week|month|year)s?\b")
_OPEN = re.compile(r"\s*[(（][^)）]*$")  # a remark whose bracket was trimmed
_CLOSED = re.compile(r"[^【\[】\]]*(?=[】\]])")  # 【作者：王一】【关闭】
_ANOTHER = re.compile(r"\s[\u4e00-\u9fff]{2,5}\s*[:：]")
_OFFICE = re.compile(r"[，,]\s*(?:分别|均)?(?:系|是|为|现任|单位).*$")  # what an author is
_GLUED = re.compile(r"(?<=[\u4e00-\u9fff])\d+$")  # a count in the element beside a name


_BY = words.one_of("by")
# ByMark Thornbury: two elements that touch.
_SIGNED = re.compile(rf"(?:^|[\s|·•,–—-]){_BY}(?:\s*[:：]\s*|\s+|(?-i:(?<=[Bb]y)(?=[A-ZÀ-Þ])))", re.I)
_BEFORE = re.compile(
    rf"\W*(?:(?:{words.one_of('author', 'by')})(?:\s*[:：]\s*|\s+|$|(?-i:(?<=[Bb]y)(?=[A-ZÀ-Þ]))))+", re.I
)
_PARTED = re.compile(r"\s*(?:[|•·/\n【\[(（]|\s[-–—]+\s|—).*", re.S)
_MONTH = r"(?:Jan|Feb|Mar|Apr|May|June?|July?|Aug|Sep|Oct|Nov|Dec)(?:uary|ruary|ch|il|ust|tember|t|ober|ember)?\.?"
_GLUED_DAY = re.compile(rf"(?<=[a-z])(?={_MONTH} ?\d)")
# What stands behind an author on his line.
_AFTER = re.compile(
    rf"(?:\s[|｜]\s.*|[\s|,·•–—-]*(?:\b(?:(?i:last )?(?i:updated|published|posted|reviewed)\b|{_MONTH} \d\d?\b|on \d).*)?)$",
    re.S,
)
_NO_NAME = re.compile(
    r"[\d@。！？?!:：|]|文章|相关|推荐|\b(?:posts|articles|about|comments?)\b|[.](?:\s|$)(?!.*\w)", re.I
)
_NOT_ONE = re.compile(r"(?:the )?author|share|follow|full bio|bio|profile", re.I)
_LONGEST = 60  # characters
_PARTICLE = r"(?:d[aeiou]s?|del|della|der|den|di|du|la|le|van|von|zu|zur|ten|ter|bin|ibn|al|el|y|af)"
_WEEKDAY = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day"
_NO_WORD = rf"(?:{_MONTH}|{_WEEKDAY}|Updated?|Published|Posted|Released|Reviewed|Edited|Written|Last|In|On|At|For)"
_WORD = rf"(?:(?!{_NO_WORD}(?![\w’'-]))[A-ZÀ-ÞĀ-Ž][\w’'-]*\.?(?:[A-Z]\.)*)"
_PERSON = rf"{_WORD}(?:[ \t]+(?:{_PARTICLE}[ \t]+)*{_WORD}){{1,4}}"
_TITLES = r"(?:,\s*(?:Ph\.?D|M\.?D|J\.?D|M\.?S|M\.?A|M\.?B\.?A|R\.?[DN]|M\.?P\.?H|Jr|Sr|CFP|CEPF)\.?®?(?=[\s,]|$))*"
_PEOPLE = re.compile(
    rf"(?:Dr\.?\s+)?{_PERSON}{_TITLES}(?:(?:,?\s+(?:and|&|und|et|y|e|og|och|en)\s+|,\s+){_PERSON}{_TITLES})*"
)
_ENDS = re.compile(
    rf"\W*(?:$|[|•·/\n\d(（\[]|\s[-–—]+\s|—|,\s)|\s+(?:\d|{_NO_WORD}\b|[Uu]pdated\b|[Pp]osted\b|on\b|in\b|for\b|at\b|le\b|el\b|am\b|il\b|em\b|den\b)"
)
_BEFORE_BY = 40  # characters: a date
_HAN = re.compile(r"[\u4e00-\u9fff·]{2,10}(?:[、， ]\s?[\u4e00-\u9fff·]{2,4}){0,5}$")
# The surnames of nine Chinese of ten, without those that begin common words of menus (安全, 文化, 成果).
_SURNAMES = frozenset(
    "王李张張刘劉陈陳杨楊赵趙黄黃周吴吳徐孙孫胡朱高林何郭马馬罗羅梁宋郑鄭谢謝韩韓唐冯馮于董萧蕭程曹袁邓鄧许許傅沈曾彭吕呂苏蘇卢盧蒋蔣蔡贾賈丁魏薛叶葉阎閻余潘杜戴夏钟鍾汪田任姜范范方石姚谭譚廖邹鄒熊"
    "金陆陸郝孔白崔康毛邱秦江史顾顧侯邵孟龙龍万萬段雷钱錢汤湯尹黎易常武乔喬贺賀赖賴龚龔樊施陶洪翟颜顏倪严嚴牛温芦季俞章鲁魯葛伍韦申尤毕聂焦向柳邢路岳齐梅莫庄莊辛涂祁耿牟卜詹欧关闫冉裴翁苗舒阮纪喻柯骆尚褚娄窦"
)
_COMPOUND = ("欧阳", "歐陽", "上官", "司马", "諸葛", "诸葛", "司徒", "皇甫", "慕容", "尉迟", "令狐")
_NO_PEOPLE = re.compile(
    r"[部处處院系室办辦网網会會委站馆館社组組科所员員中心局厅廳团團校报報台司队隊生师師家闻聞告知务務策]$|^(?:高[校教等新考]|马院|金融|任务|关于|何时|方[案法]|石油|江[苏西]|向[上前]|路径|白皮|常[识规]|万[象众]|武汉|黄石|夏令|周[一二三四五六日末]$|金[秋融]|黄[河山]|王府|张家[口界]|石家|江[南北]|高[山原]|田径|龙[江舟])"
)
_NO_PERSON = re.compile(
    r"\b(?:senior|director|executive|chief|manager|writer|officer|professor|analyst|columnist|correspondent|reporter|expert|"
    r"contributors?|specialist|assistant|associate|president|dean|ceo|founder|staff|coach|publisher|financial|news|campus|office|department|school|college|university|research|life|students?|faculty|staff|communications?|press|media|team|"
    r"events?|center|centre|institute|health|science|sciences|arts?|business|education|blog|stories|story|home|today|daily|times|"
    r"journal|magazine|review|engineering|alumni|sports?|community|technology|editor|admin|the|how|why|what|your|our|my|with|for|in|on|"
    r"of|to|at|january|february|march|april|may|june|july|august|september|october|november|december|read|share|posted|published|updated|"
    r"spring|summer|fall|autumn|winter|semester|season|soccer|football|basketball|baseball|volleyball|hockey|tennis|golf|women['’]s|men['’]s|"
    r"spotlight|opinion|lectures?|seminars?|calendar|weekly|monthly|reports?|special|latest|arbor|kong|city|county|island|valley|beach|springs|"
    r"releases?|announcements?|general|featured?|awards?|policy|world|global|international|culture|society|group|association|services?|"
    r"program(?:me)?s?|academic|public|affairs|relations|marketing|guides?|articles?|contact|us)\b"
    # How places begin.
    r"|^(?:new|san|los|las|santa|saint|st|north|south|east|west|port|fort|mount|lake)\b",
    re.I,
)
# A label whose value, a name, stands on the line below.
_ALONE = re.compile(rf"^({words.one_of('author', 'by')})[ \t]*\n(?=(?-i:{_PEOPLE.pattern})$)", re.I | re.M)
# What systems print for want of a name.
_NOBODY = frozenset(("未知", "暂无", "无", "不详", "null", "none", "unknown", "n/a", "undefined"))


def is_byline(line: str) -> bool:
    """A line that says by whom it is, and little more."""
    return signed(line) is not None


@lru_cache(maxsize=256)
def signed(line: str) -> str | None:
    """Whom a line names after "by".

    >>> signed("March 19, 2024 by Mark Thornbury | 5 min read"), signed("By post or in person"), signed("ByMark Thornbury")
    ('Mark Thornbury', None, 'Mark Thornbury')
    >>> signed("Von Anna de la Rue, Lisa Feld und Max Orth"), signed("By Mark Thornbury, UEX"), signed("by the press office")
    ('Anna de la Rue, Lisa Feld und Max Orth', 'Mark Thornbury', None)
    """
    line = _GLUED_DAY.sub(" ", line)
    by = _SIGNED.search(line)
    if by is None or by.start() > _BEFORE_BY or line[: by.start()].rstrip()[-1:].isalpha():  # Photo by
        return None
    rest = line[by.end() :]
    if by.start() == 0 and _HAN.fullmatch(rest):
        return rest
    if (people := _PEOPLE.match(rest)) is None:
        return None
    if not _ENDS.match(rest, people.end()):
        return None
    return _without_roles(people[0].strip(" ,"))


def _without_roles(names: str) -> str:
    """Names less what they are: Mark Thornbury, Executive Editor."""
    first, *others = re.split(r"\s?,\s+(?!and |& |und |et )", names)
    return ", ".join([first, *takewhile(lambda part: not _NO_PERSON.search(part), others)])


def called(text: str) -> str | None:
    """The name in an element that is named as its author's, None where it says something else.

    >>> called("Posted by Mark Thornbury"), called("17 articles"), called("作者：张一然"), called("Uni Today, Mark Thornbury")
    ('Mark Thornbury', None, '张一然', 'Uni Today, Mark Thornbury')
    """
    before = _BEFORE.match(text)
    name = _without_roles(text[before.end() if before else 0 :].strip(" ,，—–-·|"))
    return (
        name
        if 2 <= len(name) <= _LONGEST
        and LETTER.search(name)
        and not (_NO_NAME.search(name) or _NOT_ONE.fullmatch(name))
        else None
    )


@lru_cache(maxsize=256)
def is_person(name: str) -> bool:
    """It is made as names of people are: two words or more that begin large, or two to four characters of which the first is a surname.

    >>> is_person("Mark Thornbury"), is_person("Campus News"), is_person("尤一然"), is_person("宣传部"), is_person("张一 李二三")
    (True, False, True, False, True)
    """
    if "\u4e00" <= name[0] <= "\u9fff":
        return all(map(_is_chinese, re.split(r"[、，\s]+", name)))
    return _PEOPLE.fullmatch(name) is not None and _NO_PERSON.search(name) is None


def _is_chinese(name: str) -> bool:
    if _NO_PEOPLE.search(name):
        return False
    return (2 <= len(name) <= 3 and name[0] in _SURNAMES) or (3 <= len(name) <= 4 and name.startswith(_COMPOUND))


class Credits(NamedTuple):
    source: str | None = None
    author: str | None = None
    editor: str | None = None
    giver: str | None = None


def of(text: str) -> Credits:
    r"""Whom the lines of ``text`` name; fields may run into one another, and empty ones keep their labels.

    >>> of("来源：新华网\n分享到微信"), of("日期：2024-03-19 来源：\n首页"), of("作者：\n张一然").author
    (Credits(source='新华网', author=None, editor=None, giver=None), Credits(source=None, author=None, editor=None, giver=None), '张一然')
    >>> of("作者：杨一山 陈二，分别系示例大学图书馆馆长、校长").author, of("撰稿人：阳一 审批官：赵三").author
    ('杨一山 陈二', '阳一')
    >>> of("作者：未知 来源：暂无")
    Credits(source=None, author=None, editor=None, giver=None)
    >>> of("Written by: By Mark Thornbury\n2024-03-19").author, of("供稿：宣传部").giver
    ('Mark Thornbury', '宣传部')
    >>> of("By\nMark Thornbury\nDate\nMarch 19, 2024").author
    'Mark Thornbury'
    >>> of("作者：张一然返回示例网，查看更多").author
    '张一然'
    >>> of("发布时间：2019-09-02作者：张一然 来源：    点击率：次").author
    '张一然'
    >>> of("来源：教务处 2024-03-19 浏览(9)").source, of("来源：今晚报2023年6月28日4版").source, of("来源： 2024-03-19").source
    ('教务处', '今晚报2023年6月28日4版', None)
    """
    found: dict[str, str] = {}
    text = _ALONE.sub(r"\1:\n", text)
    labels = list(_LABELS.finditer(text))
    for label, after in zip(labels, [*labels[1:], None], strict=False):
        role = label.lastgroup
        if role is None or role == "other" or role in found:
            continue
        value = text[label.end() : after.start() if after else len(text)]
        alone = text[: label.start()].endswith("\n") or label.start() == 0
        value = _BUTTONS.sub("", (value.strip() if alone else value).split("\n")[0])
        if closed := _CLOSED.match(value):
            value = closed[0]
        for form in (_OWN_DATE if role == "source" else _DATE, _COUNT, _AGO):
            if cut := form.search(value):
                value = value[: cut.start()]
        if (other := _ANOTHER.search(value)) is not None:  # a label that words.toml does not have
            value = value[: other.start()]
        if role == "author":
            before = _BEFORE.match(value)  # Author: By Mark Thornbury
            value = _AFTER.sub("", _OFFICE.sub("", value[before.end() if before else 0 :]))
        value = _OPEN.sub("", value.strip(_TRIM))
        if role != "source":
            value = _GLUED.sub("", value)
        if (
            value
            and not (role == "author" and _NOT_ONE.fullmatch(value))
            and len(value) <= 80
            and value.lower() not in _NOBODY
        ):
            found[role] = value
    return Credits(**found)
