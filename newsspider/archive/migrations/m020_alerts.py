"""Alerts: what the rules of alerts.toml told of, and how far each is on its way."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sqlite_utils import Database


def m020_alerts(db: Database) -> None:
    for statement in ALERTS.split(";\n"):
        if statement.strip():
            db.conn.execute(statement)


ALERTS = """
CREATE TABLE alert_rule (             -- how far each rule of alerts.toml has looked
    rule TEXT PRIMARY KEY,            -- its name
    since TEXT NOT NULL,              -- UTC; what happened before is not told
    looked_at TEXT NOT NULL,          -- UTC; it last looked then
    capture_id INTEGER NOT NULL       -- the last capture it has looked at
) STRICT;
CREATE TABLE alert (                  -- what a rule told of, in this order
    id INTEGER PRIMARY KEY,           -- its number here
    uid TEXT NOT NULL UNIQUE,         -- its name for receivers: the same cause and rule have the same one
    rule TEXT NOT NULL,               -- the rule of alerts.toml
    event TEXT NOT NULL,              -- new, edited, withdrawn, back, spike, drop, reset, quiet, broken, well
    site TEXT NOT NULL REFERENCES site(name), -- the site where it happened
    article_id INTEGER,               -- the article it happened to; NULL: to the site
    at TEXT NOT NULL,                 -- UTC; the look that noticed it
    made_at TEXT NOT NULL,            -- UTC; when the rule told of it
    message TEXT NOT NULL             -- JSON: what is sent, with text and difference
) STRICT;
CREATE TABLE alert_delivery (         -- an alert on one of its ways; those that have to go stand here without sent_at
    alert_id INTEGER NOT NULL REFERENCES alert(id), -- the alert
    way TEXT NOT NULL,                -- the way of alerts.toml
    due_at TEXT NOT NULL,             -- UTC; not sent before
    message_uid TEXT,                 -- the id in the message, the same at every try; several alerts of a digest share it; NULL: not tried
    tries INTEGER NOT NULL DEFAULT 0, -- how often it was tried
    error TEXT,                       -- what the last try met
    sent_at TEXT,                     -- UTC; when the receiver confirmed it; NULL: not yet
    refused_at TEXT,                  -- UTC; set aside, for the receiver refused it for good; NULL: it was not
    PRIMARY KEY (way, alert_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX alert_waiting ON alert_delivery(way, alert_id) WHERE sent_at IS NULL AND refused_at IS NULL;
CREATE INDEX alert_delivered ON alert_delivery(alert_id);
"""
