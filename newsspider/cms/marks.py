"""What a link says in a pager: the number of a page, "next", "previous", an arrow. Where it leads, also by a script."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from urllib.parse import urlencode

from lxml.html import HtmlElement

from newsspider.extract import urls
from newsspider.reading import links

_NEXT = (
    r"(?:[翻到]?下\s?一?\s?[页頁]|[后後]一?[页頁]|较[旧早]|(?:go to )?next(?: ?page| \d+)?"
    r"|older(?: (?:posts|entries|news|articles|stories))?"
    r"|다음 ?(?:페이지|목록)?(?:로)? ?(?:이동)?(?:하기)?|次(?:へ|の?ページ(?:へ)?|の\d+件)|(?:以前|過去)の(?:記事|投稿|ニュース|お知らせ)"
    r"|(?:página )?siguientes?|(?:page )?suivante?s?"
    r"|nächste(?: seite)?|weiter|volgende(?: pagina)?|(?:página )?próxim[ao]|(?:pagina )?successiv[ao]|następna(?: strona)?|nästa(?: sida)?"
    r"|næste(?: side)?|neste(?: side)?|seuraava(?: sivu)?|další|sonraki(?: sayfa)?|следующая(?: страница)?)"
)
_OTHER = (
    r"(?:[首头][页頁]|第一[页頁]|[尾末最][后後]?一?[页頁]|上一?[页頁]|前一?[页頁]|(?:go to )?(?:first|last|prev(?:ious)?)(?: ?page)?"
    r"|newer(?: posts)?|跳转到?|转到|go|이전(?: ?(?:페이지|목록))?|처음|마지막|끝|맨 ?[끝앞뒤]|前へ|最初|最後)"
)
NUMBER = re.compile(
    r"[\[(第]?\s*(?:열린|현재|(?:current |go to )?page)?\s*(\d{1,4})\s*[\])页頁]?\s*(?:현재)? ?(?:페이지|page)?", re.I
)
_MORE = (
    r"(?:加载更多|载入更多|查看更多|更多新闻|(?:load|show|view|see) more(?: \w+)?|more (?:news|posts|stories)|더 ?보기|もっと見る"
    r"|(?:weitere|mehr|ältere) \w+|(?:voir|afficher|charger) plus(?: d[e'’] ?\w+)?|plus d[e'’] ?\w+"
    r"|(?:ver|cargar|mostrar) más(?: \w+)?|más \w+|(?:carica|mostra) altr[oie](?: \w+)?)"
)
_SAYS = re.compile(rf"\W*(?:(?P<other>{_OTHER})|(?P<next>{_NEXT})|(?P<more>{_MORE}))\W*", re.I)
# In the order in which they are believed: » is "next" in one system and "last" in another.
SYMBOLS = ("›", "〉", ">", "＞", "→", "▶", "❯", "⟩", "»", ">>", "≫", "⟫")
_BACK = ("<", "<<", "«", "‹", "←", "◀", "❮", "⟨", "〈", "＜", "≪", "⟪", "...", "…")
_NEXT_NAME = re.compile(r"(?:^|[-_ ])(?:next|pg_next|btn-?next|page-?next|next-?page|p_next)(?:$|[-_ ])", re.I)
# A picture of one arrow to the right; two arrows lead to the last page.
_RIGHT = re.compile(
    r"(?:chevron|angle|arrow|caret|icon)[-_]?(?:small|long|circle)?[-_]?(?:right|next)"
    r"|(?:^|[-_/. ])(?:next|right)\w*\.(?:gif|png|jpe?g|svg)",
    re.I,
)
_WORD = re.compile(r"\w")
YEARS = range(1950, 2100)  # archives by year are no pagers
_LONGEST = 40  # characters that such a link says
_LONGEST_NAME = 200  # characters of a class or an address; a picture written out in place is longer
_DISABLED = re.compile(r"disabled|invisible|(?:^|[-_ ])(?:p_next_d|no-?next|gray|grey)(?:$|[-_ ])", re.I)
_BY_SCRIPT = re.compile(r"(?:javascript:)?\s*\w+\(\s*['\"]?(\d{1,5})['\"]?\s*(?:,[^()]*)?\)", re.I)
PAGE_FIELD = re.compile(
    r"(?:page(?:_?(?:no|num|index|number))?|p(?:n|no)?|pg|(?:cur|current|now|go|c)_?page(?:no)?)", re.I
)


@dataclass(frozen=True, slots=True, eq=False)
class Mark:
    """A link, or the text in place of one, that stands in a pager; ``number`` of the page, ``next`` or ``more`` where it says so."""

    element: HtmlElement
    label: str
    url: str | None
    number: int | None = None
    next: bool = False
    more: bool = False
    current: bool = False


@lru_cache(maxsize=4096)  # menus are on every page of a site
def _says(words: str) -> str | None:
    """``next``, ``more``, ``other`` (another page), ``number``."""
    if len(words) > _LONGEST:
        return None
    if NUMBER.fullmatch(words):
        return "number"
    found = _SAYS.fullmatch(words)
    return found.lastgroup if found else None


def of(a: HtmlElement, text: str, base: str) -> Mark | None:
    """What an anchor with this text says in a pager; None: it has no place in one."""
    if len(text) > _LONGEST:
        return None
    if _says(text) == "number" and (number := NUMBER.fullmatch(text)):
        page = int(number[1])
        return None if page in YEARS else Mark(a, text, _target(a, base), number=page)
    wordless = not _WORD.search(text)
    told = [text] if text else []
    told += [" ".join(value.split()) for name in ("aria-label", "title") if (value := a.get(name)) and value != text]
    if wordless:
        told += [words for img in a.iter("img") if (words := (img.get("alt") or img.get("title") or "").strip())]
    says = set(map(_says, told))
    if "other" in says:
        return Mark(a, text, _target(a, base))
    if "next" in says or (wordless and (_NEXT_NAME.search(_names(a)) or _pictured_next(a))):
        return Mark(a, told[0] if told else "next", None if is_off(a) else _target(a, base), next=True)
    if "more" in says:
        return Mark(a, text, _target(a, base), more=True)
    return Mark(a, text, _target(a, base)) if text in SYMBOLS or text in _BACK else None


def is_off(a: HtmlElement) -> bool:
    """A link that is shown and does nothing here, as "next" on the last page."""
    return _DISABLED.search(_names(a)) is not None or a.get("aria-disabled") == "true" or a.get("disabled") is not None


def _names(a: HtmlElement) -> str:
    parent = a.getparent()
    around = "" if parent is None else parent.get("class") or ""
    return f"{a.get('class') or ''} {a.get('id') or ''} {around}"


def _pictured_next(a: HtmlElement) -> bool:
    pictures = (picture.values() for picture in a.iter("i", "span", "svg", "use", "img"))
    named = (value for values in pictures for value in values if len(value) < _LONGEST_NAME)
    told = (value for value in named if "right" in (lower := value.lower()) or "next" in lower)
    return any(_RIGHT.search(value) and "double" not in value for value in told)


def _target(a: HtmlElement, base: str) -> str | None:
    url = links.target(a, base)
    if url is None or not links.is_opener(url, base):
        return url
    return _by_form(a, base)


def _by_form(a: HtmlElement, base: str) -> str | None:
    """The address that a pager's script would send a form to, where a GET says the same: it is one, or K2Web's, which takes both."""
    script = links.unquoted(a.get("href")) + " " + (a.get("onclick") or "")
    found = _BY_SCRIPT.search(script)
    if not found:
        return None
    if re.search(r"\bpage_link\(", script):
        actions = [form.get("action") or "" for form in a.getroottree().iter("form")]
        board = next((url for url in (base, *actions) if "artclList.do" in url), None)
        if board is not None:
            return urls.absolute(f"{board.split('?')[0]}?page={found[1]}", base)
    for form in a.getroottree().iter("form"):
        if (form.get("method") or "get").lower() != "get":
            continue
        fields = [
            (field.get("name") or "", field.get("value") or "")
            for field in form.iter("input")
            if field.get("type") in (None, "hidden", "text")
        ]
        page = [name for name, value in fields if PAGE_FIELD.fullmatch(name) and value.isdigit()]
        if len(page) == 1:
            sent = [
                (name, found[1] if name == page[0] else value)
                for name, value in fields
                if name and (value or name == page[0])
            ]
            return urls.absolute(f"{(form.get('action') or base).split('?')[0]}?{urlencode(sent)}", base)
    return None
