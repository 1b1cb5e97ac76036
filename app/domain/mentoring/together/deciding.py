"""What the desk does with a message that waited: it goes out, if the two still go together; with a line: hide it, show it.

Whoever wrote it is told by moderation.
"""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import rules, talking
from app.domain.two import deciding
from app.domain.two import rules as two
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting, MentorMessage, MessageState


def release(db: Session, actor: Actor, message: MentorMessage) -> bool:
    """Send a message that waited; False where the two have parted meanwhile: then nothing comes to the other one any more."""
    require(two.may_decide(actor, message.author_id))
    deciding.stands(message, MessageState.HELD)
    pair = sa.select(col(MentorMatch.ref), col(MentorMatch.state), col(MentorMatch.mentee_id), col(MentorMatch.mentor_id))
    ref, state, mentee_id, mentor_id = db.execute(pair.where(col(MentorMatch.id) == message.match_id).with_for_update()).one()
    goes_out = state in rules.TALKS
    if goes_out:
        talking.send(db, message, ref, mentor_id if message.author_id == mentee_id else mentee_id)
    else:
        message.state = MessageState.REFUSED
        db.flush()
    return goes_out


def hide_line(db: Session, actor: Actor, line: MentorGoal | MentorMeeting) -> None:
    """Hide a goal, or what comes next, from the one who did not write it."""
    require(two.may_decide(actor, line.author_id))
    line.hidden = True
    db.flush()


def show_line(db: Session, actor: Actor | None, line: MentorGoal | MentorMeeting) -> None:
    """Show a hidden line again; by the clock for nobody."""
    require(two.may_show_again(actor, line.author_id))
    line.hidden = False
    db.flush()
