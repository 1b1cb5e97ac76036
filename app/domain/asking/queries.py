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
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupState, Visibility

PER_PAGE = 20
MOST_GROUPS = 60  # that can be chosen from
_Q, _W = AbroadQuestion.__table__, AbroadWord.__table__  # type: ignore[attr-defined]
_D, _G = QuestionDoor.__table__, Group.__table__  # type: ignore[attr-defined]
_OPEN = sa.and_(_G.c.visibility == Visibility.LISTED, _G.c.state == GroupState.SHOWN, _D.c.id.is_not(None))
_ASKED = sa.and_(_W.c.question_id == _Q.c.id, _W.c.asks)


def _cards(answered: sa.ColumnElement[bool], held: sa.ColumnElement[bool], *read: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Cards of questions, those that wait first; ``read``: which words of them are for this side."""
    last = sa.select(_W.c.body).where(_ASKED, _W.c.state == WordState.SHOWN, *read).order_by(_W.c.number.desc()).limit(1)
    return (
        sa.select(
            _Q.c.ref, _Q.c.language, answered.label("answered"), _Q.c.last_on, held.label("held"), _Q.c.group_id,
            last.scalar_subquery().label("last"),
        ).where(_Q.c.ended.is_(False)).order_by(answered, _Q.c.last_on.desc(), _Q.c.id)
    )  # fmt: skip


_CARD = _cards(_Q.c.answered, _Q.c.held)
# What a group has answered stays with it where the checks find something later; what was found is not for it, and waits for nobody
# there.
_GROUP_CARD = _cards(sa.or_(_Q.c.answered, _Q.c.held), sa.false(), _W.c.held.is_(False)).where(
    sa.or_(_Q.c.held.is_(False), sa.exists().where(_ASKED, _W.c.number == 1, _W.c.held.is_(False)))
)


def number_hash(number: str) -> str:
    """Return the form in which a receipt number is stored: HMAC under the server key."""
    return keyed_hash(core_settings.current().secret, "question-receipt", number)


def is_taken(db: Session, number: str) -> bool:
    """Say whether a number leads to a question already."""
    found = db.execute(sa.select(_Q.c.id).where(_Q.c.receipt_hash == number_hash(number))).first()
    return found is not None


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
    here = sa.exists().where(_W.c.question_id == _Q.c.id, _W.c.desk)
    joined = _Q.outerjoin(_G, _G.c.id == _Q.c.group_id).outerjoin(_D, _D.c.group_id == _Q.c.group_id)
    wanted = sa.select(_G.c.visibility, _G.c.state, _D.c.id.label("door"), here.label("desk")).select_from(joined)
    row = db.execute(wanted.where(_Q.c.id == question.id)).one()
    open_now = rules.receives(row.visibility, row.state, row.door is not None) if question.group_id else None
    return Stands(open_now, question.held, question.answered, question.last_on, bool(row.desk))


def waiting(db: Session, group_id: UUID) -> int:
    """Return how many questions of a group nobody has answered."""
    wanted = sa.select(sa.func.count()).select_from(_Q).where(
        _Q.c.group_id == group_id, _Q.c.answered.is_(False), _Q.c.ended.is_(False)
    )  # fmt: skip
    return int(db.execute(wanted).scalar_one())


def of_group(db: Session, group_id: UUID, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions of a group, those without an answer first; one statement."""
    wanted = _GROUP_CARD.where(_Q.c.group_id == group_id)
    return db.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()


def at_desk(db: Session, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions for the desk, those without an answer first; one statement."""
    late = sa.and_(_Q.c.answered.is_(False), _Q.c.last_on <= now().date() - rules.WAITS)
    open_now = sa.exists().where(_G.c.id == _Q.c.group_id, _D.c.group_id == _G.c.id, _OPEN)
    here = sa.exists().where(_W.c.question_id == _Q.c.id, _W.c.desk)
    wanted = _CARD.where(sa.or_(_Q.c.held, late, here, _Q.c.group_id.is_(None), sa.and_(_Q.c.answered.is_(False), ~open_now)))
    return db.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()


def words(db: Session, question: AbroadQuestion, before: int | None = None) -> Sequence[Any]:
    """Return what was said, the oldest first, with the name of who answered while they are in the group; one statement.

    Rows: the word, that name or None, and whether it is shown: not while whoever answered is paused, stopped or leaving.
    ``before``: only what was said before that number.
    """
    here = sa.or_(col(AbroadWord.by_id).is_(None), col(Member.status) == MemberStatus.ACTIVE)
    named = sa.and_(col(GroupMember.id).is_not(None), here)
    until = col(AbroadWord.number) < before if before is not None else sa.true()
    inside = sa.and_(col(GroupMember.member_id) == AbroadWord.by_id, col(GroupMember.group_id) == question.group_id)
    return db.execute(
        sa.select(AbroadWord, sa.case((named, col(Member.name))).label("name"), here.label("here"))
        .outerjoin(Member, col(Member.id) == AbroadWord.by_id).outerjoin(GroupMember, inside)
        .where(col(AbroadWord.question_id) == question.id, until).order_by(col(AbroadWord.number))
    ).all()  # fmt: skip


def first_held(db: Session, question: AbroadQuestion) -> int | None:
    """Return the number of the first word in which the checks found something: from it on nothing is for the group."""
    if not question.held:
        return None
    return db.execute(sa.select(sa.func.min(_W.c.number)).where(_W.c.question_id == question.id, _W.c.held)).scalar()


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
    if not rules.for_group(question.group_id == group.id, first_held(db, question), 1):
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
    if (
        group
        and rules.for_group(True, first_held(db, question), word.number)
        and actor.let_in
        and groups.seat(db, group.id, actor.member_id).inside
    ):
        return word, f"/g/{group.ref}/q/{question.ref}"
    if actor.may_work and rules.for_desk(found, now().date()):
        return word, f"/desk/questions/{question.ref}"
    if word.asks:
        raise groups.not_here()
    return word, "/back"
