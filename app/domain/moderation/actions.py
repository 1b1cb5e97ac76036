"""What moderation does; the verbs stand in the files beside this one."""

from app.domain.moderation.deciding import (
    decide,
    decide_application,
    open_case,
    propose,
    propose_words,
    reopen,
    settle,
    translate,
)
from app.domain.moderation.flagging import complain, flag, forget_words
from app.domain.moderation.handing import declare_conflict, give_back
from app.domain.moderation.previewing import preview

__all__ = [
    "complain",
    "decide",
    "decide_application",
    "declare_conflict",
    "flag",
    "forget_words",
    "give_back",
    "open_case",
    "preview",
    "propose",
    "propose_words",
    "reopen",
    "settle",
    "translate",
]
