"""A circle up to its beginning: a coordinator plans, mentors say yes, people ask, a coordinator chooses and begins it."""

from datetime import timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts.telling import tell, tell_all
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import bound, hooks
from app.domain.groups import rules as groups
from app.domain.mentoring.circles import reading, rules
from app.domain.mentoring.circles.wording import BEGUN, LEAD, NO_CIRCLE, NOT_THIS_TIME, TAKEN_IN
from app.models.accounts import Member
from app.models.circles import CircleSeat, CircleState, MentorCircle, SeatState
from app.models.mentoring import Mentor
from app.schemas.circles import ChooseSeat, PlanCircle

# In the ledger of erasures: a seat that was left, or a wish that was taken back; a circle that said goodbye; one that is over.
GONE, PARTS, OVER = "circle seat", "circle goodbye", "circle over"
MINE, DESK = "/my/mentoring/circles", "/desk/circles"
_S: sa.Table = CircleSeat.__table__  # type: ignore[attr-defined]


def held(db: Session, ref: str) -> MentorCircle:
    """Return a circle, locked; NotFound without one."""
    found = select(MentorCircle).where(MentorCircle.ref == ref).with_for_update()
    row = db.exec(found.execution_options(populate_existing=True)).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    return row


def seats(db: Session, circle: MentorCircle, *, leads: bool, state: SeatState | None = None) -> list[CircleSeat]:
    """Return the seats of those who lead, or of the others; of one state or of all."""
    wanted = select(CircleSeat).where(CircleSeat.circle_id == circle.id, CircleSeat.leads == leads).order_by(col(CircleSeat.id))
    return [one for one in db.exec(wanted).all() if state is None or one.state == state]


def own(db: Session, actor: Actor, circle: MentorCircle) -> CircleSeat | None:
    """Return the seat of the actor."""
    return db.exec(select(CircleSeat).where(CircleSeat.circle_id == circle.id, CircleSeat.member_id == actor.me)).first()


def plan(db: Session, actor: Actor, wish: PlanCircle) -> MentorCircle:
    """Plan a circle and ask the mentors whether they lead it; Invalid names the field."""
    require(rules.may_plan(actor))
    if not rules.day_fits(wish.begins_on, now().date()):
        raise Invalid("begins_on", _("Choose a day from three days to three months ahead."))
    found = hooks.look_closely(hooks.Written(f"{wish.title}\n\n{wish.about}", wish.language))
    if found.held or found.reach or groups.read_first(actor):
        raise Invalid("about", _(
            "Every member reads this, and the checks would let it wait. Leave out numbers and links, or use other words."
        ))  # fmt: skip
    chosen = list(dict.fromkeys(one for one in (wish.mentor, wish.second) if one))
    if not set(chosen) <= {ref for ref, _name in reading.can_lead(db, actor)}:
        raise Invalid("mentor", _("One of these cannot lead a circle at the moment. Choose somebody else."))
    row = MentorCircle(
        ref=new_ref(), title=wish.title, about=wish.about, language=wish.language, places=wish.places, begins_on=wish.begins_on,
        weeks=wish.weeks,
    )  # fmt: skip
    db.add(row)
    db.flush()
    for mentor in db.exec(select(Mentor).where(col(Mentor.ref).in_(chosen))).all():
        db.add(CircleSeat(ref=new_ref(), circle_id=row.id, member_id=mentor.member_id, leads=True, on=now().date()))
        tell(db, mentor.member_id, LEAD, link=f"{MINE}/{row.ref}")
    db.flush()
    audit.record(db, actor, "circle.planned", "circle", row.id)
    return row


def lead(db: Session, actor: Actor, ref: str) -> None:
    """Say yes to leading a circle; once all who are still asked have, people can ask to come in."""
    require(rules.may_lead(actor))
    circle = held(db, ref)
    seat = own(db, actor, circle)
    if seat is None or not seat.leads:
        raise NotFound(_("This page is not here."))
    stands = sa.select(col(Mentor.id)).join(Member, col(Member.id) == col(Mentor.member_id))
    if db.execute(stands.where(col(Mentor.member_id) == actor.me, reading.mentor_stands(now().date()))).first() is None:
        raise Refused(_("Somebody who leads a circle is a mentor at work, and trained."))
    if circle.state != CircleState.FORMING or seat.state != SeatState.ASKED:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    seat.state = SeatState.IN
    db.flush()
    open_if_ready(db, circle)


def open_if_ready(db: Session, circle: MentorCircle) -> None:
    """Let people ask to come in once nobody is asked to lead any more, and somebody leads."""
    leads = seats(db, circle, leads=True)
    if circle.state == CircleState.FORMING and leads and all(one.state == SeatState.IN for one in leads):
        circle.state = CircleState.OPEN
        db.flush()


def ask(db: Session, actor: Actor, ref: str) -> None:
    """Ask to come in; without words: a coordinator chooses, and whoever leads it reads no name before it begins."""
    circle = held(db, ref)
    seat = own(db, actor, circle)
    if circle.state != CircleState.OPEN and seat is None:
        raise NotFound(_("This page is not here."))
    live = sa.select(sa.func.count()).select_from(CircleSeat).join(MentorCircle, col(MentorCircle.id) == col(CircleSeat.circle_id))
    others = db.execute(live.where(
        col(CircleSeat.member_id) == actor.me, sa.not_(col(CircleSeat.leads)), col(MentorCircle.state) != CircleState.ENDED
    )).scalar_one()  # fmt: skip
    adult = bool(db.get_one(Member, actor.me).adult)
    require(rules.may_ask(actor, adult=adult, state=circle.state, seat=seat.state if seat else None, others=others))
    db.add(CircleSeat(ref=new_ref(), circle_id=circle.id, member_id=actor.me, on=now().date()))
    db.flush()


