"""What members say about their gender: one sealed row each, of one length whatever it says; every opening leaves a line.

Only the machine opens one without, to keep what its member skips when they answer anew, or to bring it to one length: a line would
tell whoever gets at the database when somebody changed what they had said.
"""

import json
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, delete, select

from app.core import crypto
from app.core.clock import now
from app.core.i18n import N_, _
from app.core.ids import new_id
from app.core.verdict import require
from app.domain.accounts.export_words import Coded
from app.domain.actor import Actor
from app.domain.reporting import rules
from app.domain.reporting.question import more
from app.models.accounts import Member
from app.models.reporting import AnswerLook, GenderAnswer, Why

GENDERS: Final = {
    "woman": N_("Woman"), "man": N_("Man"), "another": N_("Another term, in my own words"), "unsaid": N_("I prefer not to say"),
}  # fmt: skip
OWN_LETTERS: Final = 60
# The length of what is sealed would tell "man" from "woman": all are filled up to the longest (in UTF-8: 60 letters of own words,
# 120 of an area, and some of keys and other answers, each letter of at most 4 bytes).
SEALED_BYTES: Final = 1_000
LOOKS: Final = {
    Why.COUNT: N_("The machine counted everybody's answers for the numbers of %(period)s. No person saw them."),
    Why.OWN: N_("You looked, on this page."), Why.COPY: N_("It went into your own copy."),
    Why.TAKEN_BACK: N_("You took it back."),
}  # fmt: skip
LOOKS_SHOWN: Final = 30
EVENED_AT_ONCE: Final = 1_000


@dataclass(frozen=True, slots=True)
class Said:
    """An answer: one of GENDERS, the member's own words for "another", and what they said to further questions (``more``)."""

    gender: str
    words: str = ""
    more: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Looked:
    """Somebody or something opened the answer."""

    on: date
    what: str


@dataclass(frozen=True, slots=True)
class State:
    """What the page shows without opening anything: whether and when the member answered, and who looked since."""

    told_on: date | None
    looks: list[Looked]


def _packed(said: Said) -> str:
    text = json.dumps({"gender": said.gender, "words": said.words, "more": said.more}, ensure_ascii=False)
    if len(text.encode()) > SEALED_BYTES:
        raise ValueError("the answer is longer than what is sealed")
    return text + " " * (SEALED_BYTES - len(text.encode()))


def _unpacked(text: str) -> Said:
    content = json.loads(text)
    return Said(content["gender"], content["words"], content.get("more", {}))  # answers of before the further questions


def answer(db: Session, actor: Actor, said: Said) -> None:
    """Keep what the member says, in place of what they said before (the first day stays: who looked since then is told).

    What they skip stays as it was; the machine opens it for that alone, and nobody sees it.
    """
    require(rules.may_answer(actor))
    table = GenderAnswer.__table__  # type: ignore[attr-defined]
    row = db.exec(select(GenderAnswer).where(GenderAnswer.member_id == actor.me).with_for_update()).first()
    kept = more.fit(db, said.more, _unpacked(row.said).more if row else {})
    packed = _packed(Said(said.gender, said.words if said.gender == "another" else "", kept))
    insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
    first = insert_into(table).values(id=new_id(), member_id=actor.me, said=packed, told_on=now().date())
    db.execute(first.on_conflict_do_update(index_elements=["member_id"], set_={"said": first.excluded.said}))


def even_out(db: Session) -> int:
    """Seal at today's length some of what an earlier version, or a backup of one, sealed at another; return how many.

    Nobody sees what is in it, and no line is left, as with ``hearth reseal``. What is too long for it stays as it is.
    """
    length = sa.func.length(sa.type_coerce(col(GenderAnswer.said), sa.LargeBinary))
    odd = select(GenderAnswer).where(length != SEALED_BYTES + crypto.SEAL_BYTES).limit(EVENED_AT_ONCE).with_for_update()
    rows = db.exec(odd).all()
    evened = 0
    for row in rows:
        with suppress(ValueError):
            row.said = _packed(_unpacked(row.said))
            evened += 1
    db.flush()
    return evened


