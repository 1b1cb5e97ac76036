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
from app.models.abroad import AbroadQuestion, AbroadWord, QuestionDoor, StoryDoor, WordState
from app.models.accounts import Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupState, Visibility
from app.models.stories import Audience, SecondLook, Story, StoryStatus, StoryText

PER_PAGE = 20
MOST_GROUPS = 60  # that can be chosen from
_Q, _W = AbroadQuestion.__table__, AbroadWord.__table__  # type: ignore[attr-defined]
_D, _G = QuestionDoor.__table__, Group.__table__  # type: ignore[attr-defined]
_T = StoryText.__table__  # type: ignore[attr-defined]
_S, _SD, _M = Story.__table__, StoryDoor.__table__, Member.__table__  # type: ignore[attr-defined]
_TODAY = sa.bindparam("today", type_=sa.Date, callable_=lambda: now().date())
# A story whose teller can be asked: everybody reads it now, and its teller wishes it.
_TOLD = sa.and_(
    _S.c.status == StoryStatus.PUBLISHED, _S.c.audience == Audience.EVERYONE,
    sa.or_(_S.c.until_on.is_(None), _S.c.until_on > _TODAY), _M.c.status == MemberStatus.ACTIVE,
)  # fmt: skip
_TELLS = _S.join(_M, _M.c.id == _S.c.author_id).join(_SD, _SD.c.story_id == _S.c.id)
_OPEN = sa.and_(_G.c.visibility == Visibility.LISTED, _G.c.state == GroupState.SHOWN, _D.c.id.is_not(None))
_OPEN_NOW = sa.or_(
    sa.exists().where(_G.c.id == _Q.c.group_id, _D.c.group_id == _G.c.id, _OPEN),
    sa.exists(sa.select(1).select_from(_TELLS).where(_S.c.id == _Q.c.story_id, _TOLD)),
)
_ASKED = sa.and_(_W.c.question_id == _Q.c.id, _W.c.asks)


def _cards(answered: sa.ColumnElement[bool], held: sa.ColumnElement[bool], *read: sa.ColumnElement[bool]) -> sa.Select[Any]:
    """Cards of questions, those that wait first; ``read``: which words of them are for this side."""
    last = sa.select(_W.c.body).where(_ASKED, _W.c.state == WordState.SHOWN, *read).order_by(_W.c.number.desc()).limit(1)
    return (
        sa.select(
            _Q.c.ref, _Q.c.language, answered.label("answered"), _Q.c.last_on, held.label("held"), _Q.c.urgent,
            last.scalar_subquery().label("last"),
        ).where(_Q.c.ended.is_(False)).order_by(answered, sa.and_(_Q.c.urgent, ~answered).desc(), _Q.c.last_on.desc(), _Q.c.id)
    )  # fmt: skip


