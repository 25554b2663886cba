"""newsspider beside tools that read articles, on the same pages, in the same run: the table of docs/quality.md.

    python benchmarks/peers.py                  # prints the table, and writes it between the markers of docs/quality.md

The tools are installed by name with pip into .venv-peers beside the project, an environment of their own. Each reads the articles among
the pages in $NEWSSPIDER_SHARED (default: ../shared) in a process of its own on one core, from the bytes and the address alone, with the
settings its documentation gives for this use; the functions of ../shared/score_extraction.py score them all. Speed is counted in processor
time, the better of two rounds, and given as a ratio to trafilatura's: absolute figures are the machine's.
"""

from __future__ import annotations

import argparse
import collections
import datetime
import importlib.metadata
import json
import os
import re
import subprocess
import sys
import time
import venv
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[1]
SHARED = Path(os.environ.get("NEWSSPIDER_SHARED", ROOT.parent / "shared"))
ENVIRONMENT = ROOT / ".venv-peers"
PAGE = ROOT / "docs" / "quality.md"
BEGIN, END = "<!-- peers: written by benchmarks/peers.py -->", "<!-- /peers -->"
PACKAGES = {
    "newsspider": "newsspider",
    "trafilatura": "trafilatura",
    "readability": "readability-lxml",
    "newspaper": "newspaper4k[zh]",
    "gne": "gne",
    "htmldate": "htmldate",
}
Read = Callable[[bytes, str], dict[str, Any]]


# Each tool, as its own documentation uses it. Runs in the environment of the peers.


def with_newsspider() -> Read:
    import newsspider

    def read(payload: bytes, url: str) -> dict[str, Any]:
        its = newsspider.read_article(payload, url)
        counter = its.counter and [its.counter.owner, its.counter.key]
        return {"title": its.title, "date": its.published, "body": its.body, "views": its.views, "counter": counter}

    return read


def with_trafilatura() -> Read:
    import trafilatura

    def read(payload: bytes, url: str) -> dict[str, Any]:
        its = trafilatura.bare_extraction(payload, url=url, with_metadata=True, include_comments=False)
        return {"title": its.title, "date": its.date, "body": its.text} if its else {}

    return read


def with_readability() -> Read:
    import lxml.html
    from readability import Document

    def read(payload: bytes, url: str) -> dict[str, Any]:
        its = Document(payload, url=url)
        body = lxml.html.fromstring(its.summary())
        return {"title": its.short_title(), "body": "\n".join(body.itertext())}

    return read


def with_newspaper() -> Read:
    import newspaper

    def read(payload: bytes, url: str) -> dict[str, Any]:
        text = decoded(payload)
        its = newspaper.Article(url, language=language(text), fetch_images=False)
        its.download(input_html=text)
        its.parse()
        when = its.publish_date
        return {"title": its.title, "date": when and iso(when.isoformat()), "body": its.text}

    return read


def with_gne() -> Read:
    from gne import GeneralNewsExtractor

    extractor = GeneralNewsExtractor()

    def read(payload: bytes, url: str) -> dict[str, Any]:
        its = extractor.extract(decoded(payload), host=url)
        return {"title": its["title"], "date": iso(its["publish_time"]), "body": its["content"]}

    return read


def with_htmldate() -> Read:
    from htmldate import find_date

    def read(payload: bytes, url: str) -> dict[str, Any]:
        return {"date": find_date(decoded(payload), url=url, original_date=True)}

    return read


def decoded(payload: bytes) -> str:
    """For the tools that take text alone: as trafilatura decodes it."""
    from trafilatura.utils import decode_file

    return decode_file(payload)


def language(text: str) -> str:
    """What newspaper wants to be told: which language's words to look for."""
    han, hangul = (len(re.findall(letters, text)) for letters in ("[一-鿿]", "[가-힯]"))
    return "ko" if hangul > 200 and hangul > han else "zh" if han > 200 else "en"


def iso(text: str | None) -> str | None:
    """A date in digits as ISO 8601, with the time where it is not midnight: these tools give 00:00 where the page has none."""
    found = re.search(r"(\d{4})\D{1,2}(\d{1,2})\D{1,2}(\d{1,2})(?:\D+(\d{1,2}):(\d{2}))?", text or "")
    if not found:
        return None
    year, month, day, hour, minute = found.groups()
    clock = f"T{int(hour):02}:{minute}" if hour and int(hour + minute) else ""
    return f"{year}-{int(month):02}-{int(day):02}{clock}"


def measure(tool: str) -> None:
    """Prints what a tool reads from each article, and its speed, as JSON."""
    if hasattr(os, "sched_setaffinity"):
        os.sched_setaffinity(0, {min(os.sched_getaffinity(0))})
    read, found, failed, best = globals()[f"with_{tool}"](), {}, 0, float("inf")
    pages = articles()
    payloads = [(SHARED / "pages" / "html" / f"{page['id']}.html").read_bytes() for page in pages]
    sys.path.insert(0, str(SHARED))
    from score_extraction import page_url

    for _ in range(2):
        failed, start = 0, time.process_time()
        for page, payload in zip(pages, payloads, strict=True):
            try:
                found[page["id"]] = read(payload, page_url(page))
            except Exception as error:  # noqa: BLE001 - a tool that fails on a page has found nothing there
                found[page["id"]], failed = {"error": repr(error)}, failed + 1
        best = min(best, time.process_time() - start)
    version = importlib.metadata.version(PACKAGES[tool].partition("[")[0])
    print(json.dumps({"version": version, "rate": len(pages) / best, "failed": failed, "found": found}))


