"""My messages: talks with one person of a group, whom one asked and who asked; people whom one blocked."""

from functools import partial
from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.between import asking, blocking, reading, rules, talking
from app.domain.two.wording import STATES
from app.models.mentorships import MessageState
from app.routers.my_mentoring import Counted
from app.schemas.between import AnswerAsk, BlockMember
from app.schemas.mentorships import MOST_LETTERS, WriteMessage
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.noting import noting
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
MessageRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Before = Annotated[int, Query(ge=1, le=reading.LAST)]
WriteForm = Annotated[Form[WriteMessage], form_of(WriteMessage)]
WORDS = {state.value: text for state, text in STATES.items()}


@router.get("/my/between", name="my_between")
def talks(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """List who would like to write, the talks with what is new in them, and whom one asked."""
    return _list(db, page, actor)


def _list(db: Session, page: Page, actor: Actor, form: Form[AnswerAsk] | None = None) -> Response:
    connection = db.connection()
    return page(
        "between/list.html", status=422 if form else 200, here="me", form=form, day=day, asks=reading.asks(connection, actor),
        talks=reading.talks(connection, actor), asked=reading.asked(connection, actor), may_write=bool(rules.may_write(actor)),
    )  # fmt: skip


@router.post("/my/between/{ref}/answer", name="between_answer", dependencies=[Counted])
def answer(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[AnswerAsk], form_of(AnswerAsk)]) -> Response:
    """Say yes, not now, no, or no and block; only a yes is told."""
    if form.data is None:
        return _list(db, page, actor, form)
    try:
        begun = asking.answer(db, actor, ref, form.data.answer)
    except Invalid as problem:
        return _list(db, page, actor, form.refuse(problem))
    if begun:
        return page.go("between", ref=begun, say=_("You can write to each other now."))
    later = form.data.answer == "later"
    return page.go("my_between", say=_("Kept for later. Nobody is told.") if later else _("Done. Nobody is told."))


@router.post("/my/between/{ref}/back", name="between_back", dependencies=[Counted])
def back(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take back what one asked."""
    gone = asking.take_back(db, actor, ref)
    return page.go("my_between", say=_("Taken back. The words are gone.") if gone else _("There is nothing to take back any more."))


@router.get("/my/between/{ref}", name="between")
async def talk(request: Request, ref: Ref, actor: SignedIn, page: Pages, before: Before = reading.LAST) -> Response:
    """Show 20 messages in the order of a chat: the last ones, or those before a number."""
    of = await read(request, reading.talk, actor, ref)
    response = _shown(page, actor, of, await read(request, reading.page, of, actor.me, before), None)
    if of.last_number > of.seen and before == reading.LAST:
        response.background = noting(request, partial(talking.note_read, of=of))
    return response


def _shown(
    page: Page, actor: Actor, of: reading.Talk, shown: reading.Page, form: Form[WriteMessage] | None,
    block: Form[BlockMember] | None = None,
) -> Response:  # fmt: skip
    allowed = rules.may_write(actor) and rules.reaches(of.shut) and rules.goes_on(of.state, of.group)
    return page(
        "between/talk.html", status=422 if form or block else 200, here="me", of=of, shown=shown, form=form, block=block,
        states=WORDS, closed=allowed.reason, longest=MOST_LETTERS,
    )  # fmt: skip


@router.post("/my/between/{ref}/words", name="between_write", dependencies=[Counted])
def write(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: WriteForm) -> Response:
    """Write to the other one; what could not be taken is shown again with every word."""
    if form.data is None:
        return _again(db, page, actor, ref, form)
    try:
        sent = talking.write(db, actor, ref, form.data)
    except Invalid as problem:
        return _again(db, page, actor, ref, form.refuse(problem))
    said = _("It waits: somebody reads it first. Why stands below it.") if sent.held else _("Sent.")
    return page.go("between", ref=ref, say=said, anchor=f"m-{sent.ref}")


def _again(db: Session, page: Page, actor: Actor, ref: str, form: Form[WriteMessage]) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    return _shown(page, actor, of, reading.page(db.connection(), of, actor.me), form)


@router.get("/my/between/{ref}/words/{message_ref}", name="between_message")
def message(ref: Ref, message_ref: MessageRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one message with what can be done with it."""
    of = reading.talk(db.connection(), actor, ref)
    one = reading.one(db.connection(), of, actor.me, message_ref)
    may_flag = not one.own and one.state == MessageState.SHOWN
    return page("between/message.html", here="me", of=of, one=one, state=_(WORDS[one.state]), may_flag=may_flag)


@router.post("/my/between/{ref}/words/{message_ref}", name="between_delete", dependencies=[Counted])
def delete(ref: Ref, message_ref: MessageRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take a message of one's own back."""
    talking.delete(db, actor, ref, message_ref)
    return page.go("between", ref=ref, say=_("Taken back. The words are gone."))


@router.post("/my/between/{ref}/forget", name="between_forget", dependencies=[Counted])
def forget(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take back everything that one wrote here."""
    of = talking.delete_mine(db, actor, ref)
    said = _("Taken back. The words are gone.")
    return page.go("between", ref=ref, say=said) if of.reads else page.go("my_between", say=said)


@router.post("/my/between/{ref}/end", name="between_end", dependencies=[Counted])
def end(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """End a talk."""
    talking.end(db, actor, ref)
    return page.go("my_between", say=_("It has ended. Its words are erased in seven days; until then you can tell us about them."))


@router.post("/my/between/{ref}/block", name="between_block", dependencies=[Counted])
def block(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[BlockMember], form_of(BlockMember)]) -> Response:
    """Block the other one: for them nothing changes."""
    try:
        talking.block(db, actor, ref, forget=form.data is not None and form.data.forget)
    except Invalid as problem:
        of = reading.talk(db.connection(), actor, ref)
        return _shown(page, actor, of, reading.page(db.connection(), of, actor.me), None, form.refuse(problem))
    return page.go("my_blocks", say=_("Blocked. They are not told, and notice nothing."))


@router.get("/me/blocks", name="my_blocks")
def blocks(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show whom one blocked."""
    return page(
        "between/blocks.html", here="me", blocks=blocking.blocks(db, actor), behind=reading.behind(db.connection(), actor), day=day,
        form=None,
    )  # fmt: skip


@router.post("/me/blocks/{ref}", name="my_block_lift", dependencies=[Counted])
def lift(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Lift a block."""
    if not blocking.lift(db, actor, ref):
        raise NotFound(_("This page is not here."))
    return page.go("my_blocks", say=_("Lifted. They are not told."))
