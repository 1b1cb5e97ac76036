"""What no likeness outweighs: other numbers in the names, opposed people, another town."""

from app.domain.directory.duplicates.facts import Facts
from app.domain.directory.duplicates.naming import opposed as opposed_people
from app.domain.directory.duplicates.naming import other_number

# With one of these a pair may be shown, for an address can be wrong or a name cut, but it is never called likely.
_AGAINST = frozenset({
    "town_other", "town_unsure", "town_kind", "country_other", "street_other", "house_other", "point_apart", "point_far",
    "point_elsewhere", "organization_other", "organization_unsure", "name_differs", "name_narrower",
    "number_more", "people_more", "people_unsure",
})  # fmt: skip
# One of these a likely pair has: an organisation offers the same help in many towns, and one telephone may serve them all.
_SOMEWHERE = frozenset({"address_same", "street_same", "point_same", "point_near", "town_same", "postcode_same"})
# Where neither says where it is, one of these will do.
_REACHED = frozenset({"phone_same", "mailbox_same"})
# And one of these: all else agrees between all services of one house.
_NAMED = frozenset({"name_same", "name_more", "name_like", "name_heard", "help_same"})
# And one of these, or the very same point where neither names an organisation: several offer the same help in one town.
_SOMEBODY = frozenset({
    "phone_same", "mailbox_same", "page_same", "address_same", "street_same", "organization_same", "organization_like", "text_like",
})  # fmt: skip


def opposed(a: Facts, b: Facts) -> bool:
    """Say whether two listings speak against being one, whatever else agrees: "Clinic 1" and "Clinic 2", for women and for men."""
    x, y = a.name.numbers, b.name.numbers
    numbered = bool(x and y and x != y and other_number(x, y))
    return numbered or bool(a.audience and b.audience and opposed_people(a.audience, b.audience))


def never_likely(a: Facts, b: Facts, codes: set[str]) -> bool:
    """Say whether a pair with these reasons stays below likely."""
    somewhere = _SOMEWHERE if a.placed or b.placed else _REACHED
    if not codes.isdisjoint(_AGAINST) or codes.isdisjoint(somewhere) or codes.isdisjoint(_NAMED):
        return True
    nobody = not a.organization.words and not b.organization.words
    return codes.isdisjoint(_SOMEBODY) and not (nobody and "point_same" in codes)
