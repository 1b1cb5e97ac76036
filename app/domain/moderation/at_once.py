"""Hidden at once: danger, or somebody who can be recognised, is hidden before a person has looked; a person decides then.

It ends by itself: where nobody decided in time, whose it is may show it again. Nothing is shown by the clock, because it may show
somebody who must not be found.
"""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import N_
from app.domain import limits, paused
from app.domain.accounts import actions as accounts
from app.domain.audit import actions as audit
from app.domain.board import deciding as board
from app.domain.groups import deciding as groups
from app.domain.meetings import deciding as meetings
from app.domain.moderation import board_words, holding, meeting_words, posts, rules
from app.domain.moderation.wording import REASONS
from app.domain.stories import actions as stories
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.board import BoardEntry, BoardState
from app.models.groups import Post, PostState
from app.models.meetings import MeetingPlan, PlanState
from app.models.moderation import Case, CaseState, Flag, Hold, HoldEnd
from app.models.pausing import Pause
from app.models.stories import Story, StoryStatus

HIDDEN = N_("We hid something of yours for now, because somebody may be in danger or can be recognised. A person looks at it by "
            "%(day)s, and you hear what comes of it.")  # fmt: skip
OVER = N_("Nobody decided in time about what we hid of yours. You can show it again yourself, or leave it hidden.")
Thing = TypeVar("Thing", Story, Post, BoardEntry, MeetingPlan)
_BEFORE = Flag.__table__.alias()  # type: ignore[attr-defined]
_TRUSTED = frozenset({Role.ORGANISER, Role.MENTOR, Role.COORDINATOR, Role.SAFEGUARDING})


def consider(db: Session, case: Case) -> bool:
    """Hide what a case is about when the rule says so; say whether it was hidden. Whoever flagged it decides nothing by that."""
    hide = _HIDE.get(case.subject_kind)
    if hide is None or not rules.hides_at_once(_flaggers(db, case), now().date()):
        return False
    if paused.until(paused.of(db), Pause.HIDING) is not None or not _carry_out(hide, db, case):
        return False
    if case.about_id is not None:
        held = Hold(
            case_id=case.id, about_id=case.about_id, at=now(), decide_by=case.due_at, ends_at=now() + rules.HELD,
            reasons=sorted(set(db.exec(select(Flag.reason).where(_waits(case))))),
        )  # fmt: skip
        db.add(held)
        db.flush()
        with accounts.concerning(held.id):
            accounts.tell(db, case.about_id, HIDDEN, day=case.due_at.date().isoformat())
    return True


def end_due(db: Session) -> int:
    """End what nobody decided about in time, once those who decide and somebody outside knew for two days; return how many."""
    moment = now()
    due = sa.and_(col(Hold.how).is_(None), col(Hold.ends_at) <= moment, col(Hold.told_at) <= moment - rules.KNOWN)
    found = db.exec(select(Hold, Case).join(Case, col(Case.id) == Hold.case_id).where(due).order_by(col(Hold.id)).limit(200)).all()
    ended = 0
    for held, case in found:
        table = _TABLES[case.subject_kind]
        thing = _held_now(db, table, case)  # type: ignore[type-var]
        if thing is None and db.execute(sa.select(col(table.id)).where(col(table.id) == case.subject_id)).first() is not None:
            continue  # somebody changes it at this moment: at the next run
        held.ended_on = moment.date()
        if not _is_hidden(thing):  # taken out, or a draft again: there is nothing that could be shown
            held.how = HoldEnd.GONE
            continue
        held.how, ended = HoldEnd.OVER, ended + 1
        if isinstance(thing, Story):
            stories.let_go(db, thing)
        audit.record(db, None, "case.hold_ended", "case", case.id)
        with accounts.concerning(held.id):
            accounts.tell(db, held.about_id, OVER)
    db.flush()
    return ended


def _is_hidden(thing: Story | Post | BoardEntry | MeetingPlan | None) -> bool:
    """Say whether we hide it at this moment."""
    if isinstance(thing, BoardEntry):
        return thing.state == BoardState.HIDDEN
    if isinstance(thing, MeetingPlan):
        return thing.state == PlanState.HIDDEN
    if isinstance(thing, Story):
        return thing.status == StoryStatus.PAUSED and thing.held
    return thing is not None and thing.state == PostState.HIDDEN


