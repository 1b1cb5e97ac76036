"""What the pages of telling share: the steps, the draft that comes back, a refusal or a conflict that loses no word."""

from collections.abc import Callable
from typing import Annotated, Any, TypeVar

from fastapi import Depends, Path, Request
from pydantic import BaseModel
from sqlmodel import Session
from starlette.responses import Response

from app.core.errors import Invalid
from app.core.ids import REF
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.stories import actions, drafts, queries, rules
from app.models.stories import Story
from app.web.forms import Form, filled
from app.web.limits import WRITE_MEMBER, spend
from app.web.pages import Page
from app.web.sessions import SignedIn, member_key

Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]

T = TypeVar("T", bound=BaseModel)
STEPS = ("why", "write", "look", "who", "agree", "preview", "send")


def _count(request: Request, actor: SignedIn) -> None:
    """Count one change of this member, before the transaction begins: the count stands by itself and must not wait for it."""
    spend(request, WRITE_MEMBER, member_key(actor))


Counted = Depends(_count)


def step_page(page: Page, step: str, story: Story | None, *, status: int = 200, **context: Any) -> Response:
    """Show one step; ``step`` numbers itself."""
    number = STEPS.index(step) + 1
    return page(
        f"my_stories/{step}.html", status=status, here="me", story=story, step=step, number=number, of=len(STEPS), **context
    )


def resumed(db: Session, actor: Actor, story: Story, step: str, **stored: Any) -> tuple[Form[Any], str]:
    """Return the form of a step: what was typed and not yet saved, else what is stored; and the day it was typed."""
    form = filled(row_version=story.row_version, **stored)
    kept = drafts.kept(db, actor, story, step)
    if kept is None:
        return form, ""
    form.values.update(kept[0])
    return form, kept[1].date().isoformat()


def saved_or_shown(
    db: Session, page: Page, story: Story, step: str, form: Form[T], save: Callable[[T], object],
    context: Callable[[], dict[str, Any]],
) -> Response | None:  # fmt: skip
    """Run ``save``; on a refusal or a conflict return the page with everything that was typed, else None."""
    if form.data is None:
        return step_page(page, step, story, status=422, form=form, **context())
    try:
        save(form.data)
    except Invalid as problem:
        return step_page(page, step, story, status=422, form=form.refuse(problem), **context())
    except actions.ChangedMeanwhile as problem:
        db.refresh(story)
        form.refuse(Invalid("", problem.sentence)).values["row_version"] = str(story.row_version)
        return step_page(page, step, story, status=409, form=form, conflict=True, **context())
    return None


def writable(db: Session, actor: Actor, ref: str) -> Story:
    """Return my story if it can be changed now; one that was sent is told so (403, with the way to stop it)."""
    story = queries.own(db, actor, ref)
    require(rules.may_write(actor, story))
    return story
