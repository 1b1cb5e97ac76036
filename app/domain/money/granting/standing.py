"""What applications and panels do when somebody leaves the network and when time has passed; what a member's own copy holds."""

from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _
from app.domain.money import currencies
from app.domain.money.granting import applying, joining, opening, seating, tying
from app.domain.money.granting.wording import DECLARED, FIELDS, SEATS
from app.models.groups import Group, GroupState
from app.models.money import AskState, FundAsk, FundCall, FundScore, FundSeat, FundTie, SeatState

PANEL: Final = timedelta(
    days=45
)  # after the decision, when appeals are over: what people declared, and the ties that they wrote down
UNDECIDED: Final = timedelta(days=365)  # after the day by which it was to be decided, where nothing came of it
# After the decision: answers, scores, reasons of what was not granted, appeals; until then nobody reads them who has a tie.
WORDS: Final = timedelta(days=365)
# Of ties: of somebody who is, or was, on the panel.
_SEATED: Final = sa.exists().where(col(FundSeat.call_id) == FundTie.call_id, col(FundSeat.member_id) == FundTie.member_id)


def purge(db: Session, member_id: UUID) -> None:
    """Take a member who leaves off every panel, with what they declared and scored; what they wrote for a group is the group's."""
    sits = sa.select(FundCall, FundSeat).join(FundSeat, col(FundSeat.call_id) == FundCall.id)
    sits = sits.where(col(FundSeat.member_id) == member_id, col(FundCall.decided_at).is_(None))
    left = db.execute(sits).all()
    for call, _seat in left:
        opening.keep(db, call)
    said_yes = [call for call, seat in left if seat.state == SeatState.SITS]
    tying.note_rival(db, member_id)
    for made in (FundTie, FundScore, FundSeat):
        db.execute(sa.delete(made).where(col(made.member_id) == member_id))
    db.execute(sa.update(FundSeat).where(col(FundSeat.named_by) == member_id).values(named_by=None))
    for column in ("made_by", "proposed_by", "answered_by"):
        db.execute(sa.update(FundAsk).where(getattr(FundAsk, column) == member_id).values({column: None}))
    for call in said_yes:
        seating.gone(db, call)
        opening.settle(db, call)


def group_moved(db: Session, group: Group) -> None:
    """Take a group that is closed out of what it asked for: its words go, and whoever asked with it asks alone, and is told."""
    if group.state != GroupState.CLOSED:
        return
    part = sa.or_(col(FundAsk.group_id) == group.id, col(FundAsk.with_group_id) == group.id)
    rows = sa.select(FundAsk, FundCall).join(FundCall, col(FundCall.id) == FundAsk.call_id)
    for ask, call in db.execute(rows.where(part, col(FundAsk.state) != AskState.WITHDRAWN)).all():
        waits = call.decided_at is None and call.cancelled_at is None
        if ask.group_id == group.id and waits:
            applying.end(db, ask, call)
        elif ask.group_id == group.id:
            applying.forget_voice(db, [ask])
            ask.answers, ask.appeal = None, None
        elif waits:
            joining.end(db, ask, call, ask.group_id)
    db.flush()


def decides(on: date) -> sa.Select[UUID]:
    """Return who sits on a panel on a day: said yes, and their time is not over."""
    return sa.select(col(FundSeat.member_id)).where(col(FundSeat.state) == SeatState.SITS, col(FundSeat.until_on) >= on).distinct()


def remove_old(db: Session, moment: datetime) -> int:
    """Remove what people of a panel declared, their ties, then the words of applications and scores; return how many rows."""
    panel, words = (_over(moment, after) for after in (PANEL, WORDS))
    granted = sa.and_(col(FundAsk.granted) > 0, col(FundAsk.call_id).in_(
        sa.select(col(FundCall.id)).where(col(FundCall.decided_at).is_not(None))
    ))  # fmt: skip
    # Everybody reads why money was granted: the reason of the panel, or what took its place after an appeal. That stays.
    reason, answer = sa.and_(granted, ~col(FundAsk.appeal_right)), sa.and_(granted, col(FundAsk.appeal_right))
    old = (
        col(FundAsk.answers).is_not(None), col(FundAsk.appeal).is_not(None), col(FundAsk.link_hash).is_not(None),
        sa.and_(col(FundAsk.reason).is_not(None), sa.not_(sa.func.coalesce(reason, sa.false()))),
        sa.and_(col(FundAsk.answer).is_not(None), sa.not_(sa.func.coalesce(answer, sa.false()))),
    )  # fmt: skip
    drafts = (
        col(FundAsk.state) != AskState.SENT, col(FundAsk.saved_at) < moment - timedelta(days=90),
        col(FundAsk.call_id).in_(sa.select(col(FundCall.id)).where(col(FundCall.closes_at) < moment - timedelta(days=90))),
        col(FundAsk.id).not_in(sa.select(col(FundTie.ask_id))), col(FundAsk.id).not_in(sa.select(col(FundScore.ask_id))),
    )  # fmt: skip
    spoken = sa.or_(col(FundAsk.call_id).in_(words), sa.and_(*drafts)), col(FundAsk.voice).is_not(None)
    applying.forget_voice(db, db.exec(select(FundAsk).where(*spoken)))
    db.flush()
    declared = sa.or_(col(FundSeat.declared).is_not(None), col(FundSeat.ties).is_not(None))
    gone = [
        db.execute(sa.update(FundSeat).where(col(FundSeat.call_id).in_(panel), declared).values(declared=None, ties=None)),
        db.execute(sa.delete(FundTie).where(sa.or_(
            col(FundTie.call_id).in_(words), sa.and_(col(FundTie.call_id).in_(panel), ~_SEATED)
        ))),
        db.execute(sa.delete(FundScore).where(
            col(FundScore.ask_id).in_(sa.select(col(FundAsk.id)).where(col(FundAsk.call_id).in_(words)))
        )),
        db.execute(
            sa.update(FundAsk).where(col(FundAsk.call_id).in_(words), sa.or_(*old)).values(
                answers=None, appeal=None, link_hash=None, reason=sa.case((reason, FundAsk.reason)),
                answer=sa.case((answer, FundAsk.answer)),
            )
        ),
        db.execute(sa.delete(FundAsk).where(*drafts)),
    ]  # fmt: skip
    counts: list[int] = [one.rowcount for one in gone]  # type: ignore[attr-defined]
    return sum(counts)


