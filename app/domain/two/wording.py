"""The words of messages of two; put into the reader's language where they are read."""

from typing import Final

from app.core.i18n import N_, _
from app.models.mentorships import MessageState

NEW: Final = N_("There is something new for you to read.")
SHOWN: Final = N_("Somebody has read the message that waited. It is sent now.")
TOO_LATE: Final = N_("Somebody has read the message that waited. The two of you have parted meanwhile, so it was not sent.")
STATES: Final = {
    MessageState.SHOWN: N_("Sent"), MessageState.HELD: N_("Waits: somebody reads it first"), MessageState.REFUSED: N_("Not sent"),
    MessageState.HIDDEN: N_("Hidden for now"), MessageState.DELETED: N_("Taken back"),
}  # fmt: skip
_OFFERS: Final = N_("It reads like money, a loan, work or a journey. Nobody offers these here to one person alone.")
_HELD_FOR: Final = {
    "spam": N_("It reads like a trick or like asking for money."),
    "word": N_("A word stands in it that somebody looks at first."),
    "decision": N_("For a time somebody reads first what you write. The reason stands under My answers."),
    "id_number": N_("It looks like the number of a document. Show papers in person, do not write their numbers."),
}  # fmt: skip
_OTHER: Final = N_("Something in it is looked at first.")


def why_held(checks: str, offers: str = _OFFERS) -> tuple[str, ...]:
    """Return why a message waits, each reason once, in the language of the moment; ``checks`` are names between commas.

    ``offers`` is what is said of offers of money, work and journeys.
    """
    said = {**_HELD_FOR, "offer": offers, "recruiter": offers}
    return tuple(dict.fromkeys(_(said.get(name, _OTHER)) for name in checks.split(",") if name))
