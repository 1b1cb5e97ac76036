"""Who sits on a panel: named by a coordinator, asked, until a day; what people declare serves the rule of the panel alone."""

from uuid import UUID

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require, unless
from app.domain.accounts import queries as people
from app.domain.accounts import telling
from app.domain.actor import Actor, may_take_part
from app.domain.audit import actions as audit
from app.domain.money.granting import opening, queries, rules, tying
from app.domain.money.granting.rules import Stage
from app.domain.money.granting.wording import ASKED_TO_SIT, SEAT_EMPTY, SEAT_ENDED
from app.models.accounts import MemberStatus
from app.models.money import FundCall, FundSeat, SeatState
from app.schemas.granting import NameSeat, TakeSeat


def may_name(db: Session, actor: Actor, call: FundCall) -> None:
    """Raise Refused where the actor does not name people for this panel."""
    require(rules.may_name(actor, actor.signed_in and queries.tied(db, call.id, actor.me), queries.stage(call)))


def name(db: Session, actor: Actor, call: FundCall, wish: NameSeat) -> FundSeat:
    """Ask somebody to sit on a panel; Invalid where nobody has the name, or where they sit on it already."""
    may_name(db, actor, call)
    db.refresh(call, with_for_update=True)
    require(
        rules.may_seat(sum(one.state in (SeatState.ASKED, SeatState.SITS) for one, _name, _works in queries.seats(db, call.id)))
    )
    rules.check_term(wish.until_on, call.decide_on or now().date(), now().date())
    member = people.member_by_name(db, wish.name)
    if member is None or member.status != MemberStatus.ACTIVE:
        raise Invalid("name", _("Nobody here has this name, or they are not here at the moment."))
    if member.id == actor.member_id:
        raise Invalid("name", _("Nobody names themselves. Another coordinator can name you."))
    seat = queries.seat(db, call.id, member.id)
    if seat is not None and seat.state in (SeatState.ASKED, SeatState.SITS):
        return _named_anew(db, actor, call, seat)
    if seat is not None and seat.state == SeatState.ENDED and queries.stage(call) != Stage.WAITS:
        raise Invalid("name", _("They sat on it and do not any more. After the deadline nobody comes back."))
    if seat is None:
        seat = FundSeat(call_id=call.id, member_id=member.id, until_on=wish.until_on)
    seat.state, seat.until_on, seat.declared, seat.ties = SeatState.ASKED, wish.until_on, None, None
    seat.named_by, seat.rival = actor.me, False
    db.add(seat)
    db.flush()
    telling.tell(db, member.id, ASKED_TO_SIT, link=f"/panel/{call.ref}")
    audit.record(db, actor, "panel.name", "fund_call", call.id)
    return seat


def _named_anew(db: Session, actor: Actor, call: FundCall, seat: FundSeat) -> FundSeat:
    """Stand for somebody whom a coordinator named who competes by now; Invalid where there is no need."""
    if not queries.named_by_rival(db, seat.id):
        raise Invalid("name", _("They are asked already."))
    seat.named_by, seat.rival = actor.me, False
    db.flush()
    audit.record(db, actor, "panel.name", "fund_call", call.id)
    return seat


def end(db: Session, actor: Actor, call: FundCall, member_id: UUID) -> None:
    """Let somebody sit on a panel no more; what they scored counts no longer. They are told."""
    may_name(db, actor, call)
    db.refresh(call, with_for_update=True)
    said_yes = {one.member_id: works for one, _name, works in queries.seats(db, call.id) if one.state == SeatState.SITS}
    require(rules.may_end(member_id in said_yes, said_yes.get(member_id, False), queries.stage(call)))
    _end(db, call, member_id)
    telling.tell(db, member_id, SEAT_ENDED, link=f"/money/{call.ref}")
    audit.record(db, actor, "panel.end", "fund_call", call.id)


def answer(db: Session, actor: Actor, call: FundCall, wish: TakeSeat) -> None:
    """Say yes, with what the rule of the panel needs and one's ties in words, or no: also later, until it is decided.

    What somebody declared stays as it is from the deadline on: whoever could change it would read from whether the panel can work
    what the others declared.
    """
    require(may_take_part(actor))
    db.refresh(call, with_for_update=True)
    seat = queries.seat(db, call.id, actor.me)
    if seat is None or seat.state not in (SeatState.ASKED, SeatState.SITS):
        raise queries.not_here()
    require(unless(queries.stage(call) in (Stage.DECIDED, Stage.CANCELLED), _("There is nothing left to decide in this call.")))
    if wish.do == "no":
        _end(db, call, actor.me, SeatState.DECLINED if seat.state == SeatState.ASKED else SeatState.ENDED)
    else:
        declared = seat.declared if fixed(call, seat) else wish.declared
        if not declared:
            raise Invalid("declared", _("Choose one of these."))
        if seat.state == SeatState.ASKED:
            call.to_replace = max(0, call.to_replace - 1)
        seat.state, seat.declared, seat.ties = SeatState.SITS, declared, wish.ties or None
        db.flush()
        tying.note(db, call.id)
    audit.record(db, actor, "panel.answer", "fund_call", call.id)


def _end(db: Session, call: FundCall, member_id: UUID, state: SeatState = SeatState.ENDED) -> None:
    seat = queries.seat(db, call.id, member_id)
    if seat is None or seat.state not in (SeatState.ASKED, SeatState.SITS):
        raise queries.not_here()
    opening.keep(db, call)
    goes = seat.state == SeatState.SITS
    seat.state, seat.declared, seat.ties = state, None, None
    db.flush()
    if goes:
        gone(db, call)
    opening.settle(db, call)


def gone(db: Session, call: FundCall) -> None:
    """Let somebody be replaced who said yes and stops after the deadline; coordinators who name people are told."""
    if queries.stage(call) in (Stage.WAITS, Stage.DECIDED, Stage.CANCELLED):
        return
    call.to_replace += 1
    db.flush()
    link = f"/desk/money/{call.ref}/panel"
    telling.tell_all(db, ((one, link) for one in queries.namers(db, call.id)), SEAT_EMPTY)


def fixed(call: FundCall, seat: FundSeat) -> bool:
    """Say whether what somebody declared stays as it is: they said yes, and groups can ask no more."""
    return seat.state == SeatState.SITS and queries.stage(call) != Stage.WAITS
