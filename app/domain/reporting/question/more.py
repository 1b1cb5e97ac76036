"""Further questions about oneself, each switched on by the network: age band, language, area, years since coming back."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, delete

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _, country_name, language_name
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.reporting import rules
from app.models.reporting import AskedQuestion

OTHER: Final = "another"
UNSAID: Final = "unsaid"  # takes back what was said to this question
UNTOLD: Final = "not told or rare"  # the column of those who skipped it, and of answers that few gave (R5)


@dataclass(frozen=True, slots=True)
class Question:
    """A question: what the desk calls it, what a member is asked, and the choices, if they are the same everywhere."""

    name: str
    asked: str
    choices: dict[str, str] = field(default_factory=dict)


MORE: Final = {
    "age": Question(N_("Age band"), N_("How old are you?"), {
        "18–24": N_("18 to 24"), "25–34": N_("25 to 34"), "35–49": N_("35 to 49"), "50 and over": N_("50 or older"),
    }),
    "language": Question(N_("Language"), N_("Which language do you speak best?")),
    "area": Question(N_("Area"), N_("Where do you live?")),
    "years": Question(N_("Years since coming back"), N_("How long ago did you come back?"), {
        "under 1 year": N_("Less than a year"), "1–3 years": N_("One to three years"), "4–9 years": N_("Four to nine years"),
        "10 years or more": N_("Ten years or more"), "never away": N_("I did not live abroad"),
    }),
}  # fmt: skip


def asked(db: Session) -> list[str]:
    """Return the further questions that the network asks, in their order."""
    found = set(db.execute(sa.select(col(AskedQuestion.key))).scalars())
    return [key for key in MORE if key in found]


def ask(db: Session, actor: Actor, keys: set[str]) -> None:
    """Ask these further questions and no others; what was said to one that ends stays sealed and is not counted."""
    require(rules.may_work_on_numbers(actor))
    before = set(asked(db))
    db.exec(delete(AskedQuestion).where(col(AskedQuestion.key).not_in(keys)))
    db.add_all(AskedQuestion(key=key, since=now().date()) for key in MORE if key in keys - before)
    db.flush()
    if keys != before:
        audit.record(db, actor, "numbers.questions_set", asked=len(keys))


def choices(key: str) -> dict[str, str]:
    """Return the choices of a question: what is kept and counted, and its words in the language of the moment."""
    if key == "language":
        found = {code: language_name(code) for code in core_settings.current().language_list}
        return found | {OTHER: _("Another language")}
    if key == "area":
        # Never the areas of the directory: whoever may import or send listings would write words into everybody's form.
        return {code: country_name(code) for code in core_settings.current().country_list} | {OTHER: _("Somewhere else")}
    return {code: _(words) for code, words in MORE[key].choices.items()}


def fit(db: Session, said: dict[str, str], before: dict[str, str]) -> dict[str, str]:
    """Return what is kept: what is said now, and of what was skipped now what was said ``before``; raises Invalid.

    If a changed answer took along what is not in the form, whoever knows when it was changed would see in the next numbers what
    it had been. What was said to a question that is not asked any more can be taken back, and nothing else.
    """
    now_asked = asked(db)
    told = {key: choice for key in MORE if (choice := said.get(key, "")) and (key in now_asked or choice == UNSAID)}
    for key, choice in told.items():
        if choice not in (UNSAID, before.get(key)) and choice not in choices(key):
            raise Invalid(key, _("Choose one of these."))
    return {key: choice for key, choice in (before | told).items() if choice != UNSAID}


def offered(db: Session, typed: Mapping[str, Any], kept: dict[str, str]) -> list[tuple[str, str, dict[str, str]]]:
    """Return what the form asks: key, words, choices.

    Beside what is asked now: what the member has just seen that they said (``kept``) or takes back (``typed``) and is not asked
    any more. What was kept is a choice also where it is none any more.
    """
    now_asked, found = asked(db), []
    for key, question in MORE.items():
        mine = {kept[key]: label(f"{key} {kept[key]}") or kept[key]} if key in kept else {}
        sent = typed.get(key, "")
        if key in now_asked:
            found.append((key, _(question.asked), choices(key) | mine))
        elif mine or sent == UNSAID or (sent and sent in choices(key)):
            only = mine or {choice: words for choice, words in choices(key).items() if choice == sent}
            found.append((key, _("%(question)s (not asked any more)", question=_(question.asked)), only))
    return found


def label(code: str) -> str | None:
    """Return the words of a column of a published table, such as "age 18–24"; None for a column of another table."""
    key, _space, choice = code.partition(" ")
    if key not in MORE or not choice:
        return None
    if choice == UNTOLD:
        return _("Not told, or told by few")
    if choice == OTHER:
        return _("Another language") if key == "language" else _("Somewhere else")
    if key == "area":
        return country_name(choice)
    return language_name(choice) if key == "language" else _(MORE[key].choices[choice]) if choice in MORE[key].choices else choice
