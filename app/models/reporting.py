"""The numbers: the one question about oneself, who looked at its answers, frozen counts, releases, and what follows from them."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class GenderAnswer(Row, table=True):
    """What a member said about their gender, apart from the account; every answer is sealed at the same length."""

    __tablename__ = "gender_answer"
    member_id: UUID = Field(foreign_key="member.id", unique=True)
    said: str = Field(sa_type=Sealed("gender_answer.said"))
    told_on: date


class AskedQuestion(Row, table=True):
    """A further question about oneself that the network asks, beside gender; without a row it is not asked."""

    __tablename__ = "asked_question"
    key: str = Field(max_length=20, unique=True)  # one of more.MORE
    since: date


class Why(enum.StrEnum):
    """Why answers were opened."""

    COUNT = "count"  # all of them, by the machine, for the numbers of a month
    OWN = "own"  # by the member, on the page
    COPY = "copy"  # for the member's own copy
    TAKEN_BACK = "taken_back"  # nobody opened it: it was taken back; ``period`` is the day since which it was there


class AnswerLook(Row, table=True):
    """One opening of answers: by whom and what for. Without a member: all of them were counted."""

    __tablename__ = "answer_look"
    at: datetime = moment(index=True)
    why: Why = Field(sa_type=words(Why))
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    period: str = Field(default="", max_length=10)


class NumberSnapshot(Row, table=True):
    """The exact counts of a month, frozen and sealed; only the protector reads them."""

    __tablename__ = "number_snapshot"
    period: str = Field(max_length=10, unique=True)
    counted_on: date
    counts: str = Field(sa_type=Sealed("number_snapshot.counts"))  # JSON


class StepSet(Row, table=True):
    """Of whom a month told on a step what they said to a question: it is told anew when ten of them have come or gone."""

    __tablename__ = "step_set"
    __table_args__ = (sa.UniqueConstraint("step", "question", "period"),)
    step: str = Field(max_length=20)
    question: str = Field(default="", max_length=20)  # one of more.MORE, "" for gender
    period: str = Field(max_length=10)
    marks: str = Field(sa_type=Sealed("step_set.marks"))
    printed: bool  # as many as are printed, and not so many that nobody knows them


class MarkKey(Row, table=True):
    """The key of the marks of those who were counted; one row."""

    __tablename__ = "mark_key"
    key: str = Field(sa_type=Sealed("mark_key.key"))
    leaving: str | None = Field(
        default=None, sa_type=Sealed("mark_key.leaving")
    )  # marks of who was erased, to be replaced by chance


class NumberRelease(Row, table=True):
    """What is published of a month, protected; a correction is a row of its own."""

    __tablename__ = "number_release"
    __table_args__ = (sa.UniqueConstraint("period", "revision"), sa.Index(None, "published_at"))
    ref: str = Field(max_length=12, unique=True)
    period: str = Field(max_length=10)
    revision: int = 1
    counted_on: date
    prepared_at: datetime = moment()
    published_at: datetime | None = moment(default=None)
    body: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # exactly what can be downloaded
    remarks: list[Any] = Field(default_factory=list, sa_type=sa.JSON)  # its notes as sentences that can be translated
    told_before: int = 0  # numbers that earlier releases gave away to whoever knows who left: for the desk, never published
    promises: list[Any] = Field(
        default_factory=list, sa_type=sa.JSON
    )  # what was going to change when it was published; with the id of each, so that it can be taken away


class Says(enum.StrEnum):
    """What is said of a group: one of two lines, or nothing."""

    BALANCED = "balanced"  # at least 40 in 100 of women and of men each, of those who said one of the two
    LESS = "less"  # fewer of one
    UNTOLD = "untold"  # too few people, too few answers, or too much like another group


class GroupLine(Row, table=True):
    """What is said of a group from the end of a quarter on, until ten people have come or gone; its newest row counts."""

    __tablename__ = "group_line"
    __table_args__ = (sa.UniqueConstraint("group_id", "period"),)
    group_id: UUID = Field(foreign_key="member_group.id")
    period: str = Field(max_length=10)  # the last month of the quarter
    says: Says = Field(sa_type=words(Says))
    threshold: int  # so many had to have answered
    marks: str = Field(default="", sa_type=Sealed("group_line.marks"))  # of who belonged to it, to see how many have moved since
    counted_on: date
    published_on: date | None = None


class ReferencePopulation(Row, table=True):
    """Whom the network ought to represent: women's share there, with source, year and place."""

    __tablename__ = "reference_population"
    __table_args__ = (sa.CheckConstraint("share BETWEEN 0 AND 100", "share_is_of_a_hundred"),)
    source: str = Field(max_length=200)
    year: int
    place: str = Field(max_length=120)
    share: int  # per cent
    made_on: date
    ended_on: date | None = None


class NumberGoal(Row, table=True):
    """What the network wants of a figure: women's share of a step, or the part that answers, of a hundred at least."""

    __tablename__ = "number_goal"
    __table_args__ = (sa.CheckConstraint("least BETWEEN 1 AND 100", "least_is_of_a_hundred"),)
    what: str = Field(max_length=20)  # the key of a step, or goals.RESPONSE
    least: int  # per cent
    made_on: date
    ended_on: date | None = None


class ChangePromise(Row, table=True):
    """What the network will change because of its numbers, who sees to it, and by when; public with the next release."""

    __tablename__ = "change_promise"
    what: str = Field(max_length=300)
    owner: str = Field(max_length=120)  # one of promising.OWNERS
    due_on: date
    made_on: date
    done_on: date | None = None
    outcome: str = Field(default="", max_length=300)


class Body(enum.StrEnum):
    """Who decides something in a group, or in the network."""

    LEAD = "lead"
    MONEY = "money"
    ENTRY = "entry"  # who comes in
    DISPUTES = "disputes"


class Composition(enum.StrEnum):
    """What a body says of itself: one of two lines, or that it does not say; never how many."""

    BOTH = "both"  # at least 40 in 100 are women, and at least 40 in 100 are men
    FEWER = "fewer"  # fewer of one
    SILENT = "silent"


class Looked(enum.StrEnum):
    """Whether somebody who does not sit there has looked at what a body says of itself."""

    NOT_YET = "not_yet"
    FITS = "fits"
    BACK = "back"  # they see it differently: those who said it look at it again, and until then nobody reads it


class BodyDeclaration(Row, table=True):
    """What those who decide something say of themselves, until it is said anew or taken back: then the row is gone."""

    __tablename__ = "body_declaration"
    key: str = Field(max_length=60, unique=True)  # of whom: one stands at a time
    group_id: UUID | None = Field(default=None, foreign_key="member_group.id", index=True)  # None: of the network
    body: Body = Field(sa_type=words(Body))
    says: Composition = Field(sa_type=words(Composition))
    said_on: date
    said_by: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    looked: Looked = Field(default=Looked.NOT_YET, sa_type=words(Looked))
    looked_on: date | None = None
