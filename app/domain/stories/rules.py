"""What may happen to a story and who may make it happen: one table of ways, and verdicts."""

import enum
from datetime import date, datetime
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.models.accounts import Role
from app.models.stories import Audience, ConsentAct, Purpose, SecondLook, Story, StoryStatus, StoryText

S = StoryStatus
# From each state, the states that can follow. Everything else is refused, here and in the UPDATE that makes the change.
WAYS: Final[dict[StoryStatus, frozenset[StoryStatus]]] = {
    S.DRAFT: frozenset({S.SUBMITTED}),
    S.SUBMITTED: frozenset({S.IN_REVIEW, S.DRAFT, S.TAKEN_BACK}),
    S.IN_REVIEW: frozenset({S.APPROVED, S.CHANGE_ASKED, S.DECLINED, S.DRAFT, S.TAKEN_BACK}),
    S.CHANGE_ASKED: frozenset({S.SUBMITTED, S.TAKEN_BACK}),
    S.APPROVED: frozenset({S.PUBLISHED, S.CHANGE_ASKED, S.DRAFT, S.TAKEN_BACK}),
    S.PUBLISHED: frozenset({S.PAUSED, S.TAKEN_BACK, S.EXPIRED, S.DRAFT}),
    S.PAUSED: frozenset({S.PUBLISHED, S.TAKEN_BACK, S.EXPIRED, S.DRAFT}),
    S.DECLINED: frozenset({S.DRAFT, S.TAKEN_BACK, S.IN_REVIEW}),  # the last after an appeal
    S.EXPIRED: frozenset({S.DRAFT, S.TAKEN_BACK}),
    S.TAKEN_BACK: frozenset(),
}
WRITABLE: Final = frozenset({S.DRAFT, S.CHANGE_ASKED})
WAITING: Final = frozenset({S.SUBMITTED, S.IN_REVIEW, S.APPROVED})
LOOKED_AT: Final = WAITING | {S.CHANGE_ASKED}
OPEN_TO_LOOK: Final = WAITING | {S.PUBLISHED, S.PAUSED}  # where a second reader looks at translations
SHOWN_BEFORE: Final = frozenset({S.TAKEN_BACK, S.EXPIRED})
WITH_ITS_TELLER: Final = frozenset({S.DRAFT, S.DECLINED, S.TAKEN_BACK, S.EXPIRED})  # shown to nobody, and nobody waits for it
LONGEST_SHIFT_MINUTES: Final = 6 * 60  # a random wait, so that the hour of publishing tells nothing about the teller
# The yeses that carry a publication, by who may see it: each of them is needed, without one of them nobody else reads it.
CARRIES: Final = {
    Audience.ONLY_ME: frozenset[Purpose](), Audience.MEMBERS: frozenset({Purpose.MEMBERS}),
    Audience.EVERYONE: frozenset({Purpose.MEMBERS, Purpose.PUBLIC}),
}  # fmt: skip


def from_states(to: StoryStatus) -> frozenset[StoryStatus]:
    """Return the states from which ``to`` can be reached in one step."""
    return frozenset(start for start, ends in WAYS.items() if to in ends)


def may_move(status: StoryStatus, to: StoryStatus) -> Verdict:
    """Answer whether the table has a way from ``status`` to ``to``."""
    return unless(to not in WAYS[status], _("This cannot be done with the story as it stands now. Open it again."))


def owns(actor: Actor, story: Story) -> bool:
    """Say whether the actor is the teller."""
    return actor.signed_in and actor.member_id == story.author_id


def may_start(actor: Actor) -> Verdict:
    """Answer whether the actor may begin a story."""
    return may_take_part(actor)


def may_write(actor: Actor, story: Story) -> Verdict:
    """Answer whether the actor may change the words, files and choices of this story."""
    if not owns(actor, story):
        return no(_("Only the person who tells it can change this story."))
    if story.status not in WRITABLE:
        return no(_("This story has been sent. Stop the sending first, then change it."))
    return may_take_part(actor)


