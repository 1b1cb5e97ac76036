"""The words of money in the open; translated where they are shown."""

from typing import Final

from app.core.i18n import N_
from app.domain.money.rules import CallState

STATES: Final = {  # words, kind of badge, icon
    CallState.COMING: (N_("Opens soon"), "", "calendar"), CallState.OPEN: (N_("One can ask now"), "fresh", "door"),
    CallState.OVER: (N_("Over"), "old", "clock"), CallState.CANCELLED: (N_("Cancelled"), "never", "leave"),
}  # fmt: skip
# What a call says, in the order of its page; the same words stand over the fields of the form and over what was changed.
PARTS: Final = {
    "title": N_("What it is called"), "by_whom": N_("Who pays"), "about": N_("What the money is for"), "sum": N_("How much"),
    "who": N_("Who may ask"), "criteria": N_("By what it is decided"), "opens_at": N_("Opens"), "closes_at": N_("Closes"),
    "decided_by": N_("Who decides"), "ties": N_("Their ties to groups here"), "languages": N_("One may ask in"),
    "how": N_("How one asks"), "paper_rule": N_("The rule that asks for papers"), "source": N_("Where it stands in full"),
    "language": N_("Language of these words"), "cancelled_why": N_("Why it does not take place"),
    "decide_on": N_("By when it is decided"), "decided_words": N_("How it was decided"),
}  # fmt: skip
CHANGED: Final = {"currency": "sum", "least": "sum", "most": "sum", "zone": "closes_at"}  # column -> the part it belongs to
NEW_CALL: Final = N_("There is a new call for money. Every group reads it since the same minute.")
CALL_CHANGED: Final = N_("A call for money that is open was changed. What stood there before can be read below it.")
CALL_OFF: Final = N_("A call for money was cancelled. The reason stands in the register.")
