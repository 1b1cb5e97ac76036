"""Checks before publishing: what in a text asks for a second look, why, and what to do. They hold or hint; people decide."""
