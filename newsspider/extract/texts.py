"""The texts of a page one by one, as its tags divide them, and which of them each element holds."""

from __future__ import annotations

from lxml import etree
from lxml.html import HtmlElement

SILENT = frozenset(("script", "style", "noscript"))
_EVENTS = ("start", "end", "comment", "pi")


class Texts:
    """Gathered in one walk, as many rules ask for the texts of elements that hold each other. Scripts and styles have none."""

    def __init__(self, root: HtmlElement) -> None:
        self._texts: list[str] = []
        self._span: dict[HtmlElement, tuple[int, int]] = {}
        texts, span = self._texts, self._span
        above: list[tuple[int, bool]] = []
        silent = False
        for event, element in etree.iterwalk(root, _EVENTS):
            if event == "start":
                above.append((len(texts), silent))
                silent = element.tag in SILENT
                if (text := element.text) and not silent:
                    texts.append(text)
                continue
            if event == "end":
                first, silent = above.pop()
                span[element] = first, len(texts)
            if (tail := element.tail) and not silent:
                texts.append(tail)

    def of(self, element: HtmlElement) -> list[str]:
        """The texts of an element that say something, with their white space folded."""
        first, end = self._span[element]
        return [words for text in self._texts[first:end] if (words := " ".join(text.split()))]

    def count(self, element: HtmlElement) -> int:
        """How many texts the element holds, with those of white space alone."""
        first, end = self._span[element]
        return end - first

    def joined(self, element: HtmlElement) -> str:
        """The text of an element with its white space folded."""
        first, end = self._span[element]
        return " ".join("".join(self._texts[first:end]).split())

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
