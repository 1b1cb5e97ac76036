"""Decisions about accounts: what they keep somebody from until when, worked out from what was decided and stands."""

from collections.abc import Callable, Iterable
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _, day_words
from app.core.ids import new_id
from app.core.verdict import require
from app.domain import limits
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.moderation import filing, rules
from app.domain.moderation.rules import Choice
from app.models.accounts import Limit, Member, MemberStatus
from app.models.moderation import Appeal, Case, CaseKind, CaseState, Decision, Outcome

SUBJECT: Final = "account"
LIFTS: Final = Decision.__table__.alias("lifts")  # type: ignore[attr-defined]
_KEEPS_FROM: Final = {
    Outcome.HOLD_POSTS: Limit.HELD, Outcome.NO_TOPICS: Limit.NO_TOPICS, Outcome.READ_ONLY: Limit.READ_ONLY,
    Outcome.SUSPEND: Limit.STOPPED, Outcome.CLOSE: Limit.STOPPED,
}  # fmt: skip
TOLD: Final = {
    Outcome.NOTE: N_("Somebody who looks after this network writes to you. It has no other consequence. Their words stand below."),
    Outcome.HOLD_POSTS: N_("Until %(day)s somebody reads what you write in groups and in mentoring before others do. The reason "
                           "stands below."),
    Outcome.NO_TOPICS: N_("Until %(day)s you can answer others, but not begin a topic or a group. The reason stands below."),
    Outcome.READ_ONLY: N_("Until %(day)s you can read here, but not write. The reason stands below."),
    Outcome.SUSPEND: N_("Your account is stopped until %(day)s; then it works again by itself. The reason stands below."),
    Outcome.CLOSE: N_("Your account is closed, and deleted on %(day)s. Until then you can say that you see it differently, and "
                      "take a copy of what is yours. The reason stands below."),
    Outcome.LIFT: N_("What your account was kept from ends now; you take part as before. The reason stands below."),
}  # fmt: skip
NOTHING: Final = N_("Somebody looked at it again. Nothing comes of it, and what we told you before does not count.")
_NOT_IN: Final = (MemberStatus.GONE, MemberStatus.APPLIED, MemberStatus.SUSPENDED)  # nobody has let them in (yet)
_NOBODY = N_("Nobody here has this name. Look at how they write it.")


def open_about(db: Session, actor: Actor, name: str) -> Case:
    """Return the open case about the account of this name, or a new one; Invalid("name", …) where nobody has it.

    By its name only, and one case for each decision: from words without a name nothing leads to an account, nor from one decision
    to another.
    """
    require(rules.may_work(actor))
    member = queries.member_by_name(db, name)
    if member is None or member.status in _NOT_IN:
        raise Invalid("name", _(_NOBODY))
    if member.id == actor.member_id:
        raise Invalid("name", _("Nobody decides about themselves."))
    waits = select(Case).where(Case.kind == CaseKind.ACCOUNT, Case.about_id == member.id, Case.state == CaseState.OPEN)
    found = db.exec(waits).first()
    if found is None:
        found = filing.open_case(db, CaseKind.ACCOUNT, SUBJECT, new_id(), member.id)
        audit.record(db, actor, "case.account", "case", found.id)
    return found


def until(choice: Choice, moment: datetime) -> datetime | None:
    """Return when what is decided ends by itself; of a closed account, and of what is removed, when it is deleted: a day after the
    time in which it can be seen differently."""
    if choice.outcome in (Outcome.CLOSE, Outcome.REMOVE):
        return _minute(moment + timedelta(days=core_settings.current().appeal_days + 1))
    return (
        _minute(moment + timedelta(days=choice.days)) if choice.outcome in (*rules.LIMITS, Outcome.HIDE) and choice.days else None
    )


def check(db: Session, case: Case, choice: Choice) -> None:
    """Raise Invalid where an account is closed, or kept from the same for longer: what is told would end on another day.

    And where nothing lasts that could be ended.
    """
    keeps = _KEEPS_FROM.get(choice.outcome)
    counts = case.kind == CaseKind.ACCOUNT and case.about_id and (keeps or choice.outcome == Outcome.LIFT)
    member = db.get(Member, case.about_id) if counts else None
    if member is None:
        return
    if keeps is None:
        if not limits.of(member, now()):
            raise Invalid("outcome", _("Nothing limits this account at the moment."))
        return
    if member.closed:
        raise Invalid("outcome", _("This account is closed already."))
    lasts, ends = getattr(member, limits.COLUMNS[keeps].name), until(choice, now())
    if choice.outcome != Outcome.CLOSE and lasts and ends and lasts > ends:
        raise Invalid("days", _("It lasts until %(day)s already. Choose a longer time.", day=day_words(lasts.date())))


def _minute(moment: datetime) -> datetime:
    """Return the next whole minute: what is told to the minute is never shorter."""
    return moment.replace(second=0, microsecond=0) + timedelta(minutes=1)


def carry_out(outcome: Outcome) -> Callable[[Session, Actor, Case, str], None]:
    """Return what a decision about an account does: it counts from now on, and whose account it is hears of it."""

    def effect(db: Session, _actor: Actor, case: Case, words: str) -> None:
        if case.about_id is None:
            return
        last = select(Decision.until_at).where(Decision.case_id == case.id).order_by(col(Decision.case_version).desc())
        ends = db.exec(last.limit(1)).first()
        accounts.tell(db, case.about_id, TOLD[outcome], note=words, **({"day": ends.date().isoformat()} if ends else {}))
        work_out(db, case.about_id)

    return effect