def _over(moment: datetime, after: timedelta) -> sa.Select[UUID]:
    """Return the calls that were decided, or cancelled, so long ago, or were to be decided a year before."""
    return sa.select(col(FundCall.id)).where(
        col(FundCall.here),
        sa.or_(
            col(FundCall.decided_at) < moment - after, col(FundCall.cancelled_at) < moment - after,
            sa.and_(col(FundCall.decided_at).is_(None), col(FundCall.decide_on) < (moment - UNDECIDED).date()),
        ),
    )  # fmt: skip


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return on which panels a member sits or sat, what they scored and wrote down there, and what they wrote last for groups."""
    seats = db.execute(
        sa.select(FundSeat, col(FundCall.title)).join(FundCall, col(FundCall.id) == FundSeat.call_id)
        .where(col(FundSeat.member_id) == member_id).order_by(col(FundSeat.id))
    ).all()  # fmt: skip
    scores = db.execute(
        sa.select(FundScore, col(FundCall.title)).join(FundAsk, col(FundAsk.id) == FundScore.ask_id)
        .join(FundCall, col(FundCall.id) == FundAsk.call_id).where(col(FundScore.member_id) == member_id)
        .order_by(col(FundScore.id))
    ).all()  # fmt: skip
    ties = (
        sa.select(col(FundCall.title)).join(FundTie, col(FundTie.call_id) == FundCall.id)
        .where(col(FundTie.member_id) == member_id).distinct().order_by(col(FundCall.title))
    )  # fmt: skip
    return _written(db, member_id) | {
        N_("calls for money in which I take no part, in all or in some of it"): list(db.execute(ties).scalars()),
        N_("panels that I was asked to sit on"): [
            {
                N_("name"): title, N_("answer"): _(SEATS[one.state.value]), "until": one.until_on,
                N_("what I declared"): _(DECLARED[one.declared]) if one.declared else None, N_("ties that I know of"): one.ties,
            }
            for one, title in seats
        ],
        N_("scores that I gave"): [
            {N_("name"): title, N_("points"): one.points, N_("reason"): one.reason} for one, title in scores
        ],
    }  # fmt: skip


def _written(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what a member wrote in applications, and about them; of which group the latter is stays with the panel."""
    mine = sa.or_(*(col(getattr(FundAsk, one)) == member_id for one in ("made_by", "proposed_by", "answered_by")))
    rows = db.execute(
        sa.select(FundAsk, FundCall, col(Group.name)).join(FundCall, col(FundCall.id) == FundAsk.call_id)
        .join(Group, col(Group.id) == FundAsk.group_id).where(mine).order_by(col(FundAsk.id))
    ).all()  # fmt: skip
    return {
        N_("money that I asked for, for a group"): [
            {
                N_("name"): call.title, N_("group"): name, "text": _text(one),
                N_("sum"): currencies.written(one.wants, call.currency) if one.wants else None,
            }
            for one, call, name in rows if one.made_by == member_id
        ],
        N_("what I wrote down for a panel, or answered a group that saw it differently"): [
            {N_("name"): call.title, N_("reason"): words}
            for one, call, _name in rows
            for by, words in ((one.proposed_by, one.reason), (one.answered_by, one.answer))
            if by == member_id and words
        ],
    }  # fmt: skip


def _text(ask: FundAsk) -> list[str] | None:
    said = ask.answers
    return None if said is None else [f"{_(words)}: {said[name]}" for name, words in FIELDS.items() if said.get(name)]
