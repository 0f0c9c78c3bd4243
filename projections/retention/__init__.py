"""What says how long a case is kept: one row each."""
