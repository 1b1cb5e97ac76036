"""A voice, pictures, the look-over: what belongs to the words of a story."""

import hashlib
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.settings import current
from app.domain.actor import Actor
from app.domain.media.limits import MEGABYTE, PICTURE_BYTES, VOICE_BYTES
from app.domain.media.pictures import Picture, make_picture
from app.domain.media.refusal import MediaRefused, refused, several
from app.domain.media.shown import kilobytes
from app.domain.media.voice import Voice, make_voice
from app.domain.moderation.checks.checking import beside_in_story
from app.domain.stories import actions, drafts, files, lookover, queries, telling
from app.domain.stories.wording import PARTS
from app.models.places import AreaKind
from app.models.stories import MediaKind, Story, StoryText
from app.routers.my_story_steps import Counted, Ref, resumed, saved_or_shown, step_page, writable
from app.schemas.stories import ChangeFinding, LookStory, SendPicture, SendVoice
from app.web.edge import permissions
from app.web.forms import Form, filled, form_of
from app.web.house import house
from app.web.limits import UPLOAD_MEMBER, spend
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
LOOKED = ("title", "body", "hard", "helped", "differently", "next", "summary")


def _ready(request: Request, actor: Actor) -> None:
    """Look whether the story may be changed and count the try, before any work is done on a file."""
    with house(request).database.reading() as db:
        writable(db, actor, request.path_params["ref"])
    spend(request, UPLOAD_MEMBER, member_key(actor))


