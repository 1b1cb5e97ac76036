"""What is read of questions from abroad: by number, by a group, at the desk."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.receipts import read_number
from app.domain.actor import Actor
from app.domain.asking import rules
from app.domain.asking.rules import Stands
from app.domain.asking.wording import UNKNOWN
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.models.abroad import AbroadQuestion, AbroadWord, QuestionDoor, WordState
from app.models.accounts import Member
from app.models.groups import Group, GroupMember, GroupState, Visibility

PER_PAGE = 20
MOST_GROUPS = 60  # that can be chosen from
_Q, _W = AbroadQuestion.__table__, AbroadWord.__table__  # type: ignore[attr-defined]
_D, _G = QuestionDoor.__table__, Group.__table__  # type: ignore[attr-defined]
_OPEN = sa.and_(_G.c.visibility == Visibility.LISTED, _G.c.state == GroupState.SHOWN, _D.c.id.is_not(None))
_LAST = (
    sa.select(_W.c.body).where(_W.c.question_id == _Q.c.id, _W.c.asks, _W.c.state == WordState.SHOWN)
    .order_by(_W.c.number.desc()).limit(1).scalar_subquery().label("last")
)  # fmt: skip
_CARD = (
    sa.select(_Q.c.ref, _Q.c.language, _Q.c.answered, _Q.c.last_on, _Q.c.held, _Q.c.group_id, _LAST)
    .where(_Q.c.ended.is_(False)).order_by(_Q.c.answered, _Q.c.last_on.desc(), _Q.c.id)
)  # fmt: skip


def number_hash(number: str) -> str:
    """Return the form in which a receipt number is stored: HMAC under the server key."""
    return keyed_hash(core_settings.current().secret, "question-receipt", number)


def by_number(db: Session, typed: str, hold: bool = False) -> AbroadQuestion:
    """Return the question of a typed number; NotFound with one sentence for every number that is not ours."""
    number = read_number(typed)
    wanted = select(AbroadQuestion).where(
        AbroadQuestion.receipt_hash == number_hash(number or ""), col(AbroadQuestion.ended).is_(False)
    )  # fmt: skip
    found = db.exec(wanted.with_for_update() if hold else wanted).first() if number else None
    if found is None:
        raise NotFound(_(UNKNOWN))
    return found


def open_groups(db: Session) -> Sequence[Any]:
    """Return name, address part and language of the groups that can be asked, by name; one statement."""
    wanted = sa.select(_G.c.ref, _G.c.name, _G.c.language).select_from(_G.join(_D, _D.c.group_id == _G.c.id)).where(_OPEN)
    return db.execute(wanted.order_by(_G.c.name, _G.c.id).limit(MOST_GROUPS)).all()


def door(db: Session, group_id: UUID) -> QuestionDoor | None:
    """Return whether a group wishes to be asked."""
    return db.exec(select(QuestionDoor).where(QuestionDoor.group_id == group_id)).first()


def receives(db: Session, ref: str) -> tuple[Group | None, bool]:
    """Return a group and whether it can be asked now."""
    group = db.exec(select(Group).where(Group.ref == ref)).first()
    return group, bool(group and rules.receives(group.visibility, group.state, door(db, group.id) is not None))


def stands(db: Session, question: AbroadQuestion) -> Stands:
    """Return how a question stands."""
    group = db.get(Group, question.group_id) if question.group_id else None
    open_now = rules.receives(group.visibility, group.state, door(db, group.id) is not None) if group else None
    desk = db.exec(select(AbroadWord.id).where(AbroadWord.question_id == question.id, col(AbroadWord.desk)).limit(1)).first()
    return Stands(open_now, question.held, question.answered, question.last_on, desk is not None)


def waiting(db: Session, group_id: UUID) -> int:
    """Return how many questions of a group nobody has answered."""
    wanted = sa.select(sa.func.count()).select_from(_Q).where(
        _Q.c.group_id == group_id, _Q.c.answered.is_(False), _Q.c.ended.is_(False)
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())


def of_group(db: Session, group_id: UUID, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions of a group, those without an answer first; one statement."""
    wanted = _CARD.where(_Q.c.group_id == group_id, _Q.c.held.is_(False))
    return db.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()