def articles() -> list[dict[str, Any]]:
    with (SHARED / "pages" / "pages.jsonl").open(encoding="utf-8") as lines:
        return [page for page in map(json.loads, lines) if page["kind"] == "article" and page.get("truth")]


# The scores, and the table


def scored(found: dict[str, dict[str, Any]]) -> dict[str, list[float]]:
    """Per figure its values, by the rules of score_extraction.py; ``day`` and ``day wrong`` ask for the day alone."""
    sys.path.insert(0, str(SHARED))
    from score_extraction import digest, f1, shingles, truth_counter

    tally: dict[str, list[float]] = collections.defaultdict(list)
    for page in articles():
        its, truth = found[page["id"]], page["truth"]
        title = digest(its.get("title"))
        tally["title"].append(
            title in (truth.get("title_digest"), digest(truth["title"]) if "title" in truth else None)
        )
        true = collections.Counter(truth["shingles"]) if "shingles" in truth else shingles(truth["body"])
        tally["body"].append(f1(shingles(its.get("body") or ""), true))
        want, got = truth.get("published"), its.get("date")
        if want:
            tally["date"].append(bool(got) and got[: len(want)] == want)
            tally["day"].append(bool(got) and got[:10] == want[:10])
            tally["day wrong"].append(bool(got) and got[:10] != want[:10])
        counter = truth_counter(truth.get("counter"))
        if counter and counter[1]:
            owner, key = its.get("counter") or (None, None)
            tally["counter"].append(key == counter[1] and counter[0] in ("", owner))
        elif truth.get("views") is not None:
            tally["views"].append(its.get("views") == truth["views"])
    return tally


def table(results: dict[str, dict[str, Any] | str]) -> str:
    """Markdown; a tool that could not be installed or run says why."""
    tallies = {tool: scored(result["found"]) for tool, result in results.items() if not isinstance(result, str)}
    counts = {name: len(values) for name, values in next(iter(tallies.values())).items()}
    figures = ("title", "date", "day", "day wrong", "body", "views", "counter")
    lines = [
        "| tool | title exact | date right | day right | day wrong | body F1 | views | counters | speed |",
        "|---|" + "---:|" * 8,
        "| *pages* | " + " | ".join(f"*{counts[name]}*" for name in figures) + f" | *{counts['title']}* |",
    ]
    unit = next((r["rate"] for t, r in results.items() if t == "trafilatura" and not isinstance(r, str)), None)
    for tool, result in results.items():
        name = PACKAGES[tool].partition("[")[0]
        if isinstance(result, str):
            lines.append(f"| {name} | {result} |" + " |" * 7)
            continue
        given = {key for its in result["found"].values() for key in its}
        cells = [_cell(name, tallies[tool][name], given) for name in figures]
        speed = f"× {result['rate'] / unit:.1f}" if unit else "?"
        lines.append(f"| {name} {result['version']} | " + " | ".join(cells) + f" | {speed} |")
    return "\n".join(lines)


def _cell(figure: str, values: list[float], given: set[str]) -> str:
    """A mean; a dash where the tool has no such field."""
    field = "date" if figure.startswith("day") else figure
    return f"{sum(values) / len(values):.3f}" if field in given else "–"


def environment() -> dict[str, str]:
    """Installs what is missing; what could not be installed, and why."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        venv.create(ENVIRONMENT, with_pip=True)
    broken = {}
    for tool, package in PACKAGES.items():
        if tool == "newsspider":
            continue
        command = [str(python), "-m", "pip", "install", "--quiet", "--disable-pip-version-check", package]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            broken[tool] = f"not installed: {(done.stderr.strip().splitlines() or ['pip failed'])[-1]}"
    return broken


def results() -> dict[str, dict[str, Any] | str]:
    broken = environment()
    found: dict[str, dict[str, Any] | str] = {}
    for tool in PACKAGES:
        if tool in broken:
            found[tool] = broken[tool]
            continue
        python = sys.executable if tool == "newsspider" else str(ENVIRONMENT / "bin" / "python")
        command = [python, __file__, "--measure", tool]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
        if done.returncode:
            found[tool] = f"did not run: {(done.stderr.strip().splitlines() or ['?'])[-1]}"
        else:
            found[tool] = json.loads(done.stdout.splitlines()[-1])
            print(f"{tool}: failed on {found[tool]['failed']} pages", file=sys.stderr)  # type: ignore[index]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--measure", choices=PACKAGES, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if not (SHARED / "pages").is_dir():
        print(f"no pages at {SHARED / 'pages'}: set NEWSSPIDER_SHARED to the folder that holds them", file=sys.stderr)
        return 2
    if args.measure:
        measure(args.measure)
        return 0
    printed = table(results())
    print(printed)
    before, begin, rest = PAGE.read_text(encoding="utf-8").partition(BEGIN)
    after = rest.partition(END)[2]
    day = datetime.datetime.now(datetime.UTC).date()
    PAGE.write_text(f"{before}{begin}\n\n{printed}\n\nMeasured on {day}.\n\n{END}{after}", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
