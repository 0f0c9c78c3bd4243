"""Queries of auditors: packs of evidence, proofs, who read what."""
