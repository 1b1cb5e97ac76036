"""The voice or picture of a post or a message, and the posts around one, at the desk: for whoever has its case open.

Every look is written down.
"""

from dataclasses import dataclass, replace
from typing import Any, Final
from uuid import UUID

from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash, same
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import queries as groups
from app.domain.mentoring.together import voices
from app.domain.moderation import appeals, filing, messages, posts, queries, rules
from app.models.groups import Post, PostFile, PostState
from app.models.mentorships import MentorMessage
from app.models.moderation import Case, CaseKind

NEAR: Final = 3  # posts before and after
_AROUND: Final = "look at what stands around"


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of a case with the words that say the same, and the mark of this look, which every part of it is asked with.

    ``file``: of a post; ``voice``: what is known of the voice of a message (seconds, opus_bytes), whose id is ``message``.
    """

    body: str
    language: str
    file: PostFile | None = None
    message: UUID | None = None
    voice: Any = None
    mark: str = ""


@dataclass(frozen=True, slots=True)
class Beside:
    """A post beside the one of a case: nobody's name."""

    body: str
    language: str
    before: bool
    same_writer: bool


def begin(db: Session, actor: Actor, ref: str) -> str:
    """Write down that somebody looks, and return the mark of this look; it holds as long as they have the case open."""
    case, _found = _find(db, actor, ref)
    audit.record(db, actor, "case.file_looked", "case", case.id)
    return _mark(actor, case)


def go_on(db: Session, actor: Actor, ref: str, mark: str) -> Looked | None:
    """Return what is looked at; None without the mark of a look that was written down."""
    case, found = _find(db, actor, ref)
    return replace(found, mark=mark) if same(mark, _mark(actor, case)) else None


def begin_around(db: Session, actor: Actor, ref: str) -> str:
    """Write down that somebody reads the posts around the one of a case; return the mark."""
    case, _post = _find_post(db, actor, ref)
    audit.record(db, actor, "case.around_looked", "case", case.id)
    return _mark(actor, case, _AROUND)


def around(db: Session, actor: Actor, ref: str, mark: str) -> list[Beside] | None:
    """Return a few shown posts before and after the one of a case, without names; None without the mark of a look."""
    case, post = _find_post(db, actor, ref)
    if not same(mark, _mark(actor, case, _AROUND)):
        return None
    near = col(Post.number).between((post.number or 0) - NEAR, (post.number or 0) + NEAR)
    shown = col(Post.state) == PostState.SHOWN, col(Post.id) != post.id
    found = db.exec(select(Post).where(col(Post.topic_id) == post.topic_id, near, *shown).order_by(col(Post.number))).all()
    return [
        Beside(
            one.body,
            one.language,
            (one.number or 0) < (post.number or 0),
            one.author_id is not None and one.author_id == post.author_id,
        )
        for one in found
    ]


def _find_post(db: Session, actor: Actor, ref: str) -> tuple[Case, Post]:
    case = queries.case(db, actor, ref)
    about = appeals.decision_of(db, case)[1] if case.kind == CaseKind.APPEAL else case
    held = rules.holds(actor, case, now()) and filing.may_open(db, actor, case)
    post = db.get(Post, about.subject_id) if held and about.subject_kind == posts.POST else None
    if post is None or post.number is None:  # what was never shown stands nowhere
        raise NotFound(_("This page is not here."))
    return case, post


def _find(db: Session, actor: Actor, ref: str) -> tuple[Case, Looked]:
    """Return a case that the actor has open, and its file with the words; NotFound for everybody else, and where it is gone."""
    case = queries.case(db, actor, ref)
    about = appeals.decision_of(db, case)[1] if case.kind == CaseKind.APPEAL else case
    found = _file(db, about) if rules.holds(actor, case, now()) and filing.may_open(db, actor, case) else None
    if found is None:
        raise NotFound(_("This page is not here."))
    return case, found


def _file(db: Session, about: Case) -> Looked | None:
    if about.subject_kind == posts.POST:
        post = db.get(Post, about.subject_id)
        file = groups.file_of(db, post.id, aside=True) if post else None
        return Looked(post.body, post.language, file) if post and file else None
    if about.subject_kind == messages.MESSAGE:
        message = db.get(MentorMessage, about.subject_id)
        voice = voices.length_of(db, message.id) if message else None
        return Looked(message.body, message.language, message=message.id, voice=voice) if message and voice else None
    return None


def _mark(actor: Actor, case: Case, at: str = "look at a file") -> str:
    """Return a mark of one person, one case and one time of having it open."""
    until = case.claimed_until.isoformat() if case.claimed_until else ""
    return keyed_hash(core_settings.current().secret, at, f"{actor.me}/{case.id}/{until}")[:32]
