"""Shapes of the forms of questions from abroad."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, StringConstraints

from app.core.ids import REF
from app.core.text import clean
from app.core.types import Line
from app.schemas.groups import Seen

Said = Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=1_500)]


class AskAbroad(BaseModel):
    """A question; ``to``: the address part of a group, that of a story after "story-", or nothing for the network."""

    to: Annotated[str, StringConstraints(pattern=rf"^(|(story-)?{REF.pattern})$")] = ""
    words: Said


class AskMore(BaseModel):
    """A further question, by receipt number."""

    number: Line
    words: Said


class AnswerAbroad(BaseModel):
    """An answer."""

    words: Said


class TakeWord(BaseModel):
    """The answer of one's own that is taken back."""

    word: Annotated[str, StringConstraints(pattern=rf"^{REF.pattern}$")]


class SetDoor(BaseModel):
    """Whether a group, or a teller, wishes to be asked."""

    do: Literal["open", "close"]
