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
from app.domain.groups import hooks, queries, rules, talking
from app.domain.groups.rules import Seat
from app.domain.groups.wording import OPEN_TO, TEMPLATES, THEMES
from app.models.groups import Group, GroupMember, GroupRole, GroupState, GroupTypology, Visibility
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
    group = Group(ref=new_ref(), started_on=today, members=1, template=template, words_by=actor.me, **_described(wish))
    found = _look(db, actor, group, wish.funded_by)
    db.add(group)
    db.flush()
    _hold(db, actor, group, found)
    db.add(GroupMember(
        group_id=group.id, member_id=actor.me, role=GroupRole.ORGANISER, role_since=today,
        role_until=today + days(rules.TERM_DAYS), joined_on=today, fresh_from=now(),
    ))  # fmt: skip
    _note(db, group, wish)
    db.flush()
    _show(db, group)
    audit.record(db, actor, "group.start", "group", group.id)
    return group


def change(db: Session, actor: Actor, group: Group, seat: Seat, wish: ChangeGroup) -> None:
    """Save what the group says about itself; ChangedMeanwhile when another organiser was faster."""
    require(rules.may_care(actor, seat, now().date()))
    _check(db, wish)
    rules.check_visibility(group.visibility, wish.visibility)
    was, last = stands_public(group), _funder(db, group)
    said = words_of(group, last)
    update = sa.update(_G).where(_G.c.id == group.id, _G.c.row_version == wish.row_version)
    done = db.execute(
        update.values(row_version=wish.row_version + 1, **_described(wish)).execution_options(synchronize_session=False)
    )  # fmt: skip
    if not done.rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(_("Somebody else changed this group meanwhile. Nothing was overwritten."))
    db.refresh(group)
    if words_of(group, last) != said:
        _hold(db, actor, group, _look(db, actor, group, last))
    _show(db, group, was)
    hooks.tell_moved(db, group)
    audit.record(db, actor, "group.change", "group", group.id)


def set_typology(db: Session, actor: Actor, group: Group, seat: Seat, kind: Typology) -> None:
    """Say anew what kind of group it is; what was said before stays as its history."""
    require(rules.may_care(actor, seat, now().date()))
    rules.check_funder(kind.begun_by, kind.funded_by)
    was, last = stands_public(group), _funder(db, group)
    _note(db, group, kind)
    if kind.funded_by != last:
        _hold(db, actor, group, _look(db, actor, group, kind.funded_by))
    _show(db, group, was)
    hooks.tell_moved(db, group)
    audit.record(db, actor, "group.typology", "group", group.id)


def say_beside(db: Session, actor: Actor, group: Group, said: str) -> None:
    """Look at words beside what a group says about itself (of money it received) as at those; the caller asked its rule."""
    was = stands_public(group)
    _hold(db, actor, group, _look_at(db, actor, group, said))
    _show(db, group, was)


def _funder(db: Session, group: Group) -> str:
    last = next(iter(queries.typologies(db, group.id)), None)
    return last.funded_by if last else ""


def words_of(group: Group, funded_by: str) -> str:
    """Return everything that a group says about itself in words of its own."""
    return "\n\n".join(part for part in (group.name, group.purpose, group.question, group.rules, group.agenda, funded_by) if part)


def _look(db: Session, actor: Actor, group: Group, funded_by: str) -> dict[str, int] | None:
    """Return what all words of a group have to wait for, None for nothing."""
    return _look_at(db, actor, group, words_of(group, funded_by))


def _look_at(db: Session, actor: Actor, group: Group, said: str) -> dict[str, int] | None:
    """Return what words have to wait for, None for nothing; of somebody new, words for everybody wait always."""
    newcomer = talking.is_newcomer(db, actor.me)
    found = hooks.look(hooks.Written(said, group.language, newcomer), rules.read_first(actor))
    always = newcomer and group.visibility != Visibility.HIDDEN
    return found if found or always else None


def _hold(db: Session, actor: Actor, group: Group, found: dict[str, int] | None) -> None:
    """Let a group wait at the desk: for new words of a hidden one, for words somebody reads already, for what was found."""
    group.words_by = actor.me
    hooks.tell_words_written(db, group)
    if found is None and group.state == GroupState.SHOWN:
        return
    group.state = GroupState.WAITS
    db.flush()
    hooks.tell_words_held(db, group, found or {})


def stands_public(group: Group) -> bool:
    """Say whether guests find what the group says about itself; pages of unlisted groups are kept nowhere."""
    return group.state == GroupState.SHOWN and group.visibility == Visibility.LISTED


def _show(db: Session, group: Group, was: bool = False) -> None:
    """Let guests' pages be made anew when something moved that they show: else their version would tell of hidden groups."""
    if was or stands_public(group):
        versions.bump(db, versions.GROUPS)


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
