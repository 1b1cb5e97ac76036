"""What stories add to a member's copy: theirs with all that belongs to them, what they agreed to, what they translated, drafts."""

import hashlib
import json
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core.i18n import N_, _
from app.domain.accounts.export_words import Coded, in_language
from app.domain.stories.wording import CONSENTS, SEASON_NAMES, STATES, THEMES
from app.models.directory import Service
from app.models.engine import Draft
from app.models.places import Area
from app.models.stories import (
    Audience,
    Consent,
    ConsentAct,
    Media,
    MediaKind,
    NameForm,
    Story,
    StoryProposal,
    StoryService,
    StoryStatus,
    StoryText,
)  # fmt: skip

WORDS: Final = ("title", "body", "hard", "helped", "differently", "next", "content_note", "summary")
AUDIENCES: Final = {Audience.ONLY_ME: N_("Only me"), Audience.MEMBERS: N_("Members"), Audience.EVERYONE: N_("Everyone")}
NAME_FORMS: Final = {
    NameForm.CHOSEN: N_("The name others see here."), NameForm.LETTER: N_("Only the first letter."),
    NameForm.ANONYMOUS: N_("No name"),
}  # fmt: skip
NEEDS: Final = {
    "housing": N_("Housing"), "work": N_("Work and skills"), "papers": N_("Papers and rights"), "health": N_("Health"),
    "talk": N_("Someone to talk to"), "money": N_("Money"), "learning": N_("Learning"), "children": N_("Children and family"),
    "business": N_("Starting a business"), "pensions": N_("Pensions and property"), "safety": N_("Safety"),
    "food": N_("Food and things"),
}  # fmt: skip
ACTS: Final = {ConsentAct.GIVEN: N_("Yes"), ConsentAct.WITHDRAWN: N_("taken back")}
MEDIA: Final = {MediaKind.VOICE: N_("A voice"), MediaKind.PICTURE: N_("A picture")}
HOW: Final = {"screen": N_("on the screen")}
STEPS: Final = {
    "write": N_("Your words"), "look": N_("Look it over"), "who": N_("Who may see it"), "agree": N_("What I agreed to"),
    "left": N_("Findings left as they are"), "translate": N_("Your translation"),
}  # fmt: skip
# What drafts hold as codes: by field, what a code stands for.
CODES: Final[dict[str, dict[Any, str]]] = {
    "audience": AUDIENCES, "name_form": NAME_FORMS, "season": SEASON_NAMES, "themes": THEMES, "purposes": CONSENTS,
}  # fmt: skip


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what is here of a member. Who suggested words to them is not told."""
    own = db.exec(select(Story).where(Story.author_id == member_id).order_by(col(Story.id))).all()
    ids = [s.id for s in own]
    parts = _parts(db, ids)
    return {
        N_("stories"): [_story(db, s) | parts[s.id] for s in own],
        N_("translations that I wrote"): _translated(db, member_id, ids),
        N_("what I agreed to"): _consents(db, member_id),
        N_("drafts"): _drafts(db, member_id),
    }


def _story(db: Session, story: Story) -> dict[str, Any]:
    area = db.get(Area, story.area_id) if story.area_id else None
    return {
        N_("reference"): story.ref, N_("state"): Coded(story.status.value, _(STATES[story.status])),
        N_("who may see it"): Coded(story.audience.value, _(AUDIENCES[story.audience])),
        N_("name form"): Coded(story.name_form.value, _(NAME_FORMS[story.name_form])),
        N_("area"): (area.names.get(i18n.current()) or area.name) if area else None,
        N_("year"): story.year, N_("season"): Coded(story.season.value, _(SEASON_NAMES[story.season])) if story.season else None,
        N_("themes"): [Coded(t, _(THEMES.get(t, t))) for t in story.themes],
        N_("needs"): [Coded(n, _(NEEDS.get(n, n))) for n in story.needs],
        N_("heavy to read"): story.heavy, N_("sent on"): story.submitted_at.date() if story.submitted_at else None,
        N_("published on"): story.published_on, N_("shown until"): story.until_on, N_("ended on"): story.ended_on,
    }  # fmt: skip


def _parts(db: Session, ids: list[UUID]) -> dict[UUID, dict[str, Any]]:
    """Return texts, media, suggested words and named services, by story."""
    texts = db.exec(select(StoryText).where(col(StoryText.story_id).in_(ids)).order_by(col(StoryText.id))).all()
    media = db.exec(select(Media).where(col(Media.story_id).in_(ids)).order_by(col(Media.id))).all()
    suggested = db.exec(
        select(StoryProposal).where(col(StoryProposal.story_id).in_(ids)).order_by(col(StoryProposal.language))
    ).all()
    named = db.execute(
        sa.select(col(StoryService.story_id), col(Service.name)).join(Service, col(Service.id) == StoryService.service_id)
        .where(col(StoryService.story_id).in_(ids)).order_by(col(Service.name))
    ).all()  # fmt: skip
    return {
        story_id: {
            N_("texts"): [_text(t) | {"original": t.original} for t in texts if t.story_id == story_id],
            N_("media"): [
                {"kind": Coded(m.kind.value, _(MEDIA[m.kind])), N_("description"): m.alt, N_("files"): _names(m)}
                for m in media if m.story_id == story_id
            ],
            N_("other words suggested to me"): [
                {N_("language"): in_language(p.language), "on": p.made_on, "words": json.loads(p.fields)}
                for p in suggested if p.story_id == story_id
            ],
            N_("services it names"): [name for found, name in named if found == story_id],
        }
        for story_id in ids
    }  # fmt: skip


def _text(text: StoryText) -> dict[str, Any]:
    return {N_("language"): in_language(text.language), **{name: getattr(text, name) for name in WORDS}}


def _names(media: Media) -> list[str]:
    return [f["name"].rsplit("/", 1)[-1] for f in media.files.values() if isinstance(f, dict) and "name" in f]


def _translated(db: Session, member_id: UUID, own: list[UUID]) -> list[dict[str, Any]]:
    """Return what the member translated for others; the words only where the story is shown to members now.

    A story that was taken back is gone everywhere, so also from here; that there was a translation stays.
    """
    rows = db.exec(
        select(StoryText, Story).join(Story, col(Story.id) == StoryText.story_id)
        .where(StoryText.translator_id == member_id, sa.not_(col(StoryText.original)), col(StoryText.story_id).not_in(own))
        .order_by(col(StoryText.id))
    ).all()  # fmt: skip
    return [
        _text(text) if story.status == StoryStatus.PUBLISHED and story.audience != Audience.ONLY_ME
        else {N_("language"): in_language(text.language)}
        for text, story in rows
    ]  # fmt: skip


def _consents(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    rows = db.exec(select(Consent).where(Consent.member_id == member_id).order_by(col(Consent.id))).all()
    return [
        {
            N_("purpose"): Coded(c.purpose.value, _(CONSENTS[c.purpose])), "act": Coded(c.act.value, _(ACTS[c.act])),
            "on": c.at.date(), "until": c.until_on, N_("what stood on the screen"): _as_it_stood(c),
            N_("version of the text"): c.text_version, N_("mark of the text (SHA-256)"): c.text_hash,
            N_("language"): in_language(c.language), "how": Coded(c.how, _(HOW.get(c.how, c.how))),
            N_("somebody helped"): c.helper_present,
        }
        for c in rows
    ]  # fmt: skip


def _as_it_stood(consent: Consent) -> str:
    """Return the sentence that was agreed to, if it is still ours: then its hash is the one in the ledger."""
    with i18n.speaking(consent.language):
        sentence = _(CONSENTS[consent.purpose])
    return sentence if hashlib.sha256(sentence.encode()).hexdigest() == consent.text_hash else ""


def _drafts(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    drafts = db.exec(select(Draft).where(Draft.member_id == member_id).order_by(col(Draft.id))).all()
    return [_draft(d.form, json.loads(d.fields)) for d in drafts]


def _draft(form: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Return a draft by the name of its form, such as "story:23456789abcd:write"."""
    _kind, _colon, rest = form.partition(":")
    ref, _colon, step = rest.partition(":")
    return {
        N_("form"): Coded(step, _(STEPS.get(step.partition(":")[0], N_("Draft")))), N_("reference"): ref,
        "text": {name: _typed(name, value) for name, value in fields.items()},
    }  # fmt: skip


def _typed(name: str, value: Any) -> Any:
    if isinstance(value, list):
        return [_typed(name, one) for one in value]
    words = CODES.get(name, {}).get(value)
    return Coded(value, _(words)) if words else value