def withdraw(db: Session, actor: Actor) -> None:
    """Take the answer back; what stays is since when it was there, so that its member still sees who looked."""
    require(rules.may_withdraw(actor))
    told_on = _told_on(db, actor.me)
    if told_on is None:
        return
    _note(db, Why.TAKEN_BACK, actor.me, str(told_on))
    db.exec(delete(GenderAnswer).where(col(GenderAnswer.member_id) == actor.me))


def look(db: Session, actor: Actor) -> Said | None:
    """Return the actor's own answer, None without one; leaves a line in the log."""
    require(rules.may_withdraw(actor))
    row = db.exec(select(GenderAnswer).where(GenderAnswer.member_id == actor.me)).first()
    if row is None:
        return None
    _note(db, Why.OWN, actor.me)
    return _unpacked(row.said)


def _note(db: Session, why: Why, member_id: UUID | None = None, period: str = "") -> None:
    db.add(AnswerLook(at=now(), why=why, member_id=member_id, period=period))
    db.flush()


def note_counting(db: Session, period: str) -> None:
    """Leave the line that every member sees, before all answers are opened to count a month."""
    _note(db, Why.COUNT, period=period)


def opened_for_counting(db: Session) -> dict[UUID, Said]:
    """Return who said what, for the counting of a month and for nothing else; after ``note_counting``."""
    rows = db.execute(sa.select(col(GenderAnswer.member_id), col(GenderAnswer.said)))
    return {member_id: _unpacked(said) for member_id, said in rows}


def _told_on(db: Session, member_id: UUID | None) -> date | None:
    return db.execute(sa.select(col(GenderAnswer.told_on)).where(col(GenderAnswer.member_id) == member_id)).scalar()


def state(db: Session, member_id: UUID) -> State:
    """Return whether the member answered, and what was looked at since, newest first."""
    told_on = _told_on(db, member_id)
    mine = sa.or_(col(AnswerLook.member_id) == member_id, col(AnswerLook.member_id).is_(None))
    rows: Sequence[AnswerLook] = db.exec(
        select(AnswerLook).where(mine).order_by(col(AnswerLook.id).desc()).limit(LOOKS_SHOWN)
    ).all()
    there = [(told_on, date.max)] if told_on else []
    there += [(date.fromisoformat(r.period), r.at.date()) for r in rows if r.why is Why.TAKEN_BACK]
    seen = [r for r in rows if r.member_id or any(first <= r.at.date() <= last for first, last in there)]
    return State(told_on, [Looked(r.at.date(), _(LOOKS[r.why], **({"period": r.period} if r.period else {}))) for r in seen])


def is_offered(db: Session, member: Member) -> bool:
    """Say whether Me offers the question; asks the database only once the first days are over."""
    today = now().date()
    if not rules.is_offered(member.joined_on, today, answered=False):
        return False
    found = db.exec(select(GenderAnswer.id).where(GenderAnswer.member_id == member.id)).first()
    return rules.is_offered(member.joined_on, today, answered=found is not None)


def purge(db: Session, member_id: UUID) -> None:
    """Erase what a member who leaves said, and who looked at it."""
    db.exec(delete(GenderAnswer).where(col(GenderAnswer.member_id) == member_id))
    db.exec(delete(AnswerLook).where(col(AnswerLook.member_id) == member_id))


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return for the member's own copy what they said and who looked."""
    row = db.exec(select(GenderAnswer).where(GenderAnswer.member_id == member_id)).first()
    told: dict[str, Any] = {}
    if row is not None:
        _note(db, Why.COPY, member_id)
        said = _unpacked(row.said)
        told = {
            N_("gender"): Coded(said.gender, _(GENDERS[said.gender])), N_("in my own words"): said.words,
            N_("answered on"): row.told_on, **{more.MORE[key].name: choice for key, choice in said.more.items()},
        }  # fmt: skip
    looks = [{"on": one.on, N_("what for"): one.what} for one in state(db, member_id).looks]
    return {N_("the question about me"): told, N_("who looked at my answer"): looks}
