"""The life of a pair, from a proposal to its end, as one table; and who may do what with it. Pure."""

import enum
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Conflict
from app.core.i18n import _
from app.core.verdict import Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.models.accounts import MemberStatus, Role
from app.models.mentoring import MatchState

S = MatchState
MENTEE_DAYS, MENTOR_DAYS, MONTHS_DAYS = 5, 3, 182  # to answer, to answer, and how long a mentorship lasts (half a year)
REST: Final = timedelta(hours=1)  # between a round and one by hand


class Event(enum.StrEnum):
    """What can happen to a pair."""

    RELEASE = "release"  # a coordinator lets the mentee be asked
    DROP = "drop"  # a coordinator does not; or the mentor is no mentor any more, or one of the two was stopped
    MENTEE_YES = "mentee_yes"
    MENTEE_NO = "mentee_no"
    MENTOR_YES = "mentor_yes"
    MENTOR_NO = "mentor_no"
    LAPSE = "lapse"  # the time to answer, or the half year, is over
    AWAY = "away"  # one of the two cannot go on for now, without anybody's no: they may be proposed to each other again
    INTRODUCE = "introduce"  # a coordinator has written to both how they meet first
    MEET = "meet"  # the two write down that they met
    EXTEND = "extend"  # both want another half year; once
    END = "end"  # one of the two, without a reason


E = Event
MOVES: Final[dict[tuple[MatchState, Event], MatchState]] = {
    (S.PROPOSED, E.RELEASE): S.MENTEE_ASKED, (S.PROPOSED, E.DROP): S.DROPPED, (S.PROPOSED, E.LAPSE): S.LAPSED,
    (S.MENTEE_ASKED, E.MENTEE_YES): S.MENTOR_ASKED, (S.MENTEE_ASKED, E.MENTEE_NO): S.DECLINED,
    (S.MENTEE_ASKED, E.LAPSE): S.LAPSED, (S.MENTEE_ASKED, E.DROP): S.DROPPED,
    (S.MENTOR_ASKED, E.MENTOR_YES): S.AGREED, (S.MENTOR_ASKED, E.MENTOR_NO): S.DECLINED,
    (S.MENTOR_ASKED, E.LAPSE): S.LAPSED, (S.MENTOR_ASKED, E.DROP): S.DROPPED, (S.MENTOR_ASKED, E.MENTEE_NO): S.DECLINED,
    (S.AGREED, E.INTRODUCE): S.ACTIVE, (S.AGREED, E.END): S.ENDED, (S.AGREED, E.DROP): S.ENDED,
    (S.AGREED, E.LAPSE): S.LAPSED, (S.AGREED, E.MEET): S.ACTIVE,
    (S.ACTIVE, E.EXTEND): S.ACTIVE, (S.ACTIVE, E.END): S.ENDED, (S.ACTIVE, E.LAPSE): S.ENDED, (S.ACTIVE, E.DROP): S.ENDED,
    (S.PROPOSED, E.AWAY): S.LAPSED, (S.MENTEE_ASKED, E.AWAY): S.LAPSED, (S.MENTOR_ASKED, E.AWAY): S.LAPSED,
    (S.AGREED, E.AWAY): S.LAPSED, (S.ACTIVE, E.AWAY): S.LAPSED,
}  # fmt: skip
OPEN: Final = frozenset({S.PROPOSED, S.MENTEE_ASKED, S.MENTOR_ASKED, S.AGREED, S.ACTIVE})  # holds a place of the mentor
# Never proposed again; one that lapsed may be: nobody said no.
CLOSED_FOR_GOOD: Final = frozenset({S.DECLINED, S.DROPPED, S.ENDED})
MENTEE_KNOWS: Final = frozenset({S.MENTEE_ASKED, S.MENTOR_ASKED, S.AGREED, S.ACTIVE})
MENTOR_KNOWS: Final = frozenset({S.MENTOR_ASKED, S.AGREED, S.ACTIVE})
UNRELEASED_DAYS, UNMET_DAYS = 14, 30  # a proposal nobody releases, a pair nobody introduces: no place is held for ever
DAYS: Final = {
    S.PROPOSED: UNRELEASED_DAYS, S.MENTEE_ASKED: MENTEE_DAYS, S.MENTOR_ASKED: MENTOR_DAYS, S.AGREED: UNMET_DAYS,
    S.ACTIVE: MONTHS_DAYS,
}  # fmt: skip


def after(state: MatchState, event: Event) -> MatchState:
    """Return what a pair becomes; Conflict when that cannot happen to it now."""
    try:
        return MOVES[state, event]
    except KeyError:
        raise Conflict(_("This changed meanwhile. Look at it again.")) from None


def may_run(actor: Actor) -> Verdict:
    """Answer whether the actor may begin a round by hand."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can do this."))


def may_run_now(actor: Actor, last: datetime | None, moment: datetime) -> Verdict:
    """Answer whether the actor may begin a round by hand, ``last`` being when the last one ran."""
    early = last is not None and moment < last + REST
    return may_run(actor) and unless(early, _("A round ran less than an hour ago. What it found stands here."))


def may_steer(actor: Actor, mentee: UUID, mentor: UUID) -> Verdict:
    """Answer whether the actor may release a pair, drop it or introduce the two: a coordinator who is neither of them."""
    if not (verdict := may_run(actor)):
        return verdict
    own = actor.member_id in (mentee, mentor)
    return unless(own, _("Nobody decides about themselves. Another coordinator will look."))


def may_answer(actor: Actor, who: UUID) -> Verdict:
    """Answer whether the actor may say yes for themselves."""
    if actor.member_id != who:
        return no(_("This page is not here."))
    return may_take_part(actor)


def may_end(actor: Actor) -> Verdict:
    """Answer yes in every standing: no and an end can always be said."""
    return unless(not actor.signed_in, _("Come in with your key to see this."))


def can_meet(*accounts: tuple[MemberStatus, bool]) -> bool:
    """Say whether the accounts are there, so that a pair can go on: the standing of each, and whether a decision stops it."""
    return all(standing == MemberStatus.ACTIVE and not stopped for standing, stopped in accounts)
