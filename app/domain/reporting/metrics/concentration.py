"""How unequally money is spread: over groups (Gini, Herfindahl) and over the members in them."""

from itertools import accumulate
from math import fsum
from typing import Any

from app.domain.reporting.refusing import listed, mapped, number, whole

Result = dict[str, Any]


def gini(values: Any) -> Result:
    """Return the Gini coefficient of amounts, one per group; groups that received nothing count.

    G = 2·Σ i·x_i / (n·S) − (n+1)/n with x sorted upwards and S its sum (Sen 1973, On Economic Inequality);
    ``corrected`` = G·n/(n−1), so that "one group has everything" is 1 for any n (Deltas 2003).
    Null with a reason for no groups or a sum of 0; one group is 0 without a corrected value.
    """
    amounts = sorted(number(v, "An amount") for v in listed(values, "The amounts"))
    n, total = len(amounts), fsum(amounts)
    if not n or not total:
        return {"value": None, "corrected": None, "reason": "zero_total" if n else "no_groups"}
    if n == 1:
        return {"value": 0.0, "corrected": None, "reason": "single_group"}
    value = 2 * fsum(i * x for i, x in enumerate(amounts, 1)) / (n * total) - (n + 1) / n
    return {"value": value, "corrected": value * n / (n - 1), "reason": None}


def gini_per_member(groups: Any) -> Result:
    """Return the Gini coefficient of funds per member, every member counting once (groups of ``funds`` and ``members``).

    Σ_ab m_a·m_b·|f_a/m_a − f_b/m_b| / (2·μ·M²), μ = funds per member overall, M = all members: the mean difference of a
    weighted population (Gini 1912; Lerman and Yitzhaki 1989). Groups without members are left out and counted.
    """
    rows = [mapped(g, "A group") for g in listed(groups, "The groups")]
    pairs = [(number(g.get("funds"), "The funds of a group"), whole(g.get("members"), "The members of a group")) for g in rows]
    peopled = sorted((f / m, m) for f, m in pairs if m)
    result: Result = {"value": None, "groups_without_members": len(pairs) - len(peopled), "reason": None}
    funds = fsum(f for f, m in pairs if m)
    if not peopled or not funds:
        return result | {"reason": "zero_total" if peopled else "no_groups"}
    members = sum(m for _rate, m in peopled)
    before = [0, *accumulate(m for _rate, m in peopled)]
    # Sorted upwards, a group's rate stands above all members before it and below all members after it.
    apart = fsum(m * rate * (before[i] - (members - before[i + 1])) for i, (rate, m) in enumerate(peopled))
    return result | {"value": apart / (funds * members)}


def hhi(values: Any) -> Result:
    """Return how far the sum lies with few: Herfindahl–Hirschman index Σ s_i² of the shares s_i (1/n … 1).

    ``normalised`` = (H − 1/n)/(1 − 1/n); ``effective_groups`` = 1/H (Laakso and Taagepera 1979); the shares of the largest
    one and the largest three. Null with a reason for no groups or a sum of 0.
    """
    amounts = sorted((number(v, "An amount") for v in listed(values, "The amounts")), reverse=True)
    n, total = len(amounts), fsum(amounts)
    names = ("value", "normalised", "effective_groups", "top1_share", "top3_share")
    if not n or not total:
        return {**dict.fromkeys(names), "reason": "zero_total" if n else "no_groups"}
    shares = [x / total for x in amounts]
    index = fsum(s * s for s in shares)
    normalised = (index - 1 / n) / (1 - 1 / n) if n > 1 else None
    found = (index, normalised, 1 / index, shares[0], fsum(shares[:3]))
    return {**dict(zip(names, found, strict=True)), "reason": None if n > 1 else "single_group"}
