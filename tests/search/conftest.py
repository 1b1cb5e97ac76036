"""One library per test."""

import pytest
from sqlmodel import Session

from tests.search.library import Library


@pytest.fixture
def library(db: Session) -> Library:
    """An empty index with short ways in and out."""
    return Library(db)
