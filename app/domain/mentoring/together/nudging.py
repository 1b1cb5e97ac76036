"""No first contact: both are reminded after 7 days, coordinators after 14; each once, as rows under My answers, never by mail.

What would end because nobody wrote down that the two have met is told to both a week before.

Contact is a message that was sent, by either, or a meeting that was written down: who stays silent is told to nobody.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col

from app.core.clock import now
from app.core.i18n import N_, day_words
from app.core.ids import new_id
from app.core.verdict import require
from app.domain import limits
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.mentoring.rounds import rules as rounds
from app.domain.mentoring.together import rules, talking
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.mentoring import MatchState, MentorMatch
from app.models.mentorships import MentorMeeting, Mentorship

HELLO: Final = N_("The two of you have not been in touch yet. A short hello is enough; you can write it here.")
QUIET: Final = N_(
    "Two people who said yes to each other have not been in touch for two weeks. Who it is stands under Work, Mentors."
)
UNMET: Final = N_("It ends by itself on %(day)s, unless one of you writes down before that you have met.")
PAGE: Final = "/desk/pairs/quiet"
A_RUN: Final = 200
_M, _S, _T = MentorMatch.__table__, Mentorship.__table__, MentorMeeting.__table__  # type: ignore[attr-defined]
_TOUCHED = sa.or_(_S.c.last_number > 0, sa.exists().where(_T.c.match_id == _M.c.id))


@dataclass(frozen=True, slots=True)
class Quiet:
    """Two people who have not been in touch, for coordinators."""

    mentee: str
    mentor: str
    since: str


def _silent(today: date, days: int) -> sa.ColumnElement[bool]:
    """Return the condition on pairs that have been able to write for so many days, and did not."""
    # A state that ends by itself tells since when it is: so many days before its last one.
    since = [
        sa.and_(_M.c.state == state, _M.c.due_on <= today - timedelta(days=days) + timedelta(days=rounds.DAYS[state]))
        for state in rules.TALKS
    ]
    return sa.and_(sa.or_(*since), sa.not_(sa.func.coalesce(_TOUCHED, sa.false())))


def remind(db: Session) -> int:
    """Remind both, and tell coordinators, of what is due; return of how many pairs."""
    today = now().date()
    both = _due(db, today, rules.NUDGE_DAYS, "nudged_on")
    for row in both:
        for member_id in (row.mentee_id, row.mentor_id):
            tell(db, member_id, HELLO, link=talking.address(row.ref))
    late = _due(db, today, rules.TELL_DAYS, "told_on")
    for member_id in coordinators(db) if late else ():
        if any(member_id not in (row.mentee_id, row.mentor_id) for row in late):  # once, however many pairs it is
            tell(db, member_id, QUIET, link=PAGE)
    return len(both) + len(late) + _warn(db, today)


def _warn(db: Session, today: date) -> int:
    """Tell both of a pair that has not met when it ends by itself, once; return of how many pairs."""
    soon = sa.and_(_M.c.state == MatchState.AGREED, _M.c.due_on <= today + timedelta(days=rules.WARN_DAYS), _M.c.due_on >= today)
    rows = _noted(db, soon, "warned_on", today)
    for row in rows:
        for member_id in (row.mentee_id, row.mentor_id):
            tell(db, member_id, UNMET, link=f"{talking.address(row.ref)}/meetings", day=row.due_on.isoformat())
    return len(rows)


def _due(db: Session, today: date, days: int, noted: str) -> list[Any]:
    """Return pairs that are silent for so many days and of which nobody was told; note that somebody is now."""
    return _noted(db, _silent(today, days), noted, today)


def _noted(db: Session, which: sa.ColumnElement[bool], noted: str, today: date) -> list[Any]:
    rows = db.execute(
        sa.select(_M.c.id, _M.c.ref, _M.c.mentee_id, _M.c.mentor_id, _M.c.due_on)
        .select_from(_M.outerjoin(_S, _S.c.match_id == _M.c.id))
        .where(which, sa.or_(_S.c.id.is_(None), _S.c[noted].is_(None))).order_by(_M.c.id).limit(A_RUN)
    ).all()  # fmt: skip
    if rows:
        insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
        values = [{"id": new_id(), "match_id": row.id, "last_number": 0, noted: today} for row in rows]
        db.execute(insert(_S).on_conflict_do_update(index_elements=["match_id"], set_={noted: today}), values)
    return list(rows)


def coordinators(db: Session) -> list[UUID]:
    """Return who is a coordinator today, and is stopped by no decision."""
    today = now().date()
    live = (
        col(RoleGrant.role) == Role.COORDINATOR, col(RoleGrant.from_on) <= today, col(RoleGrant.until_on) > today,
        col(RoleGrant.ended_on).is_(None), col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()),
    )  # fmt: skip
    wanted = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == col(Member.id)).where(*live).distinct()
    return list(db.execute(wanted).scalars())


def quiet(db: Session, actor: Actor) -> list[Quiet]:
    """Return who has not been in touch for two weeks, the longest first; never one's own; one statement."""
    require(rules.may_look_after(actor))
    mentee, mentor = sa.orm.aliased(Member), sa.orm.aliased(Member)
    rows = db.execute(
        sa.select(_M.c.due_on, _M.c.state, col(mentee.name), col(mentor.name))
        .select_from(_M.outerjoin(_S, _S.c.match_id == _M.c.id))
        .join(mentee, col(mentee.id) == _M.c.mentee_id).join(mentor, col(mentor.id) == _M.c.mentor_id)
        .where(_silent(now().date(), rules.TELL_DAYS), _M.c.mentee_id != actor.me, _M.c.mentor_id != actor.me)
        .order_by(_M.c.due_on).limit(A_RUN)
    ).all()  # fmt: skip
    return [Quiet(a, b, day_words(due_on - timedelta(days=rounds.DAYS[state]))) for due_on, state, a, b in rows]
