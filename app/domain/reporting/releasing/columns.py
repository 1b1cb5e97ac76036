"""Which answers to a further question stand in columns of their own (R5): decided once a quarter, by a number that nobody knows."""

from collections.abc import Iterable
from typing import Any, Final

from app.core import crypto
from app.domain.reporting.question.more import UNTOLD

RARE: Final = 50  # R5: what fewer people said is counted with what was not told
SPREAD: Final = 20
LEFT: Final = 10

Columns = dict[str, list[str]]
"""The answers in columns of their own, by question; a question without any is left out."""


def enough(secret: bytes, quarter: str, key: str) -> int:
    """Return how many must have given an answer in a quarter: 50 to 69, drawn anew for each.

    If it were known, or asked every month, a column that comes or goes when one person joined, left or changed an answer would
    tell what this person said. From quarter to quarter it may as well be the draw.
    """
    return RARE + int(crypto.keyed_hash(secret, "numbers/columns", f"{quarter}/{key}")[:8], 16) % SPREAD


def chosen(whole: dict[str, int], least: int) -> list[str]:
    """Return the answers that stand apart; none where that each was given by ``RARE`` would tell how few the others are.

    Everybody knows that a column stands for 50 or more. What is left of the total beside that must leave room, or a hidden
    number beside two printed fifties lies between 0 and 2.
    """
    apart = [choice for choice in sorted(whole) if choice and whole[choice] >= least]
    return apart if sum(whole.values()) - RARE * len(apart) >= LEFT else []


def of_month(counts: dict[str, Any], secret: bytes, period: str, printed: Iterable[tuple[str, dict[str, Any]]]) -> Columns:
    """Return the columns of a month: those of a month of its quarter whose tables are ``printed``, else chosen by its counts."""
    quarter = _quarter(period)
    same = next((tables for month, tables in printed if _quarter(month) == quarter), None)
    found = {}
    for key, by_step in counts.get("more", {}).items():
        if same is None:
            found[key] = chosen(by_step.get("joined", {}), enough(secret, quarter, key))
        elif (table := same.get(f"joined-{key}")) is not None:
            found[key] = as_printed(key, table)
    return found


def _quarter(period: str) -> str:
    return f"{period[:4]}-Q{(int(period[5:7]) + 2) // 3}"


def as_printed(key: str, table: dict[str, Any]) -> list[str]:
    """Return the answers in columns of their own of a table that was printed."""
    rest = f"{key} {UNTOLD}"
    return [column.removeprefix(f"{key} ") for column in table["cols"] if column != rest]
