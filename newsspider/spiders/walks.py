"""Where a walk through a listing ends although there is a next page: calendars and the like have one for ever."""

from __future__ import annotations

from datetime import date, timedelta

from newsspider.items import ListingPage

MOST_PAGES = 200  # of a listing in one run
AHEAD = timedelta(days=366)
FIRST_YEAR = "1990"  # no site of news is older


def endless(page: ListingPage, number: int, today: date) -> str | None:
    """Why page ``number`` of a listing is the last that is read, in words; None: nothing speaks against the next."""
    days = [entry.published[:10] if entry.published else "" for entry in page.entries]
    if days and all(day > (today + AHEAD).isoformat() for day in days):
        return "all its rows are dated more than a year ahead"
    if days and all("" < day < FIRST_YEAR for day in days):
        return f"all its rows are dated before {FIRST_YEAR}"
    return f"{MOST_PAGES} pages were read" if number >= MOST_PAGES else None
