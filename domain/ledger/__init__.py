"""The ledger itself: opened once, by the real clock or a simulated one."""
