"""Reading an article: where a family's templates keep a field, else what holds on most sites."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree
from lxml.html import HtmlElement

from newsspider.cms import feeds, parts
from newsspider.extract import blocks, keys
from newsspider.extract.titles import fold
from newsspider.items import Article, Attachment, PageError
from newsspider.reading import body, byline, content, counts, media, published, refusals, stamps
from newsspider.reading import heading as headings
from newsspider.reading.marks import is_meta

if TYPE_CHECKING:
    from newsspider.cms.base import Family, Page

_STRING = etree.XPath("string()", smart_strings=False)
_SHORTEST_TEXT = 100  # characters; what says that an article is not there is shorter
_NEAR = 400  # of them that the date stands in
_LONGEST_HEADING = 1500  # characters, scripts and comments included: above it, menus have begun
_SHORT_HEADING = 300  # in which a date without a label is the article's, too
_BELOW = "below title and date"
_NOWHERE = "no text found"
_WEAK, _A_LINE = 300, 150  # what a notice is worth, and a line that may as well be a footer's
_FEW_LINKS, _A_WORD = 2, 10
_NEARLY_ALL = 0.9
_BELOW_DATE = 8  # lines
_SHOWN = ("img", "video", "audio", "iframe", "embed", "object", "table")


def read(page: Page, family: Family) -> Article:
    """The article on ``page``. Raises PageError where it is none."""
    rules: dict[str, str] = {}
    if feed := feeds.kind(page):
        raise PageError("listing", f"a feed ({feed}): its entries are articles")
    refusals.check_size(page)
    holders, rules["body"] = _named_holders(page, family)
    text: list[int] = []
    undated = False
    if page.override("body") is None and holders and _says_nothing(holders):
        holders, rules["body"] = [], ""
    trusted = bool(holders) or page.override("body") is not None
    if holders and (part := _around(page, holders)) is not None:
        page.keep_to(part)
    else:
        refusals.check_page(page)
        if page.override("body") is None and not page.verdict.is_text:
            raise PageError("listing", f"{page.verdict.what}: {page.verdict.reason}")
        undated = page.override("published") is None and page.verdict.kind == "page"
    if not trusted:
        holders, text, rules["body"] = _found(page)
    spans = [(text[0], text[-1] + 1)] if text else [its for holder in holders if (its := page.blocks.span.get(holder))]
    span = _span(page, spans)
    heading = headings.read(page, _title(page, family), span, trusted=trusted)
    rules["title"] = heading.title_rule
    if not heading.title:
        raise PageError("unreadable", "no title: no heading above a text, no <title>")
    paragraphs = _paragraphs(page, holders, spans, heading, text or None)
    images = media.images(holders, page.link)
    attachments = tuple(Attachment(url=url, title=name) for url, name in media.files(holders, page.link).items())
    date = None if undated else _published(page, family, heading, span)
    if date is not None:
        rules["published"] = date.where
    if not paragraphs and not images and not attachments and (not holders or date is None):
        raise PageError("empty", "neither text nor images nor files where an article would be")
    counter = family.counter(page)
    if counter is not None:
        rules["counter"] = f"{counter.family} counter of the page's script"
    views = _views(page, family, heading, holders, span, rules)
    source = text_of([*page.find(*family.source)]) if family.source else None
    credit = byline.of(page, heading, span, source)
    rules |= {field: name.where for field, name in credit.items()}
    return Article(
        url=page.url,
        native_id=family.native_id(page),
        canonical=_canonical(page),
        title=heading.title,
        published=date.value if date else None,
        published_text=date.printed if date else None,
        body="\n".join(paragraphs),
        source=credit["source"].value if "source" in credit else None,
        author=credit["author"].value if "author" in credit else None,
        editor=credit["editor"].value if "editor" in credit else None,
        views=views.views if views else None,
        views_text=views.text if views else None,
        views_step=views.step if views else None,
        counter=counter,
        images=images,
        attachments=attachments,
        continues=parts.following(page, span[1]) if paragraphs else None,
        family=family.name,
        rules=rules,
    )


def _canonical(page: Page) -> str | None:
    """The one address that the page declares as its own, where that may be an article's of the same organisation."""
    its = (link for link in page.root.iter("link") if (link.get("rel") or "").lower() == "canonical")
    declared = {url for link in its if (url := page.link(link.get("href")))}
    if len(declared) != 1:
        return None
    [url] = declared
    if keys.of(url) == keys.of(page.url) or keys.organisation(url) != keys.organisation(page.url):
        return None
    return url if keys.is_article(url) else None


