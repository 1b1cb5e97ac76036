"""A voice or a picture in a post: sent with words that say the same, served to whoever reads the post, gone with it."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.errors import Invalid
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.groups import hooks, reading, rules, talking
from app.domain.groups.talking import Sent, Where
from app.domain.media import keeping
from app.domain.media.pictures import Picture
from app.domain.media.voice import Voice
from app.models.accounts import Member
from app.models.groups import Group, GroupMember, Post, PostFile
from app.models.stories import MediaKind
from app.schemas.groups import WritePicture, WritePost

_W, _F, _G = Post.__table__, PostFile.__table__, Group.__table__  # type: ignore[attr-defined]
_S, _P = GroupMember.__table__, Member.__table__  # type: ignore[attr-defined]
_ME = sa.bindparam("me", type_=sa.Uuid)
_FILE = (
    sa.select(
        _G.c.state, _S.c.role, _S.c.role_until, _W.c.state.label("post_state"), (_W.c.author_id == _ME).label("own"),
        _W.c.author_id, _P.c.status, _F.c.kind, _F.c.files,
    )
    .select_from(
        _F.join(_W, _W.c.id == _F.c.post_id).join(_G, _G.c.id == _W.c.group_id)
        .outerjoin(_S, sa.and_(_S.c.group_id == _G.c.id, _S.c.member_id == _ME)).outerjoin(_P, _P.c.id == _W.c.author_id)
    )
    .where(_G.c.ref == sa.bindparam("group_ref"), _W.c.ref == sa.bindparam("ref"), _F.c.aside.is_(False))
)  # fmt: skip


def send_voice(db: Session, actor: Actor, there: Where, wish: WritePost, voice: Voice) -> Sent:
    """Write in a topic with a voice; the words say what is said in it."""
    sent = talking.write(db, actor, there, wish, MediaKind.VOICE)
    _keep(db, PostFile(post_id=sent.id, kind=MediaKind.VOICE, files=keeping.put_voice(db, voice), seconds=voice.seconds))
    return sent


def send_picture(db: Session, actor: Actor, there: Where, wish: WritePicture, picture: Picture) -> Sent:
    """Write in a topic with a picture; the words say what it shows. Invalid where it may show who somebody is."""
    check_faces(wish.faces)
    sent = talking.write(db, actor, there, wish, MediaKind.PICTURE)
    files = keeping.put_picture(db, picture)
    _keep(db, PostFile(post_id=sent.id, kind=MediaKind.PICTURE, files=files, width=picture.width, height=picture.height))
    return sent


def check_faces(faces: str) -> None:
    """Raise Invalid where somebody is not sure what can be seen in their picture."""
    if faces == "unsure":
        raise Invalid("faces", _("Then better leave this picture out. Choose one without faces, number plates or signs."))


def _keep(db: Session, row: PostFile) -> None:
    db.add(row)
    db.flush()


def served(connection: sa.Connection, actor: Actor, group_ref: str, ref: str) -> Any | None:
    """Return kind and files of a post that the actor reads at this moment; None for everybody else. One statement."""
    row = connection.execute(_FILE, {"group_ref": group_ref, "ref": ref, "me": actor.me}).first()
    if row is None or not rules.reads(actor, reading.seat_of(row)):
        return None
    return row if rules.sees_post(actor, row.author_id, row.post_state, row.status) else None


def forget(db: Session, posts: sa.Select[tuple[UUID]]) -> None:
    """Take the files of posts away for good (``posts`` yields their ids); the same statements for any number.

    What somebody flagged is set aside until it is decided: then nobody reads it but whoever decides.
    """
    of_them = _F.c.post_id.in_(posts)
    db.execute(sa.update(_F).where(of_them, hooks.waits(_F.c.post_id)).values(aside=True))
    _remove(db, sa.and_(of_them, ~hooks.waits(_F.c.post_id)))


def forget_decided(db: Session) -> None:
    """Take away what was set aside and waits for no decision any more."""
    _remove(db, sa.and_(_F.c.aside, ~hooks.waits(_F.c.post_id)))


def _remove(db: Session, of_them: sa.ColumnElement[bool]) -> None:
    gone = db.execute(sa.delete(_F).where(of_them).returning(_F.c.files)).scalars().all()
    keeping.forget(db, [name for files in gone for name in keeping.names(files)])


def names_of(db: Session, member_id: UUID) -> dict[UUID, list[str]]:
    """Return the names in the store of what somebody sent, by post; for their own copy."""
    mine = select(PostFile).join(Post, col(Post.id) == PostFile.post_id).where(
        Post.author_id == member_id, col(PostFile.aside).is_(False)
    )  # fmt: skip
    return {file.post_id: keeping.names(file.files) for file in db.exec(mine)}
