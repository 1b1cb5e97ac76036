"""What going together does when somebody leaves the network or a year is over, and what it adds to a member's own copy."""

import json
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded
from app.domain.mentoring.joining.wording import CHANNEL_WORDS
from app.domain.mentoring.together import erasing, goals, hooks, meeting, outside, reviews, rules, sharing, talking
from app.domain.mentoring.together.wording import DIMENSIONS, GOAL_STATES, GOING, MOODS, STATES
from app.models.accounts import Answer
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting, MentorMessage, MentorReview, Mentorship, MentorVoice, MessageState

LEDGER: Final = (talking.WORDS, meeting.LINE, goals.LINE, outside.GONE, *erasing.LEDGER)
_M, _S, _W = MentorMatch.__table__, Mentorship.__table__, MentorMessage.__table__  # type: ignore[attr-defined]
_V = MentorVoice.__table__  # type: ignore[attr-defined]
_T, _G, _R = MentorMeeting.__table__, MentorGoal.__table__, MentorReview.__table__  # type: ignore[attr-defined]
_A: sa.Table = Answer.__table__  # type: ignore[attr-defined]


def purge(db: Session, member_id: UUID) -> None:
    """Erase the talks of a member who left, with the words of both: without the one there is no talk for the other to read."""
    outside.purge(db, member_id)
    _gone(db, sa.select(_M.c.id).where(sa.or_(_M.c.mentee_id == member_id, _M.c.mentor_id == member_id)))


def remove_old(db: Session, moment: datetime) -> int:
    """Erase talks half a year after their end; return how many messages went."""
    outside.remove_old(db, moment)
    over = _M.c.ended_on < (moment - timedelta(days=rules.KEPT_DAYS)).date()
    return _gone(db, sa.select(_M.c.id).where(over))


def _gone(db: Session, pairs: sa.Select[tuple[UUID]]) -> int:
    hooks.tell_gone(db, sa.select(_W.c.id).where(_W.c.match_id.in_(pairs)))
    count = int(db.execute(sa.delete(_W).where(_W.c.match_id.in_(pairs))).rowcount)  # type: ignore[attr-defined]
    for side in (_M.c.mentee_id, _M.c.mentor_id):  # what told of them leads nowhere any more
        page = sa.literal(talking.address("")) + _M.c.ref
        of_pair = sa.exists().where(
            _M.c.id.in_(pairs),
            side == _A.c.member_id,
            _A.c.link.in_([page, *(page + part for part in ("/reviews", "/meetings", "/outside"))]),
        )
        db.execute(sa.delete(_A).where(_A.c.member_id.in_(sa.select(side).where(_M.c.id.in_(pairs))), of_pair))
    for table in (_T, _G, _R, _S):
        db.execute(sa.delete(table).where(table.c.match_id.in_(pairs)))
    return count


def erase_again(db: Session, kind: str, subject_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back; return whether it was there."""
    if kind == talking.WORDS:
        return talking.delete_again(db, subject_id)
    if kind == outside.GONE:
        return outside.erase_again(db, subject_id)
    if kind == goals.LINE:
        return bool(db.execute(sa.delete(_G).where(_G.c.id == subject_id)).rowcount)  # type: ignore[attr-defined]
    if kind in erasing.OF_NUMBERS.values():
        return sharing.erase_again(db, kind, subject_id)
    if kind in erasing.OF_REVIEWS.values():
        return reviews.erase_again(db, kind, subject_id)
    return meeting.erase_again(db, kind, subject_id)


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member wrote in mentoring, and their meetings: never the words or the name of the other one."""
    rows = db.execute(
        sa.select(_W.c.written_at, _W.c.body, _W.c.state, _V.c.seconds).outerjoin(_V, _V.c.message_id == _W.c.id)
        .where(_W.c.author_id == member_id, _W.c.state != MessageState.DELETED).order_by(_W.c.id)
    )  # fmt: skip
    return {
        N_("what I wrote in mentoring"): [
            {
                "on": row.written_at.date(), "text": row.body, N_("state"): Coded(row.state.value, _(STATES[row.state])),
                **({N_("seconds of voice"): round(row.seconds)} if row.seconds is not None else {}),
            }
            for row in rows
        ],
        N_("our meetings"): _meetings(db, member_id),
        N_("goals that I wrote down"): _goals(db, member_id),
        N_("help from outside that I wanted"): outside.export(db, member_id),
        N_("how I said it goes"): [_review(due_on, said) for due_on, said in reviews.answers_of(db, member_id)],
    }  # fmt: skip


def _meetings(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    mine = sa.or_(_M.c.mentee_id == member_id, sa.and_(_M.c.mentor_id == member_id, _T.c.author_id == member_id))
    rows = db.execute(
        sa.select(_T.c.on, _T.c.said, _T.c.mood, _T.c.author_id, _M.c.mentee_id).join(_M, _M.c.id == _T.c.match_id)
        .where(mine).order_by(_T.c.id)
    )  # fmt: skip
    return [_meeting(row, member_id) for row in rows]


def _meeting(row: Any, member_id: UUID) -> dict[str, Any]:
    said, mood = json.loads(row.said), row.mood.strip()
    way = said["channel"]
    told: dict[str, Any] = {
        "on": row.on, N_("how we met"): Coded(way, _(CHANNEL_WORDS[way])) if way else "", N_("minutes"): said["minutes"],
        N_("next step"): said["next"] if row.author_id == member_id else "",
    }  # fmt: skip
    return told | ({N_("how it was for me"): Coded(mood, _(MOODS[mood]))} if row.mentee_id == member_id else {})


def _review(due_on: date, said: dict[str, Any]) -> dict[str, Any]:
    going = said["going"]
    return {
        N_("asked on"): due_on, N_("how it goes"): Coded(going, _(GOING[going])), N_("what helped"): said["helped"],
        N_("what should be different"): said["change"], N_("another half year"): said["go_on"],
    }  # fmt: skip


def _goals(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    rows = db.execute(
        sa.select(_G.c.on, _G.c.dimension, _G.c.state, _G.c.words).where(_G.c.author_id == member_id).order_by(_G.c.id)
    )
    return [
        {
            "on": row.on, "kind": Coded(row.dimension.value, _(DIMENSIONS[row.dimension][0])), "text": row.words,
            N_("state"): Coded(row.state.value, _(GOAL_STATES[row.state])),
        }
        for row in rows
    ]  # fmt: skip
