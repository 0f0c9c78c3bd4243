"""The words that every aggregate shares."""
