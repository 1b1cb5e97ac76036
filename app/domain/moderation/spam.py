"""Many of advertising and tricks at once: up to ten are opened, read on one page, and what is marked is hidden in one go."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Conflict, NotFound, Refused
from app.core.i18n import N_, _
from app.core.settings import current
from app.domain.actor import Actor
from app.domain.moderation import deciding, posts, queries, rules
from app.domain.moderation.rules import Choice
from app.models.groups import Post
from app.models.moderation import MOST_AT_ONCE, Case, CaseKind, CaseState, Outcome, Priority
from app.models.stories import StoryText

_C = Case.__table__  # type: ignore[attr-defined]
_P: sa.Table = Post.__table__  # type: ignore[attr-defined]
_T = StoryText.__table__.alias()  # type: ignore[attr-defined]  # of its own: what is open to somebody asks for translations
# Nobody said more of these than "advertising or a trick": one flag about danger, and a case is decided by itself.
MOVED = N_("Something new came in about this while you were writing. Look at it again. Nothing you wrote is lost.")
_OPEN = (
    sa.select(
        _C.c.ref, _C.c.row_version, _C.c.claimed_by, _C.c.claimed_until, _C.c.snapshot, _P.c.body.label("post"),
        _T.c.title, _T.c.body,
    )
    .outerjoin(_P, sa.and_(_C.c.subject_kind == posts.POST, _P.c.id == _C.c.subject_id))
    .outerjoin(_T, sa.and_(_C.c.subject_kind == "story", _T.c.story_id == _C.c.subject_id, _T.c.original))
    .where(*queries.OPEN_TO_ME, _C.c.priority == Priority.SPAM, _C.c.subject_kind.in_(("story", posts.POST)))
    .where(sa.or_(_C.c.subject_kind == posts.POST, _T.c.body != ""))  # what is spoken or a picture is looked at by itself
)  # fmt: skip
_SPAM = _OPEN.order_by(_C.c.due_at, _C.c.id).limit(MOST_AT_ONCE)


@dataclass(frozen=True, slots=True)
class One:
    """A case about advertising or a trick; its words only for whoever has opened it."""

    ref: str
    mark: str  # address part, row version and the words as they stand now: what is hidden is what was read
    words: str
    before: str  # the words as they were flagged, where they have changed
    opened: bool


def waiting(db: Session, actor: Actor) -> list[One]:
    """Return up to ten that wait for the actor, what is due first on top; one statement."""
    return [_one(row, actor) for row in db.execute(_SPAM, _asking(actor))]


def _asking(actor: Actor) -> dict[str, Any]:
    return {"me": actor.me, "now": now(), "kinds": [CaseKind.FLAG, CaseKind.TALK]}


def _one(row: Any, actor: Actor) -> One:
    opened = row.claimed_by == actor.member_id and row.claimed_until is not None and row.claimed_until > now()
    words, kept = row.post or _together(row.title, row.body), json.loads(row.snapshot or "{}")
    before = _together(kept.get("title"), kept.get("body"))
    read = keyed_hash(current().secret, "spam-words", words)[:16]
    shown = (words, before if before != words else "") if opened else ("", "")
    return One(row.ref, f"{row.ref}.{row.row_version}.{read}", *shown, opened)


def _together(title: str | None, body: str | None) -> str:
    return "\n".join(filter(None, (title, body)))


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
    """Hide what is marked (as One has it); return how many, and why the last of the others could not be ("").

    Raises Invalid with the field when nothing is marked, or rule or words are missing.
    """
    rules.check_spam(marked, rule, words, deciding.known_rules())
    done, why = 0, ""
    rows = db.execute(_OPEN.where(_C.c.ref.in_([one.partition(".")[0] for one in marked])), _asking(actor))
    still = {one.mark for one in (_one(row, actor) for row in rows)}
    for one in marked:
        ref, row_version, _read = one.split(".")
        try:
            with db.begin_nested():
                if one not in still and queries.case(db, actor, ref).state == CaseState.OPEN:
                    raise Conflict(_(MOVED))  # other words, or somebody said more of it: it is read by itself
                deciding.decide(db, actor, ref, Choice(Outcome.HIDE, int(row_version), rule, words))
            done += 1
        except (Conflict, NotFound, Refused) as problem:
            why = problem.sentence
    return done, why
