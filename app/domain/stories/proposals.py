"""Words by somebody else than the teller, who has the last word: a second reader's changes, translations by people."""

import json

from sqlmodel import Session, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import documents, rules
from app.domain.stories.moving import ChangedMeanwhile, hold
from app.domain.stories.telling import FIELDS, original, put_words
from app.models.stories import Story, StoryProposal, StoryStatus, StoryText
from app.schemas.stories import Words


def open_proposals(db: Session, story: Story) -> dict[str, Words]:
    """Return, by language, what somebody would write instead."""
    rows = db.exec(select(StoryProposal).where(StoryProposal.story_id == story.id).order_by(StoryProposal.language))
    return {row.language: Words(**json.loads(row.fields)) for row in rows}


def edit_by_reviewer(db: Session, actor: Actor, story: Story, words: Words) -> None:
    """Propose other words for the original; the story stays as it is until its teller says yes."""
    require(rules.may_edit_as_reader(actor, story))
    _propose(db, actor, story, original(db, story), words)
    audit.record(db, actor, "story.propose", "story", story.id)
    accounts.tell(
        db, story.author_id, N_("The second reader suggests other words for your story. Nothing changes without your yes."),
        link=f"/my/stories/{story.ref}",
    )  # fmt: skip


def _propose(db: Session, actor: Actor, story: Story, text: StoryText, words: Words) -> None:
    hold(db, story)
    old = select(StoryProposal).where(StoryProposal.story_id == story.id, StoryProposal.language == text.language)
    row = db.exec(old).first() or StoryProposal(
        story_id=story.id, language=text.language, base_version=0, fields="{}", made_by=actor.me, made_on=now().date()
    )
    row.base_version, row.made_by, row.made_on = text.version, actor.me, now().date()
    row.fields = json.dumps({f: getattr(words, f) for f in FIELDS}, ensure_ascii=False)
    db.add(row)
    db.flush()


def confirm_edit(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The teller says yes to the proposed words; ChangedMeanwhile when their own words changed since."""
    require(rules.owned(actor, story))
    row, text = _proposal(db, story, language), _text(db, story, language)
    hold(db, story)
    if row.base_version != text.version:
        raise ChangedMeanwhile(_("Your own words changed after this was suggested. Look at both again."))
    put_words(text, Words(**json.loads(row.fields)))
    text.edited_by = row.made_by
    if not text.original:
        text.source_version = original(db, story).version
    db.delete(row)
    db.flush()
    audit.record(db, actor, "story.confirm_edit", "story", story.id, version=text.version)
    _show_again(db, story)


def reject_edit(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The teller keeps their own words."""
    require(rules.owned(actor, story))
    db.delete(_proposal(db, story, language))
    db.flush()
    audit.record(db, actor, "story.reject_edit", "story", story.id)


def add_translation(db: Session, actor: Actor, story: Story, language: str, words: Words) -> StoryText:
    """Offer a translation; it shows at once when the teller made it, else after their yes."""
    require(rules.may_translate(actor, story))
    source = original(db, story)
    if language == source.language:
        raise Invalid("language", _("The story is told in this language already."))
    if not words.title or not any(getattr(words, f) for f in FIELDS if f != "title"):
        raise Invalid("title", _("Translate the title and at least one part."))
    mine, text = rules.owns(actor, story), _find(db, story, language)
    if text and text.confirmed and not mine:
        _propose(db, actor, story, text, words)
    elif text and not mine and text.translator_id != actor.me:
        raise Invalid("language", _("Somebody has sent a translation into this language. It waits for the teller."))
    else:
        hold(db, story)
        text = text or StoryText(story_id=story.id, language=language, original=False, version=0)
        put_words(text, words)
        text.translator_id, text.translator_name = actor.me, "" if mine else actor.name
        text.source_version, text.confirmed = source.version, mine
        db.add(text)
    db.flush()
    audit.record(db, actor, "story.translate", "story", story.id, language=language)
    if mine:
        _show_again(db, story)
    else:
        sentence = N_("Somebody has translated your story. It is shown when you say yes.")
        accounts.tell(db, story.author_id, sentence, link=f"/my/stories/{story.ref}")
    return text


def confirm_translation(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The teller says yes to a translation."""
    require(rules.owned(actor, story))
    hold(db, story)
    _text(db, story, language).confirmed = True
    db.flush()
    audit.record(db, actor, "story.confirm_translation", "story", story.id, language=language)
    _show_again(db, story)


def remove_translation(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The teller takes a translation out, or says no to an offered one."""
    require(rules.owned(actor, story))
    text = _text(db, story, language)
    if text.original:
        raise NotFound(_("This page is not here."))
    hold(db, story)
    for row in db.exec(select(StoryProposal).where(StoryProposal.story_id == story.id, StoryProposal.language == language)):
        db.delete(row)
    db.delete(text)
    db.flush()
    audit.record(db, actor, "story.remove_translation", "story", story.id, language=language)
    _show_again(db, story)


def _show_again(db: Session, story: Story) -> None:
    if story.status == StoryStatus.PUBLISHED:
        documents.index(db, story)


def _proposal(db: Session, story: Story, language: str) -> StoryProposal:
    wanted = select(StoryProposal).where(StoryProposal.story_id == story.id, StoryProposal.language == language)
    row = db.exec(wanted).first()
    if row is None:
        raise NotFound(_("This was answered already."))
    return row


def _find(db: Session, story: Story, language: str) -> StoryText | None:
    return db.exec(select(StoryText).where(StoryText.story_id == story.id, StoryText.language == language)).first()


def _text(db: Session, story: Story, language: str) -> StoryText:
    text = _find(db, story, language)
    if text is None:
        raise NotFound(_("This page is not here."))
    return text
