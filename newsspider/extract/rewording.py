"""What an edit did to a text: how much of it changed, whether it is more than a typo, and which names and numbers it took away. Pure."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from newsspider.extract import changes

HAN = "\u3400-\u4dbf\u4e00-\u9fff"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何高林罗郑梁谢宋唐许韩冯邓曹彭曾肖田董袁潘于蒋蔡余杜叶程苏魏吕丁任沈姚卢姜崔钟谭陆汪范金石廖贾夏韦付方白邹孟熊"
    "秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤常温康施文牛樊葛邢安齐易乔伍庞颜倪庄聂章鲁岳翟殷詹申欧耿关兰焦俞左柳甘祝包宁尚符舒阮柯纪梅童"
    "凌毕单季裴霍涂成苗谷盛曲翁冉骆蓝路游辛靳管柴蒙鲍华喻祁蒲房滕屈饶解牟艾尤阳时穆农司卓古吉缪简车项连芦麦褚娄窦戚岑景党宫费卜冷晏席卫米柏宗瞿桂全佟应臧闵苟邬边卞姬师和仇栾隋商刁沙荣巫寇桑郎甄丛仲虞敖巩明佘池查麻苑迟邝"
)
COMPOUND = "欧阳|司马|上官|诸葛|司徒|东方|皇甫|尉迟|公孙|慕容|令狐|长孙|宇文|端木"
NAME = f"(?:(?:{COMPOUND})[{HAN}]{{1,2}}|[{SURNAMES}][{HAN}]{{1,2}})"
POSTS = (
    "党委书记|副书记|书记|副校长|校长|副院长|院长|副主任|主任|副处长|处长|副部长|部长|副教授|教授|副研究员|研究员|院士|讲师|博士|老师|同志|同学|导师|辅导员"
    "|记者|通讯员|馆长|所长|会长|秘书长|董事长|总经理|经理|主席|科长|局长|厅长|市长|省长"
)
NO_END = "说在等对就为从向将曾也又称讲问答是的有和与及到作被把让并"  # characters that follow a name
# Words that begin as a name does.
_NO_HAN_NAME = re.compile(
    "党[委政支总组]|常[务委规设]|高[等校级度]|方[便面向案法]|成[立为果员]|时[间任]|安[全排徽]|应[邀当用]|文[化学明]|马[上克]|白天|金融|和平|何时|于是|施[行工]|温馨|包括|关于|经[济理过]"
    "|石油|华[南北东中]|江[苏西]|全[体校国面]|向[全来]|周[围边年]|严[格肃]|明[确天年]|许多|章程|路[线过]|管[理委]|项目|车[间辆]|单位|相[关应]|平[台时]|柴油|连续|水[平利]|陆续|牛奶|左右|甘肃|辛[苦勤]"
    "|解[决放读]|顾问|钟声|颜色|易[于班]|乔迁|计[划算]|强调|万[人元]|史料|焦点|符合|舒适|祝贺|尚未|申[请报]|段落|余[人名]|康复|谷物|席位"
)
SAYS = "报道|表示|指出|强调|介绍|认为|告诉|说|讲话|致辞|主持|出席|带队|一行|作题为|作报告|回忆|建议|提出|谈到|宣布|要求"
# A name stands behind a post, or before a post or a verb of saying; alone it may be any word.
_HAN_NAME = re.compile(
    f"(?:{POSTS})\\s?(?P<after>{NAME})(?=[、，。；：和与及等在对就为从向作将曾也又（“”\\s]|{SAYS}|{POSTS}|$)"
    f"|(?<![{HAN}])(?P<before>{NAME})(?={POSTS}|{SAYS})"
)
_HONORIFIC = r"(?:Dr|Prof|Professor|President|Dean|Provost|Mr|Mrs|Ms|Chancellor|Director|Chair)\.?"
_WORD = r"[A-Z][a-zà-öø-ÿ]+(?:[-'’][A-Z]?[a-z]+)?"
_LATIN_NAME = re.compile(
    rf"\b{_HONORIFIC} (?P<titled>{_WORD}(?: {_WORD})*)|(?P<bare>{_WORD}(?: [A-Z]\.)?(?: {_WORD})+)"
)
_NO_NAME = re.compile(
    r"\b(?:The|A|An|In|On|At|For|Of|And|This|That|University|College|School|Department|Institute|Center|Centre|Office)\b"
)
_DIGITS = re.compile(r"\d+(?:[,，]\d{3})*(?:\.\d+)?%?")
_HAN_NUMBER = re.compile("(?:百分之)?[零〇一二两三四五六七八九十百千万亿]{2,}")
# Words that accuse, and which a softer title leaves out.
STRONG = (
    "开除|处分|查处|抄袭|剽窃|造假|作弊|违纪|违规|违法|腐败|受贿|贪污|性骚扰|骚扰|猥亵|殴打|死亡|遇难|身亡|坠亡|自杀|事故|爆炸|火灾|泄漏|丑闻|撤职|免职|停职|辞退|解聘|通报批评|严重|重大"
    "|紧急|禁止|取消|停止|撤销|拒绝|失败|落选|亏损|欠薪|投诉|抗议"
)
_STRONG = re.compile(
    f"{STRONG}|"
    r"\b(?:plagiari\w+|fraud\w*|misconduct|harass\w+|assault\w*|abus\w+|corrupt\w*|scandal\w*|fired|dismiss\w+|expel\w*|suspend\w+|kill\w*"
    r"|died|dies|dead|death\w*|suicide\w*|crash\w*|explosion\w*|leak\w*|ban(?:s|ned)?|cancel\w*|reject\w+|fail\w*|protest\w*|crisis|illegal\w*"
    r"|violat\w+|racis\w+|deficit\w*|layoff\w*|lawsuit\w*|sued)\b",
    re.I,
)
TYPO = 2  # characters
NOT = re.compile("[不未无非没否]|\\bnot?\\b")  # one such word turns a sentence round
ALIKE = 0.75  # of two spellings of a Latin name


@dataclass(frozen=True, kw_only=True, slots=True)
class Rewording:
    """``share``: of all characters of both texts, those that are not in the other; ``names`` and ``numbers``: those that vanished."""

    share: float
    gone: int  # characters
    new: int
    typo: bool  # no more than a typo: a few characters, and no name or number
    names: tuple[str, ...]
    numbers: tuple[str, ...]
    softened: tuple[str, ...]  # words that the title no longer has


def of(title: tuple[str, str], body: tuple[str, str]) -> Rewording:
    """``title`` and ``body``: before and after."""
    before, after = ("\n".join(pair) for pair in zip(title, body, strict=True))
    pieces = [*changes.between(*title), *changes.between(*body)]
    gone = sum(len(piece.text) for piece in pieces if piece.kind == "gone")
    new = sum(len(piece.text) for piece in pieces if piece.kind == "new")
    swaps = list(_swaps(pieces))
    names, soft = names_gone(before, after), softened(*title)
    numbers = _with(numbers_gone(before, after), swaps)
    small = all(map(_is_typo, swaps))
    return Rewording(
        share=round((gone + new) / max(1, len(before) + len(after)), 4),
        gone=gone,
        new=new,
        typo=small and not names and not numbers and not soft and not numbers_gone(after, before),
        names=names,
        numbers=numbers,
        softened=soft,
    )


def _swaps(pieces: Sequence[changes.Change]) -> Iterator[tuple[str, str]]:
    """What was taken out, and what came in its place."""
    gone = new = ""
    for piece in (*pieces, changes.Change("same", "")):
        if piece.kind == "gone":
            gone += piece.text
        elif piece.kind == "new":
            new += piece.text
        else:
            if gone or new:
                yield gone, new
            gone = new = ""


def _with(gone: tuple[str, ...], swaps: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The numbers that are gone, and those that became another number where they stood, though the text has them elsewhere."""
    other = [one for was, now in swaps if numbers_gone(now, was) for one in numbers_gone(was, now)]
    return (*gone, *dict.fromkeys(one for one in other if not any(one in whole for whole in gone)))


