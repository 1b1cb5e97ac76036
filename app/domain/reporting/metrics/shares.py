"""Shares of people and of activities, with the interval that belongs to them."""

from collections.abc import Sequence
from math import exp, log, sqrt
from typing import Any

from app.domain.reporting.refusing import BadNumbers, listed, whole, within

Result = dict[str, Any]
Z = 1.959963984540054  # 97.5 % of the standard normal distribution lies below
FEW = 5
_UNKNOWN = (None, "unknown")


def interval(k: int, n: int) -> tuple[float, float]:
    """Return the 95 % interval of a share of ``k`` in ``n`` > 0, cut to 0…1 (Wilson 1927)."""
    share, square = k / n, Z * Z / n
    middle, half = share + square / 2, Z * sqrt(share * (1 - share) / n + square / (4 * n))
    return max(0.0, (middle - half) / (1 + square)), min(1.0, (middle + half) / (1 + square))


def wilson(k: Any, n: Any) -> Result:
    """Return the share k/n with its 95 % Wilson interval (Wilson 1927); null when n is 0."""
    part, base = whole(k, "The part"), whole(n, "The whole")
    within(part, base, "The share")
    if not base:
        return {"value": None, "low": None, "high": None, "reason": "zero_denominator"}
    low, high = interval(part, base)
    return {"value": part / base, "low": low, "high": high, "reason": None}


def openness(activities: Any) -> Result:
    """Return the share of activities ("open", "closed" or null) that are open to people who never migrated.

    Wilson interval over the known ones; unknown ones are left out and counted, ``coverage`` is known/all. Fewer than five
    known ones: a warning beside the number.
    """
    answers: Sequence[Any] = listed(activities, "The activities")
    wrong = [a for a in answers if a not in _UNKNOWN and a not in ("open", "closed")]
    if wrong:
        raise BadNumbers('An activity is "open", "closed" or null.')
    known = [a for a in answers if a not in _UNKNOWN]
    result = wilson(known.count("open"), len(known))
    if 0 < len(known) < FEW:
        result["reason"] = "fewer_than_5"
    return result | {"coverage": len(known) / len(answers) if answers else None, "unknown": len(answers) - len(known)}


def women_share(women: Any, men: Any, other: Any, undisclosed: Any) -> Result:
    """Return the share of women among those who told their gender, and what it could be among all.

    share = W/(W+M+O); ``low`` = W/N and ``high`` = (W+U)/N: none or all of the undisclosed are women (the bounds of
    Manski 1989, no assumption about who stays silent); ``response_rate`` = (W+M+O)/N.
    """
    w, m = whole(women, "The number of women"), whole(men, "The number of men")
    o, u = whole(other, "The number of others"), whole(undisclosed, "The number of undisclosed")
    told, everyone = w + m + o, w + m + o + u
    if not everyone:
        return {**dict.fromkeys(("share", "low", "high", "response_rate")), "reason": "zero_denominator"}
    return {
        "share": w / told if told else None, "low": w / everyone, "high": (w + u) / everyone,
        "response_rate": told / everyone, "reason": None if told else "nobody_disclosed",
    }  # fmt: skip


def participation_ratio(women_in: Any, total_in: Any, women_ref: Any, total_ref: Any) -> Result:
    """Return the share of women in something divided by their share in the reference population (method of SDG 16.7.1)."""
    w, n = whole(women_in, "The women"), whole(total_in, "The total")
    ref_w, ref_n = whole(women_ref, "The women of the reference"), whole(total_ref, "The total of the reference")
    within(w, n, "The women")
    within(ref_w, ref_n, "The women of the reference")
    if not n or not ref_w or not ref_n:
        return {"value": None, "reason": "zero_denominator"}
    return {"value": (w * ref_n) / (n * ref_w), "reason": None}


def parity_index(served_w: Any, eligible_w: Any, served_m: Any, eligible_m: Any) -> Result:
    """Return the rate of women served over the rate of men served, with the 95 % interval of the logarithm.

    The gender parity index of UNESCO, with the interval of a ratio of two proportions by Katz et al. (1978):
    exp(log R ± z·√(1/a − 1/n₁ + 1/c − 1/n₂)). No woman served: 0 without an interval.
    """
    a, n1 = whole(served_w, "The women served"), whole(eligible_w, "The women eligible")
    c, n2 = whole(served_m, "The men served"), whole(eligible_m, "The men eligible")
    within(a, n1, "The women served")
    within(c, n2, "The men served")
    if not n1 or not n2 or not c:
        return {"value": None, "low": None, "high": None, "reason": "zero_denominator"}
    if not a:
        return {"value": 0.0, "low": None, "high": None, "reason": "no_interval"}
    ratio = (a * n2) / (n1 * c)
    spread = Z * sqrt(1 / a - 1 / n1 + 1 / c - 1 / n2)
    return {"value": ratio, "low": exp(log(ratio) - spread), "high": exp(log(ratio) + spread), "reason": None}
