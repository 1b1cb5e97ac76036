"""Forms of talks between two people of a group."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, StringConstraints

from app.core.text import clean
from app.core.types import LanguageCode
from app.schemas.groups import Seen

MOST_ASKED = 200  # letters of the sentence with which one asks


class AskToTalk(BaseModel):
    """One short sentence: why one would like to talk."""

    words: Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=MOST_ASKED)]
    language: LanguageCode


class AnswerAsk(BaseModel):
    """What the asked one says."""

    answer: Literal["yes", "later", "no", "block"]


class BlockMember(BaseModel):
    """Somebody wants nothing more from the other one; with ``forget`` their own messages go too."""

    forget: bool = False
