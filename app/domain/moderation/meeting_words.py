"""What is said of meetings, at the desk: held, flagged, decided; whoever wrote it last is told."""

import json
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.i18n import N_
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.groups import queries as group_queries
from app.domain.meetings import deciding as meetings
from app.domain.meetings import planning
from app.domain.meetings import queries as meeting_queries
from app.domain.moderation import filing, group_words
from app.domain.moderation.posts import ReadPost
from app.models.groups import Group, GroupMember, GroupRole, PostState
from app.models.meetings import Meeting, MeetingMinutes, MeetingPlan, PlanState
from app.models.moderation import Case, CaseKind

MEETING = "meeting"  # the kind of the subject, for what is held and what is flagged


def written(db: Session, plan: MeetingPlan) -> None:
    """Let what is at the desk about these words be the matter of whoever wrote them last."""
    for kind in (CaseKind.POST, CaseKind.TALK):
        case = filing.find(db, kind, MEETING, plan.id)
        if case is not None:
            filing.now_about(db, case, plan.by_id)


def held(db: Session, plan: MeetingPlan, found: dict[str, int]) -> None:
    """Open the case of words that wait."""
    filing.open_case(db, CaseKind.POST, MEETING, plan.id, plan.by_id, findings=found)


def flaggable(db: Session, actor: Actor, ref: str) -> tuple[MeetingPlan, str]:
    """Return what is said of a meeting that the actor sees, and its address; NotFound when there is nothing to see for them."""
    group, meeting, plan = meeting_queries.flaggable(db, actor, ref)
    return plan, f"/g/{group.ref}/m/{meeting.ref}"


def leaders(db: Session, plan_id: UUID) -> list[UUID]:
    """Return who leads the group of a meeting."""
    return group_words.leaders(db, db.get_one(MeetingPlan, plan_id).group_id)


def led(cases: sa.Table, member_id: sa.BindParameter[UUID]) -> sa.ColumnElement[bool]:
    """Return the condition on cases about a meeting of a group that a member leads now: what is said about it is about them."""
    leads = sa.exists().where(
        col(MeetingPlan.id) == cases.c.subject_id, col(GroupMember.group_id) == MeetingPlan.group_id,
        col(GroupMember.member_id) == member_id, col(GroupMember.role) == GroupRole.ORGANISER,
    )  # fmt: skip
    return sa.and_(cases.c.subject_kind == MEETING, leads)


def _words(db: Session, plan: MeetingPlan) -> str:
    """Return what is said of a meeting and the newest minutes of it: who flags it may mean these."""
    written = sa.select(col(MeetingMinutes.words)).join(Meeting, col(Meeting.id) == MeetingMinutes.meeting_id)
    newest = written.where(col(Meeting.plan_id) == plan.id).order_by(col(Meeting.starts_at).desc()).limit(5)
    return "\n\n".join([planning.words_of(plan), *filter(None, db.execute(newest).scalars())])


def snapshot(db: Session, case: Case) -> str:
    """Return the words as they stand now."""
    return json.dumps({"body": _words(db, db.get_one(MeetingPlan, case.subject_id))}, ensure_ascii=False)


def contents(db: Session, case: Case) -> ReadPost:
    """Return the words for whoever has the case open."""
    plan = db.get_one(MeetingPlan, case.subject_id)
    body = _words(db, plan)
    flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
    changed = bool(flagged) and flagged != body
    return ReadPost(body, plan.language, "", PostState.SHOWN, changed, flagged if changed else "", group=True)


def is_hidden(db: Session, case: Case) -> bool:
    """Say whether the meeting of a case is hidden by a decision."""
    return db.get_one(MeetingPlan, case.subject_id).state == PlanState.HIDDEN


def _tell(db: Session, plan: MeetingPlan, sentence: str, words: str) -> None:
    if plan.by_id is None:
        return
    inside = group_queries.seat(db, plan.group_id, plan.by_id).inside
    row = db.execute(
        sa.select(col(Group.ref), col(Meeting.ref)).join(Meeting, col(Meeting.group_id) == Group.id)
        .where(col(Meeting.plan_id) == plan.id).order_by(col(Meeting.starts_at).desc()).limit(1)
    ).first()  # fmt: skip
    accounts.tell(db, plan.by_id, sentence, note=words, link=f"/g/{row[0]}/m/{row[1]}" if row and inside else "")


def let_through(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Show a meeting that waited."""
    plan = db.get_one(MeetingPlan, case.subject_id)
    meetings.show(db, actor, plan)
    _tell(db, plan, N_("Somebody has read what you wrote in a group. It is shown now."), words)


def refuse(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Do not show a meeting that waited; the organisers can change the words, and it waits anew."""
    plan = db.get_one(MeetingPlan, case.subject_id)
    meetings.hide(db, actor, plan)
    _tell(db, plan, N_("Somebody has read what you wrote in a group. It cannot be shown. The reason stands below."), words)


def keep(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Leave a flagged meeting as it is, or show it again; where nothing changes nobody hears of it, as with a group."""
    plan = db.get_one(MeetingPlan, case.subject_id)
    if plan.state == PlanState.HIDDEN:
        meetings.show(db, actor, plan)
        _tell(db, plan, N_("We looked at what you wrote in a group again. It is shown again."), words)


def hide(db: Session, actor: Actor, case: Case, words: str) -> None:
    """Hide a flagged meeting: the organisers can change the words, and then it waits for the desk."""
    plan = db.get_one(MeetingPlan, case.subject_id)
    meetings.hide(db, actor, plan)
    _tell(db, plan, N_("We hid something that you wrote in a group. The reason stands below."), words)
