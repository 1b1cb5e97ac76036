"""Shapes of the forms of a help board."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean, one_line
from app.core.types import LanguageCode
from app.models.board import BoardSide
from app.schemas.groups import Key, Seen

Said = Annotated[str, AfterValidator(clean), Seen, StringConstraints(min_length=1, max_length=600)]
Version = Annotated[int, Field(ge=0, le=10**9)]


class WriteEntry(BaseModel):
    """What somebody needs or can give, and for how many days it stands."""

    side: BoardSide
    kind: Key
    title: Annotated[str, AfterValidator(one_line), Seen, StringConstraints(min_length=1, max_length=80)]
    about: Annotated[str, AfterValidator(clean), StringConstraints(max_length=1_000)] = ""
    near: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=60)] = ""
    language: LanguageCode
    days: Literal["7", "14", "30"] = "14"


class TakeEntry(BaseModel):
    """What whoever takes it says first."""

    words: Said
    row_version: Version = 0


class SayAtEntry(BaseModel):
    """What one of the two says to the other; ``row_version`` is the state that was on the screen."""

    words: Said
    row_version: Version = 0


class MoveEntry(BaseModel):
    """No to whoever took it, giving it back, done, taking it out; ``row_version`` as above."""

    do: Literal["no", "back", "done", "out"]
    row_version: Version = 0


class SayHelped(BaseModel):
    """Whether it helped."""

    answer: Literal["yes", "partly", "no"]
