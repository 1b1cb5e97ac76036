"""How a story goes back to its teller: a draft again, taken out everywhere, deleted for good; what stays out after a restore."""

from collections.abc import Callable
from datetime import date
from uuid import UUID

from sqlmodel import Session, select

from app.core.clock import now
from app.core.verdict import require
from app.domain import versions
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.stories import consents, documents, erasing, forgetting, rules, telling, translating
from app.domain.stories.moving import hold, move
from app.models.accounts import MemberStatus
from app.models.stories import Purpose, Story, StoryProposal, StoryStatus, StoryText

Hook = Callable[[Session, Story], None]
on_withdrawn: list[Hook] = []  # moderation closes it: the teller stopped the sending, or took the story back
on_erased: list[Hook] = []  # moderation forgets what it quotes; called while the rows are still there
S = StoryStatus


def tell_hooks(db: Session, story: Story) -> None:
    """Tell whoever waits for this story that there is nothing left to decide."""
    for hook in on_withdrawn:
        hook(db, story)


def back_to_draft(db: Session, actor: Actor | None, story: Story) -> None:
    """Make a draft of a story: for its teller, or for nobody (after a restore)."""
    require((actor is None or rules.owned(actor, story)) and rules.may_move(story.status, S.DRAFT))
    move(db, story, S.DRAFT, published_on=None, publish_after=None, submitted_at=None, held=False, step="write")
    documents.remove(db, story.id)
    audit.record(db, actor, "story.rework", "story", story.id)
    tell_hooks(db, story)


def take_out(db: Session, actor: Actor | None, story: Story, decided: bool = False) -> None:
    """Take a story out everywhere: for its teller, or for nobody (a purge, a restore). Its words stay with its teller.

    ``decided``: because of a decision, so nobody hears that its teller took it back.
    """
    require((actor is None or rules.owned(actor, story)) and rules.may_move(story.status, S.TAKEN_BACK))
    # The state first: its UPDATE waits for a publish at the same moment, and then removes what that one indexed.
    move(db, story, S.TAKEN_BACK, ended_on=now().date(), publish_after=None, held=False)
    consents.withdraw(db, story, consents.live_purposes(db, story.id))
    documents.remove(db, story.id)
    tell_hooks(db, story)  # while the translations that wait for somebody are still there to be found
    translating.tell_taken_back(db, story, decided)
    forgetting.by_others(db, story)
    telling.erase_parts(db, story)
    erasing.remember(db, erasing.STORY, story.id)
    audit.record(db, actor, "story.take_back", "story", story.id)


def discard(db: Session, actor: Actor, story: Story) -> None:
    """Delete for good a story that is only with its teller: its row, words, files, and what others wrote about them."""
    require(rules.may_discard(actor, story))
    hold(db, story)
    draft = story.status == S.DRAFT
    if rules.may_move(story.status, S.TAKEN_BACK):  # whoever still waits for a story that was declined or is over hears of it
        take_out(db, actor, story)
    audit.record(db, actor, "story.discard" if draft else "story.erase", "story", story.id)
    _erase(db, story)


def _erase(db: Session, story: Story) -> None:
    """Leave of a story that is shown nowhere only the bare rows of its yeses, the audit and the ledger of erasures."""
    consents.withdraw(db, story, consents.live_purposes(db, story.id))
    forgetting.by_others(db, story)
    forgetting.by_teller(db, story)
    for hook in on_erased:
        hook(db, story)
    erasing.remember(db, erasing.GONE, story.id)
    telling.erase(db, story)


def erase_decided(db: Session, story_id: UUID) -> None:
    """Delete for good a story that a decision took out, as if its teller had; nothing of it comes back with an older copy."""
    story = db.get(Story, story_id)
    if story is None:
        return
    if rules.may_move(story.status, S.TAKEN_BACK):
        take_out(db, None, story, decided=True)
    _erase(db, story)


def erase_again(db: Session, kind: str, story_id: UUID, on: date) -> bool:
    """Take out once more a story that a restored older copy brought back; nobody acts. Return whether there was anything to do.

    A story that its teller agreed to show on a later day than ``on`` stays: then the ledger had not heard of that yet.
    """
    story = db.get(Story, story_id)
    if story is not None and erasing.said_yes_since(db, story_id, on):
        erasing.forget(db, [story_id])
        return False
    if story is None or (story.status == S.TAKEN_BACK and kind != erasing.GONE):
        return False
    if rules.may_move(story.status, S.TAKEN_BACK):
        take_out(db, None, story)
    else:  # not sent yet when the copy was made
        consents.withdraw(db, story, consents.live_purposes(db, story.id))
        telling.erase_parts(db, story)
    erasing.remember(db, kind, story_id)
    if kind == erasing.GONE:
        _erase(db, story)
    return True


def withdraw_again(db: Session, marks: dict[UUID, date]) -> int:
    """Withdraw once more each yes that a restored older copy brought back (mark -> day); return how many.

    A story that was carried by such a yes becomes a draft: its words stay, nobody else sees it.
    """
    ids = db.exec(select(Story.id)).all()
    found = [(i, p, marks[m]) for i in ids for p in Purpose if (m := erasing.mark(i, p)) in marks]
    return sum(_withdraw_again(db, db.get_one(Story, story_id), purpose, on) for story_id, purpose, on in found)


def _withdraw_again(db: Session, story: Story, purpose: Purpose, on: date) -> bool:
    if erasing.said_yes_since(db, story.id, on, purpose):
        erasing.forget(db, [erasing.mark(story.id, purpose)])
        return False
    if purpose not in consents.live_purposes(db, story.id):
        return False
    hold(db, story)
    consents.withdraw(db, story, [purpose])
    audit.record(db, None, "story.withdraw_purpose", "story", story.id, purpose=purpose.value)
    if purpose in rules.CARRIES[story.audience] and rules.may_move(story.status, S.DRAFT):
        back_to_draft(db, None, story)
    return True


def purge(db: Session, member_id: UUID) -> None:
    """Erase the stories of a member who left: taken back everywhere, words and files gone; bare rows and the ledger stay."""
    for story in db.exec(select(Story).where(Story.author_id == member_id)).all():
        if rules.may_move(story.status, S.TAKEN_BACK):
            take_out(db, None, story)
        elif story.status == S.DRAFT:
            consents.withdraw(db, story, consents.live_purposes(db, story.id))
            forgetting.by_others(db, story)
            telling.erase_parts(db, story)
        story.area_id = story.year = story.season = None
        story.themes, story.needs = [], []
        for text in db.exec(select(StoryText).where(StoryText.story_id == story.id)).all():
            db.delete(text)
        erasing.remember(db, erasing.STORY, story.id)
        audit.record(db, None, "story.purge", "story", story.id)
    for text in db.exec(select(StoryText).where(StoryText.translator_id == member_id)).all():
        text.translator_id, text.named = None, False
    for proposal in db.exec(select(StoryProposal).where(StoryProposal.made_by == member_id)).all():
        proposal.named = False
    db.flush()
    versions.bump(db, versions.STORIES)


def follow_standing(db: Session, member_id: UUID, standing: MemberStatus) -> None:
    """Hide or show again, in search and kept pages, what a member tells: only somebody in good standing shows anything."""
    shown = select(Story).where(Story.author_id == member_id, Story.status == S.PUBLISHED)
    for story in db.exec(shown).all():
        if standing == MemberStatus.ACTIVE:
            documents.index(db, story)
        else:
            documents.remove(db, story.id)


if purge not in accounts.on_purge:
    accounts.on_purge.append(purge)
    accounts.on_standing.append(follow_standing)
