"""After a meeting: its minutes, which members read, and how many came as totals, which nobody reads but the protected numbers."""

from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks as checks
from app.domain.groups import talking
from app.domain.groups.rules import Seat
from app.domain.meetings import rules
from app.models.meetings import Meeting, MeetingAttendance, MeetingMinutes, MeetingPlan
from app.schemas.meetings import CountAttendance, WriteMinutes


class MinutesChanged(Conflict):
    """Another organiser saved the minutes after the page at hand was opened."""


def minutes(db: Session, meeting: Meeting) -> MeetingMinutes | None:
    """Return the minutes of a meeting."""
    return db.exec(select(MeetingMinutes).where(MeetingMinutes.meeting_id == meeting.id)).first()


def write(db: Session, actor: Actor, seat: Seat, meeting: Meeting, plan: MeetingPlan, wish: WriteMinutes) -> None:
    """Save the minutes, empty ones take them away; what the checks would hold is not taken. MinutesChanged: read them first."""
    require(rules.may_close(actor, seat, now().date(), meeting.starts_at <= now(), meeting.cancelled_at is not None))
    db.refresh(meeting, with_for_update=True)
    kept = minutes(db, meeting)
    if (kept.row_version if kept else 0) != wish.row_version:
        raise MinutesChanged(_("Somebody else wrote the minutes meanwhile. Nothing was overwritten."))
    rules.check_unread(actor, "words")
    if checks.look(checks.Written(wish.words, plan.language, talking.is_newcomer(db, actor.me))):
        sentence = _("These words cannot stand here: somebody would have to read them first. Leave out links, numbers and offers.")
        raise Invalid("words", sentence)
    if kept is None:
        kept = MeetingMinutes(meeting_id=meeting.id, row_version=0)
    kept.words, kept.by_id, kept.row_version = wish.words, actor.me, kept.row_version + 1
    db.add(kept)
    db.flush()
    audit.record(db, actor, "meeting.minutes", "group", meeting.group_id)


def count(db: Session, actor: Actor, seat: Seat, meeting: Meeting, wish: CountAttendance) -> None:
    """Save how many came, over what was entered before; the trail says that it was done, not what was entered."""
    require(rules.may_close(actor, seat, now().date(), meeting.starts_at <= now(), meeting.cancelled_at is not None))
    if wish.women + wish.men + wish.others == 0:
        raise Invalid("women", _("Write how many came."))
    db.refresh(meeting, with_for_update=True)
    kept = db.exec(select(MeetingAttendance).where(MeetingAttendance.meeting_id == meeting.id)).first()
    kept = kept or MeetingAttendance(meeting_id=meeting.id, counts={}, entered_on=now().date())
    kept.counts = {"women": wish.women, "men": wish.men, "others": wish.others}
    kept.entered_on = now().date()
    db.add(kept)
    db.flush()
    audit.record(db, actor, "meeting.count", "group", meeting.group_id)


def counted(db: Session, meeting: Meeting) -> bool:
    """Say whether somebody entered how many came; the numbers themselves are shown to nobody."""
    return db.exec(select(MeetingAttendance.id).where(MeetingAttendance.meeting_id == meeting.id)).first() is not None
