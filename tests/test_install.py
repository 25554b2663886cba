"""What is imported is declared, and what is declared has a version that the tests ran with."""

from __future__ import annotations

import ast
import re
import sys
import tomllib
from importlib.metadata import packages_distributions
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]


def normal(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def named(requirements: list[str]) -> set[str]:
    return {normal(re.match(r"[\w.-]+", line)[0]) for line in requirements}


def imported() -> set[str]:
    """The packages outside of the standard library that the program imports."""
    found = set()
    for path in (ROOT / "newsspider").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            found |= {name.partition(".")[0] for name in names}
    return found - sys.stdlib_module_names - {"newsspider", "compression"}  # compression: in Python 3.14, guarded


def test_every_import_is_declared():
    declared = named(
        [*PROJECT["dependencies"], *(line for more in PROJECT["optional-dependencies"].values() for line in more)]
    )
    owners = packages_distributions()
    undeclared = {
        name
        for name in imported()
        if name in owners and not declared & {normal(owner) for owner in owners[name]} and name != "backports"
    }
    assert undeclared == set()


def test_every_package_has_the_version_that_the_tests_ran_with():
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").splitlines()
    pinned = {normal(line.partition("==")[0]) for line in lines if "==" in line}
    wanted = named([*PROJECT["dependencies"], *PROJECT["optional-dependencies"]["test"]]) - {"newsspider"}
    assert wanted <= pinned
