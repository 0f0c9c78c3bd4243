"""The proof as it is stored: leaves, tiles, checkpoints, heads; and what the signer keeps beside the database."""
