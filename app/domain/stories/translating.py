"""Translations by people: somebody sends one, the teller says yes, a second reader looks, readers see it."""

from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import versions
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import drafts, proposals, rules, translations
from app.domain.stories.moving import ChangedMeanwhile, lock
from app.domain.stories.rules import Way
from app.domain.stories.settling import settle, tell_writer
from app.domain.stories.telling import TRANSLATED, original, put_words
from app.domain.stories.translations import proposal_in, text_in, text_mark
from app.models.stories import SecondLook, Story, StoryProposal, StoryText
from app.schemas.stories import Translate

MOST_OFFERS: Final = 20
_TAKEN = N_("Somebody has sent a translation into this language. It waits for the teller.")
TAKEN_BACK = N_("A story that you worked on was taken back by the person who told it. Your words are gone with it.")
GONE = N_("A story that you worked on is not here any more. Your words are gone with it.")


def add_translation(db: Session, actor: Actor, story: Story, words: Translate) -> Way:
    """Take a translation: the teller's goes to a second reader, everybody else's waits for the teller's yes first.

    Invalid for a language or words that do not fit; ChangedMeanwhile when the story, or what stands in this language, is not
    what was on the screen. Returns whether it stands there now or is suggested beside what does.
    """
    lock(db, story)
    require(rules.may_translate(actor, story, now().date()))
    source = original(db, story)
    _check(source, words)
    text, waiting = text_in(db, story, words.language), proposal_in(db, story, words.language)
    way = rules.way_of(actor, story, text, waiting.made_by if waiting else None)
    if way == Way.TAKEN:
        raise Invalid("language", _(_TAKEN))
    _unchanged(source, translations.present(actor, story, text, waiting), words)
    if way == Way.PROPOSE and text is not None:
        fresh = waiting is None
        proposals.propose_translation(db, actor, story, text, words)
    else:
        fresh = text is None or text.confirmed or text.translator_id != actor.me
        _write(db, actor, story, text or _new(db, actor, story, words.language), words)
    drafts.drop(db, actor, story, drafts.TRANSLATE + words.language)
    audit.record(db, actor, "story.translate", "story", story.id, language=words.language)
    if fresh and not rules.owns(actor, story):
        _tell_teller(db, story, way)
    return way


def _check(source: StoryText, words: Translate) -> None:
    translations.fits(words.language, source.language)
    if not words.title or not any(getattr(words, f) for f in TRANSLATED if f not in ("title", "content_note")):
        raise Invalid("title", _("Translate the title and at least one part."))


def _unchanged(source: StoryText, there: translations.Present | None, words: Translate) -> None:
    if words.source_version != source.version:
        raise ChangedMeanwhile(_("The story has changed since you began. What it says now stands beside your words."))
    if there is not None and not words.seen:
        raise ChangedMeanwhile(_("There is a translation into this language already. Look at it, and correct what you like."))
    if words.seen != (there.mark if there else ""):
        raise ChangedMeanwhile(_("This translation was changed in another place meanwhile. Nothing was overwritten."))


def _new(db: Session, actor: Actor, story: Story, language: str) -> StoryText:
    offered = select(sa.func.count()).where(
        col(StoryText.translator_id) == actor.me, sa.not_(col(StoryText.confirmed)), sa.not_(col(StoryText.original))
    )
    if not rules.owns(actor, story) and db.exec(offered).one() >= MOST_OFFERS:
        raise Invalid("", _("%(n)s of your translations wait for a yes. Wait for an answer first.", n=MOST_OFFERS))
    return StoryText(story_id=story.id, language=language, original=False, version=0, confirmed=False)


def _write(db: Session, actor: Actor, story: Story, text: StoryText, words: Translate) -> None:
    """Put the words in their place; the teller is never named by it, whatever they ticked."""
    mine, differs = rules.owns(actor, story), put_words(text, words)
    if not mine:
        text.confirmed, text.named = False, words.named
        text.second_look = SecondLook.FINE if rules.reads_second(actor, story) else SecondLook.WAITS
    elif differs or text.second_look in (SecondLook.CHANGE_ASKED, SecondLook.DECLINED):
        text.named, text.second_look = False, SecondLook.WAITS
    if differs or not mine:  # whoever only says "it still fits" did not write it
        text.translator_id = actor.me
    text.confirmed = text.confirmed or mine
    text.source_version, text.machine = words.source_version, words.machine
    db.add(text)
    settle(db, story, text)


def _tell_teller(db: Session, story: Story, way: Way) -> None:
    said = (
        N_("Somebody suggests other words for a translation of your story. Nothing changes without your yes.")
        if way == Way.PROPOSE
        else N_("Somebody has translated your story. Nothing is shown without your yes.")
    )
    accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")


def confirm_translation(db: Session, actor: Actor, story: Story, language: str, seen: str) -> None:
    """The teller says yes to the translation whose mark is ``seen``; it is shown when a second reader said yes too."""
    lock(db, story)
    require(rules.owned(actor, story))
    text = _seen(db, story, language, seen)
    text.confirmed = True
    audit.record(db, actor, "story.confirm_translation", "story", story.id, language=language)
    settle(db, story, text)
    said = (
        N_("The person who told the story said yes to your translation.")
        if text.second_look == SecondLook.FINE
        else N_("The person who told the story said yes to your translation. Somebody looks at it before it is shown.")
    )
    tell_writer(db, story, text.translator_id, said)


