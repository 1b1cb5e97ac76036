"""The words of questions from abroad; translated where they are shown."""

from app.core.i18n import N_

ASKED = N_("There is a question in one of your groups that waits for an answer.")
ASKED_TELLER = N_("Somebody abroad has a question about one of your stories.")
REACH = N_("Leave out numbers, links and names of messengers: everything is said here.")
PLACE = N_("Leave out the exact place, such as a street: a city or a country is enough.")
STOPPED = N_("These words cannot be sent: somebody would have to read them first. Leave out links, numbers and offers.")
UNKNOWN = N_("We do not know this number. Check it and try again.")
