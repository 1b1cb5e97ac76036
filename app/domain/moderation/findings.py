"""What the checks found, in words."""

from collections.abc import Callable, Mapping
from typing import Final

from app.core.i18n import _, ngettext

_COUNTS: Final[dict[str, Callable[[int], str]]] = {
    "name": lambda n: ngettext("%(num)s possible name", "%(num)s possible names", n),
    "place": lambda n: ngettext("%(num)s possible place", "%(num)s possible places", n),
    "phone": lambda n: ngettext("%(num)s phone number", "%(num)s phone numbers", n),
    "email": lambda n: ngettext("%(num)s e-mail address", "%(num)s e-mail addresses", n),
    "link": lambda n: ngettext("%(num)s link", "%(num)s links", n),
    "date": lambda n: ngettext("%(num)s exact date", "%(num)s exact dates", n),
    "id_number": lambda n: ngettext("%(num)s document number", "%(num)s document numbers", n),
    "handle": lambda n: ngettext("%(num)s messenger name", "%(num)s messenger names", n),
    "recruiter": lambda n: ngettext("%(num)s sign of a false offer", "%(num)s signs of a false offer", n),
    "offer": lambda n: ngettext("%(num)s offer", "%(num)s offers", n),
    "spam": lambda n: ngettext("%(num)s sign of a scam", "%(num)s signs of a scam", n),
    "decision": lambda _n: _("a decision says that somebody reads it first"),
    "voice": lambda _n: _("a voice that nobody has heard yet"),
    "picture": lambda _n: _("a picture that nobody has seen yet"),
    "word": lambda n: ngettext("%(num)s word of the list", "%(num)s words of the list", n),
}


def findings_text(counts: Mapping[str, int]) -> str:
    """Return what was found as counts, such as "2 possible names, 1 link"; "" when it found nothing."""
    return ", ".join(_COUNTS[kind](n) for kind, n in counts.items() if kind in _COUNTS and n)
