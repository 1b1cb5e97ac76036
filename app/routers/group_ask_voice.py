"""A voice in what a group asks for: adding one, taking it out, and the bytes for whoever reads the application."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.concurrency import run_in_threadpool
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.media.refusal import MediaRefused
from app.domain.media.voice import Voice, make_voice
from app.domain.money.granting import appealing, judging, queries, shown, voicing
from app.models.groups import Group
from app.models.money import FundAsk, FundCall, SeatState
from app.routers.desk_money import Ref as DeskRef
from app.routers.group_asks import HERE, ask_of, kept
from app.routers.group_files import Ending, Made, ready
from app.routers.groups import Counted, Ref
from app.routers.money import CallRef
from app.routers.money_panel import AskRef
from app.schemas.granting import Speak
from app.web import files as sending
from app.web.edge import permissions
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.pages import Page
from app.web.sessions import Coordinator, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()


def _may_speak(request: Request, actor: Actor) -> None:
    """Raise NotFound or Refused for whoever may add no voice there now, before any work on the file."""
    at = request.path_params
    with house(request).database.reading() as db:
        group, seat = kept(db, actor, at["ref"])
        voicing.own(db, actor, group, seat, queries.call(db, at["call_ref"]))


def _make(request: Request, actor: SignedIn, form: Annotated[Form[Speak], form_of(Speak)]) -> Made[Voice]:
    """Re-make the voice before the writing transaction begins: nobody else waits meanwhile."""
    made: Made[Voice] = Made(form)
    if ready(request, actor, made, "voice", _("Record your voice, or choose a recording."), _may_speak):
        try:
            made.file = make_voice(form.files["voice"])
        except MediaRefused as problem:
            form.refuse(Invalid("voice", problem.sentence))
    return made


def _page(db: Session, page: Page, group: Group, call: FundCall, form: Form[Any] | None = None, status: int = 200) -> Response:
    ask = queries.of_group(db, call.id, group.id)
    return page(
        "money/voice.html", here="groups", status=status, headers={"Permissions-Policy": permissions("microphone")}, group=group,
        of=shown.of_group(db, group, call, ask), form=form,
    )  # fmt: skip


@router.get(f"{HERE}/voice", name="group_ask_voice")
def voice(ref: Ref, call_ref: CallRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Record or choose a voice for an application."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    voicing.own(db, actor, group, seat, call)
    return _page(db, page, group, call)


@router.post(f"{HERE}/voice", name="group_ask_voice_keep")
def keep(
    ref: Ref, call_ref: CallRef, made: Annotated[Made[Voice], Depends(_make)], db: Db, page: Pages, actor: SignedIn
) -> Response:  # fmt: skip
    """Keep a voice in an application."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    if made.file is not None and made.form.data is not None:
        try:
            voicing.keep(db, actor, group, seat, call, made.file, made.form.data.row_version)
        except Invalid as problem:
            return _page(db, page, group, call, made.form.refuse(problem), 409)
        return page.go("group_ask", ref=ref, call_ref=call_ref, say=_("Kept. Whoever reads the application hears it."))
    return _page(db, page, group, call, made.form, made.status)


@router.post(f"{HERE}/silent", name="group_ask_silent", dependencies=[Counted])
def silent(
    ref: Ref, call_ref: CallRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[Speak], form_of(Speak)]
) -> Response:  # fmt: skip
    """Take the voice out of an application."""
    group, seat = kept(db, actor, ref)
    call = queries.call(db, call_ref)
    try:
        voicing.take_out(db, actor, group, seat, call, form.data.row_version if form.data else -1)
    except Invalid as problem:
        return _page(db, page, group, call, form.refuse(problem), 409)
    return page.go("group_ask", ref=ref, call_ref=call_ref, say=_("Taken out. The recording is gone."))


async def _sent(request: Request, ask: FundAsk | None, ending: str) -> Response:
    """Send a part of a voice; nobody may keep a copy."""
    name = ((ask.voice if ask else None) or {}).get(ending, {}).get("name")
    answer = await sending.send(request, name, "voice", "private, no-store") if name else None
    if answer is None:
        raise queries.not_here()
    return answer


def _of_group(db: Session, actor: Actor, ref: str, call_ref: str) -> FundAsk | None:
    group, _seat = kept(db, actor, ref)
    return ask_of(db, group, queries.call(db, call_ref))


@router.get(f"{HERE}/voice.{{ending}}", name="group_ask_sound")
async def of_group(request: Request, ref: Ref, call_ref: CallRef, ending: Ending, db: ReadDb, actor: SignedIn) -> Response:
    """Send the voice to the groups that ask."""
    return await _sent(request, await run_in_threadpool(_of_group, db, actor, ref, call_ref), ending)


def _of_panel(db: Session, actor: Actor, ref: str, ask_ref: str) -> FundAsk:
    call = queries.call(db, ref)
    seat = queries.seat(db, call.id, actor.me)
    if seat is None or seat.state != SeatState.SITS:
        raise queries.not_here()
    return judging.readable(db, actor, judging.sat_down(db, actor, call), ask_ref)


@router.get("/panel/{ref}/{ask_ref}/voice.{ending}", name="panel_sound")
async def of_panel(request: Request, ref: CallRef, ask_ref: AskRef, ending: Ending, db: ReadDb, actor: SignedIn) -> Response:
    """Send the voice to somebody of the panel who has no tie to the application."""
    return await _sent(request, await run_in_threadpool(_of_panel, db, actor, ref, ask_ref), ending)


def _of_appeal(db: Session, actor: Actor, ref: str, ask_ref: str) -> FundAsk:
    call = queries.call(db, ref)
    ask = appealing.of(db, call, ask_ref)
    require(appealing.may_answer(db, actor, call, ask))
    return ask


@router.get("/desk/money/{ref}/appeals/{ask_ref}/voice.{ending}", name="desk_fund_sound")
async def of_appeal(request: Request, ref: DeskRef, ask_ref: AskRef, ending: Ending, db: ReadDb, actor: Coordinator) -> Response:
    """Send the voice to a coordinator who may decide an appeal."""
    return await _sent(request, await run_in_threadpool(_of_appeal, db, actor, ref, ask_ref), ending)
