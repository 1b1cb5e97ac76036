"""What there is of a story in other languages, as its teller, a translator and a second reader see it."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n, settings
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.domain.actor import Actor
from app.domain.stories import rules
from app.domain.stories.rules import Standing
from app.domain.stories.telling import TRANSLATED
from app.domain.stories.wording import LANGUAGES, PARTS
from app.models.accounts import Member, MemberStatus
from app.models.stories import Story, StoryProposal, StoryText

# Of each part: its label, the rows of its field and the most letters it takes.
_PARTS: Final = (
    ("title", N_("Title"), 1, 120), ("content_note", N_("One line before it"), 1, 200),
    ("summary", N_("What is said in the voice"), 5, 2_000), ("body", N_("The story"), 8, 20_000),
    *((key, label, 5, 8_000) for key, label in PARTS),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a story beside its translation."""

    key: str
    label: str
    own: str  # in the teller's words
    words: str  # in the translation; "" where it has none
    rows: int
    most: int


@dataclass(frozen=True, slots=True)
class Present:
    """Words that stand in a language now, or wait there: what a form begins with, and the mark of exactly these."""

    words: dict[str, str]
    named: bool
    machine: bool
    mark: str


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation as the teller sees it."""

    language: str
    standing: Standing
    text: StoryText
    shown: bool
    by: str  # the name that readers see; "" without one
    mine: bool
    parts: list[Part]
    mark: str


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Other words for a text that wait for the teller's yes."""

    language: str
    original: bool
    pairs: list[Part]  # where they differ: own is what stands there, words what is suggested
    by: str
    machine: bool
    mark: str


def mark_of(words: dict[str, Any], *more: object) -> str:
    """Return a hash by which the very same words are known again (SHA-256, 32 letters of it)."""
    whole = json.dumps([words, *map(str, more)], ensure_ascii=False, sort_keys=True)
    return hashlib.sha256(whole.encode()).hexdigest()[:32]


def text_mark(text: StoryText) -> str:
    """Return the mark of a text with all that is said about it."""
    return mark_of(words_of(text), text.language, text.translator_id, text.named, text.machine)


def proposal_mark(row: StoryProposal) -> str:
    """Return the mark of suggested words with all that is said about them."""
    return mark_of(json.loads(row.fields), row.language, row.made_by, row.named, row.machine)


def text_in(db: Session, story: Story, language: str) -> StoryText | None:
    """Return a text of a story as it stands in the database now."""
    wanted = select(StoryText).where(StoryText.story_id == story.id, StoryText.language == language)
    return db.exec(wanted.execution_options(populate_existing=True)).first()


def proposal_in(db: Session, story: Story, language: str) -> StoryProposal | None:
    """Return what is suggested for a text, as it stands in the database now."""
    wanted = select(StoryProposal).where(StoryProposal.story_id == story.id, StoryProposal.language == language)
    return db.exec(wanted.execution_options(populate_existing=True)).first()


def texts_of(db: Session, story: Story) -> list[StoryText]:
    """Return the translations of a story, by language."""
    wanted = select(StoryText).where(StoryText.story_id == story.id, sa.not_(col(StoryText.original)))
    return list(db.exec(wanted.order_by(StoryText.language)))


def present(actor: Actor, story: Story, text: StoryText | None, proposal: StoryProposal | None) -> Present | None:
    """Return what the actor may see of a language and would change; None where there is nothing for them to see."""
    if proposal is not None and proposal.made_by == actor.member_id and not rules.owns(actor, story):
        words = dict.fromkeys(TRANSLATED, "") | json.loads(proposal.fields)
        return Present(words, proposal.named, proposal.machine, proposal_mark(proposal))
    if text is None or text.original or not _visible(actor, story, text):
        return None
    return Present(words_of(text), text.named, text.machine, text_mark(text))


def _visible(actor: Actor, story: Story, text: StoryText) -> bool:
    if rules.owns(actor, story) or text.translator_id == actor.member_id or rules.is_shown(text):
        return True
    return text.confirmed and rules.reads_second(actor, story)


