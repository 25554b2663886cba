"""Any other system: what holds on most sites, with no rule of its own."""

from __future__ import annotations

from newsspider.cms.base import Family, Page


class Generic(Family):
    name = "generic"

    def evidence(self, page: Page) -> str | None:
        return "no family's fingerprint"
