"""The words of going together; put into the reader's language where they are read."""

from typing import Final

from app.core.i18n import N_, _
from app.models.mentorships import Dimension, GoalState, MessageState

NEW: Final = N_("There is something new for you to read.")
SHOWN: Final = N_("Somebody has read the message that waited. It is sent now.")
TOO_LATE: Final = N_("Somebody has read the message that waited. The two of you have parted meanwhile, so it was not sent.")
STATES: Final = {
    MessageState.SHOWN: N_("Sent"), MessageState.HELD: N_("Waits: somebody reads it first"), MessageState.REFUSED: N_("Not sent"),
    MessageState.HIDDEN: N_("Hidden for now"), MessageState.DELETED: N_("Taken back"),
}  # fmt: skip
DIMENSIONS: Final = {
    Dimension.ECONOMIC: (N_("Getting by"), N_("Work, income, a place to live, papers.")),
    Dimension.SOCIAL: (N_("Being among people"), N_("Family, friends, neighbours, a group, a place to go.")),
    Dimension.PSYCHOSOCIAL: (N_("Feeling better"), N_("Sleep, calm, hope, somebody to talk to.")),
}  # fmt: skip
GOAL_STATES: Final = {
    GoalState.OPEN: N_("On the way"), GoalState.REACHED: N_("Reached"), GoalState.SET_ASIDE: N_("Set aside"),
    GoalState.NONE: N_("No goal here"),
}  # fmt: skip
MOODS: Final = {
    "": N_("I do not say"), "lighter": N_("It did me good"), "same": N_("It was all right"), "heavier": N_("It was heavy"),
}  # fmt: skip
GOING: Final = {"well": N_("It goes well"), "partly": N_("Partly"), "not": N_("It does not go well")}
REVIEWS: Final = {1: N_("After one month"), 3: N_("After three months"), 6: N_("After six months")}
_OFFERS: Final = N_("It reads like money, a loan, work or a journey. Mentor and mentee offer each other none of these.")
_HELD_FOR: Final = {
    "offer": _OFFERS, "recruiter": _OFFERS, "spam": N_("It reads like a trick or like asking for money."),
    "word": N_("A word stands in it that somebody looks at first."),
    "decision": N_("For a time somebody reads first what you write. The reason stands under My answers."),
    "id_number": N_("It looks like the number of a document. Show papers in person, do not write their numbers."),
}  # fmt: skip
_OTHER: Final = N_("Something in it is looked at first.")


def why_held(checks: str) -> tuple[str, ...]:
    """Return why a message waits, each reason once, in the language of the moment; ``checks`` are names between commas."""
    return tuple(dict.fromkeys(_(_HELD_FOR.get(name, _OTHER)) for name in checks.split(",") if name))