def parts(original: StoryText, words: Mapping[str, Any]) -> list[Part]:
    """Return every part that the original or its translation (``words`` by field) has, in the order of the page."""
    found = [
        Part(key, _(label), getattr(original, key), str(words.get(key) or ""), rows, most) for key, label, rows, most in _PARTS
    ]
    return [part for part in found if part.own or part.words or part.key == "title"]


def words_of(text: StoryText) -> dict[str, str]:
    """Return the words of a text by field."""
    return {field: getattr(text, field) for field in TRANSLATED}


def codes() -> dict[str, None]:
    """Return the languages that a story can be translated into: those of the network first."""
    return dict.fromkeys((*settings.current().language_list, *LANGUAGES))


def fits(language: str, told_in: str) -> None:
    """Raise Invalid("language", …) for a language that a story told in ``told_in`` cannot be translated into."""
    if language == told_in:
        raise Invalid("language", _("The story is told in this language already."))
    if language not in codes():
        raise Invalid("language", _("Choose one of these."))


def choices(db: Session, story: Story) -> list[tuple[str, str, Standing]]:
    """Return code, own name and standing of every language that the story can be translated into."""
    found = {t.language: t for t in texts_of(db, story)}
    version = _version(db, story)
    order = dict.fromkeys((*(c for c in (i18n.current(),) if c in codes()), *found, *codes()))
    return [(c, i18n.language_name(c), rules.standing(found.get(c), version)) for c in order if c != story.language]


def _version(db: Session, story: Story) -> int:
    return db.exec(select(StoryText.version).where(StoryText.story_id == story.id, col(StoryText.original))).one()


def of_story(db: Session, story: Story, original: StoryText) -> list[Translation]:
    """Return the translations of a story for its teller, or for a second reader."""
    found = texts_of(db, story)
    names = _names(db, story) if found else {}
    return [
        Translation(
            t.language, rules.standing(t, original.version), t, rules.is_shown(t),
            names.get(t.translator_id, "") if t.named else "", t.translator_id == story.author_id,
            parts(original, words_of(t)), text_mark(t),
        )
        for t in found
    ]  # fmt: skip


def behind(db: Session, story: Story) -> list[str]:
    """Return the languages whose translation is older than the teller's words."""
    version = _version(db, story)
    return [t.language for t in texts_of(db, story) if rules.standing(t, version) == Standing.OUTDATED]


def suggestions(db: Session, story: Story, texts: list[StoryText]) -> list[Suggestion]:
    """Return what others would write instead, by language."""
    rows = db.exec(select(StoryProposal).where(StoryProposal.story_id == story.id).order_by(StoryProposal.language)).all()
    known, names = {t.language: t for t in texts}, _names(db, story) if rows else {}
    return [_suggestion(row, known[row.language], names) for row in rows if row.language in known]


def _suggestion(row: StoryProposal, text: StoryText, names: dict[Any, str]) -> Suggestion:
    words = json.loads(row.fields)
    pairs = [
        Part(key, _(label), getattr(text, key), words[key], rows, most)
        for key, label, rows, most in _PARTS
        if key in words and words[key] != getattr(text, key)
    ]
    by = names.get(row.made_by, "") if row.named else ""
    return Suggestion(row.language, text.original, pairs, by, row.machine, proposal_mark(row))


def _names(db: Session, story: Story) -> dict[Any, str]:
    """Return the names of those who translated or suggested, by id; the teller's own and those of people who are away left out."""
    ids: Any = sa.union(
        sa.select(col(StoryText.translator_id)).where(col(StoryText.story_id) == story.id),
        sa.select(col(StoryProposal.made_by)).where(col(StoryProposal.story_id) == story.id),
    )
    here = sa.and_(col(Member.status) == MemberStatus.ACTIVE, col(Member.id) != story.author_id)
    rows = db.execute(sa.select(col(Member.id), col(Member.name)).where(col(Member.id).in_(ids), here))
    return {row.id: row.name for row in rows}
