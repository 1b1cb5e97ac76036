"""A voice or a picture in the talk of a group: sending one, and the bytes for whoever reads the post."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Any, Final, Generic, TypeVar

from fastapi import APIRouter, Depends, Path, Query, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, TooMany
from app.core.i18n import _
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import files, queries, rules, talking
from app.domain.media.limits import MEGABYTE, PICTURE_BYTES, VOICE_BYTES
from app.domain.media.pictures import Picture, make_picture
from app.domain.media.refusal import MediaRefused, refused, several
from app.domain.media.voice import Voice, make_voice
from app.routers.group_talk import PostRef, TopicRef, known_languages, quoted_in, to_sent
from app.routers.groups import Ref
from app.schemas.groups import WritePicture, WritePost
from app.web import files as sending
from app.web.edge import permissions
from app.web.forms import Form, form_of
from app.web.house import house
from app.web.limits import TALK_FILE_MEMBER, UPLOAD_MEMBER, Limit, spend
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/g/{ref}")
Quote = Annotated[str, Query(pattern=f"^$|^{REF.pattern}$")]
Ending = Annotated[str, Path(pattern="^(opus|mp3|webp|jpg|thumb)$")]
MOST: Final = {"voice": VOICE_BYTES, "picture": PICTURE_BYTES}
T = TypeVar("T", Voice, Picture)
May = Callable[[Request, Actor], None]


@dataclass(slots=True)
class Made(Generic[T]):
    """The form, and the file once it is safe."""

    form: Form[Any]
    file: T | None = None
    status: int = 422


def _may_write(request: Request, actor: Actor) -> None:
    """Raise NotFound or Refused for whoever may not write there now: before any work on a file, and once more when it is kept."""
    at = request.path_params
    with house(request).database.reading() as db:
        require(rules.may_write(actor, talking.where(db, actor, at["ref"], at["topic_ref"]).seat))


def ready(request: Request, actor: Actor, made: Made[Any], what: str, missing: str, may: May = _may_write) -> bool:
    """Count the try and say at its field what is wrong with the file; return whether there is one to work on.

    ``may`` raises where the actor must not write.

    Every try counts for the hour, one that costs work on a file also for the day.
    """
    form = made.form
    made.status = 413 if form.too_big else 422
    if not _within(request, actor, made, UPLOAD_MEMBER):
        return False
    may(request, actor)
    if what in form.many:
        form.errors[what] = several()
    elif what in form.too_big:
        form.errors[what] = refused(what, "too_big", MOST[what] // MEGABYTE, form.too_big[what]).sentence
    elif not form.files.get(what):
        form.errors[what] = missing
    if form.errors or form.data is None:
        return False
    return _within(request, actor, made, TALK_FILE_MEMBER)


def _within(request: Request, actor: Actor, made: Made[Any], limit: Limit) -> bool:
    """Count the try; above the limit the page says so, with every word."""
    try:
        spend(request, limit, member_key(actor))
    except TooMany:
        made.form.refuse(Invalid("", _("Those were a lot of files. Your words are kept here: send them again later.")))
        made.status = 429
    return made.status != 429


def _make_voice(request: Request, actor: SignedIn, form: Annotated[Form[WritePost], form_of(WritePost)]) -> Made[Voice]:
    """Re-make the voice before the writing transaction begins: nobody else waits meanwhile."""
    made: Made[Voice] = Made(form)
    if not str(form.values.get("body", "")).strip():
        form.errors["body"] = _("Write in a few sentences what you say. Not everybody can listen.")
    if ready(request, actor, made, "voice", _("Record your voice, or choose a recording.")):
        try:
            made.file = make_voice(form.files["voice"], short=True)
        except MediaRefused as problem:
            form.refuse(Invalid("voice", problem.sentence))
    return made


def _make_picture(request: Request, actor: SignedIn, form: Annotated[Form[WritePicture], form_of(WritePicture)]) -> Made[Picture]:
    """Re-make the picture before the writing transaction begins."""
    made: Made[Picture] = Made(form)
    if not str(form.values.get("body", "")).strip():
        form.errors["body"] = _("Write what it shows. Not everybody can see it.")
    if "faces" not in form.values:
        form.errors["faces"] = _("Choose one of these.")
    elif form.data is not None:
        try:
            files.check_faces(form.data.faces)
        except Invalid as problem:
            form.refuse(problem)
    if ready(request, actor, made, "picture", _("Choose a picture.")):
        try:
            made.file = make_picture(form.files["picture"])
        except MediaRefused as problem:
            form.refuse(Invalid("picture", problem.sentence))
    return made


def _form_page(
    what: str, db: Session, page: Page, actor: Actor, there: talking.Where, quote: str, form: Form[Any] | None = None,
    status: int = 200,
) -> Response:  # fmt: skip
    quoted, quote = quoted_in(db, actor, there, quote, bool(form))
    headers = {"Permissions-Policy": permissions("microphone")} if what == "voice" else None  # on this page only
    return page(
        f"groups/{what}.html", here="groups", status=status, headers=headers, there=there, quoted=quoted, quote=quote, form=form,
        languages_known=known_languages(), waits=talking.is_newcomer(db, actor.me) or rules.read_first(actor),
    )  # fmt: skip


@router.get("/t/{topic_ref}/voice", name="post_voice")
def voice(ref: Ref, topic_ref: TopicRef, db: ReadDb, page: Pages, actor: SignedIn, quote: Quote = "") -> Response:
    """Record or choose a voice for the talk."""
    there = talking.where(db, actor, ref, topic_ref)
    require(rules.may_write(actor, there.seat))
    return _form_page("voice", db, page, actor, there, quote)


@router.post("/t/{topic_ref}/voice", name="post_voice_send")
def send_voice(
    ref: Ref, topic_ref: TopicRef, made: Annotated[Made[Voice], Depends(_make_voice)], db: Db, page: Pages, actor: SignedIn
) -> Response:  # fmt: skip
    """Send a voice with its written summary."""
    there = talking.where(db, actor, ref, topic_ref)
    if made.file is not None and made.form.data is not None:
        try:
            return to_sent(page, ref, files.send_voice(db, actor, there, made.form.data, made.file))
        except Invalid as problem:
            made.form.refuse(problem)
    return _form_page("voice", db, page, actor, there, str(made.form.values.get("quote", "")), made.form, made.status)


@router.get("/t/{topic_ref}/picture", name="post_picture")
def picture(ref: Ref, topic_ref: TopicRef, db: ReadDb, page: Pages, actor: SignedIn, quote: Quote = "") -> Response:
    """Choose a picture for the talk."""
    there = talking.where(db, actor, ref, topic_ref)
    require(rules.may_write(actor, there.seat))
    return _form_page("picture", db, page, actor, there, quote)


@router.post("/t/{topic_ref}/picture", name="post_picture_send")
def send_picture(
    ref: Ref, topic_ref: TopicRef, made: Annotated[Made[Picture], Depends(_make_picture)], db: Db, page: Pages, actor: SignedIn
) -> Response:  # fmt: skip
    """Send a picture with words that say what it shows."""
    there = talking.where(db, actor, ref, topic_ref)
    if made.file is not None and made.form.data is not None:
        try:
            return to_sent(page, ref, files.send_picture(db, actor, there, made.form.data, made.file))
        except Invalid as problem:
            made.form.refuse(problem)
    return _form_page("picture", db, page, actor, there, str(made.form.values.get("quote", "")), made.form, made.status)


@router.get("/p/{post_ref}/file.{ending}", name="post_file")
async def file(request: Request, ref: Ref, post_ref: PostRef, ending: Ending, actor: SignedIn) -> Response:
    """Send the voice or picture of a post to whoever reads the post at this moment; nobody may keep a copy."""
    row = await read(request, files.served, actor, ref, post_ref)
    name = row.files.get(ending, {}).get("name") if row else None
    answer = await sending.send(request, name, row.kind.value, "private, no-store") if row and name else None
    if answer is None:
        raise queries.not_here()
    return answer
