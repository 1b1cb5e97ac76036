"""What is read about stories outside the hot pages: a teller's own, what waits for a second reader, feeds, addresses."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Gone, NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.stories import consents, reading, rules, shown, translations
from app.domain.stories.consents import Agreement
from app.domain.stories.reading import LIVE, TELLER
from app.models.accounts import Answer, Member, MemberStatus
from app.models.engine import SearchDocument
from app.models.places import Area
from app.models.stories import Audience, Consent, Media, MediaKind, MediaState, Story, StoryProposal, StoryStatus, StoryText

_S, _T, _P = Story.__table__, StoryText.__table__, Member.__table__  # type: ignore[attr-defined]
_M, _A = Media.__table__, Answer.__table__  # type: ignore[attr-defined]
FEED_LENGTH = 50
_FEED = (
    sa.select(
        _S.c.id, _S.c.ref, _S.c.name_form, TELLER, _S.c.published_on, _S.c.heavy, _T.c.language, _T.c.title, _T.c.body, _T.c.hard,
        _T.c.helped, _T.c.content_note, _T.c.summary, _M.c.ref.label("file"), _M.c.files, _M.c.seconds,
    )
    .select_from(
        _S.join(_P, _P.c.id == _S.c.author_id).join(_T, sa.and_(_T.c.story_id == _S.c.id, _T.c.original)).outerjoin(
            _M, sa.and_(_M.c.story_id == _S.c.id, _M.c.kind == MediaKind.VOICE, _M.c.state == MediaState.READY)
        )
    )
    .where(LIVE, _S.c.audience == Audience.EVERYONE)
    .order_by(_S.c.published_on.desc(), _S.c.ref)
    .limit(FEED_LENGTH)
)  # fmt: skip
_WITH_VOICE = _FEED.where(_M.c.ref.is_not(None))
_ADDRESSES = (
    sa.select(_S.c.ref)
    .select_from(_S.join(_P, _P.c.id == _S.c.author_id))
    .where(LIVE, _S.c.audience == Audience.EVERYONE)
    .order_by(_S.c.ref)
    .limit(49_000)  # a site map holds at most 50,000 addresses
)
_ME = sa.bindparam("me", type_=sa.Uuid)
_OPEN = (StoryStatus.DRAFT, StoryStatus.CHANGE_ASKED)
_TODAY = (
    sa.select(
        _S.c.ref, _S.c.status, _S.c.step, _T.c.title, _T.c.language,
        sa.select(sa.func.count()).where(_A.c.member_id == _ME, _A.c.read_at.is_(None)).scalar_subquery().label("unread"),
    )
    .select_from(_P.outerjoin(_S, sa.and_(_S.c.author_id == _P.c.id, _S.c.status.in_(_OPEN))).outerjoin(
        _T, sa.and_(_T.c.story_id == _S.c.id, _T.c.original)
    ))
    .where(_P.c.id == _ME)
    .order_by(_S.c.touched_at.desc())
    .limit(3)
)  # fmt: skip


_C = Consent.__table__  # type: ignore[attr-defined]
_AGREED = (
    sa.select(
        _S.c.ref, _S.c.status, _S.c.audience, _T.c.title, _T.c.language, _C.c.purpose, _C.c.act, _C.c.from_on, _C.c.until_on,
    )
    .select_from(_S.join(_C, _C.c.story_id == _S.c.id).join(_T, sa.and_(_T.c.story_id == _S.c.id, _T.c.original)))
    .where(_S.c.author_id == _ME)
    .order_by(_S.c.touched_at.desc(), _S.c.id, _C.c.number)
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agreed:
    """One of my stories with every yes that I ever gave to it."""

    ref: str
    status: StoryStatus
    audience: Audience
    title: str
    language: str
    agreements: list[Agreement]


@dataclass(frozen=True, slots=True)
class Mine:
    """One of my stories, for the list."""

    ref: str
    status: StoryStatus
    title: str
    language: str
    step: str
    until_on: date | None
    held: bool
    waiting: int  # suggestions and translations that wait for my yes


@dataclass(frozen=True, slots=True)
class ForReview:
    """A story as its second reader needs it; ``translations`` are those that its teller said yes to."""

    story: Story
    view: shown.StoryView
    original: StoryText
    agreements: list[Agreement]
    own: bool
    translations: list[translations.Translation]


def own(db: Session, actor: Actor, ref: str) -> Story:
    """Return the actor's own story; for everybody else it is not there."""
    story = db.exec(select(Story).where(Story.ref == ref)).first()
    if story is None or story.author_id != actor.member_id:
        raise NotFound(_("This page is not here."))
    return story


def by_ref(db: Session, ref: str) -> Story:
    """Return a story in whatever state; the caller asks a rule who may do what."""
    story = db.exec(select(Story).where(Story.ref == ref)).first()
    if story is None:
        raise NotFound(_("This page is not here."))
    return story