_CARD = _cards(_Q.c.answered, _Q.c.held)
# What a group or a teller has answered stays with them where the checks find something later; what was found is not for them, and
# waits for nobody there.
_THEIR_CARD = _cards(sa.or_(_Q.c.answered, _Q.c.held), sa.false(), _W.c.held.is_(False)).where(
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


def told(db: Session, ref: str) -> tuple[Story | None, bool]:
    """Return a story and whether its teller can be asked about it now."""
    asked = sa.select(_S.c.id).select_from(_TELLS).where(_S.c.ref == ref, _TOLD)
    row = db.execute(sa.select(Story, sa.exists(asked)).where(col(Story.ref) == ref)).first()
    return (row[0], bool(row[1])) if row else (None, False)


def title(db: Session, story_id: UUID, language: str) -> str:
    """Return the title of a story in a language, if a second reader saw it there, else in its own."""
    fine = sa.or_(_T.c.original, sa.and_(_T.c.confirmed, _T.c.second_look == SecondLook.FINE, _T.c.language == language))
    wanted = sa.select(_T.c.title).where(_T.c.story_id == story_id, fine).order_by(_T.c.original).limit(1)
    return str(db.execute(wanted).scalar_one())


def story_door(db: Session, story_id: UUID) -> StoryDoor | None:
    """Return whether a teller wishes to be asked about a story."""
    return db.exec(select(StoryDoor).where(StoryDoor.story_id == story_id)).first()


def stands(db: Session, question: AbroadQuestion) -> Stands:
    """Return how a question stands; one statement."""
    here = sa.exists().where(_W.c.question_id == _Q.c.id, _W.c.desk)
    wanted = sa.select(_OPEN_NOW.label("open"), here.label("desk")).select_from(_Q)
    row = db.execute(wanted.where(_Q.c.id == question.id)).one()
    somebody = question.group_id is not None or question.story_id is not None
    return Stands(
        bool(row.open) if somebody else None, question.held, question.answered, question.last_on, bool(row.desk), question.urgent
    )


def waiting(db: Session, *, group_id: UUID | None = None, story_id: UUID | None = None) -> int:
    """Return how many questions of a group, or about a story, nobody has answered."""
    whose = _Q.c.group_id == group_id if group_id else _Q.c.story_id == story_id
    wanted = sa.select(sa.func.count()).select_from(_Q).where(whose, _Q.c.answered.is_(False), _Q.c.ended.is_(False))
    return int(db.execute(wanted).scalar_one())


def of_group(db: Session, group_id: UUID, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions of a group, those without an answer first; one statement."""
    return _page(db, _THEIR_CARD.where(_Q.c.group_id == group_id), number)


def of_story(db: Session, story_id: UUID, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions about a story, those without an answer first; one statement."""
    return _page(db, _THEIR_CARD.where(_Q.c.story_id == story_id), number)


def _page(db: Session, wanted: sa.Select[Any], number: int) -> Sequence[Any]:
    return db.execute(wanted.limit(PER_PAGE + 1).offset((number - 1) * PER_PAGE)).all()


def at_desk(db: Session, number: int = 1) -> Sequence[Any]:
    """Return up to 21 questions for the desk, those without an answer first; one statement."""
    return _page(db, _CARD.where(_of_desk()), number)


def waits_at_desk(db: Session) -> tuple[bool, bool]:
    """Return whether a question waits for the desk, and whether one waits that says that somebody may be in danger."""
    waits = sa.and_(_Q.c.ended.is_(False), _Q.c.answered.is_(False))
    row = db.execute(sa.select(sa.exists().where(waits, _of_desk()), sa.exists().where(waits, _Q.c.urgent))).one()
    return bool(row[0]), bool(row[1])


def _of_desk() -> sa.ColumnElement[bool]:
    late = sa.and_(_Q.c.answered.is_(False), _Q.c.last_on <= now().date() - rules.WAITS)
    here = sa.exists().where(_W.c.question_id == _Q.c.id, _W.c.desk)
    network = sa.and_(_Q.c.group_id.is_(None), _Q.c.story_id.is_(None))
    return sa.or_(_Q.c.held, _Q.c.urgent, late, here, network, sa.and_(_Q.c.answered.is_(False), ~_OPEN_NOW))


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
    if not rules.for_those_asked(question.group_id == group.id, first_held(db, question), 1):
        raise groups.not_here()
    return question, group, seat


def of_teller(db: Session, actor: Actor, story_ref: str) -> Story:
    """Return a story for whoever told it; for everybody else this is not there."""
    story = db.exec(select(Story).where(Story.ref == story_ref, Story.author_id == actor.me)).first()
    if story is None:
        raise groups.not_here()
    return story


def for_teller(db: Session, actor: Actor, story_ref: str, ref: str, hold: bool = False) -> tuple[AbroadQuestion, Story]:
    """Return a question about a story for whoever told it; for everybody else it is not there."""
    story = of_teller(db, actor, story_ref)
    question = _question(db, ref, hold)
    if not rules.for_those_asked(question.story_id == story.id, first_held(db, question), 1):
        raise groups.not_here()
    return question, story


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
    if rules.for_those_asked(True, first_held(db, question), word.number) and (there := _theirs(db, actor, question)):
        return word, there
    if actor.may_work and rules.for_desk(stands(db, question), now().date()):
        return word, f"/desk/questions/{question.ref}"
    if word.asks:
        raise groups.not_here()
    return word, "/back"


def _theirs(db: Session, actor: Actor, question: AbroadQuestion) -> str:
    """Return the address of a question for somebody of those it is for, "" for everybody else."""
    group = db.get(Group, question.group_id) if question.group_id else None
    if group and actor.let_in and groups.seat(db, group.id, actor.member_id).inside:
        return f"/g/{group.ref}/q/{question.ref}"
    story = db.get(Story, question.story_id) if question.story_id else None
    if story and actor.signed_in and story.author_id == actor.member_id:
        return f"/my/stories/{story.ref}/q/{question.ref}"
    return ""
