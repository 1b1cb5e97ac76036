"""People for the tests of mentoring: plain ones to change, and drawn ones that make every rule matter."""

import random
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from app.domain.mentoring.people import AGE_BANDS, CHANNELS, Mentee, Mentor

_PERSON: dict[str, Any] = {
    "country": "SN", "region": "SN-02", "neighbours": frozenset({"SN-01", "SN-03"}), "remote": False, "languages": {"wo": 3},
    "hosts": frozenset({"ES"}), "gender": "woman", "adult": True, "age_band": "25-34", "slots": frozenset({2, 5}),
    "channels": ("phone",), "blocked": frozenset(), "declined": frozenset(),
}  # fmt: skip
MENTEE = Mentee(**_PERSON, id="m1", needs={"business": 2}, gender_rule="any", asks_trained=False, waited_days=30)
MENTOR = Mentor(
    **_PERSON, id="t1", kind="returned", experience={"business": 2}, accepts="any", capacity=2, caseload=1, vetted=True,
    trained=True, active=True,
)  # fmt: skip


def mentee(name: str = "m1", **changed: Any) -> Mentee:
    """A mentee who fits the plain mentor, unless changed."""
    return replace(MENTEE, id=name, **changed)


def mentor(name: str = "t1", **changed: Any) -> Mentor:
    """A mentor with one free place."""
    return replace(MENTOR, id=name, **changed)


def _sets(dice: random.Random, *members: Any) -> frozenset[Any]:
    return frozenset(dice.sample(members, dice.randint(0, min(3, len(members)))))


def _person(dice: random.Random, name: str, others: str) -> dict[str, Any]:
    """Few places, languages and names, so that every rule is kept and broken often."""
    names = [f"{others}{n}" for n in range(9)]
    return {
        "id": name, "country": "GN" if dice.random() < 0.06 else "SN", "region": dice.choice(("R1", "R2", "R3", "R4")),
        "neighbours": _sets(dice, "R1", "R2", "R3"), "remote": dice.random() < 0.5, "hosts": _sets(dice, "ES", "MR"),
        "languages": {code: dice.choice((3, 3, 2, 2, 2, 1)) for code in ("wo", "fr", "ff") if dice.random() < 0.9},
        "gender": dice.choice(("woman", "man", "another", "undisclosed")), "adult": dice.random() < 0.95,
        "age_band": dice.choice((*AGE_BANDS, None)), "slots": frozenset(dice.sample((0, 1, 2, 3, 13), dice.randint(1, 4))),
        "channels": tuple(dice.sample(CHANNELS, dice.randint(1, 3))),
        "blocked": _sets(dice, *names) if dice.random() < 0.1 else frozenset(),
        "declined": _sets(dice, *names) if dice.random() < 0.1 else frozenset(),
    }  # fmt: skip


def _weights(dice: random.Random, least: int) -> dict[Any, int]:
    return {need: dice.randint(least, 3) for need in sorted(_sets(dice, "business", "legal", "health"))}


def mentee_of(number: int, name: str) -> Mentee:
    """Somebody who breaks a rule now and then, drawn with a number."""
    dice = random.Random(number)
    return Mentee(
        **_person(dice, name, "t"), needs=_weights(dice, 1), asks_trained=dice.random() < 0.2, waited_days=dice.randint(0, 120),
        gender_rule=dice.choice(("any", "any", "any", "woman_preferred", "man_preferred", "woman_required", "man_required")),
    )  # fmt: skip


def mentor_of(number: int, name: str) -> Mentor:
    """Somebody with or without a place, drawn with a number."""
    dice = random.Random(number)
    return Mentor(
        **_person(dice, name, "m"), kind=dice.choice(("returned", "local_ally", "professional")), experience=_weights(dice, 0),
        accepts=dice.choice(("any", "any", "any", "any", "women_only", "men_only")), capacity=dice.choice((1, 1, 2)),
        caseload=dice.choice((0, 0, 0, 0, 1)), vetted=dice.random() < 0.7, trained=dice.random() < 0.5, active=dice.random() < 0.9,
    )  # fmt: skip


def rounds(mentees: int, mentors: int) -> st.SearchStrategy[tuple[tuple[Mentee, ...], tuple[Mentor, ...]]]:
    """People of a small round, at most so many: drawn by numbers, which is a hundred times quicker than field by field."""
    numbers = st.integers(0, 2**32)
    return st.tuples(
        st.lists(numbers, max_size=mentees).map(lambda all_: tuple(mentee_of(n, f"m{k}") for k, n in enumerate(all_))),
        st.lists(numbers, max_size=mentors).map(lambda all_: tuple(mentor_of(n, f"t{k}") for k, n in enumerate(all_))),
    )
