"""How right the expected views are, on made curves: the error beside naive ways, and how often the bounds hold.

    python benchmarks/expectation.py [--sites 16] [--articles 300] [--seed 900]

No curves of real articles are at hand, so these are made. A site has habits of its own: how long its news is read, how much weekends and
nights matter, how large its articles get, whether it prints the hour, and which of six shapes are how common: a power law, a stretched
exponential, days on the front page and then little, a second burst, a steady trickle, and (rarely) one that goes viral late. Visits come
one by one; counts are read as `newsspider poll` plans it. Each article is forecast from articles of its site alone that had reached the
later age when it had the early one: nothing of an article, and nothing later, is used for it. The constants were chosen on other seeds.
"""

from __future__ import annotations

import argparse
import math
import random
from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from statistics import median
from typing import NamedTuple

from polling import RHYTHM

from newsspider import expectation, schedule
from newsspider.archive import spikes
from newsspider.expectation import AFTER, AGES, Course, Reading

HOUR, DAY = 3600, 86400
SHAPES = {"power law": 1, "stretched": 1, "front page": 1, "second burst": 1, "trickle": 0.3, "late viral": 0.05}
FOLLOWED = 31 * DAY


class Habits(NamedTuple):
    weights: list[float]
    exponent: float
    half: float  # seconds in which half of the views come
    trickle: float
    weekend: float
    size: float
    spread: float
    front: float
    hourly: bool  # prints the hour of publication


class Made(NamedTuple):
    shape: str
    since: int
    readings: list[Reading]
    counts: dict[int, float | None]  # by age in hours


def habits(dice: random.Random) -> Habits:
    weights = [(dice.gammavariate(0.8, 1) + 0.02) * share for share in SHAPES.values()]
    return Habits(
        weights,
        exponent=dice.uniform(1.15, 1.6),
        half=dice.uniform(8, 60) * HOUR,
        trickle=dice.uniform(0.02, 0.15),
        weekend=dice.uniform(0.2, 0.9),
        size=dice.uniform(4.3, 6.8),
        spread=dice.uniform(0.5, 1.1),
        front=dice.uniform(2, 8) * DAY,
        hourly=dice.random() < 0.6,
    )


def visits(dice: random.Random, shape: str, its: Habits) -> Iterator[float]:
    """Seconds after publication, without end."""
    exponent = its.exponent + dice.uniform(-0.05, 0.05)
    scale = its.half * math.exp(dice.gauss(0, 0.4)) / (2 ** (1 / (exponent - 1)) - 1)
    burst = math.exp(dice.uniform(math.log(6 * HOUR), math.log(25 * DAY)))
    share = {"second burst": dice.uniform(0.3, 0.6), "late viral": dice.uniform(0.8, 0.98)}.get(shape, 0)
    front = its.front * dice.uniform(0.7, 1.3)
    while True:
        part = 1 - dice.random()
        if shape == "trickle" or dice.random() < its.trickle:
            yield dice.uniform(0, 365 * DAY)
        elif shape == "stretched":
            yield 0.1 * HOUR * dice.gammavariate(2.5, 1) ** 2.5 * its.half / (20 * HOUR)
        elif shape == "front page" and dice.random() < 0.8:
            yield dice.uniform(0, front)
        elif dice.random() < share:
            yield burst + 2 * HOUR * (part ** (-1 / 0.4) - 1)
        else:
            yield scale * (part ** (-1 / (exponent - 1)) - 1)


