"""What the desk does with a message: let it go out, refuse it, hide it, show it again; with a line: hide it, show it.

Who wrote it is told by moderation.

The trail has a decision about a case only: an event of its own would tell the one to whom a message was, if they read the trail.
"""

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.errors import Conflict
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import rules, talking
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting, MentorMessage, MessageState


def release(db: Session, actor: Actor, message: MentorMessage) -> bool:
    """Send a message that waited; False where the two have parted meanwhile: then nothing comes to the other one any more."""
    require(rules.may_decide(actor, message.author_id))
    _stands(message, MessageState.HELD)
    pair = sa.select(col(MentorMatch.ref), col(MentorMatch.state), col(MentorMatch.mentee_id), col(MentorMatch.mentor_id))
    ref, state, mentee_id, mentor_id = db.execute(pair.where(col(MentorMatch.id) == message.match_id).with_for_update()).one()
    goes_out = state in rules.TALKS
    if goes_out:
        talking.send(db, message, ref, mentor_id if message.author_id == mentee_id else mentee_id)
    else:
        message.state = MessageState.REFUSED
        db.flush()
    return goes_out


def refuse(db: Session, actor: Actor, message: MentorMessage) -> None:
    """Do not send a message that waited; its words stay with its writer."""
    require(rules.may_decide(actor, message.author_id))
    _stands(message, MessageState.HELD)
    message.state = MessageState.REFUSED
    db.flush()


def hide(db: Session, actor: Actor, message: MentorMessage) -> None:
    """Hide a message from the one who was to read it."""
    require(rules.may_decide(actor, message.author_id))
    if message.state not in (MessageState.HIDDEN, MessageState.DELETED):  # taken back meanwhile, it is decided all the same
        _stands(message, MessageState.SHOWN)
        message.state = MessageState.HIDDEN
        db.flush()


def unhide(db: Session, actor: Actor, message: MentorMessage) -> None:
    """Show a hidden message again, in its old place."""
    require(rules.may_decide(actor, message.author_id))
    _stands(message, MessageState.HIDDEN)
    message.state = MessageState.SHOWN
    db.flush()


def hide_line(db: Session, actor: Actor, line: MentorGoal | MentorMeeting) -> None:
    """Hide a goal, or what comes next, from the one who did not write it."""
    require(rules.may_decide(actor, line.author_id))
    line.hidden = True
    db.flush()


def show_line(db: Session, actor: Actor, line: MentorGoal | MentorMeeting) -> None:
    """Show a hidden line again."""
    require(rules.may_decide(actor, line.author_id))
    line.hidden = False
    db.flush()


def _stands(message: MentorMessage, state: MessageState) -> None:
    if message.state != state:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
