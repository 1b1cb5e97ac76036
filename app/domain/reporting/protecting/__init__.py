"""Disclosure control: which cells of which tables may be printed, so that nobody can be found through a number."""
