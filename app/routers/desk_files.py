"""The voice or picture of a post that is a case: closed until somebody wants to look, by an address under the case."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.groups import shown
from app.domain.moderation import looking
from app.models.stories import MediaKind
from app.routers.group_files import Ending
from app.schemas.moderation import Press
from app.web import files
from app.web.forms import Form, form_of
from app.web.sessions import Worker
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/cases/{ref}")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Mark = Annotated[str, Query(alias="look", pattern="^[0-9a-f]{32}$")]


@router.post("/file", name="desk_file_look")
def look(db: Db, page: Pages, actor: Worker, ref: Ref, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Write down that somebody looks, and lead to the voice or picture."""
    return page.go("desk_file", ref=ref, query=f"look={looking.begin(db, actor, ref)}")


@router.get("/file", name="desk_file")
def show(db: ReadDb, page: Pages, actor: Worker, ref: Ref, mark: Mark = "0" * 32) -> Response:
    """Show the voice or picture with the words that say the same; a picture is grey and out of focus until it is tapped."""
    found = looking.go_on(db, actor, ref, mark)
    if found is None:
        return page.go("desk_case", ref=ref)
    path, voice = f"/desk/cases/{ref}/file", found.file.kind == MediaKind.VOICE
    return page(
        "desk/file.html", here="me", ref=ref, post=found.post, mark=mark,
        voice=shown.voice(path, found.file, found.post.body, f"?look={mark}") if voice else None,
        picture=None if voice else shown.picture(path, found.file, found.post.body, f"?look={mark}"),
    )  # fmt: skip


@router.get("/file.{ending}", name="desk_file_part")
async def part(request: Request, db: ReadDb, actor: Worker, ref: Ref, ending: Ending, mark: Mark = "0" * 32) -> Response:
    """Send the bytes to whoever has the case open and said that they look."""
    found = looking.go_on(db, actor, ref, mark)
    name = found.file.files.get(ending, {}).get("name") if found else None
    answer = await files.send(request, name, found.file.kind.value, "private, no-store") if found and name else None
    if answer is None:
        raise NotFound(_("This page is not here."))
    return answer
