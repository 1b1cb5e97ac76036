"""My mentoring, continued: what mentor and mentee write to each other."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.together import forgetting, reading, rules, sharing, talking
from app.domain.mentoring.together.wording import STATES
from app.models.mentorships import MessageState
from app.routers.my_mentoring import Counted
from app.schemas.mentorships import MOST_LETTERS, ShareNumbers, WriteMessage
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/with")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
MessageRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Before = Annotated[int, Query(ge=1, le=reading.LAST)]
WriteForm = Annotated[Form[WriteMessage], form_of(WriteMessage)]
WORDS = {state.value: text for state, text in STATES.items()}


@router.get("", name="my_talks")
def talks(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """List the talks of mentorships that have ended."""
    return page("mentoring/talks.html", here="me", talks=reading.ended(db.connection(), actor), day=day, kept=rules.KEPT_DAYS)


@router.get("/{ref}", name="my_talk")
async def talk(request: Request, ref: Ref, actor: SignedIn, page: Pages, before: Before = reading.LAST) -> Response:
    """Show 20 messages in the order of a chat: the last ones, or those before a number."""
    of = await read(request, reading.talk, actor, ref)
    return _shown(page, actor, of, await read(request, reading.page, of, actor.me, before), None)


def _shown(page: Page, actor: Actor, of: reading.Talk, shown: reading.Page, form: Form[Any] | None) -> Response:
    allowed = rules.may_talk(actor) and rules.goes_on(actor, of.state, is_mentee=of.is_mentee)
    return page(
        "mentoring/talk.html", status=422 if form else 200, here="me", of=of, shown=shown, form=form, states=WORDS,
        closed=allowed.reason, day=day, longest=MOST_LETTERS,
    )  # fmt: skip


@router.post("/{ref}/words", name="my_talk_write", dependencies=[Counted])
def write(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: WriteForm) -> Response:
    """Write to the other one; what could not be taken is shown again with every word."""
    if form.data is None:
        return _again(db, page, actor, ref, form)
    try:
        sent = talking.write(db, actor, ref, form.data)
    except Invalid as problem:
        return _again(db, page, actor, ref, form.refuse(problem))
    return to_sent(page, ref, sent)


def to_sent(page: Page, ref: str, sent: talking.Sent) -> Response:
    """Lead to what was just sent, or waits."""
    said = _("It waits: somebody reads it first. Why stands below it.") if sent.held else _("Sent.")
    return page.go("my_talk", ref=ref, say=said, anchor=f"m-{sent.ref}")


def _again(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any]) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    return _shown(page, actor, of, reading.page(db.connection(), of, actor.me), form)


@router.get("/{ref}/words/{message_ref}", name="my_message")
def message(ref: Ref, message_ref: MessageRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one message with what can be done with it."""
    of = reading.talk(db.connection(), actor, ref)
    one = reading.one(db.connection(), of, actor.me, message_ref)
    may_flag = not one.own and one.state == MessageState.SHOWN
    return page("mentoring/message.html", here="me", of=of, one=one, state=_(WORDS[one.state]), may_flag=may_flag)


@router.post("/{ref}/words/{message_ref}", name="my_message_delete", dependencies=[Counted])
def delete(ref: Ref, message_ref: MessageRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take a message of one's own back."""
    talking.delete(db, actor, ref, message_ref)
    return page.go("my_talk", ref=ref, say=_("Taken back. The words are gone."))


@router.post("/{ref}/forget", name="my_talk_forget", dependencies=[Counted])
def forget(ref: Ref, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Take back everything that one wrote here."""
    of = forgetting.forget_mine(db, actor, ref)
    said = _("Taken back. The words are gone.")
    return page.go("my_talk", ref=ref, say=said) if of.reads else page.go("my_talks", say=said)


@router.post("/{ref}/numbers", name="my_talk_numbers", dependencies=[Counted])
def numbers(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ShareNumbers], form_of(ShareNumbers)]) -> Response:
    """Say, or take back, that numbers and addresses may pass between the two."""
    if form.data is None:
        return _again(db, page, actor, ref, form)
    try:
        both = sharing.say(db, actor, ref, wanted=form.data.do == "yes")
    except Invalid as problem:
        return page.go("my_talk", ref=ref, say=problem.sentence)
    return page.go("my_talk", ref=ref, say=_("Both of you want it: numbers go through now.") if both else _("Kept."))
