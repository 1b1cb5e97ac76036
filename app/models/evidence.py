"""Sealed copies of what a case is about, kept as evidence by two people until a day."""

from datetime import date, datetime
from typing import Any
from uuid import UUID

from sqlmodel import Field

from app.core.db import Row, Sealed, SealedJson, moment


class EvidenceCopy(Row, table=True):
    """A copy that neither a deletion nor a purge takes away; one person asked for it, another one confirmed it."""

    __tablename__ = "evidence_copy"
    ref: str = Field(max_length=12, unique=True)
    case_id: UUID = Field(index=True)  # no foreign key: a case ends after a year, a copy when it was said
    kind: str = Field(max_length=20)  # of what it is a copy: story, translation, post, message …
    private: bool = False  # it was written to one person: only safeguarding reads it
    about_id: UUID | None = Field(default=None, index=True)  # whose it was: for this member it is not there
    # Ids of everybody else for whom it is not there.
    kept_from: list[str] = Field(default_factory=list, sa_type=SealedJson("evidence_copy.kept_from"))
    reason: str = Field(sa_type=Sealed("evidence_copy.reason"))
    copied: dict[str, Any] = Field(sa_type=SealedJson("evidence_copy.copied"))  # words, and files as base64
    asked_by: UUID
    asked_at: datetime = moment()
    days: int | None = None  # for how long from the confirmation on it is (or would be) kept; None: nothing waits, 0: delete it
    confirmed_by: UUID | None = None
    until: date | None = Field(default=None, index=True)  # the last day; None while nobody has confirmed it
    row_version: int = 1
