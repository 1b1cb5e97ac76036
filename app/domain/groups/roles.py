"""Roles in a group: given until a day, reminded of, gone on with, handed on; a group that slept wakes with whoever cares for it."""

from datetime import date, datetime
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days, now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import versions
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries as people
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks, queries, rules
from app.domain.groups.belonging import hold
from app.domain.groups.rules import Seat
from app.models.groups import Group, GroupMember, GroupRole, GroupState, Visibility

ENDS = N_("Your role in one of your groups ends on %(day)s. Say in the group who could go on.")
ENDS_CARE = N_("Your time as organiser of a group ends on %(day)s. Go on for a year, or let the group choose who follows you.")
_S: sa.Table = GroupMember.__table__  # type: ignore[attr-defined]
_G: sa.Table = Group.__table__  # type: ignore[attr-defined]


def give_role(db: Session, actor: Actor, group: Group, seat: Seat, name: str, role: GroupRole, until: date) -> None:
    """Give a role to somebody who belongs to the group, until that day."""
    require(rules.may_care(actor, seat, now().date()))
    rules.check_term(now().date(), until)
    rules.check_bound(group.template)
    if role == GroupRole.MEMBER:  # it would tell who belongs, and nothing would be given
        raise Invalid("role", _("Choose one of these."))
    hold(db, group)
    member = people.member_by_name(db, name)
    place = queries.place(db, group.id, member.id) if member else None
    if place is None:
        raise Invalid("name", _("Nobody in this group has this name. Look at how they write it."))
    _set_role(db, group, place, role, until)
    audit.record(db, actor, "group.role", "group", group.id, role=role.value)


def end_role(db: Session, actor: Actor, group: Group, seat: Seat, place_id: UUID) -> None:
    """End somebody's role today; the last organiser's does not end."""
    require(rules.may_care(actor, seat, now().date()))
    rules.check_bound(group.template)
    hold(db, group)
    place = db.get(GroupMember, place_id)
    if place is None or place.group_id != group.id:
        raise NotFound
    _set_role(db, group, place, GroupRole.MEMBER, None)
    audit.record(db, actor, "group.role_ended", "group", group.id)


def take_on(db: Session, group: Group, member_id: UUID, role: GroupRole, instead_of: UUID | None = None) -> None:
    """Give a role for a year to whom the group chose; whoever hands it on has it no longer."""
    hold(db, group)
    place = queries.place(db, group.id, member_id)
    if place is not None:
        _set_role(db, group, place, role, now().date() + days(rules.TERM_DAYS))
    before = queries.place(db, group.id, instead_of) if instead_of and instead_of != member_id else None
    if before is not None and before.role == role:
        _set_role(db, group, before, GroupRole.MEMBER, None)


def _set_role(db: Session, group: Group, place: GroupMember, role: GroupRole, until: date | None) -> None:
    if place.role == GroupRole.ORGANISER and role != GroupRole.ORGANISER:
        others = queries.other_organisers(db, group.id, place.member_id, now().date())
        if not others:
            raise Invalid("", _("This is the last organiser. Name somebody who goes on first."))
    hooks.tell_place_moves(db, group.id, place.member_id)
    had = place.role != GroupRole.MEMBER
    if place.role != role:
        place.role_since = now().date() if role != GroupRole.MEMBER else None
    place.role, place.role_until, place.reminded = role, until if role != GroupRole.MEMBER else None, False
    db.flush()
    if role == GroupRole.ORGANISER:
        wake(db, group.id)
    if until and role != GroupRole.MEMBER:
        said = N_("You have a role in one of your groups, until %(day)s.")
        accounts.tell(db, place.member_id, said, link=f"/g/{group.ref}", day=until.isoformat())
    elif had:
        accounts.tell(db, place.member_id, N_("One of your roles in a group has ended."), link=f"/g/{group.ref}")


def go_on(db: Session, actor: Actor, group: Group, seat: Seat) -> date:
    """Go on as organiser for another year, also when the time is over; return until when."""
    require(rules.may_go_on(actor, seat))
    place = queries.place(db, group.id, actor.me)
    until = now().date() + days(rules.TERM_DAYS)
    if place is not None:
        place.role_until, place.reminded = until, False
        db.flush()
        wake(db, group.id)
    return until


def wake(db: Session, group_id: UUID) -> None:
    """Somebody cares for a group again: where it waited for that alone, it is there again for whom it was."""
    group = db.get_one(Group, group_id, populate_existing=True)
    slept, group.alone_since = group.asleep, None
    group.asleep = False
    if slept and group.state == GroupState.WAITS:
        group.state = GroupState.SHOWN
        db.flush()
        if group.visibility == Visibility.LISTED:
            versions.bump(db, versions.GROUPS)
        hooks.tell_moved(db, group)
    db.flush()


def remind_of_ends(db: Session, moment: datetime) -> int:
    """Tell whoever has a role, once, a month before it ends; return how many."""
    today = moment.date()
    soon = sa.and_(
        _S.c.role != GroupRole.MEMBER, _S.c.reminded.is_(False), _S.c.role_until > today,
        _S.c.role_until <= today + days(rules.REMINDED_DAYS), _S.c.group_id == _G.c.id, _G.c.template != rules.BOUND,
    )  # fmt: skip
    rows = db.execute(sa.select(_S.c.id, _S.c.member_id, _S.c.role, _S.c.role_until, _G.c.ref).where(soon).limit(500)).all()
    for row in rows:
        care = row.role == GroupRole.ORGANISER
        accounts.tell(
            db, row.member_id, ENDS_CARE if care else ENDS, link=f"/g/{row.ref}{'/care' if care else ''}",
            day=row.role_until.isoformat(),
        )  # fmt: skip
    db.execute(sa.update(_S).where(_S.c.id.in_([row.id for row in rows])).values(reminded=True))
    return len(rows)
