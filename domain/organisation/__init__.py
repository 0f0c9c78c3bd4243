"""Organisations: providers, commissioners and regulators, who commissions whom, and whose plan is adopted."""
