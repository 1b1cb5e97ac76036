"""Telling a story, step by step: stop anywhere, everything typed is kept, nothing is shown by surprise."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.directory import shown as directory
from app.domain.stories import actions, consents, drafts, files, queries, rules, shown, telling, translations
from app.domain.stories.wording import CONSENTS, LANGUAGES, SEASON_NAMES, STATES, THEMES
from app.models.stories import Audience, Purpose, Story, StoryStatus
from app.routers import my_story_agreements, my_story_files, my_story_questions, my_story_services, my_story_ways
from app.routers.my_story_steps import Counted, Ref, resumed, saved_or_shown, step_page, writable
from app.schemas.stories import AgreeStory, LookStory, WhoStory, WriteStory
from app.web.forms import Form, form_of, read_values
from app.web.house import house
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
AUTOSAVED: dict[str, type[BaseModel]] = {"write": WriteStory, "look": LookStory, "who": WhoStory, "agree": AgreeStory}
YEARS_BACK = 40


@router.get("/my/stories", name="my_stories")
def my_stories(db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """List my stories by state."""
    mine = queries.mine(db, actor)
    return page("my_stories/list.html", here="me", mine=mine, states=STATES, State=StoryStatus, may_take_back=_may_take_back)


def _may_take_back(story: queries.Mine) -> bool:
    return bool(rules.may_move(story.status, StoryStatus.TAKEN_BACK)) and story.status != StoryStatus.DECLINED


@router.get("/my/stories/new", name="my_story_new")
def new(actor: SignedIn, page: Pages) -> Response:
    """Why tell? Three voices, before anything begins."""
    return step_page(page, "why", None, form=None)


@router.post("/my/stories", name="my_story_start", dependencies=[Counted])
def start(db: Db, actor: SignedIn, page: Pages) -> Response:
    """Begin a draft."""
    try:
        story = actions.start(db, actor, i18n.current())
    except Invalid as problem:
        return step_page(page, "why", None, status=422, form=Form[Any]().refuse(problem))
    return page.go("my_story_write", ref=story.ref)


@router.get("/my/stories/{ref}/why", name="my_story_why")
def why(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Three voices on why to tell, and why not."""
    return step_page(page, "why", queries.own(db, actor, ref), form=None)


@router.get("/my/stories/{ref}/write", name="my_story_write")
def write(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """The words."""
    story = writable(db, actor, ref)
    text = telling.original(db, story)
    stored = {f: getattr(text, f) for f in telling.FIELDS}
    form, typed_on = resumed(db, actor, story, "write", language=story.language, **stored)
    return step_page(page, "write", story, form=form, typed_on=typed_on, **_write_context(db, story)())


def _write_context(db: Session, story: Story) -> Callable[[], dict[str, Any]]:
    def context() -> dict[str, Any]:
        text = telling.original(db, story)
        names = [(c, i18n.language_name(c)) for c in dict.fromkeys((i18n.current(), *LANGUAGES))]
        others = [i18n.language_name(t.language) for t in translations.texts_of(db, story)]
        return {"languages": names, "saved": text, "files": files.of_story(db, story.id), "translated": others}

    return context


@router.post("/my/stories/{ref}/write", dependencies=[Counted])
def write_save(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[WriteStory], form_of(WriteStory)]) -> Response:
    """Save the words and go on to the look-over."""
    story = queries.own(db, actor, ref)
    again = saved_or_shown(
        db, page, story, "write", form, lambda data: actions.save_text(db, actor, story, data), _write_context(db, story)
    )
    return again or page.go("my_story_look", ref=ref, say=_("Kept."))


