"""Figures of a release, made of its printed numbers alone: they tell nothing that the tables do not.

Printed counts are within two of the exact ones (R2), so every interval is taken from the worst of both ends: what a
sentence says of it is true whatever the exact counts are.
"""

from itertools import pairwise
from math import ceil, floor
from typing import Any, Final

from app.domain.reporting.metrics import calculate
from app.domain.reporting.metrics.shares import interval
from app.domain.reporting.protecting.shares import BAND_FROM, SHARE_FROM, percentage
from app.domain.reporting.refusing import BadNumbers
from app.domain.reporting.releasing.tables import ANOTHER, MEN, WOMEN

Figure = dict[str, Any]
Raw = dict[str, Any]
ROUNDED_BY: Final = 2  # how far a printed count is from the exact one at most
ENOUGH: Final = 0.7  # of the people have to answer before a share is told rather than bounds
PARITY: Final = (40, 60)  # per cent: parity threshold of the Council of Europe (Rec(2003)3) and EIGE
RATIO_FROM: Final = 20
STEADY: Final = 10  # points: with a response that moved more, no trend is told
EDGES: Final = (0, 20, 40, 60, 100)


def figures(tables: list[Raw], steps: list[str], reference: Figure | None, before: list[Figure]) -> list[Figure]:
    """Return every figure: the share of women by step, ratios, the largest drop, changes, and shares of the other tables."""
    by_id = {table["id"]: table for table in tables}
    shares = [share(by_id[key]) for key in steps if key in by_id]
    found = [*shares, *(ratio(one, by_id[one["of"]], reference) for one in shares if reference)]
    if (drop := largest_drop(shares)) is not None:
        found.append(drop)
    earlier = {one["of"]: one for one in before if one["metric"] == "women_share"}
    found += [change for one in shares if (change := trend(one, earlier.get(one["of"]))) is not None]
    return found + [first_column(by_id[key]) for key in ("listings", "decisions") if key in by_id]


def _printed(table: Raw) -> dict[str, int | None]:
    return dict(zip(table["cols"], table["cells"][0], strict=True))


def share(table: Raw) -> Figure:
    """Return the share of women in a step: ``kind`` is share (with a Wilson interval), band, bounds, or none with a reason.

    ``response`` is the part that answered, in per cent; where "another" is not a column of its own, it is a lower bound.
    """
    cells, whole = _printed(table), table["total"]
    figure: Figure = {
        "metric": "women_share", "of": table["id"], "n": whole, "kind": "none", "percent": None, "low": None, "high": None,
        "response": None, "parity": None, "reason": None,
    }  # fmt: skip
    women, men, other = cells[WOMEN], cells[MEN], cells.get(ANOTHER, 0)
    if whole is None or whole < BAND_FROM:
        return figure | {"reason": "too_few"}
    if women is None or men is None or other is None:
        return figure | {"reason": "hidden"}
    told = women + men + other
    figure["response"] = min(100, percentage(told, whole) or 0) if whole >= SHARE_FROM else None
    if told / whole < ENOUGH:
        return figure | _bounds(women, men + other, whole)
    if told < SHARE_FROM:
        return figure | _band(women, men + other)
    low, high = _wilson(women, men + other)
    return figure | {"kind": "share", "percent": percentage(women, told), "low": low, "high": high, "parity": _parity(low, high)}


def _least(count: int) -> int:
    return max(0, count - ROUNDED_BY)


def _wilson(women: int, others: int) -> tuple[int, int]:
    low = interval(_least(women), _least(women) + others + ROUNDED_BY)[0]
    high = interval(women + ROUNDED_BY, women + ROUNDED_BY + _least(others))[1]
    return floor(100 * low), ceil(100 * high)


def _parity(low: int, high: int) -> str:
    """Return where a share stands against 40 %: "fewer_women" and "fewer_men" only where the whole interval says so."""
    if high < PARITY[0]:
        return "fewer_women"
    if low > PARITY[1]:
        return "fewer_men"
    return "balanced" if low >= PARITY[0] and high <= PARITY[1] else "open"


