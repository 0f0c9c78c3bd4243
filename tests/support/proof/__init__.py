"""Ledgers with their proof: real databases, a keys folder of their own, and what an auditor would check."""
