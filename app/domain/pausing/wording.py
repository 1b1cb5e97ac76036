"""What can be paused, in words."""

from typing import Final

from app.core.i18n import N_
from app.models.pausing import Pause

TITLES: Final = {
    Pause.JOINING: N_("Joining"),
    Pause.WRITING: N_("New posts and stories"),
    Pause.HIDING: N_("Hiding at once"),
    Pause.PUBLIC: N_("The pages that everybody sees"),
}
MEANS: Final = {
    Pause.JOINING: N_("Nobody new comes in by themselves, here or into a group. Members stay as they are. "
                      "What the desk decides goes on."),
    Pause.WRITING: N_("Nobody sends anything new: posts, stories, translations, groups. "
                      "What somebody was just writing is not lost. Taking back and deleting go on, what the desk decides, and "
                      "what mentor and mentee write to each other."),
    Pause.HIDING: N_("Flags hide nothing before a person has looked, for instance while many accounts flag together. "
                     "People can still tell us everything, with the same times to answer."),
    Pause.PUBLIC: N_("Visitors, programs and search engines find no story, group, service or number. Members go on reading. "
                     "Leave, help in danger, telling us something and coming in with a key stay open."),
}  # fmt: skip
STARTED: Final = {
    Pause.JOINING: N_("Joining was paused for a time. The reason stands where you can end it."),
    Pause.WRITING: N_("New posts and stories were paused for a time. The reason stands where you can end it."),
    Pause.HIDING: N_("Hiding at once was paused for a time. The reason stands where you can end it."),
    Pause.PUBLIC: N_("The pages that everybody sees were paused for a time. The reason stands where you can end it."),
}
ENDED: Final = {
    Pause.JOINING: N_("People can join again: somebody ended the pause."),
    Pause.WRITING: N_("New posts and stories are shown again: somebody ended the pause."),
    Pause.HIDING: N_("Flags hide at once again: somebody ended the pause."),
    Pause.PUBLIC: N_("Everybody sees the public pages again: somebody ended the pause."),
}
ASKED: Final = N_("Somebody wants to end a pause. It takes another person: please look, and end it too if you agree.")
OUTSIDE: Final = N_("Something was paused here for a time, or goes on again. Please look, or ask somebody to.")
LENGTHS: Final = {6: N_("6 hours"), 24: N_("A day"), 72: N_("3 days"), 168: N_("A week"), 720: N_("30 days")}
