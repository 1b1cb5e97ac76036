"""Machines: health, public directory, partners."""
