"""Which role may give which command, over whom: a pure table, one file an aggregate."""
