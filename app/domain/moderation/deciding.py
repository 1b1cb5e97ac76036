"""Taking a case up and deciding it: once, by one person, never on their own matter; everybody concerned is told."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts import actions as accounts_actions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import (
    answering,
    appeals,
    care,
    conduct,
    filing,
    holding,
    looking_after,
    misuse,
    queries,
    reading,
    rules,
    second,
    subjects,
    things,
    timed,
    undoing,
)
from app.domain.moderation.effects import EFFECTS
from app.domain.moderation.rules import Choice
from app.domain.moderation.told import told
from app.domain.network import history, texts
from app.domain.stories import actions as stories
from app.models.accounts import Member
from app.models.moderation import Case, CaseKind, CaseState, Decision, HoldEnd, Outcome, Proposal
from app.schemas.stories import Translate, Words

_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


def open_case(db: Session, actor: Actor, ref: str) -> Case:
    """Take a case up for two hours; that somebody looked is recorded. Conflict when somebody else is at work on it."""
    case = queries.case(db, actor, ref)
    require(filing.may_open(db, actor, case))
    moment, before = now(), case.claimed_by
    done = db.execute(
        sa.update(_CASES).where(_CASES.c.id == case.id, _CASES.c.state == CaseState.OPEN, _free(actor))
        .values(claimed_by=actor.me, claimed_until=moment + rules.CLAIM, asked_id=None)
    )  # fmt: skip
    db.refresh(case)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise _why_not(db, actor, case)
    if case.kind == CaseKind.STORY:
        stories.open_review(db, actor, subjects.story_of(db, case))
    if case.kind in subjects.OF_STORIES:  # of the words that are read now, by the word list of today
        case.findings = subjects.counts_of(db, case)
    care.count_opened(db, actor.me, case, before)
    audit.record(db, actor, "case.looked", "case", case.id)
    return case


def reopen(db: Session, actor: Actor, ref: str) -> Case:
    """Look once more at what was decided about a flag."""
    case = queries.case(db, actor, ref)
    appealed = answering.is_appealed(db, case)
    require(rules.may_reopen(actor, case, filing.brought_by(db, case), filing.barred(db, case), appealed))
    again = filing.open_case(db, case.kind, case.subject_kind, case.subject_id, case.about_id, case.priority)
    audit.record(db, actor, "case.reopened", "case", case.id)
    return again


def decide(db: Session, actor: Actor, ref: str, choice: Choice) -> Decision:
    """Decide a case: carry it out, write down why, tell the author and those who flagged. All of it or nothing.

    Raises NotFound for whom the case is about, Refused on one's own matter, Invalid for what is missing, and Conflict when
    the actor has not opened it, somebody else was faster or something new came in.
    """
    case = ready(db, actor, ref, choice)
    require(second.may_decide(db, actor, case, choice))
    return carry_out(db, actor, case, choice)


def settle(db: Session, actor: Actor, ref: str, choice: Choice) -> Decision | None:
    """Decide, or propose what takes two people; None: it waits for another person. Raises what decide() raises."""
    case = ready(db, actor, ref, choice)
    if second.may_decide(db, actor, case, choice):
        return carry_out(db, actor, case, choice)
    propose(db, actor, ref, choice)
    return None


def propose(db: Session, actor: Actor, ref: str, choice: Choice) -> None:
    """Keep for another person what takes two; nothing of it happens yet, and the case is free. Raises what decide() raises."""
    case = ready(db, actor, ref, choice)
    require(second.may_propose(bool(second.others(db, actor, case))))
    _give_up(db, actor, case, filing.set_aside(db, case, choice.row_version), CaseState.OPEN)
    second.keep(db, actor, case, choice)
    audit.record(db, actor, "case.proposed", "case", case.id, outcome=choice.outcome.value)


def ready(db: Session, actor: Actor, ref: str, choice: Choice) -> Case:
    """Return the case of a choice that is complete, for somebody who may decide it; raises what decide() raises."""
    case = queries.case(db, actor, ref)
    require(filing.may_open(db, actor, case))
    rules.check(case.kind, choice, known_rules())
    conduct.check(db, case, choice)
    timed.check(case, choice)
    return case


def carry_out(db: Session, actor: Actor, case: Case, choice: Choice) -> Decision:
    """Let a choice be the decision about a case, by somebody who may decide it; Conflict when somebody else was faster."""
    with db.begin_nested():
        appeals.hold(db, case)
        _give_up(db, actor, case, filing.set_aside(db, case, choice.row_version), CaseState.CLOSED)
        proposed = second.proposal(db, case)
        decision = Decision(
            case_id=case.id, about_id=case.about_id, decided_by=actor.me, at=now(), outcome=choice.outcome,
            case_version=case.row_version,
            rule=str(choice.rule) if choice.rule else None, reason=choice.words or None,
            machine_helped=any(key != "decision" for key in case.findings),
            rule_words=_as_worded(db, case, choice), hidden_before=things.hidden_now(db, case),
            until_at=conduct.until(choice, now()),
            proposed_by=proposed.by_id if proposed and second.confirms(proposed, actor, choice) else None,
        )  # fmt: skip
        if case.kind in rules.SEVERE:
            second.forget(db, col(Proposal.case_id) == case.id)
        db.add(decision)
        db.flush()
        holding.end(db, case, HoldEnd.DECIDED)
        answering.overtake(db, decision, case, appeals.OVERTAKEN)
        with accounts_actions.concerning(decision.id):
            if choice.groundless:
                misuse.mark(db, case, actor.me)
            EFFECTS[case.kind, choice.outcome](db, actor, case, letter(db, case, choice))
            if sentence := told(case.kind, choice.outcome, choice.days):
                filing.answer_flags(db, case, sentence, decision.id)
        case.handover = None
        if not undoing.is_there(db, case):  # else the words stay for as long as it can be taken back
            case.snapshot = None
        audit.record(db, actor, "case.decided", "case", case.id, outcome=choice.outcome.value, rule=choice.rule or 0)
    looking_after.decided(db, actor, case)
    return decision


def decide_application(db: Session, actor: Actor, member_id: UUID, accept: bool, words: str) -> None:
    """Decide a request to join from the list of people: by its case, so that whoever is not let in can see it differently.

    Raises what decide() raises; Invalid names the field "reason".
    """
    case = filing.find(db, CaseKind.APPLICATION, "member", member_id)
    if case is None or case.state == CaseState.CLOSED:  # the rule says what stands in the way
        accounts_actions.decide_application(db, actor, member_id, accept, words)
        return
    opened = open_case(db, actor, case.ref)
    outcome = Outcome.ACCEPT if accept else Outcome.REFUSE
    try:
        decide(db, actor, case.ref, Choice(outcome, opened.row_version, None, words))
    except Invalid as problem:
        raise Invalid("reason", problem.sentence) from None


def propose_words(db: Session, actor: Actor, ref: str, words: Words) -> None:
    """Suggest other words for a story that waits; nothing changes without its teller's yes, and the case stays open."""
    case = _at_hand(db, actor, ref)
    stories.edit_by_reviewer(db, actor, subjects.story_of(db, case), words)
    audit.record(db, actor, "case.words_proposed", "case", case.id)


