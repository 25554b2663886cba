"""Which lines of a page are its article's text.

Each line has signs, of its words and of where it stands; each sign has points in weights.toml, ``[body]``, that tell for text or against
it. Where text begins (``[body_begins]``), goes on below something else (``[body_goes_on]``) and ends (``[body_ends]``), points are lost,
fewer where elements, headings or boxes begin. The lines with most points in all are the text: one run, or several with boxes between
them. `benchmarks/tune_body.py` fits the points.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from itertools import accumulate, compress, pairwise

from lxml.html import HtmlElement

from newsspider.extract import dates
from newsspider.extract.blocks import Block, Blocks
from newsspider.extract.text import LETTER
from newsspider.reading import choice, content
from newsspider.reading.marks import is_meta

# What an element holds, by parts of its class or id.
_KINDS = {
    "navigation": "nav(?:bar|igation)?|(?:sub-?)?menu|breadcrumbs?|crumbs?|location|position|dqwz|weizhi|wz|skip|toc|lang\\w*|pager|"
    "pagination|paging|prev-?next|prev|next|toolbar|tabs?|header|masthead|topbar|search|logo|banner|drawer",
    "a footer": "foot(?:er)?|bottom|copyright|colophon|legal|disclaimer",
    "a sidebar": "aside|side(?:bar|nav)|widgets?",
    "a side": "side|sticky|rail|right|left",
    "other articles": "related\\w*|relative|recommend(?:ed|ation)?s?|more|hot\\w*|popular|trending|latest|recent|teasers?|cards?|carousel|"
    "slider|swiper|slick|read-?next|also|similar|suggest\\w*|featured|explore|discover|grid|list|feed|upsell",
    "comments": "comments?|comment-?list|respond|reply|replies|disqus|discussion|webmentions?|reviews?",
    "sharing": "shar(?:e|ing)\\w*|social\\w*|addtoany|sharedaddy|jiathis|bdshare\\w*|follow|facebook|twitter|print|actions?|buttons?|btn|"
    "copy",
    "a form": "form\\w*|newsletter\\w*|subscri\\w*|sign-?up|cookie\\w*|popup|modal|dialog|consent|gdpr|onetrust|cta|call-?to-?action|"
    "callout|promo\\w*|optin|login|register|download|paywall|overlay|offer|donate|contact|alert|notice",
    "fields": "byline\\w*|(?:entry-?|post-?)?meta|authors?|author-?(?:bio|box|info)|bio|date|time|published|tags?|taglist|tag-?links|"
    "categor(?:y|ies)|kicker|eyebrow|read(?:ing)?-?time|info|details|profile|avatar|license",
    "a heading": "titl\\w*|headline|heading|subtitle|dek|lede|excerpt|summary|hero|intro|standfirst",
    "a caption": "caption\\w*|figcaption|figure|credit\\w*|image\\w*|photo\\w*|gallery|media|video|embed",
    "an advertisement": "ads?|advert\\w*|sponsor\\w*|banner-?ad|adsbygoogle|affiliate\\w*|dfp|outbrain|taboola",
    "references": "ref(?:erence)?s?|footnotes?|citations?|bibliography|endnotes?|sources?|appendix",
    "questions": "faqs?|accordion\\w*|collapse\\w*|toggle\\w*|expand\\w*",
    "a text": "articles?|articlebody|entry|posts?|story|body|text|prose|rich-?text|rte|wysiwyg|markdown|copy|blog\\w*|"
    "paragraph|single|news\\w*",
}
_OF_TEXT = ("references", "questions", "a text", "a heading")  # may hold most of it
_CALLED = r"(?:^|(?<!has)(?<!no)(?<!is)(?<!with)(?<!show)(?<!hide)[-_])(?:{})(?:$|[-_\d])"
_NAMED = [re.compile(_CALLED.format(its), re.I) for its in _KINDS.values()]
_ANY_KIND = re.compile(_CALLED.format("|".join(_KINDS.values())), re.I)  # most names are of none
_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_LONGEST_NAME = 60
_TAGS = {
    "nav": "navigation",
    "menu": "navigation",
    "footer": "a footer",
    "aside": "a sidebar",
    "form": "a form",
} | dict.fromkeys(("figcaption", "figure"), "a caption")
# Signs of a line's place, each a bit of a number.
_PLACES = [f"in {kind}{of}" for of in ("", ", prose") for kind in _KINDS] + [
    "in an element named as a text",
    "above the title",
    "the title",
    "below the end of a text",
    "repeated",
    "after a link",
    "after prose",
    "few links around",
    "links around",
    "prose between links",
    "in a row of teasers",
    "in a row of cards below prose",
    "prose below prose and a link",
    "on from the line before",
    "above a day alone",
    "no prose above",
    "no prose below",
    "all prose above",
    "before half of the prose",
    "after half of the prose",
    "after most of the prose",
]
_BIT = {name: 1 << at for at, name in enumerate(_PLACES)}
_ARTICLE = 1 << len(_PLACES)  # in an <article>: its borders tell
_SHIFT = len(_KINDS)  # from the bit of a kind to that of prose in it
_KIND = {kind: 1 << at for at, kind in enumerate(_KINDS)}
_NO_TEXT = sum(bit for kind, bit in _KIND.items() if kind not in _OF_TEXT)
_BORDERS = [
    "anywhere",
    *(f"{size} elements begin or end" for size in ("few", "some", "many", "very many")),
    "above a heading",
    "below the title",
    "below labels",
    "above the end of a text",
    "a box begins",
    "a box ends",
    "an element named as a text begins",
    "an element named as a text ends",
    "an article begins",
    "an article ends",
    "half of the prose begins",
    "half of the prose ends",
    "most of the prose begins",
    "most of the prose ends",
    "some links below the title",
    "many links below the title",
]
_EDGE = {name: 1 << at for at, name in enumerate(_BORDERS)}
_STEPS = ((14, "very many"), (8, "many"), (4, "some"), (2, "few"))
_HALF, _MOST = 0.5, 0.75
_BEFORE, _INSIDE, _AFTER = range(3)  # a text
_NO_TEXT_AT_ALL = -22  # points of lines that are left out amid a text: captions, buttons
_LEFT_OUT = -14  # what each of them costs the text
_PROSE = 60  # the bytes that prose has at least
_EARLY = 0.4  # the share of the prose above a title
_NAMED_HOLDS = 0.7  # of a text
_FAR = 40  # lines from a text to another
_SCRAP = 10  # times as much is said in the text below it
_TEASERS, _APART = 4, 3  # that make a row; lines from one to the next
_CARDS, _LINES_OF_CARD = 3, 8  # that make a row; that one has at most
_LITTLE = 250  # bytes that a card says of its article
_AN_ARTICLE = 100  # bytes of prose that one beside others has at least
_NOT_ITS_OWN = -1000.0  # points of a line of another article
_FEW_LINKS, _MANY_LINKS = 5, 15  # lines
_NEAR = 15  # lines below the end of a text
_SIZES = (8, 16, 30, 60, 100, 160, 300, 600)
_TAG = {name: f"<{name}>" for name in ("p", "li", "div", "figcaption", "pre", "section")} | dict.fromkeys(
    ("tr", "td", "th"), "<td>"
)
_SMALL = re.compile(r"[a-zà-ÿ]{3,}")
_PAUSE = re.compile(r"[。！？；，、]|[.!?;,:](?:\s|$)|다\.")
_STOP = re.compile(r"[。！？]|[.!?](?:\s|$|[\"”’)\]])|다\.")
_ENDS = re.compile(r"(?:[。！？.!?…:：;；]|다\.)[\"”’'」』）)\]]*$")
_DAY = re.compile(
    r"\W*(?:\d{4}\s*[-/.年]\s*)?\d{1,2}\s*[-/.月]\s*\d{1,2}(?:\s*[-/.]\s*\d{4})?\s*日?\W*|[二〇零○O一三四五六七八九十年月日]{6,14}"
)
_LONG_CAPTION = 120  # bytes
_AS_IN_MENUS = 60  # characters
_ON_PICTURE = re.compile(
    r"photo|courtesy|©|credit|摄|图为|^(?:above|left|right|figure|fig|image|图)\b|\(images?\b|click to enlarge|点击.{0,3}(?:放大|大图)",
    re.I,
)
_BUTTON = re.compile(
    r"(?:sign up|subscribe|read more|learn more|see more|view (?:all|more)|show more|load more|click here|download|share|follow us"
    r"|log ?in|sign in|register|buy now|shop now|contact us|get started|copy link|skip to|jump to|table of contents|in this article"
    r"|on this page|back to top|advertisement|sponsored|min(?:ute)?s? read|continue reading|comments?|leave a|newsletter|cookies?"
    r"|privacy|terms of)\b",
    re.I,
)
_OTHERS = re.compile(
    r"(?:相关|相關|热门|熱門|推荐|推薦|最新|最近|更多|猜[你您]|[为為給给][你您]|评论|留言|分享|관련|인기|댓글|関連|人気|コメント|"
    r"ähnliche|weitere|mehr|das könnte|disclaimer|免责声明|auch interessant|articles? (?:similaires|liés)|à lire|lire aussi|"
    r"related|recommended|more|read|popular|trending|latest|recent|you (?:may|might)|comments?|leave|share|about the author"
    r"|further reading|keep reading|up next|subscribe|categories|tags)\b",
    re.I,
)


@lru_cache(maxsize=16384)
def _kinds(name: str) -> int:
    """The bits of what an element of this class or id holds."""
    plain = content.LOOKS.sub("", _CAMEL.sub("-", name))
    if ":" in plain or len(plain) > _LONGEST_NAME or not _ANY_KIND.search(plain):
        return 0
    return sum(1 << at for at, form in enumerate(_NAMED) if form.search(plain))


def words(text: str, linked: int, heading: int, tag: str) -> Iterator[str]:
    """The signs of a line's words."""
    size = len(text.encode("utf-8", "replace"))
    step = sum(size >= least for least in _SIZES)
    is_link = linked * 2 > len(text)
    if is_link:
        yield f"a link, size {min(step, 5)}"
    else:
        yield f"size {step}"
        if linked * 5 > len(text):
            yield "a link in it"
    if heading:
        yield f"<h{heading}>{', a link' * is_link}"
    elif tag in _TAG:
        yield f"{_TAG['p' if tag == 'figcaption' and _goes_on(text, size) else tag]}{', a link' * is_link}"
    if not is_link and not heading:
        yield from _prose(text, size)
    if content.says_footer(text):
        yield "words of a footer"
    if len(text) < 200 and content.ENDS.match(text):
        yield "ends a text"
    if is_link and text.startswith(("http://", "https://", "www.")):
        yield "an address"
    if size < 60 and _OTHERS.match(text):
        yield "names other articles"
    if size < 60 and _DAY.fullmatch(text):
        yield "a day alone"
    if len(text) < 80 and _BUTTON.match(text):
        yield "begins as a button"
    elif size < 100 and _BUTTON.search(text):
        yield "words of a button"
    if not LETTER.search(text):
        yield "no letter"
    if text[0].islower():
        yield "begins small"
    if any(bar in text for bar in "|·»›"):
        yield "bars"


