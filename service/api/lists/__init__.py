"""Lists: where a page stopped, and whole lists as files."""