def at_desk(db: Session, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions for the desk, those without an answer first; one statement."""
    late = sa.and_(_Q.c.answered.is_(False), _Q.c.last_on < now().date() - rules.WAITS)
    open_now = sa.exists().where(_G.c.id == _Q.c.group_id, _D.c.group_id == _G.c.id, _OPEN)
    here = sa.exists().where(_W.c.question_id == _Q.c.id, _W.c.desk)
    wanted = _CARD.where(sa.or_(_Q.c.held, late, here, ~open_now))
    return db.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()


def words(db: Session, question: AbroadQuestion) -> Sequence[Any]:
    """Return what was said, the oldest first, with the name of who answered while they are in the group; one statement.

    Rows: the word, that name or None.
    """
    inside = sa.and_(col(GroupMember.member_id) == AbroadWord.by_id, col(GroupMember.group_id) == question.group_id)
    return db.execute(
        sa.select(AbroadWord, sa.case((col(GroupMember.id).is_not(None), col(Member.name))).label("name"))
        .outerjoin(Member, col(Member.id) == AbroadWord.by_id).outerjoin(GroupMember, inside)
        .where(col(AbroadWord.question_id) == question.id).order_by(col(AbroadWord.number))
    ).all()  # fmt: skip


def next_number(db: Session, question: AbroadQuestion) -> int:
    """Return the place of what is said next; the question is held for this transaction."""
    said = sa.select(sa.func.coalesce(sa.func.max(_W.c.number), 0)).where(_W.c.question_id == question.id)
    return int(db.execute(said).scalar_one()) + 1


def _question(db: Session, ref: str, hold: bool) -> AbroadQuestion:
    wanted = select(AbroadQuestion).where(AbroadQuestion.ref == ref, col(AbroadQuestion.ended).is_(False))
    found = db.exec((wanted.with_for_update() if hold else wanted).execution_options(populate_existing=True)).first()
    if found is None:
        raise groups.not_here()
    return found


def in_group(db: Session, actor: Actor, group_ref: str, ref: str, hold: bool = False) -> tuple[AbroadQuestion, Group, Seat]:
    """Return a question for somebody inside the group that it is for; for everybody else it is not there."""
    group, seat = groups.inside(db, actor, group_ref)
    question = _question(db, ref, hold)
    if not rules.for_group(question.group_id == group.id, question.held):
        raise groups.not_here()
    return question, group, seat


def for_desk(db: Session, ref: str, hold: bool = False) -> AbroadQuestion:
    """Return a question that the desk reads."""
    question = _question(db, ref, hold)
    if not rules.for_desk(stands(db, question), now().date()):
        raise groups.not_here()
    return question


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[AbroadWord, str]:
    """Return something that was said, and where it stands.

    An answer is there for whoever has its random name, which only its two sides read; a question for those who may answer it.
    """
    word = db.exec(select(AbroadWord).where(AbroadWord.ref == ref, AbroadWord.state == WordState.SHOWN)).first()
    question = db.get(AbroadQuestion, word.question_id) if word else None
    if word is None or question is None or question.ended:
        raise groups.not_here()
    group = db.get(Group, question.group_id) if question.group_id else None
    found = stands(db, question)
    if group and rules.for_group(True, question.held) and actor.let_in and groups.seat(db, group.id, actor.member_id).inside:
        return word, f"/g/{group.ref}/q/{question.ref}"
    if actor.may_work and rules.for_desk(found, now().date()):
        return word, f"/desk/questions/{question.ref}"
    if word.asks:
        raise groups.not_here()
    return word, "/back"
