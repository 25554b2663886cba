"""docs/schema.md: every table and view with its comments, as it stands in a new archive. ``./run.sh docs`` writes it."""

from __future__ import annotations

import sqlite3

from newsspider.archive import schema

INTRODUCTION = """# The archive's tables and views

Printed from the schema by `./run.sh docs`; the same comments stand in every archive (`sqlite3 archive.db .schema`).

Everything that is named `*_at` is a UTC instant in ISO 8601, except `view_observation.observed_at`, which is seconds since 1970.
`published` is the date as the page prints it, at the precision printed, in the time zone of the site. NULL: the page does not say.

`payload.body` with the encoding `zstd` is a standard zstd frame: `newsspider show --payload ARTICLE` prints it as received.
"""


def document() -> str:
    conn = sqlite3.connect(":memory:", isolation_level=None)
    schema.upgrade(conn)
    parts = [INTRODUCTION]
    for kind in ("table", "view"):
        parts.append(f"## {kind.capitalize()}s\n")
        for name, sql in conn.execute(
            "SELECT name, sql FROM sqlite_master WHERE type = ? AND name NOT LIKE '\\_%' ESCAPE '\\'"
            " AND name NOT LIKE 'snapshot\\_search\\_%' ESCAPE '\\' ORDER BY rowid",
            (kind,),
        ):
            parts.append(f"### {name}\n\n```sql\n{sql};\n```\n")
    return "\n".join(parts)


if __name__ == "__main__":
    print(document(), end="")
