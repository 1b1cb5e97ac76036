"""Cells of tables, as every part of a release writes them."""

from dataclasses import dataclass

from app.core.i18n import _

Cells = list[list[str]]


@dataclass(frozen=True, slots=True)
class Table:
    """A table in words: caption, names of columns, rows that begin with their name."""

    caption: str
    columns: list[str]
    rows: Cells


def count(value: int | None) -> str:
    """Return a printed number, or that it is not shown."""
    return _("not shown") if value is None else str(value)


def isolated(numbers: str) -> str:
    """Return numbers that read from left to right in every script: between Arabic words "26–36" would turn into "36–26"."""
    return f"\u2066{numbers}\u2069"
