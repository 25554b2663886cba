"""Ready queries: the tables of a dataset loaded in DuckDB, pandas and R, and one question each."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from newsspider.export.tables import Table

if TYPE_CHECKING:
    from newsspider.export.dataset import Made

LOADABLE = ("parquet", "csv", "jsonl")  # the first of these that is there


def pages(made: Made) -> dict[str, str]:
    kind = next((kind for kind in LOADABLE if kind in made.wish.formats), None)
    if kind is None:
        return {}
    return {
        "queries/duckdb.sql": duckdb(made, kind),
        "queries/load.py": pandas(made, kind),
        "queries/load.R": r(made, kind),
    }


DUCKDB_TYPES = {
    "integer": "BIGINT",
    "string": "VARCHAR",
    "datetime": "TIMESTAMPTZ",
    "date": "DATE",
    "boolean": "BOOLEAN",
}


def duckdb(made: Made, kind: str) -> str:
    lines = ["-- In the folder of the export: duckdb < queries/duckdb.sql", ""]
    for table in made.wish.tables:
        lines.append(f"CREATE VIEW {table.name} AS SELECT * FROM {_duckdb_source(made, table, kind)};")
    title, views, article = (_quoted(made, "articles", name) for name in ("title", "views", "article_id"))
    day, last = _quoted(made, "daily_counts", "day"), _quoted(made, "daily_counts", "views")
    return "\n".join(
        [
            *lines,
            "",
            "-- the most read articles",
            f"SELECT {title}, {views} FROM articles ORDER BY {views} DESC NULLS LAST, {article} LIMIT 10;",
            "",
            "-- their counts by day",
            f"SELECT {article}, {day}, {last} FROM daily_counts ORDER BY {article}, {day};",
            "",
        ]
    )


def _duckdb_source(made: Made, table: Table, kind: str) -> str:
    path = made.path(table.name, kind)
    if kind == "parquet":
        return f"'{path}'"
    columns = ", ".join(f"'{column.named(made.wish.lang)}': '{DUCKDB_TYPES[column.kind]}'" for column in table.columns)
    if kind == "jsonl":
        return f"read_json('{path}', format = 'newline_delimited', columns = {{{columns}}})"
    return f"read_csv('{path}', header = true, columns = {{{columns}}})"


def _quoted(made: Made, table: str, column: str) -> str:
    name = next(one for one in made.wish.tables if one.name == table).column(column).named(made.wish.lang)
    return f'"{name}"'


PANDAS_TYPES = {"integer": "Int64", "string": "string", "boolean": "boolean"}
PANDAS_READ = {
    "parquet": 'pd.read_parquet(ROOT / "data" / f"{name}.parquet")',
    "jsonl": """pd.DataFrame(
        [json.loads(line) for line in (ROOT / "data" / f"{name}.jsonl").read_text(encoding="utf-8").split("\\n") if line],
        columns=list(types),
    )""",
    "csv": 'pd.read_csv(ROOT / "data" / f"{name}.csv", dtype="string", encoding="utf-8-sig")',
}
PANDAS_PLAIN = """
    for column in types:
        if types[column] == "string":  # a quote before a text keeps spreadsheets from reading a formula
            frame[column] = frame[column].str.removeprefix("'")"""


def pandas(made: Made, kind: str) -> str:
    columns = {
        table.name: {
            column.named(made.wish.lang): PANDAS_TYPES.get(
                column.kind, "datetime64[ns, UTC]" if column.kind == "datetime" else "datetime64[ns]"
            )
            for column in table.columns
        }
        for table in made.wish.tables
    }
    truths = """
        elif kind == "boolean":
            frame[column] = frame[column].map({"true": True, "false": False}).astype("boolean")"""
    return f'''"""The tables as DataFrames: from load import tables"""

{"import json" if kind == "jsonl" else ""}
from pathlib import Path

import pandas as pd

ROOT = Path(__file__).resolve().parents[1]
COLUMNS = {json.dumps(columns, ensure_ascii=False, indent=4)}


def load(name: str) -> pd.DataFrame:
    types = COLUMNS[name]
    frame = {PANDAS_READ[kind]}{PANDAS_PLAIN if kind == "csv" else ""}
    for column, kind in types.items():
        if kind.startswith("datetime"):
            frame[column] = pd.to_datetime(frame[column], utc="UTC" in kind){truths if kind == "csv" else ""}
        else:
            frame[column] = frame[column].astype(kind)
    return frame


tables = {{name: load(name) for name in COLUMNS}}

if __name__ == "__main__":
    print(tables["articles"].nlargest(10, {json.dumps(_plain(made, "views"), ensure_ascii=False)}))
'''


def _plain(made: Made, column: str) -> str:
    return made.wish.tables[0].column(column).named(made.wish.lang)


R_KINDS = {"integer": "number", "string": "text", "datetime": "time", "date": "day", "boolean": "truth"}
R_READ = {
    "csv": 'read.csv(path, colClasses = "character", na.strings = "", check.names = FALSE, encoding = "UTF-8")',
    "jsonl": "jsonlite::stream_in(file(path), verbose = FALSE)",
    "parquet": "as.data.frame(arrow::read_parquet(path))",
}
R_NEEDS = {"jsonl": "jsonlite", "parquet": "arrow"}


def r(made: Made, kind: str) -> str:
    """CSV where there is some: R reads it by itself."""
    kind = "csv" if "csv" in made.wish.formats else kind
    columns = ",\n".join(f"  {table.name} = c({_r_columns(made, table)})" for table in made.wish.tables)
    quote = """
    # A quote before a text keeps spreadsheets from reading a formula.
    text = sub("^'", "", values),"""
    plain = """
    text = as.character(values),"""
    title, views = _plain(made, "title"), _plain(made, "views")
    return f"""# In the folder of the export: source("queries/load.R", encoding = "UTF-8"), or Rscript --encoding=UTF-8 queries/load.R
{_r_needed(kind)}columns <- list(
{columns}
)

typed <- function(values, kind) {{
  switch(kind,{quote if kind == "csv" else plain}
    number = as.numeric(values),
    time = if (is.character(values)) as.POSIXct(values, format = "%Y-%m-%dT%H:%M:%SZ", tz = "UTC") else as.POSIXct(values, tz = "UTC"),
    day = as.Date(values),
    truth = if (is.character(values)) values == "true" else as.logical(values)
  )
}}

load <- function(name) {{
  kinds <- columns[[name]]
  path <- file.path("data", paste0(name, ".{kind}"))
  table <- {R_READ[kind]}
  if (nrow(table) == 0) table <- data.frame(matrix(nrow = 0, ncol = length(kinds)))
  if (ncol(table) == length(kinds)) names(table) <- names(kinds)
  for (column in names(kinds)) table[[column]] <- typed(table[[column]], kinds[[column]])
  table[names(kinds)]
}}

tables <- lapply(setNames(names(columns), names(columns)), load)
articles <- tables$articles
print(head(articles[order(-articles[["{views}"]]), c("{title}", "{views}")], 10))
"""


def _r_columns(made: Made, table: Table) -> str:
    return ", ".join(f'"{column.named(made.wish.lang)}" = "{R_KINDS[column.kind]}"' for column in table.columns)


def _r_needed(kind: str) -> str:
    if not (package := R_NEEDS.get(kind)):
        return ""
    return f"""if (!requireNamespace("{package}", quietly = TRUE)) {{
  stop("R has no package {package}: install.packages('{package}') installs it", call. = FALSE)
}}
"""
