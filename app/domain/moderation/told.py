"""What those who told us are told of a decision; whoever it is about reads a statement of reasons."""

from typing import Final

from app.core.i18n import N_
from app.models.moderation import CaseKind, Outcome

# The same whatever was decided: whoever complained may be whom others complained about.
LOOKED_INTO: Final = N_("Somebody of safeguarding has looked into what you told us about a person. So that nobody is put in "
                        "danger, we tell nobody what came of it. Thank you.")  # fmt: skip
# What those who told us are told.
OUTCOMES_TOLD: Final = {
    (CaseKind.FLAG, Outcome.KEEP): N_("We looked at the story that you told us about. It breaks no rule, so it stays."),
    (CaseKind.FLAG, Outcome.ASK_CHANGE): N_("We looked at the story that you told us about, and asked for a change. Thank you."),
    (CaseKind.FLAG, Outcome.HIDE): N_("We looked at the story that you told us about, and hid it for now. Thank you."),
    (CaseKind.FLAG, Outcome.REMOVE): N_("We looked at the story that you told us about, and took it out. Thank you."),
    (CaseKind.TALK, Outcome.KEEP): N_("We looked at what you told us about in a group. It breaks no rule, so it stays."),
    (CaseKind.TALK, Outcome.HIDE): N_("We looked at what you told us about in a group, and hid it for now. Thank you."),
    (CaseKind.TALK, Outcome.REMOVE): N_("We looked at what you told us about in a group, and took it out. Thank you."),
    (CaseKind.MESSAGE_FLAG, Outcome.KEEP): N_("We looked at what somebody wrote to you and you told us about. It breaks no rule."),
    (CaseKind.MESSAGE_FLAG, Outcome.HIDE): N_(
        "We looked at what somebody wrote to you and you told us about, and hid it. Thank you."
    ),
    (CaseKind.MESSAGE_FLAG, Outcome.REMOVE): N_(
        "We looked at what somebody wrote to you and you told us about, and took it out. Thank you."
    ),
    (CaseKind.COMPLAINT, Outcome.ACTED): LOOKED_INTO,
    (CaseKind.COMPLAINT, Outcome.KEEP): LOOKED_INTO,
    (CaseKind.CALL, Outcome.FIXED): N_("We put the call for money right that you told us about. Thank you."),
    (CaseKind.CALL, Outcome.KEEP): N_("We looked at the call for money that you told us about. It stays as it is."),
    (CaseKind.CORRECTION, Outcome.FIXED): N_("We put the listing right that you told us about. Thank you."),
    (CaseKind.CORRECTION, Outcome.DEFUNCT): N_("You were right: this service is no longer there. We took it out. Thank you."),
    (CaseKind.CORRECTION, Outcome.KEEP): N_("We checked the listing that you told us about. It is right as it stands."),
}
# Where it comes back by itself, they are told so at once.
HIDDEN_A_WHILE: Final = {
    CaseKind.FLAG: N_("We looked at the story that you told us about, and hid it for a time. Thank you."),
    CaseKind.TALK: N_("We looked at what you told us about in a group, and hid it for a time. Thank you."),
    CaseKind.MESSAGE_FLAG: N_("We looked at what somebody wrote to you and you told us about, and hid it for a time. Thank you."),
}
_STORY_AGAIN: Final = N_("Somebody else looked again at the story that you told us about. It is shown again. If you still find "
                         "something wrong, tell us again.")  # fmt: skip
_TALK_AGAIN: Final = N_("Somebody else looked again at what you told us about in a group. It is shown again. If you still find "
                        "something wrong, tell us again.")  # fmt: skip
# What they are told when somebody saw that differently and was right.
SHOWN_AGAIN: Final = {
    (CaseKind.FLAG, Outcome.HIDE): _STORY_AGAIN, (CaseKind.FLAG, Outcome.REMOVE): _STORY_AGAIN,
    (CaseKind.TALK, Outcome.HIDE): _TALK_AGAIN, (CaseKind.TALK, Outcome.REMOVE): _TALK_AGAIN,
}  # fmt: skip


def told(kind: CaseKind, outcome: Outcome, days: int | None) -> str | None:
    """Return what those who told us are told of a decision, untranslated; None where nobody is told. ``days``: for how long."""
    if outcome == Outcome.HIDE and days is not None:
        return HIDDEN_A_WHILE[kind]
    return OUTCOMES_TOLD.get((kind, outcome))
