"""Reading for the page of those who supervise."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.domain.actor import Actor
from app.domain.mentoring.circles import loads
from app.domain.mentoring.joining import rules as joining
from app.domain.mentoring.joining.queries import goes_with
from app.domain.mentoring.rounds.rules import MENTEE_KNOWS, MONTHS_DAYS, OPEN
from app.domain.mentoring.supervision import rules
from app.domain.mentoring.training.rules import ends_soon
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.mentoring import MatchState, Mentor, MentorMatch, MentorState
from app.models.mentorships import Mentorship

PER_PAGE: Final = 30
_TODAY: Final = sa.bindparam("today", type_=sa.Date)
_LIVE: Final = sa.and_(col(RoleGrant.from_on) <= _TODAY, col(RoleGrant.until_on) > _TODAY, col(RoleGrant.ended_on).is_(None))
_DESK: Final = (Role.COORDINATOR, Role.SAFEGUARDING)


@dataclass(frozen=True, slots=True)
class Card:
    """A mentor as who looks after them sees it."""

    ref: str
    name: str
    supervisor: str  # "" where nobody who works at the desk today supervises
    paused: bool
    load: int
    capacity: int
    silent: bool  # two were brought together two weeks ago, and nobody has written here
    trained_until: date | None
    training_due: bool
    role_until: date | None
    wants_talk: bool  # shown to whom it goes only
    mine: bool


def at_work() -> sa.ColumnElement[bool]:
    """Say of a mentor whether the named supervisor works at the desk today and is no mentee of theirs; needs ``today``."""
    return sa.exists().where(
        col(RoleGrant.member_id) == col(Mentor.supervisor_id), col(RoleGrant.role).in_(_DESK), _LIVE,
        col(Member.id) == col(Mentor.supervisor_id), col(Member.status) == MemberStatus.ACTIVE,
        sa.not_(goes_with(col(Mentor.member_id), col(Mentor.supervisor_id))),
    ).correlate(Mentor.__table__)  # type: ignore[attr-defined]  # fmt: skip


def cards(db: Session, actor: Actor, page: int = 1) -> tuple[list[Card], bool]:
    """Return the mentors whom the actor looks after (a coordinator: all), who would like to talk first, and whether more follow.

    One's own line, and whoever's account rests, is left out; of pairs in which the actor is the mentee nothing is told that is
    hidden from them. One statement.
    """
    today, over = now().date(), sa.orm.aliased(Member)
    of_mentor = col(MentorMatch.mentor_id) == col(Mentor.member_id)
    load = sa.select(sa.func.count()).where(
        of_mentor, col(MentorMatch.state).in_(OPEN),
        sa.or_(col(MentorMatch.mentee_id) != actor.me, col(MentorMatch.state).in_(MENTEE_KNOWS)),
    ).scalar_subquery()  # fmt: skip
    spoke = sa.exists().where(col(Mentorship.match_id) == col(MentorMatch.id), col(Mentorship.last_number) > 0)
    silent = sa.exists().where(
        of_mentor, col(MentorMatch.state) == MatchState.ACTIVE, col(MentorMatch.mentee_id) != actor.me, sa.not_(spoke),
        col(MentorMatch.due_on) <= today + timedelta(days=MONTHS_DAYS - rules.SILENT_DAYS),
    )  # fmt: skip
    until = sa.select(sa.func.max(col(RoleGrant.until_on))).where(
        col(RoleGrant.member_id) == col(Mentor.member_id), col(RoleGrant.role) == Role.MENTOR, _LIVE
    ).scalar_subquery()  # fmt: skip
    whose = sa.true() if actor.has(Role.COORDINATOR) else col(Mentor.supervisor_id) == actor.me
    works, mentee = at_work().label("works"), goes_with(col(Mentor.member_id), actor.me).label("mentee")
    to_me = sa.case((works, col(Mentor.supervisor_id) == actor.me), else_=sa.literal(actor.has(Role.COORDINATOR)))
    wants = sa.and_(col(Mentor.wants_talk_on).is_not(None), to_me, sa.not_(mentee))
    rows = db.execute(
        sa.select(
            Mentor, col(Member.name), sa.case((works, col(over.name)), else_=""), load + loads.led(col(Mentor.member_id)), silent,
            until, works, mentee,
        )
        .join(Member, col(Member.id) == col(Mentor.member_id)).outerjoin(over, col(over.id) == col(Mentor.supervisor_id))
        .where(
            col(Mentor.state).in_(joining.IS_MENTOR), col(Member.status) == MemberStatus.ACTIVE,
            col(Mentor.member_id) != actor.me, whose,
        )
        .order_by(sa.desc(wants), sa.desc(silent), col(Mentor.id)).limit(PER_PAGE + 1).offset((page - 1) * PER_PAGE),
        {"today": today},
    ).all()  # fmt: skip
    return [_card(actor, today, *row) for row in rows[:PER_PAGE]], len(rows) > PER_PAGE


def _card(
    actor: Actor, today: date, row: Mentor, name: str, supervisor: str, load: int, silent: bool, until: date | None, works: bool,
    mentee: bool,
) -> Card:  # fmt: skip
    mine = rules.is_mine(actor, row.member_id, row.supervisor_id, at_work=works, mentee=mentee)
    return Card(
        row.ref, name, supervisor, row.state == MentorState.PAUSED, load, row.capacity, bool(silent), row.trained_until,
        row.trained_until is None or ends_soon(row.trained_until, today), until, mine and row.wants_talk_on is not None, mine,
    )  # fmt: skip
