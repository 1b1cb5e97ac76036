"""Turns the demo's meetings into rows, by the same actions that people use: of every kind, and in every state."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, col, select

from app.core import clock
from app.core.clock import days, now
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups.rules import Seat
from app.domain.meetings import after, coming, deciding, planning
from app.domain.moderation import actions as moderation
from app.domain.moderation import filing, meeting_words
from app.domain.moderation.rules import Choice
from app.jobs import demo_content
from app.models.groups import Group, GroupRole
from app.models.meetings import Meeting, MeetingPlan
from app.models.moderation import CaseKind, Outcome
from app.schemas.meetings import StartMeetings, WriteMinutes

_SEAT = Seat(GroupRole.ORGANISER)
_OWN = ("coming", "cancelled", "held", "days", "until", "minutes_written")  # of the content, not of the form


def plan(db: Session, group: Group, organiser: Actor, content: dict[str, Any], told: dict[str, Any]) -> None:
    """Plan one meeting of the content, or its series; a meeting that is over was planned a week before."""
    day = (now() + days(told["days"])).date()
    with clock.at(min(now(), now() + days(told["days"] - 7))):
        first = planning.start(db, organiser, group, _SEAT, _wish(content, told, day))
        said = db.get_one(MeetingPlan, first.plan_id)
        if not told.get("held"):
            _let_through(db, said)
        same = select(Meeting).where(Meeting.plan_id == said.id).order_by(col(Meeting.starts_at)).limit(2)
        for name in told.get("coming", ()):
            comes = demo_content.actor_of(db, name)
            for meeting in db.exec(same).all():
                coming.come(db, comes, groups.seat(db, group.id, comes.me), meeting, said, woman=said.women_only)
        if told.get("cancelled"):
            planning.cancel(db, organiser, group, _SEAT, first, "one")
    if "minutes_written" in told:
        after.write(db, organiser, _SEAT, first, said, WriteMinutes(words=told["minutes_written"]))


def _wish(content: dict[str, Any], told: dict[str, Any], day: date) -> StartMeetings:
    words = {key: value for key, value in told.items() if key not in _OWN}
    until = day + timedelta(days=told["until"]) if "until" in told else None
    return StartMeetings.model_validate({"language": content["language"], "day": day, "until": until, **words})


def _let_through(db: Session, said: MeetingPlan) -> None:
    """Of somebody new a meeting for everybody waits at the desk: the demo's coordinator lets it through."""
    case = filing.find(db, CaseKind.POST, meeting_words.MEETING, said.id)
    reader = demo_content.actor_of(db, demo_content.SECOND_READER)
    if case is not None and case.about_id == reader.member_id:  # nobody decides about their own words, and there is no other
        filing.close_undecided(db, case)
        said.by_id = None
        deciding.show(db, reader, said)
        said.by_id = case.about_id
        db.flush()
    elif case is not None:
        case = moderation.open_case(db, reader, case.ref)
        moderation.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))
        db.refresh(said)
