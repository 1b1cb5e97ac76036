"""What those who work at the desk take, and how much of what is heavy: for themselves alone, and never a block."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.i18n import N_
from app.domain.moderation import rules
from app.models.moderation import Case, CaseKind, Decision, DeskCare, Flag, Priority


@dataclass(frozen=True, slots=True)
class Topic:
    """What somebody may leave to others: cases for which somebody gave one of these reasons, or of these kinds."""

    label: str
    reasons: frozenset[str] = frozenset()
    kinds: frozenset[CaseKind] = frozenset()


TOPICS: Final[Mapping[str, Topic]] = {
    "violence": Topic(N_("Violence and threats"), frozenset({"hurts", "harm"})),
    "exploiting": Topic(N_("People who are used: for money, work, a journey or something else"), frozenset({"exploits", "trick"})),
    "close": Topic(N_("What comes too close to somebody"), frozenset({"too_close"})),
    "exposed": Topic(N_("People who can be recognised, and what is private"), frozenset({"recognised", "tells", "named"})),
    "stories": Topic(N_("Stories that wait for a second look"), kinds=frozenset({CaseKind.STORY, CaseKind.TRANSLATION})),
}
_HEAVY_KINDS: Final = frozenset({CaseKind.STORY, CaseKind.COMPLAINT, CaseKind.MESSAGE_FLAG})
BREAK: Final = timedelta(days=1)
HARDEST: Final = 50  # heavy cases a day, at most, that somebody may want before a break is offered

_C, _D, _F = (
    Case.__table__, Decision.__table__.alias(), Flag.__table__.alias(),  # type: ignore[attr-defined]
)  # fmt: skip
_REASONS = sa.bindparam("left_reasons", expanding=True, type_=_F.c.reason.type)
_KINDS = sa.bindparam("left_kinds", expanding=True, type_=_C.c.kind.type)


def _flagged(which: sa.ColumnElement[bool], reasons: Any) -> sa.ColumnElement[bool]:
    return sa.exists().where(which, _F.c.reason.in_(reasons))


def _of_topics(reasons: Any, kinds: Any) -> sa.ColumnElement[bool]:
    """Of open cases: of one of these kinds, or told for one of these reasons; an appeal by what its decision was about."""
    told = _flagged(sa.and_(_F.c.case_id == _C.c.id, _F.c.answered_on.is_(None)), reasons)
    appealed = _flagged(sa.and_(_D.c.id == _C.c.subject_id, _F.c.case_id == _D.c.case_id), reasons)
    return sa.or_(_C.c.kind.in_(kinds), told, sa.and_(_C.c.kind == CaseKind.APPEAL, appealed))


TAKEN: Final = ~_of_topics(_REASONS, _KINDS)  # of open cases: of no topic that somebody leaves to others


def of_topics(keys: Collection[str]) -> sa.ColumnElement[bool]:
    """Return the condition on open cases that are of one of these topics."""
    asked = left_out(keys)
    return _of_topics(asked["left_reasons"], asked["left_kinds"])


def left_out(keys: Collection[str]) -> dict[str, list[Any]]:
    """Return the values that TAKEN asks for, of the topics that somebody leaves to others."""
    found = [TOPICS[key] for key in keys if key in TOPICS]
    return {
        "left_reasons": sorted({one for topic in found for one in topic.reasons}),
        "left_kinds": sorted({one for topic in found for one in topic.kinds}),
    }


def heavy(kind: CaseKind, priority: Priority) -> bool:
    """Say whether opening a case counts as heavy: danger, somebody exposed, a whole story, what is said about a person.

    Spam, a question of the rules, a request to join or a listing does not count: who works through those needs no break sooner.
    """
    return kind not in rules.LIGHT and (kind in _HEAVY_KINDS or rules.always_heard(priority))


def offers(opened: int, most: int, kind: CaseKind | None = None, priority: Priority = Priority.RULE) -> bool:
    """Say whether a break is offered, before a case of this kind or at the list (None): never where somebody may be in danger.

    It is an offer: whoever wants to opens the case all the same.
    """
    return opened >= most and priority != Priority.DANGER and (kind is None or heavy(kind, priority))


@dataclass(frozen=True, slots=True)
class Care:
    """How somebody looks after themselves today."""

    opened: int  # heavy cases, today
    most: int  # after so many a break is offered
    own: int | None  # as they chose it; None: as the network says
    topics: tuple[str, ...]
    resting: bool

    @property
    def rest(self) -> bool:
        """Say whether a break is offered at the list."""
        return offers(self.opened, self.most) and not self.resting


def of(db: Session, member_id: UUID | None) -> Care:
    """Return what somebody chose, or what the network says; one statement."""
    found = db.exec(select(DeskCare).where(DeskCare.member_id == member_id)).first()
    usual = core_settings.current().heavy_a_day
    if found is None:
        return Care(0, usual, None, (), False)
    today = found.opened if found.opened_on == now().date() else 0
    return Care(today, found.heavy_a_day or usual, found.heavy_a_day, tuple(found.topics or ()), is_resting(found))


def is_resting(found: DeskCare) -> bool:
    """Say whether somebody is on a break now."""
    return found.rest_until is not None and found.rest_until > now()


def row(db: Session, member_id: UUID) -> DeskCare:
    """Return the row of somebody, held for this transaction, made where there is none."""
    wanted = select(DeskCare).where(DeskCare.member_id == member_id).with_for_update()
    found = db.exec(wanted).first()
    if found is None:
        try:
            with db.begin_nested():
                db.add(DeskCare(member_id=member_id))
        except sa.exc.IntegrityError:  # by the same tap, sent twice
            pass
        found = db.exec(wanted).one()
    return found


def count_opened(db: Session, member_id: UUID, case: Case, before: UUID | None) -> None:
    """Count a heavy case that somebody opened, once while it is theirs; ``before``: whose it was last.

    The number is of one day, for themselves: no list of what they read is kept for it.
    """
    if before == member_id or not heavy(case.kind, case.priority):
        return
    mine, today = row(db, member_id), now().date()
    mine.opened = mine.opened + 1 if mine.opened_on == today else 1
    mine.opened_on = today
    db.flush()


def rows_of(db: Session, members: Collection[UUID]) -> dict[UUID, DeskCare]:
    """Return the rows of these members."""
    return {one.member_id: one for one in db.exec(select(DeskCare).where(col(DeskCare.member_id).in_(members)))} if members else {}


def takes(db: Session, members: Collection[UUID], case: Case) -> set[UUID]:
    """Return who of these is at work today and takes a case of this topic: whom a notice of it may reach."""
    found, left = rows_of(db, members), set(members)
    for member_id, one in found.items():
        if is_resting(one) or (one.topics and _is_of(db, case, one.topics)):
            left.discard(member_id)
    return left


def _is_of(db: Session, case: Case, topics: Collection[str]) -> bool:
    return bool(db.execute(sa.select(sa.exists().where(_C.c.id == case.id, of_topics(topics)))).scalar_one())
