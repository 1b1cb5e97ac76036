"""Shapes of the forms of the desk, of flags and of receipt numbers."""

from typing import Annotated, Literal
from urllib.parse import urlencode

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.ids import REF
from app.core.text import clean
from app.core.types import Line, Note
from app.models.moderation import MOST_AT_ONCE, CaseKind, Outcome


class SendFlag(BaseModel):
    """What is wrong, in one word and, if one likes, in one's own."""

    reason: Annotated[str, StringConstraints(max_length=20)]
    note: Note = ""
    name: Line = ""


class Complain(SendFlag):
    """A complaint about a person: by their name, or about the other one of a mentorship of one's own."""

    who: Line = ""
    pair: Annotated[str, StringConstraints(pattern=rf"^(|{REF.pattern})$")] = ""


class FindFlagged(BaseModel):
    """The address of what somebody wants to tell us about."""

    address: Line


class AskNumber(BaseModel):
    """A receipt number as somebody types it."""

    number: Line


class Differ(BaseModel):
    """What somebody sees differently about a decision."""

    words: Annotated[Note, StringConstraints(min_length=1)]


class DifferByNumber(Differ):
    """The same, by receipt number."""

    number: Line


class Decide(BaseModel):
    """A decision; ``step`` says whether to show what will be said, to send it, or to change it again."""

    outcome: Outcome
    rule: int | None = Field(default=None, ge=1, le=99)
    words: Note = ""
    row_version: int = Field(ge=1, le=10**9)
    groundless: bool = False
    days: int | None = Field(default=None, ge=1, le=180)
    step: Literal["look", "send", "edit"] = "look"


Sentence = Annotated[str, AfterValidator(clean), StringConstraints(max_length=500)]
Ref = Annotated[str, StringConstraints(pattern=f"^{REF.pattern}$")]


class FindAccount(BaseModel):
    """Whose account somebody wants to look at, by the name that others see."""

    name: Annotated[Line, StringConstraints(min_length=1)]


class Wanted(BaseModel):
    """Which cases of the queue somebody wants to see, and which page of them."""

    kind: CaseKind | None = None
    show: Literal["", "mine", "urgent", "late"] = ""
    all: bool = False  # also what they leave to others, and while they are on a break
    page: int = Field(default=1, ge=1, le=10_000)

    def address(self, **changed: object) -> str:
        """Return the address of the queue with these changed; page 1 unless it is one of them."""
        asked = {"kind": self.kind.value if self.kind else "", "show": self.show, "all": "1" if self.all else "", **changed}
        return "/desk" + ("?" if any(asked.values()) else "") + urlencode({key: one for key, one in asked.items() if one})


class HandOn(BaseModel):
    """A case that is put back: a note for whoever opens it next, and who is asked to look."""

    note: Sentence = ""
    to: Line = ""


class Leave(BaseModel):
    """A case that is left to others, with a sentence for them."""

    said: Sentence = ""


class Arrange(BaseModel):
    """After how many heavy cases a break is offered (none: as the network says), and what is left to others."""

    most: int | None = Field(default=None, ge=1, le=50)
    topics: list[Annotated[str, StringConstraints(max_length=20)]] = Field(default_factory=list, max_length=20)


class AskBuddy(BaseModel):
    """Somebody who works here too, by the name that others see."""

    name: Annotated[Line, StringConstraints(min_length=1)]


class AnswerBuddy(AskBuddy):
    """Yes or no to somebody who asked."""

    do: Literal["yes", "no"]


class Undo(BaseModel):
    """Decisions of a moment ago that somebody takes back."""

    refs: Annotated[list[Ref], Field(min_length=1, max_length=MOST_AT_ONCE)]


class HideSpam(BaseModel):
    """Cases about advertising that are hidden in one go: address part, row version and a hash of the words of each."""

    marked: list[Annotated[str, StringConstraints(pattern=rf"^{REF.pattern}[.][1-9][0-9]{{0,8}}[.][0-9a-f]{{16}}$")]] = Field(
        default_factory=list, max_length=MOST_AT_ONCE
    )
    rule: int | None = Field(default=None, ge=1, le=99)
    words: Note = ""


class Press(BaseModel):
    """A form that is only a button."""
