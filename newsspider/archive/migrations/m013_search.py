"""The index that `newsspider search` asks."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m013_search(db: Database) -> None:
    for statement in SEARCH.split(";;\n"):
        db.conn.execute(statement)


# The tokenizer only splits at spaces: what a letter is, and what is the same letter, is decided before (archive/folding.py).
# contentless_delete needs SQLite 3.43, so the text that is indexed is kept until its row of the index is taken out.
SEARCH = """
CREATE VIRTUAL TABLE snapshot_search USING fts5( -- every version's title and body; rowid = snapshot.id; docs/search.md says how to ask it
    pairs,                            -- every two neighbouring letters or digits, and each run's last one alone
    content='', detail=none,
    tokenize="unicode61 remove_diacritics 0 categories 'L* M* N* P* S* Z* C*' separators ' '"
);;
CREATE TABLE search_due (             -- versions that snapshot_search does not hold as they are; empty when a run has ended
    snapshot_id INTEGER PRIMARY KEY,  -- the version
    title TEXT,                       -- the title that is indexed
    body TEXT                         -- the body that is indexed; NULL: the version is not in the index
) STRICT;;
INSERT INTO search_due (snapshot_id) SELECT id FROM snapshot;;
CREATE TRIGGER snapshot_added AFTER INSERT ON snapshot BEGIN
    INSERT OR IGNORE INTO search_due (snapshot_id) VALUES (NEW.id);
END;;
CREATE TRIGGER snapshot_reworded AFTER UPDATE OF title, body ON snapshot
WHEN OLD.title IS NOT NEW.title OR OLD.body IS NOT NEW.body BEGIN
    INSERT OR IGNORE INTO search_due VALUES (OLD.id, OLD.title, OLD.body);
END;;
CREATE TRIGGER snapshot_removed AFTER DELETE ON snapshot BEGIN
    INSERT OR IGNORE INTO search_due VALUES (OLD.id, OLD.title, OLD.body);
END
"""