def translate(db: Session, actor: Actor, ref: str, words: Translate) -> None:
    """Send a translation of the story that the case is about; nothing is shown without its teller's yes."""
    case = _at_hand(db, actor, ref)
    stories.add_translation(db, actor, subjects.story_of(db, case), words)
    audit.record(db, actor, "case.translated", "case", case.id)


def _at_hand(db: Session, actor: Actor, ref: str) -> Case:
    """Return the case that the actor has open; Conflict when their two hours are over."""
    case = queries.case(db, actor, ref)
    require(filing.may_open(db, actor, case))
    if not rules.holds(actor, case, now()):
        raise Conflict(_("Open the case again first. Nothing you wrote is lost."))
    return case


def known_rules() -> list[int]:
    """Return the numbers of the network's rules."""
    return [r.number for r in texts.rules(core_settings.current().data_dir, "en")]


def letter(db: Session, case: Case, choice: Choice) -> str:
    """Return the words that go with a decision: the rule in their language, then what the person at the desk wrote."""
    if choice.rule is None or case.about_id is None:
        return choice.words
    language = reading.language(db, case)
    found = next(r for r in texts.rules(core_settings.current().data_dir, language) if r.number == choice.rule)
    with i18n.speaking(language):
        lines = [_("Rule %(number)s: %(title)s", number=found.number, title=found.title), timed.line(case, choice), choice.words]
    return "\n\n".join(filter(None, lines))


def _as_worded(db: Session, case: Case, choice: Choice) -> dict[str, Any]:
    """Return the rule as it stands today, in the language of whoever reads it: rules change, statements do not."""
    if choice.rule is None:
        return {}
    folder, language = core_settings.current().data_dir, reading.language(db, case)
    history.note(db, folder)  # so that the version it names can be read later
    rule = next(r for r in texts.rules(folder, language) if r.number == choice.rule)
    version = texts.rules_intro(folder, language)[2]
    return {"language": language, "version": version, "title": rule.title, "text": rule.text}


def _free(actor: Actor) -> sa.ColumnElement[bool]:
    held = _CASES.c.claimed_until > now()
    return sa.or_(_CASES.c.claimed_until.is_(None), sa.not_(held), _CASES.c.claimed_by == actor.me)


def _give_up(db: Session, actor: Actor, case: Case, seen: int, state: CaseState) -> None:
    """Leave the case decided or open for others, for exactly one of those at the same moment: who opened it last, also after
    the two hours."""
    update = sa.update(_CASES).where(
        _CASES.c.id == case.id, _CASES.c.state == CaseState.OPEN, _CASES.c.row_version == seen, _CASES.c.claimed_by == actor.me
    ).values(state=state, row_version=seen + 1, claimed_by=None, claimed_until=None)  # fmt: skip
    done = db.execute(update.execution_options(synchronize_session=False))
    db.refresh(case)
    if not done.rowcount:  # type: ignore[attr-defined]
        raise _why_not(db, actor, case)


def _why_not(db: Session, actor: Actor, case: Case) -> Conflict:
    if case.state == CaseState.CLOSED:
        last = select(Member.name).join(Decision, col(Decision.decided_by) == Member.id).where(Decision.case_id == case.id)
        name = db.exec(last.order_by(col(Decision.id).desc())).first()
        if case.kind == CaseKind.APPEAL and name is None:
            gone = N_(
                "There is nothing left to decide: what this is about was decided anew, or is gone. Nothing you wrote is lost."
            )
            return Conflict(_(gone))
        if name is None:
            return Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
        return Conflict(_("This was decided a moment ago by %(name)s. Nothing you wrote is lost.", name=name))
    if not rules.free_for(actor, case, now()):
        return Conflict(_("Somebody else is looking at this now. Nothing you wrote is lost."))
    if case.claimed_by != actor.member_id:
        return Conflict(_("Open this first and look at it, then decide. Nothing you wrote is lost."))
    return Conflict(_("Something new came in about this while you were writing. Look at it again. Nothing you wrote is lost."))
