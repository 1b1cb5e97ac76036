"""My mentoring, continued: a voice between mentor and mentee, sent with words that say the same, heard by the two."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Depends, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.media.refusal import MediaRefused
from app.domain.media.voice import Voice, make_voice
from app.domain.mentoring.together import reading, rules, talking, voices
from app.routers.group_files import Made, ready
from app.routers.my_talks import MessageRef, Ref, to_sent
from app.schemas.mentorships import MOST_LETTERS, WriteMessage
from app.web import files
from app.web.edge import permissions
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/with/{ref}")
VoiceForm = Annotated[Form[WriteMessage], form_of(WriteMessage)]


def _writable(db: Session, actor: Actor, ref: str) -> reading.Talk:
    """Return a talk in which the actor may write now; NotFound or Refused otherwise."""
    of = reading.talk(db.connection(), actor, ref)
    require(rules.may_talk(actor))
    require(rules.goes_on(actor, of.state, is_mentee=of.is_mentee))
    return of


def _may(request: Request, actor: Actor) -> None:
    with house(request).database.reading() as db:
        _writable(db, actor, request.path_params["ref"])


def _made(request: Request, actor: SignedIn, form: VoiceForm) -> Made[Voice]:
    """Make the voice anew before the writing transaction begins: nobody else waits meanwhile."""
    made: Made[Voice] = Made(form)
    if not str(form.values.get("body", "")).strip():
        form.errors["body"] = _("Write in a few sentences what you say. Not everybody can listen.")
    if ready(request, actor, made, "voice", _("Record your voice, or choose a recording."), _may):
        try:
            made.file = make_voice(form.files["voice"], short=True)
        except MediaRefused as problem:
            form.refuse(Invalid("voice", problem.sentence))
    return made


def _page(page: Page, actor: Actor, of: reading.Talk, form: Form[Any] | None = None, status: int = 200) -> Response:
    headers = {"Permissions-Policy": permissions("microphone")}  # on this page only
    return page(
        "mentoring/voice.html", here="me", status=status, headers=headers, of=of, form=form, longest=MOST_LETTERS,
        waits=rules.read_first(actor),
    )  # fmt: skip


@router.get("/voice", name="my_talk_voice")
def voice(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Record or choose a voice."""
    return _page(page, actor, _writable(db, actor, ref))


@router.post("/voice", name="my_talk_voice_send")
def send(ref: Ref, made: Annotated[Made[Voice], Depends(_made)], db: Db, page: Pages, actor: SignedIn) -> Response:
    """Send a voice with its words; what could not be taken is shown again with every word."""
    if made.file is not None and made.form.data is not None:
        try:
            return to_sent(page, ref, talking.write(db, actor, ref, made.form.data, made.file))
        except Invalid as problem:
            made.form.refuse(problem)
    return _page(page, actor, _writable(db, actor, ref), made.form, made.status)


@router.get("/words/{message_ref}/voice.{sound}", name="my_talk_voice_part")
async def part(request: Request, ref: Ref, message_ref: MessageRef, sound: Literal["opus", "mp3"], actor: SignedIn) -> Response:
    """Send the voice of a message to whoever reads the message at this moment; nobody may keep a copy."""
    data = await read(request, voices.served, actor, ref, message_ref, sound)
    if data is None:
        raise NotFound(_("This page is not here."))
    return files.send_bytes(request, data, f"voice.{sound}", "private, no-store")
