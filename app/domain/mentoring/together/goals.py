"""What the two want to reach: economic, social, psychosocial; at least one in each, or a reason why not."""

from dataclasses import dataclass
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain import ledger
from app.domain.actor import Actor
from app.domain.mentoring.together import lines, reading, rules, talking
from app.models.mentorships import Dimension, GoalState, MentorGoal
from app.schemas.mentorships import ChangeGoal, TellGoal

LINE: Final = "mentor_goal"  # in the ledger of erasures: a line that whoever wrote it took out
_G: sa.Table = MentorGoal.__table__  # type: ignore[attr-defined]
_GOALS = (
    sa.select(_G.c.ref, _G.c.author_id, _G.c.dimension, _G.c.state, _G.c.words, _G.c.hidden)
    .where(_G.c.match_id == sa.bindparam("match", type_=sa.Uuid)).order_by(_G.c.id).limit(rules.MOST_GOALS)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Goal:
    """A goal, or a reason for none, as one of the two reads it; one that is hidden has no words for the other one."""

    ref: str
    own: bool
    dimension: Dimension
    state: GoalState
    words: str
    hidden: bool


def listed(connection: sa.Connection, of: reading.Talk, me: UUID) -> list[Goal]:
    """Return the goals and reasons in the order in which they were written; one statement."""
    rows = connection.execute(_GOALS, {"match": of.match_id})
    return [
        Goal(row.ref, row.author_id == me, row.dimension, row.state, lines.read(row.words, row, me), row.hidden) for row in rows
    ]


def set_goal(db: Session, actor: Actor, ref: str, wish: TellGoal) -> None:
    """Keep a goal, or why there is none in a dimension; raises Invalid where it cannot be kept now."""
    of = lines.written_in(db, actor, ref)
    if db.execute(sa.select(sa.func.count()).select_from(_G).where(_G.c.match_id == of.match_id)).scalar_one() >= rules.MOST_GOALS:
        raise Invalid("", _("These are many goals. Take one out first."))
    talking.checked(actor, of, "words", wish.words)
    talking.begin(db, of.match_id)
    state = GoalState.NONE if wish.none else GoalState.OPEN
    row = MentorGoal(
        ref=new_ref(), match_id=of.match_id, author_id=actor.me, dimension=wish.dimension, state=state, words=wish.words,
        on=now().date(),
    )  # fmt: skip
    db.add(row)
    db.flush()


def change(db: Session, actor: Actor, ref: str, goal_ref: str, wish: ChangeGoal) -> None:
    """Say where a goal stands, while the two go together; or take out what one wrote oneself, in every standing."""
    of, row = lines.of_pair(db, actor, MentorGoal, ref, goal_ref, taking_out=wish.do == "remove")
    if wish.do == "remove":
        require(rules.may_remove(actor, row.author_id, is_mentee=of.is_mentee))
        ledger.remember(db, LINE, row.id)
        db.delete(row)
    else:
        require(rules.may_talk(actor))
        require(rules.goes_on(actor, of.state, is_mentee=of.is_mentee))
        require(rules.may_move_goal(row.state))
        row.state, row.on = GoalState(wish.do), now().date()
    db.flush()


def forget(db: Session, of: reading.Talk, me: UUID) -> None:
    """Take out every goal that somebody wrote in a talk; two statements."""
    gone = sa.delete(_G).where(_G.c.match_id == of.match_id, _G.c.author_id == me).returning(_G.c.id)
    ledger.remember_new(db, LINE, db.execute(gone).scalars().all())
