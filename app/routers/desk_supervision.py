"""Work: looking after the mentors, for those who supervise and for coordinators."""

from typing import Annotated

from fastapi import APIRouter, Path, Query
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.mentoring.supervision import actions, queries
from app.models.accounts import Role
from app.web.days import day
from app.web.sessions import Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/desk/supervision")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Number = Annotated[int, Query(alias="page", ge=1, le=10_000)]


@router.get("", name="desk_supervision")
def supervision(db: ReadDb, page: Pages, actor: Worker, number: Number = 1) -> Response:
    """Show the mentors whom I look after."""
    mentors, more = queries.cards(db, actor, number)
    if number > 1 and not mentors:
        raise NotFound(_("This page is not here."))
    return page(
        "mentoring/supervision.html", here="me", mentors=mentors, more=more, number=number, day=day,
        coordinates=actor.has(Role.COORDINATOR),
    )  # fmt: skip


@router.post("/{ref}", name="desk_supervision_talked")
def talked(ref: Ref, db: Db, page: Pages, actor: Worker) -> Response:
    """Write down that we have talked."""
    actions.talked(db, actor, ref)
    return page.go("desk_supervision", say=_("Kept."))
