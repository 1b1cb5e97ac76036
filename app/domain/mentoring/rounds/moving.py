"""The one way in which a pair changes state, and who is told: each side only of what it knew, and never why."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import N_
from app.domain import ledger
from app.domain.accounts.telling import tell
from app.domain.mentoring.rounds import rules
from app.domain.mentoring.rounds.packing import NOTHING
from app.domain.mentoring.rounds.rules import Event
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.mentoring import MatchState, MentorAsk, MentorMatch
from app.models.mentorships import Mentorship

PAGE = "/my/mentoring"
CLOSED = "mentor_pair"  # in the ledger of erasures: closed for good
SETTLED = frozenset({MatchState.AGREED, MatchState.ACTIVE})
NOT_THIS_TIME = N_("Not this time. Your wish waits on, since the same day.")
NO_LONGER = N_("You were asked to be somebody's mentor. It does not come about this time. Thank you for being there.")
OVER = N_("A mentorship has come to its end. Thank you for the way that you went together.")
WAITS_ON = N_("A mentorship has come to its end. Your wish for a mentor waits on, since the same day.")
HALF_YEAR = N_("Your half year with a mentor is over, and your wish with it. You can ask anew at any time.")
ASKED_MENTEE = N_("There is somebody who could go along with you. Look at it within %(count)s days.")
ASKED_MENTOR = N_("Somebody would like to have you as a mentor. Look at it within %(count)s days.")
BOTH = N_("Both of you said yes. You can write to each other now, and a coordinator writes to you how you meet first.")


def move(db: Session, match: MentorMatch, event: Event, by: UUID | None = None) -> None:
    """Let something happen to a pair, by one of the two or (``by`` None) by somebody else; Conflict when it cannot happen now."""
    before, match.state = match.state, rules.after(match.state, event)
    days = rules.DAYS.get(match.state)
    match.due_on = now().date() + timedelta(days=days) if days else None
    match.row_version += 1
    if match.state not in rules.OPEN:
        match.open_mentee, match.ended_on, match.why = None, now().date(), NOTHING
        if match.state in rules.CLOSED_FOR_GOOD:
            ledger.remember(db, CLOSED, match.id)
    db.add(match)
    db.flush()
    _tell(db, match, before, event, by)


def _to_mentee(db: Session, match: MentorMatch, before: MatchState, event: Event) -> str:
    """Return the sentence for a mentee whose pair is over: what becomes of the wish is said as it is."""
    if not _went(db, match, before):
        return NOT_THIS_TIME
    if event == Event.LAPSE and before == MatchState.ACTIVE:
        return HALF_YEAR
    waits = db.execute(sa.select(sa.exists().where(col(MentorAsk.member_id) == match.mentee_id))).scalar()
    return WAITS_ON if waits else OVER


def _tell(db: Session, match: MentorMatch, before: MatchState, event: Event, by: UUID | None) -> None:
    if match.state == MatchState.MENTEE_ASKED:
        tell(db, match.mentee_id, ASKED_MENTEE, link=PAGE, count=rules.MENTEE_DAYS)
    elif match.state == MatchState.MENTOR_ASKED:
        tell(db, match.mentor_id, ASKED_MENTOR, link=PAGE, count=rules.MENTOR_DAYS)
    elif match.state == MatchState.AGREED:
        for who in (match.mentee_id, match.mentor_id):
            tell(db, who, BOTH, link=PAGE)
    elif match.state not in rules.OPEN:
        if before in rules.MENTEE_KNOWS and by != match.mentee_id:
            tell(db, match.mentee_id, _to_mentee(db, match, before, event), link=PAGE)
        if before in rules.MENTOR_KNOWS and by != match.mentor_id:
            tell(db, match.mentor_id, OVER if _went(db, match, before) else NO_LONGER, link=PAGE)


def _went(db: Session, match: MentorMatch, before: MatchState) -> bool:
    """Say whether there was something between the two: they met, or wrote to each other."""
    wrote = sa.exists().where(col(Mentorship.match_id) == match.id, col(Mentorship.last_number) > 0)
    return before == MatchState.ACTIVE or (before == MatchState.AGREED and bool(db.execute(sa.select(wrote)).scalar()))


def close_quietly(db: Session, member_id: UUID, *, as_mentor: bool) -> None:
    """Close what a restored older copy brought back open of somebody who had taken their side back; nobody is told again."""
    side = MentorMatch.mentor_id if as_mentor else MentorMatch.mentee_id
    kept = [] if as_mentor else [MatchState.ACTIVE]  # who takes a wish back still goes with a mentor
    which = col(side) == member_id, col(MentorMatch.state).in_(rules.OPEN.difference(kept))
    closed = {"state": MatchState.LAPSED, "open_mentee": None, "ended_on": now().date(), "why": NOTHING}
    db.execute(sa.update(MentorMatch).where(*which).values(**closed))


def close_again(db: Session, match_id: UUID) -> bool:
    """Close once more a pair that a restored older copy brought back open; nobody is told again. Return whether it was open."""
    closed = {"state": MatchState.ENDED, "open_mentee": None, "ended_on": now().date(), "why": NOTHING}
    which = col(MentorMatch.id) == match_id, col(MentorMatch.state).in_(rules.OPEN)
    return bool(db.execute(sa.update(MentorMatch).where(*which).values(**closed)).rowcount)  # type: ignore[attr-defined]


def open_of(db: Session, member_id: UUID) -> list[MentorMatch]:
    """Return the open pairs of somebody, on either side, locked."""
    mine = sa.or_(col(MentorMatch.mentee_id) == member_id, col(MentorMatch.mentor_id) == member_id)
    wanted = select(MentorMatch).where(mine, col(MentorMatch.state).in_(rules.OPEN)).order_by(col(MentorMatch.id))
    return list(db.exec(wanted.with_for_update().execution_options(populate_existing=True)).all())


def wish_taken_back(db: Session, member_id: UUID) -> None:
    """End what was proposed to somebody who looks for nobody any more; a mentorship that began goes on."""
    for match in open_of(db, member_id):
        if match.mentee_id == member_id and match.state != MatchState.ACTIVE:
            move(db, match, Event.LAPSE, member_id)


def said_anew(db: Session, member_id: UUID, *, as_mentor: bool) -> None:
    """End what was proposed to somebody who pauses or says something else now; nobody said no, so it may be proposed again."""
    for match in open_of(db, member_id):
        if (match.mentor_id == member_id) == as_mentor and match.state not in SETTLED:
            move(db, match, Event.LAPSE, member_id)


def mentor_goes(db: Session, member_id: UUID) -> None:
    """End everything of somebody who is a mentor no more."""
    for match in open_of(db, member_id):
        if match.mentor_id == member_id:
            move(db, match, Event.DROP, member_id)


def standing_changed(db: Session, member_id: UUID, standing: MemberStatus) -> None:
    """End what is open of somebody who was stopped or leaves, and what is not agreed yet of somebody who pauses.

    Two who already knew each other are not proposed to each other again after one of them was stopped: it may have been for what
    happened between them, and nothing here knows.
    """
    if standing == MemberStatus.ACTIVE:
        return
    for match in open_of(db, member_id):
        if match.state not in SETTLED:
            move(db, match, Event.AWAY, member_id)
        elif standing != MemberStatus.PAUSED:
            move(db, match, Event.DROP if standing == MemberStatus.SUSPENDED else Event.AWAY, member_id)


def stopped(db: Session, member_id: UUID) -> None:
    """End everything of somebody whom a decision stops: nobody goes on writing to them meanwhile."""
    standing_changed(db, member_id, MemberStatus.SUSPENDED)


def lapse_due(db: Session, most: int = 500) -> int:
    """End what nobody answered in time, and mentorships whose half year is over; the wish has done its work with these.

    Also what is open of somebody who turns out to be under 18, or with a mentor whose role is over: the wish waits on then.
    """
    today = now().date()
    live = sa.exists().where(
        col(RoleGrant.member_id) == col(MentorMatch.mentor_id), col(RoleGrant.role) == Role.MENTOR,
        col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    young = sa.exists().where(
        col(Member.id).in_([col(MentorMatch.mentee_id), col(MentorMatch.mentor_id)]), col(Member.adult).is_(False)
    )
    over = sa.or_(col(MentorMatch.due_on) < today, young, sa.not_(live))
    rows = db.exec(
        select(MentorMatch).where(col(MentorMatch.state).in_(rules.OPEN), over)
        .order_by(col(MentorMatch.id)).limit(most).with_for_update()
    ).all()  # fmt: skip
    for match in rows:
        in_time = match.due_on is not None and match.due_on >= today
        if match.state == MatchState.ACTIVE and not in_time:
            db.execute(sa.delete(MentorAsk).where(col(MentorAsk.member_id) == match.mentee_id))
        move(db, match, Event.AWAY if in_time else Event.LAPSE)
    return len(rows)


def erase(db: Session, member_id: UUID) -> None:
    """End what is open of somebody who left, so that the others are told, and erase every pair of theirs."""
    standing_changed(db, member_id, MemberStatus.GONE)
    mine = sa.or_(col(MentorMatch.mentee_id) == member_id, col(MentorMatch.mentor_id) == member_id)
    db.execute(sa.delete(MentorMatch).where(mine).execution_options(synchronize_session=False))
