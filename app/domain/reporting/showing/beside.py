"""What stands beside the numbers of a release: it is read whenever it is asked for, because it can leave again.

A release is never changed; a group that is hidden, held or closed has to leave its files all the same.
"""

from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.domain.reporting.showing import lines
from app.domain.reporting.showing.lines import Line

ON_PAPER: Final = 100  # more do not fit on a sheet; the files hold all


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of single groups; ``more``: not all of it is here."""

    lines: list[Line]
    more: bool = False


def beside(connection: sa.Connection, threshold: int, period: str) -> Beside:
    """Return all that stands beside the release of a month; one statement."""
    return Beside(lines.at(connection, threshold, period))


def on_paper(connection: sa.Connection, threshold: int, period: str) -> Beside:
    """Return as much of it as fits on a sheet."""
    found = lines.at(connection, threshold, period, ON_PAPER + 1)
    return Beside(found[:ON_PAPER], len(found) > ON_PAPER)


def whole(body: dict[str, Any], also: Beside) -> dict[str, Any]:
    """Return a release as its files hold it: ``groups`` are {"group" (end of its address), "name", "says", "period"}."""
    return body | {
        "groups": [{"group": one.ref, "name": one.name, "says": one.says, "period": one.period} for one in also.lines]
    }  # fmt: skip
