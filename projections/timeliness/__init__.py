"""Every clock of every case: one row each, with what met it and when it was known."""
