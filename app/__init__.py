"""Hearth: software for returnee-led networks."""