def remove_translation(db: Session, actor: Actor, story: Story, language: str, seen: str) -> None:
    """The teller takes a translation out, or says no to an offered one."""
    lock(db, story)
    require(rules.owned(actor, story))
    text = _seen(db, story, language, seen)
    said = N_("The person who told the story does not want to show your translation. Thank you for your work.")
    tell_writer(db, story, text.translator_id, said)
    _take_out(db, story, text)
    audit.record(db, actor, "story.remove_translation", "story", story.id, language=language)


def _seen(db: Session, story: Story, language: str, seen: str) -> StoryText:
    text = text_in(db, story, language)
    if text is None or text.original:
        raise NotFound(_("This was answered already."))
    if text_mark(text) != seen:
        raise ChangedMeanwhile(_("This translation has changed since you read it. Read it first, then choose again."))
    return text


def _take_out(db: Session, story: Story, text: StoryText) -> None:
    waiting = proposal_in(db, story, text.language)
    if waiting is not None:
        db.delete(waiting)
    text.confirmed = False  # nobody has to look at it any more
    settle(db, story, text)
    db.delete(text)
    db.flush()


def approve_translation(db: Session, actor: Actor, story: Story, text: StoryText) -> None:
    """The second reader says yes: readers of the story see it."""
    _look(db, actor, story, text, SecondLook.FINE)
    audit.record(db, actor, "story.approve_translation", "story", story.id, language=text.language)
    _answer(
        db, story, text, N_("A translation of your story was looked at. It is shown with your story."),
        N_("Your translation was looked at. It is shown with the story."),
    )  # fmt: skip


def ask_translation_change(db: Session, actor: Actor, story: Story, text: StoryText, reason: str) -> None:
    """The second reader asks for a change; it stays unseen, and its words stay."""
    _look(db, actor, story, text, SecondLook.CHANGE_ASKED)
    audit.record(db, actor, "story.ask_translation_change", "story", story.id, language=text.language)
    _answer(
        db, story, text, N_("Something in a translation of your story should change before it can be shown."),
        N_("Something in your translation should change before it can be shown."), reason,
    )  # fmt: skip


def decline_translation(db: Session, actor: Actor, story: Story, text: StoryText, reason: str) -> None:
    """The second reader says no; the story itself stays as it is."""
    _look(db, actor, story, text, SecondLook.DECLINED)
    audit.record(db, actor, "story.decline_translation", "story", story.id, language=text.language)
    _answer(
        db, story, text, N_("A translation of your story cannot be shown here. The reason stands below."),
        N_("Your translation cannot be shown here. The reason stands below."), reason,
    )  # fmt: skip


def show_declined_translation(db: Session, actor: Actor, story: Story, text: StoryText) -> bool:
    """Show a translation that was declined, because another person saw it differently; False when it is another one by now."""
    lock(db, story)
    db.refresh(text)
    require(rules.may_look_anew(actor, story, text))
    if text.second_look != SecondLook.DECLINED:
        return False
    text.second_look = SecondLook.WAITS
    db.flush()
    approve_translation(db, actor, story, text)
    return True


def _look(db: Session, actor: Actor, story: Story, text: StoryText, look: SecondLook) -> None:
    lock(db, story)
    db.refresh(text)
    require(rules.may_look_at(actor, story, text))
    text.second_look = look
    settle(db, story, text)


def _answer(db: Session, story: Story, text: StoryText, to_teller: str, to_translator: str, reason: str = "") -> None:
    accounts.tell(db, story.author_id, to_teller, note=reason, link=f"/my/stories/{story.ref}")
    tell_writer(db, story, text.translator_id, to_translator, reason)


def tell_taken_back(db: Session, story: Story, decided: bool = False) -> None:
    """Tell everybody who translated a story, or suggested other words, that it is gone with them; ``decided``: by others."""
    proposed = select(StoryProposal.made_by).where(StoryProposal.story_id == story.id)
    writers = {text.translator_id for text in translations.texts_of(db, story)} | set(db.exec(proposed))
    for writer_id in sorted(filter(None, writers)):
        tell_writer(db, story, writer_id, GONE if decided else TAKEN_BACK)


def unname(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The translator takes their name off, at once and whatever else is going on; the words stay."""
    text, waiting = text_in(db, story, language), proposal_in(db, story, language)
    mine = [row for row in (text, waiting) if row is not None and _by(row) == actor.member_id]
    require(rules.translated(actor, *map(_by, mine)))
    for row in mine:
        row.named = False
    db.flush()
    versions.bump(db, versions.STORIES)
    audit.record(db, actor, "story.unname_translator", "story", story.id, language=language)


def withdraw_offer(db: Session, actor: Actor, story: Story, language: str) -> None:
    """The translator takes back what waits for the teller's yes; after that yes it is part of the story."""
    lock(db, story)
    text, waiting = text_in(db, story, language), proposal_in(db, story, language)
    offered = text if text is not None and not text.confirmed and not text.original else None
    require(rules.translated(actor, *(_by(row) for row in (offered, waiting) if row is not None)))
    if waiting is not None and waiting.made_by == actor.me:
        db.delete(waiting)
    elif offered is not None:
        _take_out(db, story, offered)
    db.flush()
    audit.record(db, actor, "story.withdraw_offer", "story", story.id, language=language)


def _by(row: StoryText | StoryProposal) -> UUID | None:
    return row.translator_id if isinstance(row, StoryText) else row.made_by
