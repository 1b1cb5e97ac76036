"""Taking back at once everything that one wrote in a mentorship: messages, goals, what comes next, how it goes, sharing numbers."""

from sqlmodel import Session

from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import goals, meeting, outside, reading, reviews, rules, sharing, talking


def forget_mine(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Take back everything that the actor wrote in a talk, also where they read it no more; return the talk."""
    require(rules.may_take_back(actor))
    of = talking.delete_mine(db, actor, ref)
    goals.forget(db, of, actor.me)
    meeting.forget(db, of, actor.me)
    reviews.forget(db, of)
    outside.forget(db, of)
    sharing.forget(db, of)
    db.expire_all()
    return of
