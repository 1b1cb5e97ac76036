"""The people of groups, for questions from abroad."""

from tests.groups.conftest import circle, connected

__all__ = ["circle", "connected"]
