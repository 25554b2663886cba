"""What happens on the campus in the fourteen days of the demo: the same every time."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from newsspider.demo import webplus
from newsspider.demo.campus import Campus, Truth
from newsspider.items import Site

DAYS = 14
HOURS = (0, 6, 12)  # of a day, after 8:00: a crawl, and two polls
NAMES = {"vsb": "yunlu-news", "webplus": "yunlu-computing", "gbk": "yunlu-logistics"}
LAST_NEWS = 3  # the day on which logistics published last


class Fortnight:
    """``told`` holds the articles to which something happened, by what it was: edited, withdrawn, reset, spread, reprinted, twice,
    listed (people whom only its file names).
    """

    def __init__(self, campus: Campus) -> None:
        self.campus = campus
        self.told: dict[str, str] = {}  # address

    @property
    def sites(self) -> list[Site]:
        """The sites as site files would say them."""
        campus = self.campus
        return [
            Site(
                name=NAMES[site.name],
                title=site.title,
                homepage=campus.doors[site.name].origin + "/",
                country="CN",
                language="zh-CN",
                listings=tuple(campus.urls[seed] for seed in site.seeds),
            )
            for site in campus.sites.values()
        ]

    def day(self, number: int) -> None:
        """What happened in the hours before the crawl of a day, from 1."""
        campus = self.campus
        if number > 1:
            campus.publish("vsb")
        if number == 8:
            self.told["reprinted"] = campus.reprint(self.recent("vsb", 2), "webplus").url
        elif number % 2 == 0:
            campus.publish("webplus")
        if number == LAST_NEWS:
            campus.publish("gbk")
        if number == 5:
            self.told["spread"] = campus.spread(self.recent("vsb", 1), views=21_000, half=20).url
        if number == 6:
            self.told["edited"] = self.reworded()
        if number == 7:
            self.told["withdrawn"] = campus.withdraw(self.recent("webplus", 1), listed=True).url
        if number == 9:
            self.told["reset"] = campus.reset(self.recent("webplus", 4)).url
        if number == 10:
            self.told["twice"] = campus.reprint(self.recent("vsb", 2), "vsb").url
        if number == 12:
            self.told["listed"] = campus.attach(self.recent("webplus", 0), webplus.LISTED).url
        if number == 11:
            campus.restore(self.told["withdrawn"])

    def recent(self, site: str, number: int) -> str:
        """The address of the article with so many newer ones on its site; of those that stand in one place alone."""
        return self._plain(site)[number].url

    def reworded(self) -> str:
        for truth in self._plain("vsb")[3:]:
            try:
                return self.campus.reword(truth.url).url
            except LookupError:  # no figure in the text
                continue
        raise LookupError("no text of the campus has a figure")

    def _plain(self, site: str) -> list[Truth]:
        its = [truth for truth in self.campus.readable if truth.site == site and len(truth.urls) == 1]
        return sorted(its, key=lambda truth: truth.published, reverse=True)

    def moments(self) -> Iterator[tuple[int, str]]:
        """(day, crawl or poll), the clock of the campus standing at that moment."""
        for day in range(1, DAYS + 1):
            for hour in HOURS:
                at = timedelta(days=day - 1, hours=hour) / timedelta(hours=1)
                self.campus.advance(at - self.campus.world.hours)
                if not hour:
                    self.day(day)
                yield day, "poll" if hour else "crawl"
