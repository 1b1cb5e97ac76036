"""Which answers stand in columns of their own (R5): decided once a quarter, by a number that nobody knows (ADR 14)."""

from collections.abc import Iterable
from typing import Any, Final

from app.core import crypto
from app.domain.reporting.question.more import UNTOLD

RARE: Final = 50  # R5: what fewer people said is counted with what was not told
SPREAD: Final = 20
LEFT: Final = 10
MANY: Final = 70  # so many and more of another term within a quarter, and it does not wait for the next
UNTOLD_MOST: Final = MANY + SPREAD - 2  # how many can have said another term, at most, where it has no column of its own
GENDER, ANOTHER = "gender", "another"

Columns = dict[str, list[str]]
"""The answers in columns of their own, by question (under ``GENDER`` only another term: it is the one to decide)."""


def enough(secret: bytes, period: str, key: str, least: int = RARE, spread: int = SPREAD) -> int:
    """Return how many must have given an answer in a quarter: 50 to 69 (``least``, and less than ``spread`` more), new for each.

    If it were known, or asked every month, a column that comes or goes when one person joined, left or changed an answer would
    tell what this person said. From quarter to quarter it may as well be the draw.
    """
    return least + int(crypto.keyed_hash(secret, "numbers/columns", f"{period}/{key}")[:8], 16) % spread


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
    found = {GENDER: [ANOTHER]} if _another_apart(counts, secret, period, same) else {}
    for key, by_step in counts.get("more", {}).items():
        if same is None:
            found[key] = chosen(by_step.get("joined", {}), enough(secret, quarter, key))
        elif (table := same.get(f"joined-{key}")) is not None:
            found[key] = as_printed(key, table)
    return found


def _another_apart(counts: dict[str, Any], secret: bytes, period: str, same: dict[str, Any] | None) -> bool:
    """Say whether another term has a column in a month; ``same``: what is printed of a month of its quarter, None without.

    The column never goes within a quarter. It comes within one only when very many have said it since, by a number drawn for that
    month alone: so that it is always known how many of those without a stated gender can have said another term.
    """
    joined = counts["steps"].get("joined", {})
    said = joined.get(ANOTHER, 0)
    if same is None:
        return bool(chosen({ANOTHER: said, "": sum(joined.values()) - said}, enough(secret, _quarter(period), GENDER)))
    return ANOTHER in same.get("joined", {}).get("cols", ()) or said >= enough(secret, period, GENDER, MANY)


def _quarter(period: str) -> str:
    return f"{period[:4]}-Q{(int(period[5:7]) + 2) // 3}"


def as_printed(key: str, table: dict[str, Any]) -> list[str]:
    """Return the answers in columns of their own of a table that was printed."""
    rest = f"{key} {UNTOLD}"
    return [column.removeprefix(f"{key} ") for column in table["cols"] if column != rest]
