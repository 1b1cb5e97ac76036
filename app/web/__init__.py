"""The HTTP edge, once."""
