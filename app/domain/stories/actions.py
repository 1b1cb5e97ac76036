"""What can happen to a story, from sending it to taking it back. What happens before is in telling.py."""

import random
from collections.abc import Callable
from datetime import datetime, timedelta

from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Conflict, Invalid
from app.core.i18n import N_, _
from app.core.settings import current
from app.core.verdict import Verdict, require
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import consents, documents, drafts, files, rules, telling
from app.domain.stories.aging import expire_due, on_expired, remind_due
from app.domain.stories.files import add_picture, add_voice, remove_media
from app.domain.stories.moving import ChangedMeanwhile, hold, move
from app.domain.stories.proposals import confirm_edit, edit_by_reviewer, reject_edit
from app.domain.stories.returning import (
    Hook,
    back_to_draft,
    discard,
    erase_again,
    follow_standing,
    on_erased,
    on_withdrawn,
    purge,
    take_out,
    tell_hooks,
    withdraw_again,
)
from app.domain.stories.settling import on_translation
from app.domain.stories.telling import (
    add_service,
    agree,
    change_words,
    remove_service,
    save_look,
    save_text,
    set_audience,
    start,
)
from app.domain.stories.translating import (
    add_translation,
    approve_translation,
    ask_translation_change,
    confirm_translation,
    decline_translation,
    remove_translation,
    show_declined_translation,
    unname,
    withdraw_offer,
)
from app.models.stories import MediaKind, NameForm, Purpose, Story, StoryStatus

__all__ = [
    "ChangedMeanwhile", "add_picture", "add_service", "add_translation", "add_voice", "agree", "approve_translation",
    "ask_translation_change", "change_words", "confirm_edit", "confirm_translation", "decline_translation", "discard",
    "edit_by_reviewer", "erase_again", "expire_due", "follow_standing", "on_erased", "on_expired", "on_translation",
    "on_withdrawn", "purge", "reject_edit", "remind_due", "remove_media", "remove_service", "remove_translation", "save_look",
    "save_text", "set_audience", "show_declined_translation", "start", "unname", "withdraw_again", "withdraw_offer",
]  # fmt: skip

on_submitted: list[Hook] = []  # moderation opens a case
may_rework: list[Callable[[Session, Story], Verdict]] = []  # moderation says whether a decision stands in the way
_S = StoryStatus
_shift = random.SystemRandom()


def missing(db: Session, story: Story) -> str | None:
    """Return what a story still needs before it can be sent, in words; None when nothing is missing."""
    text, voice = telling.original(db, story), [m for m in files.of_story(db, story.id) if m.kind == MediaKind.VOICE]
    if not text.title:
        return _("Give it a title first.")
    if not voice and not any((text.body, text.hard, text.helped, text.differently, text.next)):
        return _("Write something, or record your voice first.")
    if voice and not text.summary:
        return _("Write in a few sentences what you say. Not everybody can listen.")
    return None


def submit(db: Session, actor: Actor, story: Story) -> None:
    """Send the story to its second reader; it is shown at the earliest after the time to think."""
    require(rules.may_submit(actor, story, consents.live_purposes(db, story.id), missing(db, story)))
    moment = now()
    after = moment + timedelta(hours=current().story_wait_hours)
    move(db, story, _S.SUBMITTED, submitted_at=moment, publish_after=after, step="send")
    drafts.drop_steps(db, story)
    audit.record(db, actor, "story.submit", "story", story.id)
    for hook in on_submitted:
        hook(db, story)


def withdraw_submission(db: Session, actor: Actor, story: Story) -> None:
    """Stop the sending: it is a draft again, nothing is lost."""
    require(rules.may_withdraw_submission(actor, story))
    move(db, story, _S.DRAFT, submitted_at=None, publish_after=None, step="write")
    audit.record(db, actor, "story.withdraw_submission", "story", story.id)
    tell_hooks(db, story)


def open_review(db: Session, actor: Actor, story: Story) -> None:
    """The second reader opens the text; opening it again changes nothing."""
    require(rules.may_review(actor, story))
    if story.status == _S.SUBMITTED:
        move(db, story, _S.IN_REVIEW)
    audit.record(db, actor, "story.open_review", "story", story.id)


def approve(db: Session, actor: Actor, story: Story) -> None:
    """Say yes; it is shown when the time to think is over, an anonymous one up to six hours later."""
    require(rules.may_decide(actor, story, _S.APPROVED))
    moment = now()
    after = max(story.publish_after or moment, moment)
    if story.name_form == NameForm.ANONYMOUS:
        after += timedelta(minutes=_shift.randint(1, rules.LONGEST_SHIFT_MINUTES))
    move(db, story, _S.APPROVED, publish_after=after)
    audit.record(db, actor, "story.approve", "story", story.id)
    if not _publish(db, story, moment):
        said = N_("Your story was looked at. It is shown when your time to think is over. You can still stop it.")
        accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")


def ask_change(db: Session, actor: Actor, story: Story, reason: str) -> None:
    """Ask the teller for a change, with what; they hear it under "my answers"."""
    require(rules.may_decide(actor, story, _S.CHANGE_ASKED))
    said = N_("Something in your story should change before it can be shown. Your words are kept.")
    _answer(db, actor, story, _S.CHANGE_ASKED, "story.ask_change", said, reason)


def decline(db: Session, actor: Actor, story: Story, reason: str) -> None:
    """Say no, with a reason; the words stay with their teller."""
    require(rules.may_decide(actor, story, _S.DECLINED))
    said = N_("Your story cannot be shown here. The reason stands below. Your words stay yours.")
    _answer(db, actor, story, _S.DECLINED, "story.decline", said, reason)


