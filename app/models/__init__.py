"""Tables and their constraints; importing this package registers them all."""

from app.models import (
    abroad,
    accounts,
    between,
    board,
    circles,
    directory,
    directory_parts,
    engine,
    evidence,
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
    "abroad", "accounts", "between", "board", "circles", "directory", "directory_parts", "engine", "evidence", "feeds",
    "groups", "listing_care", "listing_pairs", "meetings", "mentoring", "mentorships", "moderation", "money", "network", "orders",
    "partners", "pausing", "places", "published", "reporting", "stories",
]  # fmt: skip
