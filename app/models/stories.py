"""Stories of return: the story, its texts in several languages, its consents, its media."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class StoryStatus(enum.StrEnum):
    """Where a story stands; see domain/stories/rules.py for the ways between."""

    DRAFT = "draft"
    SUBMITTED = "submitted"
    IN_REVIEW = "in_review"
    CHANGE_ASKED = "change_asked"
    APPROVED = "approved"  # waits until publish_after
    PUBLISHED = "published"
    PAUSED = "paused"
    DECLINED = "declined"
    TAKEN_BACK = "taken_back"
    EXPIRED = "expired"


class NameForm(enum.StrEnum):
    """Which name others see; anonymous is a latch."""

    CHOSEN = "chosen"
    LETTER = "letter"
    ANONYMOUS = "anonymous"


class Audience(enum.StrEnum):
    """The ladder of who may see."""

    ONLY_ME = "only_me"
    MEMBERS = "members"
    EVERYONE = "everyone"


class Season(enum.StrEnum):
    """As fine as time gets in a story."""

    SPRING = "spring"
    SUMMER = "summer"
    AUTUMN = "autumn"
    WINTER = "winter"
    RAINS = "rains"
    DRY = "dry"


class Purpose(enum.StrEnum):
    """What a teller agrees to, one by one."""

    MEMBERS = "members"
    PUBLIC = "public"
    RADIO = "radio"
    PRINT = "print"
    PARTNERS = "partners"
    RESEARCH = "research"


class ConsentAct(enum.StrEnum):
    """A row of the ledger gives or withdraws."""

    GIVEN = "given"
    WITHDRAWN = "withdrawn"


class SecondLook(enum.StrEnum):
    """What a second reader says to a translation; without their yes it is shown to nobody."""

    WAITS = "waits"
    FINE = "fine"
    CHANGE_ASKED = "change_asked"
    DECLINED = "declined"


class Story(Row, table=True):
    """What a member tells others about coming back; it belongs to its teller."""

    __table_args__ = (
        sa.CheckConstraint("(status <> 'published') OR (published_on IS NOT NULL)", "published_is_dated"),
        sa.Index(None, "status", "audience"),
    )
    ref: str = Field(max_length=12, unique=True)
    author_id: UUID = Field(foreign_key="member.id", index=True)
    status: StoryStatus = Field(default=StoryStatus.DRAFT, sa_type=words(StoryStatus))
    language: str = Field(default="en", max_length=12)  # of the original
    name_form: NameForm = Field(default=NameForm.CHOSEN, sa_type=words(NameForm))
    audience: Audience = Field(default=Audience.ONLY_ME, sa_type=words(Audience))
    area_id: UUID | None = Field(default=None, foreign_key="area.id")
    year: int | None = None
    season: Season | None = Field(default=None, sa_type=words(Season))
    themes: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    needs: list[str] = Field(default_factory=list, sa_type=sa.JSON)
    heavy: bool = False
    step: str = Field(default="why", max_length=20)  # where the teller stopped
    row_version: int = 1  # moves with each change; two people editing at once is noticed
    submitted_at: datetime | None = moment(default=None)
    publish_after: datetime | None = moment(default=None)
    published_on: date | None = None  # a day, never a minute
    until_on: date | None = None  # the earliest end of the consents that carry the publication
    ended_on: date | None = None
    held: bool = False  # paused by a decision, not by the teller: only a coordinator shows it again
    rested: bool = False  # it was paused before it was hidden: taken back, that leaves it paused
    reminded_on: date | None = None  # "until I say": once a year the teller is asked whether it is still right
    touched_at: datetime = moment()  # for retention of drafts only, never shown


class StoryText(Row, table=True):
    """One language of a story: the original, or a translation by a person."""

    __tablename__ = "story_text"
    __table_args__ = (sa.UniqueConstraint("story_id", "language"),)
    story_id: UUID = Field(foreign_key="story.id", index=True)
    language: str = Field(max_length=12)
    original: bool = True
    title: str = Field(default="", max_length=120)
    body: str = ""
    hard: str = ""
    helped: str = ""
    differently: str = ""
    next: str = ""
    content_note: str = Field(default="", max_length=200)
    summary: str = Field(default="", max_length=2000)  # what is said in the voice, in writing
    translator_id: UUID | None = None  # who wrote the words that stand here
    named: bool = False  # the translator wants their name to stand there; it is read from their account, never copied
    machine: bool = False  # a program translated it, a person read it over
    version: int = 1  # of this text
    source_version: int = 1  # the original's version this translation was made from
    confirmed: bool = True  # text edited by somebody else waits for its teller's yes
    second_look: SecondLook = Field(default=SecondLook.WAITS, sa_type=words(SecondLook))  # of a translation; see rules.py
    edited_by: UUID | None = None


class StoryProposal(Row, table=True):
    """What somebody else would write instead; the story changes only when its teller says yes."""

    __tablename__ = "story_proposal"
    __table_args__ = (sa.UniqueConstraint("story_id", "language"),)
    story_id: UUID = Field(foreign_key="story.id", index=True)
    language: str = Field(max_length=12)
    base_version: int  # the version of the text that it would change
    fields: str = Field(sa_type=Sealed("story_proposal.fields"))  # JSON: field name -> words
    made_by: UUID
    made_on: date
    # Of a translation: which version of the original it was made from, and what StoryText says of it.
    source_version: int = 1
    named: bool = False
    machine: bool = False
    looked: bool = False  # a second reader made it: nobody else has to look at it again


class Consent(Row, table=True):
    """The ledger: rows are added, never changed or removed (triggers hold this)."""

    __table_args__ = (sa.UniqueConstraint("story_id", "number"),)
    story_id: UUID  # no foreign keys: the proof stays, as bare ids, when the rest is erased
    number: int  # the order within one story: two rows may fall on the same moment
    member_id: UUID
    act: ConsentAct = Field(sa_type=words(ConsentAct))
    purpose: Purpose = Field(sa_type=words(Purpose))
    text_version: str = Field(max_length=20)
    text_hash: str = Field(max_length=64)
    language: str = Field(max_length=12)
    how: str = Field(default="screen", max_length=20)
    helper_present: bool = False
    from_on: date
    until_on: date | None = None
    at: datetime = moment()


class StoryService(Row, table=True):
    """A service that a story mentions."""

    __tablename__ = "story_service"
    __table_args__ = (sa.UniqueConstraint("story_id", "service_id"),)
    story_id: UUID = Field(foreign_key="story.id", index=True)
    service_id: UUID = Field(index=True)


class MediaKind(enum.StrEnum):
    """What a file is."""

    VOICE = "voice"
    PICTURE = "picture"


class MediaState(enum.StrEnum):
    """Where a file stands."""

    READY = "ready"
    GONE = "gone"


class Media(Row, table=True):
    """A picture or a voice, already made anew by us; the original is never kept."""

    ref: str = Field(max_length=12, unique=True)
    story_id: UUID = Field(foreign_key="story.id", index=True)
    kind: MediaKind = Field(sa_type=words(MediaKind))
    state: MediaState = Field(default=MediaState.READY, sa_type=words(MediaState))
    files: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)  # {"webp": {"name": …, "bytes": …}, …}
    seconds: float | None = None
    width: int | None = None
    height: int | None = None
    alt: str = Field(default="", max_length=300)
    faces_asked: bool = False  # the teller was asked about faces and said it is all right
