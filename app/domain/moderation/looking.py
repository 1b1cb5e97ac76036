"""The voice or picture of a post or a message at the desk: for whoever has its case open, and every look is written down."""

from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlmodel import Session

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
from app.models.groups import Post, PostFile
from app.models.mentorships import MentorMessage
from app.models.moderation import Case, CaseKind


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


def begin(db: Session, actor: Actor, ref: str) -> str:
    """Write down that somebody looks, and return the mark of this look; it holds as long as they have the case open."""
    case, _found = _find(db, actor, ref)
    audit.record(db, actor, "case.file_looked", "case", case.id)
    return _mark(actor, case)


def go_on(db: Session, actor: Actor, ref: str, mark: str) -> Looked | None:
    """Return what is looked at; None without the mark of a look that was written down."""
    case, found = _find(db, actor, ref)
    return replace(found, mark=mark) if same(mark, _mark(actor, case)) else None


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


def _mark(actor: Actor, case: Case) -> str:
    """Return a mark of one person, one case and one time of having it open."""
    until = case.claimed_until.isoformat() if case.claimed_until else ""
    return keyed_hash(core_settings.current().secret, "look at a file", f"{actor.me}/{case.id}/{until}")[:32]
