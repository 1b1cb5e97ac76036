"""Codes that let people in: so many times, until a day; only their hash is kept."""

from datetime import date
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import keys
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import belonging, queries, rules
from app.domain.groups.rules import Seat
from app.models.groups import Group, GroupCode, GroupState

ENDED = "code"  # in the ledger of erasures: a code that was ended, perhaps because it was stolen


def _hash(code: str) -> str:
    return keyed_hash(core_settings.current().secret, "group-code", code)


def _works() -> tuple[sa.ColumnElement[bool], ...]:
    return col(GroupCode.uses_left) > 0, col(GroupCode.until) > now(), col(GroupCode.ended_at).is_(None)


def make(db: Session, actor: Actor, group: Group, seat: Seat, uses: int, until: date) -> str:
    """Make a code that works ``uses`` times through the day ``until``; return it, this once."""
    require(rules.may_care(actor, seat, now().date()))
    rules.check_code(uses, now().date(), until)
    rules.check_bound(group.template)
    code = keys.new_recovery_codes(1)[0]
    row = GroupCode(
        group_id=group.id, code_hash=_hash(code), uses=uses, uses_left=uses, until=belonging.end_of(until), created_by=actor.me
    )
    db.add(row)
    db.flush()
    audit.record(db, actor, "group.code", "group", group.id, uses=uses)
    return code


def end(db: Session, actor: Actor, group: Group, seat: Seat, code_id: UUID) -> None:
    """Let a code work no more."""
    require(rules.may_care(actor, seat, now().date()))
    same = sa.and_(col(GroupCode.id) == code_id, col(GroupCode.group_id) == group.id, col(GroupCode.ended_at).is_(None))
    done = db.execute(sa.update(GroupCode).where(same).values(ended_at=now()))
    if not done.rowcount:  # type: ignore[attr-defined]
        raise NotFound
    ledger.remember(db, ENDED, code_id)
    audit.record(db, actor, "group.code_ended", "group", group.id)


def end_again(db: Session, code_id: UUID) -> bool:
    """End a code that a restored older copy let work again; return whether it did."""
    same = sa.and_(col(GroupCode.id) == code_id, col(GroupCode.ended_at).is_(None))
    return bool(db.execute(sa.update(GroupCode).where(same).values(ended_at=now())).rowcount)  # type: ignore[attr-defined]


def group_of(db: Session, typed: str) -> Group | None:
    """Return the group that a typed code opens, if it still works."""
    code = keys.read_code(typed)
    if code is None:
        return None
    wanted = (
        select(Group).join(GroupCode, col(GroupCode.group_id) == Group.id)
        .where(GroupCode.code_hash == _hash(code), Group.state == GroupState.SHOWN, *_works())
    )  # fmt: skip
    return db.exec(wanted).first()


def use(db: Session, actor: Actor, typed: str, woman: bool) -> Group:
    """Come in by a code: one use is spent, safely in a race. Invalid("code") when it works no more."""
    group = group_of(db, typed)
    if group is None:
        raise Invalid("code", bad_code())
    require(rules.may_join(actor, group.join_policy, queries.seat(db, group.id, actor.member_id), by_code=True))
    belonging.check_woman(group, woman)
    spent = db.execute(
        sa.update(GroupCode).where(col(GroupCode.code_hash) == _hash(keys.read_code(typed) or ""), *_works())
        .values(uses_left=col(GroupCode.uses_left) - 1).returning(col(GroupCode.id))
    ).scalar()  # fmt: skip
    if spent is None:
        raise Invalid("code", bad_code())
    belonging.take_in(db, group, actor.me)
    return group


def bad_code() -> str:
    """Return the one sentence for unknown, used and ended codes."""
    return _("This code does not work, or not any more. Ask the person who gave it to you.")
