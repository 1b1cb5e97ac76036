"""Groups: where people talk. What kind of group it is, who belongs to it, how one comes in, and what is said."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words
from app.models.stories import MediaKind


class Visibility(enum.StrEnum):
    """Who learns that there is such a group."""

    LISTED = "listed"  # everybody
    UNLISTED = "unlisted"  # whoever has its address
    HIDDEN = "hidden"  # its members, and whoever holds a code


class JoinPolicy(enum.StrEnum):
    """How one comes in."""

    OPEN = "open"
    ASK = "ask"
    INVITE = "invite"


class GroupRole(enum.StrEnum):
    """What somebody does for the group, until a day."""

    MEMBER = "member"
    ORGANISER = "organiser"
    WELCOME = "welcome"  # meets those who are new
    CONTACT = "contact"  # safeguarding: whom to turn to
    MONEY = "money"  # keeps the accounts


class RequestState(enum.StrEnum):
    """Where a wish to come in stands."""

    WAITING = "waiting"
    ACCEPTED = "accepted"
    REFUSED = "refused"


class PostState(enum.StrEnum):
    """Whether what somebody wrote is seen by the group."""

    SHOWN = "shown"
    HELD = "held"  # waits for a person at the desk; only its writer sees it
    REFUSED = "refused"  # was not let through; only its writer sees it
    HIDDEN = "hidden"  # by a decision
    DELETED = "deleted"  # by its writer: the words are gone, the place stays


class GroupState(enum.StrEnum):
    """Whether what a group says about itself may be read by those outside."""

    SHOWN = "shown"
    WAITS = "waits"  # somebody at the desk reads it first, or nobody cares for it: there for its members only
    HIDDEN = "hidden"  # by a decision: there for its organisers only, who can change the words
    CLOSED = "closed"  # its last member has left: there for nobody


class Outcome(enum.StrEnum):
    """How an election ended."""

    CHOSEN = "chosen"
    NOBODY = "nobody"  # stood, or stands any more
    FEW = "few"  # votes
    NONE = "none"  # of those who stood had more votes than "none of them"
    TIED = "tied"
    STOPPED = "stopped"  # by an organiser, before the vote began
    AWAY = "away"  # the group could not be read when the votes were counted
    LOST = "lost"  # a restored older copy does not know how it ended


class Group(Row, table=True):
    """A circle of people inside the network."""

    __tablename__ = "member_group"
    ref: str = Field(max_length=12, unique=True)
    name: str = Field(max_length=80)
    purpose: str = Field(default="", max_length=2_000)
    language: str = Field(default="en", max_length=12)
    area_id: UUID | None = Field(default=None, foreign_key="area.id")
    themes: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    open_to: list[str] = Field(default_factory=list, sa_type=sa.JSON)  # empty: everybody
    women_only: bool = False
    visibility: Visibility = Field(default=Visibility.LISTED, sa_type=words(Visibility))
    join_policy: JoinPolicy = Field(default=JoinPolicy.ASK, sa_type=words(JoinPolicy))
    question: str = Field(default="", max_length=200)  # what who asks to come in is asked
    rules: str = Field(default="", max_length=4_000)
    agenda: str = Field(default="", max_length=2_000)
    template: str = Field(default="", max_length=20)
    members: int = 0  # how many belong to it: kept beside the rows, so that no page has to count
    row_version: int = 1
    state: GroupState = Field(default=GroupState.SHOWN, sa_type=words(GroupState))
    words_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # whose words these are, for the desk
    started_on: date
    alone_since: date | None = Field(default=None, index=True)  # since when nobody cares for it
    asleep: bool = False  # it waits because nobody cares for it: it wakes with whoever does


class GroupTypology(Row, table=True):
    """What kind of group it is, on four axes (Meiners, DGAP 2023), on a day: the newest row counts, the others are its history."""

    __tablename__ = "group_typology"
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    on: date
    begun_by: str = Field(max_length=10)  # self-organised (1) … set up by others (5), mixed, unknown
    support: str = Field(max_length=10)  # peer-to-peer (1) … charitable (5)
    journeys: str = Field(max_length=10)  # forced (1) … voluntary returns (5)
    structure: str = Field(max_length=10)  # informal (1) … formal (5)
    funded_by: str = Field(default="", max_length=200)


class GroupPoint(Row, table=True):
    """A point of a group's passport that its organisers say is done, since a day; who said so is not kept here."""

    __tablename__ = "group_point"
    __table_args__ = (sa.UniqueConstraint("group_id", "point"),)
    group_id: UUID = Field(foreign_key="member_group.id")
    point: str = Field(max_length=20)
    on: date


class GroupMember(Row, table=True):
    """Somebody belongs to a group."""

    __tablename__ = "group_member"
    __table_args__ = (sa.UniqueConstraint("member_id", "group_id"),)
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    member_id: UUID = Field(foreign_key="member.id")
    role: GroupRole = Field(default=GroupRole.MEMBER, sa_type=words(GroupRole))
    role_since: date | None = None
    role_until: date | None = None
    reminded: bool = False  # that the role ends soon
    kind: str | None = Field(default=None, sa_type=Sealed("group_member.kind"))  # private: what one is here, if one says it
    step: str | None = Field(default=None, sa_type=Sealed("group_member.step"))  # private: what came after needing help oneself
    joined_on: date
    fresh_from: datetime = moment()  # what was written before is not called new


