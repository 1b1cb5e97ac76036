"""What helps to decide alike: decisions on similar matters without people, and the few facts that the rules need of whose it is."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.i18n import N_, _, month_words
from app.domain.actor import Actor
from app.domain.moderation import leading, posts
from app.domain.moderation.rules import TAKES
from app.domain.moderation.wording import decided
from app.models.accounts import Member, RoleGrant
from app.models.groups import GroupMember, GroupRole
from app.models.moderation import Appeal, Bar, Case, CaseKind, Decision, Flag

SHOWN: Final = 5
LOOKED_AT: Final = 500  # of the decisions, the newest: what is older is another time, and nobody waits for it
COUNTED: Final = timedelta(days=180)  # how long a decision says something about whose it was
NEW_FOR, SOME_FOR = timedelta(days=365), timedelta(days=3 * 365)
# Of words that many read. What only safeguarding knows of, accounts and what is decided once more is nobody's example.
_KINDS: Final = (CaseKind.STORY, CaseKind.TRANSLATION, CaseKind.FLAG, CaseKind.POST, CaseKind.TALK)
NEW, SOME, LONG = (
    N_("Here for less than a year."), N_("Here for one to three years."), N_("Here for more than three years."),
)  # fmt: skip
NONE, ONE, MORE = (
    N_("No decision about their posts of the last 180 days stands against them."),
    N_("One decision about a post of theirs stands against them."),
    N_("Several decisions about posts of theirs stand against them."),
)  # fmt: skip
RIGHT = N_("They saw a decision differently, and were right.")
STAYED, CHANGED = N_("Somebody saw it differently; it stayed."), N_("Somebody saw it differently; it was put back.")
_C, _D, _F = Case.__table__, Decision.__table__, Flag.__table__  # type: ignore[attr-defined]
_A, _B = Appeal.__table__, Bar.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Alike:
    """A decision on a similar matter: no day, no words, nobody."""

    outcome: str
    rule: str | None
    month: str
    after: str  # what came of it where somebody saw it differently


def decisions(db: Session, actor: Actor, about: Case, reason: str | None) -> list[Alike]:
    """Return the last decisions about the same kind of thing, of flags for the same reason; one statement, over a bounded number.

    Nothing about anybody who ever had a role here or in a group, about what somebody leads, about the reader, or hidden from
    anybody: for some of those at the desk that case is not there, and this list is the same for all of them.
    """
    if about.kind not in _KINDS:
        return []
    newest = sa.select(_D).order_by(_D.c.id.desc()).limit(LOOKED_AT).subquery()
    stayed = sa.exists().where(_A.c.decision_id == newest.c.id, sa.not_(_A.c.overturned))
    found = (
        sa.select(newest.c.outcome, newest.c.rule, newest.c.at, newest.c.overturned_at, stayed.label("stayed"))
        .join(_C, _C.c.id == newest.c.case_id)
        .where(_C.c.kind == about.kind, _C.c.subject_kind == about.subject_kind, _C.c.subject_id != about.subject_id)
        .where(sa.not_(newest.c.undone), *_of_nobody_with_a_role(newest), *_not_about(actor, newest))
    )
    if reason is not None:
        found = found.where(sa.exists().where(_F.c.case_id == _C.c.id, _F.c.reason == reason))
    rows = db.execute(found.order_by(newest.c.id.desc()).limit(SHOWN)).all()
    return [
        Alike(decided(about.kind, one.outcome), one.rule, month_words(one.at.date()), _after(one.overturned_at, one.stayed))
        for one in rows
    ]


def _after(overturned_at: Any, stayed: bool) -> str:
    return _(CHANGED) if overturned_at is not None else _(STAYED) if stayed else ""


def _of_nobody_with_a_role(decided_: Any) -> list[sa.ColumnElement[bool]]:
    network = sa.select(col(RoleGrant.member_id))
    group = sa.select(col(GroupMember.member_id)).where(col(GroupMember.role) != GroupRole.MEMBER)
    whose = (_C.c.about_id, decided_.c.about_id)
    return [
        _C.c.subject_kind.not_in(leading.OF_LEADERS),
        ~sa.exists().where(_B.c.case_id == _C.c.id, _B.c.hidden),
        *(sa.or_(one.is_(None), sa.and_(one.not_in(network), one.not_in(group))) for one in whose),
    ]


def _not_about(actor: Actor, decided_: Any) -> list[sa.ColumnElement[bool]]:
    """Of cases that are about the reader, or that they brought, nothing is there for them."""
    told = sa.exists().where(_F.c.case_id == _C.c.id, _F.c.member_id == actor.me)
    return [~told, *(sa.or_(one.is_(None), one != actor.me) for one in (_C.c.about_id, decided_.c.about_id))]


def standing(db: Session, actor: Actor, about: Case) -> Sequence[str]:
    """Return the facts that the rules need of whoever wrote a post, as sentences; one statement.

    Of posts only, and of what was decided about posts: a teller stays unnamed, and from a post nothing leads to a story, to what
    was decided about an account, or to what two people wrote to each other. In bands, so that nobody is found by a number. Nothing
    of flags that led nowhere, of what was taken back, of what is older, or of cases that are kept from the reader.
    """
    if about.kind not in (CaseKind.POST, CaseKind.TALK) or about.subject_kind != posts.POST or about.about_id is None:
        return []
    joined = sa.select(col(Member.joined_on)).where(col(Member.id) == about.about_id).scalar_subquery()
    kept = sa.exists().where(_B.c.case_id == _C.c.id, _B.c.member_id == actor.me)
    rows = db.execute(
        sa.select(joined.label("joined"), _counted(about, kept, stands=True), _counted(about, kept, stands=False))
    ).one()
    return _sentences(rows.joined, rows.against, rows.right, now().date())


def _counted(about: Case, kept: sa.ColumnElement[bool], stands: bool) -> Any:
    """Return how many decisions took a post of theirs away and stand, or were overturned because they saw it differently."""
    takes = sa.or_(*(
        sa.and_(_C.c.kind == kind, _D.c.outcome == outcome) for kind, outcome in sorted(TAKES)
        if kind in (CaseKind.POST, CaseKind.TALK)
    ))  # fmt: skip
    how = _D.c.overturned_at.is_(None) if stands else sa.exists().where(
        _A.c.decision_id == _D.c.id, _A.c.member_id == about.about_id, _A.c.overturned
    )  # fmt: skip
    return (
        sa.select(sa.func.count()).select_from(_D.join(_C, _C.c.id == _D.c.case_id))
        .where(_D.c.about_id == about.about_id, _C.c.subject_kind == posts.POST, _C.c.subject_id != about.subject_id)
        .where(takes, how, ~_D.c.undone, _D.c.at > now() - COUNTED, ~kept)
        .scalar_subquery().label("against" if stands else "right")
    )  # fmt: skip


def _sentences(joined: date | None, against: int, right: int, today: date) -> list[str]:
    if joined is None:
        return []
    here = today - joined
    since = NEW if here < NEW_FOR else SOME if here < SOME_FOR else LONG
    said = [since, NONE if not against else ONE if against == 1 else MORE, *([RIGHT] if right else [])]
    return [_(one) for one in said]
