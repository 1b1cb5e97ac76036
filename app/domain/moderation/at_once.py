"""Hidden at once: danger, or somebody who can be recognised, is hidden before a person has looked; a person decides then."""

from collections.abc import Callable, Mapping
from typing import Final, TypeVar

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.errors import Conflict
from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.groups import deciding as groups
from app.domain.moderation import posts, rules
from app.domain.moderation.wording import REASONS
from app.domain.stories import actions as stories
from app.models.accounts import Member, MemberStatus, Role, RoleGrant
from app.models.groups import Post, PostState
from app.models.moderation import Case, Flag
from app.models.stories import Story, StoryStatus

HIDDEN = N_("We hid something of yours for now, because somebody may be in danger or can be recognised. A person looks at it by "
            "%(day)s, and you hear what comes of it.")  # fmt: skip
Thing = TypeVar("Thing", Story, Post)
_BEFORE = Flag.__table__.alias()  # type: ignore[attr-defined]
_TRUSTED = frozenset({Role.ORGANISER, Role.MENTOR, Role.COORDINATOR, Role.SAFEGUARDING})


def consider(db: Session, case: Case) -> bool:
    """Hide what a case is about when the rule says so; say whether it was hidden. Whoever flagged it decides nothing by that."""
    hide = _HIDE.get(case.subject_kind)
    if hide is None or not rules.hides_at_once(_flaggers(db, case), now().date()) or not _carry_out(hide, db, case):
        return False
    if case.about_id is not None:
        accounts.tell(db, case.about_id, HIDDEN, day=case.due_at.date().isoformat())
    return True


def _carry_out(hide: Callable[[Session, Case], bool], db: Session, case: Case) -> bool:
    """Hide, if it can be; where it cannot, the flag stays all the same and a person looks."""
    try:
        with db.begin_nested():
            return hide(db, case)
    except Conflict:
        return False


def _flaggers(db: Session, case: Case) -> list[rules.Flagger]:
    """Return the members who wait for an answer about danger or recognition; one statement.

    Only whoever is a member in good standing counts, and nobody whom a person has answered about the same thing, or told in the
    last 90 days that something was plainly in order: a person looks at what they say, but nothing is hidden by it before.
    """
    urgent = {one.key for reasons in REASONS.values() for one in reasons if rules.always_heard(one.priority)}
    today = now().date()
    holds = sa.exists().where(
        col(RoleGrant.member_id) == Member.id, col(RoleGrant.role).in_(_TRUSTED), col(RoleGrant.from_on) <= today,
        col(RoleGrant.until_on) > today, col(RoleGrant.ended_on).is_(None),
    )  # fmt: skip
    answered = sa.exists().where(
        _BEFORE.c.member_id == Member.id, _BEFORE.c.answered_on.is_not(None), sa.or_(
            _BEFORE.c.case_id == case.id,
            sa.and_(_BEFORE.c.groundless_by.is_not(None), _BEFORE.c.answered_on > today - rules.MISUSE),
        ),
    )  # fmt: skip
    rows = db.execute(
        sa.select(col(Member.id), col(Member.joined_on), holds).join(Flag, col(Flag.member_id) == Member.id)
        .where(col(Flag.case_id) == case.id, col(Flag.answered_on).is_(None), col(Flag.reason).in_(urgent))
        .where(col(Member.status) == MemberStatus.ACTIVE, ~answered).distinct()
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


_HIDE: Final[Mapping[str, Callable[[Session, Case], bool]]] = {"story": _story, posts.POST: _post}
