"""Who may see, open and decide a case, by when, and what a decision needs: facts in, verdict out."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import _, day_words
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor
from app.models.accounts import Role
from app.models.moderation import Case, CaseKind, CaseState, Outcome, Priority

CLOCKS: Final = {
    Priority.DANGER: timedelta(hours=24), Priority.EXPOSED: timedelta(hours=24), Priority.RULE: timedelta(hours=72),
    Priority.SPAM: timedelta(days=14),
}  # fmt: skip
RANKS: Final = (Priority.DANGER, Priority.EXPOSED, Priority.RULE, Priority.SPAM)  # the most urgent first
CLAIM: Final = timedelta(hours=2)
LONGEST_WORDS: Final = 2_000
LIMITS: Final = (Outcome.HOLD_POSTS, Outcome.NO_TOPICS, Outcome.READ_ONLY, Outcome.SUSPEND)
HIDES: Final = (Outcome.HIDE, Outcome.REMOVE)  # both at once; what is removed is deleted later
LENGTHS: Final = (1, 3, 7, 14, 30, 90, 180)
ALONE_DAYS: Final = 30  # one person alone stops an account for no longer,
COUNTED_DAYS: Final = 180  # with everything that ended less than so many days ago
OUTCOMES: Final = {
    CaseKind.STORY: (Outcome.PUBLISH, Outcome.ASK_CHANGE, Outcome.DECLINE),
    CaseKind.TRANSLATION: (Outcome.PUBLISH, Outcome.ASK_CHANGE, Outcome.DECLINE),
    CaseKind.FLAG: (Outcome.KEEP, Outcome.ASK_CHANGE, Outcome.HIDE, Outcome.REMOVE),
    CaseKind.CORRECTION: (Outcome.FIXED, Outcome.DEFUNCT, Outcome.KEEP),
    CaseKind.CALL: (Outcome.FIXED, Outcome.KEEP),
    CaseKind.APPLICATION: (Outcome.ACCEPT, Outcome.REFUSE),
    CaseKind.POST: (Outcome.PUBLISH, Outcome.DECLINE),
    CaseKind.TALK: (Outcome.KEEP, Outcome.HIDE, Outcome.REMOVE),
    CaseKind.MESSAGE: (Outcome.PUBLISH, Outcome.DECLINE),
    CaseKind.MESSAGE_FLAG: (Outcome.KEEP, Outcome.HIDE, Outcome.REMOVE),
    CaseKind.APPEAL: (Outcome.OVERTURN, Outcome.UPHOLD),
    CaseKind.COMPLAINT: (Outcome.ACTED, Outcome.KEEP),
    CaseKind.ACCOUNT: (Outcome.KEEP, Outcome.NOTE, *LIMITS, Outcome.CLOSE, Outcome.LIFT),
}
NEEDS_WORDS: Final = frozenset({
    Outcome.ASK_CHANGE, Outcome.DECLINE, *HIDES, Outcome.REFUSE, Outcome.UPHOLD, Outcome.OVERTURN, Outcome.ACTED,
    Outcome.NOTE, *LIMITS, Outcome.CLOSE, Outcome.LIFT,
})  # fmt: skip
NEEDS_RULE: Final = frozenset({Outcome.DECLINE, *HIDES, *LIMITS, Outcome.CLOSE})
# What takes something from whose matter it is, and what leaves what somebody told us about: both can be appealed.
TAKES: Final = frozenset({
    (CaseKind.STORY, Outcome.DECLINE), (CaseKind.TRANSLATION, Outcome.DECLINE), (CaseKind.POST, Outcome.DECLINE),
    *((kind, outcome) for kind in (CaseKind.FLAG, CaseKind.TALK) for outcome in HIDES), (CaseKind.APPLICATION, Outcome.REFUSE),
    *((CaseKind.ACCOUNT, outcome) for outcome in (*LIMITS, Outcome.CLOSE)),
})  # fmt: skip
LEAVES: Final = frozenset({(CaseKind.FLAG, Outcome.ASK_CHANGE), *((CaseKind(of), Outcome.KEEP) for of in ("flag", "talk", "call"))})
GROUNDLESS: Final = frozenset({(CaseKind.FLAG, Outcome.KEEP), (CaseKind.TALK, Outcome.KEEP), (CaseKind.APPEAL, Outcome.UPHOLD)})
MISUSE: Final = timedelta(days=90)  # how long a mark "plainly without ground" counts
WARNED_AT: Final = 3
STOPPED_AT: Final = 5
STOPPED_DAYS: Final = 30
SETTLED, FLAGGERS_THAT_HIDE = timedelta(days=14), 3
HELD: Final = timedelta(days=7)  # how long something is hidden at once at most, where nobody decides
UNDO: Final = timedelta(minutes=10)  # in which whoever decided takes it back
UNDOABLE: Final = frozenset({CaseKind.FLAG, CaseKind.TALK, CaseKind.COMPLAINT, CaseKind.MESSAGE_FLAG, CaseKind.ACCOUNT})
REOPENS: Final = UNDOABLE - {CaseKind.ACCOUNT}  # what was decided about an account ends by itself, or by an appeal
SEVERE: Final = frozenset({CaseKind.ACCOUNT, CaseKind.COMPLAINT})  # kinds of cases that can take two people
KNOWN: Final = timedelta(days=2)  # how long those who decide, and somebody outside, knew that it is late before it ends
OWN_CASES: Final = 5  # complaints about one person that have a case of their own at a time; what comes beyond is put together
# Letting people in, changing the directory and calls for money is for coordinators; safeguarding decides about words.
COORDINATORS_ONLY: Final = frozenset({CaseKind.APPLICATION, CaseKind.CORRECTION, CaseKind.CALL})
LIGHT: Final = COORDINATORS_ONLY  # everything else may be heavy to read
# What people say about people, and to one person only, leaves the coordinators. So no message is appealed: the desk reads appeals.
SAFEGUARDING_ONLY: Final = frozenset({CaseKind.COMPLAINT, CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG})


@dataclass(frozen=True, slots=True)
class Choice:
    """What somebody decides: which way, under which rule, with which words, about which state of the case."""

    outcome: Outcome
    row_version: int
    rule: int | None = None
    words: str = ""
    groundless: bool = False  # what was told us, or the appeal, was plainly without ground
    days: int | None = None  # of what is decided about an account, or hidden, for a time


@dataclass(frozen=True, slots=True)
class Mark:
    """Once somebody decided that a flag or an appeal of a member was plainly without ground."""

    on: date
    by: UUID


@dataclass(frozen=True, slots=True)
class Flagger:
    """A member who told us that something is dangerous, or shows who somebody is; ``trusted`` with a role in the network."""

    member_id: UUID
    joined_on: date  # or the day on which somebody let them in
    trusted: bool


def due(priority: Priority, moment: datetime) -> datetime:
    """Return by when a case of this priority that comes up at ``moment`` has to be decided."""
    return moment + CLOCKS[priority]


def kinds_of(actor: Actor) -> tuple[CaseKind, ...]:
    """Return the kinds of cases that the actor decides."""
    left = (() if actor.has(Role.COORDINATOR) else COORDINATORS_ONLY, () if actor.has(Role.SAFEGUARDING) else SAFEGUARDING_ONLY)
    return tuple(kind for kind in CaseKind if not any(kind in kinds for kinds in left))


def sees(actor: Actor, case: Case) -> bool:
    """Say whether the case exists for the actor: for whom it is about, it never does; complaints do for safeguarding only."""
    if case.kind in SAFEGUARDING_ONLY and not actor.has(Role.SAFEGUARDING):
        return False
    return actor.may_work and (case.about_id is None or case.about_id != actor.member_id)


def may_work(actor: Actor) -> Verdict:
    """Answer whether the actor works at the desk."""
    return unless(not actor.may_work, _("Only a coordinator can do this."))


def may_open(actor: Actor, case: Case, brought_by: Collection[UUID], barred: Collection[UUID] = ()) -> Verdict:
    """Answer whether the actor may take this case up: never their own matter, nor one that they brought themselves."""
    if not sees(actor, case):
        return no(_("This page is not here."))
    if case.kind in COORDINATORS_ONLY and not actor.has(Role.COORDINATOR):
        return no(_("Only coordinators decide about this."))
    if actor.member_id in barred:
        return no(_("You decided about this before, or are too close to it. Another person decides."))
    if actor.member_id in brought_by and case.kind == CaseKind.TRANSLATION:
        return no(_("You translated this yourself, so another person looks."))
    if actor.member_id in brought_by:
        return no(_("You told us about this yourself, so another person decides."))
    return YES


def free_for(actor: Actor, case: Case, moment: datetime) -> bool:
    """Say whether nobody else is at work on the case; a claim ends by itself after two hours."""
    held = case.claimed_until is not None and case.claimed_until > moment
    return not held or case.claimed_by == actor.member_id


def holds(actor: Actor, case: Case, moment: datetime) -> bool:
    """Say whether the actor has opened the case and their two hours are not over."""
    live = case.claimed_until is not None and case.claimed_until > moment
    return live and case.state == CaseState.OPEN and case.claimed_by == actor.member_id


def may_reopen(
    actor: Actor, case: Case, brought_by: Collection[UUID], barred: Collection[UUID] = (), appealed: bool = False
) -> Verdict:
    """Answer whether the actor may look again at what was decided (only flags: a story is sent again by its teller).

    ``appealed``: somebody waits for the answer to an appeal about it; then another person looks, and nobody decides past them.
    """
    if not (verdict := may_open(actor, case, brought_by, barred)):
        return verdict
    again = case.state == CaseState.CLOSED and case.kind in REOPENS
    if appealed:
        return no(_("Somebody sees the decision differently. Another person looks at that first."))
    return unless(not again, _("This cannot be opened again."))


def check(kind: CaseKind, choice: Choice, known_rules: Collection[int]) -> None:
    """Raise Invalid with field and sentence when the choice is not complete."""
    if choice.outcome not in OUTCOMES[kind]:
        raise Invalid("outcome", _("Choose one of these."))
    if choice.rule is not None and choice.rule not in known_rules:
        raise Invalid("rule", _("Choose one of these."))
    if choice.outcome in NEEDS_RULE and choice.rule is None:
        raise Invalid("rule", _("Choose the rule that it is about."))
    if choice.outcome in NEEDS_WORDS and not choice.words.strip():
        raise Invalid("words", _("Write the reason. The person will read it."))
    lengths = {**dict.fromkeys(LIMITS, LENGTHS), Outcome.HIDE: (None, *LENGTHS)}.get(choice.outcome)
    if lengths and choice.days not in lengths:
        raise Invalid("days", _("Choose for how long."))
    if choice.groundless and (kind, choice.outcome) not in GROUNDLESS:
        raise Invalid("groundless", _("This fits only where nothing changes."))


def check_spam(marked: Collection[str], rule: int | None, said: str, known_rules: Collection[int]) -> None:
    """Raise Invalid with field and sentence when what is hidden in one go is not complete."""
    if not marked:
        raise Invalid("marked", _("Choose at least one."))
    check(CaseKind.TALK, Choice(Outcome.HIDE, 1, rule, said), known_rules)


def appeal_until(decided_on: date, days: int) -> date:
    """Return the last day on which a decision can be appealed."""
    return decided_on + timedelta(days=days)


def may_appeal(today: date, until: date, lodged: bool, standing: bool, stopped: date | None = None) -> Verdict:
    """Answer whether somebody whom a decision concerns may say that they see it differently: once, in time, while it stands.

    ``lodged``: they did already; ``standing``: it is the last word about its case; ``stopped``: until when they may not, after
    appeals that were plainly without ground.
    """
    if lodged:
        return no(_("You have told us already that you see it differently. That is possible once for each decision."))
    if today > until:
        return no(_("The time for this is over. It was possible until %(day)s.", day=day_words(until)))
    if stopped is not None:
        return no(_("You often saw it differently where it was plain. Until %(day)s we take nothing of that kind from you.",
                    day=day_words(stopped)))  # fmt: skip
    return unless(not standing, _("This was decided anew meanwhile, so there is nothing left to see differently."))


def stopped_until(marks: Collection[Mark], answered: int, today: date) -> date | None:
    """Return until when a member's flags (or appeals) are not taken, None when they are (Art. 23 DSA).

    Of ``marks`` those of the last 90 days count. It takes five, after a warning at three; two people who marked independently; and
    half or more of all that was answered in this time.
    """
    counted = [mark for mark in marks if mark.on > today - MISUSE]
    if len(counted) < STOPPED_AT or len({mark.by for mark in counted}) < 2 or 2 * len(counted) < answered:
        return None
    until = max(mark.on for mark in counted) + timedelta(days=STOPPED_DAYS)
    return until if until > today else None


def warns(marks: Collection[Mark], today: date) -> bool:
    """Say whether this is the moment to warn."""
    return sum(mark.on > today - MISUSE for mark in marks) == WARNED_AT


def always_heard(priority: Priority) -> bool:
    """Say whether a flag of this kind is taken from everybody at any time: danger, or somebody who can be recognised."""
    return priority in (Priority.DANGER, Priority.EXPOSED)


def may_flag(actor: Actor, author_id: UUID | None) -> Verdict:
    """Answer whether the actor may say "please look" at something: everybody, also without an account; not at their own."""
    own = author_id is not None and author_id == actor.member_id
    return unless(own, _("This is your own. You can change it or take it back yourself."))


def may_leave(case: Case, others: Collection[UUID]) -> Verdict:
    """Answer whether somebody may leave a case to others: while it waits, and only where another person is left to decide it."""
    if case.state != CaseState.OPEN:
        return no(_("This was decided already."))
    return unless(not others, _("Nobody else is left who may decide this. Put it back, and ask for somebody else first."))


def hides_at_once(flaggers: Collection[Flagger], today: date) -> Verdict:
    """Answer whether something is hidden before a person has looked: danger, or somebody who can be recognised.

    It takes one member with a role here, or three different ones who have been here for two weeks; visitors and new accounts do not
    count, so that a club of accounts made for it hides nothing.
    """
    settled = {one.member_id for one in flaggers if one.trusted or today - one.joined_on >= SETTLED}
    enough = any(one.trusted for one in flaggers) or len(settled) >= FLAGGERS_THAT_HIDE
    return unless(not enough, _("A person looks first."))


def may_answer_hold(waits: bool, said: bool) -> Verdict:
    """Answer whether whose it is may say how they see it before a person decides: once, while nobody has decided."""
    if not waits:
        return no(_("Somebody has decided meanwhile, or it is not there any more. The answer stands under My answers."))
    return unless(said, _("You have told us already how you see it. Whoever decides reads it."))


def may_undo(kind: CaseKind, age: timedelta, stands: bool) -> Verdict:
    """Answer whether whoever decided takes it back: about what somebody told us, for ten minutes, as long as it stands as it was.

    ``stands``: it is the last word, the case is closed, and nobody sees anything about it differently.
    """
    if kind not in UNDOABLE:
        return no(_("This cannot be taken back here. Whoever it is about can say that they see it differently."))
    if age > UNDO and kind not in REOPENS:
        return no(_("The ten minutes are over. Whoever it is about can say that they see it differently."))
    if age > UNDO:
        return no(_("The ten minutes are over. You can look at it again."))
    return unless(not stands, _("Something came in since. Look at it again."))


def may_erase_own(writer_id: UUID | None, actor: Actor) -> Verdict:
    """Answer whether the actor may erase words: those that they wrote, at any time, whatever came of them."""
    return unless(writer_id is None or writer_id != actor.member_id, _("This page is not here."))


def may_show_again(over: bool, newest: bool) -> Verdict:
    """Answer whether whose it is may show again what was hidden at once: when nobody decided in time, and nothing came since."""
    return unless(not (over and newest), _("This is hidden until a person has looked, or was decided meanwhile."))


def may_complain(_actor: Actor) -> Verdict:
    """Answer whether somebody may complain about a person: everybody, without an account, and however often they did before."""
    return YES


def may_forget(receipt_hash: str | None) -> Verdict:
    """Answer whether whoever holds the number may erase the words of their flag: always, as long as there is a number."""
    return unless(receipt_hash is None, _("We do not know this number. Check it and try again."))
