"""Invented Chinese news, the same for the same seed; templates/prose.toml holds the sentences."""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from functools import cache
from importlib.resources import files


@dataclass(frozen=True)
class Text:
    title: str
    paragraphs: tuple[str, ...]
    author: str
    department: str


@cache
def sentences() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(files("newsspider.demo").joinpath("templates/prose.toml").read_text(encoding="utf-8"))


FLEETING = {"n", "m", "day", "hour"}  # drawn anew each time; people, places and names stay the same within one text


class _Slots(dict[str, str]):
    """Draws a word for each slot."""

    def __init__(self, dice: random.Random) -> None:
        super().__init__()
        self.dice = dice

    def __missing__(self, slot: str) -> str:
        word = self.dice.choice(sentences()["slots"][slot])
        if slot not in FLEETING:
            self[slot] = word
        return word


def write(kind: str, seed: str) -> Text:
    """A title and four to nine paragraphs of a kind: theme, meeting, prize, lecture, notice, logistics."""
    dice = random.Random(seed)
    parts, background = sentences()[kind], sentences()["background"]["middle"]
    slots = _Slots(dice)
    title = dice.choice(parts["title"]).format_map(slots)
    middle = dice.sample(parts["middle"], dice.randint(2, len(parts["middle"])))
    reports = kind in ("theme", "meeting", "prize")
    paragraphs = [
        dice.choice(parts["opening"]),
        *sorted(middle, key=parts["middle"].index),
        *(dice.sample(background, dice.randint(1, 3)) if reports else ()),
        dice.choice(parts["closing"]),
    ]
    body = tuple(paragraph.format_map(slots) for paragraph in paragraphs)
    return Text(title, body, author=slots["student"], department=slots["dept"])
