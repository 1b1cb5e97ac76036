"""A group's passport: points with days that open sheets and help. Nothing else hangs on it: no list, no order, no door."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import belonging, resting, rules
from app.domain.groups.passport_words import POINTS
from app.domain.groups.rules import Seat
from app.models.groups import Group, GroupMember, GroupPoint, GroupRole

LASTS: Final = 365  # days after which a point is looked at again
SEEN: Final = frozenset({"purpose", "roles", "conduct"})  # these the program sees by itself; the others somebody says
FOR_HELP: Final = 3  # points that are done, from which on a coordinator can be asked to come along
SHARED: Final = 2  # people with a role
TAKEN_BACK: Final = "group point"  # in the ledger of erasures
HELP_DAYS: Final = 30  # between two askings: all coordinators hear of each
HELP: Final = N_("A group asks for somebody of the network who comes along once. Ask its organisers what for.")


@dataclass(frozen=True, slots=True)
class Standing:
    """How a point stands."""

    done: bool
    on: date | None = None  # since when somebody says so
    over: bool = False  # that is more than a year ago

    @property
    def until(self) -> date | None:
        """Return when it is looked at again."""
        return self.on + timedelta(days=LASTS) if self.on else None


def standing(group_words: Mapping[str, str], roles: int, said: Mapping[str, date], today: date) -> dict[str, Standing]:
    """Return how each point stands: what the group wrote, how many have a role, what was said and when."""
    seen = {"purpose": bool(group_words["purpose"]), "conduct": bool(group_words["rules"]), "roles": roles >= SHARED}
    found = {}
    for key in POINTS:
        on = said.get(key)
        lasts = on is not None and (today - on).days <= LASTS
        found[key] = Standing(seen[key]) if key in SEEN else Standing(lasts, on, on is not None and not lasts)
    return found


def of_group(db: Session, group: Group) -> dict[str, Standing]:
    """Return how each point of a group's passport stands; two statements."""
    today = now().date()
    said = db.execute(sa.select(col(GroupPoint.point), col(GroupPoint.on)).where(col(GroupPoint.group_id) == group.id)).all()
    has_role = col(GroupMember.group_id) == group.id, col(GroupMember.role) != GroupRole.MEMBER
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > today)
    some = db.execute(sa.select(col(GroupMember.id)).where(*has_role, lasts).limit(SHARED)).all()
    return standing({"purpose": group.purpose, "rules": group.rules}, len(some), {row.point: row.on for row in said}, today)


def check(group: Group) -> None:
    """Raise NotFound for a circle of mentoring: coordinators care for it, and it has no passport."""
    if group.template == rules.BOUND:
        raise NotFound


def say(db: Session, actor: Actor, group: Group, seat: Seat, point: str, done: bool) -> None:
    """Say that a point is done today, or is not any more; Invalid for what nobody has to say."""
    check(group)
    require(rules.may_care(actor, seat, now().date()))
    if point not in POINTS or point in SEEN:
        raise Invalid("point", _("Choose one of these."))
    belonging.hold(db, group)
    found = db.exec(select(GroupPoint).where(GroupPoint.group_id == group.id, GroupPoint.point == point)).first()
    if found is not None and not done:
        ledger.remember(db, TAKEN_BACK, found.id)
        db.delete(found)
    elif done:
        row = found or GroupPoint(group_id=group.id, point=point, on=now().date())
        row.on = now().date()
        db.add(row)
    db.flush()
    audit.record(db, actor, "group.passport", "group", group.id)


def take_back_again(db: Session, point_id: UUID) -> bool:
    """Take back once more a point that a restored older copy brought back; return whether it was there."""
    point = db.get(GroupPoint, point_id)
    if point is not None:
        db.delete(point)
        db.flush()
    return point is not None


def may_ask_for_help(points: Mapping[str, Standing]) -> bool:
    """Say whether a coordinator can be asked to come along."""
    return sum(one.done for one in points.values()) >= FOR_HELP


def ask_for_help(db: Session, actor: Actor, group: Group, seat: Seat) -> bool:
    """Ask coordinators for somebody who comes along; return False where nobody outside may learn that there is this group."""
    check(group)
    require(rules.may_care(actor, seat, now().date()))
    if not may_ask_for_help(of_group(db, group)):
        raise Invalid("", _("First %(n)s points.", n=FOR_HELP))
    belonging.hold(db, group)
    if resting.told_since(db, group, HELP, now() - timedelta(days=HELP_DAYS)):
        raise Invalid("", _("Your group asked in the last %(n)s days. Somebody knows of it.", n=HELP_DAYS))
    asked = resting.tell_coordinators(db, group, HELP)
    if asked:
        audit.record(db, actor, "group.help", "group", group.id)
    return asked


def sheet_of(db: Session, group: Group, point: str) -> Standing:
    """Return how the point of a sheet stands: how it is done everybody inside reads, what it opens once it is; or NotFound."""
    check(group)
    if point not in POINTS:
        raise NotFound
    return of_group(db, group)[point]
