"""Editions in words that people can read."""
