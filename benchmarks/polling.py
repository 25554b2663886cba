"""How well a curve of view counts is known, against the requests that it cost: our planner and three fixed plans.

    python benchmarks/polling.py [--days 30] [--articles 1500] [--svg docs/polling.svg]

The articles are synthetic, their curves those of the literature. Of each third: a power law of the visit rate with half of the
visits in about 36 hours (Dezső et al., Phys. Rev. E 73, 066132, 2006); a stretched exponential (Wu and Huberman, PNAS 104, 17599,
2007); a power law with a late burst that relaxes as t^-1.4 (Crane and Sornette, PNAS 105, 15649, 2008). All with a rhythm of
day and week, a steady trickle, and visits that arrive one by one at random. Each article is met at a random moment of the
hour after its publication; from then on its curve is drawn as a line between readings. The error is that of the line at a
random moment of each hour, in percent of the true count, the mean over articles and hours. No line is drawn past the last reading:
every plan gets a closing one for nothing. One owner, so one request carries any 50 counts.
"""

from __future__ import annotations

import argparse
import math
import random
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from newsspider import schedule

HOUR, DAY, YEAR = 3600, 86400, 365 * 86400
RHYTHM = [
    0.25,
    0.15,
    0.1,
    0.08,
    0.08,
    0.1,
    0.2,
    0.5,
    1.0,
    1.3,
    1.4,
    1.3,
    1.1,
    0.9,
    1.2,
    1.4,
    1.4,
    1.2,
    0.9,
    0.9,
    1.1,
    1.2,
    1.0,
    0.6,
]
WEEKEND = 0.55
NEWSDIFFS = ((3 * HOUR, 900), (DAY, HOUR), (7 * DAY, 3 * HOUR), (30 * DAY, 3 * DAY), (360 * DAY, 30 * DAY))
AGES = (("first day", DAY), ("to a week", 7 * DAY), ("to a month", 30 * DAY), ("older", 10 * YEAR))


@dataclass
class Curve:
    """The truth of one article, and what a plan read of it. ``base``: visits before the window."""

    published: int
    met: int
    base: int
    arrivals: list[int]
    readings: list[tuple[int, int]] = field(default_factory=list)

    def views(self, at: int) -> int:
        return self.base + bisect_right(self.arrivals, at)


def visits(dice: random.Random, kind: int) -> Iterator[float]:
    """Seconds after publication, without end."""
    burst = dice.uniform(2 * DAY, 200 * DAY)
    exponent = dice.uniform(1.15, 1.6)
    scale = 36 * HOUR / (2 ** (1 / (exponent - 1)) - 1)  # half of the visits in 36 hours
    while True:
        share = 1 - dice.random()
        if dice.random() < 0.08:
            yield dice.uniform(0, 5 * YEAR)
        elif kind == 1:
            yield 0.1 * HOUR * dice.gammavariate(2.5, 1) ** 2.5  # density exp(-(t/0.1h)^0.4)
        elif kind == 2 and dice.random() < 0.5:
            yield burst + 2 * HOUR * (share ** (-1 / 0.4) - 1)
        else:
            yield scale * (share ** (-1 / (exponent - 1)) - 1)


