"""Talk: topics in the order of a chat, writing, quoting, changing one's own, thanks, the answer that helped, looking for words."""

import logging
from collections.abc import AsyncIterator
from typing import Annotated, Any
from uuid import UUID

import anyio.to_thread
import sqlalchemy as sa
from fastapi import APIRouter, Depends, Path, Query, Request
from sqlmodel import Session
from starlette.background import BackgroundTask
from starlette.responses import Response

from app.core import i18n, languages
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.ids import REF
from app.core.text import words
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.groups import queries, reading, rules, shown, taking_back, talking
from app.models.groups import Group, Post, PostState, Topic
from app.routers.groups import LONGEST_QUERY, Counted, Ref
from app.schemas.groups import ChangePost, StartTopic, WritePost
from app.web.days import day
from app.web.forms import Form, filled, form_of
from app.web.house import House, house
from app.web.limits import POST_MEMBER, attempt
from app.web.pages import Page
from app.web.reading import read
from app.web.sessions import SignedIn, member_key
from app.web.transactions import Db, Pages, ReadDb

log = logging.getLogger("hearth.talk")
router = APIRouter(prefix="/g/{ref}")
TopicRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
PostRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
WriteForm = Annotated[Form[WritePost], form_of(WritePost)]
LAST = 1_000_000_000
LONGEST_WAIT = 5.0  # seconds


def known_languages() -> list[tuple[str, str]]:
    """Return the languages in which somebody can say that they write, their own first."""
    return [(code, i18n.language_name(code)) for code in dict.fromkeys((i18n.current(), *languages.OFFERED))]


