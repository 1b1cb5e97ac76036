"""Figures of a release, made of its printed numbers alone: they tell nothing that the tables do not.

Printed counts are within two of the exact ones (R2), each by itself, so every interval is taken from the worst of both ends,
and whether enough answered from the least: what a sentence says is true whatever the exact counts are.
"""

from itertools import pairwise
from math import ceil, floor
from typing import Any, Final

from app.domain.reporting.metrics import calculate
from app.domain.reporting.metrics.shares import interval
from app.domain.reporting.protecting.shares import BAND_FROM, SHARE_FROM, percentage
from app.domain.reporting.refusing import BadNumbers
from app.domain.reporting.releasing.columns import ANOTHER, UNTOLD_MOST
from app.domain.reporting.releasing.tables import MEN, REST, WOMEN

Figure = dict[str, Any]
Raw = dict[str, Any]
ROUNDED_BY: Final = 2  # how far a printed count is from the exact one at most
ENOUGH: Final = 0.7  # of the people have to answer before a share is told rather than bounds
PARITY: Final = 40  # per cent: parity threshold of the Council of Europe (Rec(2003)3) and EIGE
RATIO_FROM: Final = 20
CLOSE: Final = 10  # points: by so much people who may have said another term can move a share that is told
STEADY: Final = 10  # points: with a response that moved more, no trend is told
RESPONSE: Final = "response"  # what can be wanted beside women's share of a step
EDGES: Final = (0, 20, 40, 60, 100)


def figures(
    tables: list[Raw], steps: list[str], reference: Figure | None, before: list[Figure], wanted: dict[str, int] | None = None
) -> list[Figure]:  # fmt: skip
    """Return every figure about people: the share of women by step, ratios, the largest drop, changes, goals (of steps)."""
    by_id = {table["id"]: table for table in tables}
    shares = [share(by_id[key]) for key in steps if key in by_id]
    found = [*shares, *(ratio(one, by_id[one["of"]], reference) for one in shares if reference)]
    if (drop := largest_drop(shares)) is not None:
        found.append(drop)
    earlier = {one["of"]: one for one in before if one["metric"] == "women_share"}
    found += [change for one in shares if (change := trend(one, earlier.get(one["of"]))) is not None]
    found += reached({what: least for what, least in (wanted or {}).items() if what in (RESPONSE, *steps)}, shares)
    if (told := response(shares, before)) is not None:
        found.append(told)
    return found


def _printed(table: Raw) -> dict[str, int | None]:
    return dict(zip(table["cols"], table["cells"][0], strict=True))


def share(table: Raw) -> Figure:
    """Return the share of women in a step: ``kind`` is share (with a Wilson interval), band, bounds, or none with a reason.

    ``response`` is the part that answered, in per cent, and ``response_most`` what it can be at most; they differ by the rounding
    and, where "another" is not a column of its own (``columns`` says how many are), by those who can have said it. Then the
    interval holds for every number of people who can have said another term; where they could move the share by more than
    ``CLOSE`` points, only the range is told.
    """
    cells, whole = _printed(table), table["total"]
    figure: Figure = {
        "metric": "women_share", "of": table["id"], "n": whole, "kind": "none", "percent": None, "low": None, "high": None,
        "response": None, "response_most": None, "columns": None, "parity": None, "reason": None,
    }  # fmt: skip
    women, men, other = cells[WOMEN], cells[MEN], cells.get(ANOTHER, 0)
    if whole is None or women is None or men is None or other is None:
        return figure | {"reason": "too_few" if whole is not None and whole < BAND_FROM else "hidden"}
    if whole < BAND_FROM:
        return figure | {"reason": "too_few"}
    said = [women, men, *([cells[ANOTHER] or 0] if ANOTHER in cells else [])]
    answered = sum(map(_least, said))  # at least so many
    unknown = 0 if ANOTHER in cells else min(UNTOLD_MOST, whole + ROUNDED_BY - answered)
    if (rest := cells.get(REST)) is not None:
        unknown = min(unknown, rest + ROUNDED_BY)
    if whole >= SHARE_FROM:
        figure["response"], figure["columns"] = min(100, percentage(sum(said), whole) or 0), len(said)
        figure["response_most"] = min(100, ceil(100 * (_most(said) + unknown) / (whole - ROUNDED_BY)))
    if answered / (whole + ROUNDED_BY) < ENOUGH:
        return figure | _bounds(women, said[1:], whole)
    most = _most(said[1:]) + unknown  # who are no women, at most
    moved = 100 * women / (women + men + other) - 100 * women / (women + men + other + unknown)
    if answered < SHARE_FROM or moved > CLOSE:
        return figure | _band(women, sum(map(_least, said[1:])), most, answered)
    low, high = _wilson(women, sum(map(_least, said[1:])), most)
    men_low, men_high = _wilson(men, _least(women) + _least(other), _most([women, *said[2:]]) + unknown)
    parity = _parity((low, high), (men_low, men_high))
    return figure | {"kind": "share", "percent": percentage(women, sum(said)), "low": low, "high": high, "parity": parity}