def mine(db: Session, actor: Actor) -> list[Mine]:
    """Return my stories, the last touched first; one statement."""
    other = _T.alias("other")
    offered = sa.select(sa.func.count()).where(other.c.story_id == _S.c.id, other.c.confirmed.is_(False))
    proposed = sa.select(sa.func.count()).where(col(StoryProposal.story_id) == _S.c.id)
    rows = db.execute(
        sa.select(
            _S.c.ref, _S.c.status, _T.c.title, _T.c.language, _S.c.step, _S.c.until_on, _S.c.held,
            (offered.scalar_subquery() + proposed.scalar_subquery()).label("waiting"),
        )
        .select_from(_S.join(_T, sa.and_(_T.c.story_id == _S.c.id, _T.c.original)))
        .where(_S.c.author_id == actor.me)
        .order_by(_S.c.touched_at.desc(), _S.c.id)
        .limit(200)
    )  # fmt: skip
    return [Mine(*row) for row in rows]


def agreed(db: Session, actor: Actor) -> list[Agreed]:
    """Return what I ever agreed to, story by story, the last touched first; one statement."""
    rows = db.execute(_AGREED, {"me": actor.me}).all()
    found = [list(group) for _ref, group in groupby(rows, key=lambda row: row.ref)]
    return [
        Agreed(one.ref, one.status, one.audience, one.title, one.language, consents.last_words(group))
        for group in found for one in group[:1]
    ]  # fmt: skip


def texts(db: Session, story: Story) -> list[StoryText]:
    """Return all texts of a story, the original first."""
    wanted = select(StoryText).where(StoryText.story_id == story.id)
    return list(db.exec(wanted.order_by(sa.desc(_T.c.original), col(StoryText.language))))


def as_shown(db: Session, story: Story, wanted: Sequence[str] = (), ahead: bool = False) -> shown.StoryView:
    """Return the story exactly as others see it, or (``ahead``) as they will see it once a second reader said yes."""
    rows = reading.story(db.connection(), story.ref, ahead=ahead)
    if rows is None or not rows.texts:
        raise NotFound(_("This page is not here."))
    return shown.view(rows, wanted, public=story.audience == Audience.EVERYONE)


def for_review(db: Session, ref: str, actor: Actor | None = None, language: str = "") -> ForReview:
    """Return a story, or its translation into ``language``, with all that a second reader needs."""
    story = by_ref(db, ref)
    original = next(t for t in texts(db, story) if t.original)
    is_own = actor is not None and story.author_id == actor.member_id
    view = as_shown(db, story, [language] if language else [], ahead=True)
    others = [t for t in translations.of_story(db, story, original) if t.text.confirmed]
    return ForReview(story, view, original, consents.agreements(db, story.id), is_own, others)


def to_translate(db: Session, actor: Actor, ref: str) -> Story:
    """Return a story that the actor may translate: their own, or one that they read; for everybody else it is not there."""
    story = by_ref(db, ref)
    if not rules.owns(actor, story):
        teller = db.exec(select(Member.status).where(Member.id == story.author_id)).one()
        if teller == MemberStatus.ACTIVE and rules.may_see(actor, story, now().date()):
            return story
        if story.status in rules.SHOWN_BEFORE and story.published_on is not None and story.audience != Audience.ONLY_ME:
            raise Gone(_("This story was taken back by the person who told it."))
        raise NotFound(_("This page is not here."))
    return story


def is_listed(db: Session, service_id: UUID) -> bool:
    """Say whether the directory shows this service."""
    table = SearchDocument.__table__  # type: ignore[attr-defined]
    found = sa.select(table.c.id).where(table.c.kind == "service", table.c.subject_id == service_id).limit(1)
    return db.execute(found).first() is not None


def areas(db: Session) -> list[Area]:
    """Return the areas that a teller can choose from: countries, regions and towns, in their order."""
    return list(db.exec(select(Area).order_by(Area.country, sa.desc(col(Area.kind) == "country"), Area.name).limit(3_000)))


def feed(connection: sa.Connection, voices: bool = False) -> Sequence[Any]:
    """Return the newest public stories by day (at most 50), or those with a voice; one statement."""
    return connection.execute(_WITH_VOICE if voices else _FEED, {"today": now().date()}).all()


def public_addresses(db: Session) -> list[str]:
    """Return the paths of all public stories, for the site map; in no telling order."""
    return [f"/stories/{ref}" for ref in db.execute(_ADDRESSES, {"today": now().date()}).scalars()]


def for_today(connection: sa.Connection, member_id: UUID) -> tuple[int, Sequence[Any]]:
    """Return how many answers are unread and up to three stories to go on with; one statement."""
    rows = connection.execute(_TODAY, {"me": member_id}).all()
    return (rows[0].unread if rows else 0), [r for r in rows if r.ref]