def take_back(db: Session, actor: Actor, ref: str) -> None:
    """Take back that one asked, or a place before the beginning; who is in a circle that has begun leaves its group."""
    require(rules.may_go(actor))
    circle = held(db, ref)
    seat = own(db, actor, circle)
    if seat is None or seat.leads:
        raise NotFound(_("This page is not here."))
    if circle.state not in (CircleState.FORMING, CircleState.OPEN):
        raise Conflict(_("It has begun meanwhile. You can leave it where you talk with each other, under My place here."))
    remove(db, seat)


def remove(db: Session, seat: CircleSeat) -> None:
    """Let a seat go, also from a copy that is restored."""
    ledger.remember(db, GONE, seat.id)
    db.delete(seat)
    db.flush()


def chosen(db: Session, actor: Actor, ref: str) -> MentorCircle:
    """Return a circle about which the actor decides, locked."""
    require(rules.may_plan(actor))
    circle = held(db, ref)
    if own(db, actor, circle) is not None:
        raise NotFound(_("This page is not here."))
    return circle


def to_choose(db: Session, actor: Actor, ref: str) -> MentorCircle:
    """Return a circle for a coordinator who is not in it; for others it is not there."""
    circle = db.exec(select(MentorCircle).where(MentorCircle.ref == ref)).first()
    if circle is None or not rules.may_choose(actor, inside=own(db, actor, circle) is not None):
        raise NotFound(_("This page is not here."))
    return circle


def choose(db: Session, actor: Actor, ref: str, wish: ChooseSeat) -> None:
    """Let somebody in who asked, or not this time; nobody asks why."""
    require(rules.may_plan(actor))
    circle = chosen(db, actor, ref)
    there = reading.people(db, circle.id)
    seat = next((one for one in seats(db, circle, leads=False, state=SeatState.ASKED) if one.ref == wish.seat), None)
    if circle.state != CircleState.OPEN or seat is None or wish.seat not in {one.ref for one in there}:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    if wish.do == "out":
        db.delete(seat)
        tell(db, seat.member_id, NOT_THIS_TIME, link=MINE)
    elif sum(one.state == SeatState.IN and not one.leads for one in there) >= circle.places:  # as many as the desk reads
        raise Conflict(_("Every place is taken."))
    else:
        seat.state = SeatState.IN
        tell(db, seat.member_id, TAKEN_IN, link=f"{MINE}/{circle.ref}", day=circle.begins_on.isoformat())
    db.flush()
    audit.record(db, actor, "circle.chosen", "circle", circle.id)


def begin(db: Session, actor: Actor, ref: str) -> None:
    """Begin a circle: those who are in talk from now on in a hidden group; who asked in vain is told."""
    require(rules.may_plan(actor))
    circle = chosen(db, actor, ref)
    if circle.state != CircleState.OPEN:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    there = {one.ref for one in reading.people(db, circle.id)}
    leads = [one.member_id for one in seats(db, circle, leads=True, state=SeatState.IN) if one.ref in there]
    inside = [one.member_id for one in seats(db, circle, leads=False, state=SeatState.IN) if one.ref in there]
    if (verdict := rules.begins_well(len(inside), len(leads))).reason is not None:
        raise Conflict(verdict.reason)
    today = now().date()
    circle.state, circle.begins_on, circle.ends_on = CircleState.RUNNING, today, today + timedelta(weeks=circle.weeks)
    until = circle.ends_on + timedelta(days=rules.GOODBYE_DAYS + 1)
    group = bound.begin(db, circle.title, circle.about, circle.language, actor.me, leads, inside, until)
    circle.group_id = group.id
    for seat in seats(db, circle, leads=True):  # whose account rests leads nothing that begins now
        if seat.member_id not in leads:
            remove(db, seat)
    kept = {*leads, *inside}
    _not_this_time(db, [one for one in seats(db, circle, leads=False) if one.member_id not in kept])
    tell_all(db, [(one, f"/g/{group.ref}") for one in (*leads, *inside)], BEGUN)
    audit.record(db, actor, "circle.begun", "circle", circle.id)


def _not_this_time(db: Session, left: list[CircleSeat]) -> None:
    tell_all(db, [(one.member_id, MINE) for one in left], NOT_THIS_TIME)
    db.execute(sa.delete(_S).where(_S.c.id.in_([one.id for one in left])))
    db.flush()
    db.expire_all()


def call_off(db: Session, circle: MentorCircle, but: UUID | None = None) -> None:
    """End a circle that has not begun; all but one who knows are told."""
    whom = [one.member_id for leads in (True, False) for one in seats(db, circle, leads=leads) if one.member_id != but]
    circle.state, circle.ends_on = CircleState.ENDED, now().date()
    ledger.remember(db, OVER, circle.id)
    db.execute(sa.delete(_S).where(_S.c.circle_id == circle.id))
    tell_all(db, [(one, MINE) for one in whom], NO_CIRCLE)
    db.flush()
