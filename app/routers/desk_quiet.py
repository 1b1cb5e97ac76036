"""Work: who said yes to each other and has not been in touch."""

from fastapi import APIRouter
from starlette.responses import Response

from app.domain.mentoring.together import nudging
from app.web.sessions import Coordinator
from app.web.transactions import Pages, ReadDb

router = APIRouter(prefix="/desk/pairs/quiet")


@router.get("", name="desk_quiet")
def quiet(db: ReadDb, page: Pages, actor: Coordinator) -> Response:
    """Show the pairs without a first contact, the longest first."""
    return page("mentoring/quiet.html", here="me", pairs=nudging.quiet(db, actor))
