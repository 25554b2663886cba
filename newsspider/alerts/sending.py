"""From the rules to the outbox, and from the outbox to the receivers, each message in its turn and again until it is confirmed."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from newsspider.alerts import messages, rules, ways
from newsspider.archive import Archive, occasions, outbox
from newsspider.archive.occasions import Occasion
from newsspider.items import instant

AGAIN = timedelta(days=2)  # a run that had begun before the last look may have ended since: it is looked at again
FIRST, LONGEST = timedelta(minutes=1), timedelta(hours=6)  # between two tries
PATIENCE = 5  # tries, after which a message that is refused for good no longer holds up the rest


@dataclass(kw_only=True)
class Result:
    """What came of one way: messages sent, and why it stopped (None: it did not)."""

    way: str
    sent: int = 0
    refused: int = 0
    error: str | None = None
    tries: int = 0  # of the message that stopped it
    objections: tuple[str, ...] = ()  # of receivers that took a message all the same


def collect(archive: Archive, found: rules.Rules, now: datetime) -> int:
    """Puts what happened since the last look into the outbox; how many alerts. A new rule begins now."""
    at = instant(now)
    with archive.transaction() as conn:
        held, last, made = outbox.looked(conn), occasions.last_capture(conn), 0
        known = [rule for rule in found.rules if rule.name in held]
        if known:
            looked = [held[rule.name] for rule in known]
            first = min(one.capture_id for one in looked)
            for rule, one in _told(zip(known, looked, strict=True), occasions.all_of(archive, first, *_from(looked))):
                made += outbox.add(conn, _row(rule, one, at), _due(rule, found, now))
        for rule in found.rules:
            outbox.look(conn, rule.name, at, last)
    return made


def _told(
    looked: Iterable[tuple[rules.Rule, outbox.Looked]], happened: Iterable[Occasion]
) -> list[tuple[rules.Rule, Occasion]]:
    """What each rule tells of, in the order of time."""
    each = list(looked)
    told = [(rule, one) for one in happened for rule, its in each if one.at >= its.since and rule.fits(one)]
    return sorted(told, key=lambda pair: pair[1].at)


def _from(held: Sequence[outbox.Looked]) -> tuple[str, str]:
    """From when on captures are looked at, and from when on counts and sites are."""
    since = min(one.since for one in held)
    earliest = min(datetime.fromisoformat(one.looked_at) for one in held) - AGAIN
    return since, max(since, instant(earliest))


def _row(rule: rules.Rule, one: Occasion, now: str) -> outbox.Row:
    about = json.dumps(messages.message(one), ensure_ascii=False)
    uid = messages.uid_of(rule.name, one)
    return outbox.Row(uid, rule.name, one.event, one.site, one.article_id, one.at, now, about)


def _due(rule: rules.Rule, found: rules.Rules, now: datetime) -> Iterator[tuple[str, str]]:
    for way in rule.to:
        yield way, instant(due(now, found.ways[way].digest))


def due(made: datetime, digest: int) -> datetime:
    """When an alert may go out: at once, or when the digest's span is over, counted from midnight UTC.

    >>> from datetime import UTC
    >>> due(datetime(2026, 3, 1, 9, 30, tzinfo=UTC), 86400).isoformat()
    '2026-03-02T00:00:00+00:00'
    """
    if not digest:
        return made
    return datetime.fromtimestamp((made.timestamp() // digest + 1) * digest, made.tzinfo)


def wait(tries: int) -> timedelta:
    """Between a try and the next: a minute, then twice as long each time, at most six hours."""
    return min(LONGEST, FIRST * 2 ** min(tries, 20))


def deliver(archive: Archive, found: rules.Rules, clock: Callable[[], datetime]) -> list[Result]:
    """Sends what is due, way by way; one that fails waits and holds up no other way."""
    return [_deliver(archive, way, clock) for way in found.ways.values()]


def _deliver(archive: Archive, way: rules.Way, clock: Callable[[], datetime]) -> Result:
    result = Result(way=way.name)
    begun = instant(clock())  # what is due later in this run is the next one's
    while waiting := outbox.waiting(archive, way.name, begun, bool(way.digest) or way.kind == "feed"):
        uids = [row["uid"] for row in waiting]
        uid = waiting[0]["message_uid"] or messages.uid(way.name, *uids)
        outbox.seal(archive, waiting, uid)
        tries = waiting[0]["tries"] + 1
        try:
            objection = _send(archive, way, ways.Message(uid=uid, alerts=[_about(row) for row in waiting]), clock())
        except ways.NotSent as error:
            if error.for_good and tries >= PATIENCE:
                outbox.refused(archive, waiting, str(error), instant(clock()))
                result.refused += 1
                continue
            outbox.failed(archive, waiting, str(error), instant(clock() + wait(tries - 1)))
            result.error, result.tries = str(error), tries
            return result
        outbox.sent(archive, waiting, instant(clock()), objection)
        result.sent += 1
        if objection:
            result.objections = (*result.objections, objection)
    return result


def _send(archive: Archive, way: rules.Way, message: ways.Message, now: datetime) -> str | None:
    if way.kind == "feed":
        rows = outbox.told(archive, way.name, way.options["keep"] or ways.KEEP)
        ways.feed(way, [{**dict(row), "about": json.loads(row["message"])} for row in rows])
        return None
    return ways.SEND[way.kind](way, message, now)


def _about(row: Any) -> dict[str, Any]:
    return {"uid": row["uid"], "rule": row["rule"], **json.loads(row["message"])}


def rehearse(archive: Archive, found: rules.Rules, since: str | None) -> Iterator[tuple[rules.Rule, Occasion]]:
    """What the rules would tell of, without telling; ``since`` None: since each rule's last look, or all where it has not begun."""
    held = {} if since else outbox.looked(archive.conn)
    begun = [held.get(rule.name, outbox.Looked(since or "", "", 0)) for rule in found.rules]
    looked = [one for one in begun if one.looked_at]
    if len(looked) == len(begun):
        first, (start, again) = min(one.capture_id for one in looked), _from(looked)
    else:
        first, start, again = 0, since or "", since or ""
    known = {row[0] for row in archive.rows("SELECT uid FROM alert")} if not since else set()
    happened = occasions.all_of(archive, first, start, again)
    for rule, one in _told(zip(found.rules, begun, strict=True), happened):
        if messages.uid_of(rule.name, one) not in known:
            yield rule, one