@router.get("/new", name="topic_new")
def new_topic(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Write the first words of a topic."""
    group, seat = queries.inside(db, actor, ref)
    require(rules.may_start_topic(actor, seat))
    return page("groups/new_topic.html", here="groups", form=None, group=group, languages_known=known_languages())


async def _count_post(request: Request, actor: SignedIn) -> AsyncIterator[None]:
    """Count one try to write: with what is written, or by itself where nothing was."""
    mine = attempt(request, POST_MEMBER, member_key(actor))
    try:
        yield
    finally:
        if not mine.counted:
            await anyio.to_thread.run_sync(mine.alone, house(request).database)


@router.post("/topics", name="topic_start", dependencies=[Depends(_count_post, scope="function")])
def start_topic(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[StartTopic], form_of(StartTopic)]
) -> Response:  # fmt: skip
    """Begin a topic."""
    group, seat = queries.inside(db, actor, ref)
    if form.data is not None:
        try:
            return to_sent(page, ref, talking.start_topic(db, actor, group, seat, form.data))
        except Invalid as problem:
            form.refuse(problem)
    return page("groups/new_topic.html", here="groups", status=422, form=form, group=group, languages_known=known_languages())


def to_sent(page: Page, ref: str, sent: talking.Sent) -> Response:
    """Lead to what was sent, with a sentence that says what became of it."""
    said = (
        _("Somebody reads it first. Until then only you see it; the answer stands under My answers.") if sent.held else _("Sent.")
    )
    return page.go("topic", ref=ref, topic_ref=sent.topic_ref, say=said, anchor=f"p-{sent.ref}")


@router.get("/t/{topic_ref}", name="topic")
async def show_topic(
    request: Request, ref: Ref, topic_ref: TopicRef, actor: SignedIn, page: Pages,
    number: Annotated[int, Query(alias="from", ge=0, le=LAST)] = 0,
) -> Response:  # fmt: skip
    """Show 20 posts in the order of a chat: the last ones, or those from a number on."""
    row = await read(request, reading.topic, ref, topic_ref, actor.me)
    if row is None or not rules.reads(actor, reading.seat_of(row)) or not (row.last_number or row.own):
        raise queries.not_here()
    first = min(number, row.last_number) or max(1, row.last_number - reading.PER_PAGE + 1)
    last = first + reading.PER_PAGE - 1
    posts = await read(request, reading.posts, row.id, actor.me, first, row.waits and last >= row.last_number)
    response = page(
        "groups/topic.html", here="groups", topic=row, posts=shown.post_rows(posts, row.answer_id, now().date(), f"/g/{ref}"),
        form=None, first=first, last=last, step=reading.PER_PAGE, organises=reading.organises(row, now().date()), quote=None,
    )  # fmt: skip
    response.background = _noting(request, actor, row, min(last, row.last_number))
    return response


def _noting(request: Request, actor: Actor, row: Any, number: int) -> BackgroundTask | None:
    """Return what remembers, after the page has gone out, how far the reader has come: it neither delays nor stops a page."""
    if number <= (row.seen or 0):
        return None
    return BackgroundTask(_note_reading, house(request), actor.me, row.id, number)


async def _note_reading(home: House, member_id: UUID, topic_id: UUID, number: int) -> None:
    """Remember it, in turn with those who write. What cannot be noted soon is not: then it is noted the next time."""
    try:
        with anyio.move_on_after(LONGEST_WAIT):
            async with home.writers:
                await anyio.to_thread.run_sync(_write_reading, home.database, member_id, topic_id, number)
    except (sa.exc.SQLAlchemyError, OSError) as error:
        log.warning("not noted as read: %s", type(error).__name__)


def _write_reading(database: Database, member_id: UUID, topic_id: UUID, number: int) -> None:
    with database.transaction() as db:
        talking.note_read(db, member_id, topic_id, number)


@router.post("/t/{topic_ref}/posts", name="post_write", dependencies=[Depends(_count_post, scope="function")])
def write(ref: Ref, topic_ref: TopicRef, db: Db, page: Pages, actor: SignedIn, form: WriteForm) -> Response:
    """Write in a topic; what could not be taken is shown again with every word."""
    there = talking.where(db, actor, ref, topic_ref)
    if form.data is not None:
        try:
            return to_sent(page, ref, talking.write(db, actor, there, form.data))
        except Invalid as problem:
            form.refuse(problem)
    return _answer_page(db, page, actor, there, str(form.values.get("quote", "")), form)


@router.get("/t/{topic_ref}/answer/{post_ref}", name="post_answer")
def answer(ref: Ref, topic_ref: TopicRef, post_ref: PostRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Answer to one post: it is quoted above the new one."""
    there = talking.where(db, actor, ref, topic_ref)
    require(rules.may_write(actor, there.seat))
    return _answer_page(db, page, actor, there, post_ref, None)


def _answer_page(
    db: Session, page: Page, actor: Actor, there: talking.Where, quote: str, form: Form[Any] | None
) -> Response:  # fmt: skip
    quoted, quote = quoted_in(db, actor, there, quote, form is not None)
    return page(
        "groups/answer.html", here="groups", status=422 if form else 200, there=there, quoted=quoted, form=form,
        quote=quote, languages_known=known_languages(),
    )  # fmt: skip


def quoted_in(db: Session, actor: Actor, there: talking.Where, quote: str, typed: bool) -> tuple[Post | None, str]:
    """Return the post that is answered, and its name; gone meanwhile, what was ``typed`` is kept without it."""
    try:
        return (queries.post(db, there.group_id, quote, actor), quote) if quote else (None, "")
    except NotFound:
        if not typed:
            raise
        return None, ""


@router.get("/p/{post_ref}", name="post")
def show_post(ref: Ref, post_ref: PostRef, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show one post with what can be done with it, and what stood there before."""
    group, _seat = queries.inside(db, actor, ref)
    post = queries.post(db, group.id, post_ref, actor)
    return _post_page(db, page, actor, group, post, None)


def _post_page(db: Session, page: Page, actor: Actor, group: Group, post: Post, form: Form[Any] | None) -> Response:
    topic = db.get_one(Topic, post.topic_id)
    own = post.author_id == actor.member_id
    return page(
        "groups/post.html", here="groups", status=422 if form else 200, group=group, topic=topic, post=post, own=own,
        versions=queries.versions(db, post.id), day=day,
        form=form or filled(body=post.body), **shown.beside(f"/g/{group.ref}", post, queries.file_of(db, post.id)),
        may_change=bool(rules.may_change_post(actor, post.author_id, post.state)),
        may_flag=not own and post.state == PostState.SHOWN,
        may_delete=bool(rules.may_delete_post(actor, post.author_id, post.state)),
        may_accept=bool(rules.may_accept(actor, topic.asks, topic.author_id, post.author_id)) and post.state == PostState.SHOWN,
    )  # fmt: skip


@router.post("/p/{post_ref}", name="post_change", dependencies=[Counted])
def change(
    ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChangePost], form_of(ChangePost)]
) -> Response:
    """Put other words into a post of one's own."""
    group, seat = queries.inside(db, actor, ref)
    post = queries.post(db, group.id, post_ref, actor)
    require(rules.may_change_post(actor, post.author_id, post.state))
    if form.data is None:
        return _post_page(db, page, actor, group, post, form)
    try:
        talking.edit(db, actor, seat, post, form.data.body)
    except Invalid as problem:
        return _post_page(db, page, actor, group, post, form.refuse(problem))
    return _to(db, page, ref, post, _("Saved."))


def _to(db: Session, page: Page, ref: str, post: Post, say: str = "") -> Response:
    topic = db.get_one(Topic, post.topic_id)
    first = max(1, (post.number or topic.last_number) - reading.PER_PAGE // 2)
    return page.go("topic", ref=ref, topic_ref=topic.ref, say=say, query=f"from={first}", anchor=f"p-{post.ref}")


@router.post("/p/{post_ref}/delete", name="post_delete", dependencies=[Counted])
def delete(ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Delete a post of one's own."""
    group, _seat = queries.inside(db, actor, ref)
    post = queries.post(db, group.id, post_ref, actor)
    taking_back.delete(db, actor, post)
    topic = db.get_one(Topic, post.topic_id)
    if not topic.last_number:
        return page.go("group", ref=ref, say=_("Deleted."))
    return page.go("topic", ref=ref, topic_ref=topic.ref, say=_("Deleted."))


@router.post("/p/{post_ref}/thanks", name="post_thanks", dependencies=[Counted])
def thank(ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Say "this helped", or take it back."""
    group, seat = queries.inside(db, actor, ref)
    post = queries.post(db, group.id, post_ref, actor)
    talking.thank(db, actor, seat, post)
    return _to(db, page, ref, post)


@router.post("/p/{post_ref}/helped", name="post_helped", dependencies=[Counted])
def accept(ref: Ref, post_ref: PostRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Say which answer helped, as whoever asked; or take it back."""
    group, seat = queries.inside(db, actor, ref)
    post = queries.post(db, group.id, post_ref, actor)
    talking.accept(db, actor, seat, db.get_one(Topic, post.topic_id), post)
    return _to(db, page, ref, post)


@router.post("/t/{topic_ref}/pin", name="topic_pin", dependencies=[Counted])
def pin(ref: Ref, topic_ref: TopicRef, db: Db, page: Pages, actor: SignedIn) -> Response:
    """Let a topic stand on top, or no longer."""
    group, seat = queries.inside(db, actor, ref)
    topic = queries.topic(db, group.id, topic_ref, actor)
    try:
        talking.pin(db, actor, seat, topic)
    except Invalid as problem:
        return page.go("topic", ref=ref, topic_ref=topic_ref, say=problem.sentence)
    return page.go("group", ref=ref)


@router.get("/search", name="group_search")
async def search(
    request: Request, ref: Ref, actor: SignedIn, page: Pages, q: Annotated[str, Query(max_length=LONGEST_QUERY)] = ""
) -> Response:  # fmt: skip
    """Look for words in what is said in the group."""
    row = await read(request, reading.group, ref, actor.me)
    if row is None or not rules.reads(actor, reading.seat_of(row)):
        raise queries.not_here()
    found = await read(request, reading.holding, row.id, actor.me, words(q))
    hits = [{"day": shown.day_text(h.written_at.date(), i18n.current()), "row": h} for h in found]
    return page("groups/search.html", here="groups", group=shown.facts(row), asked=" ".join(q.split()), hits=hits)
