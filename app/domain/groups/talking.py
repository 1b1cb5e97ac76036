"""What is said: topics and posts, changing and deleting one's own, thanks, the answer that helped, how far one has read.

None of it stands in the audit trail: that would tell for ever who wrote when. What others decide about it does.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.ids import new_id, new_ref
from app.core.text import words
from app.core.verdict import require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups import hooks, queries, reading, rules
from app.domain.groups.rules import Seat
from app.models.accounts import Member
from app.models.groups import Group, GroupMember, Post, PostState, PostThanks, PostVersion, Topic, TopicRead
from app.models.stories import MediaKind
from app.schemas.groups import StartTopic, WritePost

MOST_POSTS, IN_MINUTES = 60, 10
EARLIER = 3  # texts of the same writer that a new one is compared with
_W, _T = Post.__table__, Topic.__table__  # type: ignore[attr-defined]
_M: sa.Table = GroupMember.__table__  # type: ignore[attr-defined]
_H, _R = PostThanks.__table__, TopicRead.__table__  # type: ignore[attr-defined]
_BY_ME = sa.select(_W.c.id, _W.c.body, _W.c.state, _W.c.written_at).where(_W.c.author_id == sa.bindparam("me", type_=sa.Uuid))
_LAST = _BY_ME.order_by(_W.c.id.desc()).limit(MOST_POSTS).subquery("last")
_SHOWN = (
    sa.select(_LAST.c.id, _LAST.c.body).where(_LAST.c.state == PostState.SHOWN)
    .order_by(_LAST.c.id.desc()).limit(max(EARLIER, rules.NEWCOMER_POSTS)).subquery("shown")
)  # fmt: skip
_SINCE = sa.select(
    _BY_ME.with_only_columns(_W.c.written_at)
    .order_by(_W.c.id.desc())
    .offset(MOST_POSTS - 1)
    .limit(1)
    .scalar_subquery()
    .label("since")
).subquery("since")
_LATELY = sa.select(_SINCE.c.since, _SHOWN.c.id, _SHOWN.c.body).select_from(_SINCE.outerjoin(_SHOWN, sa.true())).order_by(
    _SHOWN.c.id.desc()
)  # fmt: skip
_NEXT = (
    sa.update(_T).where(_T.c.id == sa.bindparam("topic", type_=sa.Uuid))
    .values(last_number=_T.c.last_number + 1, last_at=sa.bindparam("at", type_=_T.c.last_at.type)).returning(_T.c.last_number)
)  # fmt: skip
_ADD = sa.insert(_W)
_FAR = {
    name: insert(_R).values(
        id=sa.bindparam("id"), member_id=sa.bindparam("me"), topic_id=sa.bindparam("topic"), number=sa.bindparam("to")
    ).on_conflict_do_update(
        index_elements=["member_id", "topic_id"], set_={"number": sa.bindparam("to")}, where=_R.c.number < sa.bindparam("to")
    )
    for name, insert in (("sqlite", sqlite.insert), ("postgresql", postgresql.insert))
}  # fmt: skip
ANSWERED = N_("Somebody answered you in one of your groups.")


@dataclass(frozen=True, slots=True)
class Where:
    """A topic in which somebody writes, and how they stand to its group."""

    group_id: UUID
    group_ref: str
    topic_id: UUID
    topic_ref: str
    seat: Seat
    begun: bool = True  # its first post is shown


@dataclass(frozen=True, slots=True)
class Sent:
    """What became of a post."""

    id: UUID
    ref: str
    topic_ref: str
    held: bool


@dataclass(frozen=True, slots=True)
class Lately:
    """What somebody wrote lately: of their last 60 posts those shown, the newest first; when the 60th was written."""

    shown: tuple[str, ...]
    since: datetime | None = None

    @property
    def newcomer(self) -> bool:
        """Say whether so few are shown that the checks look at their words as at a newcomer's."""
        return len(self.shown) < rules.NEWCOMER_POSTS

    def written(self, text: str, language: str) -> hooks.Written:
        """Return a new text of theirs as the checks read it."""
        return hooks.Written(text, language, self.newcomer, self.shown[:EARLIER])


def where(db: Session, actor: Actor, group_ref: str, ref: str) -> Where:
    """Return a topic that the actor reads, in one statement; for everybody else it is not there."""
    row = reading.topic(db.connection(), group_ref, ref, actor.me)
    if row is None or not rules.reads(actor, reading.seat_of(row)) or not (row.last_number or row.own):
        raise queries.not_here()
    return Where(row.group_id, row.group_ref, row.id, row.ref, reading.seat_of(row), row.last_number > 0)


