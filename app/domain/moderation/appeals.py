"""Seeing a decision differently: once, in time, by whom it concerns; somebody else looks, and has to answer in words."""

from dataclasses import dataclass
from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import answering, conduct, filing, flagging, misuse, rules, waking
from app.domain.moderation.restoring import RESTORE
from app.domain.moderation.told import SHOWN_AGAIN
from app.models.moderation import Appeal, Case, CaseKind, Decision, Flag
from app.models.stories import StoryText

SUBJECT = "decision"
WORDS = "appeal words"  # in the ledger of erasures: what a member saw differently
FILED = N_("We have what you see differently. Somebody who did not decide it looks at it by %(day)s.")
STAYS = N_("Somebody else looked at the decision that you see differently. It stays. The answer stands below.")
RESTORED = N_("Somebody else looked, and you are right: everything is as it was before the decision. The answer stands below.")
WITHOUT = N_("Somebody else looked, and you are right: the decision is taken back. What it was about has changed since, so it is "
             "in your hands.")  # fmt: skip
OVERTAKEN = N_("The decision that you see differently does not count any more: it was decided anew. If you see the new decision "
               "differently too, you can tell us again.")  # fmt: skip
ANEW = N_("Somebody else looked, and you are right: another person decides anew. You will hear what comes of it.")


@dataclass(frozen=True, slots=True)
class Party:
    """How somebody is concerned by a decision: it took something from them, or left what they told us about."""

    member_id: UUID | None
    flag: Flag | None = None  # of whoever told us


@dataclass(frozen=True, slots=True)
class Concerning:
    """A decision, its case, how somebody is concerned by it, and whether they may (still) appeal."""

    decision: Decision
    case: Case
    party: Party
    appeal: Appeal | None
    until: date
    may: Verdict


def of_member(db: Session, actor: Actor, ref: str) -> Concerning:
    """Return a decision that concerns the actor; NotFound for everybody else, and for what takes nothing from anybody."""
    row = db.exec(select(Decision, Case).join(Case, col(Case.id) == Decision.case_id).where(Decision.ref == ref)).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    decision, case = row
    party = _party(db, actor.me, decision, case)
    if party is None:
        raise NotFound(_("This page is not here."))
    return _concerning(db, decision, case, party)


def of_number(db: Session, flag: Flag, case: Case) -> Concerning | None:
    """Return the decision that answered this flag, where whoever holds its number may see it differently; else the one they did."""
    decision = db.get(Decision, flag.decision_id) if flag.decision_id else None
    if decision is None or (case.kind, decision.outcome) not in rules.LEAVES:
        appealed = select(Decision).join(Appeal, col(Appeal.decision_id) == Decision.id).where(Appeal.flag_id == flag.id)
        decision = db.exec(appealed.order_by(col(Appeal.id).desc())).first()
    if decision is None:
        return None
    return _concerning(db, decision, case, Party(flag.member_id, flag))


def _party(db: Session, me: UUID, decision: Decision, case: Case) -> Party | None:
    what = (case.kind, decision.outcome)
    if what in rules.TAKES:
        translator = select(StoryText.translator_id).where(StoryText.id == case.subject_id)
        concerned = decision.about_id == me or (case.kind == CaseKind.TRANSLATION and me in set(db.exec(translator)))
        return Party(me) if concerned else None
    if what in rules.LEAVES:
        appealed = select(Appeal.flag_id).where(Appeal.decision_id == decision.id, col(Appeal.flag_id).is_not(None))
        answered = sa.or_(col(Flag.decision_id) == decision.id, col(Flag.id).in_(appealed))  # by this one, or meanwhile by another
        told = select(Flag).where(Flag.case_id == case.id, Flag.member_id == me, answered)
        flag = db.exec(told.order_by(col(Flag.id).desc())).first()
        return Party(me, flag) if flag else None
    return None


def _concerning(db: Session, decision: Decision, case: Case, party: Party) -> Concerning:
    found = _lodged(db, decision, party)
    standing = decision.overturned_at is None and answering.is_last(db, decision, case)
    heard = case.kind == CaseKind.ACCOUNT  # who is kept from taking part is always heard: a closed account is deleted
    stopped = misuse.stopped_until(db, Appeal, party.member_id) if party.member_id and not heard else None
    until = rules.appeal_until(decision.at.date(), core_settings.current().appeal_days)
    may = rules.may_appeal(now().date(), until, found is not None, standing, stopped)
    return Concerning(decision, case, party, found, until, may)


def _lodged(db: Session, decision: Decision, party: Party) -> Appeal | None:
    mine = [col(Appeal.member_id) == party.member_id] if party.member_id else []
    mine += [col(Appeal.flag_id) == party.flag.id] if party.flag else []
    return db.exec(select(Appeal).where(Appeal.decision_id == decision.id, sa.or_(*mine))).first()


