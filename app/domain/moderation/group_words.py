"""What groups say about themselves, at the desk: held, flagged, decided; whoever wrote it last is told."""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups import deciding as groups
from app.domain.groups import founding
from app.domain.groups import queries as group_queries
from app.domain.moderation import filing
from app.domain.moderation.posts import ReadPost
from app.domain.money import queries as money
from app.models.groups import Group, GroupMember, GroupRole, GroupState, PostState
from app.models.moderation import Case, CaseKind

GROUP = "group"  # the kind of the subject, for what is held and what is flagged


def written(db: Session, group: Group) -> None:
    """Let what is at the desk about these words be the matter of whoever wrote them last."""
    for kind in (CaseKind.POST, CaseKind.TALK):
        case = filing.find(db, kind, GROUP, group.id)
        if case is not None:
            filing.now_about(db, case, group.words_by)


def held(db: Session, group: Group, found: dict[str, int]) -> None:
    """Open the case of words that wait."""
    filing.open_case(db, CaseKind.POST, GROUP, group.id, group.words_by, findings=found)


def flaggable(db: Session, actor: Actor, ref: str) -> Group:
    """Return a group whose words the actor reads; NotFound when there is nothing to see for them."""
    group, _seat = group_queries.group(db, actor, ref)
    if group.state != GroupState.SHOWN:
        raise NotFound(_("This page is not here."))
    return group


def leaders(db: Session, group_id: UUID) -> list[UUID]:
    """Return who leads a group, also whose time is over: a complaint may be about then."""
    leads = select(GroupMember.member_id).where(GroupMember.group_id == group_id, GroupMember.role == GroupRole.ORGANISER)
    return list(db.exec(leads))


def led(cases: sa.Table, member_id: sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition on cases that are about a group which a member leads now: what is said about it is about them."""
    leads = sa.exists().where(
        col(GroupMember.group_id) == cases.c.subject_id, col(GroupMember.member_id) == member_id,
        col(GroupMember.role) == GroupRole.ORGANISER,
    )  # fmt: skip
    return sa.and_(cases.c.subject_kind == GROUP, leads)


def _words(db: Session, group: Group) -> str:
    last = next(iter(group_queries.typologies(db, group.id)), None)
    said, of_money = founding.words_of(group, last.funded_by if last else ""), money.words(db, group.id)
    return f"{said}\n\n{of_money}" if of_money else said


def snapshot(db: Session, case: Case) -> str:
    """Return the words as they stand now."""
    return json.dumps({"body": _words(db, db.get_one(Group, case.subject_id))}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost:
    """Return the words for whoever has the case open."""
    group = db.get_one(Group, case.subject_id)
    body = _words(db, group)
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    changed = bool(flagged) and flagged != body
    return ReadPost(body, group.language, "", PostState.SHOWN, changed, flagged if changed else "", group=True)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the group of a case is hidden by a decision."""
    return db.get_one(Group, case.subject_id).state == GroupState.HIDDEN


def _tell(db: Session, group: Group, sentence: str, words: str) -> None:
    if group.words_by is not None:
        inside = group_queries.seat(db, group.id, group.words_by).inside
        accounts.tell(db, group.words_by, sentence, note=words, link=f"/g/{group.ref}/about" if inside else "")


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Show a group that waited."""
    group = db.get_one(Group, case.subject_id)
    groups.show_group(db, actor, group)
    _tell(db, group, N_("Somebody has read what you wrote in a group. It is shown now."), words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Do not show a group that waited; its organisers can change the words, and it waits anew."""
    group = db.get_one(Group, case.subject_id)
    groups.hide_group(db, actor, group)
    _tell(db, group, N_("Somebody has read what you wrote in a group. It cannot be shown. The reason stands below."), words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave a flagged group as it is, or show it again."""
    group = db.get_one(Group, case.subject_id)
    if group.state == GroupState.HIDDEN:
        groups.show_group(db, actor, group)
        _tell(db, group, N_("We looked at what you wrote in a group again. It is shown again."), words)
    # Else nobody hears of it: what is said about a group is about those who lead it, and mostly they wrote its words.


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide a flagged group: its organisers can change the words, and then it waits for the desk."""
    group = db.get_one(Group, case.subject_id)
    groups.hide_group(db, actor, group)
    _tell(db, group, N_("We hid something that you wrote in a group. The reason stands below."), words)
