"""Work: help from outside that is wanted in mentorships."""

from typing import Annotated

from fastapi import APIRouter, Path
from starlette.responses import Response

from app.core.i18n import _
from app.core.ids import REF
from app.domain.mentoring.together import outside
from app.routers.my_mentoring import Counted
from app.schemas.mentorships import TakeUpHelp
from app.web.forms import Form, form_of
from app.web.sessions import Coordinator
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/pairs/help")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]


@router.get("", name="desk_help")
def wanted(db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show what is wanted, the oldest first."""
    return page("mentoring/wanted.html", here="me", wanted=outside.wanted(db, actor))


@router.get("/{ref}", name="desk_help_one")
def one(ref: Ref, db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show one with the form to write to the mentee."""
    return page("mentoring/take_up.html", here="me", one=outside.one(db, actor, ref), form=None)


@router.post("/{ref}", dependencies=[Counted])
def take_up(ref: Ref, db: Db, page: Pages, actor: Coordinator, form: Annotated[Form[TakeUpHelp], form_of(TakeUpHelp)]) -> Response:
    """Write to the mentee."""
    if form.data is None:
        return page("mentoring/take_up.html", status=422, here="me", one=outside.one(db, actor, ref), form=form)
    outside.take_up(db, actor, ref, form.data)
    return page.go("desk_help", say=_("Sent. They read it under My answers."))
