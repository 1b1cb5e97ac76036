"""Me: a copy of my data, and deleting the account with seven days to change one's mind."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.accounts import changes, exports, queries
from app.web.days import day_and_hour
from app.web.sessions import Proven, SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/me")


@router.get("/data", name="me_data")
def data(db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Explain the copy and deletion; show the copy that is ready."""
    return page("me/data.html", here="me", form=None, export=queries.open_export(db, actor.me), moment=day_and_hour)


@router.post("/data")
def make_export(db: Db, page: Pages, actor: Proven) -> Response:
    """Make the copy."""
    exports.make(db, actor)
    return page.go("me_data", say=_("Your copy is ready."))


@router.get("/data/file", name="me_data_file")
def fetch(db: ReadDb, actor: Proven) -> Response:
    """Give the file under a name that tells nothing."""
    export = queries.open_export(db, actor.me)
    content = exports.read_file(export) if export else None
    if content is None:
        raise NotFound
    headers = {"Content-Disposition": 'attachment; filename="papers.zip"', "Cache-Control": "no-store"}
    return Response(content, media_type="application/zip", headers=headers)


@router.post("/data/remove", name="me_data_remove")
def remove(db: Db, page: Pages, actor: SignedIn) -> Response:
    """Remove the copy."""
    exports.remove_all(db, actor.me)
    return page.go("me_data", say=_("Removed."))


@router.get("/delete", name="me_delete")
def ask_delete(page: Pages, actor: Proven) -> Response:
    """Say what goes and what stays."""
    return page("me/delete.html", here="me", form=None)


@router.post("/delete")
def delete(request: Request, db: Db, page: Pages, actor: Proven) -> Response:
    """Hide everything now and delete it after seven days."""
    changes.ask_deletion(db, actor)
    return page.go("me", say=_("Your account is hidden now, and deleted after 7 days. You can stop that here."))


@router.post("/stay", name="me_stay")
def stay(db: Db, page: Pages, actor: SignedIn) -> Response:
    """Stop the deletion."""
    changes.stay(db, actor)
    return page.go("me", say=_("Good. Your account stays."))
