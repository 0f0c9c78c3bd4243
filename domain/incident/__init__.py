"""One event in care that is reported: its facts, decisions, duties, and how the case is closed."""