def leave(db: Session, _actor: Actor, case: Case, _words: str) -> None:
    """Let an account be as it is: who was told of a decision in this case that was taken back hears that nothing comes of it."""
    told = col(Decision.undone), col(Decision.outcome) != Outcome.KEEP
    if case.about_id and db.exec(select(Decision.id).where(Decision.case_id == case.id, *told).limit(1)).first():
        accounts.tell(db, case.about_id, NOTHING)


def work_out(db: Session, member_id: UUID) -> None:
    """Write down what the account is kept from, by all decisions about it that stand and are not over."""
    member = db.get(Member, member_id, with_for_update=True, populate_existing=True)
    if member is None or member.status == MemberStatus.GONE:
        return
    db.flush()
    before, ends = limits.stops(member, now()), dict[str, datetime]()
    standing = list(_standing(db, member_id))
    for outcome, until_at, _by in standing:
        name = limits.COLUMNS[_KEEPS_FROM[outcome]].name
        ends[name] = max(ends.get(name, until_at), until_at)
    for column in limits.COLUMNS.values():
        setattr(member, column.name, ends.get(column.name))
    _close(member, max((until_at for outcome, until_at, _by in standing if outcome == Outcome.CLOSE), default=None))
    db.flush()
    if limits.stops(member, now()) and not before:
        for follow in accounts.on_stopped:
            follow(db, member_id)


def _close(member: Member, day: datetime | None) -> None:
    """Let the account end on a day, or, where it was closed, no longer; a deletion that its member asked for goes on."""
    if day is not None:
        wish = member.delete_after if member.status == MemberStatus.LEAVING else None
        member.stopped_until, member.delete_after = day, min(wish or day, day)
    elif member.closed and member.status != MemberStatus.LEAVING:
        member.delete_after = None
    member.closed = day is not None


def _standing(db: Session, member_id: UUID) -> Iterable[Any]:
    about = sa.select(col(Decision.outcome), col(Decision.until_at), col(Decision.proposed_by))
    about = about.join(Case, col(Case.id) == Decision.case_id)
    live = col(Decision.outcome) == Outcome.CLOSE, col(Decision.until_at) > now()
    return db.execute(about.where(
        col(Case.kind) == CaseKind.ACCOUNT, col(Decision.about_id) == member_id, col(Decision.overturned_at).is_(None),
        col(Decision.outcome).in_(list(_KEEPS_FROM)), sa.or_(*live), ~sa.exists().where(*lifts(Decision.__table__)),  # type: ignore[attr-defined]
    ).order_by(col(Decision.id))).all()  # fmt: skip


def lifts(of: Any) -> list[sa.ColumnElement[bool]]:
    """Return the conditions on LIFTS, a decision that ended what ``of``, decisions, took: about the same account, later."""
    later = LIFTS.c.about_id == of.c.about_id, LIFTS.c.id > of.c.id
    return [*later, LIFTS.c.outcome == Outcome.LIFT, LIFTS.c.overturned_at.is_(None)]


def lifted_on(db: Session, decision: Decision) -> date | None:
    """Return on which day a decision about an account was ended before its time, by another one that stands."""
    table = Decision.__table__  # type: ignore[attr-defined]
    first = sa.select(LIFTS.c.at).where(*lifts(table), table.c.id == decision.id).order_by(LIFTS.c.id).limit(1)
    at = db.execute(first).scalar()
    return at.date() if at and (decision.until_at is None or at < decision.until_at) else None


def took_two(db: Session, member_id: UUID) -> bool:
    """Say whether something that lasts took two people, so that one alone does not end it."""
    return any(proposed_by is not None for _outcome, _until, proposed_by in _standing(db, member_id))


def stopped_days(db: Session, member_id: UUID) -> int:
    """Return for how many days decisions stopped an account of those that last, or ended less than COUNTED_DAYS ago."""
    lately = now() - timedelta(days=rules.COUNTED_DAYS)
    found = sa.select(col(Decision.at), col(Decision.until_at)).where(
        col(Decision.about_id) == member_id, col(Decision.outcome) == Outcome.SUSPEND, col(Decision.overturned_at).is_(None),
        col(Decision.until_at) > lately,
    )  # fmt: skip
    return int(sum((until_at - at).days for at, until_at in db.execute(found)))


def wait_for_appeal(db: Session, decision: Decision) -> None:
    """Keep a closed account for as long again while somebody else looks at that."""
    if decision.outcome == Outcome.CLOSE and decision.about_id is not None and decision.until_at is not None:
        decision.until_at = max(decision.until_at, until(Choice(Outcome.CLOSE, 1), now()) or decision.until_at)
        work_out(db, decision.about_id)


def kept(db: Session) -> set[UUID]:
    """Return whose closed account is not deleted yet, because nobody has answered how they see it."""
    closed = sa.and_(col(Decision.outcome) == Outcome.CLOSE, col(Decision.about_id).is_not(None))
    waits = select(Decision.about_id).join(Appeal, col(Appeal.decision_id) == Decision.id)
    return {one for one in db.exec(waits.where(closed, col(Appeal.answered_on).is_(None))).all() if one is not None}
