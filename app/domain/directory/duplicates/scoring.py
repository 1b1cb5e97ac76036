"""How sure it is that two listings are one: the evidence of every field added up, with a reason for each part."""

from math import exp, log, log1p
from typing import NamedTuple

from app.domain.directory.duplicates import vetoes
from app.domain.directory.duplicates.evidence import WEIGHTS, plan
from app.domain.directory.duplicates.facts import Facts
from app.domain.directory.duplicates.saying import MOST_NAMED, Part, described, named

__all__ = ["LIKELY", "MAYBE", "Match", "Part", "Reason", "match", "weigh"]

LIKELY, MAYBE = 0.80, 0.08
START = -5.2  # a pair that shares a block is rarely one listing
MOST_CONTACT, MOST_PLACE, MOST_AROUND = 3.6, 3.0, 5.5  # a house full of services agrees in all of it
OPPOSED = -4.0  # "Clinic 1" and "Clinic 2": shown only where all else is the same, for a number can be a telephone's or a street's
JUST_BELOW = 0.79  # what a pair with a veto reaches at most
SHOWN, NOT_LIKELY = (log(share / (1 - share)) for share in (MAYBE, JUST_BELOW))


class Reason(NamedTuple):
    """One part of a score: its code (of ``evidence.WEIGHTS``, or ``name_…``, ``text_…``), and what it adds to the log-odds."""

    code: str
    adds: float


class Match(NamedTuple):
    """Two listings that may be one; ``id1`` sorts before ``id2``, the strongest reason stands first."""

    id1: str
    id2: str
    score: float
    band: str
    reasons: tuple[Reason, ...]


def weigh(a: Facts, b: Facts, found: list[Part]) -> float | None:
    """Return the logarithm of the odds that both are one listing, None below ``SHOWN``.

    The sum of the evidence, with that for contact, place and organisation capped together; its parts are put into ``found``.
    """
    total = START + _fixed(a, b, found)
    opposed = vetoes.opposed(a, b)
    if opposed:
        found.append(("opposed", OPPOSED))
        total += OPPOSED
    text, adds = described(a, b)
    if text:
        found.append((text, adds))
        total += adds
    if total + MOST_NAMED < SHOWN:
        return None
    for part in named(a, b):
        found.append(part)
        total += part[1]
    if total > NOT_LIKELY and (opposed or vetoes.never_likely(a, b, {code for code, _adds in found})):
        total = NOT_LIKELY
    return total if total >= SHOWN else None


def match(a: Facts, b: Facts, rivals: float = 0.0) -> Match | None:
    """Return how sure it is that both are one listing, None below ``MAYBE``. The same for either order.

    ``rivals`` are the odds of other listings that either could be instead (see ``finding``): of those, only one is right.
    """
    if a.id > b.id:
        a, b = b, a
    found: list[Part] = []
    total = weigh(a, b, found)
    if total is None:
        return None
    if rivals:
        found.append(("rivals", -log1p(rivals)))
        total -= log1p(rivals)
    if total < SHOWN:
        return None
    score = 1 / (1 + exp(-total))
    reasons = sorted((Reason(code, round(adds, 2)) for code, adds in found if code), key=lambda r: (-abs(r.adds), r.code))
    return Match(a.id, b.id, round(score, 4), "likely" if score >= LIKELY else "maybe", tuple(reasons))


def _fixed(a: Facts, b: Facts, found: list[Part]) -> float:
    """Return what who, where and the small things add; evidence against is never capped."""
    place, contact, who, rest = plan(a.has & b.has)
    support = against = 0.0
    for features, most in ((place, MOST_PLACE), (contact, MOST_CONTACT), (who, MOST_AROUND)):
        group = 0.0
        for feature in features:
            if code := feature(a, b):
                adds = WEIGHTS[code]
                found.append((code, adds))
                if adds > 0:
                    group += adds
                else:
                    against += adds
        support += group if group <= most else most  # noqa: FURB136 (called for every pair)
    codes = [feature(a, b) for feature in rest]
    if a.country != b.country and a.country and b.country:
        codes.append("country_other")
    if a.partner == b.partner and a.partner:  # one partner rarely lists a thing twice, and often lists things that look alike
        codes.append("partner_same")
    for code in codes:
        found.append((code, WEIGHTS[code]))
        against += WEIGHTS[code]
    return min(support, MOST_AROUND) + against
