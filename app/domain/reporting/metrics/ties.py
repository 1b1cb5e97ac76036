"""Who knows whom: whether ties stay among people of the same kind."""

from collections import Counter
from fractions import Fraction
from typing import Any

from app.domain.reporting.refusing import BadNumbers, listed, mapped

Result = dict[str, Any]
Pair = tuple[str, str]


def ei_index(nodes: Any, ties: Any) -> Result:
    """Return whether ties go outward: (E − I)/(E + I), −1 closed … +1 only outward (Krackhardt and Stern 1988).

    ``nodes`` maps a person to a label or null, ``ties`` is a list of pairs. Ties count once; those to oneself or to an
    unknown label are left out, the latter counted. ``expected`` is the index if every possible tie existed;
    ``density_adjusted`` = (d_E − d_I)/(d_E + d_I) with the densities d_E = E/E_max and d_I = I/I_max.
    """
    labels, known, unknown = _known_ties(nodes, ties)
    inside = sum(labels[a] == labels[b] for a, b in known)
    across = len(known) - inside
    result: Result = {
        "value": None, "expected": None, "density_adjusted": None,
        "external": across, "internal": inside, "unknown": unknown, "reason": "no_ties",
    }  # fmt: skip
    if not known:
        return result
    sizes = Counter(labels.values()).values()
    most = sum(sizes) * (sum(sizes) - 1) // 2
    most_inside = sum(n * (n - 1) // 2 for n in sizes)
    most_across = most - most_inside
    result |= {"value": (across - inside) / len(known), "expected": (most_across - most_inside) / most, "reason": None}
    if not most_across or not most_inside:
        return result | {"reason": "no_internal_tie_possible" if most_across else "one_group"}
    outward, inward = Fraction(across, most_across), Fraction(inside, most_inside)
    return result | {"density_adjusted": float((outward - inward) / (outward + inward))}


def assortativity(nodes: Any, ties: Any) -> Result:
    """Return Newman's coefficient r for labels in an undirected graph: (Σ e_kk − Σ a_k²)/(1 − Σ a_k²) (Newman 2003).

    e_kk is the share of ties inside label k, a_k the share of ends of ties at k. Null without ties or with one label only.
    Ties are cleaned as in ``ei_index``.
    """
    labels, known, _unknown = _known_ties(nodes, ties)
    if not known:
        return {"value": None, "reason": "no_ties"}
    ends = Counter(labels[person] for tie in known for person in tie)
    by_chance = sum(Fraction(n, 2 * len(known)) ** 2 for n in ends.values())
    if by_chance == 1:
        return {"value": None, "reason": "one_group"}
    inside = Fraction(sum(labels[a] == labels[b] for a, b in known), len(known))
    return {"value": float((inside - by_chance) / (1 - by_chance)), "reason": None}


def _known_ties(nodes: Any, ties: Any) -> tuple[dict[str, str], set[Pair], int]:
    """Return the known labels, the ties between them, and how many ties have an end without a label."""
    people = mapped(nodes, "The nodes")
    labels = {str(person): str(label) for person, label in people.items() if label is not None}
    once: set[Pair] = set()
    for tie in listed(ties, "The ties"):
        if not isinstance(tie, list) or len(tie) != 2:
            raise BadNumbers("A tie is a pair of people.")
        a, b = sorted(str(person) for person in tie)
        if a != b:
            once.add((a, b))
    known = {(a, b) for a, b in once if a in labels and b in labels}
    return labels, known, len(once) - len(known)
