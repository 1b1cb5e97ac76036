"""Shapes that cross the wire."""
