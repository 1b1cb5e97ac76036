"""Many of advertising and tricks at once: up to ten are opened, read on one page, and what is marked is hidden in one go."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Conflict, NotFound, Refused
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.moderation import deciding, posts, queries, rules
from app.domain.moderation.rules import Choice
from app.models.groups import Post
from app.models.moderation import MOST_AT_ONCE, Case, CaseKind, Outcome, Priority
from app.models.stories import StoryText

_C = Case.__table__  # type: ignore[attr-defined]
_P: sa.Table = Post.__table__  # type: ignore[attr-defined]
_T = StoryText.__table__.alias()  # type: ignore[attr-defined]  # of its own: what is open to somebody asks for translations
# Nobody said more of these than "advertising or a trick": one flag about danger, and a case is decided by itself.
_SPAM = (
    sa.select(_C.c.ref, _C.c.row_version, _C.c.claimed_by, _C.c.claimed_until, _P.c.body.label("post"), _T.c.title, _T.c.body)
    .outerjoin(_P, sa.and_(_C.c.subject_kind == posts.POST, _P.c.id == _C.c.subject_id))
    .outerjoin(_T, sa.and_(_C.c.subject_kind == "story", _T.c.story_id == _C.c.subject_id, _T.c.original))
    .where(*queries.OPEN_TO_ME, _C.c.priority == Priority.SPAM, _C.c.subject_kind.in_(("story", posts.POST)))
    .order_by(_C.c.due_at, _C.c.id).limit(MOST_AT_ONCE)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class One:
    """A case about advertising or a trick; its words only for whoever has opened it."""

    ref: str
    row_version: int
    words: str
    opened: bool


def waiting(db: Session, actor: Actor) -> list[One]:
    """Return up to ten that wait for the actor, what is due first on top; one statement."""
    moment = now()
    rows = db.execute(_SPAM, {"me": actor.me, "now": moment, "kinds": [CaseKind.FLAG, CaseKind.TALK]})
    return [_one(row, actor, moment) for row in rows]


def _one(row: Any, actor: Actor, moment: Any) -> One:
    opened = row.claimed_by == actor.member_id and row.claimed_until is not None and row.claimed_until > moment
    words = row.post or "\n".join(filter(None, (row.title, row.body)))
    return One(row.ref, row.row_version, words if opened else "", opened)


def open_all(db: Session, actor: Actor) -> int:
    """Open them for two hours; return how many are open. What somebody else took up meanwhile stays with them."""
    count = 0
    for one in waiting(db, actor):
        try:
            with db.begin_nested():
                deciding.open_case(db, actor, one.ref)
            count += 1
        except Conflict:
            continue
    return count


def hide(db: Session, actor: Actor, marked: Sequence[str], rule: int | None, words: str) -> tuple[int, str]:
    """Hide what is marked ("ref.row version"); return how many, and why the last of the others could not be ("").

    Raises Invalid with the field when nothing is marked, or rule or words are missing.
    """
    rules.check_spam(marked, rule, words, deciding.known_rules())
    done, why = 0, ""
    for ref, _dot, row_version in (one.partition(".") for one in marked):
        try:
            with db.begin_nested():
                _still_only_spam(db, actor, ref)
                deciding.decide(db, actor, ref, Choice(Outcome.HIDE, int(row_version), rule, words))
            done += 1
        except (Conflict, NotFound, Refused) as problem:
            why = problem.sentence
    return done, why


def _still_only_spam(db: Session, actor: Actor, ref: str) -> None:
    """Raise Conflict for what somebody said more of: it is read, and decided, by itself."""
    case = queries.case(db, actor, ref)
    if case.priority != Priority.SPAM or case.kind not in (CaseKind.FLAG, CaseKind.TALK):
        raise Conflict(_("Something new came in about this while you were writing. Look at it again. Nothing you wrote is lost."))
