"""Pausing parts of the house for a time: joining, writing, hiding at once, the public pages."""