def _goes_on(caption: str, size: int) -> bool:
    """The text goes on below a picture: sentences, and none on the picture."""
    return size >= _LONG_CAPTION and len(_STOP.findall(caption)) > 1 and not _ON_PICTURE.search(caption)


def _prose(text: str, size: int) -> Iterator[str]:
    stops = len(_STOP.findall(text))
    for least in (1, 2, 4):
        if stops >= least:
            yield f"{least} sentences or more"
    if _PAUSE.search(text):
        yield "a pause"
    if _ENDS.search(text):
        yield "ends as a sentence" if size >= 40 else "ends as a short sentence"
    small = len(_SMALL.findall(text))
    if small >= 6:
        yield "small words"
    elif not small and text.isascii():
        yield "no small word"


def _own(line: Block) -> float:
    its = line.text, line.linked, line.heading, line.element.tag
    return _of_menus(*its) if len(line.text) < _AS_IN_MENUS else _of_words(*its)


def _of_words(text: str, linked: int, heading: int, tag: str) -> float:
    points = _points("body")
    return sum(points.get(sign, 0) for sign in words(text, linked, heading, tag))


# Short lines come again on every page of a site; long ones would fill the memory.
_of_menus = lru_cache(maxsize=16384)(_of_words)


@cache
def _points(table: str) -> dict[str, float]:
    return choice.weights()[table]


