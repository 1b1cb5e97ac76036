"""Members, their keys and sessions, their roles, and how they come back."""

import enum
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Field

from app.core.db import Row, Sealed, moment, words


class MemberStatus(enum.StrEnum):
    """Where an account stands."""

    APPLIED = "applied"  # registration by application: waits for a coordinator
    ACTIVE = "active"
    PAUSED = "paused"  # by the member: nothing of theirs is shown until they come back
    SUSPENDED = "suspended"  # by a decision
    LEAVING = "leaving"  # deletion asked for; seven days to change one's mind
    GONE = "gone"  # erased; the row keeps nothing but its id


class Limit(enum.StrEnum):
    """What a decision keeps an account from, for a time; the later, the stricter."""

    HELD = "held"  # what they write in groups waits for a person
    NO_TOPICS = "no_topics"  # they answer, and begin neither topics nor groups
    READ_ONLY = "read_only"  # they read and write nothing
    STOPPED = "stopped"  # they see what a visitor sees, and what is their own
    CLOSED = "closed"  # the same, until the account is deleted


class PhoneMode(enum.StrEnum):
    """Who uses this phone."""

    SHARED = "shared"
    ONLY_ME = "only_me"


class Role(enum.StrEnum):
    """Roles with power; every grant has an end date and an owner."""

    ORGANISER = "organiser"
    MENTOR = "mentor"
    COORDINATOR = "coordinator"
    SAFEGUARDING = "safeguarding"
    ANALYST = "analyst"
    OPERATOR = "operator"


class Member(Row, table=True):
    """A person with an account: a chosen name, a language, and as little else as possible."""

    name: str = Field(max_length=160)  # 40 characters as people see them; marks and joiners count here
    name_key: str = Field(max_length=160, unique=True)  # skeleton: what look-alikes share
    language: str = Field(default="en", max_length=12)
    area_id: UUID | None = Field(default=None, foreign_key="area.id")
    status: MemberStatus = Field(default=MemberStatus.ACTIVE, sa_type=words(MemberStatus))
    status_before: MemberStatus | None = Field(default=None, sa_type=words(MemberStatus))  # to go back to from "leaving"
    application: str | None = Field(default=None, sa_type=Sealed("member.application"))  # until a coordinator has decided
    adult: bool = True  # "18 or older: yes"; without it there is no account
    joined_on: date
    seen_on: date
    delete_after: datetime | None = moment(default=None)
    totp_secret: str | None = Field(default=None, sa_type=Sealed("member.totp_secret"))
    totp_step: int = 0  # the last time step used, so that a code works once
    cohort_id: UUID | None = Field(default=None, foreign_key="invitation.id")
    # What decisions about this account keep it from, and until when: of several of one kind the last to end. Worked out from the
    # decisions whenever one is made or taken back, and compared with the clock whenever it is used.
    held_until: datetime | None = moment(default=None)
    no_topics_until: datetime | None = moment(default=None)
    read_only_until: datetime | None = moment(default=None)
    stopped_until: datetime | None = moment(default=None)
    closed: bool = False  # and deleted when ``stopped_until`` has come


class MemberKey(Row, table=True):
    """The key of a member: locator by HMAC, the rest by Argon2id."""

    __tablename__ = "member_key"
    member_id: UUID = Field(foreign_key="member.id", index=True)
    locator_hash: str = Field(max_length=64, unique=True)
    secret_hash: str = Field(max_length=160)
    made_on: date


class RecoveryCode(Row, table=True):
    """One of eight codes that open the account once."""

    __tablename__ = "recovery_code"
    member_id: UUID = Field(foreign_key="member.id", index=True)
    code_hash: str = Field(max_length=64, unique=True)
    used_at: datetime | None = moment(default=None)


class Passkey(Row, table=True):
    """A passkey (WebAuthn credential) of a member."""

    member_id: UUID = Field(foreign_key="member.id", index=True)
    credential_id: str = Field(max_length=400, unique=True)
    public_key: bytes
    sign_count: int = 0
    label: str = Field(default="", max_length=60)
    added_on: date
    used_on: date | None = None


