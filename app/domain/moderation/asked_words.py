"""Questions from abroad and their answers at the desk: flagged and decided. Whoever answered is told; nobody knows who asked."""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.asking import answering as asking
from app.domain.asking import queries as asking_queries
from app.domain.moderation import answering
from app.domain.moderation.posts import ReadPost
from app.domain.moderation.wording import TAKEN_OUT_BY_YOU as GONE
from app.models.abroad import AbroadQuestion, AbroadWord, WordState
from app.models.groups import PostState
from app.models.moderation import Case, CaseState

ASKED = "asked"  # the kind of the subject
_CASES: sa.Table = Case.__table__  # type: ignore[attr-defined]


def gone(db: Session, which: sa.Select[tuple[UUID]]) -> None:
    """What was flagged is decided all the same, by the words of then; what was decided keeps none of them."""
    about = sa.and_(_CASES.c.subject_kind == ASKED, _CASES.c.subject_id.in_(which))
    db.execute(sa.update(_CASES).where(about, _CASES.c.state == CaseState.CLOSED).values(snapshot=None))
    answering.close_about(db, sa.and_(col(Case.subject_kind) == ASKED, col(Case.subject_id).in_(which)), GONE)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[AbroadWord, str]:
    """Return something that was said, and its address; NotFound when there is nothing to see for them."""
    return asking_queries.flaggable(db, actor, ref)


def snapshot(db: Session, case: Case) -> str:
    """Return the words as they stand now."""
    return json.dumps({"body": db.get_one(AbroadWord, case.subject_id).body or ""}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost | None:
    """Return the words for whoever has the case open."""
    word = db.get(AbroadWord, case.subject_id)
    if word is None:
        return None
    language = db.get_one(AbroadQuestion, word.question_id).language
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    changed = bool(flagged) and flagged != (word.body or "")
    return ReadPost(word.body or "", language, "", PostState.SHOWN, changed, flagged if changed else "", asked=True)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether it is hidden by a decision."""
    word = db.get(AbroadWord, case.subject_id)
    return word is not None and word.state == WordState.HIDDEN


def _tell(db: Session, word: AbroadWord, sentence: str, words: str) -> None:
    if word.by_id is not None:
        accounts.tell(db, word.by_id, sentence, note=words)


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Nothing waits here: what the checks find in a question, coordinators answer. So this is what showing again is."""
    keep(db, actor, case, words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """As above: what is refused is hidden."""
    hide(db, actor, case, words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave it as it is, or show it again; where nothing changes nobody hears of it."""
    word = db.get_one(AbroadWord, case.subject_id)
    if word.state == WordState.HIDDEN:
        asking.show(db, actor, word)
        _tell(db, word, N_("We looked at what you wrote in a group again. It is shown again."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide what was flagged."""
    word = db.get_one(AbroadWord, case.subject_id)
    asking.hide(db, actor, word)
    _tell(db, word, N_("We hid an answer that you wrote to somebody abroad. The reason stands below."), words)
