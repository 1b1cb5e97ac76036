"""Meetings of a group: what is to come, saying that one comes, planning, changing, cancelling, a file for calendars."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.core.settings import current as settings
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import queries as groups
from app.domain.groups import reading as group_reading
from app.domain.groups import rules as group_rules
from app.domain.groups import shown as group_shown
from app.domain.meetings import clocks, coming, files, planning, queries, reading, rules, shown
from app.domain.meetings.wording import ACCESS, CANCELS, FOLDS, PLACES_FOR, RHYTHMS, SCOPES
from app.models.groups import Group, GroupState, Visibility
from app.models.meetings import Meeting, MeetingPlan, PlanState
from app.routers.groups import Counted, Ref
from app.schemas.meetings import CancelMeeting, ChangeMeeting, Come, PlanMeeting, StartMeetings
from app.web.forms import Form, filled, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn, Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}")
MeetingRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
UNKEPT = {"Cache-Control": "no-store"}  # what is to come moves with the clock, and what is hidden must be gone at once


@router.get("/meetings", name="meetings")
async def list_meetings(
    request: Request, ref: Ref, actor: Someone, page: Pages, over: bool = False,
    after: Annotated[str, Query(pattern=f"^$|^{REF.pattern}$")] = "",
) -> Response:  # fmt: skip
    """Show what is to come, or what is over, 20 a page; outside the group only what guests may read."""
    row = await read(request, group_reading.group, ref, actor.member_id)
    seat = group_reading.seat_of(row) if row else group_rules.Seat()
    inside = group_rules.reads(actor, seat)
    if row is None or not (inside or (row.visibility == Visibility.LISTED and row.state == GroupState.SHOWN)):
        raise groups.not_here()
    organises = inside and seat.organises(now().date())
    found = await read(request, reading.listing, row.id, actor.member_id, now(), over, after, inside, organises)
    cards = [shown.card(one, now(), organises or one.state == PlanState.SHOWN) for one in found[: reading.PER_PAGE]]
    return page(
        "groups/meetings.html", headers=UNKEPT, here="groups", group=group_shown.facts(row), cards=cards, over=over, after=after,
        more=len(found) > reading.PER_PAGE, inside=inside, organises=organises,
    )  # fmt: skip


def _seen(actor: Actor, row: Any) -> Any:
    if row is None or not rules.sees(actor, reading.seat_of(row), reading.stands_of(row)):
        raise groups.not_here()
    return row


@router.get("/m/{meeting_ref}", name="meeting")
async def show_meeting(request: Request, ref: Ref, meeting_ref: MeetingRef, actor: Someone, page: Pages) -> Response:
    """Show a meeting; the place and the link to those who may learn them; to who comes, while its words wait, when it is."""
    row = await read(request, reading.meeting, ref, meeting_ref, actor.member_id)
    if row and _only_moment(actor, row):
        return page("groups/meeting_waits.html", headers=UNKEPT, here="groups", meeting=shown.card(row, now(), False), ref=ref)
    row = _seen(actor, row)
    return page("groups/meeting.html", headers=UNKEPT, here="groups", form=None, **_facts(actor, row))


def _only_moment(actor: Actor, row: Any) -> bool:
    seat = reading.seat_of(row)
    return not rules.sees(actor, seat, reading.stands_of(row)) and rules.sees_moment(actor, seat, row.comes)


def _facts(actor: Actor, row: Any) -> dict[str, Any]:
    seat, today = reading.seat_of(row), now().date()
    over, inside = row.ends_at <= now(), group_rules.reads(actor, seat)
    place = rules.learns_place(actor, seat, row.place_for, row.comes, today)
    return {
        "meeting": shown.whole(row, now(), place, rules.learns_link(actor, seat, row.comes, today)), "ref": row.group_ref,
        "group_name": row.group_name, "group_language": row.group_language, "inside": inside,
        "come_text": shown.come_text(row, settings().disclosure_threshold, over) if inside else "",
        "may_come": rules.may_come(actor, seat, row.state, over, row.cancelled_at is not None),
        "may_change": rules.may_change(actor, seat, today, over, row.cancelled_at is not None),
        "scopes": _choices(CANCELS),
        "may_flag": row.state == PlanState.SHOWN and not seat.organises(today), "row_version": row.row_version,
        "minutes": row.minutes_words if inside else "",
        "may_close": rules.may_close(actor, seat, today, row.starts_at <= now(), row.cancelled_at is not None),
        "leaves": rules.leaves(reading.stands_of(row)),
    }  # fmt: skip


@router.get("/m/{meeting_ref}/calendar", name="meeting_file")
async def calendar_file(request: Request, ref: Ref, meeting_ref: MeetingRef, actor: Someone) -> Response:
    """Give a meeting as a file for calendars; of a group that not everybody finds only the time leaves the program."""
    row = _seen(actor, await read(request, reading.meeting, ref, meeting_ref, actor.member_id))
    tells = rules.leaves(reading.stands_of(row))
    place = tells and rules.learns_place(actor, reading.seat_of(row), row.place_for, row.comes, now().date())
    entry = files.Entry(
        row.id, row.starts_at, row.ends_at, row.row_version, row.cancelled_at is not None, row.title if tells else "",
        (row.place or "") if place else "",
    )  # fmt: skip
    headers = {**UNKEPT, "Content-Disposition": f'attachment; filename="{files.NAME}"'}
    return Response(files.write([entry], now()), media_type="text/calendar; charset=utf-8", headers=headers)


@router.post("/m/{meeting_ref}/coming", name="meeting_come", dependencies=[Counted])
def come(
    request: Request, ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[Come], form_of(Come)],
) -> Response:  # fmt: skip
    """Say that one comes, or does not."""
    _group, seat, meeting, plan = queries.find(db, actor, ref, meeting_ref)
    try:
        if form.data is not None:
            said = _say(db, actor, seat, meeting, plan, form.data)
            if plan.state != PlanState.SHOWN:  # the page was there because they came
                return page.go("meetings", ref=ref, say=said)
            return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=said)
    except Invalid as problem:
        form.refuse(problem)
    row = _seen(actor, reading.meeting(db.connection(), ref, meeting_ref, actor.me))
    return page("groups/meeting.html", status=422, here="groups", form=form, **_facts(actor, row))


def _say(db: Session, actor: Actor, seat: group_rules.Seat, meeting: Meeting, plan: MeetingPlan, wish: Come) -> str:
    if wish.do == "no":
        coming.stay_away(db, actor, meeting)
        return _("You do not come. Nothing is kept.")
    coming.come(db, actor, seat, meeting, plan, wish.woman)
    return _("You come. Only a rough number is shown to others.")


@router.get("/meetings/new", name="meeting_new")
def new(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Plan a meeting."""
    group, seat = groups.cared_for(db, actor, ref)
    require(rules.may_start(actor, seat, now().date()))
    zone = queries.last_zone(db, group.id) or clocks.zones_of(settings().country_list)[0]
    form = filled(
        language=group.language, zone=zone, minutes="90", place_for="coming", women_only="1" if group.women_only else "",
        languages=[group.language], access=[], rhythm="once", day=(now() + timedelta(days=7)).date().isoformat(), hour="17:00",
    )  # fmt: skip
    return _form_page(page, group, form)


