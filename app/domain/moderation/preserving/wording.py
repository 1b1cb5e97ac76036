"""Evidence in words."""

from typing import Final

from app.core.i18n import N_, ngettext

WAITS: Final = N_("Somebody asks that a sealed copy be kept, which takes two people. Please look at Work.")
CONFIRMED: Final = N_("A second person said yes to what you asked of a sealed copy.")
REFUSED: Final = N_("A second person said no to what you asked of a sealed copy. If it was new, it is deleted.")
LAPSED: Final = N_("Nobody confirmed the sealed copy that you asked for within a week, so it is deleted.")
KINDS: Final = {
    "story": N_("A story"), "translation": N_("A translation of a story"), "post": N_("A post in a group"),
    "group": N_("What a group says about itself"), "meeting": N_("What is said of a meeting"),
    "board": N_("An entry of a help board"), "asked": N_("Words of a question from abroad"),
    "message": N_("A message between two people"), "private": N_("A message between two people"),
    "ask": N_("How somebody asked to talk"), "goal": N_("A goal in mentoring"), "step": N_("What comes next in mentoring"),
}  # fmt: skip


def length_text(days: int) -> str:
    """Return a length such as "90 days"."""
    return ngettext("%(num)s day", "%(num)s days", days)