def arrivals(dice: random.Random, shape: str, its: Habits, published: int) -> list[float]:
    left = int(dice.lognormvariate(its.size, its.spread)) * (10 if shape == "late viral" else 1)
    found = []
    for after in visits(dice, shape, its):
        at = published + after
        if dice.random() * 1.4 > RHYTHM[int(at % DAY // HOUR)] * (its.weekend if at // DAY % 7 >= 5 else 1):
            continue
        left -= 1
        if left < 0:
            return sorted(found)
        if after < FOLLOWED:
            found.append(at)
    raise AssertionError("visits end")


def read(dice: random.Random, came: Sequence[float], published: int) -> list[Reading]:
    """As polls every ten minutes read it, met within the hour after its publication."""
    readings: list[Reading] = []
    at, speed = published + dice.randrange(HOUR), None
    while at < published + FOLLOWED:
        views, age = bisect_right(came, at), (at - published) / HOUR
        last = readings[-1] if readings else Reading(at, 0)
        speed = schedule.speed(speed, views=views, growth=views - last.views, hours=(at - last.at) / HOUR, age=age)
        hours = schedule.interval(views=views, speed=speed, age=age)
        readings.append(Reading(at, views))
        due = schedule.next_reading(len(came), at, hours if len(readings) > 1 else min(hours, schedule.SECOND))
        at = max(at + 600, -(-due // 600) * 600)
    return readings


def site(seed: int, articles: int) -> list[Made]:
    """In the order of publication, over 200 days."""
    dice = random.Random(seed)
    its = habits(dice)
    found = []
    for _ in range(articles):
        [shape] = dice.choices([*SHAPES], its.weights)
        day = dice.randrange(200)
        published = (
            (day - (2 if day % 7 >= 5 and dice.random() < 0.7 else 0)) * DAY + 9 * HOUR + dice.randrange(9 * HOUR)
        )
        readings = read(dice, arrivals(dice, shape, its, published), published)
        since = published if its.hourly else published - published % DAY
        counts = {age: expectation.count_at(readings, since, age, exact=its.hourly) for age in AGES}
        found.append(Made(shape, since, readings, counts))
    return sorted(found, key=lambda one: one.since)


def course(one: Made, later: int) -> Course:
    early = AFTER[later]
    return Course(one.counts[early // 2], one.counts[early] or 0, one.counts[later])


def siblings(one: Made, others: Sequence[Made], later: int) -> list[Course]:
    early = AFTER[later]
    known = (
        other
        for other in reversed(others)
        if other.since <= one.since - (later - early) * HOUR and None not in (other.counts[early], other.counts[later])
    )
    return [course(other, later) for _, other in zip(range(expectation.LATEST), known, strict=False)]


def power_law(one: Made, later: int) -> float:
    """The line through its own readings so far, both axes logarithmic; of fewer than three, the straight line from 0."""
    early = AFTER[later]
    views = one.counts[early] or 0
    points = [
        (math.log((at - one.since) / HOUR), math.log(count + 1))
        for at, count in one.readings
        if one.since < at <= one.since + early * HOUR
    ]
    across = sum(x for x, _ in points) / max(1, len(points))
    up = sum(y for _, y in points) / max(1, len(points))
    width = sum((x - across) ** 2 for x, _ in points)
    if len(points) < 3 or width == 0:
        return views * later / early
    slope = max(0.0, sum((x - across) * (y - up) for x, y in points) / width)
    return (views + 1) * (later / early) ** slope - 1


class Trial(NamedTuple):
    shape: str
    errors: dict[str, float]  # |log ratio|, by way
    within: bool


def trial(one: Made, others: Sequence[Made], later: int) -> Trial | None:
    own, known = course(one, later), siblings(one, others, later)
    found = expectation.expected(own, known)
    if found is None or one.counts[AFTER[later]] is None or own.later is None:
        return None
    growths = sorted(sibling.growth for sibling in known)
    said = {
        "it stands still": own.views,
        "straight on": own.views * later / AFTER[later],
        "own power law": power_law(one, later),
        "all siblings": (own.views + 1) * growths[len(growths) // 2] - 1,
        "newsspider": found.views,
    }
    errors = {way: abs(math.log((own.later + 1) / (views + 1))) for way, views in said.items()}
    return Trial(one.shape, errors, found.low <= own.later <= found.high)


def told(one: Made, others: Sequence[Made]) -> bool:
    """Whether it is told as a spike."""
    bounds = []
    for later, early in AFTER.items():
        known = siblings(one, others, later)
        if one.counts[early] is None:
            continue
        own = course(one, later)
        if found := expectation.expected(own, known):
            bounds.append(
                spikes.Bound(
                    one.since + early * HOUR,
                    one.since + later * HOUR,
                    own.views,
                    found.low,
                    found.views,
                    found.high,
                    found.siblings,
                )
            )
    return any(True for _ in spikes.onsets(one.readings, bounds))


def share(error: float) -> str:
    """|log ratio| as people say it: ``12 %``."""
    return f"{100 * (math.exp(error) - 1):.0f} %"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sites", type=int, default=16)
    parser.add_argument("--articles", type=int, default=300)
    parser.add_argument("--seed", type=int, default=900)
    args = parser.parse_args()
    made = [site(args.seed + number, args.articles) for number in range(args.sites)]
    for later, early in AFTER.items():
        trials = [
            found
            for its in made
            for place, one in enumerate(its)
            if (found := trial(one, its[:place], later)) is not None
        ]
        print(
            f"\n{later} h, said after {early} h: {len(trials)} articles; median |log ratio|, and of nine in ten below"
        )
        for way in trials[0].errors:
            errors = sorted(one.errors[way] for one in trials)
            middle, worst = median(errors), errors[len(errors) * 9 // 10]
            print(f"  {way:16}{middle:8.3f} ({share(middle)}){worst:8.3f} ({share(worst)})")
        print(f"  within the bounds {100 * sum(one.within for one in trials) / len(trials):.1f} %")
        for shape in SHAPES:
            own = [one for one in trials if one.shape == shape]
            if own:
                error, naive = (median(one.errors[way] for one in own) for way in ("newsspider", "it stands still"))
                within = 100 * sum(one.within for one in own) / len(own)
                print(f"    {shape:14}{len(own):6}{error:8.3f}, standing still {naive:.3f}; within {within:.1f} %")
    number, spiked, before = Counter[str](), Counter[str](), Counter[str]()
    for its in made:
        for place, one in enumerate(its[args.articles // 3 :], args.articles // 3):
            number[one.shape] += 1
            spiked[one.shape] += told(one, its[:place])
            before[one.shape] += any(True for _ in spikes.onsets(one.readings))
    print("\ntold as spikes, by shape; in brackets by their own past alone")
    for shape, count in number.items():
        print(f"  {shape:14}{spiked[shape]:5} ({before[shape]}) of {count}")


if __name__ == "__main__":
    main()
