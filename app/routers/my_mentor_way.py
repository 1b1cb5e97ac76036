"""My mentoring, continued: meetings that were written down, and goals."""

from typing import Annotated, Any

from fastapi import APIRouter, Path, Query
from sqlmodel import Session
from starlette.responses import Response

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.ids import REF
from app.domain.actor import Actor
from app.domain.mentoring.joining.wording import CHANNEL_WORDS
from app.domain.mentoring.together import goals, meeting, reading, rules
from app.domain.mentoring.together.wording import DIMENSIONS, GOAL_STATES, MOODS
from app.models.mentorships import GoalState
from app.routers.my_mentoring import Counted
from app.schemas.mentorships import ChangeGoal, ChangeMeeting, TellGoal, TellMeeting
from app.web.forms import Form, form_of
from app.web.pages import Page
from app.web.sessions import SignedIn
from app.web.transactions import Db, Pages, ReadDb

router = APIRouter(prefix="/my/mentoring/with/{ref}")
Ref = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
LineRef = Annotated[str, Path(pattern=f"^{REF.pattern}$")]
Passed = Annotated[int, Query(ge=0, le=rules.MOST_MEETINGS)]
MINUTES = ("15", "30", "45", "60", "90", "120", "180")
DONE = {"mood": N_("Kept."), "remove": N_("Taken out.")}


def _allowed(actor: Actor, of: reading.Talk) -> str | None:
    return (rules.may_talk(actor) and rules.goes_on(actor, of.state, is_mentee=of.is_mentee)).reason


def _meetings(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None = None, passed: int = 0) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    found, earlier = meeting.listed(db.connection(), of, actor.me, passed)
    wanted = goals.listed(db.connection(), of, actor.me)
    return page(
        "mentoring/meetings.html", status=422 if form else 200, here="me", of=of, form=form, today=now().date().isoformat(),
        meetings=found, earlier=earlier, closed=_allowed(actor, of), minutes=[(m, m) for m in MINUTES],
        channels=[(key, _(text)) for key, text in CHANNEL_WORDS.items()], channel_words=CHANNEL_WORDS,
        goals={goal.ref: goal.words for goal in wanted if goal.state != GoalState.NONE and goal.words},
        moods=[(key, _(text)) for key, text in MOODS.items()],
    )  # fmt: skip


@router.get("/meetings", name="my_meetings")
def meetings(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn, passed: Passed = 0) -> Response:
    """Show what was written down of meetings, 20 at a time."""
    return _meetings(db, page, actor, ref, passed=passed)


@router.post("/meetings", dependencies=[Counted])
def write_down(
    ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TellMeeting], form_of(TellMeeting)]
) -> Response:  # fmt: skip
    """Write a meeting down."""
    if form.data is None:
        return _meetings(db, page, actor, ref, form)
    try:
        meeting.write_down(db, actor, ref, form.data)
    except Invalid as problem:
        return _meetings(db, page, actor, ref, form.refuse(problem))
    return page.go("my_meetings", ref=ref, say=_("Kept. Both of you read it."))


@router.post("/meetings/{line_ref}", name="my_meeting", dependencies=[Counted])
def change_meeting(
    ref: Ref, line_ref: LineRef, db: Db, page: Pages, actor: SignedIn,
    form: Annotated[Form[ChangeMeeting], form_of(ChangeMeeting)],
) -> Response:  # fmt: skip
    """Say how it was for me, or take out what I wrote down."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    meeting.change(db, actor, ref, line_ref, form.data)
    return page.go("my_meetings", ref=ref, say=_(DONE[form.data.do]))


def _goals(db: Session, page: Page, actor: Actor, ref: str, form: Form[Any] | None = None) -> Response:
    of = reading.talk(db.connection(), actor, ref)
    found = goals.listed(db.connection(), of, actor.me)
    lacking = rules.lacking([(goal.dimension, goal.state) for goal in found])
    return page(
        "mentoring/goals.html", status=422 if form else 200, here="me", of=of, form=form, goals=found, closed=_allowed(actor, of),
        dimensions=[(key.value, *map(_, words)) for key, words in DIMENSIONS.items()], states=GOAL_STATES,
        lacking={one.value for one in lacking},
    )  # fmt: skip


@router.get("/goals", name="my_goals")
def show_goals(ref: Ref, db: ReadDb, page: Pages, actor: SignedIn) -> Response:
    """Show what the two want to reach."""
    return _goals(db, page, actor, ref)


@router.post("/goals", dependencies=[Counted])
def set_goal(ref: Ref, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[TellGoal], form_of(TellGoal)]) -> Response:
    """Keep a goal, or why there is none."""
    if form.data is None:
        return _goals(db, page, actor, ref, form)
    try:
        goals.set_goal(db, actor, ref, form.data)
    except Invalid as problem:
        return _goals(db, page, actor, ref, form.refuse(problem))
    return page.go("my_goals", ref=ref, say=_("Kept. Both of you read it."))


@router.post("/goals/{line_ref}", name="my_goal", dependencies=[Counted])
def change_goal(
    ref: Ref, line_ref: LineRef, db: Db, page: Pages, actor: SignedIn, form: Annotated[Form[ChangeGoal], form_of(ChangeGoal)]
) -> Response:  # fmt: skip
    """Say where a goal stands, or take it out."""
    if form.data is None:
        raise NotFound(_("This page is not here."))
    goals.change(db, actor, ref, line_ref, form.data)
    return page.go("my_goals", ref=ref, say=_("Kept."))
