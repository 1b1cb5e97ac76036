"""What the desk does with posts: let one through, refuse it, hide it, show it again. Its writer is told by moderation."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import rules
from app.models.groups import Post, PostState, Topic

_T: sa.Table = Topic.__table__  # type: ignore[attr-defined]


def release(db: Session, actor: Actor, post: Post) -> None:
    """Show a held post: it takes the next place in its topic."""
    require(rules.may_decide(actor, post.author_id))
    _stands(post, PostState.HELD)
    update = sa.update(_T).where(_T.c.id == post.topic_id).values(last_number=_T.c.last_number + 1, last_at=now())
    post.number, post.state = int(db.execute(update.returning(_T.c.last_number)).scalar_one()), PostState.SHOWN
    db.flush()
    audit.record(db, actor, "post.release", "post", post.id)


def refuse(db: Session, actor: Actor, post: Post) -> None:
    """Do not show a held post; its words stay with its writer."""
    require(rules.may_decide(actor, post.author_id))
    _stands(post, PostState.HELD)
    post.state = PostState.REFUSED
    db.flush()
    audit.record(db, actor, "post.refuse", "post", post.id)


def hide(db: Session, actor: Actor, post: Post) -> None:
    """Hide a post that was shown."""
    require(rules.may_decide(actor, post.author_id))
    if post.state != PostState.HIDDEN:
        _stands(post, PostState.SHOWN)
        post.state = PostState.HIDDEN
        db.flush()
    audit.record(db, actor, "post.hide", "post", post.id)


def unhide(db: Session, actor: Actor, post: Post) -> None:
    """Show a hidden post again, in its old place."""
    require(rules.may_decide(actor, post.author_id))
    _stands(post, PostState.HIDDEN)
    post.state = PostState.SHOWN
    db.flush()
    audit.record(db, actor, "post.unhide", "post", post.id)


def _stands(post: Post, state: PostState) -> None:
    if post.state != state:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))