def _form_page(
    page: Page, group: Group, form: Form[Any], status: int = 200, meeting: Meeting | None = None, follows: bool = False,
    kept: dict[str, str] | None = None,
) -> Response:  # fmt: skip
    known = [(code, i18n.language_name(code)) for code in dict.fromkeys((group.language, i18n.current(), *languages.OFFERED))]
    return page(
        "groups/meeting_form.html", here="groups", status=status, group=group, form=form, meeting=meeting, languages_known=known,
        zones=shown.zones(settings().country_list, str(form.values.get("zone", ""))), access=[(k, _(v)) for k, v in ACCESS.items()],
        listed=group.visibility == Visibility.LISTED, ask_fold="fold" in form.errors or form.values.get("fold"),
        places_for=_choices(PLACES_FOR), rhythms=_choices(RHYTHMS), scopes=_choices(SCOPES), folds=_choices(FOLDS),
        follows=follows, kept=kept,
    )  # fmt: skip


def _choices(of: Mapping[Any, tuple[str, str]]) -> list[tuple[str, str, str]]:
    return [(str(key), _(label), _(about) if about else "") for key, (label, about) in of.items()]


@router.post("/meetings", name="meeting_plan", dependencies=[Counted])
def plan(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[StartMeetings], form_of(StartMeetings)]) -> Response:
    """Plan a meeting, or a series."""
    group, seat = groups.cared_for(db, actor, ref)
    require(rules.may_start(actor, seat, now().date()))
    if form.data is None:
        return _form_page(page, group, form, 422)
    try:
        meeting = planning.start(db, actor, group, seat, form.data)
    except Invalid as problem:
        return _form_page(page, group, form.refuse(problem), 422)
    return page.go("meeting", ref=ref, meeting_ref=meeting.ref, say=_("Planned."))


