"""The end of a circle: by its day, by who leads it, by a coordinator, or because nobody is left; two weeks for a goodbye."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts.telling import tell_all
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import bound
from app.domain.mentoring.circles import forming, reading, rules
from app.domain.mentoring.circles.wording import FEW, ONE_STOPS, OVER
from app.domain.mentoring.together import nudging
from app.models.accounts import Member
from app.models.circles import CircleSeat, CircleState, MentorCircle, SeatState
from app.models.groups import Group
from app.models.mentoring import Mentor

A_RUN = 100
_C, _S = MentorCircle.__table__, CircleSeat.__table__  # type: ignore[attr-defined]
_BEFORE = (CircleState.FORMING, CircleState.OPEN)


def step_back(db: Session, actor: Actor, ref: str) -> None:
    """Say no to leading a circle, or stop leading it; nobody asks why."""
    require(rules.may_go(actor))
    circle = forming.held(db, ref)
    seat = forming.own(db, actor, circle)
    if seat is None or not seat.leads or circle.state not in (*_BEFORE, CircleState.RUNNING):
        raise NotFound(_("This page is not here."))
    lead_goes(db, circle, seat)


def lead_goes(db: Session, circle: MentorCircle, seat: CircleSeat) -> None:
    """Let one of those who lead go: the other one goes on, or the circle comes to its end."""
    who = seat.member_id
    forming.remove(db, seat)
    left = forming.seats(db, circle, leads=True)
    if circle.state in _BEFORE:
        if left:
            forming.open_if_ready(db, circle)
        else:
            forming.call_off(db, circle, who)
    elif circle.state == CircleState.RUNNING:
        if left:
            tell_all(db, [(one.member_id, _page(db, circle)) for one in forming.seats(db, circle, leads=False)], ONE_STOPS)
        else:
            say_goodbye(db, circle)
        if circle.group_id is not None:
            bound.take_out(db, circle.group_id, who)


def end(db: Session, actor: Actor, ref: str) -> None:
    """End a circle: who leads it once it runs, a coordinator who is not in it at any time."""
    require(rules.may_go(actor))
    circle = forming.held(db, ref)
    seat = forming.own(db, actor, circle)
    leads = seat is not None and seat.leads and seat.state == SeatState.IN and circle.state == CircleState.RUNNING
    if not leads and (seat is not None or not rules.may_plan(actor)):
        raise NotFound(_("This page is not here."))
    if circle.state in _BEFORE:
        forming.call_off(db, circle)
    elif circle.state == CircleState.RUNNING:
        say_goodbye(db, circle)
    else:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    audit.record(db, actor, "circle.ended", "circle", circle.id)


def say_goodbye(db: Session, circle: MentorCircle) -> None:
    """Begin the two weeks of the goodbye; everybody in it is told until when."""
    until = now().date() + timedelta(days=rules.GOODBYE_DAYS)
    circle.state, circle.ends_on = CircleState.GOODBYE, until
    ledger.remember(db, forming.PARTS, circle.id)
    whom = [one.member_id for leads in (True, False) for one in forming.seats(db, circle, leads=leads)]
    tell_all(db, [(one, _page(db, circle)) for one in whom], OVER, day=until.isoformat())
    db.flush()


def _page(db: Session, circle: MentorCircle) -> str:
    ref = db.execute(sa.select(col(Group.ref)).where(col(Group.id) == circle.group_id)).scalar()
    return f"/g/{ref}" if ref else forming.MINE


def left_group(db: Session, group_id: UUID, member_id: UUID) -> None:
    """Follow somebody who left the group of a circle; coordinators are told once when few are left."""
    found = select(MentorCircle).where(MentorCircle.group_id == group_id, col(MentorCircle.state) != CircleState.ENDED)
    circle = db.exec(found.with_for_update()).first()
    if circle is None:
        return
    gone = db.exec(select(CircleSeat).where(CircleSeat.circle_id == circle.id, CircleSeat.member_id == member_id)).first()
    if gone is not None:
        forming.remove(db, gone)
    if circle.state != CircleState.RUNNING:
        db.flush()
        return
    inside, leads = (forming.seats(db, circle, leads=leading) for leading in (False, True))
    if not inside or not leads:
        say_goodbye(db, circle)
        return
    if gone is not None and gone.leads:
        tell_all(db, [(one.member_id, _page(db, circle)) for one in inside], ONE_STOPS)
    if len(inside) < rules.FEWEST and not circle.few:
        circle.few = True
        there = {one.member_id for one in (*inside, *leads)}
        tell_all(db, [(one, forming.DESK) for one in nudging.coordinators(db) if one not in there], FEW)
    db.flush()


def due(db: Session) -> int:
    """End what is due: leads whose role is over, days that have come, goodbyes that are said; return how many circles."""
    today = now().date()
    stands = sa.select(col(Mentor.member_id)).join(Member, col(Member.id) == col(Mentor.member_id))
    stands = stands.where(reading.mentor_holds(today))
    going = sa.select(_C.c.id).where(_C.c.state.in_([*_BEFORE, CircleState.RUNNING]))
    over = select(col(CircleSeat.id)).where(
        CircleSeat.leads, col(CircleSeat.member_id).not_in(stands), col(CircleSeat.circle_id).in_(going)
    )  # fmt: skip
    for seat_id in db.exec(over.order_by(col(CircleSeat.id)).limit(A_RUN)).all():
        seat = db.get(CircleSeat, seat_id)
        if seat is not None:  # the end of its circle through another seat takes it along
            lead_goes(db, db.get_one(MentorCircle, seat.circle_id, with_for_update=True), seat)
    late = sa.or_(
        sa.and_(col(MentorCircle.state).in_(_BEFORE), col(MentorCircle.begins_on) < today - timedelta(days=rules.WAIT_DAYS)),
        sa.and_(col(MentorCircle.state).in_([CircleState.RUNNING, CircleState.GOODBYE]), col(MentorCircle.ends_on) < today),
    )
    rows = db.exec(select(MentorCircle).where(late).order_by(col(MentorCircle.id)).limit(A_RUN).with_for_update()).all()
    for circle in rows:
        if circle.state in _BEFORE:
            forming.call_off(db, circle)
        elif circle.state == CircleState.RUNNING:
            say_goodbye(db, circle)
        else:
            close(db, circle)
    old = sa.and_(_C.c.state == CircleState.ENDED, _C.c.ends_on < today - timedelta(days=rules.KEPT_DAYS))
    db.execute(sa.delete(_C).where(old))
    return len(rows)


def close(db: Session, circle: MentorCircle) -> None:
    """Close the talk of a circle: everybody is out, and every word of it is erased."""
    circle.state, circle.ends_on = CircleState.ENDED, now().date()
    ledger.remember(db, forming.OVER, circle.id)
    _clear(db, circle)


def _clear(db: Session, circle: MentorCircle) -> None:
    db.execute(sa.delete(_S).where(_S.c.circle_id == circle.id))
    db.flush()
    if circle.group_id is not None:
        bound.close(db, circle.group_id)


def end_again(db: Session, kind: str, circle_id: UUID) -> bool:
    """Let a circle that a restored older copy brought back be where it was; nobody is told twice. Return whether it was there."""
    circle = db.get(MentorCircle, circle_id)
    since = ledger.since(db, circle_id)
    if circle is None or since is None or circle.state == CircleState.ENDED:
        return False
    if kind == forming.PARTS and circle.group_id is not None:
        circle.state, circle.ends_on = CircleState.GOODBYE, since + timedelta(days=rules.GOODBYE_DAYS)
        db.flush()
    else:
        circle.state, circle.ends_on = CircleState.ENDED, since
        _clear(db, circle)
    return True