@lru_cache(maxsize=16384)
def _sum(table: str, mask: int) -> float:
    return sum(_points(table).get(name, 0) for name in names(table, mask))


def names(table: str, mask: int) -> list[str]:
    return [name for at, name in enumerate(_PLACES if table == "body" else _BORDERS) if mask >> at & 1]


class Described:
    """A page's lines as their signs: ``places`` of each line, ``borders`` above each and below the last."""

    def __init__(self, blocks: Blocks, title: int | None) -> None:
        self.lines = blocks.lines
        count = len(self.lines)
        self.linked = [line.linked * 2 > len(line.text) for line in self.lines]
        self.prose = [_size_of_prose(line, link) for line, link in zip(self.lines, self.linked, strict=True)]
        self.above = [0, *accumulate(self.prose)]
        self.total = self.above[-1] or 1
        self.places = [0] * count
        self.borders = [1] * (count + 1)
        first = next((at for at in range(title + 1, count) if self.prose[at]), count) if title is not None else count
        self._inside(blocks, first)
        self._around(title)
        self._below_end(title)
        self._teasers(blocks, title)
        if title is not None:
            self._cards(blocks, title)

    def _inside(self, blocks: Blocks, first: int) -> None:
        """What the elements say that lines stand in, and that begin and end at borders. ``first``: the first prose below the title."""
        count, above, span = len(self.lines), self.above, blocks.span
        depths: dict[int, list[int]] = {}
        half = self.total * _HALF

        def mark(bits: int, start: int, end: int) -> None:
            if start <= first and above[end] - above[start] > half:
                bits &= ~_NO_TEXT
            while bits:
                bit = bits & -bits
                bits -= bit
                if (depth := depths.get(bit)) is None:
                    depth = depths[bit] = [0] * (count + 1)
                depth[start] += 1
                depth[end] -= 1

        for name, elements in blocks.by_name.items():
            if not any(span[element][0] < span[element][1] for element in elements):
                continue
            bits = _kinds(name[1:])
            if name in content.NAMED:
                bits |= _BIT["in an element named as a text"]
            for element in elements if bits else ():
                start, end = span[element]
                if end > start and element.tag not in content.OWN_TAGS:
                    mark(bits, start, end)
        steps = [0] * (count + 1)
        cores = {_HALF: (count + 1, 0, count), _MOST: (count + 1, 0, count)}
        most = self.total * _MOST
        for element, (start, end) in span.items():
            if end <= start:
                continue
            steps[start] += 1
            steps[end] += 1
            tag = element.tag
            if tag in _TAGS:
                mark(_KIND[_TAGS[tag]], start, end)
            elif tag == "article":
                mark(_ARTICLE, start, end)
            prose = above[end] - above[start]
            if prose >= half and end - start > 1:  # an element around paragraphs, not one of them
                if end - start < cores[_HALF][0]:
                    cores[_HALF] = end - start, start, end
                if prose >= most and end - start < cores[_MOST][0]:
                    cores[_MOST] = end - start, start, end
        self._mark(depths)
        self._core("half of the prose", *cores[_HALF][1:])
        self._core("most of the prose", *cores[_MOST][1:])
        for at, number in enumerate(steps):
            for least, name in _STEPS:
                if number > least:
                    self.borders[at] |= _EDGE[f"{name} elements begin or end"]
                    break

    def _mark(self, depths: dict[int, list[int]]) -> None:
        count, places, borders = len(self.lines), self.places, self.borders
        boxes = [0] * (count + 1)
        for bit, steps in depths.items():
            depth = list(accumulate(steps))[:-1]
            if bit == _ARTICLE:
                _edges(depth, borders, "an article")
                continue
            if bit == _BIT["in an element named as a text"]:
                _edges(depth, borders, "an element named as a text")
            elif bit & _NO_TEXT:
                for at, step in enumerate(steps):
                    boxes[at] |= 1 if step > 0 else 2 if step < 0 else 0
            prose = bit << _SHIFT if bit < 1 << _SHIFT else bit
            for at in compress(range(count), depth):
                places[at] |= prose if self.prose[at] else bit
        for at, edge in enumerate(boxes):
            if edge & 1:
                borders[at] |= _EDGE["a box begins"]
            if edge & 2:
                borders[at] |= _EDGE["a box ends"]

    def _core(self, name: str, start: int, end: int) -> None:
        """The smallest element with so much of the page's prose."""
        self.borders[start] |= _EDGE[f"{name} begins"]
        self.borders[end] |= _EDGE[f"{name} ends"]
        after = _BIT[f"after {name}"]
        for at in range(end, len(self.lines)):
            self.places[at] |= after
        if name.startswith("half"):
            for at in range(start):
                self.places[at] |= _BIT["before half of the prose"]

    def _around(self, title: int | None) -> None:
        """What the lines beside each line say."""
        lines, places, prose, linked, above = self.lines, self.places, self.prose, self.linked, self.above
        count = len(lines)
        links = [0, *accumulate(linked)]
        known = Counter(line.text for line in lines)
        if title is not None and above[title] <= self.total * _EARLY:
            for at in range(title):
                places[at] |= _BIT["above the title"]
            places[title] |= _BIT["the title"]
            for at in range(title + 1, count + 1):
                between = links[at] - links[title + 1]
                if between >= _FEW_LINKS:
                    self.borders[at] |= _EDGE[
                        "many links below the title" if between >= _MANY_LINKS else "some links below the title"
                    ]
        holder = None
        for at, line in enumerate(lines):
            bits = 0
            if known[line.text] > 1:
                bits = _BIT["repeated"]
            if at and linked[at - 1]:
                bits |= _BIT["after a link"]
            elif at and prose[at - 1]:
                bits |= _BIT["after prose"]
            near = links[min(count, at + 4)] - links[max(0, at - 3)] - linked[at]
            if near <= 1:
                bits |= _BIT["few links around"]
            elif near >= 5:
                bits |= _BIT["links around"]
            if prose[at] and 0 < at < count - 1 and linked[at - 1]:
                if linked[at + 1]:
                    bits |= _BIT["prose between links"]
                elif at > 1 and prose[at - 2]:
                    bits |= _BIT["prose below prose and a link"]
            if line.element is holder:
                bits |= _BIT["on from the line before"]
            holder = line.element
            if not above[at]:
                bits |= _BIT["no prose above"]
            if above[at + 1] == above[-1]:
                bits |= _BIT["all prose above"] if above[at] == above[-1] else 0
                if not prose[at]:
                    bits |= _BIT["no prose below"]
            places[at] |= bits

    def _below_end(self, title: int | None) -> None:
        """What ends texts, and where labels and headings stand."""
        borders = self.borders
        last = -_NEAR
        for at, line in enumerate(self.lines):
            text = line.text
            if at - last < _NEAR and last >= 0:
                self.places[at] |= _BIT["below the end of a text"]
            ends = len(text) < 200 and content.ENDS.match(text) is not None
            if ends or (line.heading and _OTHERS.match(text)):
                last = at
            if ends:
                borders[at] |= _EDGE["above the end of a text"]
            if at and len(text) < 20 and _DAY.fullmatch(text):
                self.places[at - 1] |= _BIT["above a day alone"]
            if line.heading:
                borders[at] |= _EDGE["above a heading"]
            if not self.linked[at] and not self.prose[at] and is_meta(line):
                borders[at + 1] |= _EDGE["below labels"]
        if title is not None:
            borders[title + 1] |= _EDGE["below the title"]

    def _teasers(self, blocks: Blocks, title: int | None) -> None:
        """Lines of prose one by one, each below a link: what a list says of other articles."""
        prose, linked = [*self.prose, 0], self.linked
        row: list[int] = []
        for at in (*(at for at in range(1, len(linked)) if prose[at] and linked[at - 1] and not prose[at + 1]), None):
            if row and (at is None or at - row[-1] > _APART):
                for teaser in row if len(row) >= _TEASERS else ():
                    self.places[teaser] |= _BIT["in a row of teasers"]
                if len(row) >= _TEASERS and title is not None:
                    around = (blocks.span.get(node, (0, 0)) for node in self.lines[row[0]].element.iterancestors())
                    holds = next((span for span in around if span[1] > row[-1]), (0, 0))
                    self._mark_cards(range(row[0] - 1, row[-1] + 1), len(row), holds, title)
                row = []
            if at is not None:
                row.append(at)

    def _cards(self, blocks: Blocks, title: int) -> None:
        """Elements of one make side by side, each with a link and what it says of another article, below the text."""
        rows: dict[HtmlElement, dict[HtmlElement, tuple[int, int]]] = {}
        for at in (at for at in range(title + 1, len(self.lines)) if self.linked[at]):
            card = self._card(blocks, at)
            if card is not None and (row := card.getparent()) is not None:
                rows.setdefault(row, {})[card] = blocks.span[card]
        for cards in rows.values():
            makes = Counter((card.tag, card.get("class")) for card in cards)
            if makes.most_common(1)[0][1] >= _CARDS:
                its = [at for start, end in cards.values() for at in range(start, end)]
                self._mark_cards(its, len(cards), blocks.span[row], title)

    def _mark_cards(self, its: Sequence[int], cards: int, row: tuple[int, int], title: int) -> None:
        """Where they say little each, and their row stands apart from the text, below it."""
        little = sum(self.prose[at] for at in its) <= cards * _LITTLE
        if little and row[0] > title and self.above[row[0]] > self.above[title]:
            for at in its:
                self.places[at] |= _BIT["in a row of cards below prose"]

    def _card(self, blocks: Blocks, link: int) -> HtmlElement | None:
        """The smallest element with a link and prose, where that is a line or two."""
        own = self.lines[link].element
        for element in (own, *own.iterancestors()):
            start, end = blocks.span.get(element, (0, 0))
            if end - start > _LINES_OF_CARD:
                return None
            if self.above[end] > self.above[start]:
                return element if sum(map(bool, self.prose[start:end])) <= 2 else None
        return None


