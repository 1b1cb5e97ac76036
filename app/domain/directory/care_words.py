"""Calls, corrections and the history of a listing, as people at work read them."""

from collections.abc import Iterable, Mapping
from datetime import date
from difflib import SequenceMatcher
from typing import Any, Final

from app.core import i18n
from app.core.i18n import N_, _
from app.domain.directory.correcting import mark
from app.domain.directory.protecting import is_protected
from app.models.directory import Service
from app.models.listing_care import CallOutcome, ListingCall, ListingSuggestion, Origin, SuggestionState

METHODS: Final = {
    "phone": N_("By phone"), "visit": N_("By a visit"), "website": N_("On their website"), "message": N_("By message"),
}  # fmt: skip
_HOW: Final = {**METHODS, "desk": N_("At the desk")}
_BY_PARTNER: Final = N_("By whoever offers it")
OUTCOMES: Final = {
    CallOutcome.TRUE: N_("still true"), CallOutcome.CHANGED: N_("put right"), CallOutcome.NO_ANSWER: N_("nobody answered"),
    CallOutcome.WRONG_NUMBER: N_("the number does not lead there"), CallOutcome.LATER: N_("they asked to be called later"),
    CallOutcome.ENDED: N_("it does not exist any more"),
}  # fmt: skip
_SOMEBODY: Final = N_("somebody of the network")
ROLES: Final = {"coordinator": N_("a coordinator"), "partner": N_("whoever offers it")}
# Of what we call the fields that people put right, by the names of HSDS in the history and by ours in suggestions.
FIELDS: Final = {
    "name": N_("Name"), "phone": N_("Number to call"), "phone.number": N_("Number to call"), "hours": N_("Hours, in words"),
    "schedule.description": N_("Hours, in words"), "about": N_("What it is"), "description": N_("What it is"),
    "email": N_("E-mail"), "website": N_("Website"), "url": N_("Website"), "cost": N_("Cost"), "fees_description": N_("Cost"),
    "who": N_("Who can come"), "eligibility_description": N_("Who can come"), "how": N_("How to ask"),
    "application_process": N_("How to ask"), "status": N_("Whether it exists"), "protected": N_("Whether it is protected"),
}  # fmt: skip
MOST_COMPARED: Final = 2_000  # letters: the longest that can be suggested
Pieces = list[tuple[bool, str]]


def methods() -> list[tuple[str, str]]:
    """Return how a listing can be checked."""
    return [(key, _(words)) for key, words in METHODS.items()]


def last_call(on: date | None, outcome: CallOutcome | None) -> str:
    """Return what came of the last call, "" where there was none."""
    if on is None or outcome is None:
        return ""
    return _("Last try on %(day)s: %(outcome)s", day=i18n.day_words(on), outcome=_(OUTCOMES[CallOutcome(outcome)]))


def calls(rows: Iterable[ListingCall]) -> list[dict[str, str]]:
    """Return the log of calls."""
    return [
        {
            "day": i18n.day_words(row.on), "how": _(_HOW.get(row.method, _BY_PARTNER)), "outcome": _(OUTCOMES[row.outcome]),
            "who": _(ROLES.get(row.by_role, ROLES["coordinator"])),
        }
        for row in rows
    ]  # fmt: skip


def suggestions(rows: Iterable[ListingSuggestion], stands: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return corrections that wait, with what differs from what ``stands`` there now; where that has moved since, it is said."""
    found = []
    for row in rows:
        before, after = difference(shorten_lines(stands[row.field]), shorten_lines(row.offered))
        found.append({
            "id": row.id, "field": _(FIELDS[row.field]), "before": before, "after": after,
            "all_hours": row.field == "hours", "moved": row.current != stands[row.field],
            "seen": mark(stands[row.field]), "shelter": row.field == "name" and is_protected(row.offered, []),
            "by_list": row.origin == Origin.LIST, "day": i18n.day_words(row.sent_on),
        })  # fmt: skip
    return found


def answers(service: Service, rows: Iterable[ListingSuggestion]) -> list[dict[str, Any]]:
    """Return what came of corrections, for whoever suggested them."""
    return [
        {"field": _(FIELDS[row.field]), "offered": row.offered, "answer": _answer(service, row),
         "waits": row.state == SuggestionState.WAITING}
        for row in rows
    ]  # fmt: skip


def _answer(service: Service, row: ListingSuggestion) -> str:
    about = {
        "day": i18n.day_words(row.decided_on) if row.decided_on else "",
        "who": _(ROLES.get(row.decided_by_role or "", _SOMEBODY)),
    }
    if row.state == SuggestionState.ACCEPTED:
        return _("Taken over on %(day)s, by %(who)s. Thank you.", **about)
    if row.state == SuggestionState.DECLINED and not row.offered:  # see correcting.forget_suggested
        return _("The place is protected now. What was said of it is deleted.")
    if row.state == SuggestionState.DECLINED:
        return _("Looked at on %(day)s, by %(who)s: it stays as it is.", **about)
    return _("It is not in the list any more.") if service.defunct_on else _("Nobody has decided about it yet.")


def shorten_lines(text: str) -> str:
    """Return at most MOST_COMPARED letters."""
    return text if len(text) <= MOST_COMPARED else f"{text[:MOST_COMPARED]} …"


def difference(before: str, after: str) -> tuple[Pieces, Pieces]:
    """Return both texts in pieces, each with whether it differs: word by word, white space stays with the word before it."""
    a, b = (text.replace("\n", " \n ").split(" ") for text in (before, after))
    left: Pieces = []
    right: Pieces = []
    for kind, a0, a1, b0, b1 in SequenceMatcher(None, a, b, autojunk=False).get_opcodes():
        for pieces, some in ((left, a[a0:a1]), (right, b[b0:b1])):
            if text := " ".join(some).replace(" \n", "\n").replace("\n ", "\n"):
                pieces.append((kind != "equal", text))
    return left, right


def decided(what: str) -> str:
    """Return what is said after a decision about a suggestion: accept, decline or later."""
    if what == "later":
        return _("Later: you are asked again in a month.")
    return _("Taken over. It stands there now.") if what == "accept" else _("Not taken over. It stays as it is.")


def history(rows: Iterable[Any]) -> list[dict[str, str]]:
    """Return what was put right, the latest first."""
    return [
        {
            "day": i18n.day_words(date.fromisoformat(row.last_action_date)), "field": _(FIELDS.get(row.field_name, row.field_name)),
            "before": row.previous_value, "after": row.replacement_value, "who": _(ROLES.get(row.updated_by, _SOMEBODY)),
        }
        for row in rows
    ]  # fmt: skip
