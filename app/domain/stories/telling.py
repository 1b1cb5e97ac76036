"""What a teller does with a story that is not sent yet: begin, write, choose who sees it, agree."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import consents, drafts, files, rules
from app.domain.stories.moving import hold
from app.domain.stories.wording import THEMES
from app.models.directory import Service
from app.models.places import Area
from app.models.stories import Media, Story, StoryProposal, StoryService, StoryStatus, StoryText
from app.schemas.stories import AgreeStory, LookStory, Translated, WhoStory, Words, WriteStory

FIELDS = tuple(Words.model_fields)
TRANSLATED = tuple(Translated.model_fields)
MOST_UNFINISHED = 20
MOST_SERVICES = 10


def start(db: Session, actor: Actor, language: str = "en") -> Story:
    """Begin a story: a draft that only its teller sees."""
    require(rules.may_start(actor))
    unfinished = select(sa.func.count()).where(col(Story.author_id) == actor.me, col(Story.status) == StoryStatus.DRAFT)
    if db.exec(unfinished).one() >= MOST_UNFINISHED:
        raise Invalid("", _("You have %(n)s drafts. Go on with one of them, or delete one.", n=MOST_UNFINISHED))
    story = Story(ref=new_ref(), author_id=actor.me, language=language, step="write", touched_at=now())
    db.add(story)
    db.flush()
    db.add(StoryText(story_id=story.id, language=language))
    db.flush()
    audit.record(db, actor, "story.start", "story", story.id)
    return story


def original(db: Session, story: Story) -> StoryText:
    """Return the text in the language in which the story was told, as it stands in the database now."""
    wanted = select(StoryText).where(StoryText.story_id == story.id, col(StoryText.original))
    return db.exec(wanted.execution_options(populate_existing=True)).one()


def save_text(db: Session, actor: Actor, story: Story, words: WriteStory) -> StoryText:
    """Save the words; ChangedMeanwhile when the story is not the one that was on the screen."""
    require(rules.may_write(actor, story))
    text = original(db, story)
    taken = select(StoryText).where(StoryText.story_id == story.id, StoryText.language == words.language)
    if words.language != text.language and db.exec(taken).first():
        raise Invalid("language", _("There is a translation in this language already. Choose the language of your own words."))
    hold(db, story, words.row_version, language=words.language, step="look")
    before = text.version
    put_words(text, words)
    text.language = words.language
    if words.minor:
        still_fit(db, story, before, text.version)
    drafts.drop(db, actor, story, "write")
    db.flush()
    audit.record(db, actor, "story.write", "story", story.id, version=text.version)
    return text


def put_words(text: StoryText, words: Words) -> bool:
    """Put the words into a text and count its version up where one differs; return whether one does."""
    fields = TRANSLATED if isinstance(words, Translated) else FIELDS
    differs = any(getattr(text, f) != getattr(words, f) for f in fields)
    for field in fields:
        setattr(text, field, getattr(words, field))
    text.version += differs
    return differs


def still_fit(db: Session, story: Story, before: int, after: int) -> None:
    """Let the translations that were made from version ``before`` of the original be up to date with ``after``: a minor edit."""
    made = select(StoryText).where(StoryText.story_id == story.id, StoryText.source_version == before)
    for text in db.exec(made.where(sa.not_(col(StoryText.original)))):
        text.source_version = after
    db.flush()


def change_words(db: Session, actor: Actor, story: Story, seen: int, field: str, words: str) -> None:
    """Put other words into one field (a suggestion of the look-over was taken)."""
    require(rules.may_write(actor, story))
    hold(db, story, seen)
    text = original(db, story)
    setattr(text, field, words)
    text.version += 1
    db.flush()
    audit.record(db, actor, "story.change_words", "story", story.id, field=field)


def save_look(db: Session, actor: Actor, story: Story, look: LookStory) -> None:
    """Save whether something in it is heavy, and the one line that stands before it."""
    require(rules.may_write(actor, story))
    hold(db, story, look.row_version, heavy=look.heavy, step="who")
    original(db, story).content_note = look.content_note
    drafts.drop(db, actor, story, "look")
    db.flush()
    audit.record(db, actor, "story.look", "story", story.id)


def set_audience(db: Session, actor: Actor, story: Story, who: WhoStory) -> None:
    """Save who may see it, the name, the area, the time, the themes; a wider audience waits for its own consent."""
    require(rules.may_write(actor, story))
    if who.area is not None and db.get(Area, who.area) is None:
        raise Invalid("area", _("Choose one of these."))
    if who.season and not who.year:
        raise Invalid("year", _("Write the year too, or leave the season out."))
    hold(
        db, story, who.row_version, audience=who.audience, name_form=who.name_form, area_id=who.area, year=who.year,
        season=who.season if who.year else None, themes=[t for t in who.themes if t in THEMES], step="agree",
    )  # fmt: skip
    drafts.drop(db, actor, story, "who")
    audit.record(db, actor, "story.set_audience", "story", story.id, audience=who.audience.value, name=who.name_form.value)


def agree(db: Session, actor: Actor, story: Story, answer: AgreeStory) -> None:
    """Write the ledger: one row per purpose said yes to; the chosen audience is always one of them."""
    require(rules.may_write(actor, story))
    always = rules.CARRIES[story.audience]
    if not always <= set(answer.purposes):
        raise Invalid("purposes", _("Without this yes it cannot be shown. Say yes, or choose who may see it again."))
    hold(db, story, answer.row_version, step="preview")
    wider = set(answer.purposes) if always else set()
    consents.give(db, story, wider, answer.lasts, answer.helper == "helped")
    hold(db, story, until_on=consents.carried_until(db, story))
    drafts.drop(db, actor, story, "agree")
    audit.record(db, actor, "story.agree", "story", story.id, purposes=sorted(p.value for p in wider), lasts=answer.lasts)


def add_service(db: Session, actor: Actor, story: Story, service_id: UUID) -> None:
    """Name a service that the story mentions."""
    require(rules.may_write(actor, story))
    known = list(db.exec(select(StoryService.service_id).where(StoryService.story_id == story.id)))
    if service_id in known:
        return
    if len(known) >= MOST_SERVICES:
        raise Invalid("", _("A story names at most %(n)s services.", n=MOST_SERVICES))
    db.add(StoryService(story_id=story.id, service_id=service_id))
    db.flush()
    audit.record(db, actor, "story.add_service", "story", story.id)


def remove_service(db: Session, actor: Actor, story: Story, service_id: UUID) -> None:
    """Take the name of a service out."""
    require(rules.may_write(actor, story))
    table = StoryService.__table__  # type: ignore[attr-defined]
    # Of what was merged the story shows the one that stands.
    merged = select(Service.id).where(col(Service.merged_into) == service_id)
    this = sa.or_(table.c.service_id == service_id, table.c.service_id.in_(merged))
    db.execute(sa.delete(table).where(table.c.story_id == story.id, this))
    audit.record(db, actor, "story.remove_service", "story", story.id)


def erase(db: Session, story: Story) -> None:
    """Erase a story that is shown nowhere: its row, words and files."""
    erase_parts(db, story)
    kinds: tuple[Any, ...] = (Media, StoryText)
    for kind in kinds:
        table = kind.__table__
        db.execute(sa.delete(table).where(table.c.story_id == story.id))
    db.delete(story)
    db.flush()


def erase_parts(db: Session, story: Story) -> None:
    """Erase files, drafts (of everybody), proposals, named services and what others translated of a story."""
    files.erase_all(db, story.id)
    drafts.drop_all(db, story)
    kinds: tuple[Any, ...] = (StoryProposal, StoryService)
    for kind in kinds:
        table = kind.__table__
        db.execute(sa.delete(table).where(table.c.story_id == story.id))
    by_others = sa.or_(col(StoryText.translator_id).is_(None), col(StoryText.translator_id) != story.author_id)
    for text in db.exec(select(StoryText).where(StoryText.story_id == story.id, sa.not_(col(StoryText.original)), by_others)):
        db.delete(text)
    db.flush()
