"""Taking back what one wrote: one post, everything in a group, everything; and once more after an older copy was restored.

The words are gone at once, the place in the talk stays. However many posts it is, it takes the same few statements.
"""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.groups import files, hooks, rules
from app.models.groups import Post, PostState, PostVersion, Topic

WORDS: Final = "post"  # in the ledger of erasures: one post that its writer deleted
_W, _T = Post.__table__, Topic.__table__  # type: ignore[attr-defined]
_V: sa.Table = PostVersion.__table__  # type: ignore[attr-defined]
_STANDS = _W.c.state != PostState.DELETED


def delete(db: Session, actor: Actor, post: Post) -> None:
    """Delete a post of one's own: the words are gone at once, the place in the talk stays."""
    require(rules.may_delete_post(actor, post.author_id, post.state))
    _erase(db, _W.c.id == post.id)
    ledger.remember(db, WORDS, post.id)


def delete_again(db: Session, post_id: UUID) -> bool:
    """Delete a post that a restored older copy brought back; return whether it was there."""
    return _erase(db, _W.c.id == post_id) > 0


def delete_all(db: Session, member_id: UUID, group_id: UUID | None = None) -> int:
    """Delete everything that somebody wrote, in one group or in all; return how many posts it was."""
    count = _erase(db, _by(_W, member_id, group_id))
    db.execute(sa.update(_T).where(_by(_T, member_id, group_id)).values(title=""))
    _read_anew(db)
    return count


def empty(db: Session, group_id: UUID) -> None:
    """Delete every word of a group that is over, also of those who left it before."""
    _erase(db, _W.c.group_id == group_id)
    db.execute(sa.update(_T).where(_T.c.group_id == group_id).values(title=""))
    _read_anew(db)


def unname(db: Session, member_id: UUID, group_id: UUID) -> None:
    """Let what somebody wrote in a group stand without them, for good; what was never shown goes.

    Voices and pictures go too: a voice is a person, whatever name stands beside it.
    """
    _erase(db, sa.and_(_by(_W, member_id, group_id), _W.c.number.is_(None)))
    files.forget(db, sa.select(_W.c.id).where(_by(_W, member_id, group_id)))
    for table in (_W, _T):
        db.execute(sa.update(table).where(_by(table, member_id, group_id)).values(author_id=None))
    _read_anew(db)


def _by(table: sa.Table, member_id: UUID, group_id: UUID | None) -> sa.ColumnElement[bool]:
    mine = table.c.author_id == member_id
    return mine if group_id is None else sa.and_(mine, table.c.group_id == group_id)


def _erase(db: Session, which: sa.ColumnElement[bool]) -> int:
    """Empty the posts of ``which`` that stand; return how many it was. Whoever decides about one of them waits for the lock."""
    db.flush()
    posts = sa.select(_W.c.id).where(which, _STANDS)
    hooks.tell_gone(db, posts)  # first: whoever decides holds the case, then the post, and so do we
    count = len(db.execute(sa.select(_W.c.id).where(which, _STANDS).with_for_update()).all())
    if not count:
        return 0
    db.execute(sa.delete(_V).where(_V.c.post_id.in_(posts)))
    files.forget(db, posts)
    topics = sa.select(_W.c.topic_id).where(which, _STANDS)
    begun = _T.c.id.in_(topics.where(_W.c.number == 1))
    never = sa.and_(_T.c.last_number == 0, _T.c.id.in_(topics.where(_W.c.number.is_(None))))
    db.execute(sa.update(_T).where(sa.or_(begun, never)).values(title=""))  # the title goes with the first post
    db.execute(sa.update(_T).where(_T.c.id.in_(topics), _T.c.answer_id.in_(posts)).values(answer_id=None))
    db.execute(
        sa.update(_W).where(which, _STANDS).values(state=PostState.DELETED, body="", folded="", quote_id=None, edited_at=None)
    )
    _read_anew(db)
    return count


def _read_anew(db: Session) -> None:
    """Let what this session knows of posts and topics be read anew: it was changed past it."""
    for row in list(db):
        if isinstance(row, Post | Topic):
            db.expire(row)
