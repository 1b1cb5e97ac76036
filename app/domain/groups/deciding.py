"""What the desk does with posts: let one through, refuse it, hide it, show it again. Its writer is told by moderation."""

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import _
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups import belonging, hooks, rules
from app.models.groups import Group, GroupState, Post, PostState, Topic, Visibility

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


def release_refused(db: Session, actor: Actor, post: Post) -> bool:
    """Show a post that another person refused; False when its writer took it back or it stands elsewhere by now."""
    require(rules.may_decide(actor, post.author_id))
    if post.state != PostState.REFUSED:
        return False
    post.state = PostState.HELD
    release(db, actor, post)
    return True


def hide(db: Session, actor: Actor, post: Post) -> None:
    """Hide a post that was shown."""
    require(rules.may_decide(actor, post.author_id))
    if post.state not in (PostState.HIDDEN, PostState.DELETED):  # taken back meanwhile, it is decided all the same
        _stands(post, PostState.SHOWN)
        post.state = PostState.HIDDEN
        _veil(db, post, True)
        db.flush()
    audit.record(db, actor, "post.hide", "post", post.id)


def hide_at_once(db: Session, post: Post) -> None:
    """Hide a post until a person has looked, because somebody may be in danger or can be recognised; the rule was asked."""
    _stands(post, PostState.SHOWN)
    post.state = PostState.HIDDEN
    _veil(db, post, True)
    db.flush()
    audit.record(db, None, "post.hide_at_once", "post", post.id)


def unhide(db: Session, actor: Actor | None, post: Post) -> None:
    """Show a hidden post again, in its old place; for nobody: by the clock, as the decision said."""
    require(rules.may_show_again(actor, post.author_id))
    _stands(post, PostState.HIDDEN)
    post.state = PostState.SHOWN
    _veil(db, post, False)
    db.flush()
    audit.record(db, actor, "post.unhide", "post", post.id)


def show_own(db: Session, actor: Actor, post: Post) -> None:
    """Show again, in its old place, what was hidden at once and nobody decided about in time; whoever wrote it wants that."""
    require(rules.may_show_own(actor, post.author_id))
    _stands(post, PostState.HIDDEN)
    post.state = PostState.SHOWN
    _veil(db, post, False)
    db.flush()
    audit.record(db, None, "post.let_go", "post", post.id)


def _veil(db: Session, post: Post, veiled: bool) -> None:
    """The title of a topic goes, and comes back, with its first post."""
    if post.number == 1:
        db.execute(sa.update(_T).where(_T.c.id == post.topic_id).values(veiled=veiled))


def _stands(post: Post, state: PostState) -> None:
    if post.state != state:
        raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))


def show_group(db: Session, actor: Actor | None, group: Group) -> None:
    """Show what a group says about itself: after it waited, or again after it was hidden, also by the clock (for nobody)."""
    require(rules.may_show_again(actor, group.words_by))
    _move(db, group, GroupState.SHOWN)
    audit.record(db, actor, "group.release", "group", group.id)


def hide_group(db: Session, actor: Actor, group: Group) -> None:
    """Hide a group from everybody but its organisers."""
    require(rules.may_decide(actor, group.words_by))
    _move(db, group, GroupState.HIDDEN)
    audit.record(db, actor, "group.hide", "group", group.id)


def _move(db: Session, group: Group, state: GroupState) -> None:
    if group.state == GroupState.CLOSED:
        return
    was, group.state = group.state, state
    group.asleep = False  # rest() says it anew
    db.flush()
    belonging.rest(db, group.id)  # meanwhile the last organiser may have gone
    if group.visibility == Visibility.LISTED and GroupState.SHOWN in (was, state):
        versions.bump(db, versions.GROUPS)
    hooks.tell_moved(db, group)