def _is_typo(swap: tuple[str, str]) -> bool:
    gone, new = (re.sub(r"[\W_]", "", unicodedata.normalize("NFKC", text)) for text in swap)
    if not gone or not new:
        return len(gone + new) <= 1 and not NOT.search(gone + new)
    if len(gone) == len(new) <= TYPO or sorted(gone) == sorted(new):
        return not NOT.search(gone + new)
    return gone.isascii() and new.isascii() and _ratio(gone, new) >= ALIKE


def _ratio(one: str, other: str) -> float:
    return SequenceMatcher(None, one.lower(), other.lower(), autojunk=False).ratio()


def names_gone(before: str, after: str) -> tuple[str, ...]:
    """The names of people that a text no longer has, but for those that are only spelt otherwise now.

    >>> names_gone("校长王建国与院士李四光出席。", "校长王建国出席。"), names_gone("校长王健国表示祝贺。", "校长王建国表示祝贺。")
    (('李四光',), ())
    """
    there = names(after)
    came = [name for name in there if name not in before]
    return tuple(
        name
        for name in names(before)
        if name not in after
        and not (not _is_han(name) and name.split()[-1] in _words(after))
        and not any(_same(name, other) for other in came)
    )


def names(text: str) -> tuple[str, ...]:
    """The names of people in a text, as far as what stands beside them tells, in their order."""
    han = (next(filter(None, match.groups())) for match in _HAN_NAME.finditer(text))
    found = [name.rstrip(NO_END) if len(name) > 2 else name for name in han if not _NO_HAN_NAME.match(name)]
    for match in _LATIN_NAME.finditer(text):
        name = match["titled"] or match["bare"]
        if not _NO_NAME.search(name):
            found.append(name)
    return tuple(dict.fromkeys(found))


