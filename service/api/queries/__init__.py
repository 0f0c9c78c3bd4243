"""Queries over HTTP: one file a noun."""