def _size_of_prose(line: Block, link: bool) -> int:
    if link or line.heading or len(line.text) < _PROSE // 4:
        return 0
    size = len(line.text.encode("utf-8", "replace"))
    return size if size >= _PROSE and _PAUSE.search(line.text) else 0


def _edges(depth: list[int], borders: list[int], name: str) -> None:
    before = 0
    for at, now in enumerate(depth):
        if now and not before:
            borders[at] |= _EDGE[f"{name} begins"]
        elif before and not now:
            borders[at] |= _EDGE[f"{name} ends"]
        before = now


def find(blocks: Blocks, title: int | None) -> list[int]:
    """The lines of the text. ``title``: the line that surely is the article's title."""
    described = Described(blocks, title)
    worth = [_own(line) + _sum("body", place) for line, place in zip(described.lines, described.places, strict=True)]
    start, end = _article(blocks, title, described) or (0, len(worth))
    worth[:start] = [_NOT_ITS_OWN] * start
    worth[end:] = [_NOT_ITS_OWN] * (len(worth) - end)
    edges = [
        [_sum(table, border) for border in described.borders] for table in ("body_begins", "body_goes_on", "body_ends")
    ]
    able = [value if value > _NO_TEXT_AT_ALL else _LEFT_OUT for value in worth]
    found = best(able, *edges)
    text = _near([at for at in found if worth[at] > _NO_TEXT_AT_ALL], described, title)
    while len(text) > 1 and blocks.lines[text[-1]].heading:  # of what stands below the text
        text.pop()
    text = _below_heading(text, described)
    return _named(_with_short_lines(text, blocks, described, worth), blocks, described)