def may_discard(actor: Actor, story: Story) -> Verdict:
    """Answer whether the actor may delete this story for good, every word of it."""
    elsewhere = story.status not in WITH_ITS_TELLER
    return owned(actor, story) and unless(elsewhere, _("Take this story back first. Then you can delete it for good."))


def owned(actor: Actor, story: Story) -> Verdict:
    """Answer yes for the teller only, whatever state their account is in: taking back is always possible."""
    return unless(not owns(actor, story), _("Only the person who tells it can do this."))


def may_submit(actor: Actor, story: Story, consents: list[Purpose], ready: str | None) -> Verdict:
    """Answer whether the story may go to its second reader; ``consents`` are live, ``ready`` says what is missing."""
    if not (verdict := may_write(actor, story)):
        return verdict
    if ready:
        return no(ready)
    return has_consent(story, consents)


def has_consent(story: Story, consents: list[Purpose]) -> Verdict:
    """Answer whether the chosen audience is carried by live consents."""
    needed = CARRIES[story.audience]
    if not needed:
        return no(_("This story is only for you. Choose first who may see it."))
    return unless(not needed <= set(consents), _("Nobody has agreed to this being shown yet."))


def takes_along(audience: Audience, status: StoryStatus, purpose: Purpose) -> bool:
    """Say whether the story goes with this yes, voice and pictures too: then it is asked once more."""
    return purpose in CARRIES[audience] and bool(may_move(status, S.TAKEN_BACK))


def may_withdraw_submission(actor: Actor, story: Story) -> Verdict:
    """Answer whether the teller may stop the sending."""
    return owned(actor, story) and unless(story.status not in WAITING, _("This story is not waiting any more."))


def may_review(actor: Actor, story: Story) -> Verdict:
    """Answer whether the actor may be the second reader: a coordinator, never of their own story."""
    if not actor.has(Role.COORDINATOR, Role.SAFEGUARDING):
        return no(_("Only a coordinator can do this."))
    return unless(owns(actor, story), _("Nobody decides about their own story. Another coordinator will look."))


def may_hear(actor: Actor, story: Story) -> Verdict:
    """Answer whether the actor may hear and see the files of a story that is not shown: its second reader, while it waits."""
    here = story.status in LOOKED_AT and actor.second_factor
    return may_review(actor, story) and unless(not here, _("This page is not here."))


def may_decide(actor: Actor, story: Story, to: StoryStatus) -> Verdict:
    """Answer whether the second reader may move the story to ``to``."""
    return may_review(actor, story) and may_move(story.status, to)


def may_publish(story: Story, consents: list[Purpose], moment: datetime) -> Verdict:
    """Answer whether an approved story may appear now: its wait is over and its consent lives."""
    if not (verdict := may_move(story.status, S.PUBLISHED)):
        return verdict
    if story.publish_after is None or story.publish_after > moment:
        return no(_("The time to think is not over yet."))
    return has_consent(story, consents)


def may_resume(actor: Actor, story: Story, consents: list[Purpose]) -> Verdict:
    """Answer whether the teller may show a paused story again."""
    if not (verdict := owned(actor, story) and may_take_part(actor) and may_move(story.status, S.PUBLISHED)):
        return verdict
    if story.held:
        return no(_("A coordinator has hidden this story for now. The reason stands under My answers."))
    return unless(story.status != S.PAUSED, _("This story is not paused.")) and has_consent(story, consents)


def may_edit_as_reader(actor: Actor, story: Story) -> Verdict:
    """Answer whether the second reader may propose other words."""
    open_states = {S.SUBMITTED, S.IN_REVIEW, S.CHANGE_ASKED, S.APPROVED, S.PUBLISHED}
    return may_review(actor, story) and unless(story.status not in open_states, _("This story is not open to changes."))


def may_see(actor: Actor, story: Story, today: date) -> Verdict:
    """Answer whether the actor may read the story as a reader."""
    live = story.status == S.PUBLISHED and (story.until_on is None or story.until_on > today)
    wide = story.audience == Audience.EVERYONE or (story.audience == Audience.MEMBERS and actor.let_in)
    return unless(not (live and wide), _("This page is not here."))


