"""A voice in an application: what a group says instead of writing it, heard by whoever reads the application, gone with it."""

from typing import Any

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups.rules import Seat
from app.domain.media import keeping
from app.domain.media.voice import Voice
from app.domain.money import queries as money
from app.domain.money.granting import applying, queries, rules
from app.models.groups import Group
from app.models.money import AskState, FundAsk, FundCall


def own(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall) -> FundAsk:
    """Return the application of a group to which a voice can be added now; Refused or NotFound otherwise."""
    require(rules.may_apply(actor, seat, group.state, now().date()))
    require(rules.may_speak(money.state(call)))
    ask = queries.of_group(db, call.id, group.id)
    if ask is None or ask.state == AskState.WITHDRAWN:
        raise queries.not_here()
    return ask


def keep(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, voice: Voice, version: int) -> None:
    """Let a voice be part of an application, in place of the one before; Invalid where somebody changed it meanwhile."""
    ask = _held(db, actor, group, seat, call, version)
    applying.forget_voice(db, [ask])
    _move(db, actor, group, ask, keeping.put_voice(db, voice), voice.seconds)


def take_out(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, version: int) -> None:
    """Take the voice out; Invalid for an application that was sent and is not whole without it."""
    ask = _held(db, actor, group, seat, call, version)
    if ask.state == AskState.SENT and not all((ask.answers or {}).get(name) for name in applying.NAMES):
        raise Invalid("", _("Write an answer to each of the six questions first. Then you can take your voice out."))
    applying.forget_voice(db, [ask])
    _move(db, actor, group, ask, None, None)


def _held(db: Session, actor: Actor, group: Group, seat: Seat, call: FundCall, version: int) -> FundAsk:
    db.refresh(call, with_for_update={"read": True})
    db.refresh(group, with_for_update=True)
    ask = own(db, actor, group, seat, call)
    if ask.row_version != version:
        raise Invalid("", _("Somebody else of your group changed this meanwhile. Nothing was overwritten."))
    return ask


def _move(db: Session, actor: Actor, group: Group, ask: FundAsk, files: dict[str, Any] | None, seconds: float | None) -> None:
    ask.voice, ask.voice_seconds, ask.made_by, ask.saved_at = files, seconds, actor.me, now()
    ask.row_version += 1
    applying.ask_again(db, ask)
    db.flush()
    audit.record(db, actor, "group.ask_voice", "group", group.id)
