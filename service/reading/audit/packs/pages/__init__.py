"""The readable page of a pack."""
