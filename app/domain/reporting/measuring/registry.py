"""The steps of the funnel, the other tables and facts; what no feature has registered is left out and said to be missing."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.i18n import N_

People = Callable[[date], sa.Select[UUID]]  # who stood on a step on a day
Belonging = Callable[[date], sa.Select[UUID, UUID]]  # group and member, of groups that everybody sees
Counts = Callable[[Session, date, date], dict[str, dict[str, int]]]  # row -> column -> how many, from the first to the last day
Facts = Callable[[Session, date], dict[str, Any]]  # on the last day; only of what everybody sees, and never about people


@dataclass(frozen=True, slots=True)
class Step:
    """A step of the funnel: people of the step ``of`` (of nobody else), in words."""

    key: str
    of: str
    words: str


@dataclass(frozen=True, slots=True)
class Health:
    """A table about the network: its columns in order, and the labels of rows and columns in words.

    ``first``: what the share of the first column is, in words, where that share is told as a figure of its own.
    """

    key: str
    words: str
    columns: tuple[str, ...]
    labels: dict[str, str]
    first: str = ""


# In the order in which people come, are heard, lead, decide and receive.
FUNNEL: Final = (
    Step("joined", "", N_("Joined")), Step("active", "joined", N_("Came in the last 30 days of the month, or since")),
    Step("spoke", "joined", N_("Sent a story with a name")), Step("shown", "spoke", N_("Have a story that is shown, with a name")),
    Step("mentored", "joined", N_("Have a mentor")), Step("mentors", "joined", N_("Are mentors")),
    Step("attends", "joined", N_("Came to a meeting")), Step("hosts", "joined", N_("Held a meeting")),
    Step("moderates", "joined", N_("Look after the network")), Step("leads", "joined", N_("Lead a group")),
    Step("decides", "joined", N_("Decide about money")), Step("received", "joined", N_("Received money or a service")),
)  # fmt: skip
BROKEN_DOWN: Final = (
    "joined",
    "active",
    "leads",
)  # steps that are also told by age band, language, area, years; each within joined
HEALTH: Final = (
    Health(
        "listings", N_("Listings, by their last check"), ("within 180 days", "within a year", "longer ago or never"),
        {
            "listings": N_("Listings"), "within 180 days": N_("within 180 days"), "within a year": N_("within a year"),
            "longer ago or never": N_("longer ago, or never"),
        },
        N_("Listings checked within 180 days"),
    ),
    Health(
        "doubles", N_("Listings, by whether they stand for themselves"), ("stand once", "were there twice"),
        {
            "all listings": N_("Listings in use"), "stand once": N_("stand for themselves"),
            "were there twice": N_("stood there a second time, and were joined with the other one"),
        },
        N_("Listings that do not repeat another one"),
    ),
    Health(
        "meetings", N_("Meetings of the twelve months until then"), ("open", "inside"),
        {
            "all meetings": N_("Meetings"), "open": N_("seen by everybody, or held together with another body"),
            "inside": N_("seen by members only"),
        },
        N_("Meetings that everybody may see, or held with another body"),
    ),
    Health(
        "answers", N_("What people asked us to look at, 30 to 60 days before, and was not opened again"),
        ("within a week", "within 30 days", "later or never"),
        {
            "about stories": N_("About stories"), "about listings": N_("About listings"),
            "within a week": N_("answered within a week"), "within 30 days": N_("answered within 30 days"),
            "later or never": N_("answered later, or not yet"),
        },
        N_("Flags answered within a week"),
    ),
    Health(
        "decisions", N_("Cases that were decided, and not opened again since"), ("in time", "late"),
        {
            "story": N_("A story"), "translation": N_("A translation"), "flag": N_("A flag"), "correction": N_("A correction"),
            "application": N_("An application"), "post": N_("A post in a group"), "talk": N_("A flag on a post in a group"),
            "call": N_("Something is wrong with a call for money"),
            "appeal": N_("Somebody sees a decision differently"), "in time": N_("in time"), "late": N_("late"),
        },
        N_("Cases decided in time"),
    ),
    Health(
        "questions", N_("Questions from abroad, asked two weeks to a month and a half before"),
        ("within a week", "within two weeks", "later or never"),
        {
            "questions": N_("Questions to the network, and to groups that everybody sees"),
            "within a week": N_("answered within a week"), "within two weeks": N_("answered within two weeks"),
            "later or never": N_("answered later, or not yet"),
        },
        N_("Questions from abroad answered within a week"),
    ),
    Health(
        "leaving", N_("Why people left groups"), ("time", "talk", "safe", "far", "moved on", "other"),
        {
            "reasons": N_("Reasons that were given"), "time": N_("No time"), "talk": N_("The talk is not for me"),
            "safe": N_("I did not feel safe"), "far": N_("Too far, or the hours do not fit"),
            "moved on": N_("I do not need it any more: a good thing"), "other": N_("Something else"),
        },
    ),
    Health(
        "absent", N_("What keeps people from coming, as they said without a name"),
        ("hours", "travel", "children", "safety", "phone", "family", "only men", "other"),
        {
            "answers": N_("Answers (one person can give several)"), "hours": N_("The time of day"),
            "travel": N_("The way there is too far or costs too much"), "children": N_("I have children or others to look after"),
            "safety": N_("I would not feel safe"), "phone": N_("The phone is not mine alone"),
            "family": N_("My family does not want it"), "only men": N_("Only men are there"), "other": N_("Something else"),
        },
    ),
    Health(
        "help", N_("What was done on help boards, and whether it helped"), ("yes", "partly", "no"),
        {
            "help": N_("Answers of those who were helped"), "yes": N_("it helped"), "partly": N_("a little"),
            "no": N_("it did not help"),
        },
    ),
    Health(
        "attendance", N_("Visits to meetings, as organisers entered them"), ("women", "men", "another or not said"),
        {
            "visits": N_("Visits"), "women": N_("women"), "men": N_("men"), "another or not said": N_("another, or not said"),
        },
    ),
    Health(
        "wishes", N_("Wishes for a mentor, by how long they have waited"), ("up to 30 days", "31 to 90 days", "longer"),
        {
            "wishes": N_("Wishes"), "up to 30 days": N_("up to 30 days"), "31 to 90 days": N_("31 to 90 days"),
            "longer": N_("longer"),
        },
        N_("Wishes waiting 30 days at most"),
    ),
)  # fmt: skip
FACTS: Final = {"funds": N_("how money is spread over groups"), "groups": N_("groups that one comes into without asking")}
NOT_BUILT: Final = {
    "referrals": N_("whether people arrived where they were sent"),
}  # fmt: skip

_steps: dict[str, People] = {}
_tables: dict[str, Counts] = {}
_facts: dict[str, Facts] = {}
_groups: list[Belonging] = []


def register_step(key: str, people: People) -> None:
    """Let a feature say who stands on a step; safe to repeat."""
    _steps[key] = people


def register_table(key: str, counts: Counts) -> None:
    """Let a feature count one of the tables; safe to repeat."""
    _tables[key] = counts


def register_facts(key: str, facts: Facts) -> None:
    """Let a feature give facts that everybody can see one by one; safe to repeat."""
    _facts[key] = facts


def register_groups(belonging: Belonging) -> None:
    """Let a feature say who belongs to which group; safe to repeat."""
    _groups[:] = [belonging]


def groups() -> Belonging | None:
    """Return what says who belongs to which group, None where no feature does."""
    return _groups[0] if _groups else None


def steps() -> list[tuple[Step, People]]:
    """Return the steps that somebody counts, in the order of the funnel."""
    return [(step, _steps[step.key]) for step in FUNNEL if step.key in _steps]


def tables() -> list[tuple[Health, Counts]]:
    """Return the tables that somebody counts."""
    return [(table, _tables[table.key]) for table in HEALTH if table.key in _tables]


def facts() -> list[tuple[str, Facts]]:
    """Return the facts that somebody gives."""
    return [(key, _facts[key]) for key in FACTS if key in _facts]


def missing(counts: dict[str, Any]) -> list[str]:
    """Return what the counts of a month do not hold, in words to be translated: also what an earlier program did not count yet."""
    return (
        [s.words for s in FUNNEL if s.key not in _steps]
        + [t.words for t in HEALTH if t.key not in counts.get("tables", {})]
        + [words for key, words in FACTS.items() if key not in counts.get("facts", {})]
        + list(NOT_BUILT.values())
    )
