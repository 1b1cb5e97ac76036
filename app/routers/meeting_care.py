"""After and around a meeting: minutes, how many came, holding it together with a body."""

from typing import Annotated

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups.rules import Seat
from app.domain.meetings import after, cohosting, queries, rules, shown
from app.domain.meetings.queries import stands
from app.models.meetings import Meeting, MeetingPlan
from app.routers.group_meetings import UNKEPT, MeetingRef
from app.routers.groups import Counted, Ref
from app.schemas.meetings import Agree, AskCohost, CountAttendance, WriteMinutes
from app.web import pocket
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import RECEIPT_ADDRESS, WORD_ADDRESS, spend
from app.web.sessions import SignedIn, Someone
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
IN_GROUP = "/g/{ref}/m/{meeting_ref}"
POCKET, SHOWN_MINUTES = "cohost", 10
LinkRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.get(f"{IN_GROUP}/minutes", name="meeting_minutes")
def minutes(ref: Ref, meeting_ref: MeetingRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Write the minutes."""
    group, seat, meeting, _plan = queries.cared_for(db, actor, ref, meeting_ref)
    require(rules.may_close(actor, seat, now().date(), meeting.starts_at <= now(), meeting.cancelled_at is not None))
    kept = after.minutes(db, meeting)
    form = filled(words=kept.words if kept else "", row_version=kept.row_version if kept else 0)
    return page("groups/minutes.html", here="groups", group=group, meeting=meeting, form=form)


@router.post(f"{IN_GROUP}/minutes", name="meeting_write", dependencies=[Counted])
def write(
    ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[WriteMinutes], form_of(WriteMinutes)],
) -> Response:  # fmt: skip
    """Save the minutes."""
    group, seat, meeting, plan = queries.cared_for(db, actor, ref, meeting_ref)
    status, kept = _not_written(db, actor, seat, meeting, plan, form)
    if not status:
        return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=_("Saved."))
    return page("groups/minutes.html", here="groups", status=status, group=group, meeting=meeting, form=form, kept=kept)


def _not_written(
    db: Session, actor: Actor, seat: Seat, meeting: Meeting, plan: MeetingPlan, form: Form[WriteMinutes]
) -> tuple[int, str]:  # fmt: skip
    """Save; return the status of a page that shows the form again with what stands there now, 0 when all is well."""
    if form.data is None:
        return 422, ""
    try:
        after.write(db, actor, seat, meeting, plan, form.data)
    except Invalid as problem:
        form.refuse(problem)
        return 422, ""
    except after.MinutesChanged as problem:
        form.refuse(Invalid("", problem.sentence))
        kept = after.minutes(db, meeting)
        form.values["row_version"] = str(kept.row_version if kept else 0)
        return 409, kept.words if kept else ""
    return 0, ""


@router.get(f"{IN_GROUP}/count", name="meeting_count")
def count(ref: Ref, meeting_ref: MeetingRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Enter how many came."""
    group, seat, meeting, _plan = queries.cared_for(db, actor, ref, meeting_ref)
    require(rules.may_close(actor, seat, now().date(), meeting.starts_at <= now(), meeting.cancelled_at is not None))
    return page("groups/count.html", here="groups", group=group, meeting=meeting, form=None, counted=after.counted(db, meeting))


@router.post(f"{IN_GROUP}/count", name="meeting_save_count", dependencies=[Counted])
def save_count(
    ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[CountAttendance], form_of(CountAttendance)],
) -> Response:  # fmt: skip
    """Save how many came."""
    group, seat, meeting, _plan = queries.cared_for(db, actor, ref, meeting_ref)
    try:
        if form.data is not None:
            after.count(db, actor, seat, meeting, form.data)
            return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=_("Saved. Nobody sees these numbers by themselves."))
    except Invalid as problem:
        form.refuse(problem)
    counted = after.counted(db, meeting)
    return page("groups/count.html", here="groups", status=422, group=group, meeting=meeting, form=form, counted=counted)


@router.get(f"{IN_GROUP}/cohost", name="meeting_cohost")
def cohost(request: Request, ref: Ref, meeting_ref: MeetingRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Name a body that holds the meeting too; its link only for the browser that just made it."""
    group, seat, meeting, plan = queries.cared_for(db, actor, ref, meeting_ref)
    require(rules.may_change(actor, seat, now().date(), meeting.ends_at <= now(), meeting.cancelled_at is not None))
    told = pocket.look(request, POCKET) or {}
    mine = (told.get("of"), told.get("to"), told.get("name")) == (str(plan.id), str(actor.me), plan.cohost)
    link = f"{house(request).settings.base_url.rstrip('/')}/agree/{told['link']}" if mine and plan.cohost_hash else ""
    return page("groups/cohost.html", here="groups", group=group, meeting=meeting, plan=plan, form=None, link=link)


@router.post(f"{IN_GROUP}/cohost", name="meeting_ask_cohost", dependencies=[Counted])
def ask_cohost(
    request: Request, ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[AskCohost], form_of(AskCohost)],
) -> Response:  # fmt: skip
    """Name a body and make its link."""
    group, seat, meeting, plan = queries.cared_for(db, actor, ref, meeting_ref)
    try:
        if form.data is not None:
            link = cohosting.ask(db, actor, seat, meeting, plan, form.data.body)
            told = {"link": link, "of": str(plan.id), "to": str(actor.me), "name": plan.cohost}
            return pocket.put(request, page.go("meeting_cohost", ref=ref, meeting_ref=meeting_ref), POCKET, told, SHOWN_MINUTES)
    except Invalid as problem:
        form.refuse(problem)
    return page("groups/cohost.html", here="groups", status=422, group=group, meeting=meeting, plan=plan, form=form, link="")


@router.post(f"{IN_GROUP}/cohost/end", name="meeting_end_cohost", dependencies=[Counted])
def end_cohost(ref: Ref, meeting_ref: MeetingRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Name no body any more."""
    _group, seat, meeting, plan = queries.cared_for(db, actor, ref, meeting_ref)
    cohosting.take_back(db, actor, seat, meeting, plan)
    return page.go("meeting", ref=ref, meeting_ref=meeting_ref, say=_("Done."))


def _looks(request: Request) -> None:
    spend(request, RECEIPT_ADDRESS)


def _limited(request: Request) -> None:
    spend(request, WORD_ADDRESS)


@router.get("/agree", name="agreed")
def agreed(page: Pages, actor: Someone) -> Response:
    """Say thank you."""
    return page("groups/agreed.html")


@router.get("/agree/{ref}", name="agree", dependencies=[Depends(_looks)])
def agree(ref: LinkRef, db: ReadDb, page: Pages, actor: Someone) -> Response:
    """Ask whoever has the link whether their body holds the meeting too; the group is named only if everybody finds it."""
    group, meeting, plan = cohosting.asked(db, actor, ref)
    facts = shown.asked(plan, meeting, group.name if rules.leaves(stands(group, plan)) else "")
    return page("groups/agree.html", headers=UNKEPT, ref=ref, asked=facts, form=None)


@router.post("/agree/{ref}", dependencies=[Depends(_limited)])
def answer(ref: LinkRef, db: Db, page: Pages, actor: Someone, form: Annotated[Form[Agree], form_of(Agree)]) -> Response:
    """Keep the answer; the link opens no more."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    cohosting.answer(db, actor, ref, form.data.do == "yes", now())
    return page.go("agreed")
