"""Features that do not know each other are connected here, once per process."""

from app.domain.directory import needs
from app.domain.search import terms


def connect() -> None:
    """Tell search which words mean the same in other languages, and features who wants to hear of what."""
    terms.register(needs.concepts)
