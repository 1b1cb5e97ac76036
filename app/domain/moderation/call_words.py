"""What is wrong with a call for money, at the desk: a coordinator who did not enter it looks, and puts it right in the register."""

from typing import Final
from uuid import UUID

from sqlmodel import Session

from app.core.errors import Conflict
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.money import queries as money
from app.models.moderation import Case
from app.models.money import FundCall

CALL: Final = "call"  # the kind of the subject


def flaggable(db: Session, ref: str) -> FundCall:
    """Return a call: everybody sees it, so everybody can say that something is wrong. NotFound for none."""
    return money.call(db, ref)


def snapshot(db: Session, call_id: UUID) -> str:
    """Return which version of a call somebody told us about: no words, because those that name a person go for good."""
    return str(db.get_one(FundCall, call_id).row_version)


def was_changed(db: Session, case: Case) -> bool:
    """Say whether a call was changed since somebody said that something is wrong with it."""
    return case.snapshot is not None and case.snapshot != snapshot(db, case.subject_id)


def put_right(db: Session, _actor: Actor, case: Case, _words: str) -> None:
    """See that the call was changed since somebody told us; Conflict where it was not: nobody is told what is not so."""
    if not was_changed(db, case):
        raise Conflict(_("Nothing in this call has changed yet. Change it, or take the words out, then decide."))
