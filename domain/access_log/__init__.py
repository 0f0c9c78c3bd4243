"""The log of who read which case, as the ledger knows it: why people read, and the digests that hold the log fast."""
