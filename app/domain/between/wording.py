"""The words of talks between two; put into the reader's language where they are read."""

from typing import Final

from app.core.i18n import N_

ASKS: Final = N_("Somebody in one of your groups would like to write to you.")
SAID_YES: Final = N_("Somebody whom you asked said yes: you can write to each other now.")
PLACE: Final = N_("Leave out the exact place, such as a street: a city or a country is enough.")
