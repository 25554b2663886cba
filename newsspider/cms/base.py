"""What a family is: a CMS and its rules."""

from __future__ import annotations

from typing import ClassVar

from lxml.html import HtmlElement

from newsspider.cms import article, listing
from newsspider.items import Article, Counter, ListingPage
from newsspider.reading.document import Page as Page


class Family:
    """A CMS and its rules: one file a family, its facts and their evidence in the module's docstring.

    A family is mostly data: what betrays it (``marks``, substrings of its HTML), and where its templates keep what
    (``title``, ``published``, ``body``: CSS or XPath, tried in turn; the general rules find what they do not).
    """

    name: ClassVar[str]
    marks: ClassVar[tuple[str, ...]] = ()
    title: ClassVar[tuple[str, ...]] = ()
    published: ClassVar[tuple[str, ...]] = ()
    body: ClassVar[tuple[str, ...]] = ()
    source: ClassVar[tuple[str, ...]] = ()
    # Numbers that the system prints beside the label of views for want of a count.
    stale_views: ClassVar[tuple[int, ...]] = ()

    def evidence(self, page: Page) -> str | None:
        """What on the page shows that this family made it; None: nothing does."""
        return next((mark for mark in self.marks if mark in page.text), None)

    def scripted_date(self, page: Page) -> str | None:
        """The day of publication where only a script of the page knows it."""
        return None

    def native_id(self, page: Page) -> str | None:
        """The article's identity in the CMS, which survives a change of address."""
        return None

    def counter(self, page: Page) -> Counter | None:
        """Where the article's views are read, when they are not in the page."""
        return None

    def row_counter(self, page: Page, row: HtmlElement) -> Counter | None:
        """Where the views of the article in this row of a listing are read, where the row says so."""
        return None

    def article(self, page: Page) -> Article:
        """Raises PageError where the page is no article."""
        return article.read(page, self)

    def listing(self, page: Page) -> ListingPage:
        """Raises PageError where the page is no listing."""
        return listing.read(page, self)
