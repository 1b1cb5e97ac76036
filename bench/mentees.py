"""Invented mentees and mentors for ``hearth bench matching``: countries of unlike size, few women mentors, remote regions."""

import random
from collections.abc import Sequence
from typing import Any, Final

from app.domain.mentoring.people import AGE_BANDS, NEEDS, SLOTS, Mentee, Mentor

# Country: weight, regions, remote ones, languages at home (code, share of people who speak it well), countries lived in.
COUNTRIES: Final = {
    "BD": (22, 6, (), (("bn", 0.8), ("ctg", 0.5), ("syl", 0.3)), ("LY", "QA", "NE", "ES", "TN")),
    "ET": (15, 8, (2, 7), (("am", 0.8), ("so", 0.3), ("om", 0.4)), ("SA", "AE", "SD")),
    "PH": (12, 5, (3, 4), (("fil", 0.9), ("ilo", 0.4), ("ceb", 0.4)), ("AE", "SA", "KW")),
    "AF": (11, 7, (6,), (("prs", 0.7), ("ps", 0.5), ("uz", 0.2)), ("TR", "RS", "IR", "DE")),
    "NG": (10, 6, (5,), (("en", 0.8), ("yo", 0.4), ("ha", 0.4)), ("LY", "NE", "AE", "IT")),
    "SN": (8, 7, (6,), (("wo", 0.8), ("fr", 0.6), ("ff", 0.4)), ("ES", "MR", "MA")),
    "GE": (6, 5, (2,), (("ka", 0.9), ("az", 0.2), ("ru", 0.3)), ("DE", "FR", "TR")),
    "HN": (5, 5, (4,), (("es", 0.98), ("miq", 0.1)), ("MX", "US")),
    "TN": (4, 5, (4,), (("ar", 0.98), ("fr", 0.5)), ("IT", "FR", "LY")),
    "ML": (3, 6, (5, 6), (("bm", 0.8), ("fr", 0.5), ("ff", 0.3)), ("DZ", "LY", "FR")),
    "IQ": (2, 4, (), (("ar", 0.8), ("ckb", 0.4)), ("DE", "FI", "TR")),
    "GM": (2, 4, (4,), (("mnk", 0.6), ("wo", 0.5), ("en", 0.5)), ("LY", "IT", "NE")),
}
ABROAD: Final = ("ar", "fr", "es", "it", "de", "en")
CHANNELS: Final = (("chat", "phone"), ("in_person", "phone", "chat"), ("phone", "chat"), ("in_person", "phone"), ("phone",),
                   ("in_person",), ("chat",))  # fmt: skip


def invented(mentees: int, mentors: int, seed: int, countries: int | None = None) -> tuple[list[Mentee], list[Mentor]]:
    """Return people drawn with a seed; ``countries`` the number of countries, by size of the network unless given."""
    dice = random.Random(seed)
    many = countries or min(len(COUNTRIES), 2 + mentees // 400)
    names = list(COUNTRIES)[:many]
    asking = [mentee(dice, f"m{number:05}", names) for number in range(mentees)]
    helping = [mentor(dice, f"t{number:05}", names) for number in range(mentors)]
    return _kept_apart(dice, asking, helping)


def mentee(dice: random.Random, name: str, countries: Sequence[str], waited: int | None = None) -> Mentee:
    """Return one mentee; ``waited`` days, drawn unless given."""
    facts = _person(dice, name, countries, gender=(27, 65, 1, 7))
    adult = dice.random() < 0.98
    rule = dice.choices(("any", "required", "preferred"), (50, 33, 17) if facts["gender"] == "woman" else (93, 1, 6))[0]
    sex = facts["gender"] if facts["gender"] in ("woman", "man") else "woman"
    needs = dice.choices(NEEDS, k=dice.choices((1, 2, 3, 4), (16, 38, 32, 14))[0])
    return Mentee(
        **{**facts, "age_band": facts["age_band"] if adult else None}, adult=adult,
        needs={need: dice.randint(1, 3) for need in needs}, gender_rule=rule if rule == "any" else f"{sex}_{rule}",
        asks_trained=dice.random() < 0.09, waited_days=min(400, int(dice.expovariate(1 / 40))) if waited is None else waited,
    )  # fmt: skip


def mentor(dice: random.Random, name: str, countries: Sequence[str]) -> Mentor:
    """Return one mentor."""
    facts = _person(dice, name, countries, gender=(20, 72, 0, 8))
    only = {"woman": ("women_only", 0.2), "man": ("men_only", 0.04)}.get(facts["gender"], ("any", 0))
    known = dice.sample(NEEDS, dice.choices((2, 3, 4, 5, 6), (30, 25, 15, 18, 12))[0])
    return Mentor(
        **facts, adult=True, kind=dice.choices(("returned", "local_ally", "professional"), (80, 10, 10))[0],
        experience={need: dice.randint(1, 3) for need in known}, accepts=only[0] if dice.random() < only[1] else "any",
        capacity=dice.choices((2, 3, 4, 5, 6), (10, 27, 43, 17, 3))[0], caseload=dice.choices((0, 1, 2), (27, 53, 20))[0],
        vetted=dice.random() < 0.67, trained=dice.random() < 0.4, active=dice.random() < 0.93,
    )  # fmt: skip


def _person(dice: random.Random, name: str, countries: Sequence[str], gender: tuple[int, int, int, int]) -> dict[str, Any]:
    country = dice.choices(countries, [COUNTRIES[c][0] for c in countries])[0]
    _weight, regions, remote, spoken, hosts = COUNTRIES[country]
    region = dice.choices(range(1, regions + 1), [1 if n in remote else 3 for n in range(1, regions + 1)])[0]
    languages = {code: dice.choices((3, 2, 1), (75, 17, 8))[0] for code, share in spoken if dice.random() < share}
    languages |= {dice.choice(ABROAD): dice.choice((1, 2, 2, 3)) for _ in range(dice.choice((0, 1, 1)))}
    around = {(region - 2) % regions + 1, region % regions + 1} - {region}
    return {
        "id": name, "country": country, "region": f"{country}-{region:02}", "remote": region in remote,
        "neighbours": frozenset(f"{country}-{n:02}" for n in around), "languages": languages or {spoken[0][0]: 3},
        "hosts": frozenset(dice.sample(hosts, dice.choices((0, 1, 2), (8, 58, 34))[0])),
        "gender": dice.choices(("woman", "man", "another", "undisclosed"), gender)[0],
        "age_band": dice.choices(AGE_BANDS, (27, 38, 22, 13))[0],
        "slots": frozenset(dice.sample(range(SLOTS), dice.choices((2, 3, 4, 5, 6), (18, 21, 24, 17, 20))[0])),
        "channels": dice.choices(CHANNELS, (18, 18, 16, 13, 13, 11, 11))[0],
        "blocked": frozenset(), "declined": frozenset(),
    }  # fmt: skip


def _kept_apart(dice: random.Random, mentees: list[Mentee], mentors: list[Mentor]) -> tuple[list[Mentee], list[Mentor]]:
    """Let a few people have blocked or declined somebody of their country."""
    from dataclasses import replace

    at_home: dict[str, list[str]] = {}
    for one in mentors:
        at_home.setdefault(one.country, []).append(one.id)
    changed = []
    for one in mentees:
        others = at_home.get(one.country, [])
        if others and dice.random() < 0.08:
            field = dice.choice(("blocked", "declined"))
            one = replace(one, **{field: frozenset(dice.choices(others, k=1))})
        changed.append(one)
    return changed, mentors
