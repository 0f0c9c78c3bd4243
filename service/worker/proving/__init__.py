"""Follows the log with the Merkle tree: leaves, tiles, heads, signed checkpoints, and the witnesses that are told of them."""
