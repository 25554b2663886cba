"""The texts of a page one by one, as its tags divide them, and which of them each element holds."""

from __future__ import annotations

import re
from bisect import bisect_left
from functools import cached_property
from itertools import chain

from lxml.html import HtmlElement

from newsspider.extract.text import LETTER
from newsspider.reading import datelike

HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FEW = 10  # texts, those of white space included, that a button has at most
SILENT = frozenset(("script", "style", "noscript"))


class Texts:
    """Gathered in one walk, as many rules ask for the texts of elements that hold each other. Scripts and styles have none."""

    def __init__(self, root: HtmlElement) -> None:
        self.root = root
        self._texts: list[str] = []
        self._span: dict[HtmlElement, tuple[int, int]] = {}
        texts, span = self._texts, self._span
        above: list[
            tuple[HtmlElement, int, bool]
        ] = []  # the open elements: what is around each, its first text, whether that is silent
        walker = root.iter()
        last: HtmlElement = next(walker)
        silent = last.tag in SILENT
        if (text := last.text) and not silent:
            texts.append(text)
        for element in chain(walker, (None,)):
            parent = root if element is None else element.getparent()
            while last is not parent:
                ended = last
                last, first, silent = above.pop()
                span[ended] = first, len(texts)
                if (text := ended.tail) and not silent:
                    texts.append(text)
            if element is None:
                break
            if isinstance(tag := element.tag, str):
                above.append((last, len(texts), silent))
                last, silent = element, tag in SILENT
                if (text := element.text) and not silent:
                    texts.append(text)
            elif (text := element.tail) and not silent:  # of a comment
                texts.append(text)
        span[root] = 0, len(texts)

    @cached_property
    def _words(self) -> list[str]:
        """Each text with its white space folded."""
        return [" ".join(text.split()) for text in self._texts]

    def of(self, element: HtmlElement) -> list[str]:
        """The texts of an element that say something, with their white space folded."""
        first, end = self._span[element]
        return [words for words in self._words[first:end] if words]

    def count(self, element: HtmlElement) -> int:
        """How many texts the element holds, with those of white space alone."""
        first, end = self._span[element]
        return end - first

    def raw(self, element: HtmlElement) -> str:
        """The text of an element with its white space."""
        first, end = self._span[element]
        return "".join(self._texts[first:end])

    def joined(self, element: HtmlElement) -> str:
        """The text of an element with its white space folded."""
        first, end = self._span[element]
        if end - first == 1:
            return self._words[first]
        return " ".join("".join(self._texts[first:end]).split())

    @cached_property
    def headings(self) -> dict[HtmlElement, HtmlElement]:
        """The first heading in each element that has one, but for the boxes of a date."""
        found: dict[HtmlElement, HtmlElement] = {}
        for heading in self.root.iter(*HEADINGS):
            said = self.joined(heading)
            node = heading if LETTER.search(said) and not datelike.alone(said) else None
            while node is not None and node not in found:
                found[node] = heading
                node = node.getparent()
        return found

    def holding(self, form: re.Pattern[str]) -> set[HtmlElement]:
        """The elements that hold a text in which ``form`` is found; it is in small letters."""
        every = "\0".join(self._texts).lower()
        hits = [every.count("\0", 0, found.start()) for found in form.finditer(every)]
        ends = (*hits, len(self._texts))
        return (
            {el for el, (first, end) in self._span.items() if ends[bisect_left(hits, first)] < end} if hits else set()
        )

    def short(self, element: HtmlElement) -> str:
        """The text of an element that holds few; else nothing."""
        return self.joined(element) if self.count(element) <= _FEW else ""

    def start(self, element: HtmlElement) -> int:
        """How many texts stand before an element."""
        return self._span[element][0]

    def holds(self, block: HtmlElement, element: HtmlElement) -> bool:
        """Whether an element with texts lies in a block."""
        (first, end), (start, stop) = self._span[block], self._span[element]
        return first <= start and stop <= end

    def same(self, one: HtmlElement, other: HtmlElement) -> bool:
        """Whether two elements, one in the other, say the same."""
        return (self.holds(one, other) or self.holds(other, one)) and self.of(one) == self.of(other)

    def longest_beside(self, element: HtmlElement) -> int:
        """Characters of the longest text outside of an element."""
        first, end = self._span[element]
        return max(max(map(len, self._texts[:first]), default=0), max(map(len, self._texts[end:]), default=0))
