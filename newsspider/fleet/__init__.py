"""Many sites on many machines: PostgreSQL holds what is due, Procrastinate hands it out, each job is a command of today's newsspider.

A site is the unit of work, and its archive one SQLite file on the disk of its shard. No other module knows of this one.
"""
