"""What each field says about two listings: for, against, or nothing. Weights are natural logarithms of odds.

A weight is reasoned as ln(how often copies of one listing agree so / how often two listings of one town agree so), rounded; fields
that depend on each other (a telephone number, a mailbox and a web site of one house) are capped together. ``docs/duplicates.md``
tells where the figures come from and how they were tried.
"""

from collections.abc import Callable
from functools import cache, lru_cache

from rapidfuzz.distance import OSA

from app.domain.directory.duplicates.contacts import same_number
from app.domain.directory.duplicates.facts import Facts, has_bit
from app.domain.directory.duplicates.likeness import heard_alike, likeness
from app.domain.directory.duplicates.naming import Name
from app.domain.directory.duplicates.places import Address, compare_towns, km_apart, street_share

WEIGHTS = {
    "phone_same": 2.8, "phone_other": -0.6,
    "mailbox_same": 1.6, "mailbox_other": -0.6,
    "page_same": 1.4, "site_same": 0.6, "site_other": -0.5,
    "organization_same": 1.5, "organization_like": 0.8, "organization_unsure": -1.5, "organization_other": -4.5,
    "partner_same": -1.5,
    "address_same": 2.3, "street_same": 1.0, "house_other": -2.2, "house_unsure": -0.8, "street_other": -2.5, "street_unsure": -0.4,
    "point_same": 1.3, "point_near": 0.7, "point_apart": -1.7, "point_far": -3.5, "point_elsewhere": -5.5,
    "town_same": 0.7, "town_kind": -1.5, "town_unsure": -1.5, "town_other": -5.0,
    "postcode_same": 0.5, "postcode_other": -0.4,
    "country_other": -5.0,
    "category_same": 0.5, "category_other": -0.8,
    "help_same": 2.2, "help_other": -0.5, "need_same": 0.8, "need_other": -1.5,
    "": 0.0, "number_more": -2.5, "people_more": -2.5, "people_unsure": -0.5,
}  # fmt: skip
_SAME_KM, _NEAR_KM, _AROUND_KM, _APART_KM, _FAR_KM = 0.15, 1.0, 3.0, 10.0, 30.0
_STREET, _NO_STREET = 0.6, 0.34  # part of a street's words that agree
_SAME_NAME, _LIKE_NAME, _OTHER_NAME = 0.85, 0.6, 0.4  # of organisations


def phone(a: Facts, b: Facts) -> str:
    if not a.phones.isdisjoint(b.phones):
        return "phone_same"
    loose = a.loose_phones or b.loose_phones
    return "phone_same" if loose and any(same_number(x, y) for x in a.phones for y in b.phones) else "phone_other"


def mailbox(a: Facts, b: Facts) -> str:
    if not a.mailboxes.isdisjoint(b.mailboxes):
        return "mailbox_same"
    return "mailbox_other" if a.domains.isdisjoint(b.domains) else ""


def web(a: Facts, b: Facts) -> str:
    """Two hosts below one domain ("lublin.mfa.gov.ua", "gdansk.mfa.gov.ua") say nothing: the house is one, its parts are many."""
    if a.host == b.host:
        return "page_same" if a.path and a.path == b.path else "site_same"
    return "" if a.site == b.site else "site_other"


def organization(a: Facts, b: Facts) -> str:
    x, y = a.organization, b.organization
    return "organization_same" if x is y else _organizations(x, y)


@lru_cache(maxsize=50_000)
def _organizations(x: Name, y: Name) -> str:
    if x.script != y.script:
        return "organization_like" if heard_alike(x.words, y.words) >= _STREET else ""
    like = likeness(x, y)
    if like.share >= _SAME_NAME:
        return "organization_same"
    if like.both >= 1 and not (like.only_a and like.only_b):
        return "organization_like"
    if like.share >= _LIKE_NAME:  # "Legal Aid of Bay County", "Legal Aid of Palm County": relatives, or others of one trade
        return "organization_like" if min(like.only_a, like.only_b) < 1 else "organization_unsure"
    if like.share >= _OTHER_NAME:
        return ""
    one_each = len(x.words) == len(y.words) == 1
    return "organization_unsure" if one_each and OSA.distance(x.words[0], y.words[0]) <= 1 else "organization_other"


def address(a: Facts, b: Facts) -> str:
    return _addresses(a.address, b.address)


@lru_cache(maxsize=50_000)
def _addresses(x: Address, y: Address) -> str:
    if x.words and y.words:
        share = street_share(x, y)
        if share < _STREET:
            return "" if share >= _NO_STREET else "street_other" if x.script == y.script else "street_unsure"
        if not x.numbers or not y.numbers:
            return "street_same"
    elif not x.numbers or not y.numbers:
        return ""
    return _house(x.numbers, y.numbers)


def _house(x: tuple[str, ...], y: tuple[str, ...]) -> str:
    """Compare the numbers of one street; a flat or a suite that only one of them names does not count."""
    if set(x) <= set(y) or set(y) <= set(x):
        return "address_same"
    return "house_unsure" if x[0] == y[0] else "house_other"


def point(a: Facts, b: Facts) -> str:
    km = km_apart(a.point, b.point) if a.point and b.point else _AROUND_KM
    if km <= _AROUND_KM:
        return "point_same" if km <= _SAME_KM else "point_near" if km <= _NEAR_KM else ""
    return "point_apart" if km <= _APART_KM else "point_far" if km <= _FAR_KM else "point_elsewhere"


def town(a: Facts, b: Facts) -> str:
    if a.town is b.town:
        return "town_same"
    code = compare_towns(a.town, b.town)
    if code != "town_other" or not (a.point and b.point) or a.town.numbers != b.town.numbers:
        return code
    # Beside each other: a suburb, or the town's name in a language we do not know.
    return "town_unsure" if km_apart(a.point, b.point) <= _AROUND_KM else code


def postcode(a: Facts, b: Facts) -> str:
    return "postcode_same" if a.postcode == b.postcode else "" if a.postcode[:2] == b.postcode[:2] else "postcode_other"


def category(a: Facts, b: Facts) -> str:
    if not a.categories.isdisjoint(b.categories):
        return "category_same"
    return "category_other" if a.needs and b.needs and not a.needs & b.needs else ""


Feature = Callable[[Facts, Facts], str]
# Each feature is asked only where both listings have its field.
PLACE: dict[str, Feature] = {"town": town, "point": point, "address": address, "postcode": postcode}
CONTACT: dict[str, Feature] = {"phones": phone, "mailboxes": mailbox, "host": web}
WHO: dict[str, Feature] = {"organization": organization}
ELSE: dict[str, Feature] = {"categories": category}


@cache
def plan(both_have: int) -> tuple[tuple[Feature, ...], ...]:
    """Return the features that can say something, by group: place, contact, who, everything else."""
    return tuple(tuple(f for field, f in group.items() if both_have & has_bit(field)) for group in (PLACE, CONTACT, WHO, ELSE))
