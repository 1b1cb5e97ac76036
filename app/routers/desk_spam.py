"""Work: many of advertising and tricks at once, and taking decisions back within ten minutes."""

from typing import Annotated

from fastapi import APIRouter
from sqlmodel import Session
from starlette.responses import Response

from app.core import i18n
from app.core.errors import Invalid
from app.core.i18n import _, ngettext
from app.core.settings import current
from app.domain.actor import Actor
from app.domain.moderation import spam, undoing
from app.domain.network import texts
from app.schemas.moderation import HideSpam, Press, Undo
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
SPAM = "SCAMS_AND_FRAUD"  # the category of the rule that is proposed


@router.get("/spam", name="desk_spam")
def show(db: ReadDb, page: Pages, actor: Worker) -> Response:
    """Show what was flagged as advertising or a trick; words of what the reader has open."""
    return _page(db, page, actor, None)


def _page(db: Session, page: Page, actor: Actor, form: Form[HideSpam] | None, status: int = 200) -> Response:
    found = texts.rules(current().data_dir, i18n.current())
    proposed = next((str(rule.number) for rule in found if rule.category == SPAM), "")
    return page(
        "desk/spam.html", status=status, here="me", form=form, cases=spam.waiting(db, actor), proposed=proposed,
        rules=[(str(rule.number), f"{rule.number}. {rule.title}") for rule in found],
    )  # fmt: skip


@router.post("/spam/open", name="desk_spam_open")
def open_all(db: Db, page: Pages, actor: Worker, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Open them, for two hours."""
    spam.open_all(db, actor)
    return page.go("desk_spam")


@router.post("/spam")
def hide(db: Db, page: Pages, actor: Worker, form: Annotated[Form[HideSpam], form_of(HideSpam)]) -> Response:
    """Hide what is marked; what could not be is said, and what was typed stays where nothing could be."""
    if form.data is None:
        return _page(db, page, actor, form, 422)
    try:
        done, why = spam.hide(db, actor, form.data.marked, form.data.rule, form.data.words)
    except Invalid as problem:
        return _page(db, page, actor, form.refuse(problem), 422)
    if not done:
        return _page(db, page, actor, form.refuse(Invalid("marked", why)), 409)
    said = ngettext("%(num)s is hidden. You can take it back for ten minutes.",
                    "%(num)s are hidden. You can take them back for ten minutes.", done)  # fmt: skip
    return page.go("desk", say=f"{said} {why}".strip())


@router.post("/undo", name="desk_undo")
def undo(db: Db, page: Pages, actor: Worker, form: Annotated[Form[Undo], form_of(Undo)]) -> Response:
    """Take decisions of the last ten minutes back."""
    done, why = undoing.undo(db, actor, form.data.refs if form.data else [])
    said = ngettext("%(num)s decision was taken back. It is open with you.",
                    "%(num)s decisions were taken back. They are open with you.", done)  # fmt: skip
    return page.go("desk", say=f"{said if done else ''} {why}".strip() or _("Choose one of these."))