def text_of(found: list[HtmlElement | str]) -> str:
    return " ".join(" ".join(_text(node).split()) for node in found).strip()


def _text(node: HtmlElement | str) -> str:
    return node if isinstance(node, str) else "".join(node.itertext())


def _named_holders(page: Page, family: Family) -> tuple[list[HtmlElement], str]:
    """The elements that hold the body and nothing else, in page order, none inside another; the rule that names them."""
    own = page.override("body")
    if own is not None:
        found, rule = [node for node in own if isinstance(node, HtmlElement)], "site.selectors.body"
    else:
        found, rule = page.find(*family.body), f"{family.name} body"
    chosen = set(found)
    return [element for element in found if not any(parent in chosen for parent in element.iterancestors())], rule


def _says_nothing(holders: list[HtmlElement]) -> bool:
    """Elements named as a text that hold a link or two and neither words, pictures nor files: the text stands elsewhere."""
    links = [link for holder in holders for link in holder.iter("a")]
    if not 0 < len(links) <= _FEW_LINKS or any(next(holder.iter(*_SHOWN), None) is not None for holder in holders):
        return False
    said = sum(len("".join(_STRING(holder).split())) for holder in holders)
    linked = sum(len("".join(_STRING(link).split())) for link in links)
    return said - linked < _A_WORD and not any(media.is_attached(link) for link in links)


def _around(page: Page, holders: list[HtmlElement]) -> HtmlElement | None:
    """The smallest element around a text with the declared title and a labelled date above it: surely an article. Else None."""
    titles = [title for title in page.declared_titles.exact if len(title) >= 6]
    body = _STRING(holders[0])
    if not titles or len(body.strip()) < _SHORTEST_TEXT:
        return None
    others = [set(holder.iterancestors()) for holder in holders[1:]]
    for element in holders[0].iterancestors():
        above = _STRING(element).partition(body)[0]
        if len(above) > _LONGEST_HEADING:
            break
        if all(element in ancestors for ancestors in others) and any(title in fold(above) for title in titles):
            date = stamps.first(" ".join(above.split())[-_NEAR:], day_first=page.day_first)
            if date and (date.label in ("published", "plain") or len(above) <= _SHORT_HEADING):
                return element
    return None


def _found(page: Page) -> tuple[list[HtmlElement], list[int], str]:
    """The smallest element around the text, the lines of the text in it, and the rule that found it."""
    lines = body.find(page.blocks, headings.declared(page))
    if lines and content.end(page.blocks.lines[lines[0]]):  # nothing but what stands below a text
        lines = []
    worth = sum(max(0, page.worth[at]) for at in lines)
    anchor = headings.anchored(page) if worth < _WEAK else None
    if anchor and worth and anchor[0] < lines[0] <= anchor[1]:
        anchor = None  # a text with the date in it, or below
    element = headings.around(page, *anchor) if anchor else None
    if element is not None and anchor and lines and lines[-1] > anchor[1]:
        # What stands below the date is a text, unless it is but a line, apart from title and date: one of the footer.
        near = worth > 0 and lines[0] <= anchor[1] + _BELOW_DATE
        if near or worth >= _A_LINE or _holds(page, element, (lines[0], lines[-1] + 1)):
            element = None
    if element is not None:
        return [element], [], _BELOW
    if not lines:
        return [], [], _NOWHERE
    around = _smallest(page, lines)
    return [around], lines, f"lines of text in <{around.tag}>"


