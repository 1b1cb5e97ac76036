"""Tables and their constraints; importing this package registers them all."""

from app.models import (
    accounts,
    directory,
    directory_parts,
    engine,
    feeds,
    groups,
    listing_care,
    listing_pairs,
    meetings,
    mentoring,
    mentorships,
    moderation,
    money,
    network,
    orders,
    partners,
    pausing,
    places,
    published,
    reporting,
    stories,
)

__all__ = [
<<<<<<< HEAD
    "accounts", "directory", "directory_parts", "engine", "feeds", "groups", "listing_care", "listing_pairs", "meetings",
    "mentoring", "mentorships", "moderation", "network", "orders", "partners", "pausing", "places", "published", "reporting",
    "stories",
=======
    "accounts", "directory", "directory_parts", "engine", "feeds", "groups", "listing_care", "listing_pairs", "mentoring",
    "mentorships", "moderation", "money", "network", "orders", "partners", "pausing", "places", "published", "reporting", "stories",
>>>>>>> main
]  # fmt: skip
