"""Proof that nobody rewrote the log: leaves, the Merkle tree, signed checkpoints. Imports nothing of ours."""
