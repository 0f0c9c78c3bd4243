"""Assessing thresholds: what is known, which criteria ask for it, what they answer, and what would change it."""