def _least(count: int) -> int:
    return max(0, count - ROUNDED_BY)


def _most(counts: list[int]) -> int:
    """Return what printed counts can be together at most: each is rounded by itself."""
    return sum(counts) + ROUNDED_BY * len(counts)


def _wilson(count: int, least: int, most: int) -> tuple[int, int]:
    """Return the interval in per cent of a printed count among itself and ``least`` to ``most`` others."""
    low = interval(_least(count), _least(count) + most)[0]
    high = interval(count + ROUNDED_BY, count + ROUNDED_BY + least)[1]
    return floor(100 * low), ceil(100 * high)


def _parity(women: tuple[int, int], men: tuple[int, int]) -> str:
    """Return where women and men stand against 40 %; what is said holds on the whole interval, else it is open."""
    if women[1] < PARITY:
        return "fewer_women"
    if men[1] < PARITY:
        return "fewer_men"
    return "balanced" if women[0] >= PARITY and men[0] >= PARITY else "open"


def _bounds(women: int, others: list[int], whole: int) -> Figure:
    """Return W/N and (W+U)/N (Manski 1989) in per cent, widened by the rounding; R8: only for 50 or more."""
    if whole < SHARE_FROM:
        return {"reason": "few_answered"}
    low, high = _least(women) / (whole + ROUNDED_BY), 1 - sum(map(_least, others)) / (whole + ROUNDED_BY)
    return {"kind": "bounds", "low": floor(100 * low), "high": ceil(100 * high), "reason": "few_answered"}


def _band(women: int, least: int, most: int, answered: int) -> Figure:
    """Return the bands of R8, one or more next to each other, in which the share lies whatever was rounded or merged."""
    if answered < BAND_FROM:
        return {"reason": "too_few"}
    low = _least(women) / (_least(women) + most)
    high = (women + ROUNDED_BY) / (women + ROUNDED_BY + least)
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
    alike = now["response"] is not None and before["response"] is not None and now["columns"] == before.get("columns")
    steady = alike and abs(now["response"] - before["response"]) < STEADY
    moved = "up" if now["low"] > before["high"] else "down" if now["high"] < before["low"] else "none"
    return {"metric": "trend", "of": now["of"], "change": moved if steady else "none", "before": before["percent"]}


def reached(wanted: dict[str, int], shares: list[Figure]) -> list[Figure]:
    """Return for each thing wanted whether printed figures reach it: true, false, or null where they do not say.

    A share, or the response, reaches it where its whole interval does, and misses it where its whole interval lies below.
    """
    by_step = {one["of"]: one for one in shares}
    found = []
    for what, least in wanted.items():
        one = by_step.get("joined" if what == RESPONSE else what, {})
        ends = (one.get("response"), one.get("response_most")) if what == RESPONSE else (one.get("low"), one.get("high"))
        met = True if ends[0] is not None and ends[0] >= least else False if ends[1] is not None and ends[1] < least else None
        found.append({"metric": "goal", "of": what, "least": least, "met": met})
    return found


def response(shares: list[Figure], before: list[Figure]) -> Figure | None:
    """Return whether many fewer answer than in the release before.

    Only where both are counted in the same columns: in a new quarter "another" can become a column of its own, and with it the
    printed response moves by a tenth though nobody fewer answers.
    """
    now = next((one for one in shares if one["of"] == "joined"), {})
    was = next((one for one in before if (one["metric"], one["of"]) == ("women_share", "joined")), {})
    if now.get("columns") is None or now["columns"] != was.get("columns"):
        return None
    fell = was["response"] - now["response"] >= STEADY
    return {"metric": "response", "of": "joined", "percent": now["response"], "before": was["response"], "fell": fell}
