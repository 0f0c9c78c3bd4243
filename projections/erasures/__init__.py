"""Every erasure: one row each, from its request to what became of it."""