def _bounds(women: int, others: int, whole: int) -> Figure:
    """Return W/N and (W+U)/N (Manski 1989) in per cent, widened by the rounding; R8: only for 50 or more."""
    if whole < SHARE_FROM:
        return {"reason": "few_answered"}
    low, high = _least(women) / (whole + ROUNDED_BY), 1 - _least(others) / (whole + ROUNDED_BY)
    return {"kind": "bounds", "low": floor(100 * low), "high": ceil(100 * high), "reason": "few_answered"}


def _band(women: int, others: int) -> Figure:
    """Return the band or the two neighbouring bands of R8 in which the share lies whatever was rounded."""
    if women + others < BAND_FROM:
        return {"reason": "too_few"}
    low = _least(women) / (_least(women) + others + ROUNDED_BY)
    high = (women + ROUNDED_BY) / (women + ROUNDED_BY + _least(others))
    return {"kind": "band", "low": max(e for e in EDGES if e <= 100 * low), "high": min(e for e in EDGES if e >= 100 * high)}


def ratio(figure: Figure, table: Raw, reference: Figure | None) -> Figure:
    """Return the participation ratio: share in a step / share in the reference population (SDG indicator 16.7.1)."""
    found: Figure = {
        "metric": "participation_ratio", "of": figure["of"], "value": None, "low": None, "high": None, "reference": reference,
        "reason": "no_share",
    }  # fmt: skip
    if figure["kind"] != "share" or reference is None or (figure["n"] or 0) < RATIO_FROM:
        return found
    cells = _printed(table)
    told = sum(cells[name] or 0 for name in (WOMEN, MEN, ANOTHER) if name in cells)
    try:
        result = calculate("participation_ratio", {
            "women_in": cells[WOMEN], "total_in": told, "women_ref": reference["share"], "total_ref": 100,
        })  # fmt: skip
    except BadNumbers:
        return found
    if result["value"] is None:
        return found | {"reason": result["reason"]}
    ends = {end: round(figure[end] / reference["share"], 2) for end in ("low", "high")}
    return found | {"value": round(result["value"], 2), **ends, "reason": None}


def largest_drop(shares: list[Figure]) -> Figure | None:
    """Return the step where women's share falls most against the step before; ``certain`` where the intervals are apart."""
    told = [one for one in shares if one["kind"] == "share"]
    drops = [(a["percent"] - b["percent"], a, b) for a, b in pairwise(told) if b["percent"] < a["percent"]]
    if not drops:
        return None
    points, a, b = max(drops, key=lambda drop: drop[0])
    return {"metric": "largest_drop", "from": a["of"], "of": b["of"], "points": points, "certain": b["high"] < a["low"]}


def trend(now: Figure, before: Figure | None) -> Figure | None:
    """Return how a share changed: "up" or "down" only where the intervals are apart and about as many answered."""
    if before is None or now["kind"] != "share" or before["kind"] != "share":
        return None
    steady = now["response"] is not None and before["response"] is not None and abs(now["response"] - before["response"]) < STEADY
    moved = "up" if now["low"] > before["high"] else "down" if now["high"] < before["low"] else "none"
    return {"metric": "trend", "of": now["of"], "change": moved if steady else "none", "before": before["percent"]}


def first_column(table: Raw) -> Figure:
    """Return the share of the first column of a table in its total, in whole per cent (R8: of 50 or more)."""
    part, whole = table["col_totals"][0], table["total"]
    figure: Figure = {"metric": "part", "of": table["id"], "column": table["cols"][0], "n": whole, "percent": None}
    if part is None or whole is None or whole < SHARE_FROM:
        return figure | {"reason": "too_few"}
    return figure | {"percent": min(100, percentage(part, whole) or 0), "reason": None}
