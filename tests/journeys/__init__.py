"""Walks through the running demo with a real browser, and through the command line as an operator."""
