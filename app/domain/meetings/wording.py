"""The words of meetings; translated where they are shown."""

from typing import Final

from app.core.i18n import N_
from app.models.meetings import PlaceFor

ACCESS: Final = {
    "step_free": N_("No steps on the way in"), "toilet": N_("A toilet for wheelchairs"), "bus": N_("A bus stops nearby"),
    "quiet": N_("A quiet room to rest"), "sign": N_("Somebody signs"), "seats": N_("Chairs with a back"),
}  # fmt: skip
PLACES_FOR: Final = {
    PlaceFor.COMING: (N_("Only those who say that they come"), N_("The safest for most.")),
    PlaceFor.EVERYBODY: (N_("Everybody who sees the meeting"), ""),
}  # fmt: skip
RHYTHMS: Final = {
    "once": (N_("Once"), ""), "weekly": (N_("Every week"), ""), "fortnightly": (N_("Every two weeks"), ""),
    "monthly": (N_("Every month"), N_("On the same day of the month; where a month is shorter, on its last day.")),
}  # fmt: skip
SCOPES: Final = {
    "one": (N_("Only this one"), ""),
    "following": (N_("This one and all that follow"), N_("Those that were changed by themselves stay as they are.")),
}  # fmt: skip
CANCELS: Final = {
    "one": SCOPES["one"], "following": (N_("This one and all that follow"), N_("Also those that were changed by themselves.")),
}  # fmt: skip
FOLDS: Final = {"0": (N_("The first time"), ""), "1": (N_("The second time, after the clocks were put back"), "")}
CHANGED = N_("A meeting that you said you would come to was changed.")
CANCELLED = N_("A meeting that you said you would come to is cancelled.")
NOT_READ = N_("What is said of a meeting that you said you would come to cannot be read for now.")
READ_AGAIN = N_("What is said of a meeting that you said you would come to can be read again.")
REMINDER = N_("Something that you said you would come to begins within a day.")
# What somebody is told because they come: forgotten when they do not, and with that they came.
BECAUSE: Final = (CHANGED, CANCELLED, NOT_READ, READ_AGAIN, REMINDER)
