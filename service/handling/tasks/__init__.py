"""One `Begin` or `Change` for each command of the domain, one file an aggregate."""
