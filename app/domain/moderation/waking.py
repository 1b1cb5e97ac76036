"""When nobody looks at what waits, its time is over or nobody is left to decide it, somebody outside is told, neutrally."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.i18n import N_, _
from app.core.settings import Settings
from app.domain import limits
from app.domain.accounts import actions as accounts
from app.domain.audit import actions as audit
from app.domain.moderation import at_once, care, filing, leading, rules
from app.domain.notifications.actions import owe_mail
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.engine import AuditEvent
from app.models.groups import Post, PostState
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, DeskCare, Flag
from app.models.stories import Story

ASLEEP: Final = timedelta(hours=48)
NOBODY: Final = timedelta(hours=24)  # one message in this time, however many things nobody may decide
LOOKED_AT: Final = 20  # of what nobody takes, at a time
_C, _E = Case.__table__, AuditEvent.__table__  # type: ignore[attr-defined]
_A, _B, _F = Appeal.__table__, Bar.__table__, Flag.__table__  # type: ignore[attr-defined]
_DONE = _C.alias()
_AWAKE = ("case.looked", "case.decided")  # to leave a case to others, or to put it back, helps nobody
_THEIRS: Final = _C.c.kind.in_(rules.SAFEGUARDING_ONLY)
SAYS = N_("Nobody has looked at what waits here for two days. Please look, or ask somebody to.")
NOBODY_LEFT = N_("Something waits here that nobody of those who could look at it may look at. Please look after it.")
NOBODY_THERE = N_("Something waits here, and nobody who could look at it is here at the moment. Please look after it.")
UNTAKEN = N_("Something waits that nobody has taken up. Please look at Work.")
ROLE_IS_NEEDED = N_(
    "Something waits, and nobody who could decide it may do so, or is there. One more person needs the role for it."
)
TIME_IS_OVER = N_("Something is hidden until somebody decides, and the time for it is over. Please look at Work.")


def look(db: Session, settings: Settings) -> int:
    """Tell somebody that the desk sleeps when it is time; at most once in 48 hours. Returns how many messages are owed.

    It is time when something is overdue by 48 hours; when nobody has looked for 48 hours at the complaints about people or at
    everything else, and something waits there; when something was hidden at once and the time to decide is over. Then those who
    could decide are told too, so that it ends also where nobody outside is named. Somebody is told as well, at most once in 24
    hours, when nobody is left who may decide something that waits: roles end, people leave, each may be kept from it.
    It says neither what waits nor what this place is: whoever reads along learns nothing. In the trail it belongs to the case, so
    that whom it is about does not learn from it that there is one.
    """
    moment = now()
    alone = _first(db, _nobody_decides())
    told = if_nobody_is_left(db, alone) if alone is not None else 0
    told += _if_nobody_takes(db)
    if _told(db, "desk.asleep", moment - ASLEEP):
        return told
    return told + _look(db, settings, moment)


def _look(db: Session, settings: Settings, moment: datetime) -> int:
    hidden, waits = _first(db, _hidden_too_long(moment)), _first(db, _asleep(moment - ASLEEP))
    over = [*at_once.late(db), *([hidden] if hidden is not None else [])]
    for member_id in _left_of(db, over):
        accounts.tell(db, member_id, TIME_IS_OVER, link="/desk")
    case = next(iter(over), waits)
    if case is None or (not over and not settings.escalation_contact):
        return 0
    audit.record(db, None, "desk.asleep", "case", case.id)
    return _write(db, settings, SAYS)


def if_nobody_is_left(db: Session, case: Case) -> int:
    """Tell somebody outside at once when nobody may decide a case: each is kept from it, or nobody holds the role.

    Returns how many messages are owed.
    """
    return 0 if left(db, case) else _call(db, case, NOBODY_LEFT)


def nobody_is_there(db: Session, case: Case) -> int:
    """Tell somebody outside that nobody is there who may decide what is due soon: all are on a break, or leave its topic to others.

    Returns how many messages are owed.
    """
    return _call(db, case, NOBODY_THERE)


def _call(db: Session, case: Case, sentence: str) -> int:
    """Tell somebody outside; where nobody is named, those who give roles, but nobody whom the case concerns. Once in 24 hours."""
    if _told(db, "desk.nobody_left", now() - NOBODY):
        return 0
    settings = core_settings.current()
    givers = set() if settings.escalation_contact else _unconcerned(db, case, col(RoleGrant.role) == Role.OPERATOR)
    if not givers and not settings.escalation_contact:
        return 0
    audit.record(db, None, "desk.nobody_left", "case", case.id)
    for member_id in givers:
        accounts.tell(db, member_id, ROLE_IS_NEEDED, link="/ops")
    return _write(db, settings, sentence)


def _if_nobody_takes(db: Session) -> int:
    """Tell safeguarding when everybody who may decide something leaves its topic to others; where that is nobody, somebody outside.

    It says only that something waits. Half of its time is over by then, so that not even the moment says why. At most once in 24 h.
    """
    leaves = db.exec(select(DeskCare).where(col(DeskCare.topics).is_not(None))).all()
    if not leaves or _told(db, "desk.untaken", now() - NOBODY):
        return 0
    untaken = _untaken([(one.member_id, one.topics or []) for one in leaves])
    cases = db.exec(select(Case).where(_C.c.state == CaseState.OPEN, untaken).order_by(_C.c.due_at).limit(LOOKED_AT)).all()
    if not cases:
        return 0
    audit.record(db, None, "desk.untaken", "case", cases[0].id)
    keepers = set(db.exec(select(RoleGrant.member_id).where(RoleGrant.role == Role.SAFEGUARDING)).all())
    may = [left(db, case) & keepers for case in cases]
    for member_id in set().union(*may):
        accounts.tell(db, member_id, UNTAKEN, link="/desk?all=1")
    nobody = next((case for case, who in zip(cases, may, strict=True) if not who), None)
    return 0 if nobody is None else _call(db, nobody, NOBODY_THERE)


def _untaken(leaves: Sequence[tuple[UUID, Sequence[str]]]) -> sa.ColumnElement[bool]:
    """Of open cases of which half the time is over: of a topic that all leave to others who may decide them."""
    edges = [sa.and_(_C.c.priority == one, _C.c.due_at <= now() + clock / 2) for one, clock in rules.CLOCKS.items()]
    theirs = sa.or_(*(sa.and_(col(Member.id) == member_id, care.of_topics(topics)) for member_id, topics in leaves))
    may = sa.and_(_decides(_C.c.kind), sa.or_(_C.c.about_id.is_(None), _C.c.about_id != Member.id), ~_kept())
    holders = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id)
    anybody = holders.where(may).correlate(_C).exists()
    takes = holders.where(may, ~theirs).correlate(_C).exists()
    topics = care.of_topics({key for _member_id, keys in leaves for key in keys})
    return sa.and_(topics, sa.or_(*edges), anybody, ~takes)


def left(db: Session, case: Case) -> set[UUID]:
    """Return the members who may decide a case."""
    return _unconcerned(db, case, _decides_by_role(case.kind))


def _unconcerned(db: Session, case: Case, role: sa.ColumnElement[bool]) -> set[UUID]:
    """Return who holds such a role today and may act, without those whom the case is about, who brought it or are kept from it."""
    holders = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(role, _works())
    lead = set(leading.leaders(db, case.subject_kind, case.subject_id))
    return set(db.execute(holders).scalars()) - {case.about_id} - filing.barred(db, case) - filing.brought_by(db, case) - lead


def _left_of(db: Session, cases: Sequence[Case]) -> list[UUID]:
    """Return the members who may decide at least one of these, of what is hidden at once, and do not leave its topic to others."""
    if not cases:
        return []
    one = sa.and_(_C.c.id.in_([case.id for case in cases]), sa.or_(_C.c.about_id.is_(None), _C.c.about_id != Member.id))
    holders = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).join(_C, one)
    takes = [
        sa.and_(col(Member.id) == one.member_id, care.of_topics(one.topics or ()))
        for one in db.exec(select(DeskCare).where(col(DeskCare.topics).is_not(None)))
    ]
    return list(db.execute(holders.where(_decides(_C.c.kind), ~_kept(), ~sa.or_(sa.false(), *takes)).distinct()).scalars())


def _kept() -> sa.ColumnElement[bool]:
    """Of members and cases: whom it was left by, or who brought it."""
    return sa.or_(*(sa.exists().where(t.c.case_id == _C.c.id, t.c.member_id == Member.id) for t in (_B, _F, _A)))


def _write(db: Session, settings: Settings, sentence: str) -> int:
    if not settings.escalation_contact:
        return 0
    with i18n.speaking(settings.language_list[0]):
        owe_mail(db, settings.escalation_contact, _(sentence))
    return 1


def _told(db: Session, verb: str, since: datetime) -> bool:
    return bool(db.execute(sa.select(sa.exists().where(_E.c.verb == verb, _E.c.at > since))).scalar_one())


def _first(db: Session, which: sa.ColumnElement[bool]) -> Case | None:
    row: Any = db.execute(sa.select(Case).where(_C.c.state == CaseState.OPEN, which).order_by(_C.c.due_at).limit(1)).first()
    return row[0] if row else None


def _asleep(edge: datetime) -> sa.ColumnElement[bool]:
    """Of open cases: overdue since ``edge``, or open since then in a list at which nobody has looked since."""
    theirs = _DONE.c.kind.in_(rules.SAFEGUARDING_ONLY)
    seen = sa.and_(_E.c.verb.in_(_AWAKE), _E.c.at > edge, _E.c.subject_kind == "case", _E.c.subject_id == _DONE.c.id)
    slept = sa.or_(
        sa.and_(_THEIRS, ~sa.exists().where(seen, theirs)), sa.and_(~_THEIRS, ~sa.exists().where(seen, ~theirs))
    )  # fmt: skip
    return sa.or_(_C.c.due_at <= edge, sa.and_(_C.c.opened_at <= edge, slept))


def _decides(kind: Any) -> sa.ColumnElement[bool]:
    """Of members with their roles: those who decide cases of this kind, a value or a column."""
    return sa.and_(_decides_by_role(kind), _works())


def _decides_by_role(kind: Any) -> sa.ColumnElement[bool]:
    kinds = sa.literal(kind, _C.c.kind.type) if isinstance(kind, CaseKind) else kind
    return sa.or_(
        sa.and_(col(RoleGrant.role) == Role.COORDINATOR, kinds.not_in(rules.SAFEGUARDING_ONLY)),
        sa.and_(col(RoleGrant.role) == Role.SAFEGUARDING, kinds.not_in(rules.COORDINATORS_ONLY)),
    )


def _works() -> sa.ColumnElement[bool]:
    """Of members with their roles: the role is theirs today, and nothing stops them."""
    today = now().date()
    return sa.and_(
        col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()), col(RoleGrant.from_on) <= today,
        col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip


def _nobody_decides() -> sa.ColumnElement[bool]:
    """Of open cases: nobody holds the role who is not kept from it. Of those who translated or lead a group, left() asks anew."""
    somebody = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(
        _decides(_C.c.kind), sa.or_(_C.c.about_id.is_(None), _C.c.about_id != Member.id), ~_kept()
    )  # fmt: skip
    anybody = sa.select(col(Member.id)).join(RoleGrant, col(RoleGrant.member_id) == Member.id).where(_decides(_C.c.kind))
    # Only what touches somebody who decides can be kept from all of them: the rest of a long queue is not asked one by one.
    roles = sa.select(col(RoleGrant.member_id)).where(col(RoleGrant.role).in_((Role.COORDINATOR, Role.SAFEGUARDING)))
    touched = sa.or_(
        _C.c.about_id.in_(roles), *(_C.c.id.in_(sa.select(t.c.case_id).where(t.c.member_id.in_(roles))) for t in (_A, _B, _F))
    )
    return sa.or_(~anybody.correlate(_C).exists(), sa.and_(touched, ~somebody.correlate(_C).exists()))


def _hidden_too_long(moment: datetime) -> sa.ColumnElement[bool]:
    story = sa.exists().where(col(Story.id) == _C.c.subject_id, col(Story.held))
    post = sa.exists().where(col(Post.id) == _C.c.subject_id, col(Post.state) == PostState.HIDDEN)
    hidden = sa.or_(sa.and_(_C.c.kind == CaseKind.FLAG, story), sa.and_(_C.c.kind == CaseKind.TALK, post))
    return sa.and_(_C.c.due_at <= moment, hidden)
