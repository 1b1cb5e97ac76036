"""The words of the help board; translated where they are shown."""

from typing import Final

from app.core.i18n import N_
from app.models.board import BoardSide

KINDS: Final = {  # words, icon
    "room": (N_("A room, a place to sleep"), "bed"), "lift": (N_("A lift, a way there"), "way"),
    "tool": (N_("A tool, a thing"), "cloth"), "advice": (N_("Advice, an explanation"), "chat"),
    "company": (N_("Somebody who comes along"), "people"), "other": (N_("Something else"), "heart"),
}  # fmt: skip
CAREFUL: Final = frozenset({"room", "lift", "company"})  # two meet where nobody else is
UNKNOWN: Final = CAREFUL | {"other"}  # may be that as well: of somebody new nobody knows yet
SIDES: Final = {
    BoardSide.ASK: (N_("I need something"), N_("Needed")), BoardSide.OFFER: (N_("I can give something"), N_("Offered")),
}  # fmt: skip
DAYS: Final = {"7": N_("A week"), "14": N_("Two weeks"), "30": N_("A month")}
HELPED: Final = {"yes": N_("Yes, it helped"), "partly": N_("A little"), "no": N_("No, it did not")}
MOVED = N_("Something has moved on the help board of one of your groups.")
NOT_THIS = N_("What you took on a help board is with you no longer. Nothing is asked of you.")
ENDED = N_("Something that you wrote on a help board is over by its date. Its words are deleted.")
# What one is told because of an entry: forgotten with it.
BECAUSE: Final = (MOVED,)