def late(db: Session) -> list[Case]:
    """Return what is hidden at once and nobody decided in time, of which nobody was told yet; it counts as told now."""
    moment = now()
    due = sa.and_(col(Hold.how).is_(None), col(Hold.decide_by) <= moment, col(Hold.told_at).is_(None))
    found = db.exec(select(Hold, Case).join(Case, col(Case.id) == Hold.case_id).where(due).order_by(col(Hold.id)).limit(500)).all()
    for held, _case in found:
        held.told_at = moment
    db.flush()
    return [case for _held, case in found if case.state == CaseState.OPEN]


def _waits(case: Case) -> sa.ColumnElement[bool]:
    urgent = {one.key for reasons in REASONS.values() for one in reasons if rules.always_heard(one.priority)}
    return sa.and_(col(Flag.case_id) == case.id, col(Flag.answered_on).is_(None), col(Flag.reason).in_(urgent))


def _carry_out(hide: Callable[[Session, Case], bool], db: Session, case: Case) -> bool:
    """Hide, if it can be; where it cannot, the flag stays all the same and a person looks."""
    try:
        with db.begin_nested():
            return hide(db, case)
    except Conflict:
        return False


def _flaggers(db: Session, case: Case) -> list[rules.Flagger]:
    """Return the members who wait for an answer about danger or recognition; two statements.

    Only whoever is a member in good standing counts, and nobody whom a person has answered about the same thing, or told in the
    last 90 days that something was plainly in order: a person looks at what they say, but nothing is hidden by it before. Where it
    was hidden already and nobody decided in time, it takes others than those by whom it was.
    """
    before = holding.last(db, case)
    today = now().date()
    holds = sa.exists().where(
        col(RoleGrant.member_id) == Member.id, col(RoleGrant.role).in_(_TRUSTED), col(RoleGrant.from_on) <= today,
        col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    answered: sa.ColumnElement[bool] = sa.exists().where(
        _BEFORE.c.member_id == Member.id, _BEFORE.c.answered_on.is_not(None), sa.or_(
            _BEFORE.c.case_id == case.id,
            sa.and_(_BEFORE.c.groundless_by.is_not(None), _BEFORE.c.answered_on > today - rules.MISUSE),
        ),
    )  # fmt: skip
    if before is not None:
        spent = sa.and_(_BEFORE.c.case_id == case.id, _BEFORE.c.id < before.id)
        answered = sa.or_(answered, sa.exists().where(_BEFORE.c.member_id == Member.id, spent))
    rows = db.execute(
        sa.select(col(Member.id), col(Member.joined_on), holds).join(Flag, col(Flag.member_id) == Member.id)
        .where(_waits(case))
        .where(col(Member.status) == MemberStatus.ACTIVE, limits.none_stops(now()), ~answered).distinct()
    )  # fmt: skip
    return [rules.Flagger(member_id, joined_on, trusted) for member_id, joined_on, trusted in rows]


def _held_now(db: Session, table: type[Thing], case: Case) -> Thing | None:
    """Return what the case is about as it stands, held; None while somebody else changes it: a case never waits for that."""
    db.flush()
    return db.get(table, case.subject_id, populate_existing=True, with_for_update={"key_share": True, "skip_locked": True})


def _story(db: Session, case: Case) -> bool:
    story = _held_now(db, Story, case)
    if story is None or story.status != StoryStatus.PUBLISHED:
        return False
    stories.hide_at_once(db, story)
    return True


def _post(db: Session, case: Case) -> bool:
    post = _held_now(db, Post, case)
    if post is None or post.state != PostState.SHOWN:
        return False
    groups.hide_at_once(db, post)
    return True


def _entry(db: Session, case: Case) -> bool:
    entry = _held_now(db, BoardEntry, case)
    if entry is None or entry.state != BoardState.SHOWN:
        return False
    board.hide_at_once(db, entry)
    return True


def _meeting(db: Session, case: Case) -> bool:
    plan = _held_now(db, MeetingPlan, case)
    if plan is None or plan.state != PlanState.SHOWN:
        return False
    meetings.hide_at_once(db, plan)
    return True


_TABLES: Final[Mapping[str, type[Story | Post | BoardEntry | MeetingPlan]]] = {
    "story": Story, posts.POST: Post, board_words.BOARD: BoardEntry, meeting_words.MEETING: MeetingPlan,
}  # fmt: skip
_HIDE: Final[Mapping[str, Callable[[Session, Case], bool]]] = {
    "story": _story, posts.POST: _post, board_words.BOARD: _entry, meeting_words.MEETING: _meeting,
}  # fmt: skip