def signs(blocks: Blocks, title: int | None) -> list[tuple[tuple[str, float], ...]]:
    """Each line's signs with their points, for who asks why."""
    described, points = Described(blocks, title), _points("body")
    found = []
    for line, place in zip(described.lines, described.places, strict=True):
        its = [*words(line.text, line.linked, line.heading, line.element.tag), *names("body", place)]
        found.append(tuple((name, points[name]) for name in its if points.get(name)))
    return found


def _with_short_lines(text: list[int], blocks: Blocks, described: Described, worth: list[float]) -> list[int]:
    """The lines, and those of the element that begins with them, where it adds short lines alone: names, places, a signature."""
    added: range = range(0)
    for element in blocks.lines[text[-1]].element.iterancestors() if text else ():
        start, end = blocks.span.get(element, (0, 0))
        below = range(text[-1] + 1, end)
        if (
            start < text[0]
            or len(below) > _FAR
            or any(
                described.linked[at] or blocks.lines[at].heading or worth[at] <= _NO_TEXT_AT_ALL or described.prose[at]
                for at in below
            )
        ):
            break
        added = below
    return [*text, *added]


def _below_heading(text: list[int], described: Described) -> list[int]:
    """The lines without those above the one <h1> amid them that are no prose: languages, products, a menu."""
    tops = [at for at, line in enumerate(described.lines) if line.heading == 1]
    if len(tops) != 1 or not text or not text[0] < tops[0] < text[-1]:
        return text
    above = described.above
    return text if above[tops[0]] > above[text[0]] else [at for at in text if at >= tops[0]]


