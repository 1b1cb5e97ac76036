"""What a teller decides about a story that was sent: stop, hide, show again, change, take back; and about others' words."""

from collections.abc import Callable
from typing import Annotated, Any

from fastapi import APIRouter, Path
from sqlmodel import Session
from starlette.responses import Response

from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.stories import actions, queries, rules, telling
from app.models.stories import Purpose, Story, StoryStatus
from app.routers.my_story_steps import Ref
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
Language = Annotated[str, Path(pattern=r"^[a-z]{2,3}(-[A-Za-z0-9]{2,8})?$")]
Do = Callable[[Session, Actor, Story], None]
WAYS: dict[str, tuple[Do, str]] = {
    "stop": (actions.withdraw_submission, N_("Stopped. It is a draft again, and nothing is lost.")),
    "pause": (actions.pause, N_("Hidden for now. Nobody but you sees it.")),
    "resume": (actions.resume, N_("It is shown again.")),
    "rework": (actions.rework, N_("It is a draft again. Nobody else sees it until you send it once more.")),
}


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
    """Ask once before a draft is gone for good."""
    story = queries.own(db, actor, ref)
    require(rules.may_discard(actor, story))
    return page("my_stories/delete.html", here="me", story=story, title=telling.original(db, story).title)


@router.post("/my/stories/{ref}/delete")
def delete(ref: Ref, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Delete a draft."""
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
    ref: Ref, language: Language, answer: Annotated[str, Path(pattern="^(take|keep|yes|no)$")], db: Db, actor: SignedIn, page: Pages
) -> Response:
    """Say yes or no to other words, or to a translation."""
    ANSWERS[answer](db, actor, queries.own(db, actor, ref), language)
    return page.go("my_story", ref=ref, say=_("Kept."))
