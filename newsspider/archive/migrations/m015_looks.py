"""Days with looks by site, and first readings, at less cost."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m015_looks(db: Database) -> None:
    for statement in LOOKS.split(";;\n"):
        db.conn.execute(statement)


# The first reading of an article begins its first epoch; count_read adds it there like any other.
LOOKS = """
CREATE INDEX reading_tally_site ON reading_tally(site, day);;
CREATE TRIGGER count_first_read BEFORE INSERT ON view_observation
WHEN NEW.step IS NULL
 AND NOT EXISTS (SELECT 1 FROM view_observation WHERE article_id = NEW.article_id)
 AND NOT EXISTS (SELECT 1 FROM count_epoch WHERE article_id = NEW.article_id)
 AND NOT EXISTS (SELECT 1 FROM counter_change WHERE article_id = NEW.article_id)
BEGIN
    INSERT INTO count_epoch SELECT NEW.article_id, 0, NULL, at, before, NEW.views, NEW.views, 0, 0, at, 0, 1
    FROM (SELECT strftime('%Y-%m-%dT%H:%M:%SZ', NEW.observed_at, 'unixepoch') AS at,
                 strftime('%Y-%m-%dT%H:%M:%SZ', NEW.observed_at - 1, 'unixepoch') AS before);
END
"""
