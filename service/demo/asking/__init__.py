"""What people ask of the ledger in the demonstration, each answer in a few plain lines."""