def live(act: ConsentAct, until_on: date | None, today: date) -> bool:
    """Say whether the last row of a purpose still gives."""
    return act == ConsentAct.GIVEN and (until_on is None or until_on > today)


class Standing(enum.StrEnum):
    """How a language of a story stands: computed from its rows, stored nowhere."""

    MISSING = "missing"
    IN_PROGRESS = "in_progress"
    UP_TO_DATE = "up_to_date"
    OUTDATED = "outdated"
    MACHINE_MADE = "machine_made"


class Way(enum.StrEnum):
    """What becomes of a translation that somebody sends."""

    WRITE = "write"  # it stands in the place of what is there, which nobody else sees
    PROPOSE = "propose"  # it waits beside what is there for the teller's yes
    TAKEN = "taken"  # the words of another person wait there already


def may_translate(actor: Actor, story: Story, today: date) -> Verdict:
    """Answer whether the actor may send a translation: the teller, a second reader of what is open to them, who may read it."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if owns(actor, story):
        return unless(story.status == S.TAKEN_BACK, _("This cannot be done with the story as it stands now. Open it again."))
    return YES if may_edit_as_reader(actor, story) else may_see(actor, story, today)


def is_shown(text: StoryText) -> bool:
    """Say whether readers of the story see this text: a translation needs two yeses, the teller's and a second reader's."""
    return text.original or (text.confirmed and text.second_look == SecondLook.FINE)


def standing_of(*, shown: bool, behind: bool = False, machine: bool = False) -> Standing:
    """Return how a translation stands that is there; ``behind``: the original has changed since it was made."""
    if not shown:
        return Standing.IN_PROGRESS
    if behind:
        return Standing.OUTDATED
    return Standing.MACHINE_MADE if machine else Standing.UP_TO_DATE


def standing(text: StoryText | None, original_version: int) -> Standing:
    """Return how a language stands; ``text`` is its translation or None."""
    if text is None or text.second_look == SecondLook.DECLINED:
        return Standing.MISSING
    return standing_of(shown=is_shown(text), behind=text.source_version < original_version, machine=text.machine)


def reads_second(actor: Actor, story: Story) -> bool:
    """Say whether words by the actor need no second reader any more: they are one, with the second step shown."""
    return bool(may_review(actor, story)) and actor.second_factor


def way_of(actor: Actor, story: Story, text: StoryText | None, proposed_by: UUID | None) -> Way:
    """Return what becomes of a translation by the actor, beside the one there is and a suggestion that waits."""
    if owns(actor, story) or text is None or text.second_look == SecondLook.DECLINED:
        return Way.WRITE
    if not is_shown(text):
        if text.translator_id in (None, actor.member_id):
            return Way.WRITE
        if not (text.confirmed and reads_second(actor, story)):
            return Way.TAKEN
    return Way.PROPOSE if proposed_by in (None, actor.member_id) else Way.TAKEN


def may_look_at(actor: Actor, story: Story, text: StoryText) -> Verdict:
    """Answer whether the actor may decide about a translation that waits: a second reader, never its own translator."""
    waits = text.confirmed and not text.original and text.second_look == SecondLook.WAITS
    gone = unless(not waits, _("This translation does not wait any more. Look at it again."))
    return may_look_anew(actor, story, text) and gone


def may_look_anew(actor: Actor, story: Story, text: StoryText) -> Verdict:
    """Answer whether the actor may show a translation that another second reader declined."""
    if not (verdict := may_review(actor, story)):
        return verdict
    return unless(text.translator_id == actor.member_id, _("You translated this yourself, so another person looks."))


def translated(actor: Actor, *translators: UUID | None) -> Verdict:
    """Answer yes for whoever made these words, whatever state their account is in: taking one's name off is always possible."""
    return unless(not actor.signed_in or actor.member_id not in translators, _("This page is not here."))
