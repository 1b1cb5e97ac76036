"""Who may see, open and decide a case, by when, and what a decision needs: facts in, verdict out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor
from app.models.accounts import Role
from app.models.moderation import Case, CaseKind, CaseState, Outcome, Priority

CLOCKS: Final = {
    Priority.DANGER: timedelta(hours=24), Priority.EXPOSED: timedelta(hours=24), Priority.RULE: timedelta(hours=72),
    Priority.SPAM: timedelta(days=14),
}  # fmt: skip
CLAIM: Final = timedelta(hours=2)
LONGEST_WORDS: Final = 2_000
OUTCOMES: Final = {
    CaseKind.STORY: (Outcome.PUBLISH, Outcome.ASK_CHANGE, Outcome.DECLINE),
    CaseKind.TRANSLATION: (Outcome.PUBLISH, Outcome.ASK_CHANGE, Outcome.DECLINE),
    CaseKind.FLAG: (Outcome.KEEP, Outcome.ASK_CHANGE, Outcome.HIDE),
    CaseKind.CORRECTION: (Outcome.FIXED, Outcome.DEFUNCT, Outcome.KEEP),
    CaseKind.APPLICATION: (Outcome.ACCEPT, Outcome.REFUSE),
    CaseKind.POST: (Outcome.PUBLISH, Outcome.DECLINE),
    CaseKind.TALK: (Outcome.KEEP, Outcome.HIDE),
}
NEEDS_WORDS: Final = frozenset({Outcome.ASK_CHANGE, Outcome.DECLINE, Outcome.HIDE, Outcome.REFUSE})
NEEDS_RULE: Final = frozenset({Outcome.DECLINE, Outcome.HIDE})
# Letting people in and changing the directory is for coordinators; safeguarding decides about words.
COORDINATORS_ONLY: Final = frozenset({CaseKind.APPLICATION, CaseKind.CORRECTION})


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decides: which way, under which rule, with which words, about which state of the case."""

    outcome: Outcome
    row_version: int
    rule: int | None = None
    words: str = ""


def due(priority: Priority, moment: datetime) -> datetime:
    """Return by when a case of this priority that comes up at ``moment`` has to be decided."""
    return moment + CLOCKS[priority]


def kinds_of(actor: Actor) -> tuple[CaseKind, ...]:
    """Return the kinds of cases that the actor decides."""
    return tuple(k for k in CaseKind if k not in COORDINATORS_ONLY or actor.has(Role.COORDINATOR))


def sees(actor: Actor, case: Case) -> bool:
    """Say whether the case exists for the actor: for whom it is about, it never does."""
    return actor.may_work and (case.about_id is None or case.about_id != actor.member_id)


def may_work(actor: Actor) -> Verdict:
    """Answer whether the actor works at the desk."""
    return unless(not actor.may_work, _("Only a coordinator can do this."))


def may_open(actor: Actor, case: Case, brought_by: Collection[UUID]) -> Verdict:
    """Answer whether the actor may take this case up: never their own matter, nor one that they brought themselves."""
    if not sees(actor, case):
        return no(_("This page is not here."))
    if case.kind in COORDINATORS_ONLY and not actor.has(Role.COORDINATOR):
        return no(_("Only coordinators decide about this."))
    if actor.member_id in brought_by and case.kind == CaseKind.TRANSLATION:
        return no(_("You translated this yourself, so another person looks."))
    if actor.member_id in brought_by:
        return no(_("You told us about this yourself, so another person decides."))
    return YES


def free_for(actor: Actor, case: Case, moment: datetime) -> bool:
    """Say whether nobody else is at work on the case; a claim ends by itself after two hours."""
    held = case.claimed_until is not None and case.claimed_until > moment
    return not held or case.claimed_by == actor.member_id


def holds(actor: Actor, case: Case, moment: datetime) -> bool:
    """Say whether the actor has opened the case and their two hours are not over."""
    live = case.claimed_until is not None and case.claimed_until > moment
    return live and case.state == CaseState.OPEN and case.claimed_by == actor.member_id


def may_reopen(actor: Actor, case: Case, brought_by: Collection[UUID]) -> Verdict:
    """Answer whether the actor may look again at what was decided (only flags: a story is sent again by its teller)."""
    if not (verdict := may_open(actor, case, brought_by)):
        return verdict
    again = case.state == CaseState.CLOSED and case.kind in (CaseKind.FLAG, CaseKind.TALK)
    return unless(not again, _("This cannot be opened again."))


def check(kind: CaseKind, choice: Choice, known_rules: Collection[int]) -> None:
    """Raise Invalid with field and sentence when the choice is not complete."""
    if choice.outcome not in OUTCOMES[kind]:
        raise Invalid("outcome", _("Choose one of these."))
    if choice.rule is not None and choice.rule not in known_rules:
        raise Invalid("rule", _("Choose one of these."))
    if choice.outcome in NEEDS_RULE and choice.rule is None:
        raise Invalid("rule", _("Choose the rule that it is about."))
    if choice.outcome in NEEDS_WORDS and not choice.words.strip():
        raise Invalid("words", _("Write the reason. The person will read it."))


def may_flag(actor: Actor, author_id: UUID | None) -> Verdict:
    """Answer whether the actor may say "please look" at something: everybody, also without an account; not at their own."""
    own = author_id is not None and author_id == actor.member_id
    return unless(own, _("This is your own. You can change it or take it back yourself."))


def may_forget(receipt_hash: str | None) -> Verdict:
    """Answer whether whoever holds the number may erase the words of their flag: always, as long as there is a number."""
    return unless(receipt_hash is None, _("We do not know this number. Check it and try again."))
