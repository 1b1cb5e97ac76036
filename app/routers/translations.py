"""Translating a story: its teller, a reader who is a member; and what somebody translated so far."""

from typing import Annotated

from fastapi import APIRouter, Path, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.stories import actions, queries, rules, works
from app.routers.my_story_steps import Counted, Ref
from app.routers.translation_pages import Language, TranslateForm, Translating
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Code = Annotated[str, Path(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]


def _translating(db: Session, page: Page, actor: Actor, ref: str) -> Translating:
    story = queries.to_translate(db, actor, ref)
    require(rules.may_translate(actor, story, now().date()))
    own = rules.owns(actor, story)
    back, words = (f"/my/stories/{ref}", _("My story")) if own else (f"/stories/{ref}", _("The story"))
    return Translating(db, page, actor, story, f"/stories/{ref}/translate", back, words, "me" if own else "stories")


@router.get("/stories/{ref}/translate", name="story_translate")
def translate(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages, language: Language = "") -> Response:
    """Ask for the language, then show the original beside the fields."""
    at_work = _translating(db, page, actor, ref)
    return at_work.begin(language) if language else at_work.choose()


@router.post("/stories/{ref}/translate", dependencies=[Counted])
def send_translation(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: TranslateForm) -> Response:
    """Send a translation: to the teller, or the teller's own to a second reader."""
    at_work = _translating(db, page, actor, ref)
    again = at_work.saved_or_shown(form, lambda words: actions.add_translation(db, actor, at_work.story, words))
    if again is not None:
        return again
    if not rules.owns(actor, at_work.story):
        return page.go("story", ref=ref, say=_("Sent to the person who told the story. Nothing is shown without their yes."))
    sent = at_work.story.status in rules.OPEN_TO_LOOK
    said = _("Kept. Somebody looks at it before it is shown.") if sent else _("Kept. Somebody looks at it once you send the story.")
    return page.go("my_story", ref=ref, say=said)


@router.post("/stories/{ref}/translate/draft", name="story_translate_draft")
def keep(ref: Ref, request: Request, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Keep what is typed at this moment."""
    return _translating(db, page, actor, ref).keep(request)


@router.get("/my/translations", name="my_translations")
def mine(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Show what I translated of others' stories, and how it stands."""
    return page("stories/translations.html", here="me", works=works.works(db, actor), form=None)


@router.post("/my/translations/{ref}/{language}/unname", name="my_translation_unname")
def unname(ref: Ref, language: Code, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take my name off."""
    actions.unname(db, actor, works.own(db, actor, ref, language), language)
    return page.go("my_translations", say=_("Your name is off. The words stay."))


@router.post("/my/translations/{ref}/{language}/withdraw", name="my_translation_withdraw")
def withdraw(ref: Ref, language: Code, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take back what still waits for a yes."""
    actions.withdraw_offer(db, actor, works.own(db, actor, ref, language), language)
    return page.go("my_translations", say=_("Taken back."))