def _article(blocks: Blocks, title: int | None, described: Described) -> tuple[int, int] | None:
    """The lines of the element that holds the title, where an article like it stands beside it: two articles on a page."""
    if title is None:
        return None
    for element in blocks.lines[title].element.iterancestors():
        beside = (*element.itersiblings(), *element.itersiblings(preceding=True))
        if any(other.tag == "article" == element.tag or _is_fellow(blocks, title, element, other) for other in beside):
            start, end = blocks.span[element]
            return (start, end) if described.above[end] - described.above[start] >= _AN_ARTICLE else None
    return None


def _is_fellow(blocks: Blocks, title: int, element: HtmlElement, other: HtmlElement) -> bool:
    """Another article of the same make: its heading and its date stand as the title and its date do."""
    if other.tag != element.tag or other.get("class") != element.get("class") or other not in blocks.span:
        return False
    start, end = blocks.span[other]
    level = blocks.lines[title].heading
    its = next((at for at in range(start, min(start + 3, end)) if blocks.lines[at].heading == level > 0), None)
    return its is not None and _is_dated(blocks, title) and _is_dated(blocks, its)


def _is_dated(blocks: Blocks, heading: int) -> bool:
    below = (line.text for line in blocks.lines[heading + 1 : heading + 3])
    return any(len(text) < 80 and dates.first(text, day_first=True) is not None for text in below)


