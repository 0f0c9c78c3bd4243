"""What is asked of the ledger, and how readers follow it as it grows."""