def _smallest(page: Page, lines: list[int]) -> HtmlElement:
    """The smallest element with nearly all of these lines."""
    element = page.blocks.lines[lines[len(lines) // 2]].element
    for node in (element, *element.iterancestors()):
        start, end = page.blocks.span.get(node, (0, 0))
        if bisect_left(lines, end) - bisect_left(lines, start) >= len(lines) * _NEARLY_ALL:
            return node
    return page.root


def _holds(page: Page, element: HtmlElement, span: tuple[int, int]) -> bool:
    """The element holds the lines of ``span``."""
    start, end = page.blocks.span.get(element, (0, 0))
    return start <= span[0] and span[1] <= end


def _span(page: Page, spans: list[tuple[int, int]]) -> tuple[int, int]:
    if not spans:
        return len(page.blocks.lines), len(page.blocks.lines)
    return min(start for start, _ in spans), max(end for _, end in spans)


def _title(page: Page, family: Family) -> tuple[str, str] | None:
    own = page.override("title")
    if own:
        return text_of(own), "site.selectors.title"
    for element in page.find(*family.title):
        if (text := text_of([element])) and not _is_row(element):
            return text, f"{family.name} title"
    return None


def _is_row(element: HtmlElement) -> bool:
    """A link to another article, as lists beside the text have them."""
    return next(element.iter("a"), None) is not None or next(element.iterancestors("a"), None) is not None


def _paragraphs(
    page: Page,
    holders: list[HtmlElement],
    spans: list[tuple[int, int]],
    heading: headings.Heading,
    text: list[int] | None,
) -> list[str]:
    """The lines of the body; ``text``: those that were found, None where the ``holders`` have nothing else."""
    if holders and all(start == end for start, end in spans):  # hidden on the page until a script shows it
        hidden = [blocks.of(holder).lines for holder in holders]
        return [line for lines in hidden for line in content.paragraphs(lines)]
    lines = page.blocks.lines
    if text is None:
        its = (at for start, end in spans for at in range(max(start, min(heading.starts, end)), end))
        return content.paragraphs([lines[at] for at in its if at not in heading.among])
    without = {*heading.among, *_under(page, spans), heading.title_at}
    ends = content.before_box(lines, page.worth, heading.starts, spans[-1][1], heading.title)
    starts = (
        heading.starts if heading.starts <= text[len(text) // 2] else text[0]
    )  # a heading amid the text is none above it
    own = [at for at in text if starts <= at < ends and at not in without]
    return content.chosen([lines[at] for at in own], [page.worth[at] for at in own])


def _under(page: Page, spans: list[tuple[int, int]]) -> Iterator[int]:
    """The last lines of a text that are labels with a labelled date among them: a heading that stands below."""
    lines = page.blocks.lines
    for start, end in spans:
        dated = False
        while end > start and content.end(lines[end - 1]):  # buttons
            end -= 1
        first = end
        while first > max(start, end - 6) and is_meta(lines[first - 1]):
            label = stamps.label(lines[first - 1].text)
            if label in ("plain", "bare", "other"):  # the text's own
                break
            dated = dated or label is not None
            first -= 1
        if dated:
            yield from range(first, end)


def _published(page: Page, family: Family, heading: headings.Heading, span: tuple[int, int]) -> published.Day | None:
    own = page.override("published")
    if own is not None:
        known = published.Known(elements=own, where="site.selectors.published", kind="selector")
    else:
        script, where = family.scripted_date(page), f"{family.name} script"
        scripted = published.Day(value=script, where=where, kind="script") if script else None
        named = [*page.find(*family.published)]
        known = published.Known(elements=named, where=f"{family.name} published", kind="family", scripted=scripted)
    chosen = page.choices["published"] = published.of(page, known, heading, span)
    return chosen.winner


def _views(
    page: Page,
    family: Family,
    heading: headings.Heading,
    holders: list[HtmlElement],
    span: tuple[int, int],
    rules: dict[str, str],
) -> counts.Count | None:
    own = page.override("views")
    if own is not None:
        rules["views"] = "site.selectors.views"
        text = text_of(own)
        return counts.labelled(text) or counts.alone(text)
    if found := counts.labelled(heading.text):
        if found.views in family.stale_views:
            return None
        rules["views"] = "labelled count of the heading"
        return found
    lines = page.blocks.lines
    around = {
        parent
        for holder in holders
        for parent in islice(holder.iterancestors(), 3)
        if parent.tag not in ("body", "html")
    }
    for index in range(max(span[0], span[1] - 3), min(span[1] + 6, len(lines))):
        line = lines[index]
        # A count in the footer, or outside of the article just above the copyright, is the site's.
        outside = index >= span[1] and around.isdisjoint(line.element.iterancestors())
        its_foot = lines[index : index + (4 if outside else 1)]
        if any(map(content.is_footer, its_foot)):
            break
        if page.worth[index] == content.in_chrome(line):
            continue
        if len(line.text) < 100 and line.linked * 2 <= len(line.text) and (found := counts.labelled(line.text)):
            rules["views"] = "labelled count below the text"
            return found
    return None
