"""Keys for what names a person: made, wrapped, kept in a file, used to seal and to open. Knows nothing of events."""
