"""Translating at a case: a second reader writes what readers of another language need; the teller says yes or no."""

from fastapi import APIRouter, Request
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.moderation import actions, queries, rules, subjects
from app.domain.stories import rules as story_rules
from app.routers.my_story_steps import Counted, Ref
from app.routers.translation_pages import Language, TranslateForm, Translating
from app.web.pages import Page
from app.web.sessions import Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()


def _translating(db: Session, page: Page, actor: Actor, ref: str) -> Translating:
    case = queries.case(db, actor, ref)
    if case.kind not in subjects.OF_STORIES:
        raise NotFound(_("This page is not here."))
    story = subjects.story_of(db, case)
    require(story_rules.may_translate(actor, story, now().date()))
    here = f"/desk/cases/{ref}"
    has_it_open = rules.holds(actor, case, now())
    return Translating(db, page, actor, story, f"{here}/translate", here, _("Back to the case"), "me", has_it_open)


@router.get("/cases/{ref}/translate", name="desk_translate")
def translate(db: ReadDb, page: Pages, actor: Worker, ref: Ref, language: Language = "") -> Response:
    """Ask for the language, then show the original beside the fields; only to whoever has the case open."""
    at_work = _translating(db, page, actor, ref)
    if not at_work.open:
        return page.go("desk_case", ref=ref)
    return at_work.begin(language) if language else at_work.choose()


@router.post("/cases/{ref}/translate", dependencies=[Counted])
def send_at_the_case(db: Db, page: Pages, actor: Worker, ref: Ref, form: TranslateForm) -> Response:
    """Send a translation to the teller."""
    at_work = _translating(db, page, actor, ref)
    again = at_work.saved_or_shown(form, lambda words: actions.translate(db, actor, ref, words))
    return again or page.go("desk_case", ref=ref, say=_("Sent to the person who tells it. Nothing changes without their yes."))


@router.post("/cases/{ref}/translate/draft", name="desk_translate_draft")
def keep(db: Db, request: Request, page: Pages, actor: Worker, ref: Ref) -> Response:
    """Keep what is typed at this moment."""
    return _translating(db, page, actor, ref).keep(request)
