"""What is asked of policy itself, and not of the ledger."""
