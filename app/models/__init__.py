"""Tables and their constraints; importing this package registers them all."""

from app.models import accounts, engine, moderation, places, stories

__all__ = ["accounts", "engine", "moderation", "places", "stories"]