def appeal(db: Session, actor: Actor, ref: str, words: str) -> None:
    """Keep what a member sees differently; NotFound when it does not concern them, Refused when it is late or was done."""
    _lodge(db, actor, of_member(db, actor, ref), words)


def appeal_by_number(db: Session, actor: Actor, typed: str, words: str) -> None:
    """Keep what whoever holds a receipt number sees differently; NotFound for a number without such a decision."""
    found = of_number(db, *flagging.by_number(db, typed))
    if found is None:
        raise NotFound(_("There is no decision that can be seen differently."))
    _lodge(db, actor, found, words)


def _lodge(db: Session, actor: Actor, found: Concerning, words: str) -> None:
    require(found.may)
    filing.hold_all(db, found.case)  # asked again: by now it may be decided anew, or told us by the other tap
    db.refresh(found.decision)
    require(_concerning(db, found.decision, found.case, found.party).may)
    decision, party = found.decision, found.party
    case = filing.open_case(db, CaseKind.APPEAL, SUBJECT, decision.id, decision.about_id)
    filing.carry_over(db, found.case, case)
    before = select(Decision.decided_by).where(Decision.case_id == case.id)  # of others who saw the same decision differently
    for member_id in {decision.decided_by, *db.exec(before), *([decision.proposed_by] if decision.proposed_by else [])}:
        filing.bar(db, case, member_id, once=True)
    db.add(Appeal(
        decision_id=decision.id, case_id=case.id, member_id=party.member_id, flag_id=party.flag.id if party.flag else None,
        words=words, on=now().date(),
    ))  # fmt: skip
    db.flush()
    waking.if_nobody_is_left(db, case)
    conduct.wait_for_appeal(db, decision)
    if found.case.kind == CaseKind.APPLICATION:
        accounts.wait_for_appeal(db, found.case.subject_id)
    audit.record(db, None, "case.appealed", "case", case.id)  # who it was stands in the appeal only
    if party.member_id is not None:
        with accounts.concerning(decision.id):
            accounts.tell(db, party.member_id, FILED, day=case.due_at.date().isoformat())


def forget_words(db: Session, actor: Actor, ref: str) -> None:
    """Erase what a member wrote in an appeal; that there was one, and its answer, stay."""
    found = of_member(db, actor, ref).appeal
    if found is None:
        raise NotFound(_("This page is not here."))
    require(rules.may_erase_own(found.member_id, actor))
    forget_again(db, found.id)
    accounts.remove_copies(db, [actor.me])  # they hold the words
    ledger.remember(db, WORDS, found.id)
    audit.record(db, None, "case.words_erased", "case", found.case_id)


def forget_again(db: Session, appeal_id: UUID) -> bool:
    """Erase the words of an appeal, also those that a restored older copy brought back; return whether it was there."""
    done = db.execute(sa.update(Appeal).where(col(Appeal.id) == appeal_id).values(words=None))
    return bool(done.rowcount)  # type: ignore[attr-defined]


def decision_of(db: Session, case: Case) -> tuple[Decision, Case]:
    """Return what an appeal is about: the decision and its own case."""
    decision = db.get_one(Decision, case.subject_id)
    return decision, db.get_one(Case, decision.case_id)


def hold(db: Session, case: Case) -> None:
    """Hold what an appeal is about, so that nobody decides it anew at the same moment."""
    if case.kind == CaseKind.APPEAL:
        filing.hold_all(db, decision_of(db, case)[1])


def uphold(db: Session, _actor: Actor, case: Case, words: str) -> None:
    """Let the decision stay."""
    last = answering.is_last(db, *decision_of(db, case))
    answering.answer(db, case, words, False if last else None, STAYS if last else OVERTAKEN)


def overturn(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Take the decision back: what it took is given back as it was, what it left is decided anew by another person.

    A decision that is not the last word any more is left alone: what was decided after it stands.
    """
    decision, about = decision_of(db, case)
    if not answering.is_last(db, decision, about):
        answering.answer(db, case, words, None, OVERTAKEN)
        return
    decision.overturned_at = now()
    if (about.kind, decision.outcome) in rules.LEAVES:
        _ask_anew(db, decision, about)
        answering.answer(db, case, words, True, ANEW)
        return
    restored = RESTORE[about.kind, decision.outcome](db, actor, about)
    if restored and (about.kind, decision.outcome) in SHOWN_AGAIN:
        filing.tell_anew(db, decision.id, SHOWN_AGAIN[about.kind, decision.outcome])
    answering.answer(db, case, words, True, RESTORED if restored else WITHOUT)


def _ask_anew(db: Session, decision: Decision, about: Case) -> None:
    """Open the case again, not for whoever decided it; those who appealed wait for its answer once more."""
    again = filing.open_case(db, about.kind, about.subject_kind, about.subject_id, about.about_id, about.priority)
    filing.bar(db, again, decision.decided_by, once=True)
    answering.wait_again(db, decision.id)
