"""What the two write down of their meetings. The first one begins the half year. The mentee reads every line; no clinical notes.

How a meeting was for the mentee is theirs alone: the mentor does not read it, nor whether it was said. So a line that the mentor
takes out loses its words and keeps its day: the mentee was promised to read of every meeting, and what they said of it is theirs.
"""

import json
from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _, day_words
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.mentoring.joining.queries import supervisor_of
from app.domain.mentoring.rounds import moving
from app.domain.mentoring.rounds.rules import Event
from app.domain.mentoring.together import erasing, lines, reading, rules, talking
from app.models.accounts import Answer
from app.models.mentoring import MatchState, Mentor, MentorMatch
from app.models.mentorships import GoalState, MentorGoal, MentorMeeting
from app.schemas.mentorships import ChangeMeeting, TellMeeting

LINE: Final = "mentor_meeting"  # in the ledger of erasures: a line that whoever wrote it took out
MOOD_BYTES: Final = 12  # more than the longest: whether it was said, and what, cannot be told by its length
SHOWN: Final = 20
NOTHING: Final = json.dumps({"channel": "", "minutes": 0, "goal": "", "next": ""})  # of a line that the mentor took out
WANTED: Final = N_("A mentor whom you supervise would like to talk with you.")
_T, _G = MentorMeeting.__table__, MentorGoal.__table__  # type: ignore[attr-defined]
_MEETINGS = (
    sa.select(_T.c.ref, _T.c.author_id, _T.c.on, _T.c.said, _T.c.mood, _T.c.hidden)
    .where(_T.c.match_id == sa.bindparam("match", type_=sa.Uuid))
    .order_by(_T.c.on.desc(), _T.c.id.desc()).limit(SHOWN + 1).offset(sa.bindparam("passed", type_=sa.Integer))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Meeting:
    """A meeting as one of the two reads it; ``mood`` is "" for the mentor, ``channel`` "" of one that its writer took out."""

    ref: str
    own: bool
    day: str
    channel: str
    minutes: int
    goal: str  # its address part; "" where none was named
    next: str
    mood: str
    hidden: bool = False  # what comes next, by a decision


def padded(mood: str) -> str:
    """Return a mood as it is sealed."""
    return mood.ljust(MOOD_BYTES)


def listed(connection: sa.Connection, of: reading.Talk, me: UUID, passed: int = 0) -> tuple[list[Meeting], int | None]:
    """Return 20 meetings, the newest first, after ``passed`` of them, and what is passed on the next page (None: there is none)."""
    found, rows = list[Meeting](), connection.execute(_MEETINGS, {"match": of.match_id, "passed": passed}).all()
    for row in rows[:SHOWN]:
        said, mood = json.loads(row.said), row.mood.strip() if of.is_mentee else ""
        found.append(Meeting(
            row.ref, row.author_id == me, day_words(row.on), said["channel"], said["minutes"], said["goal"],
            lines.read(said["next"], row, me), mood, row.hidden,
        ))  # fmt: skip
    return found, passed + SHOWN if len(rows) > SHOWN else None


def write_down(db: Session, actor: Actor, ref: str, wish: TellMeeting) -> None:
    """Write a meeting down; the first one of two who only said yes begins their half year. Raises Invalid with the field."""
    of = lines.written_in(db, actor, ref)
    match = db.get_one(MentorMatch, of.match_id, populate_existing=True)
    _check(db, match, wish)
    talking.checked(actor, of, "next", wish.next)
    if match.state == MatchState.AGREED:
        moving.move(db, match, Event.MEET, actor.me)
    talking.begin(db, match.id)
    said = {"channel": wish.channel, "minutes": wish.minutes, "goal": wish.goal, "next": wish.next}
    mood = wish.mood if of.is_mentee else ""
    db.add(MentorMeeting(
        ref=new_ref(), match_id=match.id, author_id=actor.me, on=wish.on, said=json.dumps(said), mood=padded(mood)
    ))  # fmt: skip
    db.flush()
    if wish.supervisor and not of.is_mentee:
        _ask_supervisor(db, actor.me)


def _check(db: Session, match: MentorMatch, wish: TellMeeting) -> None:
    if not match.made_on <= wish.on <= now().date():
        raise Invalid("on", _("Choose a day since you know each other, not later than today."))
    if wish.goal and _goal(db, match.id, wish.goal) is None:
        raise Invalid("goal", _("Choose one of these."))
    written = db.execute(sa.select(sa.func.count()).select_from(_T).where(_T.c.match_id == match.id)).scalar_one()
    if written >= rules.MOST_MEETINGS:
        raise Invalid("", _("So many meetings cannot be kept here. Take out some that are long ago."))


def _goal(db: Session, match_id: UUID, ref: str) -> MentorGoal | None:
    found = select(MentorGoal).where(MentorGoal.match_id == match_id, MentorGoal.ref == ref)
    return db.exec(found.where(MentorGoal.state != GoalState.NONE)).first()


def _ask_supervisor(db: Session, mentor: UUID) -> None:
    """Tell the supervisor that the mentor would like to talk: neither about whom nor what, and once in half a day."""
    row = db.exec(select(Mentor).where(Mentor.member_id == mentor)).first()
    if row is None or row.supervisor_id is None or not supervisor_of(db, row):  # whoever has left the desk learns nothing
        raise Invalid("supervisor", _("Nobody supervises you at the moment. Ask a coordinator for somebody."))
    page, lately = f"/desk/mentoring/{row.ref}", now() - rules.TOLD_AGAIN
    told = select(Answer.id).where(
        Answer.member_id == row.supervisor_id, Answer.link == page, Answer.sentence == WANTED, Answer.at > lately
    )
    if db.exec(told.limit(1)).first() is None:
        tell(db, row.supervisor_id, WANTED, link=page)


def change(db: Session, actor: Actor, ref: str, meeting_ref: str, wish: ChangeMeeting) -> None:
    """Say, or take back, how it was for the mentee; or take out what one wrote down. In every standing."""
    of, row = lines.of_pair(db, actor, MentorMeeting, ref, meeting_ref, taking_out=wish.do == "remove")
    if wish.do == "mood":
        require(rules.may_say_mood(of.is_mentee))
        row.mood = padded(wish.mood)
        if wish.mood:
            erasing.said_anew(db, erasing.OF_MEETINGS, row.id, erasing.MOOD)
        else:
            erasing.remember(db, erasing.OF_MEETINGS, [row.id], erasing.MOOD)
    elif of.is_mentee:
        require(rules.may_remove(actor, row.author_id, is_mentee=True))
        ledger.remember(db, LINE, row.id)
        db.delete(row)
    else:
        require(rules.may_remove(actor, row.author_id, is_mentee=False))
        row.said = NOTHING
        erasing.remember(db, erasing.OF_MEETINGS, [row.id], erasing.WORDS)
    db.flush()


def forget(db: Session, of: reading.Talk, me: UUID) -> None:
    """Take out what somebody wrote down of meetings: of the mentor the words; of the mentee the lines, and how each meeting was."""
    mine = sa.and_(_T.c.match_id == of.match_id, _T.c.author_id == me)
    if not of.is_mentee:
        emptied = db.execute(sa.update(_T).where(mine).values(said=NOTHING).returning(_T.c.id)).scalars().all()
        erasing.remember(db, erasing.OF_MEETINGS, emptied, erasing.WORDS)
        return
    gone = db.execute(sa.delete(_T).where(mine).returning(_T.c.id)).scalars().all()
    ledger.forget(db, gone)
    ledger.remember_new(db, LINE, gone)
    left = sa.update(_T).where(_T.c.match_id == of.match_id).values(mood=padded("")).returning(_T.c.id)
    erasing.remember(db, erasing.OF_MEETINGS, db.execute(left).scalars().all(), erasing.MOOD)


def erase_again(db: Session, kind: str, meeting_id: UUID) -> bool:
    """Take back once more what a restored older copy brought back of a meeting; return whether it was there."""
    if kind == LINE:
        return bool(db.execute(sa.delete(_T).where(_T.c.id == meeting_id)).rowcount)  # type: ignore[attr-defined]
    values = {erasing.WORDS: {"said": NOTHING}, erasing.MOOD: {"mood": padded("")}}
    taken = {column: value for part in erasing.PARTS[kind] for column, value in values[part].items()}
    return bool(db.execute(sa.update(_T).where(_T.c.id == meeting_id).values(**taken)).rowcount)  # type: ignore[attr-defined]
