"""Articles that say the same: the marks by which they are found, and how alike they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m021_alike(db: Database) -> None:
    for statement in ALIKE.split(";;\n"):
        db.conn.execute(statement)


ALIKE = """
CREATE TABLE text_mark (              -- up to twelve marks of each article's latest text: hashes of clauses
    mark INTEGER NOT NULL,            -- the hash
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- whose text has the clause
    PRIMARY KEY (mark, article_id)
) STRICT, WITHOUT ROWID;;
CREATE INDEX text_mark_article ON text_mark(article_id);;
CREATE TABLE alike (                  -- two articles that say the same; the views repost and story show them
    article_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- the one with the lower number
    other_id INTEGER NOT NULL REFERENCES article(id) ON DELETE CASCADE, -- the other one
    likeness REAL NOT NULL,           -- the share of the shorter text that stands in the longer one, from 0.7 to 1
    PRIMARY KEY (article_id, other_id)
) STRICT, WITHOUT ROWID;;
CREATE INDEX alike_other ON alike(other_id);;
CREATE TABLE alike_due (              -- articles whose marks are not up to date; empty when a run has ended
    article_id INTEGER PRIMARY KEY    -- the article
) STRICT;;
INSERT INTO alike_due SELECT DISTINCT article_id FROM snapshot;;
CREATE TRIGGER alike_new AFTER INSERT ON snapshot BEGIN
    INSERT OR IGNORE INTO alike_due VALUES (NEW.article_id);
END;;
CREATE TRIGGER alike_changed AFTER UPDATE OF article_id, captured_at, body ON snapshot BEGIN
    INSERT OR IGNORE INTO alike_due VALUES (OLD.article_id), (NEW.article_id);
END;;
CREATE TRIGGER alike_removed AFTER DELETE ON snapshot BEGIN
    INSERT OR IGNORE INTO alike_due VALUES (OLD.article_id);
END
"""
