"""What a decision is about, in words: a post, what stands on a help board, a meeting, a group, an answer to somebody abroad."""

from typing import Final

from app.core.i18n import N_
from app.models.moderation import CaseKind, Outcome

_DECLINED: Final = {
    "post": N_("What you wrote in a group is not shown"),
    "group": N_("What your group says about itself is not shown"),
    "meeting": N_("What you wrote about a meeting is not shown"),
    "board": N_("What you wrote on a help board is not shown"),
}
_HIDDEN: Final = {
    "story": N_("Your story is hidden"), "post": N_("What you wrote in a group is hidden"),
    "group": N_("What your group says about itself is hidden"), "meeting": N_("What you wrote about a meeting is hidden"),
    "board": N_("What you wrote on a help board is hidden"), "asked": N_("What you answered somebody abroad is hidden"),
}  # fmt: skip
_FOR_A_TIME: Final = {
    "story": N_("Your story is hidden for a time"), "post": N_("What you wrote in a group is hidden for a time"),
    "group": N_("What your group says about itself is hidden for a time"),
    "meeting": N_("What you wrote about a meeting is hidden for a time"),
    "board": N_("What you wrote on a help board is hidden for a time"),
    "asked": N_("What you answered somebody abroad is hidden for a time"),
}  # fmt: skip
_REMOVED: Final = {
    "story": N_("Your story is taken out"), "post": N_("What you wrote in a group is taken out"),
    "board": N_("What you wrote on a help board is taken out"), "asked": N_("What you answered somebody abroad is taken out"),
}  # fmt: skip
AT_ONCE: Final = {
    "story": N_("Your story is hidden for now"), "post": N_("What you wrote in a group is hidden for now"),
    "board": N_("What you wrote on a help board is hidden for now"),
}  # fmt: skip
HEADLINES: Final = {
    (CaseKind.STORY, Outcome.DECLINE): N_("Your story is not shown here"),
    (CaseKind.TRANSLATION, Outcome.DECLINE): N_("This translation is not shown here"),
    (CaseKind.APPLICATION, Outcome.REFUSE): N_("You were not let in"),
    (CaseKind.ACCOUNT, Outcome.HOLD_POSTS): N_("What you write is read first, for a time"),
    (CaseKind.ACCOUNT, Outcome.NO_TOPICS): N_("You begin no topics or groups, for a time"),
    (CaseKind.ACCOUNT, Outcome.READ_ONLY): N_("You read here and do not write, for a time"),
    (CaseKind.ACCOUNT, Outcome.SUSPEND): N_("Your account is stopped for a time"),
    (CaseKind.ACCOUNT, Outcome.CLOSE): N_("Your account is closed"),
}
# In English, for the Transparency Database.
EXPORTED: Final = {
    "story": "A story", "translation": "A translation of a story", "post": "A post in a group",
    "group": "What a group says about itself", "meeting": "What is said of a meeting of a group",
    "board": "An entry of a help board", "asked": "An answer to somebody abroad",
}  # fmt: skip


def headline(kind: CaseKind, subject_kind: str, outcome: Outcome, ends: bool) -> str:
    """Return the headline of a decision that takes something, untranslated; ``ends``: by itself."""
    if (kind, outcome) in HEADLINES:
        return HEADLINES[kind, outcome]
    if outcome == Outcome.DECLINE:
        return _DECLINED[subject_kind]
    if outcome == Outcome.REMOVE:
        return _REMOVED[subject_kind]
    return (_FOR_A_TIME if ends else _HIDDEN)[subject_kind]
