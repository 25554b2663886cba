"""A page to what it is and says: see docs/reading.md."""
