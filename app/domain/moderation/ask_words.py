"""What somebody wrote to one person of a group to ask for a talk, for safeguarding: what was flagged, what a decision does."""

import json
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.between import deciding, rules
from app.domain.moderation import answering, filing
from app.domain.moderation.posts import ReadPost
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as GONE
from app.models.between import PrivateTalk, TalkState
from app.models.groups import PostState
from app.models.moderation import Case, CaseState

ASK: Final = "ask"  # the kind of the subject
_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


def flaggable(db: Session, actor: Actor, ref: str) -> PrivateTalk:
    """Return an ask that reached the actor, also after a no or a block of theirs; NotFound otherwise."""
    wanted = select(PrivateTalk).where(
        PrivateTalk.ref == ref, PrivateTalk.asked_id == actor.member_id, col(PrivateTalk.heard),
        col(PrivateTalk.state).in_(rules.UNANSWERED), PrivateTalk.asked_at > now() - rules.ASKED,
    )  # fmt: skip
    row = db.exec(wanted).first() if actor.let_in else None
    if row is None:
        raise NotFound(_("This page is not here."))
    return row


def gone(db: Session, which: sa.Select[tuple[UUID]]) -> None:
    """Forget the words of then where the case is decided; what still waits is decided by them."""
    of_them = sa.and_(_CASES.c.subject_kind == ASK, _CASES.c.subject_id.in_(which))
    db.execute(sa.update(_CASES).where(of_them, _CASES.c.state == CaseState.CLOSED).values(snapshot=None))
    answering.close_about(db, sa.and_(col(Case.subject_kind) == ASK, col(Case.subject_id).in_(which)), GONE)


def snapshot(db: Session, case: Case) -> str | None:
    """Return the words as they stand now, and keep the asked one from deciding, whatever their role."""
    row = db.get(PrivateTalk, case.subject_id)
    if row is None:
        return None
    filing.bar(db, case, row.asked_id)
    return json.dumps({"body": row.words}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost | None:
    """Return the words for whoever has the case open; of an ask that was answered or is gone the words of then."""
    row = db.get(PrivateTalk, case.subject_id)
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    if row is None or row.state not in rules.UNANSWERED:
        return ReadPost("", row.language if row else "en", "", PostState.DELETED, bool(flagged), flagged, message=True)
    state = PostState.HIDDEN if row.state == TalkState.HIDDEN else PostState.SHOWN
    return ReadPost(row.words, row.language, "", state, False, "", message=True)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the ask is hidden by a decision."""
    row = db.get(PrivateTalk, case.subject_id)
    return row is not None and row.state == TalkState.HIDDEN


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Never: no ask waits for a person."""
    raise Conflict(_("There is nothing left to decide: it was taken back. Nothing you wrote is lost."))


refuse = let_through


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave it, or show it again. Where nothing changes whoever asked hears nothing: who flagged would be plain."""
    row = db.get(PrivateTalk, case.subject_id)
    if row is not None and row.state == TalkState.HIDDEN:
        deciding.unhide(db, actor, row)
        _tell(db, case, N_("We looked at a message of yours again. It is shown again."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide it from the asked one."""
    row = db.get(PrivateTalk, case.subject_id)
    if row is not None:
        deciding.hide(db, actor, row)
        _tell(db, case, N_("We hid a message that you wrote. The reason stands below."), words)


def _tell(db: Session, case: Case, sentence: str, words: str) -> None:
    if case.about_id is not None:
        accounts.tell(db, case.about_id, sentence, note=words)
