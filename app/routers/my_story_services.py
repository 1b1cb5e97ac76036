"""Services that a story mentions: found in the directory, named by its teller."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import Response

from app.core import i18n
from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.domain.directory import shown as directory
from app.domain.search import queries as search
from app.domain.stories import actions, queries
from app.routers.my_story_steps import Counted, Ref, writable
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter()
FOUND = 7


@router.get("/my/stories/{ref}/services", name="my_story_services")
def services(ref: Ref, db: ReadDb, actor: SignedIn, page: Pages, q: Annotated[str, Query(max_length=200)] = "") -> Response:
    """Look for a service by its words, and show which ones the story names."""
    story = writable(db, actor, ref)
    named = queries.as_shown(db, story, [i18n.current()]).services
    found = search.find(db.connection(), kind="service", text=q, prefer=[i18n.current()], limit=FOUND).rows if q.strip() else []
    known = {hit.subject_id for hit in named}
    return page(
        "my_stories/services.html", here="me", story=story, q=q,
        named=[(hit.subject_id, directory.card(hit, now())) for hit in named],
        found=[(hit.subject_id, directory.card(hit, now())) for hit in found if hit.subject_id not in known],
    )  # fmt: skip


@router.post("/my/stories/{ref}/services/{service_id}/add", name="my_story_service_add", dependencies=[Counted])
def add(ref: Ref, service_id: UUID, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Name a service; one that the directory does not show cannot be named."""
    story = queries.own(db, actor, ref)
    if not queries.is_listed(db, service_id):
        raise NotFound(_("This page is not here."))
    try:
        actions.add_service(db, actor, story, service_id)
    except Invalid as problem:
        return page.go("my_story_services", ref=ref, say=problem.sentence)
    return page.go("my_story_services", ref=ref, say=_("Kept."))


@router.post("/my/stories/{ref}/services/{service_id}/remove", name="my_story_service_remove", dependencies=[Counted])
def remove(ref: Ref, service_id: UUID, db: Db, actor: SignedIn, page: Pages) -> Response:
    """Take the name of a service out."""
    actions.remove_service(db, actor, queries.own(db, actor, ref), service_id)
    return page.go("my_story_services", ref=ref, say=_("Taken out."))
