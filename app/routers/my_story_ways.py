"""A story of mine and what I decide about it: stop, hide, show again, change, take back; and about others' words."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.stories import actions, consents, queries, rules, telling, translations
from app.domain.stories.wording import LOOKS, STANDINGS, STATES, day_text
from app.models.stories import Purpose, Story, StoryStatus
from app.routers.my_story_steps import STEPS, Ref
from app.schemas.stories import AnswerWords
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Answer = Annotated[str, Path(pattern="^(take|keep|yes|no)$")]
Language = Annotated[str, Path(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Do = Callable[[Session, Actor, Story], None]
WAYS: dict[str, tuple[Do, str]] = {
    "stop": (actions.withdraw_submission, N_("Stopped. It is a draft again, and nothing is lost.")),
    "pause": (actions.pause, N_("Hidden for now. Nobody but you sees it.")),
    "resume": (actions.resume, N_("It is shown again.")),
    "rework": (actions.rework, N_("It is a draft again. Nobody else sees it until you send it once more.")),
}


@router.get("/my/stories/{ref}", name="my_story")
def overview(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Show where a story stands, what I agreed to, and what I can do with it."""
    return _overview(db, page, queries.own(db, actor, ref))


def _overview(db: Session, page: Page, story: Story, form: Form[Any] | None = None, status: int = 200) -> Response:
    texts = queries.texts(db, story)
    original = texts[0]
    return page(
        "my_stories/show.html", status=status, here="me", story=story, form=form, state=_(STATES[story.status]),
        original=original, translations=translations.of_story(db, story, original), standings=STANDINGS, looks=LOOKS,
        suggestions=translations.suggestions(db, story, texts), agreements=consents.agreements(db, story.id), State=StoryStatus,
        day=day_text, rules=rules, steps=STEPS, hours=_hours_left(story),
    )  # fmt: skip


def _hours_left(story: Story) -> int:
    """Return how many whole hours of the time to think are left."""
    if story.publish_after is None:
        return 0
    return max(0, -(-int((story.publish_after - now()).total_seconds()) // 3600))


@router.get("/my/stories/{ref}/take-back", name="my_story_take_back")
def ask_take_back(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Ask once, then it is done."""
    story = queries.own(db, actor, ref)
    require(rules.may_move(story.status, StoryStatus.TAKEN_BACK))
    return page("my_stories/take_back.html", here="me", story=story, title=telling.original(db, story).title)


@router.post("/my/stories/{ref}/take-back")
def take_back(ref: Ref, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take it back."""
    actions.take_back(db, actor, queries.own(db, actor, ref))
    return page.go("my_story", ref=ref, say=_("Taken back. It is gone from here now."))


@router.get("/my/stories/{ref}/delete", name="my_story_delete")
def ask_delete(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages) -> Response:
    """Ask once before a draft, or a story that nobody else sees any more, is gone for good."""
    story = queries.own(db, actor, ref)
    require(rules.may_discard(actor, story))
    draft = story.status == StoryStatus.DRAFT
    return page("my_stories/delete.html", here="me", story=story, title=telling.original(db, story).title, draft=draft)


@router.post("/my/stories/{ref}/delete")
def delete(ref: Ref, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Delete it, every word of it."""
    actions.discard(db, actor, queries.own(db, actor, ref))
    return page.go("my_stories", say=_("Deleted."))


@router.post("/my/stories/{ref}/way/{way}", name="my_story_way")
def go_way(
    ref: Ref, way: Annotated[str, Path(pattern="^(stop|pause|resume|rework)$")], db: Db, actor: SignedIn, page: Pages
) -> Response:
    """Stop the sending, hide for now, show again, or make a draft of it."""
    do, said = WAYS[way]
    do(db, actor, queries.own(db, actor, ref))
    return page.go("my_story", ref=ref, say=_(said))


@router.post("/my/stories/{ref}/purpose/{purpose}/take-back", name="my_story_purpose")
def withdraw(ref: Ref, purpose: Purpose, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take one yes back."""
    actions.withdraw_purpose(db, actor, queries.own(db, actor, ref), purpose)
    return page.go("my_story", ref=ref, say=_("Taken back."))


ANSWERS: dict[str, Any] = {
    "take": actions.confirm_edit, "keep": actions.reject_edit, "yes": actions.confirm_translation,
    "no": actions.remove_translation,
}  # fmt: skip


@router.post("/my/stories/{ref}/words/{language}/{answer}", name="my_story_words")
def answer_words(
    ref: Ref, language: Language, answer: Answer, db: Db, actor: SignedIn, page: Pages,
    form: Annotated[Form[AnswerWords], form_of(AnswerWords)],
) -> Response:  # fmt: skip
    """Say yes or no to other words, or to a translation: to exactly those that were on the screen."""
    story, sent = queries.own(db, actor, ref), form.data or AnswerWords()
    more = {"minor": sent.minor} if answer == "take" else {}
    try:
        ANSWERS[answer](db, actor, story, language, sent.seen, **more)
    except actions.ChangedMeanwhile as problem:
        return _overview(db, page, story, form.refuse(Invalid("", problem.sentence)), 409)
    return page.go("my_story", ref=ref, say=_("Kept."))
