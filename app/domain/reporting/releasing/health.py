"""Figures about the network: shares of printed tables, how money is spread, how one comes into groups; null is never 0.

Tables were protected before. Facts are what everybody sees one by one, of groups and never of people: they are told as they are,
from a number of groups on below which a share would say nothing.
"""

from math import ceil, floor
from typing import Any, Final

from app.domain.reporting.measuring.registry import FACTS, HEALTH
from app.domain.reporting.metrics import calculate
from app.domain.reporting.protecting.shares import SHARE_FROM, percentage
from app.domain.reporting.refusing import BadNumbers

Figure = dict[str, Any]
GROUPS_FROM: Final = 5
ROUNDED_BY: Final = 2  # how far a printed count is from the exact one at most
SHARES: Final = {table.key: table.first for table in HEALTH if table.first}
FUNDS, GROUPS = FACTS


def figures(tables: list[dict[str, Any]], facts: dict[str, Any], wanted: dict[str, int]) -> list[Figure]:
    """Return the figures about the network, and for each of which something is ``wanted`` whether it is reached."""
    by_id = {table["id"]: table for table in tables}
    found = [part(by_id[key]) for key in SHARES if key in by_id]
    if GROUPS in facts:
        found.append(come_in(facts[GROUPS]))
    money = funds(facts[FUNDS]) if FUNDS in facts else []
    return [*found, *money, *_reached(wanted, found, money)]


def part(table: dict[str, Any]) -> Figure:
    """Return the share of the first column of a table in its total, in whole per cent (R8: of 50 or more).

    ``low`` and ``high`` hold whatever the rounding hides.
    """
    some, whole = table["col_totals"][0], table["total"]
    figure: Figure = {
        "metric": "part", "of": table["id"], "column": table["cols"][0], "n": whole, "kind": "none", "percent": None, "low": None,
        "high": None,
    }  # fmt: skip
    if whole is not None and whole < SHARE_FROM:
        return figure | {"reason": "too_few"}
    if some is None or whole is None:
        return figure | {"reason": "hidden"}
    low = floor(100 * max(0, some - ROUNDED_BY) / (whole + ROUNDED_BY))
    high = min(100, ceil(100 * (some + ROUNDED_BY) / (whole - ROUNDED_BY)))
    share = min(100, percentage(some, whole) or 0)
    return figure | {"kind": "share", "percent": share, "low": low, "high": high, "reason": None}


def come_in(fact: dict[str, Any]) -> Figure:
    """Return the share of groups into which everybody comes without asking, among those that everybody sees; rounded down."""
    whole, some = fact["groups"], fact["open"]
    figure: Figure = {
        "metric": "part", "of": GROUPS, "column": "open", "n": whole, "kind": "none", "percent": None, "low": None, "high": None,
    }  # fmt: skip
    if whole < GROUPS_FROM:
        return figure | {"reason": "too_few"}
    share = 100 * some // whole  # exact counts: at least N in 100 is reached where this is N or more
    return figure | {"kind": "share", "percent": share, "low": share, "high": share, "reason": None}


def funds(fact: dict[str, Any]) -> list[Figure]:
    """Return for each currency how money lies with groups, those that received none among them (metrics ``hhi`` and ``gini``).

    ``received``: how many of the ``n`` groups received some; ``one``, ``three``: what the one and the three with most have, in per
    cent; ``others``: what the one has not, rounded down; ``equal``: as if so many had shared it equally (1/H, Laakso and Taagepera
    1979); ``gini``: corrected for their number (Deltas 2003). A sum that is negative or missing
    is never taken for 0: then nothing is told of that currency, with the reason ``bad_amounts``.
    """
    by, groups = fact["by"], fact["groups"]
    if groups < GROUPS_FROM:
        return [_spread("", [], groups, fact)]
    most = sorted(by, key=lambda code: (-len(by[code]), code))
    return [_spread(code, by[code], groups, fact) for code in most] or [_spread("", [], groups, fact)]


def _spread(currency: str, sums: list[Any], groups: int, fact: dict[str, Any]) -> Figure:
    figure: Figure = {
        "metric": "funds", "of": currency, "n": groups, "received": len(sums), "since": fact["since"], "until": fact["until"],
        "kind": "none", "one": None, "three": None, "others": None, "equal": None, "gini": None,
    }  # fmt: skip
    if groups < GROUPS_FROM:
        return figure | {"reason": "too_few"}
    values = [*sums, *[0] * (groups - len(sums))]
    try:
        index, uneven = calculate("hhi", {"values": values}), calculate("gini", {"values": values})
    except BadNumbers:
        return figure | {"reason": "bad_amounts"}
    if index["value"] is None:
        return figure | {"reason": index["reason"]}
    told = {"one": round(100 * index["top1_share"]), "three": round(100 * index["top3_share"])}
    told |= {"others": floor(100 * (1 - index["top1_share"]) + 1e-9)}
    told |= {"equal": round(index["effective_groups"], 1), "gini": round(uneven["corrected"], 2)}
    return figure | {"kind": "share", **told, "reason": None}


def _reached(wanted: dict[str, int], shares: list[Figure], money: list[Figure]) -> list[Figure]:
    """Return whether shares reach what is wanted; of money: what did not go to the group with most, in every currency."""
    ends = {one["of"]: (one["low"], one["high"]) for one in shares}
    told = [one["others"] for one in money]
    ends[FUNDS] = (min(told), min(told)) if told and None not in told else (None, None)
    found = []
    for what, least in wanted.items():
        if what in ends:
            low, high = ends[what]
            met = None if low is None else True if low >= least else False if high < least else None
            found.append({"metric": "goal", "of": what, "least": least, "met": met})
    return found
