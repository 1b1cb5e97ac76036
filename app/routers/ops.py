"""The operator's page: backups, disk, version, jobs. No content, no people."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.domain.upkeep import doctor
from app.domain.upkeep.wording import label
from app.web.house import house
from app.web.sessions import Operator
from app.web.transactions import Pages

router = APIRouter()


@router.get("/ops")
def ops(request: Request, page: Pages, _actor: Operator) -> Response:
    """Show what the doctor finds."""
    home = house(request)
    found = doctor.examine(home.database, home.settings)
    return page("ops/show.html", findings=[(label(f.check), f.level, f.words()) for f in found])
