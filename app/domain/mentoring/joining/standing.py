"""What mentoring does when somebody leaves the network or a year is over, and what it adds to a member's own copy."""

from datetime import date, datetime, timedelta
from functools import partial
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.accounts.telling import tell
from app.domain.mentoring.joining import asking, keeping, offering, queries, rules
from app.domain.mentoring.joining.wording import HEADINGS, STATE_WORDS, told_back
from app.domain.mentoring.rounds import moving
from app.domain.mentoring.rounds import queries as rounds
from app.domain.mentoring.training import lessons, records
from app.domain.mentoring.training import rules as training
from app.models.accounts import Role, RoleGrant
from app.models.mentoring import AskState, Mentor, MentorAsk, MentorLesson, MentorMatch, MentorState, MentorWord

LEDGER: Final = (asking.TAKEN_BACK, offering.STEPPED_BACK, moving.CLOSED)
STILL_RIGHT: Final = N_("Your wish for a mentor ends by itself on %(day)s, unless you say that it is still right.")
ENDED_A_RUN: Final = 200  # how many end by themselves in one run of the job: each is told
WORDS_DAYS, DECLINED_DAYS = 90, 365  # how long what others said, and an answer of no, stay after the decision
_A, _M, _W = MentorAsk.__table__, Mentor.__table__, MentorWord.__table__  # type: ignore[attr-defined]
_L = MentorLesson.__table__  # type: ignore[attr-defined]


def purge(db: Session, member_id: UUID) -> None:
    """Erase everything here of a member who left; mentors whom they supervised have no supervisor, the desk sees it."""
    moving.erase(db, member_id)
    db.execute(sa.delete(_A).where(_A.c.member_id == member_id))
    db.execute(sa.delete(_L).where(_L.c.member_id == member_id))
    db.execute(sa.delete(_W).where(_W.c.mentor_id.in_(sa.select(_M.c.id).where(_M.c.member_id == member_id))))
    db.execute(sa.delete(_M).where(_M.c.member_id == member_id))
    db.execute(sa.update(_M).where(_M.c.supervisor_id == member_id).values(supervisor_id=None))
    db.execute(sa.update(_W).where(_W.c.confirmed_by == member_id).values(confirmed_by=None))


def role_ended(db: Session, member_id: UUID, role: Role) -> None:
    """End somebody's time as a mentor when the role ends elsewhere: what is open ends, and only a panel gives it again."""
    row = keeping.own(db, Mentor, member_id, lock=True) if role == Role.MENTOR else None
    if row is not None and row.state in rules.IS_MENTOR:
        moving.mentor_goes(db, member_id)
        offering.close(db, row)


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    if kind == asking.TAKEN_BACK:
        member_id = db.execute(sa.delete(_A).where(_A.c.id == subject_id).returning(_A.c.member_id)).scalar()
        if member_id is not None:
            moving.close_quietly(db, member_id, as_mentor=False)
        return member_id is not None
    if kind == moving.CLOSED:
        return moving.close_again(db, subject_id)
    row = db.get(Mentor, subject_id) if kind == offering.STEPPED_BACK else None
    if row is None:
        return False
    held = offering.role_of(db, row.member_id)
    if held is not None:
        held.ended_on = held.from_on
    moving.close_quietly(db, row.member_id, as_mentor=True)
    offering.erase(db, row)
    return True


def remove_old(db: Session, moment: datetime) -> int:
    """Let what was begun long ago, what nobody touched for a year and what a panel has answered go; return how many rows."""
    today = moment.date()

    def before(days: int) -> date:
        return today - timedelta(days=days)

    words = sa.delete(_W).where(sa.or_(
        _W.c.mentor_id.in_(sa.select(_M.c.id).where(_M.c.decided_on < before(WORDS_DAYS))),
        sa.and_(_W.c.until_on < before(0), _W.c.answered_on.is_(None)),
    ))  # fmt: skip
    count = _gone(db, words)
    count += _gone(db, sa.delete(_A).where(_A.c.state == AskState.BEGUN, _A.c.touched_on < before(rules.BEGUN_DAYS)))
    count += _gone(db, sa.delete(_M).where(_M.c.state == MentorState.BEGUN, _M.c.touched_on < before(rules.BEGUN_DAYS)))
    over = _M.c.state == MentorState.DECLINED, _M.c.decided_on < before(DECLINED_DAYS)
    learning = _M.c.state.in_(training.LEARNS)  # of everybody else nothing is kept
    count += _gone(db, sa.delete(_L).where(_L.c.member_id.not_in(sa.select(_M.c.member_id).where(learning))))
    db.execute(sa.delete(_W).where(_W.c.mentor_id.in_(sa.select(_M.c.id).where(*over))))
    count += _gone(db, sa.delete(_M).where(*over))
    return count + _end_unused(db, before(rules.ASK_DAYS), before(rules.OFFER_DAYS))


