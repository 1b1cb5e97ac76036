"""The words of going together; put into the reader's language where they are read."""

from typing import Final

from app.core.i18n import N_
from app.domain.two import wording
from app.models.mentorships import Dimension, GoalState

NEW, SHOWN, TOO_LATE, STATES = wording.NEW, wording.SHOWN, wording.TOO_LATE, wording.STATES
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
OFFERS: Final = N_("It reads like money, a loan, work or a journey. Mentor and mentee offer each other none of these.")


def why_held(checks: str) -> tuple[str, ...]:
    """Return why a message waits, each reason once, in the language of the moment; ``checks`` are names between commas."""
    return wording.why_held(checks, OFFERS)
