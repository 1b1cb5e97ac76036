"""Planning meetings: one or a series, changing and cancelling one or all that follow; those who come are told."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_id, new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import hooks as checks
from app.domain.groups import rules as groups
from app.domain.groups import talking
from app.domain.groups.rules import Seat
from app.domain.meetings import clocks, cohosting, coming, hooks, queries, rules
from app.domain.meetings.wording import ACCESS, CANCELLED, CHANGED
from app.models.groups import Group, Visibility
from app.models.meetings import Cohosting, Meeting, MeetingComing, MeetingPlan, PlanState
from app.schemas.meetings import ChangeMeeting, PlanMeeting, StartMeetings

_M: sa.Table = Meeting.__table__  # type: ignore[attr-defined]
_AGREED = ("minutes", "childcare", "women_only", "open")
_WORDS = ("title", "about", "place", "link", "cohost")  # what the checks read


class ChangedMeanwhile(Conflict):
    """Another organiser saved this meeting after the page at hand was opened."""


def start(db: Session, actor: Actor, group: Group, seat: Seat, wish: StartMeetings) -> Meeting:
    """Plan a meeting or a series of them; return the first one. Invalid says what cannot be."""
    require(rules.may_start(actor, seat, now().date()))
    _check(wish)
    days = [wish.day]
    if wish.rhythm != "once":
        days = list(clocks.days_of(wish.day, wish.rhythm, rules.check_until(wish.day, wish.until)))
    moments = [clocks.moment_of(day, wish.hour, wish.zone, wish.fold) for day in days]
    rules.check_moment(now(), moments[0])
    rules.check_moment(now(), moments[-1])
    rules.check_many(queries.ahead(db, group.id), len(moments))
    plan = MeetingPlan(group_id=group.id, by_id=actor.me, **_said(group, wish))
    db.add(plan)
    db.flush()
    _look(db, actor, group, plan)
    series, length = new_id() if len(moments) > 1 else None, timedelta(minutes=wish.minutes)
    meetings = [
        Meeting(ref=new_ref(), group_id=group.id, plan_id=plan.id, series_id=series, starts_at=at, ends_at=at + length)
        for at in moments
    ]
    db.add_all(meetings)
    db.flush()
    audit.record(db, actor, "meeting.plan", "group", group.id)
    return meetings[0]


def change(db: Session, actor: Actor, group: Group, seat: Seat, meeting: Meeting, wish: ChangeMeeting) -> None:
    """Save a meeting, or it and those that follow; ChangedMeanwhile when another organiser was faster."""
    require(rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), meeting.cancelled_at is not None))
    _check(wish)
    targets = _taken(db, meeting, wish.row_version, wish.scope, same_words=True)
    plan = db.get_one(MeetingPlan, meeting.plan_id, with_for_update=True)
    shift = wish.day - clocks.said(meeting.starts_at, plan.zone).date()
    days = [clocks.said(one.starts_at, plan.zone).date() + shift for one in targets]
    moments = [clocks.moment_of(day, wish.hour, wish.zone, wish.fold) for day in days]
    if moments[0] != meeting.starts_at:  # one that has begun can be put right, and is not moved into the past
        rules.check_moment(now(), moments[0])
    rules.check_moment(now(), max(moments[-1], now() + timedelta(seconds=1)))
    narrowed = wish.women_only and not plan.women_only
    moved_any = any(one.starts_at != at for one, at in zip(targets, moments, strict=True))
    _save_words(db, actor, group, plan, targets, wish, moved_any)
    length = timedelta(minutes=wish.minutes)
    for one, at in zip(targets, moments, strict=True):
        moved, one.starts_at, one.ends_at = one.starts_at != at, at, at + length
        if moved:
            db.execute(sa.update(MeetingComing).where(col(MeetingComing.meeting_id) == one.id).values(reminded=False))
    db.flush()
    coming.tell(db, [one.id for one in targets], CHANGED, but=actor.me)
    if narrowed:  # nobody ticked that they are a woman: each says anew that they come
        coming.take_back(db, [one.id for one in targets])
    audit.record(db, actor, "meeting.change", "group", group.id)


def cancel(db: Session, actor: Actor, group: Group, seat: Seat, meeting: Meeting, scope: str) -> None:
    """Cancel a meeting, or it and those that follow: they stay on the page, as cancelled. Once cancelled, nothing more happens."""
    if meeting.cancelled_at is not None:
        return
    require(rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), False))
    targets = _taken(db, meeting, meeting.row_version, scope, same_words=False)
    for one in targets:
        one.cancelled_at = now()
    db.flush()
    coming.tell(db, [one.id for one in targets], CANCELLED, but=actor.me)
    audit.record(db, actor, "meeting.cancel", "group", group.id)


def _check(wish: PlanMeeting) -> None:
    rules.check_day(now().date(), wish.day)
    if not clocks.known(wish.zone):
        raise Invalid("zone", _("Choose one of these."))
    rules.check_where(wish.place, wish.link)
    rules.check_link(wish.link)


def _said(group: Group, wish: PlanMeeting) -> dict[str, Any]:
    return {
        "title": wish.title, "about": wish.about, "language": wish.language, "zone": wish.zone, "minutes": wish.minutes,
        "place": wish.place or None, "place_for": wish.place_for, "link": wish.link or None, "childcare": wish.childcare,
        "women_only": wish.women_only, "bus_money": wish.bus_money, "languages": list(dict.fromkeys(wish.languages)),
        "access": rules.check_keys(wish.access, ACCESS), "open": wish.open and group.visibility == Visibility.LISTED,
    }  # fmt: skip


def _taken(db: Session, meeting: Meeting, seen: int, scope: str, same_words: bool) -> list[Meeting]:
    """Take a meeting, and with ``following`` those after it in its series, for this transaction; all get a new version.

    ``same_words``: only those of which the same is said.
    """
    same = sa.and_(_M.c.id == meeting.id, _M.c.row_version == seen, _M.c.cancelled_at.is_(None))
    if not db.execute(sa.update(_M).where(same).values(row_version=seen + 1)).rowcount:  # type: ignore[attr-defined]
        raise ChangedMeanwhile(_("Somebody else changed this meeting meanwhile. Nothing was overwritten."))
    db.refresh(meeting)
    if scope != "following" or meeting.series_id is None:
        return [meeting]
    later = select(Meeting).where(
        Meeting.series_id == meeting.series_id, Meeting.starts_at > meeting.starts_at, col(Meeting.cancelled_at).is_(None),
    )  # fmt: skip
    if same_words:
        later = later.where(Meeting.plan_id == meeting.plan_id)
    following = list(db.exec(later.order_by(col(Meeting.starts_at)).limit(rules.MOST_AHEAD).with_for_update()))
    for one in following:
        one.row_version += 1
    return [meeting, *following]


def _save_words(
    db: Session, actor: Actor, group: Group, plan: MeetingPlan, targets: Sequence[Meeting], wish: ChangeMeeting, moved: bool
) -> None:
    """Put the words into the plan where nothing else hangs on it, else into one of their own; both are looked at alike."""
    said, mine = _said(group, wish), [one.id for one in targets]
    others = select(Meeting.id).where(Meeting.plan_id == plan.id, col(Meeting.id).not_in(mine)).limit(1)
    changed = any((getattr(plan, name) or "") != (said[name] or "") for name in _WORDS if name in said)
    other = changed or moved or any(getattr(plan, name) != said[name] for name in _AGREED)  # than what a body said yes to
    new_words = changed or (said["open"] and not plan.open)
    if db.exec(others).first() is None:
        for name, value in said.items():
            setattr(plan, name, value)
        if other:
            cohosting.forget(plan)
    else:
        state = plan.state if plan.state == PlanState.SHOWN else PlanState.WAITS
        plan = MeetingPlan(group_id=group.id, by_id=plan.by_id, state=state, **said, **({} if other else _agreed(plan)))
        db.add(plan)
        db.flush()
        new_words = new_words or state != PlanState.SHOWN
        for one in targets:
            one.plan_id = plan.id
    if new_words:
        plan.by_id = actor.me
        _look(db, actor, group, plan)
    db.flush()


def _agreed(plan: MeetingPlan) -> dict[str, Any]:
    """Return that a body holds it too, for a plan with the same words; an open link stays with the first."""
    return {"cohost": plan.cohost, "cohosting": plan.cohosting} if plan.cohosting == Cohosting.CONFIRMED else {}


def words_of(plan: MeetingPlan) -> str:
    """Return everything that is said of a meeting in words of its own."""
    return "\n\n".join(str(getattr(plan, name)) for name in _WORDS if getattr(plan, name))


def _look(db: Session, actor: Actor, group: Group, plan: MeetingPlan) -> None:
    """Let new words wait at the desk: for what the checks find, of somebody new where everybody may read, and where they waited."""
    newcomer = talking.is_newcomer(db, actor.me)
    found = checks.look(checks.Written(words_of(plan), plan.language, newcomer), groups.read_first(actor))
    hooks.tell_words_written(db, plan)
    always = newcomer and plan.open and group.visibility == Visibility.LISTED
    if not found and not always and plan.state == PlanState.SHOWN:
        return
    plan.state = PlanState.WAITS
    db.flush()
    hooks.tell_words_held(db, plan, found)