def approve_declined(db: Session, actor: Actor, story: Story) -> bool:
    """Say yes to a story that another reader declined, with a new time to think; False when its teller has moved it since."""
    require(rules.may_review(actor, story))
    if story.status != _S.DECLINED:
        return False
    move(db, story, _S.IN_REVIEW, publish_after=now() + timedelta(hours=current().story_wait_hours))
    approve(db, actor, story)
    return True


def _answer(db: Session, actor: Actor, story: Story, to: StoryStatus, verb: str, said: str, reason: str) -> None:
    if not reason.strip():
        raise Invalid("reason", _("Write the reason. The person who tells it will read it."))
    move(db, story, to, publish_after=None, step="write")
    audit.record(db, actor, verb, "story", story.id)
    accounts.tell(db, story.author_id, said, note=reason, link=f"/my/stories/{story.ref}")


def publish_due(db: Session, moment: datetime) -> int:
    """Show every approved story whose wait is over; return how many. For the job."""
    due = select(Story).where(col(Story.status) == _S.APPROVED, col(Story.publish_after) <= moment).limit(200)
    return sum(_publish(db, story, moment) for story in db.exec(due).all())


def _publish(db: Session, story: Story, moment: datetime) -> bool:
    """Show one story if it may be shown; a take-back at the same moment wins, because it may follow any state."""
    if not rules.may_publish(story, consents.live_purposes(db, story.id), moment):
        return False
    try:
        move(db, story, _S.PUBLISHED, published_on=moment.date(), until_on=consents.carried_until(db, story), held=False)
    except Conflict:
        db.refresh(story)
        return False
    # Asked again under the row's lock: a consent that was withdrawn a moment ago counts.
    if not rules.has_consent(story, consents.live_purposes(db, story.id)):
        move(db, story, _S.DRAFT, published_on=None)
        return False
    documents.index(db, story)
    audit.record(db, None, "story.publish", "story", story.id)
    said = N_("Your story is shown now. You can take it back at any time.")
    accounts.tell(db, story.author_id, said, link=f"/my/stories/{story.ref}")
    return True


def pause(db: Session, actor: Actor, story: Story) -> None:
    """Hide the story for now; it stays as it is."""
    require(rules.owned(actor, story) and rules.may_move(story.status, _S.PAUSED))
    _hide(db, actor, story, "story.pause", held=False)


def hide(db: Session, actor: Actor, story: Story) -> None:
    """A coordinator hides a story for now; the teller cannot show it again by themselves."""
    if story.status == _S.PAUSED:  # by its teller
        require(rules.may_review(actor, story))
        hold(db, story, held=True, rested=not story.held or story.rested)
        audit.record(db, actor, "story.hide", "story", story.id)
        return
    require(rules.may_decide(actor, story, _S.PAUSED))
    _hide(db, actor, story, "story.hide", held=True)


def hide_at_once(db: Session, story: Story) -> None:
    """Hide a story until a person has looked, because somebody may be in danger or can be recognised; the rule was asked."""
    _hide(db, None, story, "story.hide_at_once", held=True)


def let_go(db: Session, story: Story) -> None:
    """What was hidden at once is paused only, from now on: nobody decided in time, so its teller may show it again."""
    hold(db, story, held=False)
    audit.record(db, None, "story.let_go", "story", story.id)


def _hide(db: Session, actor: Actor | None, story: Story, verb: str, held: bool) -> None:
    move(db, story, _S.PAUSED, held=held, rested=False)
    documents.remove(db, story.id)
    audit.record(db, actor, verb, "story", story.id)


def resume(db: Session, actor: Actor, story: Story) -> None:
    """Show a paused story again; its consent must still live."""
    require(rules.may_resume(actor, story, consents.live_purposes(db, story.id)))
    _show(db, actor, story, "story.resume")


def unhide(db: Session, actor: Actor | None, story: Story) -> None:
    """A coordinator, or the clock (nobody), shows a hidden story again, if its consent still lives; one that its teller had paused
    stays paused."""
    allowed = rules.may_move(story.status, _S.PUBLISHED) if actor is None else rules.may_decide(actor, story, _S.PUBLISHED)
    verdict = allowed and rules.has_consent(story, consents.live_purposes(db, story.id))
    require(verdict)
    if story.rested:
        hold(db, story, held=False, rested=False)
        audit.record(db, actor, "story.unhide", "story", story.id)
        return
    _show(db, actor, story, "story.unhide")


def _show(db: Session, actor: Actor | None, story: Story, verb: str) -> None:
    move(db, story, _S.PUBLISHED, held=False, published_on=story.published_on or now().date())
    documents.index(db, story)
    audit.record(db, actor, verb, "story", story.id)


def rework(db: Session, actor: Actor, story: Story) -> None:
    """Make a draft of it again, to change it: it is shown nowhere until it was looked at once more."""
    for asked in may_rework:
        require(asked(db, story))
    back_to_draft(db, actor, story)


def take_back(db: Session, actor: Actor, story: Story) -> None:
    """Take the story back, everywhere and at once; only its words stay, with their teller."""
    take_out(db, actor, story)


def withdraw_purpose(db: Session, actor: Actor, story: Story, purpose: Purpose) -> None:
    """Take one yes back; without a yes that carries it, the story is taken back."""
    require(rules.owned(actor, story))
    if rules.takes_along(story.audience, story.status, purpose):
        take_out(db, actor, story)
        return
    hold(db, story)
    consents.withdraw(db, story, [p for p in consents.live_purposes(db, story.id) if p == purpose])
    audit.record(db, actor, "story.withdraw_purpose", "story", story.id, purpose=purpose.value)
