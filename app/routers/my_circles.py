"""My mentoring, continued: circles that I look for, am in or lead."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.domain.mentoring.circles import ending, forming, reading, rules
from app.domain.mentoring.circles.wording import STATES
from app.routers.my_mentoring import Counted
from app.schemas.circles import PressCircle
from app.web.days import day
from app.web.forms import Form, form_of
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/circles")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
DOES = {
    "ask": (forming.ask, N_("Kept. A coordinator answers you under My answers.")),
    "take_back": (forming.take_back, N_("Taken back.")),
    "lead": (forming.lead, N_("Thank you. People can ask to come in once everybody has answered.")),
    "step_back": (ending.step_back, N_("Done. Nobody asks you why.")),
    "end": (ending.end, N_("Done. Everybody in it is told.")),
}  # fmt: skip


@router.get("", name="my_circles")
def circles(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """List the circles that can be asked for, one's own first."""
    return page("circles/list.html", here="me", circles=reading.listed(db.connection(), actor), states=STATES, day=day)


@router.get("/{ref}", name="my_circle")
def circle(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one circle with what I can do."""
    one = reading.one(db.connection(), actor, ref)
    return page(
        "circles/show.html", here="me", one=one, state=STATES[one.state], day=day, leads=reading.leads_of(db.connection(), one.id),
        talk=rules.sees_talk(one.seat, one.state),
    )  # fmt: skip


@router.post("/{ref}", dependencies=[Counted])
def press(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[PressCircle], form_of(PressCircle)]) -> Response:
    """Ask, take it back, lead, stop leading, end it."""
    if form.data is None or form.data.do not in DOES:
        raise NotFound(_("This page is not here."))
    act, said = DOES[form.data.do]
    reading.one(db.connection(), actor, ref)  # of what is not there for the reader nothing can be found out here either
    act(db, actor, ref)
    return page.go("my_circles", say=_(said))
