"""Work: pause joining, writing, hiding at once or the public pages for a time; each for itself."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends
from starlette.responses import Response

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.domain import paused
from app.domain.actor import Actor
from app.domain.pausing import actions, rules
from app.domain.pausing.wording import LENGTHS, MEANS, TITLES
from app.models.pausing import Pause
from app.schemas.moderation import Press
from app.schemas.pausing import PauseNow
from app.web.days import day_and_hour
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import Holds, prove
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/pause")
Trusted = Annotated[Actor, Depends(Holds(*rules.WHO))]


@router.get("", name="pauses")
def show(db: ReadDb, page: Pages, actor: Trusted) -> Response:
    """Show what can be paused, what is, and what was lately and why."""
    lasting = {one.what: one.until for one in actor.pauses}
    parts = [(what.value, _(TITLES[what]), _(MEANS[what]), day_and_hour(lasting.get(what))) for what in Pause]
    return page("desk/pauses.html", here="me", parts=parts, latest=actions.latest(db, actor), titles=TITLES, moment=day_and_hour,
                wants_end=actions.wants_end)  # fmt: skip


@router.get("/{what}", name="pause_one")
def ask(page: Pages, actor: Trusted, what: Pause) -> Response:
    """Ask for how long and why."""
    return _ask(page, actor, what, None)


def _ask(page: Page, actor: Actor, what: Pause, form: Form[Any] | None) -> Response:
    return page(
        "desk/pause.html", status=422 if form else 200, here="me", form=form, what=what.value, title=_(TITLES[what]),
        means=_(MEANS[what]), lengths=[(str(hours), _(LENGTHS[hours])) for hours in rules.HOURS],
        until=day_and_hour(paused.until(actor.pauses, what)),
    )  # fmt: skip


@router.post("/{what}")
def pause(db: Db, page: Pages, actor: Trusted, what: Pause, form: Annotated[Form[PauseNow], form_of(PauseNow)]) -> Response:
    """Pause it from now on."""
    if form.data is None:
        return _ask(page, actor, what, form)
    try:
        row = actions.pause(db, actor, what, form.data.hours, form.data.reason)
    except Invalid as problem:
        return _ask(page, actor, what, form.refuse(problem))
    return page.go("pauses", say=_("Paused until %(moment)s. It ends by itself.", moment=day_and_hour(row.until_at)))


@router.post("/{what}/end", name="pause_end")
def go_on(db: Db, page: Pages, actor: Trusted, what: Pause, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """End the pause now, or ask another person to."""
    prove(actor)
    try:
        ended = actions.go_on(db, actor, what)
    except Conflict as problem:
        return page.go("pauses", say=problem.sentence)
    waits = _("It takes two people to end a pause. The others were told; another one has to end it too, within a day.")
    return page.go("pauses", say=_("It goes on again.") if ended else waits)
