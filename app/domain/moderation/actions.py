"""What moderation does; the verbs stand in the files beside this one."""

from app.domain.moderation.deciding import decide, give_back, open_case, preview, propose_words, reopen, translate
from app.domain.moderation.flagging import flag, forget_words

__all__ = ["decide", "flag", "forget_words", "give_back", "open_case", "preview", "propose_words", "reopen", "translate"]
