"""Read models in tests: told by hand, and their tables."""
