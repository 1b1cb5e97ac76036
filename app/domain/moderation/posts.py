"""Posts in groups at the desk: what the checks hold, what somebody flagged, what a decision does; their writer is told."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.errors import Conflict, NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups import deciding as groups
from app.domain.groups import queries as group_queries
from app.domain.groups.hooks import Written
from app.domain.moderation import answering, filing
from app.domain.moderation.checks import listed
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Check, Context, Finding, Level, Subject
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as GONE
from app.models.groups import Group, Post, PostState, Topic
from app.models.moderation import Case, CaseKind, CaseState

_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]
POST = "post"  # the kind of the subject, for what is held and what is flagged
_COUNTED = {Check.PERSONAL: "id_number", Check.NEWCOMER: "link"}  # what these two hold a post for


@dataclass(frozen=True, slots=True)
class ReadPost:
    """A post as whoever decides reads it: without the name of its group, which may be hidden."""

    body: str
    language: str
    title: str
    state: PostState
    changed: bool  # since somebody flagged it
    flagged: str = ""  # the words as they stood then
    before: tuple[str, ...] = ()  # what stood there before, the newest first
    group: bool = False  # not a post, but what a group says about itself
    message: bool = False  # not a post, but what mentor or mentee wrote to the other
    file: str = ""  # "voice" or "picture": what hangs on it, looked at by itself
    board: bool = False  # not a post, but an entry of a help board
    asked: bool = False  # not a post, but a question from abroad or an answer to one
    stands: bool = False  # in a topic, among others
    elsewhere: bool = False  # the checks take it for an offer that belongs into the register of opportunities


def look(written: Written) -> dict[str, int]:
    """Return how often each check wants a post held; hints hold nothing."""
    return counted(findings(written))


def findings(written: Written) -> list[Finding]:
    """Return what the checks point at in a text of a group."""
    settings = core_settings.current()
    context = Context(
        subject=Subject.QUESTION if written.asked else Subject.POST, language=written.language,
        newcomer=written.newcomer, countries=settings.country_list,
        earlier=written.earlier, listed=listed.word_list(settings.data_dir),
    )  # fmt: skip
    return check(written.text, context)


def counted(found: Sequence[Finding]) -> dict[str, int]:
    """Return how often each check wants the text held."""
    counts: dict[str, int] = {}
    for finding in found:
        if finding.level is Level.HOLD:
            kind = _COUNTED.get(finding.check, finding.check.value)
            counts[kind] = counts.get(kind, 0) + 1
    return counts


def make_ready() -> None:
    """Load what the checks read, so that nobody's first post waits for it inside a transaction."""
    check("Tea on Thursday?", Context(subject=Subject.POST))


def held(db: Session, post: Post, found: dict[str, int]) -> None:
    """Open the case of a post that waits."""
    filing.open_case(db, CaseKind.POST, POST, post.id, post.author_id, findings=found)


def gone(db: Session, which: sa.Select[tuple[UUID]]) -> None:
    """Close what was held of posts that their writer deleted; what was flagged is decided all the same, by the words of then."""
    of_them = sa.and_(_CASES.c.kind == CaseKind.POST, _CASES.c.subject_kind == POST, _CASES.c.subject_id.in_(which))
    db.execute(sa.update(_CASES).where(of_them).values(snapshot=None, findings={}))
    decided = sa.and_(_CASES.c.kind == CaseKind.TALK, _CASES.c.subject_kind == POST, _CASES.c.state == CaseState.CLOSED)
    db.execute(sa.update(_CASES).where(decided, _CASES.c.subject_id.in_(which)).values(snapshot=None))
    waiting = select(Case).where(of_them, Case.state == CaseState.OPEN).with_for_update()
    for case in db.exec(waiting.execution_options(populate_existing=True)).all():
        filing.close_undecided(db, case)
    answering.close_about(db, sa.and_(col(Case.subject_kind) == POST, col(Case.subject_id).in_(which)), GONE)


def waits(post_id: sa.ColumnElement[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition that somebody flagged a post and it is not decided: its voice or picture stays until then."""
    return sa.exists().where(
        _CASES.c.subject_id == post_id, _CASES.c.subject_kind == POST, _CASES.c.kind == CaseKind.TALK,
        _CASES.c.state == CaseState.OPEN,
    )  # fmt: skip


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[Post, str]:
    """Return a shown post that the actor reads, and its address; NotFound when there is nothing to see for them."""
    found = db.exec(select(Group.ref).join(Post, col(Post.group_id) == Group.id).where(Post.ref == ref)).first()
    if found is None:
        raise NotFound(_("This page is not here."))
    group, _seat = group_queries.inside(db, actor, found)
    post = group_queries.post(db, group.id, ref, actor)
    if post.state != PostState.SHOWN:
        raise NotFound(_("This page is not here."))
    return post, f"/g/{group.ref}/p/{post.ref}"


def snapshot(db: Session, case: Case) -> str | None:
    """Return the words of a post as they stand now."""
    post = db.get(Post, case.subject_id)
    return json.dumps({"body": post.body}, ensure_ascii=False) if post else None


def contents(db: Session, case: Case) -> ReadPost | None:
    """Return a post for whoever has its case open."""
    post = db.get(Post, case.subject_id)
    if post is None:
        return None
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    changed = bool(flagged) and flagged != post.body
    before = tuple(version.body for version in group_queries.versions(db, post.id))
    title, kind = db.get_one(Topic, post.topic_id).title, group_queries.kind_of_file(db, post.id, aside=True)
    return ReadPost(
        post.body, post.language, title, post.state, changed, flagged if changed else "", before, file=kind.value if kind else "",
        stands=post.number is not None,
    )  # fmt: skip


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the post of a case is hidden by a decision."""
    post = db.get(Post, case.subject_id)
    return post is not None and post.state == PostState.HIDDEN


def _post(db: Session, case: Case) -> Post:
    post = db.get(Post, case.subject_id)
    if post is None:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
    return post


def _tell(db: Session, post: Post, sentence: str, words: str) -> None:
    if post.author_id is None:
        return
    ref = db.exec(select(Group.ref).where(Group.id == post.group_id)).one()
    inside = group_queries.seat(db, post.group_id, post.author_id).inside
    accounts.tell(db, post.author_id, sentence, note=words, link=f"/g/{ref}/p/{post.ref}" if inside else "")


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Show a held post."""
    post = _post(db, case)
    groups.release(db, actor, post)
    _tell(db, post, N_("Somebody has read what you wrote in a group. It is shown now."), words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Do not show a held post."""
    post = _post(db, case)
    groups.refuse(db, actor, post)
    _tell(db, post, N_("Somebody has read what you wrote in a group. It cannot be shown. The reason stands below."), words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave a flagged post as it is, or show it again."""
    post = _post(db, case)
    if post.state == PostState.HIDDEN:
        groups.unhide(db, actor, post)
        _tell(db, post, N_("We looked at what you wrote in a group again. It is shown again."), words)
    else:
        _tell(db, post, N_("Somebody asked us to look at what you wrote in a group. We did, and it stays as it is."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide a flagged post."""
    post = _post(db, case)
    groups.hide(db, actor, post)
    _tell(db, post, N_("We hid something that you wrote in a group. The reason stands below."), words)
