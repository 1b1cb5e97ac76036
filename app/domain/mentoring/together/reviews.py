"""How it goes, asked of both after one, three and six months; and going on, once, for another half year when both want it.

What one of the two answers, the other never reads, also not when both have: else nobody would write what does not go well. What
is for both belongs into their talk.
"""

import json
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _, day_words
from app.core.ids import new_id
from app.core.verdict import require
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.mentoring.rounds import moving
from app.domain.mentoring.rounds.rules import MONTHS_DAYS, Event
from app.domain.mentoring.together import erasing, lines, reading, rules, talking
from app.models.mentoring import MatchState, MentorMatch
from app.models.mentorships import MentorReview, Mentorship
from app.schemas.mentorships import TellReview

ASKED: Final = N_("How does it go? Some short questions are there for you. Nobody but you reads what you answer.")
GO_ON: Final = N_("Both of you would like to go on. You go together for another half year.")
A_RUN: Final = 200
BLOCK: Final = 256  # bytes: what was chosen cannot be told by its length
_M, _S, _R = MentorMatch.__table__, Mentorship.__table__, MentorReview.__table__  # type: ignore[attr-defined]
_REVIEWS = (
    sa.select(_R.c.month, _R.c.due_on, _R.c.mentee_said, _R.c.mentor_said)
    .where(_R.c.match_id == sa.bindparam("match", type_=sa.Uuid)).order_by(_R.c.month)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Review:
    """A review as one of the two has it: what they answered, None while they did not."""

    month: int
    day: str
    due: bool
    said: dict[str, Any] | None


def address(ref: str) -> str:
    """Return where the reviews of a pair stand."""
    return f"{talking.address(ref)}/reviews"


def listed(connection: sa.Connection, of: reading.Talk) -> list[Review]:
    """Return the reviews of a pair with the reader's own answers; one statement."""
    today, found = now().date(), []
    for row in connection.execute(_REVIEWS, {"match": of.match_id}):
        said = row.mentee_said if of.is_mentee else row.mentor_said
        found.append(Review(row.month, day_words(row.due_on), row.due_on <= today, json.loads(said) if said else None))
    return found


def ask_due(db: Session) -> int:
    """Write down when the reviews of those who began are due, and ask both where one is; return how many were asked."""
    today = now().date()
    _plan(db)
    due = (
        sa.select(_R.c.id, _M.c.ref, _M.c.mentee_id, _M.c.mentor_id).join(_M, _M.c.id == _R.c.match_id)
        .where(_R.c.asked_on.is_(None), _R.c.due_on <= today, _M.c.state == MatchState.ACTIVE).order_by(_R.c.id).limit(A_RUN)
    )  # fmt: skip
    rows = db.execute(due).all()
    db.execute(sa.update(_R).where(_R.c.id.in_([row.id for row in rows])).values(asked_on=today))
    for row in rows:
        for member_id in (row.mentee_id, row.mentor_id):
            tell(db, member_id, ASKED, link=address(row.ref))
    return len(rows)


def _plan(db: Session) -> None:
    """Make the rows of those who go together and have none; of who began long before this was asked, not what is long past."""
    today = now().date()
    none = sa.not_(sa.exists().where(_R.c.match_id == _M.c.id))
    began = db.execute(sa.select(_M.c.id, _M.c.due_on).where(_M.c.state == MatchState.ACTIVE, none).limit(A_RUN)).all()
    values = [
        {"id": new_id(), "match_id": row.id, "month": month, "due_on": row.due_on - timedelta(days=MONTHS_DAYS - days)}
        for row in began for month, days in rules.REVIEW_DAYS.items()
        if row.due_on + timedelta(days=days + rules.PAST_DAYS - MONTHS_DAYS) >= today
    ]  # fmt: skip
    if values:
        insert = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
        db.execute(insert(_R).on_conflict_do_nothing(), values)
        beside = [{"id": new_id(), "match_id": row.id, "last_number": 0} for row in began]
        db.execute(insert(_S).on_conflict_do_nothing(), beside)


def answer(db: Session, actor: Actor, ref: str, wish: TellReview) -> bool:
    """Keep how it goes for one of the two; return whether both go on now. Raises Invalid where nothing is asked."""
    of = lines.written_in(db, actor, ref)
    found = select(MentorReview).where(MentorReview.match_id == of.match_id, MentorReview.month == wish.month)
    row = db.exec(found.with_for_update()).first()
    if row is None or row.due_on > now().date():
        raise Invalid("", _("This is not asked yet."))
    said = padded(json.dumps(wish.model_dump(mode="json", exclude={"month"}), ensure_ascii=False))
    row.mentee_said, row.mentor_said = (said, row.mentor_said) if of.is_mentee else (row.mentee_said, said)
    db.add(row)
    erasing.said_anew(db, erasing.OF_REVIEWS, row.id, _side(of))
    db.flush()
    return wish.month == rules.LAST_REVIEW and _both(row) and _extend(db, of)


def _side(of: reading.Talk) -> str:
    return erasing.MENTEE if of.is_mentee else erasing.MENTOR


def take_back(db: Session, actor: Actor, ref: str, month: int) -> None:
    """Take an answer of one's own back, in every standing, also after the end; who goes on by it goes on."""
    require(rules.may_take_back(actor))
    of = reading.mine(db.connection(), actor, ref)
    if not forget(db, of, month):
        raise NotFound(_("This page is not here."))


def forget(db: Session, of: reading.Talk, month: int | None = None) -> int:
    """Erase what one of the two answered, in one review or in all; return in how many."""
    said = _R.c.mentee_said if of.is_mentee else _R.c.mentor_said
    asked = [_R.c.month == month] if month is not None else []
    ids = (
        db.execute(
            sa.update(_R).where(_R.c.match_id == of.match_id, said.is_not(None), *asked).values({said: None}).returning(_R.c.id)
        )
        .scalars()
        .all()
    )
    erasing.remember(db, erasing.OF_REVIEWS, ids, _side(of))
    return len(ids)


def erase_again(db: Session, kind: str, review_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back of a review; return whether it was there."""
    taken = {f"{side}_said": None for side in erasing.PARTS[kind]}
    return bool(db.execute(sa.update(_R).where(_R.c.id == review_id).values(**taken)).rowcount)  # type: ignore[attr-defined]


def padded(said: str) -> str:
    """Return an answer as it is sealed: with spaces up to whole blocks of 256 bytes."""
    return said + " " * (-len(said.encode()) % BLOCK)


def _both(row: MentorReview) -> bool:
    return all(said is not None and json.loads(said)["go_on"] for said in (row.mentee_said, row.mentor_said))


def _extend(db: Session, of: reading.Talk) -> bool:
    """Let the two go together for another half year, once."""
    talking.begin(db, of.match_id)
    mine = sa.update(_S).where(_S.c.match_id == of.match_id, _S.c.extended_on.is_(None)).values(extended_on=now().date())
    if db.execute(mine.returning(_S.c.id)).first() is None:
        return False
    match = db.get_one(MentorMatch, of.match_id, populate_existing=True)
    until: date | None = match.due_on
    moving.move(db, match, Event.EXTEND)
    if until is not None:
        match.due_on = until + timedelta(days=MONTHS_DAYS)
    db.flush()
    for member_id in (match.mentee_id, match.mentor_id):
        tell(db, member_id, GO_ON, link=talking.address(match.ref))
    return True


def answers_of(db: Session, member_id: UUID) -> list[tuple[date, dict[str, Any]]]:
    """Return for the member's own copy what they answered, and since when it was asked."""
    rows = db.execute(
        sa.select(_R.c.due_on, _R.c.mentee_said, _R.c.mentor_said, (_M.c.mentee_id == member_id).label("is_mentee"))
        .join(_M, _M.c.id == _R.c.match_id).order_by(_R.c.id)
        .where(sa.or_(_M.c.mentee_id == member_id, _M.c.mentor_id == member_id))
    )  # fmt: skip
    mine = [(row.due_on, row.mentee_said if row.is_mentee else row.mentor_said) for row in rows]
    return [(due_on, json.loads(said)) for due_on, said in mine if said]
