"""The story of a case: one plain-English sentence for each event."""
