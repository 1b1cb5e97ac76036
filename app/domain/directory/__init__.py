"""The directory of services: reading, searching, keeping it fresh and free of duplicates."""

from app.domain.directory.needs import concepts
from app.domain.search import terms

terms.register(concepts)  # a word that is searched stands for its concept in every language
