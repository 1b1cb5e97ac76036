"""Starting a group and saying what it is: by its organisers, with a history of what kind of group it is."""

from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import days, now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import queries, rules
from app.domain.groups.rules import Seat
from app.domain.groups.wording import OPEN_TO, TEMPLATES, THEMES
from app.models.groups import Group, GroupMember, GroupRole, GroupTypology
from app.models.places import Area
from app.schemas.groups import ChangeGroup, DescribeGroup, StartGroup, Typology

_G: sa.Table = Group.__table__  # type: ignore[attr-defined]


class ChangedMeanwhile(Conflict):
    """Another organiser saved this group after the page at hand was opened."""


def start(db: Session, actor: Actor, wish: StartGroup) -> Group:
    """Start a group; whoever starts it cares for it, for a year at first. A template never brings members."""
    require(rules.may_start(actor, queries.organised(db, actor.me)))
    _check(db, wish)
    rules.check_funder(wish.begun_by, wish.funded_by)
    today = now().date()
    template = wish.template if wish.template in TEMPLATES else "empty"
    group = Group(ref=new_ref(), started_on=today, members=1, template=template, **_described(wish))
    db.add(group)
    db.flush()
    db.add(GroupMember(
        group_id=group.id, member_id=actor.me, role=GroupRole.ORGANISER, role_until=today + days(rules.TERM_DAYS), joined_on=today,
        fresh_from=now(),
    ))  # fmt: skip
    _note(db, group, wish)
    db.flush()
    versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "group.start", "group", group.id, visibility=group.visibility.value)
    return group


def change(db: Session, actor: Actor, group: Group, seat: Seat, wish: ChangeGroup) -> None:
    """Save what the group says about itself; ChangedMeanwhile when another organiser was faster."""
    require(rules.may_care(actor, seat, now().date()))
    _check(db, wish)
    update = sa.update(_G).where(_G.c.id == group.id, _G.c.row_version == wish.row_version)
    done = db.execute(
        update.values(row_version=wish.row_version + 1, **_described(wish)).execution_options(synchronize_session=False)
    )  # fmt: skip
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(_("Somebody else changed this group meanwhile. Nothing was overwritten."))
    db.refresh(group)
    versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "group.change", "group", group.id)


def set_typology(db: Session, actor: Actor, group: Group, seat: Seat, kind: Typology) -> None:
    """Say anew what kind of group it is; what was said before stays as its history."""
    require(rules.may_care(actor, seat, now().date()))
    rules.check_funder(kind.begun_by, kind.funded_by)
    _note(db, group, kind)
    versions.bump(db, versions.GROUPS)
    audit.record(db, actor, "group.typology", "group", group.id)


def _note(db: Session, group: Group, kind: Typology) -> None:
    db.add(GroupTypology(
        group_id=group.id, on=now().date(), begun_by=kind.begun_by, support=kind.support, journeys=kind.journeys,
        structure=kind.structure, funded_by=kind.funded_by,
    ))  # fmt: skip
    db.flush()


def _described(wish: DescribeGroup) -> dict[str, Any]:
    return {
        "name": wish.name, "purpose": wish.purpose, "language": wish.language, "area_id": wish.area,
        "themes": [t for t in wish.themes if t in THEMES], "open_to": [o for o in wish.open_to if o in OPEN_TO],
        "women_only": wish.women_only, "visibility": wish.visibility, "join_policy": wish.join_policy, "question": wish.question,
        "rules": wish.rules, "agenda": wish.agenda,
    }  # fmt: skip


def _check(db: Session, wish: DescribeGroup) -> None:
    if wish.area is not None and db.get(Area, wish.area) is None:
        raise Invalid("area", _("Choose one of these."))
    rules.check_question(wish.join_policy, wish.question)
    rules.check_entry(wish.visibility, wish.join_policy)
