"""Whether women and men are in different groups, beyond what chance alone does."""

from functools import cache
from math import exp, fsum, lgamma, sqrt
from typing import Any

from app.domain.reporting.refusing import listed, mapped, whole

Result = dict[str, Any]
FAR = 40  # standard deviations


def dissimilarity(groups: Any) -> Result:
    """Return D = ½ Σ |w_i/W − m_i/M| over groups of ``women`` and ``men`` (Duncan and Duncan 1955), also corrected for chance.

    ``expected_random`` is the mean of D if people were put into groups of the same sizes by lot (hypergeometric; Cortese, Falk
    and Cohen 1976); ``adjusted`` = (D − that)/(1 − that) (Winship 1977), which may be below 0.
    """
    rows = [mapped(g, "A group") for g in listed(groups, "The groups")]
    pairs = [(whole(g.get("women"), "The women of a group"), whole(g.get("men"), "The men of a group")) for g in rows]
    women, men = sum(w for w, _m in pairs), sum(m for _w, m in pairs)
    if not women or not men:
        return {"value": None, "expected_random": None, "adjusted": None, "reason": "one_sex_missing"}
    value = fsum(abs(w / women - m / men) for w, m in pairs) / 2
    by_size = cache(lambda size: _mean_gap(size, women, men))
    expected = fsum(by_size(w + m) for w, m in pairs) / 2
    if expected >= 1:  # nobody shares a group with anybody: chance separates as far as can be
        return {"value": value, "expected_random": expected, "adjusted": None, "reason": "zero_denominator"}
    return {"value": value, "expected_random": expected, "adjusted": (value - expected) / (1 - expected), "reason": None}


def _mean_gap(size: int, women: int, men: int) -> float:
    """Return the mean of |w/W − m/M| in a group of ``size`` people drawn by lot."""
    everyone = women + men
    draws, likely = _choices(everyone, size), size * women / everyone
    reach = FAR * (1 + sqrt(likely * men / everyone))  # what lies further off never happens, and would take long to add up
    first, last = max(0, size - men, int(likely - reach)), min(size, women, int(likely + reach) + 1)
    return fsum(
        exp(_choices(women, w) + _choices(men, size - w) - draws) * abs(w / women - (size - w) / men)
        for w in range(first, last + 1)
    )


def _choices(n: int, k: int) -> float:
    """Return the logarithm of the number of ways to choose ``k`` of ``n``."""
    return lgamma(n + 1) - lgamma(k + 1) - lgamma(n - k + 1)
