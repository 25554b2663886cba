"""How much two texts are alike, and the few marks by which texts that may be are found among many. Pure."""

from __future__ import annotations

import re
import unicodedata
from hashlib import blake2b

SHORTEST = 60  # letters and digits; a shorter text is alike to the same text alone
LEAST = 30  # still shorter ones (a name, a heading of a form) tell no story
MARKS = 12  # of a text
GRAM = 6  # characters that are compared together
ALIKE = 0.7  # texts that have so much in common are one story
PART = 0.4  # of a longer text: one that takes less of it is no repost of it
SAME_NUMBERS = 0.5  # notices by one pattern say the same of other days
_CLAUSE = re.compile(r"[^\w\s'’-]+|\n+")
_ODD = re.compile(r"[\W_]+")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_LONG = 8  # letters of a clause in Chinese, Japanese or Korean; three times as many elsewhere


def folded(text: str) -> str:
    """Letters and digits alone, as they compare."""
    return _ODD.sub("", unicodedata.normalize("NFKC", text).casefold())


def marks(text: str) -> frozenset[int]:
    """The lowest hashes of a text's clauses; of texts that share most clauses, most are the same. Empty: it is too short to tell.

    >>> len(marks("通知。" * 50)), len(marks("欢迎"))
    (1, 0)
    """
    plain = unicodedata.normalize("NFKC", text).casefold()
    clauses = {_ODD.sub("", clause) for clause in _CLAUSE.split(plain)}
    telling = [clause for clause in clauses if _tells(clause)]
    if sum(map(len, telling)) >= SHORTEST:
        return frozenset(sorted(map(_hash, telling))[:MARKS])
    whole = folded(text)
    return frozenset([_hash(whole)]) if len(whole) >= LEAST else frozenset()


def _tells(clause: str) -> bool:
    return len(clause) >= (3 * _LONG if clause.isascii() else _LONG)


def _hash(clause: str) -> int:
    return int.from_bytes(blake2b(clause.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big", signed=True)


class Text:
    """A text that is compared with several."""

    def __init__(self, text: str) -> None:
        plain = folded(text)
        self.grams = {plain[at : at + GRAM] for at in range(max(1, len(plain) - GRAM + 1))}
        self.numbers = set(_NUMBER.findall(unicodedata.normalize("NFKC", text)))


def of(one: Text, other: Text) -> float | None:
    """The share of the shorter text that stands in the longer one, from ALIKE to 1; None: they are not one story.

    >>> of(Text("新闻网讯 12月3日，我校召开会议。"), Text("12月3日，我校召开会议"))
    1.0
    """
    shorter, longer = sorted((len(one.grams), len(other.grams)))
    if shorter < PART * longer:
        return None
    share = len(one.grams & other.grams) / max(1, shorter)
    return round(share, 3) if share >= ALIKE and _same_numbers(one.numbers, other.numbers) else None


def _same_numbers(one: set[str], other: set[str]) -> bool:
    fewer = min(len(one), len(other))
    return fewer < 2 or len(one & other) >= SAME_NUMBERS * fewer
