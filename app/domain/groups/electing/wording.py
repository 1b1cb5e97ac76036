"""The words of elections."""

from typing import Final

from app.core.i18n import N_
from app.models.groups import Outcome

OUTCOMES: Final = {
    Outcome.CHOSEN: N_("Somebody was chosen."),
    Outcome.NOBODY: N_("Nobody stood in the end, so nobody was chosen."),
    Outcome.FEW: N_("Too few voted, so nobody was chosen."),
    Outcome.NONE: N_("“None of them” had at least as many votes as anybody, so nobody was chosen."),
    Outcome.TIED: N_("Two or more had equally many votes, so nobody was chosen."),
    Outcome.STOPPED: N_("It was called off before the vote."),
    Outcome.LOST: N_("It was over when this network went back to an older copy of its data. Who was chosen is lost with it."),
    Outcome.AWAY: N_("The group was hidden or closed when the votes were to be counted. Nobody was chosen."),
}  # fmt: skip
DAYS: Final = {"3": N_("3 days"), "7": N_("7 days"), "14": N_("14 days"), "30": N_("30 days")}
