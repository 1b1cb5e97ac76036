"""What stands beside the numbers of a release: it is read whenever it is asked for, because it can leave again.

A release is never changed; a group that is hidden, held or closed has to leave its files all the same.
"""

from dataclasses import dataclass
from datetime import date
from typing import Any, Final

import sqlalchemy as sa

from app.domain.reporting.deciding import reading
from app.domain.reporting.deciding.reading import Said
from app.domain.reporting.showing import lines
from app.domain.reporting.showing.lines import Line

ON_PAPER: Final = 100  # more do not fit on a sheet; the files hold all


@dataclass(frozen=True, slots=True)
class Beside:
    """What is said of single groups, and what bodies say of themselves; ``more``: not all of it is here."""

    lines: list[Line]
    said: list[Said]
    more: bool = False
    more_said: bool = False


def beside(connection: sa.Connection, threshold: int, period: str, day: date) -> Beside:
    """Return all that stood beside the release of a month, published on a day, and still stands; two statements."""
    return Beside(lines.at(connection, threshold, period), reading.at(connection, day))


def on_paper(connection: sa.Connection, threshold: int, period: str, day: date) -> Beside:
    """Return as much of it as fits on a sheet."""
    found, said = lines.at(connection, threshold, period, ON_PAPER + 1), reading.at(connection, day, ON_PAPER + 1)
    return Beside(found[:ON_PAPER], said[:ON_PAPER], len(found) > ON_PAPER, len(said) > ON_PAPER)


def whole(body: dict[str, Any], also: Beside) -> dict[str, Any]:
    """Return a release as its files hold it.

    ``groups`` are {"group" (end of its address), "name", "says", "period"}; ``deciding`` {"group", "name" (both null for the
    network), "body", "says", "on", "looked_on"}.
    """
    groups = [{"group": one.ref, "name": one.name, "says": one.says, "period": one.period} for one in also.lines]
    return body | {"groups": groups, "deciding": [_of_body(one) for one in also.said]}


def _of_body(one: Said) -> dict[str, Any]:
    looked = one.looked_on.isoformat() if one.looked_on else None
    return {
        "group": one.ref or None, "name": one.name or None, "body": one.body.value, "says": one.says.value,
        "on": one.said_on.isoformat(), "looked_on": looked,
    }  # fmt: skip
