"""Shapes of the forms in which a story is told."""

from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.text import clean, one_line
from app.core.types import Body, LanguageCode, Note
from app.models.stories import Audience, NameForm, Purpose, Season

Heading = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=120)]
Part = Annotated[str, AfterValidator(clean), StringConstraints(max_length=8_000)]
Mark = Annotated[str, StringConstraints(max_length=64)]  # a hash of words
Sentence = Annotated[str, AfterValidator(one_line), StringConstraints(max_length=200)]


class Seen(BaseModel):
    """What every step carries: the state of the story that was on the screen."""

    row_version: int = Field(default=0, ge=0, le=10**9)


class Words(BaseModel):
    """The text of a story or of a translation; each part may stay empty."""

    title: Heading = ""
    body: Body = ""
    hard: Part = ""
    helped: Part = ""
    differently: Part = ""
    next: Part = ""


class WriteStory(Words, Seen):
    """Step "write"; ``minor`` says that the translations still fit."""

    language: LanguageCode
    minor: bool = False


class LookStory(Seen):
    """Step "look": what is heavy in it, and what to do with a finding."""

    content_note: Sentence = ""
    heavy: bool = False


class ChangeFinding(Seen):
    """One finding of the look-over: take the suggestion or leave it."""

    field: Literal["title", "body", "hard", "helped", "differently", "next", "summary", "content_note"]
    start: int = Field(ge=0, le=30_000)
    end: int = Field(ge=0, le=30_000)
    act: Literal["use", "leave"]
    mark: Mark = ""  # hash of the found words: the text may have moved


class WhoStory(Seen):
    """Step "who": who may see it, under which name, where and when, what it is about."""

    audience: Audience
    name_form: NameForm
    area: UUID | None = None
    year: int | None = Field(default=None, ge=1950, le=2100)
    season: Season | None = None
    themes: list[Annotated[str, StringConstraints(max_length=30)]] = Field(default_factory=list, max_length=20)


class AgreeStory(Seen):
    """Step "agree": one answer per purpose, how long, and whether somebody helps."""

    purposes: list[Purpose] = Field(default_factory=list, max_length=10)
    lasts: Literal["half", "year", "open"]
    helper: Literal["alone", "helped"]


class SendVoice(BaseModel):
    """A voice, with what is said in it in writing."""

    summary: Note


class SendPicture(BaseModel):
    """A picture, with words for those who cannot see it, and the question about faces."""

    alt: Annotated[str, AfterValidator(one_line), StringConstraints(max_length=300)] = ""
    faces: Literal["none", "agreed", "unsure"]


class Translated(Words):
    """The text of a translation: also the line before heavy words, and what a voice says."""

    content_note: Sentence = ""
    summary: Note = ""


class Translate(Translated):
    """A translation by a person, with what was on the screen: the original's version, the mark of the words that stand there."""

    language: LanguageCode
    source_version: int = Field(default=0, ge=0, le=10**9)
    seen: Mark = ""
    named: bool = False
    machine: bool = False


class AnswerWords(BaseModel):
    """The teller's yes or no to words by somebody else: the mark of exactly those that they read."""

    seen: Mark = ""
    minor: bool = False


class Nothing(BaseModel):
    """A form that is only a button."""
