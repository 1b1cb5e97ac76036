"""A word from people who know an applicant: through a link that names nobody, without an account, until a day.

Whoever has the link may be the applicant: a word counts once somebody at the desk, other than who writes the decision down, has
made sure of it.
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import crypto
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.joining import keeping, rules
from app.models.accounts import Member, MemberStatus
from app.models.mentoring import Mentor, MentorState, MentorWord
from app.schemas.mentoring import SayWord

REF_LENGTH: Final = 12  # of a word's name at the desk


@dataclass(frozen=True, slots=True)
class Links:
    """What an applicant sees of the links: how many, never which, so that nobody can tell who has said a word."""

    answered: int
    open: int

    @property
    def made(self) -> int:
        """Return how many count against the most that can be made."""
        return self.answered + self.open


def _hash(ref: str) -> str:
    return crypto.token_hash(ref)


def make_link(db: Session, actor: Actor) -> str:
    """Make a link for one person who knows the applicant; return its address part, this once."""
    row = keeping.own(db, Mentor, actor.me, lock=True)
    if row is None:
        raise NotFound(_("This page is not here."))
    require(rules.may_make_link(actor, row.state, links(db, row.id).made))
    ref = new_ref()
    db.add(MentorWord(mentor_id=row.id, ref_hash=_hash(ref), until_on=now().date() + timedelta(days=rules.LINK_DAYS)))
    db.flush()
    return ref


def links(db: Session, mentor_id: UUID) -> Links:
    """Return how many links were answered, and how many still can be."""
    unused = col(MentorWord.answered_on).is_(None)
    counted = sa.select(
        sa.func.count(col(MentorWord.answered_on)), sa.func.count(sa.case((unused & (col(MentorWord.until_on) > now().date()), 1)))
    ).where(col(MentorWord.mentor_id) == mentor_id)  # fmt: skip
    return Links(*db.execute(counted).one())


def end_links(db: Session, actor: Actor) -> None:
    """Let the links that nobody used open no more, so that others can be made; all at once: one alone would tell which was used."""
    require(rules.may_take_back(actor))
    row = keeping.own(db, Mentor, actor.me, lock=True)
    if row is None or row.state != MentorState.APPLIED:
        raise NotFound(_("This page is not here."))
    unused = col(MentorWord.mentor_id) == row.id, col(MentorWord.answered_on).is_(None)
    db.execute(sa.delete(MentorWord).where(*unused))


def by_link(db: Session, ref: str, *, lock: bool = False) -> tuple[MentorWord, UUID]:
    """Return what a link opens and whom it is about; NotFound when it was used, is over, or the offer does not wait any more."""
    wanted = (
        select(MentorWord, Mentor.member_id).join(Mentor, col(Mentor.id) == MentorWord.mentor_id)
        .join(Member, col(Member.id) == Mentor.member_id)
        .where(
            MentorWord.ref_hash == _hash(ref), MentorWord.until_on > now().date(), col(MentorWord.answered_on).is_(None),
            Mentor.state == MentorState.APPLIED, Member.status == MemberStatus.ACTIVE,
        )
    )  # fmt: skip
    found = db.exec(wanted.with_for_update(of=MentorWord) if lock else wanted).first()
    if found is None:
        raise NotFound(_("This page is not here."))
    return found


def say(db: Session, actor: Actor, ref: str, said: SayWord) -> None:
    """Keep what somebody says; the link opens no more. Who said it is not kept."""
    word, about = by_link(db, ref, lock=True)
    require(rules.may_say(actor, about))
    word.said, word.answered_on = json.dumps(said.model_dump(mode="json"), ensure_ascii=False), now().date()
    db.add(word)
    db.flush()


@dataclass(frozen=True, slots=True)
class Heard:
    """A word as the desk reads it. ``by``: "" while nobody has made sure of it, "me", or "other" who works at the desk."""

    key: str
    known: str
    trust: str
    words: str
    reach: str  # how to ask whoever said it; gone once somebody has made sure
    by: str

    @property
    def speaks_for(self) -> bool:
        """Say whether it is other than a no."""
        return self.trust != "no"


def heard(db: Session, actor: Actor, mentor_id: UUID) -> list[Heard]:
    """Return for the desk what was said, oldest first."""
    return [_heard(row, actor) for row in db.exec(_answered(mentor_id)).all()]


def counting(db: Session, actor: Actor, mentor_id: UUID) -> int:
    """Return how many words other than a no the actor may count: those that somebody else at the desk has made sure of."""
    return sum(word.speaks_for and word.by == "other" for word in heard(db, actor, mentor_id))


def confirm(db: Session, actor: Actor, about: Mentor, key: str, *, sure: bool) -> None:
    """Write down that somebody has made sure of a word, or take that back; how to reach whoever said it goes with the first."""
    require(rules.may_decide(about.state))
    row = next((one for one in db.exec(_answered(about.id).with_for_update()).all() if _key(one) == key), None)
    if row is None:
        raise NotFound(_("This page is not here."))
    if sure and row.confirmed_on is None:
        row.confirmed_on, row.confirmed_by = now().date(), actor.me
        row.said = json.dumps({**json.loads(row.said or "{}"), "reach": ""}, ensure_ascii=False)
    elif not sure:
        row.confirmed_on = row.confirmed_by = None
    db.add(row)
    db.flush()


def _answered(mentor_id: UUID) -> Any:
    return (
        select(MentorWord).where(MentorWord.mentor_id == mentor_id, col(MentorWord.said).is_not(None)).order_by(col(MentorWord.id))
    )


def _key(row: MentorWord) -> str:
    """Return what names a word at the desk: neither its id, which tells when the link was made, nor its link."""
    return row.ref_hash[:REF_LENGTH]


def _heard(row: MentorWord, actor: Actor) -> Heard:
    said = json.loads(row.said or "{}")
    by = "" if row.confirmed_on is None else "me" if row.confirmed_by == actor.member_id else "other"
    return Heard(_key(row), said["known"], said["trust"], said["words"], said.get("reach", ""), by)
