"""Articles that were held twice and are one now, with how they stood."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m007_joined(db: Database) -> None:
    for statement in JOINED.split(";;\n"):
        db.conn.execute(statement)


JOINED = """
CREATE TABLE joined (                 -- an article that was held twice and is one with another now (newsspider merge --self)
    crawl_id INTEGER NOT NULL REFERENCES crawl(id), -- the run that joined them
    was INTEGER NOT NULL,             -- the number that it had
    article_id INTEGER NOT NULL REFERENCES article(id), -- the article that it is now
    because TEXT NOT NULL,            -- key: of addresses of both; redirect: from one to the other; canonical: declared by one
    held TEXT NOT NULL,               -- JSON: its row, addresses, captures, counts and files, and what of the other's changed
    parted_by INTEGER REFERENCES crawl(id), -- the run that took it back (merge --undo); NULL: it stands
    PRIMARY KEY (crawl_id, was)
) STRICT, WITHOUT ROWID;;
CREATE INDEX joined_article ON joined(article_id)
"""
