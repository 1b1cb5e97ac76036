"""Who may be proposed to whom, and how well they fit: hard rules in their order, then a score in whole numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from app.domain.mentoring.people import AGE_BANDS, CONVERSATION, FLUENT, NEEDS, Mentee, Mentor, Need
from app.domain.mentoring.weights import CURRENT, Components, Weights

FULL: Final = "mentor_full_or_paused"
COUNTRY: Final = "country"
BLOCKED: Final = "blocked"
DECLINED: Final = "declined_before"
LANGUAGE: Final = "language"
GENDER: Final = "gender_required"
ACCEPTS: Final = "mentor_accepts"
MINOR: Final = "minor"
TRAINED: Final = "asks_trained"
TIME: Final = "no_shared_time"
CHANNEL: Final = "no_shared_channel"
MINIMUM: Final = "below_minimum"
REASONS: Final = (FULL, COUNTRY, BLOCKED, DECLINED, LANGUAGE, GENDER, ACCEPTS, MINOR, TRAINED, TIME, CHANNEL, MINIMUM)
REQUIRED: Final = {"woman_required": "woman", "man_required": "man"}
PREFERRED: Final = {"woman_preferred": "woman", "man_preferred": "man"}
ONLY: Final = {"women_only": "woman", "men_only": "man"}


@dataclass(frozen=True, slots=True)
class Fit:
    """How two people fit: the first broken rule (None when they may be proposed), the components and their weighted sum.

    Components and score are None when one of the rules before the minimum is broken: then nothing is scored.
    """

    reason: str | None
    components: Components | None = None
    score: int | None = None


@dataclass(frozen=True, slots=True)
class Grounds:
    """What stands behind the components, kept with them so that they can be told in words: never worked out again later."""

    need: Need | None  # the need that counts most in the component; None when nothing asked for is met
    language: str  # the code of the best common language
    asks: bool  # the mentee named needs


def half_up(a: int, b: int) -> int:
    """Return a / b as a whole number, halves rounded up; ``a`` ≥ 0, ``b`` > 0."""
    return (2 * a + b) // (2 * b)


def common_level(mentee: Mentee, mentor: Mentor) -> int:
    """Return the level of the best common language (the lower of both people's), 0 without one."""
    return max((min(level, mentor.languages.get(code, 0)) for code, level in mentee.languages.items()), default=0)


def is_near(mentee: Mentee, mentor: Mentor) -> bool:
    """Say whether the mentor lives in the mentee's region or in a neighbouring one."""
    return mentor.region == mentee.region or mentor.region in mentee.neighbours


def has_channel(mentee: Mentee, mentor: Mentor) -> bool:
    """Say whether they share a way to talk; meeting in person needs a vetted mentor who lives near."""
    shared = set(mentee.channels).intersection(mentor.channels)
    if "in_person" in shared and not (mentor.vetted and is_near(mentee, mentor)):
        shared.remove("in_person")
    return bool(shared)


# Each says whether the rule is kept. The order decides which reason is told.
HARD_RULES: Final[tuple[tuple[str, Callable[[Mentee, Mentor], bool]], ...]] = (
    (FULL, lambda mentee, mentor: mentor.places > 0),
    (COUNTRY, lambda mentee, mentor: mentee.country == mentor.country),
    (BLOCKED, lambda mentee, mentor: mentor.id not in mentee.blocked and mentee.id not in mentor.blocked),
    (DECLINED, lambda mentee, mentor: mentor.id not in mentee.declined and mentee.id not in mentor.declined),
    (LANGUAGE, lambda mentee, mentor: common_level(mentee, mentor) >= CONVERSATION),
    (GENDER, lambda mentee, mentor: REQUIRED.get(mentee.gender_rule, mentor.gender) == mentor.gender),
    (ACCEPTS, lambda mentee, mentor: ONLY.get(mentor.accepts, mentee.gender) == mentee.gender),
    (MINOR, lambda mentee, mentor: mentee.adult and mentor.adult),
    (TRAINED, lambda mentee, mentor: not mentee.asks_trained or (mentor.vetted and mentor.trained)),
    (TIME, lambda mentee, mentor: not mentee.slots.isdisjoint(mentor.slots)),
    (CHANNEL, has_channel),
)


def first_broken(mentee: Mentee, mentor: Mentor) -> str | None:
    """Return the first of the hard rules before the score that this pair breaks, or None."""
    return next((reason for reason, kept in HARD_RULES if not kept(mentee, mentor)), None)


def fit(mentee: Mentee, mentor: Mentor, weights: Weights = CURRENT) -> Fit:
    """Judge one pair by every rule, in order."""
    reason = first_broken(mentee, mentor)
    if reason is not None:
        return Fit(reason)
    found = components(mentee, mentor, weights)
    total = score(found, weights)
    return Fit(MINIMUM if total < weights.minimum else None, found, total)


def components(mentee: Mentee, mentor: Mentor, weights: Weights = CURRENT) -> Components:
    """Return the components of a pair that keeps the hard rules, 0 to 1000 each."""
    return Components(
        needs=_needs(mentee, mentor),
        language=1000 if common_level(mentee, mentor) == FLUENT else weights.conversation,
        place=_place(mentee, mentor, weights),
        abroad=0 if mentee.hosts.isdisjoint(mentor.hosts) else 1000,
        contact=_contact(mentee, mentor, weights),
        gender=1000 if PREFERRED.get(mentee.gender_rule, mentor.gender) == mentor.gender else 0,
        age=_age(mentee, mentor),
    )


def score(components: Components, weights: Weights = CURRENT) -> int:
    """Return the weighted sum of components, 0 to 1000."""
    return half_up(sum(weight * part for weight, part in zip(weights.parts, components, strict=True)), 1000)


def aging(waited_days: int, weights: Weights = CURRENT) -> int:
    """Return the bonus for having waited."""
    return min(weights.aging_most, half_up(weights.aging_most * waited_days, weights.aging_days))


def grounds(mentee: Mentee, mentor: Mentor) -> Grounds:
    """Return what stands behind the components of a pair that keeps the hard rules."""
    met = {need: mentee.needs.get(need, 0) * mentor.experience.get(need, 0) for need in NEEDS}
    best = max(NEEDS, key=lambda need: met[need])
    common = {code: min(level, mentor.languages.get(code, 0)) for code, level in mentee.languages.items()}
    return Grounds(
        need=best if met[best] else None,
        language=min(common, key=lambda code: (-common[code], code)),
        asks=bool(mentee.needs),
    )


def _needs(mentee: Mentee, mentor: Mentor) -> int:
    wanted = sum(mentee.needs.values())
    met = sum(weight * min(3, mentor.experience.get(need, 0)) for need, weight in mentee.needs.items())
    return half_up(1000 * met, 3 * wanted) if wanted else 0


def _place(mentee: Mentee, mentor: Mentor, weights: Weights) -> int:
    if mentor.region == mentee.region:
        return 1000
    return weights.neighbouring if mentor.region in mentee.neighbours else weights.same_country


def _contact(mentee: Mentee, mentor: Mentor, weights: Weights) -> int:
    shared = min(weights.most_slots, len(mentee.slots & mentor.slots))
    first = mentee.channels[0] in mentor.channels
    return half_up(weights.slots_worth * shared, weights.most_slots) + (weights.channel_worth if first else 0)


def _age(mentee: Mentee, mentor: Mentor) -> int:
    if mentee.age_band is None or mentor.age_band is None:
        return 0
    apart = abs(AGE_BANDS.index(mentee.age_band) - AGE_BANDS.index(mentor.age_band))
    return half_up(1000 * (3 - min(3, apart)), 3)
