"""What goals and meetings have in common: lines that both read at once, taken out by whoever wrote them, hidden by a decision."""

from typing import Any, TypeVar
from uuid import UUID

from sqlmodel import Session, select

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.mentoring.together import reading, rules, talking
from app.models.mentorships import MentorGoal, MentorMeeting

Line = TypeVar("Line", MentorGoal, MentorMeeting)


def read(words: str, row: Any, me: UUID) -> str:
    """Return the words of a line for a reader: of one that is hidden whoever wrote it reads on."""
    return "" if row.hidden and row.author_id != me else words


def written_in(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Return the talk in which the actor writes a line, its pair locked; Invalid where nobody writes any more."""
    require(rules.may_talk(actor))
    of = talking.held_still(db, actor, ref)
    if closed := rules.goes_on(actor, of.state, is_mentee=of.is_mentee).reason:
        raise Invalid("", closed)
    return of


def of_pair(db: Session, actor: Actor, table: type[Line], ref: str, line: str, *, taking_out: bool) -> tuple[reading.Talk, Line]:
    """Return a line and its talk; who reads the talk no more finds it for taking out only. NotFound otherwise."""
    of = reading.mine(db.connection(), actor, ref)
    row = db.exec(select(table).where(table.match_id == of.match_id, table.ref == line)).first()
    if row is None or not (of.reads or taking_out):
        raise NotFound(_("This page is not here."))
    return of, row
