"""The statement of reasons (Art. 17 DSA): what, where, how long, the facts, the rule as it stood, how to object."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_, _, day_words, moment_words
from app.domain.actor import Actor
from app.domain.moderation import appeals, conduct, naming, rules
from app.domain.moderation.appeals import Concerning
from app.domain.moderation.told import OUTCOMES_TOLD
from app.domain.moderation.wording import FLAGGED, decided_until, reason
from app.models.moderation import Appeal, Case, CaseKind, Decision, Flag, Hold, Outcome

FACTS: Final = {
    CaseKind.STORY: N_("You sent a story. A second reader read it before anybody else saw it, as with every story."),
    CaseKind.TRANSLATION: N_("A translation was sent. A second reader read it before it was shown, as with every translation."),
    CaseKind.FLAG: N_("Somebody told us that something may be wrong. A person looked at it."),
    CaseKind.POST: N_("A program held it back before others saw it. A person read it and decided."),
    CaseKind.TALK: N_("Somebody told us that something may be wrong. A person looked at it."),
    CaseKind.APPLICATION: N_("You asked to join. A person read what you wrote."),
    CaseKind.ACCOUNT: N_("A person who looks after this network looked at how you take part here."),
}
READ_FIRST: Final = N_("A decision about your account said that somebody reads first what you write. A person read it and decided.")
REACH: Final = {
    CaseKind.APPLICATION: N_("It is about this network only. The account is deleted on a day that you are told."),
}
LASTS: Final = N_("It is about this network only, in every country. It lasts until %(moment)s and ends by itself.")
OVER: Final = N_("It was about this network only. It ended by itself on %(moment)s.")
LIFTED: Final = N_("It was about this network only. Another decision ended it on %(day)s, before its time.")
CLOSED: Final = N_("It is about this network only. The account is deleted on %(moment)s. Until then you can read this, say that "
                   "you see it differently, and take a copy of what is yours.")  # fmt: skip
TWO: Final = N_("It took two people: one proposed it, another one confirmed it.")
UNDONE: Final = N_("A decision that was taken back at once")
NOTHING_LEFT: Final = N_("It was taken back by whoever had decided it, so there is nothing to see differently.")
HIDDEN: Final = N_("Nobody else sees it, in any country, until %(moment)s. Within a few hours after that it is shown again by "
                   "itself, as it was, unless it is decided differently. Nothing is deleted.")  # fmt: skip
SHOWN: Final = N_("Until %(moment)s nobody else saw it, in any country. That time is over: this decision hides it no longer.")
REMOVED: Final = N_("Nobody else sees it, in any country. Soon after %(moment)s it is deleted for good. Until then you can read it "
                    "and take a copy of what is yours. While somebody looks at how you see it, nothing is deleted.")  # fmt: skip
PURGED: Final = N_("Nobody else saw it any more, in any country. It was kept until %(moment)s, for whoever might see it "
                   "differently. What was still there of it then was deleted for good.")  # fmt: skip
EVERYWHERE: Final = N_("Nobody else sees it, in any country, until this is decided differently. Nothing is deleted.")


@dataclass(frozen=True, slots=True)
class Lodged:
    """What somebody sees differently, and what became of it."""

    words: str | None
    on: str
    overturned: bool | None
    answer: str | None
    answered_on: str
    told: bool = False  # by whoever told us, not by whose matter it is


@dataclass(frozen=True, slots=True)
class Statement:
    """One decision as whom it concerns reads it. Who decided stands nowhere."""

    ref: str
    headline: str
    day: str
    facts: list[str]
    reach: str
    rule: dict[str, Any]  # language, version, title, text as it stood; empty where it is about no rule
    number: str | None
    words: str | None
    machine: str
    until: str
    may_appeal: bool
    why_not: str
    appeal: Lodged | None


@dataclass(frozen=True, slots=True)
class AtDesk:
    """What whoever decides an appeal reads of the decision and of what is seen differently."""

    outcome: str
    day: str
    number: str | None
    rule: dict[str, Any]
    words: str | None
    appeals: list[Lodged]


def statement(db: Session, actor: Actor, ref: str) -> Statement:
    """Return the statement of reasons of a decision that concerns the actor; NotFound for everybody else."""
    return _statement(db, appeals.of_member(db, actor, ref))


def of_number(db: Session, flag: Flag, case: Case) -> Statement | None:
    """Return what whoever holds a receipt number may see differently."""
    found = appeals.of_number(db, flag, case)
    return _statement(db, found) if found else None


def _statement(db: Session, found: Concerning) -> Statement:
    decision, case = found.decision, found.case
    takes = (case.kind, decision.outcome) in rules.TAKES
    rule, number, words = (decision.rule_words, decision.rule, decision.reason) if takes else ({}, None, None)
    named = naming.headline(case.kind, case.subject_kind, decision.outcome, decision.until_at is not None) if takes else ""
    headline = named or OUTCOMES_TOLD[case.kind, decision.outcome]
    why_not = NOTHING_LEFT if decision.undone else ""
    helped = _("A program had pointed at words for the person who decided. It decides nothing.")
    reach = _reach(decision, case, conduct.lifted_on(db, decision) if case.kind == CaseKind.ACCOUNT else None) if takes else ""
    return Statement(
        ref=decision.ref, day=day_words(decision.at.date()),
        headline=_(UNDONE if decision.undone else headline),
        facts=_facts(db, found) if takes else [], reach=reach,
        rule=rule, number=number, words=words,
        machine=helped if decision.machine_helped else _("No program took part in deciding."),
        until=day_words(found.until), may_appeal=bool(found.may), why_not=_(why_not) if why_not else found.may.reason or "",
        appeal=_lodged(found.appeal) if found.appeal else None,
    )  # fmt: skip


def _reach(decision: Decision, case: Case, lifted: date | None) -> str:
    if decision.overturned_at is not None:
        return _("This decision was taken back on %(day)s.", day=day_words(decision.overturned_at.date()))
    if lifted is not None:
        return _(LIFTED, day=day_words(lifted))
    if case.kind == CaseKind.ACCOUNT and decision.until_at is not None:
        return _(CLOSED if decision.outcome == Outcome.CLOSE else OVER if decision.until_at <= now() else LASTS,
                 moment=moment_words(decision.until_at))  # fmt: skip
    if decision.outcome in rules.HIDES and decision.until_at is not None:
        return _(_ends(decision, decision.outcome == Outcome.REMOVE), moment=moment_words(decision.until_at))
    return _(REACH.get(case.kind, EVERYWHERE))


def _ends(decision: Decision, removed: bool) -> str:
    """Return the sentence on the end of what was hidden for a time or removed: to come, or come."""
    if decision.done_at is None:
        return REMOVED if removed else HIDDEN
    return PURGED if removed else SHOWN


def _facts(db: Session, found: Concerning) -> list[str]:
    """Return the facts in sentences of ours: what it was flagged for before it was decided, never by whom or in which words."""
    case, decision = found.case, found.decision
    by_decision = case.kind == CaseKind.POST and not decision.machine_helped  # no program found anything
    facts = [_(READ_FIRST if by_decision else FACTS[case.kind])]
    facts += [_(TWO)] if decision.proposed_by else []
    kind = FLAGGED.get(case.kind)
    if kind:
        told = select(Flag.reason).where(Flag.case_id == case.id, Flag.decision_id == decision.id).distinct()
        named = sorted(_(r.label) for key in db.exec(told) if (r := reason(kind, key)))
        facts += [_("What they chose: %(what)s", what="; ".join(named))] if named else []
    return facts


def _lodged(appeal: Appeal) -> Lodged:
    answered = day_words(appeal.answered_on) if appeal.answered_on else ""
    told = appeal.flag_id is not None
    return Lodged(appeal.words, day_words(appeal.on), appeal.overturned, appeal.answer, answered, told)


def ways(db: Session, actor: Actor, matters: Collection[UUID]) -> dict[UUID, str]:
    """Return by decision the address part of its statement, where the actor can read one; two statements, none without matters."""
    if not matters:
        return {}
    found = sa.select(col(Decision.id), col(Decision.ref), col(Decision.outcome), col(Case.kind), col(Decision.about_id)).join(
        Case, col(Case.id) == Decision.case_id
    )
    found = found.where(sa.or_(sa.not_(col(Decision.undone)), col(Decision.about_id) == actor.member_id))
    held = sa.select(col(Hold.id), col(Hold.ref)).where(col(Hold.id).in_(matters), col(Hold.about_id) == actor.member_id)
    shown: dict[UUID, str] = {row.id: row.ref for row in db.execute(held)}
    for decision_id, ref, outcome, kind, about_id in db.execute(found.where(col(Decision.id).in_(matters))):
        own = about_id == actor.member_id or kind == CaseKind.TRANSLATION
        if (kind, outcome) in (rules.TAKES if own else rules.LEAVES):
            shown[decision_id] = ref
    return shown


def at_desk(db: Session, case: Case, reads: bool) -> AtDesk:
    """Return what an appeal is about; words only for whoever has it open."""
    decision, about = appeals.decision_of(db, case)
    told = db.exec(select(Appeal).where(Appeal.case_id == case.id).order_by(col(Appeal.id).desc()).limit(50)).all()
    rule, outcome = decision.rule_words if reads else {}, decided_until(about.kind, decision)
    return AtDesk(
        outcome, day_words(decision.at.date()), decision.rule, rule, decision.reason if reads else None,
        [_lodged(one) for one in told] if reads else [],
    )  # fmt: skip
