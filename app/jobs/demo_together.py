"""Two of the demo who go together, from the proposal to a first meeting, by the same actions that people use."""

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.domain.actor import Actor
from app.domain.media.voice import Voice, make_voice
from app.domain.mentoring.rounds import answering, running
from app.domain.mentoring.together import goals, meeting, outside, talking
from app.jobs import demo_content
from app.models.accounts import Role
from app.models.mentoring import MatchState, MentorMatch
from app.models.mentorships import MentorHelp
from app.schemas.mentorships import AnswerHelp, TellGoal, TellMeeting, WantHelp, WriteMessage


def together(db: Session, told: dict[str, Any]) -> None:
    """Bring the two together by a round of their own, and let them write, meet and want help from outside. The ask is there."""
    running.run(db)
    match = db.exec(select(MentorMatch).where(MentorMatch.state == MatchState.PROPOSED)).one()
    mentor = replace(_actor(db, match.mentor_id, told["mentor"]), roles=frozenset({Role.MENTOR}))
    two = {"mentee": _actor(db, match.mentee_id, told["ask"]["name"]), "mentor": mentor}
    answering.release(db, demo_content.actor_of(db, demo_content.SECOND_READER), match.ref, match.row_version)
    for side in ("mentee", "mentor"):
        answering.say_yes(db, two[side], match.ref)
    before = now() - timedelta(hours=len(told["words"]) + 1)
    for hours, said in enumerate(told["words"]):
        with clock.at(before + timedelta(hours=hours)):
            message = WriteMessage(body=said["words"], language=said.get("language", told["language"]))
            talking.write(db, two[said["by"]], match.ref, message, _voice(said.get("voice")))
    for goal in told["goals"]:
        wish = TellGoal(dimension=goal["dimension"], words=goal["words"])
        goals.set_goal(db, two[goal["by"]], match.ref, wish)
    meeting.write_down(db, two["mentee"], match.ref, TellMeeting(on=now().date(), **told["meeting"]))
    outside.propose(db, two["mentor"], match.ref, WantHelp(need=told["outside"]))
    (wanted,) = db.exec(select(MentorHelp.ref).where(MentorHelp.match_id == match.id)).all()
    outside.answer(db, two["mentee"], match.ref, wanted, AnswerHelp(do="yes"))


def _voice(name: str | None) -> Voice | None:
    return make_voice((demo_content.CONTENT / "audio" / name).read_bytes(), short=True) if name else None


def _actor(db: Session, member_id: UUID, name: str) -> Actor:
    actor = demo_content.actor_of(db, name)
    if actor.me != member_id:
        raise LookupError(f"the round proposed somebody else than {name}")
    return actor
