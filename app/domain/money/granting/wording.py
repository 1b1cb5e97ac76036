"""The words of applications, panels and decisions; translated where they are shown."""

from typing import Final

from app.core.i18n import N_

QUESTIONS: Final = (  # with a hint
    (N_("What do you want to do, and for whom?"), N_("Where, from when to when.")),
    (
        N_("Why is it needed?"),
        N_("Who said so: whom did you ask? If there is something like it here already, say what is different."),
    ),
    (N_("Who does it, and who decides about it in your group?"), N_("How many, which roles, how many of them women. No names.")),
    (N_("What does it cost?"), N_("Line by line, and what you bring yourselves: time, a room, tools.")),
    (N_("How will you know that it helped?"), N_("And how you will show what the money was used for.")),
    (N_("What could go wrong, and for whom?"), N_("What you do so that nobody is put in danger or shut out.")),
)
FIELDS: Final = {  # of the form of an application, as its labels say
    "name": N_("Under which name the panel reads it"), "language": N_("Language of these words"),
    **{f"q{number}": words for number, (words, _hint) in enumerate(QUESTIONS, 1)},
    "wants": N_("How much do you ask for?"), "host": N_("An organisation that receives the money for you"),
    "papers": N_("How you meet the rule about papers"),
}  # fmt: skip
DECLARED: Final = {"woman": N_("A woman"), "man": N_("A man"), "other": N_("Another answer, or I would rather not say")}
STATES: Final = {  # of an application: words, kind of badge, icon
    "draft": (N_("A draft: only your group sees it"), "", "pencil"),
    "shared": (N_("A draft: your group sees it, and the one that asks with you"), "", "pencil"),
    "sent": (N_("Sent"), "fresh", "check"),
    "withdrawn": (N_("Withdrawn"), "old", "undo"), "granted": (N_("Granted"), "fresh", "coins"),
    "refused": (N_("Not granted"), "old", "leave"),
}  # fmt: skip
SEATS: Final = {
    "asked": N_("asked, no answer yet"), "sits": N_("said yes"), "declined": N_("said no"), "ended": N_("does not sit any more"),
}  # fmt: skip
NOBODY_LEFT: Final = N_("Something waits here that nobody of those who could look at it may look at. Please look after it.")
SOMEBODY_IS_NEEDED: Final = N_("In a call for money something waits that no coordinator may do. Another coordinator is needed.")
WORDS_CHANGED: Final = N_("An application that your group is part of was changed. Read it, and say yes again before the deadline.")
JOINED: Final = N_("Another group said that it asks for money together with you.")
LEFT: Final = N_("A group that asked for money together with you does not any more.")
ASKED_TO_SIT: Final = N_("You are asked to sit on a panel that decides about money for groups.")
SEAT_ENDED: Final = N_("You do not sit any more on a panel that decides about money for groups.")
SEAT_EMPTY: Final = N_("Somebody does not sit any more on a panel that decides about money. Somebody else is needed there.")
SEAT_RESTS: Final = N_(
    "Somebody on a panel that decides about money takes no part at the moment. Give their place to somebody else, or wait."
)
ASKING_CHANGED: Final = N_("A call was changed in which your group asks for money. Look whether your words still fit.")
DECIDED: Final = N_("It is decided about an application of your group. The reason stands there.")
APPEALED: Final = N_("A group sees a decision about money differently. Somebody who did not sit on the panel decides about it.")
ANSWERED: Final = N_("Somebody looked again at a decision about an application of your group. The answer stands there.")