def start_topic(db: Session, actor: Actor, group: Group, seat: Seat, wish: StartTopic) -> Sent:
    """Begin a topic with its first post; as long as that one is held, nobody else sees the topic."""
    require(rules.may_start_topic(actor, seat))
    topic = Topic(
        ref=new_ref(), group_id=group.id, author_id=actor.me, title=wish.title, language=wish.language, asks=wish.asks,
        last_at=now(),
    )  # fmt: skip
    db.add(topic)
    db.flush()
    return _write(db, actor, Where(group.id, group.ref, topic.id, topic.ref, seat), wish, f"{wish.title}\n{wish.body}")


def write(db: Session, actor: Actor, there: Where, wish: WritePost, file: MediaKind | None = None) -> Sent:
    """Write in a topic; what the checks hold waits for a person, and its writer sees that.

    ``file``: what the caller adds to it in the same transaction. No program hears or sees it, so a newcomer's waits.
    """
    require(rules.may_write(actor, there.seat))
    if not there.begun:  # a post with a number would show the group a title that nobody has read
        raise Invalid("", _("The first words of this topic are not shown. Nobody can write in it; your words are kept here."))
    return _write(db, actor, there, wish, wish.body, file)


def _lately(connection: sa.Connection, me: UUID) -> Lately:
    rows = connection.execute(_LATELY, {"me": me}).all()
    return Lately(tuple(row.body for row in rows if row.id is not None), rows[0].since)


def _write(
    db: Session, actor: Actor, there: Where, wish: WritePost, looked_at: str, file: MediaKind | None = None
) -> Sent:  # fmt: skip
    lately = _lately(db.connection(), actor.me)
    if lately.since is not None and now() - lately.since < timedelta(minutes=IN_MINUTES):
        raise Invalid("", _("That is a lot at once. Wait a little and send it again: your words are kept here."))
    # Inside the turn on purpose: measured, checks that run beside it keep the one who writes from the interpreter.
    found = hooks.look(lately.written(looked_at, wish.language), rules.read_first(actor))
    if file is not None and lately.newcomer:
        found = {**found, file.value: 1}
    quoted = _quoted(db, actor, there.topic_id, wish.quote)
    number = None if found else int(db.execute(_NEXT, {"topic": there.topic_id, "at": now()}).scalar_one())
    sent = Sent(new_id(), new_ref(), there.topic_ref, bool(found))
    # Of two at once, the second waits for the first one's number. Not through the ORM: this is the most frequent write of all.
    db.execute(_ADD, {
        "id": sent.id, "ref": sent.ref, "topic_id": there.topic_id, "group_id": there.group_id, "author_id": actor.me,
        "number": number, "state": PostState.HELD if found else PostState.SHOWN, "language": wish.language, "body": wish.body,
        "folded": folded(wish.body), "quote_id": quoted.id if quoted else None, "thanks": 0, "written_at": now(), "edited_at": None,
    })  # fmt: skip
    if found:
        hooks.tell_held(db, db.get_one(Post, sent.id), found)
    else:
        read_to(db, actor.me, there.topic_id, number or 0)
        _tell_quoted(db, actor, there, quoted)
    return sent


def is_newcomer(db: Session, member_id: UUID) -> bool:
    """Say whether somebody has so few posts shown that their words are looked at as a newcomer's."""
    return new_here(db.connection(), member_id)


def new_here(connection: sa.Connection, member_id: UUID) -> bool:
    """Say the same on a page that reads by itself; one statement."""
    return _lately(connection, member_id).newcomer


def folded(body: str) -> str:
    """Return the words of a post as they are looked for."""
    return " ".join(words(body))


def _quoted(db: Session, actor: Actor, topic_id: UUID, ref: str) -> Post | None:
    if not ref:
        return None
    row = db.exec(
        select(Post, Member.status).outerjoin(Member, col(Member.id) == Post.author_id)
        .where(Post.topic_id == topic_id, Post.ref == ref, Post.state == PostState.SHOWN)
    ).first()  # fmt: skip
    if row is None or not queries.is_seen(row[0], row[1], actor):
        raise Invalid("body", _("What you answer to is not there any more. Your words are kept: send them again."))
    return row[0]


def _tell_quoted(db: Session, actor: Actor, there: Where, quoted: Post | None) -> None:
    if quoted is None or quoted.author_id == actor.member_id:
        return
    if quoted.author_id is not None and queries.seat(db, there.group_id, quoted.author_id).inside:  # not whoever has left
        accounts.tell(db, quoted.author_id, ANSWERED, link=f"/g/{there.group_ref}/t/{there.topic_ref}")


