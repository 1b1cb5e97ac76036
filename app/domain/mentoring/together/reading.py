"""The talk of a mentorship as one of the two reads it: hot reads, columns, built once; 20 messages at a time by their numbers."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.media import shown
from app.domain.mentoring.together import rules
from app.domain.mentoring.together.wording import why_held
from app.domain.two import bubbles
from app.models.accounts import Member
from app.models.mentoring import MatchState, MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting, MentorMessage, MentorReview, Mentorship, MentorVoice

Bubble = bubbles.Bubble
Page = bubbles.Page
LAST = bubbles.LAST
PER_PAGE = bubbles.PER_PAGE
MOST_ENDED: Final = 50
_M, _P, _S, _W = MentorMatch.__table__, Member.__table__, Mentorship.__table__, MentorMessage.__table__  # type: ignore[attr-defined]
_V = MentorVoice.__table__  # type: ignore[attr-defined]
_T, _G, _R = MentorMeeting.__table__, MentorGoal.__table__, MentorReview.__table__  # type: ignore[attr-defined]
_ME, _MATCH = sa.bindparam("me", type_=sa.Uuid), sa.bindparam("match", type_=sa.Uuid)
_IS_MENTEE = (_M.c.mentee_id == _ME).label("is_mentee")
_OTHER = sa.case((_M.c.mentee_id == _ME, _M.c.mentor_id), else_=_M.c.mentee_id)
# A pair that ended is there for the two as long as their talk is; one that never came to a yes of both never had one.
_MINE = (
    sa.select(
        _M.c.id, _M.c.ref, _M.c.state, _M.c.due_on, _M.c.ended_on, _IS_MENTEE, _P.c.id.label("other_id"),
        # Whoever takes a new name after the end is not to be known by it.
        sa.case((_M.c.state.in_(rules.TALKS), _P.c.name), else_="").label("name"),
        sa.func.coalesce(_S.c.last_number, 0).label("last_number"),
        _S.c.mentee_shares, _S.c.mentor_shares,
    )
    .select_from(_M.join(_P, _P.c.id == _OTHER).outerjoin(_S, _S.c.match_id == _M.c.id))
    .where(sa.or_(_M.c.mentee_id == _ME, _M.c.mentor_id == _ME))
)  # fmt: skip
_ONE = _MINE.where(_M.c.ref == sa.bindparam("ref"), sa.or_(_M.c.state.in_(rules.TALKS), _S.c.id.is_not(None)))
# One in which nothing stands for the reader is not listed; what waits of the other one, and what they answered, does not show.
_SOMETHING = sa.or_(
    sa.exists().where(_W.c.match_id == _M.c.id, sa.or_(_W.c.number.is_not(None), _W.c.author_id == _ME)),
    sa.exists().where(_T.c.match_id == _M.c.id), sa.exists().where(_G.c.match_id == _M.c.id),
    sa.exists().where(_R.c.match_id == _M.c.id, _M.c.mentee_id == _ME, _R.c.mentee_said.is_not(None)),
    sa.exists().where(_R.c.match_id == _M.c.id, _M.c.mentor_id == _ME, _R.c.mentor_said.is_not(None)),
)  # fmt: skip
_ENDED = _MINE.where(_M.c.state.not_in(rules.TALKS), _S.c.id.is_not(None), _SOMETHING).order_by(_M.c.id.desc()).limit(MOST_ENDED)
_WORDS = sa.select(
    _W.c.ref, _W.c.number, _W.c.state, _W.c.language, _W.c.body, _W.c.why, _W.c.written_at, (_W.c.author_id == _ME).label("own"),
    _V.c.seconds, _V.c.opus_bytes,
).select_from(_W.outerjoin(_V, _V.c.message_id == _W.c.id)).where(_W.c.match_id == _MATCH)  # fmt: skip
_PAGE, _UNSENT = bubbles.before(_WORDS, _W), bubbles.unsent(_WORDS, _W, _W.c.author_id == _ME)


@dataclass(frozen=True, slots=True)
class Talk:
    """The talk of a mentorship as one of the two has it."""

    match_id: UUID
    ref: str
    state: MatchState
    until: date | None  # when it ends by itself
    ended_on: date | None
    is_mentee: bool
    other_id: UUID
    name: str
    last_number: int
    reads: bool  # else it is there for taking back one's own only
    shares: bool = False  # the reader wants numbers and addresses to be given; that the other one does shows only once both do
    shared: bool = False  # both do

    @property
    def open(self) -> bool:
        """Say whether the two go together now."""
        return self.state in rules.TALKS


def talk(connection: sa.Connection, actor: Actor, ref: str) -> Talk:
    """Return a talk of the actor's; NotFound for everybody else, and where it is not for them to read any more. One statement."""
    found = mine(connection, actor, ref)
    if not found.reads:
        raise NotFound(_("This page is not here."))
    return found


def mine(connection: sa.Connection, actor: Actor, ref: str) -> Talk:
    """Return a talk of the actor's also where they read it no more: what one wrote oneself can be taken back. One statement."""
    row = connection.execute(_ONE, {"ref": ref, "me": actor.me}).first()
    if row is None:
        raise NotFound(_("This page is not here."))
    return _talk(actor, row)


def ended(connection: sa.Connection, actor: Actor) -> list[Talk]:
    """Return the talks of the actor's mentorships that have ended, the last one first; one statement."""
    rows = connection.execute(_ENDED, {"me": actor.me}).all()
    return [_talk(actor, row) for row in rows]


def _talk(actor: Actor, row: Any) -> Talk:
    name = row.name or _("Somebody you went with")
    return Talk(
        row.id, row.ref, row.state, row.due_on, row.ended_on, bool(row.is_mentee), row.other_id, name,
        row.last_number, bool(rules.may_read(actor, row.state, is_mentee=row.is_mentee)),
        bool(row.mentee_shares if row.is_mentee else row.mentor_shares), bool(row.mentee_shares and row.mentor_shares),
    )  # fmt: skip


def page(connection: sa.Connection, of: Talk, me: UUID, before: int = LAST) -> Page:
    """Return 20 messages before a number, on the last page with the reader's own that were not sent; one or two statements."""
    return bubbles.page(connection, _PAGE, _UNSENT, {"match": of.match_id, "me": me}, before, why_held, _voice_in(of))


def one(connection: sa.Connection, of: Talk, me: UUID, ref: str, *, taken_back: bool = False) -> Bubble:
    """Return one message that the reader sees, or, with ``taken_back``, its empty place; NotFound otherwise. One statement."""
    row = connection.execute(_WORDS.where(_W.c.ref == ref), {"match": of.match_id, "me": me}).first()
    if row is None or not bubbles.is_there(row, taken_back):
        raise NotFound(_("This page is not here."))
    return bubbles.of_rows([row], why_held, _voice_in(of))[0]


def _voice_in(of: Talk) -> Callable[[Any], shown.Voice | None]:
    """Return how a row of this talk comes to its voice, if it has one."""

    def voice(row: Any) -> shown.Voice | None:
        path = f"/my/mentoring/with/{of.ref}/words/{row.ref}/voice"
        return None if row.seconds is None else shown.of_words(path, row)

    return voice
