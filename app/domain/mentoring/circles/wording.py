"""The words of circles; put into the reader's language where they are read."""

from typing import Final

from app.core.i18n import N_
from app.models.circles import CircleState

STATES: Final = {
    CircleState.FORMING: N_("The mentors are asked"), CircleState.OPEN: N_("You can ask to come in"),
    CircleState.RUNNING: N_("It has begun"), CircleState.GOODBYE: N_("It says goodbye"), CircleState.ENDED: N_("It is over"),
}  # fmt: skip
LEAD: Final = N_("A coordinator asks whether you would lead a circle. Look at it.")
NO_CIRCLE: Final = N_("A circle that you asked for, or were asked to lead, does not come about. Thank you for being there.")
NOT_THIS_TIME: Final = N_("You asked to come into a circle. Not this time; others may follow.")
TAKEN_IN: Final = N_("You are in a circle that is planned to begin on %(day)s. Until it begins, nobody else in it reads your name.")
BEGUN: Final = N_("Your circle begins. Say hello where you talk with each other.")
OVER: Final = N_("Your circle comes to its end. You can say goodbye until %(day)s; then nobody reads it any more.")
ONE_STOPS: Final = N_("One of the two who lead your circle has stopped. The other one goes on.")
FEW: Final = N_("In a circle few people are left, or nobody leads it. Which one stands under Work, Circles.")
