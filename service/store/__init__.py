"""The ledger in PostgreSQL, and what stands around it."""
