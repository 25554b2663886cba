"""Two examples of each verb, shown at the end of its help."""

from __future__ import annotations

SEED = "https://news.example.edu.cn/xwdt.htm"

EXAMPLES: dict[str, tuple[str, str]] = {
    "demo": ("newsspider demo", "newsspider demo --archive demo.db"),
    "probe": (f"newsspider probe {SEED}", f"newsspider probe {SEED} --json"),
    "explain": (f"newsspider explain {SEED}", f"newsspider explain {SEED} published"),
    "add": (f"newsspider add {SEED}", f"newsspider add {SEED} --name example-news"),
    "check": ("newsspider check example-news", "newsspider check example-news --live --quiet"),
    "crawl": (
        f"newsspider crawl {SEED} --max-pages 3 --contact you@example.org",
        "newsspider crawl --all --quiet --max-time 3h --ping https://hc.example.org/ping/ID",
    ),
    "poll": ("newsspider poll --quiet", "newsspider poll --plan --site example-news"),
    "calibrate": ("newsspider calibrate example-news", "newsspider calibrate example-news --json"),
    "search": ("newsspider search 量子", "newsspider search 量子 --site example-news --json"),
    "list": ("newsspider list", "newsspider list --site example-news --json"),
    "related": ("newsspider related 42", "newsspider related 42 --json"),
    "sql": ('newsspider sql "SELECT count(*) FROM article"', 'newsspider sql "SELECT * FROM gone" --json'),
    "top": ("newsspider top --window 30d", "newsspider top --by views --site example-news --month 2026-03"),
    "rename": (
        "newsspider rename news.example.edu.cn example-news",
        "newsspider rename example example-news --archive /srv/news/archive.db",
    ),
    "status": ("newsspider status", "newsspider status --unread --site example-news"),
    "doctor": ("newsspider doctor", "newsspider doctor --offline --quiet"),
    "schedule": (
        "(crontab -l; newsspider schedule) | crontab -",
        "newsspider schedule --systemd --out /etc/systemd/system --user news",
    ),
    "alerts": ("newsspider alerts --dry-run", "newsspider alerts --example > alerts.toml"),
    "show": ("newsspider show 42", "newsspider show 42 --at 2026-03-01"),
    "open": ("newsspider open 42", "newsspider open 42 --at 2026-03-01"),
    "history": ("newsspider history 42", "newsspider history 42 --json"),
    "diff": ("newsspider diff 42", "newsspider diff 42 1 3"),
    "edits": ("newsspider edits --silent", "newsspider edits --since 2026-03 --json"),
    "lake": (
        "newsspider lake /srv/news/lake --archive sites/example-news.db",
        "newsspider lake s3://bucket/lake --check",
    ),
    "export": ("newsspider export --out export", "newsspider export --format warc --out warc --site example-news"),
    "report": ("newsspider report --out report", "newsspider report --out report --days 30 --most 50"),
    "serve": ("newsspider serve", "newsspider serve --archive /srv/news/archive.db"),
    "verify": ("newsspider verify", "newsspider verify --quiet && newsspider backup /srv/backups"),
    "backup": ("newsspider backup /srv/backups", "newsspider backup s3://bucket/news --quiet"),
    "merge": ("newsspider merge other.db", "newsspider merge a.db b.db --archive all.db"),
    "compact": ("newsspider compact", "newsspider compact --quiet"),
    "ingest": ("newsspider ingest crawl.warc.gz", "newsspider ingest *.warc.gz --archive old.db"),
    "reparse": ("newsspider reparse --dry-run", "newsspider reparse --site example-news"),
    "transcribe": ("newsspider transcribe", "newsspider transcribe --ocr --site example-news"),
    "rebuild": ("newsspider rebuild", "newsspider rebuild --archive /srv/news/archive.db"),
    "fleet": ("newsspider fleet --help", "newsspider fleet --help"),
}


def shown(verb: str) -> str | None:
    """The end of a verb's help."""
    lines = EXAMPLES.get(verb)
    return lines and "\b\nExamples:\n" + "\n".join(f"  {line}" for line in dict.fromkeys(lines))
