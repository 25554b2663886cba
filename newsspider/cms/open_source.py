"""WordPress, Drupal and Joomla, which run university news outside China, and departments' sites everywhere.

Their themes put title, date and text where they like, and the general rules find them there; what the systems have in common
is the number of an article, which survives a change of its address: WordPress ``<link rel=shortlink href=…?p=N>``,
``id="post-N"`` and ``class="postid-N"``; Drupal ``/node/N`` as shortlink and ``data-history-node-id``; Joomla
``…/<N>-alias`` and ``?option=com_content&view=article&id=N``.

Counts are printed where a plugin prints them (WordPress: ``.post-views-count``, ``.tptn_counter``; Drupal 7: ``N reads``; Joomla:
``dd.hits``, which a fetch itself raises).
"""

from __future__ import annotations

import re
from typing import ClassVar

from newsspider.cms.base import Family, Page
from newsspider.extract import urls


class OpenSource(Family):
    numbers: ClassVar[tuple[re.Pattern[str], ...]]

    def native_id(self, page: Page) -> str | None:
        found = next((m for number in self.numbers if (m := number.search(page.text) or number.search(page.url))), None)
        return f"{self.name}:{urls.host(page.url)}:{found[1]}" if found else None


class WordPress(OpenSource):
    name = "wordpress"
    marks = ("/wp-content/", "/wp-includes/", 'content="WordPress')
    numbers = (
        re.compile(r"rel=[\"']shortlink[\"']\s+href=[\"'][^\"']*\?p=(\d+)"),
        re.compile(r"postid-(\d+)"),
        re.compile(r"<article[^>]+\bid=[\"']post-(\d+)"),
    )


class Drupal(OpenSource):
    name = "drupal"
    marks = ('content="Drupal ', "drupal-settings-json", "/sites/default/files/", "Drupal.settings", "data-drupal-")
    numbers = (
        re.compile(r"rel=[\"']shortlink[\"']\s+href=[\"'][^\"']*/node/(\d+)"),
        re.compile(r"data-history-node-id=[\"'](\d+)"),
        re.compile(r"currentPath[\"']?:\s*[\"']node\\?/(\d+)"),
    )


class Joomla(OpenSource):
    name = "joomla"
    marks = ('content="Joomla!', "/media/system/js/", "/media/jui/", "option=com_content")
    numbers = (re.compile(r"[?&]option=com_content&(?:[^#]*&)?id=(\d+)"), re.compile(r"/(\d+)-[\w-]+(?:\.html)?$"))