def world(articles: int, days: int, seed: int) -> list[Curve]:
    """A site's last three years at a steady pace; the window of ``days`` begins at 0."""
    dice = random.Random(seed)
    curves = []
    for number in range(articles):
        published = dice.randrange(days * DAY - 3 * YEAR, days * DAY)
        published += (9 * HOUR + dice.randrange(9 * HOUR)) - published % DAY  # in working hours
        total, base, arrivals = int(dice.lognormvariate(5.9, 0.9)), 0, []
        for after in visits(dice, number % 3):
            at = published + after
            if dice.random() * 1.4 > RHYTHM[int(at % DAY // HOUR)] * (WEEKEND if at // DAY % 7 >= 5 else 1):
                continue
            total -= 1
            if total < 0:
                break
            if at <= 0:
                base += 1
            elif at < days * DAY:
                arrivals.append(int(at))
        met = max(0, published + dice.randrange(HOUR))
        if met < days * DAY:
            curves.append(Curve(published, met, base, sorted(arrivals)))
    return curves


Delay = Callable[[int], int]  # the age in seconds → seconds until the next reading


def fixed(curves: list[Curve], end: int, delay: Delay, tick: int) -> tuple[int, int]:
    """Reads every curve ``delay(age)`` after its last reading, at the next tick; returns readings and requests."""
    batches: dict[int, int] = {}
    for curve in curves:
        curve.readings = [(curve.met, curve.views(curve.met))]
        at = curve.met
        while True:
            at = -(-(at + delay(at - curve.published)) // tick) * tick
            if at >= end:
                break
            curve.readings.append((at, curve.views(at)))
            batches[at] = batches.get(at, 0) + 1
    return sum(batches.values()), sum(-(-count // schedule.BATCH) for count in batches.values())


def planned(curves: list[Curve], end: int, tick: int) -> tuple[int, int]:
    """The planner's own decisions, tick by tick; returns readings and requests."""
    due: dict[int, int] = {}
    speeds: dict[int, float] = {}
    rides: dict[int, float] = {}

    def read(number: int, at: int) -> None:
        curve = curves[number]
        views, age = curve.views(at), max(0, at - curve.published) / HOUR
        seen_at, seen = curve.readings[-1] if curve.readings else (at, views)
        speeds[number] = schedule.speed(
            speeds.get(number), views=views, growth=views - seen, hours=(at - seen_at) / HOUR, age=age
        )
        hours = schedule.interval(views=views, speed=speeds[number], age=age)
        due[number] = schedule.next_reading(number, at, hours if curve.readings else min(hours, schedule.SECOND))
        curve.readings.append((at, views))
        rides[number] = at + schedule.RIDES * (due[number] - at)

    for curve in curves:
        curve.readings = []
    coming = sorted(range(len(curves)), key=lambda number: -curves[number].met)
    spent, readings, sent = 0, 0, 0
    for now in range(0, end, tick):
        while coming and curves[coming[-1]].met <= now:
            number = coming.pop()
            read(number, curves[number].met)
        if now % DAY < tick:
            spent = 0
        if min(due.values(), default=end) > now:
            continue
        waiting = [
            schedule.Waiting(number, "host", "owner", asked_at=curves[number].readings[-1][0], due_at=at)
            for number, at in due.items()
            if rides[number] <= now
        ]
        for batch in schedule.within(schedule.batches(waiting, now), {"host": spent}):
            sent, spent, readings = sent + 1, spent + 1, readings + len(batch.counts)
            for count in batch.counts:
                read(count.article_id, now)
    return readings, sent


def errors(curves: list[Curve], end: int) -> dict[str, float]:
    """Mean error in percent: of all hours, and by the age of the article."""
    dice = random.Random(1)
    sums = {name: [0.0, 0] for name in ("all", "first month", *(name for name, _ in AGES))}
    for curve in curves:
        readings = [*curve.readings, (end, curve.views(end))]
        place = 0
        for hour in range(curve.met // HOUR + 1, end // HOUR):
            at = hour * HOUR + dice.randrange(HOUR)
            while readings[place + 1][0] < at:
                place += 1
            (before, low), (after, high) = readings[place], readings[place + 1]
            line = low + (high - low) * (at - before) / max(1, after - before)
            truth = curve.views(at)
            error = 100 * abs(line - truth) / max(1, truth)
            age = next(name for name, until in AGES if at - curve.published < until)
            for name in ("all", age, "first month")[: 2 if age == "older" else 3]:
                sums[name][0] += error
                sums[name][1] += 1
    return {name: total / max(1, hours) for name, (total, hours) in sums.items()}


def newsdiffs(age: int) -> int:
    return next((delay for younger, delay in NEWSDIFFS if age < younger), 10 * YEAR)


@dataclass
class Result:
    plan: str
    label: str
    requests: int
    readings: int
    error: dict[str, float]


def run(curves: list[Curve], end: int) -> Iterator[Result]:
    for hours in (1, 3, 6, 24):
        readings, sent = fixed(curves, end, lambda age, hours=hours: hours * HOUR, HOUR)
        yield Result("fixed", f"{hours} h", sent, readings, errors(curves, end))
    readings, sent = fixed(curves, end, newsdiffs, 900)
    yield Result("NewsDiffs", "NewsDiffs", sent, readings, errors(curves, end))
    usual = schedule.SPENDING
    for times in (0.25, 1, 4, 16):
        schedule.SPENDING = usual * times
        readings, sent = planned(curves, end, 600)
        yield Result("newsspider", "newsspider" if times == 1 else f"×{times:g}", sent, readings, errors(curves, end))
    schedule.SPENDING = usual


WIDTH, HEIGHT, LEFT, TOP = 360, 300, 64, 64
COLOURS = {"fixed": "#6b7280", "NewsDiffs": "#b45309", "newsspider": "#1d4ed8"}
ROOM = 0.2  # decades beyond the outermost points


def panel(results: list[Result], name: str, title: str, offset: int) -> str:
    """A log-log scatter of error against requests, as SVG; what the goal asks for lies in the shaded corner."""
    hourly = next(result for result in results if result.label == "1 h")
    across = [math.log10(result.requests) for result in results]
    up = [math.log10(result.error[name]) for result in results]
    (x0, x1), (y0, y1) = ((min(logs) - ROOM, max(logs) + 2 * ROOM) for logs in (across, up))

    def x(requests: float) -> float:
        return round(offset + (math.log10(requests) - x0) / (x1 - x0) * WIDTH, 1)

    def y(error: float) -> float:
        return round(TOP + (y1 - math.log10(error)) / (y1 - y0) * HEIGHT, 1)

    bottom = TOP + HEIGHT
    goal_x, goal_y = x(hourly.requests / 10), y(hourly.error[name])
    parts = [
        f'<text x="{offset}" y="{TOP - 32}" font-size="14" font-weight="bold">{title}</text>',
        f'<text x="{offset}" y="{TOP - 14}" fill="#4b5563">mean error of the curve, in % of the count</text>',
        f'<rect x="{offset}" y="{goal_y}" width="{goal_x - offset:.1f}" height="{bottom - goal_y:.1f}" fill="#1d4ed8" opacity=".07"/>',
        f'<path d="M{offset} {goal_y}H{x(hourly.requests)}M{goal_x} {TOP}V{bottom}" stroke="#1d4ed8" stroke-dasharray="2 4"/>',
        f'<text x="{goal_x + 5}" y="{TOP + 12}" fill="#4b5563" font-size="11">a tenth of hourly</text>',
    ]
    for decade in range(math.ceil(x0), math.floor(x1) + 1):
        parts.append(f'<path d="M{x(10**decade)} {TOP}V{bottom}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{x(10**decade)}" y="{bottom + 17}" text-anchor="middle">{10**decade:,}</text>')
    for decade in range(math.ceil(y0), math.floor(y1) + 1):
        parts.append(f'<path d="M{offset} {y(10.0**decade)}H{offset + WIDTH}" stroke="#e5e7eb"/>')
        parts.append(f'<text x="{offset - 7}" y="{y(10.0**decade) + 4:.1f}" text-anchor="end">{10.0**decade:g}</text>')
    parts.append(f'<path d="M{offset} {TOP}V{bottom}H{offset + WIDTH}" fill="none" stroke="#9ca3af"/>')
    for plan, colour in COLOURS.items():
        of_plan = [
            (x(result.requests), y(result.error[name]), result.label) for result in results if result.plan == plan
        ]
        line = " ".join(f"{across},{up}" for across, up, _ in of_plan)
        parts.append(
            f'<polyline points="{line}" fill="none" stroke="{colour}" stroke-width="1.5" stroke-opacity=".5"/>'
        )
        for across, up, label in of_plan:
            own = label == plan
            weight = ' font-weight="bold"' if own else ""
            text = (
                "every " + label.replace("1 h", "hour").replace("24 h", "day").replace(" h", " hours")
                if plan == "fixed"
                else label
            )
            parts.append(f'<circle cx="{across}" cy="{up}" r="{6 if own else 3.5}" fill="{colour}"/>')
            place = f'x="{across - 10}" text-anchor="end"' if plan == "NewsDiffs" else f'x="{across + 9}"'
            halo = 'paint-order="stroke" stroke="#fff" stroke-width="3"'
            parts.append(f'<text {place} y="{up - 5:.1f}" fill="{colour}" {halo}{weight}>{text}</text>')
    parts.append(
        f'<text x="{offset + WIDTH / 2}" y="{bottom + 36}" text-anchor="middle" fill="#4b5563">requests in the window</text>'
    )
    return "".join(parts)


def picture(results: list[Result], note: str) -> str:
    second = LEFT + WIDTH + 84
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {second + WIDTH + 30} {TOP + HEIGHT + 66}"'
        ' font-family="system-ui, sans-serif" font-size="12" fill="#111827"><rect width="100%" height="100%" fill="#fff"/>'
        + panel(results, "first month", "Articles up to a month old", LEFT)
        + panel(results, "all", "All articles of the site", second)
        + f'<text x="{LEFT}" y="{TOP + HEIGHT + 58}" fill="#6b7280" font-size="11">{note}; ×N: SPENDING times N</text></svg>\n'
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--days", type=int, default=30)
    parser.add_argument("--articles", type=int, default=1500)
    parser.add_argument("--seed", type=int, default=7)
    parser.add_argument("--svg", type=Path, help="draw error against requests into this file")
    args = parser.parse_args()
    end = args.days * DAY
    curves = world(args.articles, args.days, args.seed)
    note = f"{len(curves)} articles of three years, {args.days} days, seed {args.seed}"
    print(note)
    ages = ("all", "first month", *(name for name, _ in AGES))
    print(f"{'plan':12}{'requests':>9}{'readings':>10}   error in %:" + "".join(f"{name:>13}" for name in ages))
    results = []
    for result in run(curves, end):
        results.append(result)
        errs = "".join(f"{result.error[name]:13.4f}" for name in ages)
        print(f"{result.label:12}{result.requests:9}{result.readings:10}{'':14}{errs}", flush=True)
    hourly, ours = (next(r for r in results if r.label == label) for label in ("1 h", "newsspider"))
    share, error = ours.requests / hourly.requests, ours.error["first month"] / hourly.error["first month"]
    print(f"against hourly: {share:.3f} of the requests, {error:.2f} of the error in the first month")
    if args.svg:
        args.svg.write_text(picture(results, note), encoding="utf-8")


if __name__ == "__main__":
    main()
