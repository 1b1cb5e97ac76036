"""Legal orders in words."""

from typing import Final

from app.core.i18n import N_
from app.models.orders import Notice, OrderOutcome

OUTCOMES: Final = {
    OrderOutcome.GIVEN: N_("All that there is of it is handed over"),
    OrderOutcome.PART: N_("Less than was asked: what the law covers"),
    OrderOutcome.NOTHING: N_("There is nothing of it here"),
    OrderOutcome.REFUSED: N_("The law does not cover it"),
}
NOTICES: Final = {
    Notice.TOLD: N_("They are told at once"),
    Notice.LATER: N_("The law forbids it until a day; then they are told by themselves"),
    Notice.NOBODY: N_("It is about nobody with an account here"),
}
TOLD: Final = {
    OrderOutcome.GIVEN: N_("An office asked us by law for what we hold about you, and got what stands below and nothing else."),
    OrderOutcome.PART: N_("An office asked us by law for what we hold about you, and got what stands below and nothing else."),
    OrderOutcome.NOTHING: N_("An office asked us by law for something about you. We hold nothing of it, so it got nothing."),
    OrderOutcome.REFUSED: N_("An office asked us for something about you. The law does not cover it, so it got nothing."),
}
WAITS: Final = N_("A legal order waits for a second person. Please look at Work.")
