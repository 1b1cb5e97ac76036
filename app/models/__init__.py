from app.models import (
    accounts,
    directory,
    directory_parts,
    engine,
    moderation,
    partners,
    places,
    published,
    reporting,
    stories,
)

__all__ = [
    "accounts", "directory", "directory_parts", "engine", "moderation", "partners", "places", "published", "reporting", "stories",
]  # fmt: skip