def _need(form: Form[Any], what: str, limit: int, missing: str) -> None:
    """Say at the field that its file is missing, too big to be kept (``limit`` in bytes), or one of several."""
    if what in form.many:
        form.errors[what] = several()
    elif what in form.too_big:
        form.errors[what] = refused(what, "too_big", limit // MEGABYTE, form.too_big[what]).sentence
    elif not form.files.get(what):
        form.errors[what] = missing


def _refusal(form: Form[Any]) -> int:
    return 413 if form.too_big else 422


@dataclass(slots=True)
class MadeVoice:
    """The form, and the voice once it is safe."""

    form: Form[SendVoice]
    voice: Voice | None = None


def _make_voice(request: Request, actor: SignedIn, form: Annotated[Form[SendVoice], form_of(SendVoice)]) -> MadeVoice:
    """Re-make the voice before the writing transaction begins: nobody else waits meanwhile."""
    _ready(request, actor)
    if not str(form.values.get("summary", "")).strip():
        form.errors["summary"] = _("Write in a few sentences what you say. Not everybody can listen.")
        form.data = None
    _need(form, "voice", VOICE_BYTES, _("Record your voice, or choose a recording."))
    if form.errors:
        return MadeVoice(form)
    try:
        return MadeVoice(form, make_voice(form.files["voice"]))
    except MediaRefused as problem:
        return MadeVoice(form.refuse(Invalid("voice", problem.sentence)))


@dataclass(slots=True)
class MadePicture:
    """The form, and the picture once it is safe."""

    form: Form[SendPicture]
    picture: Picture | None = None


def _make_picture(request: Request, actor: SignedIn, form: Annotated[Form[SendPicture], form_of(SendPicture)]) -> MadePicture:
    """Re-make the picture before the writing transaction begins."""
    _ready(request, actor)
    if "faces" not in form.values:
        form.errors["faces"] = _("Choose one of these.")
    _need(form, "picture", PICTURE_BYTES, _("Choose a picture."))
    if form.errors or form.data is None:
        return MadePicture(form)
    try:
        return MadePicture(form, make_picture(form.files["picture"]))
    except MediaRefused as problem:
        return MadePicture(form.refuse(Invalid("picture", problem.sentence)))


@router.get("/my/stories/{ref}/voice", name="my_story_voice")
def voice(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Record or choose a voice."""
    story = writable(db, actor, ref)
    return _voice_page(page, db, story, filled(summary=telling.original(db, story).summary))


def _voice_page(page: Any, db: Session, story: Story, form: Form[Any], status: int = 200) -> Response:
    had = [m for m in files.of_story(db, story.id) if m.kind == MediaKind.VOICE]
    made: Response = page(
        "my_stories/voice.html", status=status, here="me", story=story, form=form, had=had[0] if had else None,
        view=queries.as_shown(db, story), headers={"Permissions-Policy": permissions("microphone")},  # on this page only
    )  # fmt: skip
    return made


@router.post("/my/stories/{ref}/voice")
def voice_save(ref: Ref, made: Annotated[MadeVoice, Depends(_make_voice)], db: Db, actor: SignedIn, page: Pages) -> Response:
    """Keep the voice with its written summary."""
    story = queries.own(db, actor, ref)
    if made.voice is None or made.form.data is None:
        return _voice_page(page, db, story, made.form, _refusal(made.form))
    actions.add_voice(db, actor, story, made.voice, made.form.data.summary)
    return page.go("my_story_voice", ref=ref, say=_("Kept. The file that you sent was destroyed; we keep only the voice."))


@router.get("/my/stories/{ref}/pictures", name="my_story_pictures")
def pictures(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Add up to three pictures."""
    return _picture_page(page, db, writable(db, actor, ref), filled(alt=""))


def _picture_page(page: Any, db: Session, story: Story, form: Form[Any], status: int = 200) -> Response:
    had = [m for m in files.of_story(db, story.id) if m.kind == MediaKind.PICTURE]
    made: Response = page(
        "my_stories/pictures.html", status=status, here="me", story=story, form=form, most=files.MOST_PICTURES,
        had=[(m, kilobytes(m.files["webp"]["bytes"])) for m in had],
    )  # fmt: skip
    return made


@router.post("/my/stories/{ref}/pictures")
def picture_save(ref: Ref, made: Annotated[MadePicture, Depends(_make_picture)], db: Db, actor: SignedIn, page: Pages) -> Response:
    """Keep a picture."""
    story = queries.own(db, actor, ref)
    if made.picture is None or made.form.data is None:
        return _picture_page(page, db, story, made.form, _refusal(made.form))
    try:
        actions.add_picture(db, actor, story, made.picture, made.form.data.alt, made.form.data.faces)
    except Invalid as problem:
        return _picture_page(page, db, story, made.form.refuse(problem), 422)
    return page.go("my_story_pictures", ref=ref, say=_("Kept. The file that you sent was destroyed, with its place and date."))


@router.post("/my/stories/{ref}/media/{media_ref}/remove", name="my_story_remove")
def remove(ref: Ref, media_ref: Annotated[str, Path(pattern=f"^{REF.pattern}$")], db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take a voice or picture out for good."""
    actions.remove_media(db, actor, queries.own(db, actor, ref), media_ref)
    return page.go("my_story_write", ref=ref, say=_("Taken out. The file is destroyed."))


@dataclass(frozen=True, slots=True)
class Found:
    """One finding of the look-over, with what its form needs."""

    number: int
    field: str
    words: str
    reason: str
    suggestion: str
    start: int
    end: int
    mark: str


@dataclass(frozen=True, slots=True)
class LookedAt:
    """One part of the text with its findings: pieces for the marked text, cards for the buttons."""

    label: str
    pieces: list[tuple[str, int | None]]
    findings: list[Found]


def _mark_of(field: str, found: lookover.Finding) -> str:
    return hashlib.sha256(f"{field}\n{found.text}".encode()).hexdigest()[:32]


def _look_over(db: Session, actor: Actor, story: Story) -> list[LookedAt]:
    """Return the parts in which something was found that the teller did not leave on purpose."""
    text, places = telling.original(db, story), [a.name for a in queries.areas(db) if a.kind == AreaKind.TOWN]
    kept = drafts.kept(db, actor, story, "left")
    left = set(kept[0].get("marks", [])) if kept else set()
    labels = {"title": _("Title"), "body": _("Your story"), "summary": _("What you say"), **{k: _(v) for k, v in PARTS}}
    parts, number = [], 0
    for field in LOOKED:
        words = getattr(text, field)
        findings = lookover.look_over(words, text.language, places, current().country_list) if words else []
        findings = [f for f in findings if _mark_of(field, f) not in left]
        if findings:
            parts.append(_part(field, labels[field], words, findings, number))
            number += len(findings)
    return parts


def _part(field: str, label: str, words: str, findings: list[lookover.Finding], before: int) -> LookedAt:
    numbers = {id(f): before + n for n, f in enumerate(findings, 1)}
    pieces = [(s.text, numbers[id(s.finding)] if s.finding else None) for s in lookover.mark(words, findings)]
    cards = [Found(numbers[id(f)], field, f.text, f.reason, f.suggestion, f.start, f.end, _mark_of(field, f)) for f in findings]
    return LookedAt(label, pieces, cards)


@router.get("/my/stories/{ref}/look", name="my_story_look")
def look(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Point out names, numbers, places and dates, each with a reason and other words."""
    story = writable(db, actor, ref)
    text = telling.original(db, story)
    stored = {"content_note": text.content_note, "heavy": "1" if story.heavy else ""}
    form, typed_on = resumed(db, actor, story, "look", **stored)
    return step_page(page, "look", story, form=form, typed_on=typed_on, **_look_context(db, actor, story, text))


def _look_context(db: Session, actor: Actor, story: Story, text: StoryText) -> dict[str, Any]:
    return {
        "parts": _look_over(db, actor, story), "language": text.language, "has_files": bool(files.of_story(db, story.id)),
        "remarks": [found for field in LOOKED for found in beside_in_story(getattr(text, field), text.language)],
    }  # fmt: skip


@router.post("/my/stories/{ref}/look", dependencies=[Counted])
def look_save(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[LookStory], form_of(LookStory)]) -> Response:
    """Save whether something in it is heavy, and go on."""
    story = queries.own(db, actor, ref)
    again = saved_or_shown(
        db, page, story, "look", form, lambda data: actions.save_look(db, actor, story, data),
        lambda: _look_context(db, actor, story, telling.original(db, story)),
    )  # fmt: skip
    return again or page.go("my_story_who", ref=ref, say=_("Kept."))


@router.post("/my/stories/{ref}/look/finding", name="my_story_finding", dependencies=[Counted])
def finding(
    ref: Ref, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[ChangeFinding], form_of(ChangeFinding)]
) -> Response:
    """Take the suggestion for one finding, or leave the words as they are."""
    story, asked = writable(db, actor, ref), form.data
    if asked is None:
        raise NotFound(_("This page is not here."))
    if asked.act == "leave":
        kept = drafts.kept(db, actor, story, "left")
        marks = {*(kept[0].get("marks", []) if kept else []), asked.mark}
        drafts.keep(db, actor, story, "left", {"marks": sorted(marks)})
        return page.go("my_story_look", ref=ref, say=_("Left as it is."))
    return _use(db, actor, story, asked, page)


def _use(db: Session, actor: Actor, story: Story, asked: ChangeFinding, page: Any) -> Response:
    """Find the same words again in the text of now; when they moved or went, nothing is changed."""
    text = telling.original(db, story)
    places = [a.name for a in queries.areas(db) if a.kind == AreaKind.TOWN]
    words = getattr(text, asked.field)
    same = [
        f for f in lookover.look_over(words, text.language, places, current().country_list)
        if (f.start, f.end) == (asked.start, asked.end) and _mark_of(asked.field, f) == asked.mark
    ]  # fmt: skip
    if not same:
        gone: Response = page.go("my_story_look", ref=story.ref, say=_("Your text has changed since. Look at it again."))
        return gone
    actions.change_words(db, actor, story, story.row_version, asked.field, lookover.apply_suggestion(words, same[0]))
    done: Response = page.go("my_story_look", ref=story.ref, say=_("Changed."))
    return done