def _words(text: str) -> set[str]:
    return set(re.findall(r"[A-Za-zÀ-ÿ'’-]+", text))


def _is_han(name: str) -> bool:
    return not name.isascii() and re.search(f"[{HAN}]", name) is not None


def _same(name: str, other: str) -> bool:
    """Whether two spellings are of one name: a character or a few letters apart."""
    if _is_han(name):
        return len(name) == len(other) and len(name) > 1 and sum(a != b for a, b in zip(name, other, strict=True)) == 1
    return _ratio(name, other) >= 0.85


def numbers_gone(before: str, after: str) -> tuple[str, ...]:
    """The numbers that a text no longer has; 1,200, １２００ and 1200 are one, and so are 十二 and 12.

    >>> numbers_gone("招生１,200人，共十二个专业", "招生1200人，共12个专业"), numbers_gone("死亡3人，受伤12人", "受伤12人")
    ((), ('3',))
    """
    there = {value for _, value in _numbers(after)}
    return tuple(dict.fromkeys(written for written, value in _numbers(before) if value not in there))


def _numbers(text: str) -> Iterator[tuple[str, str]]:
    plain = unicodedata.normalize("NFKC", text)
    for match in _DIGITS.finditer(plain):
        yield match[0], re.sub("[,，]", "", match[0]).lstrip("0") or "0"
    for match in _HAN_NUMBER.finditer(plain):
        value = _value(match[0].removeprefix("百分之"))
        if value is not None:
            yield match[0], f"{value}%" if match[0].startswith("百分之") else str(value)


_FIGURES = {character: value for value, character in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2}
_TENS = {"十": 10, "百": 100, "千": 1000}
_MYRIADS = {"万": 10_000, "亿": 100_000_000}


def _value(written: str) -> int | None:
    """``一千四百`` → 1400, ``二〇二三`` → 2023; None: it is no number (一一, 千万).

    >>> _value("一千四百"), _value("二〇二三"), _value("十二"), _value("三万五千"), _value("千万")
    (1400, 2023, 12, 35000, None)
    """
    if all(character in _FIGURES for character in written):
        return int("".join(str(_FIGURES[character]) for character in written)) if len(written) > 2 else None
    total = part = figure = 0
    for place, character in enumerate(written):
        if character in _FIGURES:
            figure = _FIGURES[character]
        elif character in _TENS:
            if not figure and (character != "十" or place):
                return None
            part, figure = part + (figure or 1) * _TENS[character], 0
        else:
            if not part + figure:
                return None
            total, part, figure = (total + part + figure) * _MYRIADS[character], 0, 0
    return total + part + figure


def softened(before: str, after: str) -> tuple[str, ...]:
    """The words that accuse or alarm which a title no longer has.

    >>> softened("关于张某抄袭的处分通报", "关于张某有关情况的说明"), softened("Dean fired over fraud", "Dean leaves")
    (('抄袭', '处分'), ('fired', 'fraud'))
    """
    there = after.lower()
    return tuple(dict.fromkeys(found[0] for found in _STRONG.finditer(before) if found[0].lower() not in there))
