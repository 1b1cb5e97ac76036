"""Two groups apply together: the one that writes passes on a link, the other says yes to the words as they stand."""

from uuid import UUID

from sqlmodel import Session, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups.rules import Seat
from app.domain.money import queries as money
from app.domain.money.granting import applying, queries, rules, tying
from app.domain.money.granting.wording import JOINED, LEFT
from app.domain.money.rules import may_write_money
from app.models.groups import Group, GroupState
from app.models.money import AskState, FundAsk, FundCall


def _hash(code: str) -> str:
    return keyed_hash(core_settings.current().secret, "fund-joint", code)


def _open(call: FundCall) -> None:
    require(rules.may_change(money.state(call), call.decided_at is not None))


def link(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall) -> str:
    """Return the random part of a link by which another group joins, this once; the link before opens no more."""
    require(rules.may_apply(actor, seat, group.state, now().date()))
    _open(call)
    ask = queries.of_group(db, call.id, group.id)
    if ask is None or ask.state == AskState.WITHDRAWN:
        raise queries.not_here()
    if ask.with_group_id is not None:
        raise Invalid("", _("Another group is part of it already. Two groups ask together at most."))
    code = new_ref()
    ask.link_hash = _hash(code)
    db.flush()
    audit.record(db, actor, "group.ask_link", "group", group.id)
    return code


def by_link(db: Session, code: str) -> tuple[FundAsk, FundCall, Group]:
    """Return what a link is about; NotFound once it was used, and after the deadline."""
    row = db.exec(
        select(FundAsk, FundCall, Group).join(FundCall, FundCall.id == FundAsk.call_id)  # type: ignore[arg-type]
        .join(Group, Group.id == FundAsk.group_id)  # type: ignore[arg-type]
        .where(FundAsk.link_hash == _hash(code), Group.state != GroupState.CLOSED)
    ).first()  # fmt: skip
    if row is None or not rules.may_change(money.state(row[1]), row[1].decided_at is not None):
        raise queries.not_here()
    return row[0], row[1], row[2]


def join(db: Session, actor: Actor, code: str, group: Group, seat: Seat) -> FundCall:
    """Let a group be part of an application; it reads the words there, and then says yes to them."""
    ask, call, lead = by_link(db, code)
    require(rules.may_apply(actor, seat, group.state, now().date()))
    db.refresh(group, with_for_update=True)
    db.refresh(ask, with_for_update=True)
    if ask.link_hash != _hash(code):
        raise queries.not_here()
    own = queries.of_group(db, call.id, group.id)
    if group.id == lead.id or (own is not None and own.state != AskState.WITHDRAWN) or queries.joined(db, call.id, group.id):
        raise Invalid("group", _("This group asks in this call already. It can ask once. Withdraw the other one first."))
    ask.with_group_id, ask.with_yes, ask.link_hash = group.id, False, None
    db.flush()
    _note(db, ask)
    audit.record(db, actor, "group.ask_joined", "group", group.id)
    return call


def _note(db: Session, ask: FundAsk) -> None:
    if ask.state == AskState.SENT:
        tying.note(db, ask.call_id)


def agree(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, version: int) -> None:
    """Say yes to the words of the other group, as the reader saw them; Invalid where they changed meanwhile."""
    require(rules.may_apply(actor, seat, group.state, now().date()))
    _open(call)
    ask = _other(db, call.id, group.id)
    db.refresh(ask, with_for_update=True)
    if ask.row_version != version:
        raise Invalid("", _("The words have changed meanwhile. Read them again, then say yes."))
    ask.with_yes = True
    db.flush()
    applying.tell(db, [ask.group_id], JOINED, call.id)
    audit.record(db, actor, "group.ask_agreed", "group", group.id)


def leave(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall) -> None:
    """Let a group be part of an application no more: it leaves, or the one that writes asks without it.

    Until it is decided, also for a group that a decision hid.
    """
    require(may_write_money(actor, seat, now().date()))
    require(rules.may_withdraw(True, call.decided_at is not None))
    own = queries.of_group(db, call.id, group.id)
    ask = own if own is not None and own.with_group_id is not None else _other(db, call.id, group.id)
    db.refresh(ask, with_for_update=True)
    end(db, ask, call, ask.with_group_id if ask is own else ask.group_id)
    audit.record(db, actor, "group.ask_left", "group", group.id)


def end(db: Session, ask: FundAsk, call: FundCall, other: UUID | None) -> None:
    """Let two groups ask together no more; ``other`` is told, where there was something."""
    linked = queries.linked(ask, call)
    ask.with_group_id, ask.with_yes, ask.link_hash = None, False, None
    db.flush()
    if linked and other is not None:
        applying.tell(db, [other], LEFT, call.id)


def _other(db: Session, call_id: UUID, group_id: UUID) -> FundAsk:
    ask = queries.joined(db, call_id, group_id)
    if ask is None:
        raise queries.not_here()
    return ask
