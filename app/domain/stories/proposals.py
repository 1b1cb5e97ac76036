"""Other words for a text, by somebody else than the teller: they say yes to exactly what they read, or keep what stands there."""

import json

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import rules
from app.domain.stories.moving import ChangedMeanwhile, hold
from app.domain.stories.settling import settle, tell_writer
from app.domain.stories.telling import FIELDS, TRANSLATED, original, put_words, still_fit
from app.domain.stories.translations import proposal_in, proposal_mark, text_in
from app.models.stories import SecondLook, Story, StoryProposal, StoryText
from app.schemas.stories import Translate, Translated, Words


def edit_by_reviewer(db: Session, actor: Actor, story: Story, words: Words) -> None:
    """Propose other words for the original; the story stays as it is until its teller says yes."""
    require(rules.may_edit_as_reader(actor, story))
    hold(db, story)
    row = _row(db, actor, story, original(db, story))
    row.fields = json.dumps({f: getattr(words, f) for f in FIELDS}, ensure_ascii=False)
    db.add(row)
    db.flush()
    audit.record(db, actor, "story.propose", "story", story.id)
    said = N_("The second reader suggests other words for your story. Nothing changes without your yes.")
    accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")


def propose_translation(db: Session, actor: Actor, story: Story, text: StoryText, words: Translate) -> None:
    """Put other words beside a translation; part of the verb that sends them. The caller holds the story and has asked the rule."""
    row = _row(db, actor, story, text)
    row.fields = json.dumps({f: getattr(words, f) for f in TRANSLATED}, ensure_ascii=False)
    row.source_version, row.named, row.machine = words.source_version, words.named, words.machine
    row.looked = rules.reads_second(actor, story)
    db.add(row)
    db.flush()


def _row(db: Session, actor: Actor, story: Story, text: StoryText) -> StoryProposal:
    """Return the one row of suggested words for a text, made out to the actor and to the text as it stands."""
    row = proposal_in(db, story, text.language) or StoryProposal(
        story_id=story.id, language=text.language, base_version=0, fields="{}", made_by=actor.me, made_on=now().date()
    )
    row.base_version, row.made_by, row.made_on = text.version, actor.me, now().date()
    return row


def confirm_edit(db: Session, actor: Actor, story: Story, language: str, seen: str, minor: bool = False) -> None:
    """The teller says yes to the proposed words whose mark is ``seen``; with ``minor`` the translations of them still fit.

    ChangedMeanwhile when other words were proposed since, or when the teller's own words changed.
    """
    require(rules.owned(actor, story))
    hold(db, story)  # everything is read after this: what somebody saved a moment ago counts
    row, text = _seen(db, story, language, seen), text_in(db, story, language)
    if text is None:
        raise NotFound(_("This page is not here."))
    if row.base_version != text.version:
        raise ChangedMeanwhile(_("Your own words changed after this was suggested. Look at both again."))
    before, words = text.version, json.loads(row.fields)
    put_words(text, Words(**words) if text.original else Translated(**words))
    text.edited_by = row.made_by
    if text.original and minor:
        still_fit(db, story, before, text.version)
    elif not text.original:
        _become(text, row)
    db.delete(row)
    audit.record(db, actor, "story.confirm_edit", "story", story.id, version=text.version)
    settle(db, story, text)
    tell_writer(db, story, row.made_by, N_("The person who told the story took the words that you suggested."))


def _become(text: StoryText, row: StoryProposal) -> None:
    """Let a translation be by whoever wrote the words that stand there now; a second reader looks at words that none has seen."""
    text.translator_id, text.named, text.machine, text.source_version = row.made_by, row.named, row.machine, row.source_version
    text.second_look = SecondLook.FINE if row.looked else SecondLook.WAITS


def reject_edit(db: Session, actor: Actor, story: Story, language: str, seen: str) -> None:
    """The teller keeps what stands there; ChangedMeanwhile when other words were proposed since they looked."""
    require(rules.owned(actor, story))
    hold(db, story)
    row = _seen(db, story, language, seen)
    db.delete(row)
    db.flush()
    audit.record(db, actor, "story.reject_edit", "story", story.id)
    tell_writer(db, story, row.made_by, N_("The person who told the story keeps the words that stand there."))


def _seen(db: Session, story: Story, language: str, seen: str) -> StoryProposal:
    row = proposal_in(db, story, language)
    if row is None:
        raise NotFound(_("This was answered already."))
    if proposal_mark(row) != seen:
        raise ChangedMeanwhile(_("Other words were suggested meanwhile. Nothing was changed. Read them first, then choose again."))
    return row
