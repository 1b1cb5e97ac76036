"""Why two listings may be one, or may not, in words; and what people can say about them."""

from collections.abc import Iterable
from typing import Any, Final

from app.core.i18n import N_, _
from app.models.listing_pairs import PairVerdict

# By the codes of the finder (duplicates/evidence.py, saying.py, scoring.py); a test compares.
REASONS: Final = {
    "phone_same": N_("The same telephone number"), "phone_other": N_("Other telephone numbers"),
    "mailbox_same": N_("The same e-mail address"), "mailbox_other": N_("Other e-mail addresses"),
    "page_same": N_("The same web page"), "site_same": N_("The same web site"), "site_other": N_("Other web sites"),
    "organization_same": N_("The same organisation"), "organization_like": N_("Organisations with names that are alike"),
    "organization_unsure": N_("Organisations that may be two"), "organization_other": N_("Other organisations"),
    "partner_same": N_("Both from one list, which rarely has something twice"),
    "address_same": N_("The same street and number"), "street_same": N_("The same street"),
    "house_other": N_("Another house number"),
    "house_unsure": N_("House numbers that differ a little"), "street_other": N_("Another street"),
    "street_unsure": N_("Streets that may be two"), "point_same": N_("The same point on the map"),
    "point_near": N_("Less than a kilometre apart"), "point_apart": N_("More than 3 kilometres apart"),
    "point_far": N_("More than 10 kilometres apart"), "point_elsewhere": N_("More than 30 kilometres apart"),
    "town_same": N_("The same town"), "town_kind": N_("A town and the district of that name"),
    "town_unsure": N_("Towns that may be two"), "town_other": N_("Another town"), "postcode_same": N_("The same postcode"),
    "postcode_other": N_("Another postcode"), "country_other": N_("Another country"), "category_same": N_("The same category"),
    "category_other": N_("Other categories"), "help_same": N_("The same kind of help, in other words"),
    "help_other": N_("Other kinds of help"), "need_same": N_("Help for the same need"), "need_other": N_("Help for another need"),
    "number_more": N_("Only one of the names has a number"), "people_more": N_("Only one of the names says for whom"),
    "people_unsure": N_("The names may be for other people"), "name_same": N_("The same name"),
    "name_more": N_("One name says a little more"),
    "name_narrower": N_("One name is narrower"), "name_like": N_("Names that are alike"),
    "name_differs": N_("Each name has a word of its own"), "name_other": N_("Other names"),
    "name_meant": N_("Other names for the same kind of help"), "name_heard": N_("Names that sound alike"),
    "text_like": N_("Descriptions that are alike"), "text_other": N_("Other descriptions"),
    "opposed": N_("The names speak of opposites: another number, other people, another part"),
    "rivals": N_("Another listing fits as well"),
}  # fmt: skip
VERDICTS: Final = {
    PairVerdict.SAME: (
        N_("It is the same service"), N_("One of them stands for both. Nothing is lost, and you can take it back at any time."),
    ),
    PairVerdict.RELATED: (N_("They belong together, but are two"), N_("Such as two branches, or a course and its office.")),
    PairVerdict.DIFFERENT: (N_("They are different"), N_("You are asked again only if one of them changes.")),
    PairVerdict.UNSURE: (N_("I cannot tell"), N_("Somebody else may know. You are asked again if one of them changes.")),
}  # fmt: skip
SAID: Final = {
    PairVerdict.SAME: N_("the same service"), PairVerdict.RELATED: N_("two that belong together"),
    PairVerdict.DIFFERENT: N_("different"), PairVerdict.UNSURE: N_("not sure"), PairVerdict.APART: N_("two again: taken back"),
}  # fmt: skip


_WAYS: Final = frozenset({"phone", "mailbox", "page", "site", "address", "street", "house", "point", "town", "postcode"})


def reasons(pairs: Iterable[Any], *, protected: bool) -> tuple[list[str], list[str]]:
    """Return what speaks for one service and what against, the strongest first.

    ``protected``: one of both is. Then nothing of where it is or how to reach it, also before it is compared anew.
    """
    kept = [(code, adds) for code, adds in pairs if code in REASONS and not (protected and is_way(code))]
    told = [(_(REASONS[code]), adds) for code, adds in kept]
    return [words for words, adds in told if adds > 0], [words for words, adds in told if adds < 0]


def is_way(code: str) -> bool:
    """Say whether a reason tells where a listing is or how to reach it."""
    return code.partition("_")[0] in _WAYS