class GroupElection(Row, table=True):
    """A group chooses who takes on a role: people stand until a day, members vote until another one."""

    __tablename__ = "group_election"
    ref: str = Field(max_length=12, unique=True)
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    role: GroupRole = Field(sa_type=words(GroupRole))
    begun_on: date  # who belonged to the group on this day stands and votes
    stand_until: date
    vote_until: date
    hands_on_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)  # whose role ends when somebody is chosen
    topic_id: UUID | None = Field(default=None, foreign_key="topic.id")  # where those who stand say why
    called: bool = False  # members were told that they can vote
    box: str | None = Field(default=None, sa_type=Sealed("group_election.box"))  # see electing/box.py; emptied once counted
    outcome: Outcome | None = Field(default=None, sa_type=words(Outcome))
    ended_on: date | None = None


class GroupCandidate(Row, table=True):
    """Somebody stands, of their own will; deleted with the election, 90 days after it."""

    __tablename__ = "group_candidate"
    __table_args__ = (sa.UniqueConstraint("election_id", "member_id"),)
    election_id: UUID = Field(foreign_key="group_election.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)
    post_id: UUID | None = Field(default=None, foreign_key="post.id", index=True)  # their words, in the talk of the group
    chosen: bool = False
    votes: int | None = None  # rounded, and only where the protection of numbers lets all of them be told


class GroupRequest(Row, table=True):
    """Somebody would like to come in."""

    __tablename__ = "group_request"
    __table_args__ = (sa.UniqueConstraint("group_id", "member_id"),)
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    state: RequestState = Field(default=RequestState.WAITING, sa_type=words(RequestState))
    answer: str | None = Field(default=None, sa_type=Sealed("group_request.answer"))
    reason: str | None = Field(default=None, sa_type=Sealed("group_request.reason"))
    asked_at: datetime = moment()
    decided_at: datetime | None = moment(default=None)


class GroupCode(Row, table=True):
    """A code that lets people in: how often it works and until when."""

    __tablename__ = "group_code"
    __table_args__ = (sa.CheckConstraint("uses_left >= 0", "uses_not_negative"),)
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    uses: int
    uses_left: int
    until: datetime = moment()
    created_by: UUID
    ended_at: datetime | None = moment(default=None)


class GroupLeaving(Row, table=True):
    """Why somebody left: nobody stands in it, and no day."""

    __tablename__ = "group_leaving"
    group_id: UUID = Field(foreign_key="member_group.id", index=True)
    reason: str = Field(max_length=20)
    month: date  # its first day


class Topic(Row, table=True):
    """What is talked about: a title and posts in the order of a chat."""

    __table_args__ = (sa.Index(None, "group_id", "pinned", "last_at", "id"),)
    ref: str = Field(max_length=12, unique=True)
    group_id: UUID = Field(foreign_key="member_group.id")
    author_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    title: str = Field(max_length=120)
    language: str = Field(default="en", max_length=12)
    asks: bool = False  # a question: whoever asked can say which answer helped
    answer_id: UUID | None = None
    pinned: bool = False
    veiled: bool = False  # its first post is hidden by a decision, and the title with it
    last_number: int = 0  # of posts that are shown; 0: the first one is held, nobody but its writer sees the topic
    last_at: datetime = moment()


class Post(Row, table=True):
    """What somebody wrote in a topic; its number is its place in the order, given when it is shown."""

    __table_args__ = (
        sa.UniqueConstraint("topic_id", "number"), sa.Index(None, "group_id", "id"), sa.Index(None, "author_id", "id"),
    )  # fmt: skip
    ref: str = Field(max_length=12, unique=True)
    topic_id: UUID = Field(foreign_key="topic.id")
    group_id: UUID = Field(foreign_key="member_group.id")
    author_id: UUID | None = Field(default=None, foreign_key="member.id")
    number: int | None = None
    state: PostState = Field(default=PostState.SHOWN, sa_type=words(PostState))
    language: str = Field(default="en", max_length=12)
    body: str = Field(default="", max_length=4_000)
    folded: str = ""  # the words as they are looked for
    quote_id: UUID | None = None
    thanks: int = 0
    written_at: datetime = moment()
    edited_at: datetime | None = moment(default=None)


class PostFile(Row, table=True):
    """A voice or a picture in a post, made anew by us; the row goes with its files. The words of the post say the same."""

    __tablename__ = "post_file"
    post_id: UUID = Field(foreign_key="post.id", unique=True)
    kind: MediaKind = Field(sa_type=words(MediaKind))
    files: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # {"webp": {"name": …, "bytes": …}, …}
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    aside: bool = False  # its post is gone or without its writer, and somebody flagged it: there for that decision only


class PostVersion(Row, table=True):
    """What stood in a post before it was changed: everybody who reads the post can see it."""

    __tablename__ = "post_version"
    post_id: UUID = Field(foreign_key="post.id", index=True)
    body: str = Field(max_length=4_000)
    until_at: datetime = moment()


class PostThanks(Row, table=True):
    """Somebody says "this helped"; shown as a number only."""

    __tablename__ = "post_thanks"
    __table_args__ = (sa.UniqueConstraint("post_id", "member_id"),)
    post_id: UUID = Field(foreign_key="post.id")
    member_id: UUID = Field(foreign_key="member.id", index=True)


class TopicRead(Row, table=True):
    """How far somebody has read; told to nobody else."""

    __tablename__ = "topic_read"
    __table_args__ = (sa.UniqueConstraint("member_id", "topic_id"),)
    member_id: UUID = Field(foreign_key="member.id")
    topic_id: UUID = Field(foreign_key="topic.id", index=True)
    number: int
