"""What somebody translated of others' stories: begun, waiting, shown; with the way to take a name off or an offer back."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _
from app.domain.actor import Actor
from app.domain.stories import drafts, rules
from app.domain.stories.wording import LOOKS, STANDINGS
from app.models.accounts import Member, MemberStatus
from app.models.stories import SecondLook, Story, StoryProposal, StoryText

MOST = 200


@dataclass(frozen=True, slots=True)
class Work:
    """A translation as whoever made it sees it."""

    ref: str
    language: str
    title: str  # "" where they do not see the story at the moment
    title_language: str
    states: list[str]
    named: bool
    offered: bool  # it can still be taken back
    open: bool


def works(db: Session, actor: Actor) -> list[Work]:
    """Return what the actor translated, the newest story first; four statements."""
    texts = select(StoryText).where(StoryText.translator_id == actor.me, sa.not_(col(StoryText.original))).limit(MOST)
    proposals = select(StoryProposal).where(StoryProposal.made_by == actor.me).limit(MOST)
    written = {(t.story_id, t.language): t for t in db.exec(texts)}
    proposed = {(p.story_id, p.language): p for p in db.exec(proposals)}
    begun = drafts.translations_of(db, actor)
    found: list[Work] = []
    for row in _stories(db, {key[0] for key in (*written, *proposed)}, {ref for ref, _language in begun}):
        story = row.Story
        sent = {language for story_id, language in (*written, *proposed) if story_id == story.id}
        # A second reader's words for the original are no translation.
        wanted = sorted((sent | {language for ref, language in begun if ref == story.ref}) - {story.language})
        if story.author_id != actor.me:
            found += [_work(actor, row, c, written.get((story.id, c)), proposed.get((story.id, c))) for c in wanted]
    return found


def own(db: Session, actor: Actor, ref: str, language: str) -> Story:
    """Return the story that the actor translated into this language; for everybody else it is not there."""
    texts = select(StoryText.story_id).where(StoryText.language == language, StoryText.translator_id == actor.me)
    proposals = select(StoryProposal.story_id).where(StoryProposal.language == language, StoryProposal.made_by == actor.me)
    mine = sa.or_(col(Story.id).in_(texts), col(Story.id).in_(proposals))
    story = db.exec(select(Story).where(Story.ref == ref, Story.author_id != actor.me, mine)).first()
    if story is None:
        raise NotFound(_("This page is not here."))
    return story


def _stories(db: Session, ids: Collection[UUID], refs: Collection[str]) -> list[Any]:
    """Return stories with their teller's standing and the original's title, language and version."""
    return list(db.execute(
        sa.select(Story, col(Member.status), col(StoryText.title), col(StoryText.language), col(StoryText.version))
        .select_from(Story)
        .join(Member, col(Member.id) == col(Story.author_id))
        .join(StoryText, sa.and_(col(StoryText.story_id) == col(Story.id), col(StoryText.original)))
        .where(sa.or_(col(Story.id).in_(ids), col(Story.ref).in_(refs)))
        .order_by(col(Story.id).desc())
    ).all())  # fmt: skip


def _work(actor: Actor, row: Any, language: str, text: StoryText | None, proposal: StoryProposal | None) -> Work:
    story = row.Story
    sees = row.status == MemberStatus.ACTIVE and bool(rules.may_see(actor, story, now().date()))
    return Work(
        ref=story.ref, language=language, title=row.title if sees else "", title_language=row.language,
        states=_states(text, proposal, row.version),
        named=any(t.named for t in (text, proposal) if t is not None),
        offered=proposal is not None or (text is not None and not text.confirmed), open=sees,
    )  # fmt: skip


def _states(text: StoryText | None, proposal: StoryProposal | None, version: int) -> list[str]:
    found = []
    if text is not None and not text.confirmed:
        found.append(_("It waits for the yes of the person who told the story."))
    elif text is not None:
        fine = text.second_look == SecondLook.FINE
        found.append(_(STANDINGS[rules.standing(text, version)]) if fine else _(LOOKS[text.second_look]))
    if proposal is not None:
        found.append(_("Your newer words wait for the yes of the person who told the story."))
    return found or [_("Begun, not sent yet.")]
