"""TELL: events in, rows out, questions over rows."""
