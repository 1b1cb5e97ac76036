"""Who may ask for a mentor, offer to be one, say a word about somebody, and decide. Pure."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.models.accounts import MemberStatus, Role
from app.models.mentoring import MentorState

AGAIN_DAYS: Final = 180  # after a no, before somebody may offer again
WORDS_NEEDED: Final = 2  # words that somebody else has made sure of, before a panel may say yes
MOST_LINKS: Final = 4  # made and not over, answered or not
LINK_DAYS: Final = 30
SMALLEST_PANEL, LARGEST_PANEL = 2, 9
LONGEST: Final = timedelta(days=366)
MOST_PLACES: Final = 5
WARN_DAYS: Final = 14  # before a wish ends by itself
BEGUN_DAYS, ASK_DAYS, OFFER_DAYS = 90, 365, 365  # without a change, until what was begun, asked, offered ends by itself

ASK, OFFER = "ask", "offer"
STEPS: Final = {
    ASK: ("needs", "who", "place", "when", "check"),
    OFFER: ("help", "place", "when", "meet", "words", "check"),
}  # fmt: skip
# What a panel has looked at, or looks at, stays as it is; the rest may be put right at any time.
ALWAYS_OPEN: Final = frozenset({"place", "when", "meet", "check"})
IS_MENTOR: Final = frozenset({MentorState.ACTIVE, MentorState.PAUSED})


def asked_steps(side: str) -> tuple[str, ...]:
    """Return the steps of a side that ask something: all but the last, which shows the answers."""
    return STEPS[side][:-1]


def missing(side: str, told: set[str]) -> str | None:
    """Return the first step of a side that was not answered yet, None when all were."""
    return next((step for step in asked_steps(side) if step not in told), None)


def ends_on(touched_on: date) -> date:
    """Return the day on which a wish ends by itself that nobody changed since."""
    return touched_on + timedelta(days=ASK_DAYS)


def may_ask(actor: Actor) -> Verdict:
    """Answer whether the actor may ask for a mentor, or change what they asked for."""
    return may_take_part(actor)


def may_take_back(actor: Actor) -> Verdict:
    """Answer yes in every standing: what one asked for or began can always be taken back."""
    return unless(not actor.signed_in, _("Come in with your key to see this."))


def may_offer(actor: Actor, state: MentorState | None, decided_on: date | None, today: date) -> Verdict:
    """Answer whether the actor may offer to be a mentor; ``state`` None where they never did."""
    if not (verdict := may_take_part(actor)):
        return verdict
    early = state == MentorState.DECLINED and (decided_on is None or today < decided_on + timedelta(days=AGAIN_DAYS))
    return unless(early, _("The answer was no this time. You can offer again half a year after it."))


def may_change(state: MentorState, step: str) -> Verdict:
    """Answer whether a mentor may change what they said in a step."""
    closed = state != MentorState.BEGUN and step not in ALWAYS_OPEN
    return unless(closed, _("This has been sent. Take your offer back first, then you can write it anew."))


def may_send(state: MentorState, lacks: str | None) -> Verdict:
    """Answer whether an offer may go to the desk; ``lacks`` is the first step without an answer."""
    if state != MentorState.BEGUN:
        return no(_("Your offer has been sent already."))
    return unless(lacks is not None, _("One step is still open. Go through it first."))


def may_pause(state: MentorState) -> Verdict:
    """Answer whether a mentor may pause."""
    return unless(state != MentorState.ACTIVE, _("There is nothing to pause now."))


def may_go_on(actor: Actor, state: MentorState) -> Verdict:
    """Answer whether a mentor may end the pause."""
    return may_take_part(actor) and unless(state != MentorState.PAUSED, _("There is no pause to end."))


def may_step_back(actor: Actor, state: MentorState) -> Verdict:
    """Answer whether somebody may take their offer back or be a mentor no more; a no of the desk stays for its year."""
    over = state == MentorState.DECLINED
    return may_take_back(actor) and unless(over, _("This has been answered. It is erased by itself after a year."))


def may_make_link(actor: Actor, state: MentorState, links: int) -> Verdict:
    """Answer whether an applicant may make one more link for somebody who knows them."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if state != MentorState.APPLIED:
        return no(_("Links can be made while your offer waits."))
    return unless(links >= MOST_LINKS, _("Four links are enough. One that was not used ends after 30 days."))


def may_say(actor: Actor, about: UUID) -> Verdict:
    """Answer whether whoever opened the link may answer: anybody but the one it is about."""
    return unless(actor.member_id == about, _("This link is for somebody who knows you. Give it to them."))


def may_look(actor: Actor, about: UUID, standing: MemberStatus) -> Verdict:
    """Answer whether the actor may read an offer and decide about it: a coordinator, never their own, nor one that rests."""
    if not actor.has(Role.COORDINATOR):
        return no(_("Only a coordinator can do this."))
    if standing != MemberStatus.ACTIVE:
        return no(_("The account of this person rests. It goes on when they are back."))
    return unless(actor.member_id == about, _("Nobody decides about themselves. Another coordinator will look."))


def may_decide(state: MentorState) -> Verdict:
    """Answer whether whoever may look may write down what the panel decided."""
    return unless(state != MentorState.APPLIED, _("This changed meanwhile. Look at it again."))


def may_care(state: MentorState) -> Verdict:
    """Answer whether whoever may look may name a supervisor, say until when, or end it."""
    return unless(state not in IS_MENTOR, _("This changed meanwhile. Look at it again."))


def panel_holds(size: int, *, both: bool, untied: bool, words: int | None) -> tuple[str, str] | None:
    """Return what is missing for a decision: the field and its sentence; None when nothing is.

    ``words`` are those that are not a no and that somebody else than who writes it down has made sure of, which a yes needs; None
    for a no, which a panel may say without any.
    """
    if not SMALLEST_PANEL <= size <= LARGEST_PANEL:
        return "panel", _("A panel has 2 to 9 people.")
    if not both:
        return "both", _("A panel has at least one woman and one man. Each of them says so, nobody guesses.")
    if not untied:
        return "untied", _("Somebody with a tie to this person leaves the panel first.")
    if words is not None and words < WORDS_NEEDED:
        return "", _(
            "Two people who know them say a word first, other than a no. Somebody else at the desk than you makes sure of both."
        )
    return None


def time_fits(until: date | None, today: date) -> Verdict:
    """Answer whether somebody may be a mentor until that day (not including it)."""
    fits = until is not None and today < until <= today + LONGEST
    return YES if fits else no(_("Choose a day within the next 12 months."))