@router.get("/my/stories/{ref}/who", name="my_story_who")
def who(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Who may see it, and what they learn about me."""
    story = writable(db, actor, ref)
    form, typed_on = resumed(
        db, actor, story, "who", audience=story.audience.value, name_form=story.name_form.value, area=story.area_id,
        year=story.year, season=story.season.value if story.season else "", themes=story.themes,
    )  # fmt: skip
    return step_page(page, "who", story, form=form, typed_on=typed_on, **_who_context(db, actor)())


def _who_context(db: Session, actor: Actor) -> Callable[[], dict[str, Any]]:
    def context() -> dict[str, Any]:
        this = now().year
        return {
            "areas": [(str(a.id), shown.area_name(a.name, a.names)) for a in queries.areas(db)], "my_name": actor.name,
            "themes": [(key, _(label)) for key, label in THEMES.items()],
            "seasons": [(s.value, _(label)) for s, label in SEASON_NAMES.items()],
            "years": [(str(y), str(y)) for y in range(this, this - YEARS_BACK, -1)],
        }  # fmt: skip

    return context


@router.post("/my/stories/{ref}/who", dependencies=[Counted])
def who_save(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[WhoStory], form_of(WhoStory)]) -> Response:
    """Save the choices and go on to what I agree to."""
    story = queries.own(db, actor, ref)
    again = saved_or_shown(
        db, page, story, "who", form, lambda data: actions.set_audience(db, actor, story, data), _who_context(db, actor)
    )
    return again or page.go("my_story_agree", ref=ref, say=_("Kept."))


@router.get("/my/stories/{ref}/agree", name="my_story_agree")
def agree(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """What I agree to, one by one."""
    story = writable(db, actor, ref)
    given = {p.value for p in consents.live_purposes(db, story.id)}
    form, typed_on = resumed(db, actor, story, "agree", purposes=sorted(given), lasts="", helper="")
    return step_page(page, "agree", story, form=form, typed_on=typed_on, **_agree_context(story))


def _agree_context(story: Story) -> dict[str, Any]:
    always = rules.CARRIES[story.audience]
    return {
        "needed": [(p.value, _(CONSENTS[p])) for p in Purpose if p in always],
        "more": [(p.value, _(CONSENTS[p])) for p in Purpose if p not in {Purpose.MEMBERS, Purpose.PUBLIC}],
        "only_me": story.audience == Audience.ONLY_ME,
    }


@router.post("/my/stories/{ref}/agree", dependencies=[Counted])
def agree_save(ref: Ref, db: Db, actor: SignedIn, page: Pages, form: Annotated[Form[AgreeStory], form_of(AgreeStory)]) -> Response:
    """Write what I agreed to into the ledger."""
    story = queries.own(db, actor, ref)
    again = saved_or_shown(
        db, page, story, "agree", form, lambda data: actions.agree(db, actor, story, data), lambda: _agree_context(story)
    )
    return again or page.go("my_story_preview", ref=ref, say=_("Kept."))


@router.get("/my/stories/{ref}/preview", name="my_story_preview")
def preview(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages, language: str = "") -> Response:
    """Show the story exactly as others see it."""
    story = queries.own(db, actor, ref)
    view = queries.as_shown(db, story, [language[:12] or story.language], ahead=True)
    services = [directory.card(hit, now()) for hit in view.services]
    return step_page(page, "preview", story, view=view, writable=story.status in rules.WRITABLE, services=services)


@router.get("/my/stories/{ref}/send", name="my_story_send")
def send(request: Request, ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Say what happens after sending, or what is missing before."""
    story = writable(db, actor, ref)
    verdict = rules.may_submit(actor, story, consents.live_purposes(db, story.id), actions.missing(db, story))
    hours = house(request).settings.story_wait_hours
    return step_page(page, "send", story, form=None, verdict=verdict, hours=hours, behind=translations.behind(db, story))


@router.post("/my/stories/{ref}/send", dependencies=[Counted])
def send_now(ref: Ref, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Send it to a second reader."""
    actions.submit(db, actor, queries.own(db, actor, ref))
    return page.go("my_story", ref=ref, say=_("Sent. Someone looks at it first. You can stop it until it is shown."))


@router.post("/my/stories/{ref}/{step}/draft", name="my_story_draft")
def autosave(
    ref: Ref, step: Annotated[str, Path(pattern="^(write|look|who|agree)$")], request: Request, db: Db, actor: SignedIn
) -> Response:
    """Keep what is typed at this moment, without touching the story."""
    story = queries.own(db, actor, ref)
    require(rules.may_write(actor, story))
    kept = drafts.keep(db, actor, story, step, read_values(request.state.posted, AUTOSAVED[step]))
    return Response(status_code=204 if kept else 413)


router.include_router(my_story_agreements.router)
router.include_router(my_story_files.router)
router.include_router(my_story_questions.router)
router.include_router(my_story_services.router)
router.include_router(my_story_ways.router)
