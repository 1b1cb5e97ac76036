"""What was hidden at once: its statement of reasons, what whose it is says to it, showing it again where nobody decided in time."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import N_, _, day_words
from app.core.verdict import Verdict, require
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.board import deciding as board
from app.domain.groups import deciding as groups
from app.domain.moderation import rules
from app.domain.moderation.naming import AT_ONCE
from app.domain.moderation.wording import FLAGGED, reason
from app.domain.stories import actions as stories
from app.models.board import BoardEntry, BoardState
from app.models.groups import Post, PostState
from app.models.moderation import Case, CaseState, Decision, Hold, HoldEnd
from app.models.stories import Story, StoryStatus

WORDS: Final = "hold words"  # in the ledger of erasures: what somebody said to something that was hidden at once
ENDS: Final = {
    HoldEnd.DECIDED: N_("A person has decided since. What came of it stands under My answers."),
    HoldEnd.GONE: N_("That is over: it was taken out, or its time was over, before somebody decided."),
    HoldEnd.OVER: N_("Nobody decided in time, so it is yours again. A person can still decide about it."),
}


@dataclass(frozen=True, slots=True)
class Held:
    """What whose it is reads of something that was hidden at once; never who flagged it or who decides."""

    ref: str
    headline: str
    day: str
    chosen: str  # what it was flagged for, in our words; "" where that is not known
    decide_by: str
    ends: str
    ended: str  # how it ended, in a sentence; "" while it is hidden
    words: str | None
    said: str  # the day on which they said something to it; "" when they did not
    may_answer: Verdict
    may_show: bool


def last(db: Session, case: Case) -> Hold | None:
    """Return the last time that what a case is about was hidden at once, in this opening of the case."""
    held = select(Hold).where(Hold.case_id == case.id, col(Hold.at) >= case.opened_at)
    return db.exec(held.order_by(col(Hold.id).desc()).limit(1)).first()


def end(db: Session, case: Case, how: HoldEnd) -> None:
    """A person decided, or there is nothing left to decide: also where the time was over before."""
    waits = sa.or_(col(Hold.how).is_(None), col(Hold.how) == HoldEnd.OVER)
    ended = {"how": how, "ended_on": now().date()}
    db.execute(sa.update(Hold).where(col(Hold.case_id) == case.id, waits).values(ended))


def begin_again(db: Session, case: Case, decision: Decision) -> None:
    """The decision that ended it was taken back: it goes on as it was, also where its time was over before."""
    ended = sa.and_(col(Hold.case_id) == case.id, col(Hold.how) == HoldEnd.DECIDED, col(Hold.at) >= case.opened_at)
    same_day = col(Hold.ended_on) == decision.at.date()
    for held in db.exec(select(Hold).where(ended, same_day)).all():
        late = held.told_at is not None and max(held.ends_at, held.told_at + rules.KNOWN) <= decision.at
        # Of a story the decision knows whether we still hid it; a post is hidden also after its time, until it is shown again.
        over = not decision.hidden_before or (late and case.subject_kind != "story")
        held.how, held.ended_on = (HoldEnd.OVER, held.ends_at.date()) if over else (None, None)
    db.flush()


def find(db: Session, actor: Actor, ref: str) -> tuple[Hold, Case] | None:
    """Return something of the actor's that was hidden at once, with its case; None for everybody else."""
    own = select(Hold, Case).join(Case, col(Case.id) == Hold.case_id).where(Hold.ref == ref, Hold.about_id == actor.me)
    row = db.exec(own).first()
    return (row[0], row[1]) if row else None


def statement(db: Session, held: Hold, case: Case) -> Held:
    """Return the statement of reasons of something that was hidden at once."""
    kind = FLAGGED[case.kind]
    chosen = sorted(_(found.label) for key in held.reasons if (found := reason(kind, key)))
    return Held(
        ref=held.ref, headline=_(AT_ONCE[case.subject_kind]), day=day_words(held.at.date()), chosen="; ".join(chosen),
        decide_by=day_words(held.decide_by.date()), ends=day_words(held.ends_at.date()),
        ended=_(ENDS[held.how]) if held.how else "", words=held.words, said=day_words(held.said_on) if held.said_on else "",
        may_answer=_may_answer(held, case), may_show=_is_hidden(db, case) and bool(_may_show(db, held, case)),
    )  # fmt: skip


def say(db: Session, actor: Actor, ref: str, words: str) -> None:
    """Keep how whose it is sees it: whoever decides reads it. Refused when it was decided meanwhile, or was said before."""
    held, case = _own(db, actor, ref)
    require(_may_answer(held, case))
    held.words, held.said_on = words, now().date()
    case.row_version += 1  # whoever is deciding at the moment reads it first
    db.flush()
    audit.record(db, None, "case.answered", "case", case.id)


def show_again(db: Session, actor: Actor, ref: str) -> None:
    """Show again what was hidden at once, where nobody decided in time."""
    held, case = _own(db, actor, ref)
    require(_may_show(db, held, case))
    if case.subject_kind == "story":
        stories.resume(db, actor, db.get_one(Story, case.subject_id))
    elif case.subject_kind == "board":
        board.show_own(db, actor, db.get_one(BoardEntry, case.subject_id))
    else:
        groups.show_own(db, actor, db.get_one(Post, case.subject_id))


def forget_words(db: Session, actor: Actor, ref: str) -> None:
    """Erase what was said to it; that something was said stays."""
    held, case = _own(db, actor, ref)
    require(rules.may_erase_own(held.about_id, actor))
    held.words = None
    db.flush()
    accounts.remove_copies(db, [actor.me])  # they hold the words
    ledger.remember(db, WORDS, held.id)
    audit.record(db, None, "case.words_erased", "case", case.id)


def forget_again(db: Session, hold_id: UUID) -> bool:
    """Erase words that a restored older copy brought back; return whether they were there."""
    held = db.get(Hold, hold_id)
    if held is not None:
        held.words = None
        db.flush()
    return held is not None


def _own(db: Session, actor: Actor, ref: str) -> tuple[Hold, Case]:
    """Return it with its case, both held: of two people at the same moment, the one who decides and whose it is, one waits."""
    found = find(db, actor, ref)
    if found is None:
        raise NotFound(_("This page is not here."))
    held, case = found
    db.refresh(case, with_for_update=True)
    db.refresh(held, with_for_update=True)
    return held, case


def _may_answer(held: Hold, case: Case) -> Verdict:
    waits = case.state == CaseState.OPEN and held.how in (None, HoldEnd.OVER)
    return rules.may_answer_hold(waits, held.said_on is not None)


def _may_show(db: Session, held: Hold, case: Case) -> Verdict:
    newest = last(db, case)
    over = held.how == HoldEnd.OVER and case.state == CaseState.OPEN
    return rules.may_show_again(over, newest is not None and newest.id == held.id)


def _is_hidden(db: Session, case: Case) -> bool:
    """Say whether there is something to show again: its writer may have done so, or have taken it out."""
    of_story = sa.select(col(Story.id)).where(col(Story.id) == case.subject_id, col(Story.status) == StoryStatus.PAUSED)
    of_post = sa.select(col(Post.id)).where(col(Post.id) == case.subject_id, col(Post.state) == PostState.HIDDEN)
    of_entry = sa.select(col(BoardEntry.id)).where(
        col(BoardEntry.id) == case.subject_id, col(BoardEntry.state) == BoardState.HIDDEN
    )  # fmt: skip
    return db.execute({"story": of_story, "board": of_entry}.get(case.subject_kind, of_post)).first() is not None