def _gone(db: Session, statement: sa.Delete) -> int:
    return int(db.execute(statement).rowcount)  # type: ignore[attr-defined]


def _without_role(since: date) -> sa.ColumnElement[bool]:
    """Say of a mentor that the role ended before a day."""
    whose = col(RoleGrant.member_id) == col(Mentor.member_id)
    return sa.not_(sa.exists().where(whose, col(RoleGrant.role) == Role.MENTOR, col(RoleGrant.until_on) >= since))


def warn_of_ends(db: Session) -> int:
    """Tell whoever waits, two weeks before, that their wish ends unless it is still right; return how many were told."""
    today = now().date()
    soon = today - timedelta(days=rules.ASK_DAYS - rules.WARN_DAYS)
    together = sa.exists().where(col(MentorMatch.open_mentee) == col(MentorAsk.member_id))
    untold = sa.or_(_A.c.warned_for.is_(None), _A.c.warned_for <= today)
    asks = db.exec(
        select(MentorAsk).where(MentorAsk.touched_on <= soon, MentorAsk.state == AskState.WAITING, untold, sa.not_(together))
        .limit(ENDED_A_RUN)
    ).all()  # fmt: skip
    for ask in asks:
        ask.warned_for = rules.ends_on(ask.touched_on)
        tell(db, ask.member_id, STILL_RIGHT, link="/my/mentoring", day=ask.warned_for.isoformat())
    db.flush()
    return len(asks)


def _end_unused(db: Session, asked: date, offered: date) -> int:
    """End wishes and offers that nobody touched for a year, and mentors whose role ended a year ago; each is told."""
    together = sa.exists().where(col(MentorMatch.open_mentee) == col(MentorAsk.member_id))  # then it is looked at after that
    asks = db.exec(
        select(MentorAsk).where(MentorAsk.touched_on <= asked, MentorAsk.state == AskState.WAITING, sa.not_(together))
        .limit(ENDED_A_RUN)
    ).all()  # fmt: skip
    waits = sa.and_(_M.c.state == MentorState.APPLIED, _M.c.touched_on < offered)
    without = sa.and_(_M.c.state.in_(rules.IS_MENTOR), _M.c.touched_on < offered, _without_role(offered))
    offers = db.exec(select(Mentor).where(sa.or_(waits, without)).limit(ENDED_A_RUN)).all()
    says = N_("Something that you began here has ended: a year has passed. You can begin anew.")
    for member_id in [*(ask.member_id for ask in asks), *(offer.member_id for offer in offers)]:
        tell(db, member_id, says, link="/my/mentoring")
    for offer in offers:
        offering.erase(db, offer)
    for ask in asks:
        db.delete(ask)
    db.flush()
    return len(asks) + len(offers)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member said here; what others said about them is not theirs."""
    ask, row = keeping.own(db, MentorAsk, member_id), keeping.own(db, Mentor, member_id)
    asked = _told(db, rules.ASK, ask) | {"since": ask.asked_on} if ask else {}
    offered = _told(db, rules.OFFER, row) | {
        N_("state"): Coded(row.state.value, _(STATE_WORDS[row.state])), N_("Why"): row.why, N_("Ties"): row.ties,
        N_("sent on"): row.applied_on, N_("answered on"): row.decided_on, N_("trained until"): row.trained_until,
        N_("would like to talk with the supervisor since"): row.wants_talk_on,
        N_("trained elsewhere"): row.elsewhere or "",
        N_("lessons passed"): {_title(key): day for key, day in records.passed(db, member_id).items()},
    } if row else {}  # fmt: skip
    together = [{"since": since, "until": until} for since, until in rounds.known(db, member_id)]
    return {
        N_("my wish for a mentor"): asked, N_("my offer to be a mentor"): offered,
        N_("proposals and mentorships"): together,
    }  # fmt: skip


def _title(key: str) -> str:
    found = lessons.all_of(core_settings.current().data_dir).get(key)
    return found.title if found else key


def _told(db: Session, side: str, row: MentorAsk | Mentor) -> dict[str, Any]:
    return {HEADINGS[one.step]: one.lines for one in told_back(side, keeping.told(row), partial(queries.place_name, db))}