def _near(text: list[int], described: Described, title: int | None) -> list[int]:
    """The lines without those far from the others that say less: an article that is shown in full under this one, a menu."""
    above = described.above
    for before, at in pairwise(text):
        if at - before > _FAR and above[-1] - above[at] < 2 * (above[before + 1] - above[text[0]]):
            return text[: text.index(at)]
        if (
            at - before > _FAR
            and title is None
            and _SCRAP * (above[before + 1] - above[text[0]]) < above[-1] - above[at]
        ):
            return text[text.index(at) :]  # a menu that says what its links are
    return text


def _named(text: list[int], blocks: Blocks, described: Described) -> list[int]:
    """Those in the one element named as a text, where it has most of what they say."""
    said = {at: len(described.lines[at].text) for at in text}
    for name in content.BODIES:
        elements = blocks.by_name.get(name, ())
        if len(elements) == 1:
            start, end = blocks.span[elements[0]]
            inside = [at for at in text if start <= at < end]
            if inside and sum(said[at] for at in inside) >= _NAMED_HOLDS * sum(said.values()):
                return inside
    return text


def best(worth: list[float], begins: list[float], goes_on: list[float], ends: list[float]) -> list[int]:
    """The lines, at least one, whose points add up to most with those of the borders where text begins, goes on and ends.

    >>> best([1, -2, 3, -1, 3], [-2] * 6, [-2] * 6, [-1] * 6), best([3, -9, 3], [-2] * 4, [-1] * 4, [-1] * 4)
    ([2, 3, 4], [0, 2])
    """
    inside = after = float("-inf")  # the most points with the line before in a text, and behind one
    steps = []
    for value, begin, again, end in zip(worth, begins, goes_on, ends, strict=False):
        came, start = (begin, _BEFORE) if begin >= after + again else (after + again, _AFTER)
        if inside >= came:
            came, start = inside, _INSIDE
        left = inside + end > after
        steps.append((start, left))
        inside, after = came + value, inside + end if left else after
    found: list[int] = []
    state = _INSIDE if worth and inside + ends[len(worth)] > after else _AFTER
    for at in range(len(worth) - 1, -1, -1):
        start, left = steps[at]
        if state == _INSIDE:
            found.append(at)
            state = start
        elif state == _AFTER and left:
            state = _INSIDE
    return found[::-1]
