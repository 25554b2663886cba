"""Families of other packages: classes that they name under the entry point group `newsspider.families`.

What is wrong with one is said with the name of its package, once, and the family is left out: it must not stop the others.
"""

from __future__ import annotations

import logging
from collections.abc import Collection, Iterator
from importlib.metadata import EntryPoint, entry_points
from typing import NamedTuple

from newsspider.cms.base import Family

GROUP = "newsspider.families"
logger = logging.getLogger(__name__)


class Provided(NamedTuple):
    family: Family
    package: str  # and its version


def families(taken: Collection[str]) -> Iterator[Provided]:
    """What other packages provide; ``taken``: the names of families that they may not use."""
    names = set(taken)
    for point in sorted(entry_points(group=GROUP), key=lambda point: point.name):
        package = f"{point.dist.name} {point.dist.version}" if point.dist else point.value
        try:
            family = _made(point, names)
        except Exception as error:  # noqa: BLE001 - another's code, and ours goes on without it
            logger.error(
                "the family %r of the package %s cannot be used and is left out: %s (%s in the group %s)",
                *(point.name, package, _words(error), point.value, GROUP),
            )
        else:
            names.add(family.name)
            yield Provided(family, package)


def _made(point: EntryPoint, taken: Collection[str]) -> Family:
    made = point.load()
    if not (isinstance(made, type) and issubclass(made, Family)):
        raise TypeError("it is no class derived from newsspider.cms.base.Family")
    family = made()
    if not isinstance(getattr(family, "name", None), str):
        raise TypeError("the class has no name")
    if family.name in taken:
        raise ValueError(f"another family is named {family.name!r}")
    return family


def _words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
