"""The voice or picture of a post at the desk: for whoever has its case open, and every look is written down."""

from dataclasses import dataclass

from sqlmodel import Session

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash, same
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import queries as groups
from app.domain.moderation import appeals, filing, posts, queries, rules
from app.models.groups import Post, PostFile
from app.models.moderation import Case, CaseKind


@dataclass(frozen=True, slots=True)
class Looked:
    """A file of a case with the words that say the same, and the mark of this look, which every part of it is asked with."""

    file: PostFile
    post: Post
    mark: str


def begin(db: Session, actor: Actor, ref: str) -> str:
    """Write down that somebody looks, and return the mark of this look; it holds as long as they have the case open."""
    case, _post, _file = _find(db, actor, ref)
    audit.record(db, actor, "case.file_looked", "case", case.id)
    return _mark(actor, case)


def go_on(db: Session, actor: Actor, ref: str, mark: str) -> Looked | None:
    """Return what is looked at; None without the mark of a look that was written down."""
    case, post, file = _find(db, actor, ref)
    return Looked(file, post, mark) if same(mark, _mark(actor, case)) else None


def _find(db: Session, actor: Actor, ref: str) -> tuple[Case, Post, PostFile]:
    """Return a case that the actor has open, its post and the file; NotFound for everybody else, and where the file is gone."""
    case = queries.case(db, actor, ref)
    about = appeals.decision_of(db, case)[1] if case.kind == CaseKind.APPEAL else case
    here = rules.holds(actor, case, now()) and filing.may_open(db, actor, case) and about.subject_kind == posts.POST
    post = db.get(Post, about.subject_id) if here else None
    file = groups.file_of(db, post.id, aside=True) if post else None
    if post is None or file is None:
        raise NotFound(_("This page is not here."))
    return case, post, file


def _mark(actor: Actor, case: Case) -> str:
    """Return a mark of one person, one case and one time of having it open."""
    until = case.claimed_until.isoformat() if case.claimed_until else ""
    return keyed_hash(core_settings.current().secret, "look at a file", f"{actor.me}/{case.id}/{until}")[:32]
