"""Where each person is named: one row for each person and event."""
