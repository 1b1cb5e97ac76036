"""The words of the desk and of flags; labels are translated where they are shown."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import sqlalchemy as sa

from app.core.i18n import N_, _, moment_words, ngettext
from app.domain.moderation.rules import RANKS
from app.models.accounts import Limit
from app.models.moderation import CaseKind, Decision, Outcome, Priority


@dataclass(frozen=True, slots=True)
class Reason:
    """What can be wrong: a word on a button, its picture, its clock, and whether the teller may be in danger."""

    key: str
    label: str
    shape: str
    priority: Priority = Priority.RULE
    careful: bool = False


STORY_REASONS: Final = (
    Reason("recognised", N_("Someone can be recognised"), "eye", Priority.EXPOSED, careful=True),
    Reason("hurts", N_("It hurts or threatens someone"), "shield", Priority.DANGER, careful=True),
    Reason("untrue", N_("It is not true"), "book"),
    Reason("spam", N_("It is advertising or a trick"), "coins", Priority.SPAM),
    Reason("other", N_("Something else"), "flag"),
)
SERVICE_REASONS: Final = (
    Reason("closed", N_("It is closed for good"), "lock"),
    Reason("moved", N_("It has moved, or the number is wrong"), "pin"),
    Reason("unfriendly", N_("They were unfriendly or unfair"), "chat", careful=True),
    Reason("money", N_("They ask for money"), "coins", careful=True),
    Reason("other", N_("Something else"), "flag"),
)
POST_REASONS: Final = (
    Reason("recognised", N_("Someone can be recognised"), "eye", Priority.EXPOSED, careful=True),
    Reason("hurts", N_("It hurts or threatens someone"), "shield", Priority.DANGER, careful=True),
    Reason("spam", N_("It is advertising or a trick"), "coins", Priority.SPAM),
    Reason("rude", N_("It breaks the rules of the group"), "chat"),
    Reason("other", N_("Something else"), "flag"),
)
MESSAGE_REASONS: Final = (
    Reason("hurts", N_("It hurts or threatens someone"), "shield", Priority.DANGER, careful=True),
    Reason("exploits", N_("It offers or wants money, work, a journey or something else"), "coins", Priority.DANGER, careful=True),
    Reason("too_close", N_("It comes too close to me"), "eye", Priority.EXPOSED, careful=True),
    Reason("spam", N_("It is advertising or a trick"), "coins", Priority.SPAM),
    Reason("other", N_("Something else"), "flag"),
)
PERSON_REASONS: Final = (
    Reason("harm", N_("They hurt, threaten or touch somebody"), "shield", Priority.DANGER, careful=True),
    Reason("exploits", N_("They want money, work or other things for help"), "coins", Priority.DANGER, careful=True),
    Reason("tells", N_("They tell others what is private"), "eye", Priority.EXPOSED, careful=True),
    Reason("unfair", N_("They decide unfairly, or for their friends"), "people"),
    Reason("other", N_("Something else"), "flag"),
)
CALL_REASONS: Final = (
    Reason("named", N_("It names a person"), "eye", Priority.EXPOSED),
    Reason("wrong", N_("Something in it is not true"), "pencil"),
    Reason("unfair", N_("It is unfair, or its ties are not said"), "people"),
    Reason("trick", N_("It is a trick"), "coins", Priority.DANGER, careful=True),
    Reason("other", N_("Something else"), "flag"),
)
REASONS: Final[Mapping[str, tuple[Reason, ...]]] = {
    "story": STORY_REASONS, "service": SERVICE_REASONS, "call": CALL_REASONS, "post": POST_REASONS, "group": POST_REASONS,
    "meeting": POST_REASONS, "board": POST_REASONS, "asked": POST_REASONS,
    "message": MESSAGE_REASONS, "private": MESSAGE_REASONS, "ask": MESSAGE_REASONS,
    "goal": MESSAGE_REASONS, "step": MESSAGE_REASONS, "person": PERSON_REASONS,
}  # fmt: skip
FLAGGED: Final = {
    CaseKind.FLAG: "story",
    CaseKind.CORRECTION: "service",
    CaseKind.CALL: "call",
    CaseKind.TALK: "post",
    CaseKind.MESSAGE_FLAG: "message",
    CaseKind.COMPLAINT: "person",
}  # kind of the flagged thing

KINDS: Final = {
    CaseKind.STORY: N_("Story waits for a second look"),
    CaseKind.TRANSLATION: N_("Translation waits for a second look"),
    CaseKind.FLAG: N_("Flag"),
    CaseKind.CORRECTION: N_("Something is wrong with a listing"),
    CaseKind.CALL: N_("Something is wrong with a call for money"),
    CaseKind.APPLICATION: N_("Somebody asks to join"),
    CaseKind.POST: N_("Words in a group wait"),
    CaseKind.TALK: N_("Flag on words in a group"),
    CaseKind.MESSAGE: N_("A message between two people waits"),
    CaseKind.MESSAGE_FLAG: N_("Flag on something written between two people"),
    CaseKind.APPEAL: N_("Somebody sees a decision differently"),
    CaseKind.COMPLAINT: N_("About a person"),
    CaseKind.ACCOUNT: N_("About an account"),
}
FILTERS: Final = {
    CaseKind.STORY: N_("Stories"), CaseKind.TRANSLATION: N_("Translations"), CaseKind.FLAG: N_("Flags"),
    CaseKind.CORRECTION: N_("Listings"), CaseKind.CALL: N_("Calls for money"), CaseKind.APPLICATION: N_("Requests to join"),
    CaseKind.POST: N_("Posts that wait"), CaseKind.TALK: N_("Flags on posts"), CaseKind.APPEAL: N_("Seen differently"),
    CaseKind.MESSAGE: N_("Messages that wait"), CaseKind.MESSAGE_FLAG: N_("Flags between two people"),
    CaseKind.COMPLAINT: N_("About people"), CaseKind.ACCOUNT: N_("Accounts"),
}  # fmt: skip
SHOWS: Final = {"mine": N_("Open with me"), "urgent": N_("Danger, or somebody exposed"), "late": N_("Overdue")}
SHAPES: Final = {
    CaseKind.STORY: ("book", "c3"), CaseKind.TRANSLATION: ("language", "c3"), CaseKind.FLAG: ("shield", "c2"),
    CaseKind.CORRECTION: ("pin", ""), CaseKind.CALL: ("coins", ""),
    CaseKind.APPLICATION: ("door", "c4"), CaseKind.POST: ("chat", "c3"),
    CaseKind.TALK: ("shield", "c2"), CaseKind.APPEAL: ("undo", "c2"),
    CaseKind.MESSAGE: ("chat", "c3"), CaseKind.MESSAGE_FLAG: ("shield", "c2"),
    CaseKind.COMPLAINT: ("person", "c2"), CaseKind.ACCOUNT: ("person", "c4"),
}  # fmt: skip
_HIDE: Final = (N_("Hide it for now"), N_("For a time, or until it is decided differently. Choose the rule and write the reason."))
_REMOVE: Final = (
    N_("Take it out for good"),
    N_("It is hidden now, and deleted when the time to see it differently is over. Choose the rule and write the reason."),
)
# What the person at the desk can choose: words on the choice, and a line on what follows.
CHOICES: Final = {
    (CaseKind.STORY, Outcome.PUBLISH): (N_("Yes, it can be shown"), N_("It appears when the time to think is over.")),
    (CaseKind.STORY, Outcome.ASK_CHANGE): (N_("Ask for a change"), N_("Write what should change. The words are kept.")),
    (CaseKind.STORY, Outcome.DECLINE): (N_("It cannot be shown here"), N_("Choose the rule and write the reason.")),
    (CaseKind.TRANSLATION, Outcome.PUBLISH): (N_("Yes, it can be shown"), N_("It is shown with the story.")),
    (CaseKind.TRANSLATION, Outcome.ASK_CHANGE): (N_("Ask for a change"), N_("Write what should change. The words are kept.")),
    (CaseKind.TRANSLATION, Outcome.DECLINE): (N_("It cannot be shown here"), N_("Choose the rule and write the reason.")),
    (CaseKind.FLAG, Outcome.KEEP): (N_("It stays, or is shown again"), N_("It breaks no rule.")),
    (CaseKind.FLAG, Outcome.ASK_CHANGE): (N_("Ask for a change"), N_("It stays shown meanwhile.")),
    (CaseKind.FLAG, Outcome.HIDE): _HIDE,
    (CaseKind.FLAG, Outcome.REMOVE): _REMOVE,
    (CaseKind.CORRECTION, Outcome.FIXED): (N_("I put it right"), N_("Change the listing first, then choose this.")),
    (CaseKind.CORRECTION, Outcome.DEFUNCT): (N_("It is no longer there"), N_("The service is taken out of Help.")),
    (CaseKind.CORRECTION, Outcome.KEEP): (N_("It is right as it stands"), N_("Somebody has checked it.")),
    (CaseKind.CALL, Outcome.FIXED): (N_("I put it right"), N_("Change the call, or take the words out, then choose this.")),
    (CaseKind.CALL, Outcome.KEEP): (N_("It is right as it stands"), N_("Nothing in it changes.")),
    (CaseKind.APPLICATION, Outcome.ACCEPT): (N_("Let them in"), N_("They can take part at once.")),
    (CaseKind.APPLICATION, Outcome.REFUSE): (N_("Do not let them in"), N_("Write the reason. They will read it.")),
    (CaseKind.POST, Outcome.PUBLISH): (N_("Yes, it can be shown"), N_("The group reads it at once.")),
    (CaseKind.POST, Outcome.DECLINE): (N_("It cannot be shown here"), N_("Choose the rule and write the reason.")),
    (CaseKind.TALK, Outcome.KEEP): (N_("It stays, or is shown again"), N_("It breaks no rule.")),
    (CaseKind.TALK, Outcome.HIDE): _HIDE,
    (CaseKind.TALK, Outcome.REMOVE): _REMOVE,
    (CaseKind.MESSAGE, Outcome.PUBLISH): (
        N_("Yes, it can be sent"),
        N_("The other one reads it at once, if the two still write to each other."),
    ),
    (CaseKind.MESSAGE, Outcome.DECLINE): (N_("It cannot be sent"), N_("Choose the rule and write the reason.")),
    (CaseKind.MESSAGE_FLAG, Outcome.KEEP): (N_("It stays, or is shown again"), N_("It breaks no rule.")),
    (CaseKind.MESSAGE_FLAG, Outcome.HIDE): (
        N_("Hide it for now"),
        N_("Whoever wrote it will guess who told us. Choose the rule and write the reason."),
    ),
    (CaseKind.MESSAGE_FLAG, Outcome.REMOVE): _REMOVE,
    (CaseKind.COMPLAINT, Outcome.ACTED): (N_("Something was done"), N_("Write what. Only safeguarding reads it.")),
    (CaseKind.COMPLAINT, Outcome.KEEP): (N_("There is nothing to do"), N_("Somebody has looked into it.")),
    (CaseKind.ACCOUNT, Outcome.KEEP): (
        N_("Nothing has to happen"),
        N_("Nobody is told, except where a decision was taken back a moment ago."),
    ),
    (CaseKind.ACCOUNT, Outcome.NOTE): (N_("Write to them"), N_("A few words, without any consequence.")),
    (CaseKind.ACCOUNT, Outcome.HOLD_POSTS): (
        N_("Their posts are read first"),
        N_("What they write in groups and in mentoring waits for a person; to one person of a group they cannot write."),
    ),
    (CaseKind.ACCOUNT, Outcome.NO_TOPICS): (N_("No new topics or groups"), N_("They answer others as before.")),
    (CaseKind.ACCOUNT, Outcome.READ_ONLY): (
        N_("They read, and do not write"),
        N_("They can still take back and delete what is theirs. A role that they hold goes on."),
    ),
    (CaseKind.ACCOUNT, Outcome.SUSPEND): (
        N_("Stop the account"),
        N_("They see what visitors see, their answers and their own data. More than 30 days within half a year take two people."),
    ),
    (CaseKind.ACCOUNT, Outcome.CLOSE): (
        N_("Close the account"),
        N_("It takes two people. The account is deleted when the time to see it differently is over."),
    ),
    (CaseKind.ACCOUNT, Outcome.LIFT): (
        N_("End what limits the account"),
        N_("All of it ends at once, and they are told. What took two people takes two again."),
    ),
    (CaseKind.APPEAL, Outcome.OVERTURN): (N_("They are right"), N_("It is put back as it was, or decided anew.")),
    (CaseKind.APPEAL, Outcome.UPHOLD): (N_("The decision stays"), N_("Write why. They will read it.")),
}
TAKEN_OUT: Final = N_("The person who told this story has taken it out. It is not shown any more.")
TIME_OVER: Final = N_("The time of this story was over before somebody decided. It is not shown any more.")
TAKEN_OUT_BY_YOU: Final = N_("What the decision was about is not there any more, so there is nothing left to look at.")
FILED: Final = N_("We have your message. A coordinator looks at it by %(day)s.")
FILED_FOR_SAFEGUARDING: Final = N_("We have your message. Somebody of safeguarding looks at it by %(day)s.")
DECIDED: Final = {
    Outcome.PUBLISH: N_("Shown"), Outcome.ASK_CHANGE: N_("A change was asked for"), Outcome.DECLINE: N_("Not shown"),
    Outcome.KEEP: N_("Stays as it is"), Outcome.HIDE: N_("Hidden for now"), Outcome.REMOVE: N_("Taken out"),
    Outcome.FIXED: N_("Put right"),
    Outcome.DEFUNCT: N_("No longer there"), Outcome.ACCEPT: N_("Let in"), Outcome.REFUSE: N_("Not let in"),
    Outcome.ACTED: N_("Something was done"),
    Outcome.UPHOLD: N_("The decision stayed"), Outcome.OVERTURN: N_("The decision was taken back"),
    Outcome.NOTE: N_("A few words"), Outcome.HOLD_POSTS: N_("Posts are read first"),
    Outcome.NO_TOPICS: N_("No new topics or groups"),
    Outcome.READ_ONLY: N_("Reading only"), Outcome.SUSPEND: N_("Account stopped"), Outcome.CLOSE: N_("Account closed"),
    Outcome.LIFT: N_("Limits ended"),
}  # fmt: skip
_OF_MESSAGES: Final = {Outcome.PUBLISH: N_("Let through"), Outcome.DECLINE: N_("Not sent")}  # it may come too late to be sent
LIMITED: Final = {
    Limit.HELD: DECIDED[Outcome.HOLD_POSTS], Limit.NO_TOPICS: DECIDED[Outcome.NO_TOPICS],
    Limit.READ_ONLY: DECIDED[Outcome.READ_ONLY], Limit.STOPPED: DECIDED[Outcome.SUSPEND], Limit.CLOSED: DECIDED[Outcome.CLOSE],
}  # fmt: skip


def decided(kind: CaseKind, outcome: Outcome) -> str:
    """Return what was decided about a case of a kind, in the language of the moment."""
    return _((_OF_MESSAGES if kind == CaseKind.MESSAGE else DECIDED).get(outcome, DECIDED[outcome]))


def decided_until(kind: CaseKind, decision: Decision) -> str:
    """Return what was decided, and of what is hidden for a time until when, in the language of the moment."""
    words, ends = decided(kind, decision.outcome), decision.until_at
    return f"{words} · {moment_words(ends)}" if ends and decision.outcome == Outcome.HIDE else words


def length_text(days: int) -> str:
    """Return a length such as "7 days"."""
    return ngettext("%(num)s day", "%(num)s days", days)


ROLES: Final = {
    "": N_("member"), "guest": N_("visitor"), "system": N_("the program"), "organiser": N_("organiser"), "mentor": N_("mentor"),
    "coordinator": N_("coordinator"), "safeguarding": N_("safeguarding"), "analyst": N_("analyst"), "operator": N_("operator"),
}  # fmt: skip


def reason(subject_kind: str, key: str) -> Reason | None:
    """Return a reason of this kind of thing, or None."""
    return next((r for r in REASONS.get(subject_kind, ()) if r.key == key), None)


def role_text(roles: str) -> str:
    """Return the roles of an audit event in words; the trail cuts a long list at its end."""
    found = [ROLES.get(part) or next((w for r, w in ROLES.items() if r and r.startswith(part)), part) for part in roles.split(",")]
    return ", ".join(_(words) for words in found)


def due_text(hours: float) -> str:
    """Return when something is due in words; ``hours`` from now, negative when it is late."""
    whole = int(abs(hours))
    if hours < 0:
        if whole < 24:
            return _("overdue")
        return ngettext("overdue since %(num)s day", "overdue since %(num)s days", whole // 24)
    if whole < 1:
        return _("due within the hour")
    if whole < 24:
        return ngettext("due in %(num)s hour", "due in %(num)s hours", whole)
    return ngettext("due in %(num)s day", "due in %(num)s days", whole // 24)


def title_of(kind: CaseKind, flagged_as: str | None) -> str:
    """Return the heading of a case: what waits, with what somebody said is wrong."""
    found = reason(FLAGGED.get(kind, ""), flagged_as or "")
    if found is None:
        return _(KINDS[kind])
    if kind == CaseKind.COMPLAINT:
        return _("About a person: %(what)s", what=_(found.label))
    if kind == CaseKind.MESSAGE_FLAG:
        return _("Between two people: %(what)s", what=_(found.label))
    if kind == CaseKind.CALL:
        return _("In a call for money: %(what)s", what=_(found.label))
    if kind == CaseKind.TALK:
        return _("In a group: %(what)s", what=_(found.label))
    return _("Flag: %(what)s", what=_(found.label)) if kind == CaseKind.FLAG else _("Listing: %(what)s", what=_(found.label))


def urgency(reason_key: Any) -> Any:
    """Return the SQL by which flags are ordered, the most urgent first; ``reason_key`` is the column of their reasons."""
    ranks = {one.key: RANKS.index(one.priority) for reasons in REASONS.values() for one in reasons}
    return sa.case(ranks, value=reason_key, else_=RANKS.index(Priority.RULE))
