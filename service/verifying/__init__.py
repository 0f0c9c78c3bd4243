"""The verification of a live ledger: every stored column against what was signed, by questions and code of its own."""
