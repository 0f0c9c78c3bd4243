"""DECIDE: the rules of incident response, pure: no I/O, no clock, no randomness."""