class SignIn(Row, table=True):
    """A signed-in browser; only the hash of its token is kept."""

    __tablename__ = "sign_in"
    token_hash: str = Field(max_length=64, unique=True)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    device: str = Field(default="", max_length=20)  # phone, tablet, computer: nothing finer
    mode: PhoneMode = Field(default=PhoneMode.SHARED, sa_type=words(PhoneMode))
    since: datetime = moment()
    seen_at: datetime = moment()
    idle_until: datetime = moment(index=True)
    ends_at: datetime = moment()
    proven_at: datetime = moment()  # when the key was last shown
    second_factor_at: datetime | None = moment(default=None)


class RoleGrant(Row, table=True):
    """Somebody holds a role, given by somebody, until a day."""

    __tablename__ = "role_grant"
    __table_args__ = (sa.CheckConstraint("until_on > from_on", "ends_after_start"),)
    member_id: UUID = Field(foreign_key="member.id", index=True)
    role: Role = Field(sa_type=words(Role))
    granted_by: UUID | None = None  # None: by the operator at the command line
    from_on: date
    until_on: date
    ended_on: date | None = None


class Invitation(Row, table=True):
    """A code for a cohort: how often it works and until when."""

    __table_args__ = (sa.CheckConstraint("uses_left >= 0", "uses_not_negative"),)
    code_hash: str = Field(max_length=64, unique=True)
    label: str = Field(max_length=80)
    uses: int
    uses_left: int
    until: datetime = moment()
    created_by: UUID
    ended_at: datetime | None = moment(default=None)


class WayBack(Row, table=True):
    """A request to come back without a key: two organisers vouch, 48 hours pass, the account is told and can stop it.

    A request for a name that nobody has is stored all the same, with no member, so that answers do not tell names.
    """

    __tablename__ = "way_back"
    receipt_hash: str = Field(max_length=64, unique=True)
    member_id: UUID | None = Field(default=None, foreign_key="member.id", index=True)
    asked_at: datetime = moment()
    ready_at: datetime | None = moment(default=None)  # 48 hours after the second yes
    stopped_at: datetime | None = moment(default=None)
    used_at: datetime | None = moment(default=None)


class Vouch(Row, table=True):
    """An organiser says: I know this person, and they asked me."""

    __table_args__ = (sa.UniqueConstraint("way_back_id", "organiser_id"),)
    way_back_id: UUID = Field(foreign_key="way_back.id", index=True)
    organiser_id: UUID = Field(foreign_key="member.id")
    at: datetime = moment()


class Answer(Row, table=True):
    """Something a member is told, in their language, under "my answers"; kept as a sentence with its parts."""

    member_id: UUID = Field(foreign_key="member.id", index=True)
    at: datetime = moment()
    sentence: str = Field(max_length=400)  # a msgid of the catalogues
    params: dict[str, Any] = Field(default_factory=dict, sa_type=sa.JSON)
    note: str | None = Field(default=None, sa_type=Sealed("answer.note"))  # words of a person, e.g. a coordinator's
    link: str | None = Field(default=None, max_length=200)
    matter: UUID | None = None  # the decision it came from: its statement of reasons has a page of its own
    read_at: datetime | None = moment(default=None)


class Export(Row, table=True):
    """A member's own copy of their data, while it can be fetched."""

    member_id: UUID = Field(foreign_key="member.id", index=True)
    asked_at: datetime = moment()
    file_name: str | None = Field(default=None, max_length=100)
    ready_at: datetime | None = moment(default=None)
    ends_at: datetime | None = moment(default=None)


class Erasure(Row, table=True):
    """What was erased, by random id only: applied again after every restore."""

    kind: str = Field(max_length=20)
    subject_id: UUID = Field(unique=True)
    on: date
    more: str | None = Field(default=None, sa_type=Sealed("erasure.more"))  # JSON: of a block that stands, whom it is between