def edit(db: Session, actor: Actor, seat: Seat, post: Post, body: str) -> None:
    """Put other words into a post of one's own; what stood there before can be read by all. A shown one may be held anew."""
    require(rules.may_write(actor, seat) and rules.may_change_post(actor, post.author_id, post.state))
    if body == post.body:
        return
    mine = select(Post.body, Post.state).where(Post.author_id == actor.me, Post.id != post.id).order_by(col(Post.id).desc())
    others = db.exec(mine.limit(MOST_POSTS)).all()
    lately = Lately(tuple(words for words, state in others if state == PostState.SHOWN))
    found = hooks.look(lately.written(body, post.language), rules.read_first(actor))
    if post.state == PostState.HELD and (file := queries.kind_of_file(db, post.id)):
        found = {**found, file.value: 1}  # whatever the words are now: nobody has heard or seen it yet
    if found and post.state == PostState.SHOWN:
        raise Invalid("body", _("These words would have to be read by somebody first. Delete the post and write a new one."))
    if post.state == PostState.SHOWN:
        db.add(PostVersion(post_id=post.id, body=post.body, until_at=now()))
        post.edited_at = now()
    post.body, post.folded = body, folded(body)
    db.flush()
    if post.state == PostState.HELD:  # whoever reads it at the desk must not let through words they have not seen
        hooks.tell_held(db, post, found)


def thank(db: Session, actor: Actor, seat: Seat, post: Post) -> bool:
    """Say "this helped", or take it back; return whether it stands now. Others see the number only."""
    require(rules.may_thank(actor, seat, post.author_id, post.state))
    same = sa.and_(_H.c.post_id == post.id, _H.c.member_id == actor.me)
    gone = db.execute(sa.delete(_H).where(same).returning(_H.c.id)).first() is not None
    if not gone:
        insert_into = sqlite.insert if db.get_bind().dialect.name == "sqlite" else postgresql.insert
        row = insert_into(_H).values(id=new_id(), post_id=post.id, member_id=actor.me).on_conflict_do_nothing()
        if db.execute(row.returning(_H.c.id)).first() is None:
            return True
    step = -1 if gone else 1
    db.execute(sa.update(_W).where(_W.c.id == post.id).values(thanks=_W.c.thanks + step))
    return not gone


def accept(db: Session, actor: Actor, seat: Seat, topic: Topic, post: Post) -> bool:
    """Say which answer helped, or take it back; return whether it stands now. Its writer is told."""
    require(rules.may_write(actor, seat) and rules.may_accept(actor, topic.asks, topic.author_id, post.author_id))
    stands = topic.answer_id != post.id and post.state == PostState.SHOWN and post.topic_id == topic.id
    topic.answer_id = post.id if stands else None
    db.flush()
    if stands and post.author_id is not None and queries.seat(db, topic.group_id, post.author_id).inside:
        accounts.tell(db, post.author_id, N_("Your answer in a group helped whoever asked. Thank you."))
    return stands


def pin(db: Session, actor: Actor, seat: Seat, topic: Topic) -> bool:
    """Let a topic stand on top, or no longer; return whether it does now."""
    require(rules.may_care(actor, seat, now().date()))
    pinned = select(sa.func.count()).where(Topic.group_id == topic.group_id, col(Topic.pinned), Topic.id != topic.id)
    if not topic.pinned and db.exec(pinned).one() >= rules.MOST_PINNED:
        raise Invalid("", _("At most %(n)s topics stand on top. Take one down first.", n=rules.MOST_PINNED))
    topic.pinned = not topic.pinned
    db.flush()
    return topic.pinned


def read_to(db: Session, member_id: UUID, topic_id: UUID, number: int) -> None:
    """Remember how far somebody has read; never backwards."""
    db.execute(_FAR[db.get_bind().dialect.name], {"id": new_id(), "me": member_id, "topic": topic_id, "to": number})


def note_read(db: Session, member_id: UUID, topic_id: UUID, number: int) -> None:
    """Remember it after the page has gone out, for whoever is still in the group: who left meanwhile leaves no trace."""
    place = sa.select(_M.c.id).join(_T, _T.c.group_id == _M.c.group_id).where(_T.c.id == topic_id, _M.c.member_id == member_id)
    if db.execute(place.with_for_update(of=_M, read=True)).first() is not None:
        read_to(db, member_id, topic_id, number)


def all_read(db: Session, actor: Actor, group: Group, seat: Seat) -> None:
    """Call everything of a group read."""
    require(rules.may_belong(actor, seat))
    place = queries.place(db, group.id, actor.me)
    if place is not None:
        place.fresh_from = now()
    last = db.execute(
        sa.select(_T.c.id, _T.c.last_number)
        .outerjoin(_R, sa.and_(_R.c.topic_id == _T.c.id, _R.c.member_id == actor.me))
        .where(_T.c.group_id == group.id, _R.c.number < _T.c.last_number)
    ).all()  # fmt: skip
    for row in last:
        read_to(db, actor.me, row.id, row.last_number)
    db.flush()


def forget_reading(db: Session, member_id: UUID, group_id: UUID | None = None) -> None:
    """Forget how far somebody has read, in one group or in all."""
    where = _R.c.member_id == member_id
    if group_id is not None:
        where = sa.and_(where, _R.c.topic_id.in_(sa.select(_T.c.id).where(_T.c.group_id == group_id)))
    db.execute(sa.delete(_R).where(where))
