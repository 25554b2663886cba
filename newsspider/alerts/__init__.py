"""Telling of what happened: the rules of ``alerts.toml`` choose, the archive's outbox keeps, ways send. docs/following.md."""
