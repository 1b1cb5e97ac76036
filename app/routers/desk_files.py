"""The voice or picture of a post that is a case, and what stands around it: closed until somebody wants to look."""

from typing import Annotated

from fastapi import APIRouter, Path, Query, Request
from starlette.responses import Response

from app.core.errors import NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.domain.groups import shown
from app.domain.media import shown as media
from app.domain.media.shown import NAMED
from app.domain.mentoring.together import voices
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
    path, query, picture = f"/desk/cases/{ref}/file", f"?look={mark}", None
    if found.file is None:
        voice = media.voice(path, {"opus": {"bytes": found.voice.opus_bytes}}, found.voice.seconds, found.body[:NAMED], query=query)
    elif found.file.kind == MediaKind.VOICE:
        voice = shown.voice(path, found.file, found.body, query)
    else:
        voice, picture = None, shown.picture(path, found.file, found.body, query)
    return page("desk/file.html", here="me", ref=ref, post=found, mark=mark, voice=voice, picture=picture)


@router.get("/file.{ending}", name="desk_file_part")
async def part(request: Request, db: ReadDb, actor: Worker, ref: Ref, ending: Ending, mark: Mark = "0" * 32) -> Response:
    """Send the bytes to whoever has the case open and said that they look."""
    found = looking.go_on(db, actor, ref, mark)
    answer = None
    if found and found.message and ending in voices.TYPES:
        data = voices.at_desk(db, found.message, ending)
        answer = files.send_bytes(request, data, f"voice.{ending}", "private, no-store") if data else None
    elif found and found.file:
        name = found.file.files.get(ending, {}).get("name")
        answer = await files.send(request, name, found.file.kind.value, "private, no-store") if name else None
    if answer is None:
        raise NotFound(_("This page is not here."))
    return answer


@router.post("/around", name="desk_around_look")
def look_around(db: Db, page: Pages, actor: Worker, ref: Ref, _form: Annotated[Form[Press], form_of(Press)]) -> Response:
    """Write down that somebody reads what stands around a post, and lead to it."""
    return page.go("desk_around", ref=ref, query=f"look={looking.begin_around(db, actor, ref)}")


@router.get("/around", name="desk_around")
def around(db: ReadDb, page: Pages, actor: Worker, ref: Ref, mark: Mark = "0" * 32) -> Response:
    """Show a few posts before and after the one of a case, closed and without names."""
    beside = looking.around(db, actor, ref, mark)
    if beside is None:
        return page.go("desk_case", ref=ref)
    return page("desk/around.html", here="me", ref=ref, beside=beside)