@router.get("/m/{meeting_ref}/change", name="meeting_edit")
def edit(ref: Ref, meeting_ref: MeetingRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what is said of a meeting, to change it."""
    group, seat, meeting, said = queries.cared_for(db, actor, ref, meeting_ref)
    require(rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), meeting.cancelled_at is not None))
    return _form_page(page, group, _filled(meeting, said), meeting=meeting, follows=queries.follows(db, meeting))


def _filled(meeting: Meeting, said: MeetingPlan) -> Form[Any]:
    at = clocks.said(meeting.starts_at, said.zone)
    twice = clocks.twice(at.date(), at.time().replace(fold=0), said.zone)
    words = {name: getattr(said, name) for name in PlanMeeting.model_fields if hasattr(said, name)}
    ticked = {name: "1" if value else "" for name, value in words.items() if isinstance(value, bool)}
    return filled(
        **words | ticked | {"place_for": said.place_for.value}, day=at.date().isoformat(), hour=f"{at:%H:%M}",
        fold=str(at.fold) if twice else "", row_version=meeting.row_version, scope="one",
    )  # fmt: skip


@router.post("/m/{meeting_ref}/change", name="meeting_change", dependencies=[Counted])
def change(
    ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[ChangeMeeting], form_of(ChangeMeeting)],
) -> Response:  # fmt: skip
    """Change a meeting, or it and those that follow."""
    group, seat, meeting, _said = queries.cared_for(db, actor, ref, meeting_ref)
    require(rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), meeting.cancelled_at is not None))
    if status := _not_saved(db, actor, group, seat, meeting, form):
        said = db.get_one(MeetingPlan, meeting.plan_id, populate_existing=True)
        kept = shown.now_said(said, meeting) if status == 409 else None
        return _form_page(page, group, form, status, meeting, queries.follows(db, meeting), kept)
    return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=_("Saved. Those who come were told."))


def _not_saved(
    db: Session, actor: Actor, group: Group, seat: group_rules.Seat, meeting: Meeting, form: Form[ChangeMeeting]
) -> int:  # fmt: skip
    """Save; return the status of a page that shows the form again, 0 when all is well."""
    if form.data is None:
        return 422
    try:
        with db.begin_nested():  # what was taken for the change is given back where it cannot be
            planning.change(db, actor, group, seat, meeting, form.data)
    except Invalid as problem:
        db.refresh(meeting)
        form.refuse(problem)
        return 422
    except planning.ChangedMeanwhile as problem:
        db.refresh(meeting)
        form.refuse(Invalid("", problem.sentence)).values["row_version"] = str(meeting.row_version)
        return 409
    return 0


@router.post("/m/{meeting_ref}/cancel", name="meeting_cancel", dependencies=[Counted])
def cancel(
    ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[CancelMeeting], form_of(CancelMeeting)],
) -> Response:  # fmt: skip
    """Cancel a meeting, or it and those that follow."""
    group, seat, meeting, _plan = queries.cared_for(db, actor, ref, meeting_ref)
    planning.cancel(db, actor, group, seat, meeting, form.data.scope if form.data else "one")
    return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=_("Cancelled. Those who would have come were told."))
