"""The data card, in English and Chinese: what the dataset holds, how it came about, what is missing, who may do what with it."""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from newsspider.export import descriptors
from newsspider.export.tables import Lang

if TYPE_CHECKING:
    from newsspider.export.dataset import Coverage, Made

GAPS = 20  # listed of each site
TEXTS = {
    "en": ("Texts are left out; their digests and the lengths of edits are here.", "Texts are included."),
    "zh": ("不含正文，但保留其摘要值与改动长度。", "含正文。"),
}


def pages(made: Made) -> dict[str, str]:
    return {"README.md": _card(made, "en"), "README.zh.md": _card(made, "zh")}


def _card(made: Made, lang: Lang) -> str:
    page = (Path(__file__).parent / f"card.{lang}.md").read_text(encoding="utf-8")
    holder = {
        "title": descriptors.title(made),
        "at": made.wish.at,
        "version": made.version,
        "licence": made.wish.licence,
        "url": descriptors.licence_url(made),
        "creator": made.wish.creator,
        "files": _files(made, lang),
        "coverage": _coverage(made, lang),
        "gaps": _gaps(made, lang),
        "zones": ", ".join(sorted({site["timezone"] for site in made.sites})),
        "runs": _runs(made, lang),
        "observer": _observer(made, lang),
        "events": _events(made, lang),
        "texts": TEXTS[lang][made.wish.texts],
    }
    return page.format(**holder)


def _table(head: list[str], rows: list[list[Any]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(str(cell).replace('|', '/') for cell in line)} |" for line in lines)


def _files(made: Made, lang: Lang) -> str:
    head = {"en": ["table", "rows", "holds"], "zh": ["表", "行数", "内容"]}[lang]
    return _table(head, [[f"`{one.name}`", made.rows[one.name], one.says(lang)] for one in made.wish.tables])


def _coverage(made: Made, lang: Lang) -> str:
    head = {
        "en": [
            "site",
            "published",
            "articles",
            "with a count",
            "versions",
            "edits",
            "withdrawn",
            "readings",
            "days with readings",
        ],
        "zh": ["站点", "发布日期范围", "文章", "有计数", "版本", "改动", "撤下", "读数", "有读数的天数"],
    }[lang]
    return _table(
        head,
        [
            [
                f"{site['title'] or ''} ({site['site']})".strip(),
                " – ".join(dict.fromkeys(day[:10] for day in made.coverage[site["site"]].published)) or "–",
                *(
                    made.coverage[site["site"]].counts[name]
                    for name in ("articles", "counted", "versions", "edits", "withdrawals")
                ),
                made.coverage[site["site"]].counts["observations"],
                _days(made.coverage[site["site"]], lang),
            ]
            for site in made.sites
        ],
    )


def _days(found: Coverage, lang: Lang) -> str:
    days = sorted(found.days)
    if not days:
        return "0"
    return f"{len(days)} ({days[0]} {'to' if lang == 'en' else '至'} {days[-1]})"


def _gaps(made: Made, lang: Lang) -> str:
    lines = []
    for name, found in made.coverage.items():
        gaps = list(found.gaps())
        if gaps:
            listed = ", ".join(one if one == end else f"{one} – {end}" for one, end in islice(gaps, GAPS))
            lines.append(f"- {name}: {listed}{' …' if len(gaps) > GAPS else ''}")
    return "\n".join(lines) or {"en": "None.", "zh": "无。"}[lang]


def _runs(made: Made, lang: Lang) -> str:
    kinds = sorted({run["kind"] for run in made.runs})
    rows = []
    for kind in kinds:
        runs = [run for run in made.runs if run["kind"] == kind]
        open_ = sum(run["finished_at"] is None for run in runs)
        requests = sum(run["requests"] or 0 for run in runs)
        rows.append([kind, len(runs), open_, requests, runs[0]["started_at"], runs[-1]["started_at"]])
    head = {
        "en": ["kind", "runs", "not ended", "requests", "first", "last"],
        "zh": ["种类", "次数", "未结束", "请求数", "首次", "末次"],
    }[lang]
    return _table(head, rows)


def _observer(made: Made, lang: Lang) -> str:
    lines = []
    for name, found in made.coverage.items():
        methods = ", ".join(f"{method} {number}" for method, number in sorted(found.methods.items()))
        lines.append(f"- {name}: {methods or '–'}")
    for row in made.calibrations:
        adds = {
            "en": ("a reading of the counter adds", "a fetch of the page adds"),
            "zh": ("读计数器增加", "取页面增加"),
        }[lang]
        unclear = {"en": "an unclear number", "zh": "不明"}[lang]
        counted = [
            f"{word} {unclear if n is None else n}"
            for word, n in zip(adds, (row["by_counter"], row["by_page"]), strict=True)
        ]
        lines.append(f"- {row['site']}, {row['family']} ({row['measured_at']}): {'; '.join(counted)}")
    return "\n".join(lines)


def _events(made: Made, lang: Lang) -> str:
    head = {"en": ["site", "event", "times"], "zh": ["站点", "事件", "次数"]}[lang]
    rows = [
        [site, event, times] for site, found in made.coverage.items() for event, times in sorted(found.events.items())
    ]
    return _table(head, rows) if rows else {"en": "None.", "zh": "无。"}[lang]
