"""The directory of services: reading, searching, keeping it fresh and free of duplicates."""

from functools import lru_cache

from app.domain.directory.needs import concepts
from app.domain.search import terms

# A word that is searched stands for its concept in every language; the same words come again and again.
terms.register(lru_cache(maxsize=50_000)(concepts))
