"""The desk about mentors: what a panel decided, with reasons; the supervisor and until when; the end."""

from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts import power
from app.domain.accounts.telling import tell
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.mentoring.joining import offering, queries, rules, words
from app.domain.mentoring.rounds import moving
from app.models.accounts import Member, Role
from app.models.mentoring import Mentor, MentorState
from app.schemas.mentoring import CareMentor, ConfirmWord, DecideMentor

PAGE = "/my/mentoring"


def held(db: Session, actor: Actor, ref: str, seen: int | None = None) -> tuple[Mentor, Member]:
    """Return an offer and whose it is, locked; those that the desk has no list of do not exist.

    Raises Conflict where it is not the one that was ``seen`` (None: whatever it is now).
    """
    row = db.exec(select(Mentor).where(Mentor.ref == ref).with_for_update()).first()
    member = db.get(Member, row.member_id) if row is not None else None
    if row is None or member is None or row.state == MentorState.BEGUN or not rules.may_look(actor, member.id, member.status):
        raise NotFound(_("This page is not here."))
    if seen is not None and row.row_version != seen:
        raise Conflict(_("This changed meanwhile. Look at it again."))
    return row, member


def decide(db: Session, actor: Actor, ref: str, wish: DecideMentor) -> None:
    """Write down what the panel decided: yes with a supervisor and until when, or no; either way with reasons for the applicant."""
    row, member = held(db, actor, ref, wish.row_version)
    require(rules.may_decide(row.state))
    if not wish.note:
        raise Invalid("note", _("Write the reasons. The person reads them."))
    words_for = words.counting(db, actor, row.id) if wish.outcome == "accept" else None
    if lacks := rules.panel_holds(wish.panel, both=wish.both, untied=wish.untied, words=words_for):
        raise Invalid(*lacks)
    if wish.outcome == "accept":
        _look_after(db, actor, row, member, wish.supervisor, wish.until, renews=False)
        row.state = MentorState.ACTIVE
        tell(
            db,
            member.id,
            N_("You are a mentor in this network now. Here is what the panel wrote to you."),
            note=wish.note,
            link=PAGE,
        )
    else:
        row.state = MentorState.DECLINED
        tell(
            db, member.id, N_("The panel did not say yes to your offer this time. Here are its reasons."), note=wish.note, link=PAGE
        )
    row.decided_on, row.panel = now().date(), wish.panel
    _keep(db, row)
    audit.record(
        db, actor, "mentor.accepted" if wish.outcome == "accept" else "mentor.declined", "mentor", row.id, panel=wish.panel
    )


def confirm(db: Session, actor: Actor, ref: str, wish: ConfirmWord) -> None:
    """Write down that a word about somebody was made sure of, or that it is not sure after all."""
    row, _member = held(db, actor, ref)
    words.confirm(db, actor, row, wish.word, sure=wish.do == "confirm")
    audit.record(db, actor, "mentor.word_confirmed" if wish.do == "confirm" else "mentor.word_doubted", "mentor", row.id)


def care(db: Session, actor: Actor, ref: str, wish: CareMentor) -> None:
    """Name another supervisor, or until when they are a mentor."""
    row, member = held(db, actor, ref, wish.row_version)
    require(rules.may_care(row.state))
    _look_after(db, actor, row, member, wish.supervisor, wish.until, renews=True)
    _keep(db, row)
    audit.record(db, actor, "mentor.cared", "mentor", row.id)


def end(db: Session, actor: Actor, ref: str, seen: int, reason: str) -> None:
    """End it by a decision: the role ends, nobody new comes; the mentor reads why."""
    row, member = held(db, actor, ref, seen)
    require(rules.may_care(row.state))
    if not reason:
        raise Invalid("reason", _("Write the reasons. The person reads them."))
    moving.mentor_goes(db, row.member_id)
    offering.close(db, row)
    offering.lay_down(db, actor, row)
    tell(db, member.id, N_("A coordinator has ended your time as a mentor. Here is why."), note=reason, link=PAGE)
    audit.record(db, actor, "mentor.ended", "mentor", row.id)


def _look_after(
    db: Session, actor: Actor, row: Mentor, member: Member, supervisor: UUID | None, until: date | None, *, renews: bool
) -> None:  # fmt: skip
    """Name the supervisor and give the role until that day; ``renews``: no panel sat, so one that ended before its day stays so."""
    if supervisor not in dict(queries.supervisors(db, row.member_id)):
        raise Invalid("supervisor", _("Choose who supervises this mentor."))
    verdict = rules.time_fits(until, now().date())
    if until is None or verdict.reason is not None:
        raise Invalid("until", verdict.reason or _("Choose one of these."))
    _tell_supervisors(db, row.supervisor_id, supervisor)
    row.supervisor_id = supervisor
    held = offering.role_of(db, member.id)
    if held is None and renews and offering.ended_early(db, member.id):
        raise Conflict(_("The role of this mentor ended before its day. They can offer again, and a panel decides anew."))
    if held is None:
        power.give_role(db, actor, member, Role.MENTOR, until)
    else:
        held.until_on = until


def _tell_supervisors(db: Session, before: UUID | None, after: UUID | None) -> None:
    """Tell who supervises a mentor from now on, and who does not any more; whom does not stay in anybody's answers."""
    if before == after:
        return
    if before is not None:
        tell(db, before, N_("Somebody else supervises a mentor now whom you supervised. Thank you."))
    if after is not None:
        tell(db, after, N_("You supervise one more mentor now, who reads your name. A coordinator tells you who it is."))


def _keep(db: Session, row: Mentor) -> None:
    row.row_version += 1
    db.add(row)
    db.flush()
