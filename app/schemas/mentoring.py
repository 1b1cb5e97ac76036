"""Forms of mentoring: the steps of asking and of offering, the word of others, the desk."""

from datetime import date
from typing import Annotated, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, Field, StringConstraints

from app.core.i18n import _
from app.core.text import clean
from app.core.types import LanguageCode, Note
from app.schemas.matching import Accepts, AgeBand, Channel, Experience, Gender, GenderRule, Kind, Level, Need, Slot
from app.schemas.stories import Seen

MOST_MAIN = 2
Words = Annotated[str, AfterValidator(clean), StringConstraints(max_length=1_000)]
Reach = Annotated[str, AfterValidator(clean), StringConstraints(max_length=120)]
CountryCode = Annotated[str, StringConstraints(max_length=2, pattern=r"^[A-Z]{2}$")]


def _one_or_two(main: list[Need]) -> list[Need]:
    chosen = list(dict.fromkeys(main))
    if not 1 <= len(chosen) <= MOST_MAIN:
        raise ValueError(_("Choose one or two of these."))
    return chosen


def _some(slots: list[Slot]) -> list[Slot]:
    if not slots:
        raise ValueError(_("Choose at least one time."))
    return sorted(set(slots))


class TellNeeds(Seen):
    """Asking, step "needs": what for."""

    main: Annotated[list[Need], Field(max_length=10), AfterValidator(_one_or_two)] = Field(validate_default=True, default=[])
    more: Annotated[list[Need], Field(max_length=10)] = []


class TellSelf(Seen):
    """What both sides may say about themselves, for matching only; each can be skipped."""

    gender: Gender = "undisclosed"
    age: AgeBand | None = None


class TellWho(TellSelf):
    """Asking, step "who": whom to meet."""

    rule: GenderRule
    trained: bool = False


class TellPlace(Seen):
    """Both sides, step "place": where, in which languages, and where else one has lived."""

    place: Annotated[str, StringConstraints(max_length=36)]
    language1: LanguageCode | None = None
    level1: Level = 3
    language2: LanguageCode | None = None
    level2: Level = 3
    language3: LanguageCode | None = None
    level3: Level = 3
    language4: LanguageCode | None = None
    level4: Level = 3
    host: CountryCode | None = None


class TellWhen(Seen):
    """Both sides, step "when": times, and ways to talk, the best first."""

    slots: Annotated[list[Slot], Field(max_length=14), AfterValidator(_some)] = Field(validate_default=True, default=[])
    first: Channel
    also: Annotated[list[Channel], Field(max_length=3)] = []


class TellHelp(Seen):
    """Offering, step "help": what one went through and knows, 0 (nothing) to 3 (could teach it) by need."""

    kind: Kind | None = None
    housing: Experience = 0
    employment: Experience = 0
    business: Experience = 0
    documents: Experience = 0
    family: Experience = 0
    health: Experience = 0
    psychosocial: Experience = 0
    education: Experience = 0
    legal: Experience = 0
    finance: Experience = 0


class TellMeet(TellSelf):
    """Offering, step "meet": whom one feels able to meet, and how many at a time."""

    accepts: Accepts
    capacity: Annotated[int, Field(ge=1, le=5)] = 1


class TellWords(Seen):
    """Offering, step "words": why, ties that the desk should know of, and the rules for mentors."""

    why: Annotated[str, AfterValidator(clean), StringConstraints(min_length=1, max_length=1_000)]
    ties: Words = ""
    agreed: bool = False


class SendMentoring(Seen):
    """Both sides, the last step: send what was said."""


class DoMentoring(BaseModel):
    """Both sides, without a step: one button."""

    do: Literal["take_back", "still", "pause", "go_on", "link", "unlink"]


class SayWord(BaseModel):
    """A word about an applicant, without an account."""

    known: Literal["months", "year", "years"]
    trust: Literal["yes", "unsure", "no"]
    words: Note = ""
    reach: Reach = ""


class ConfirmWord(BaseModel):
    """The desk: that a word is from somebody who knows the applicant, or that this is not sure after all."""

    word: str = Field(pattern="^[0-9a-f]{12}$")
    do: Literal["confirm", "undo"]


class CareMentor(Seen):
    """The desk: who supervises a mentor, and until when they are one."""

    supervisor: UUID | None = None
    until: date | None = None


class DecideMentor(CareMentor):
    """The desk: what the panel decided, with the reasons that the applicant reads."""

    outcome: Literal["accept", "decline"]
    panel: int = Field(default=0, ge=0, le=9)
    both: bool = False
    untied: bool = False
    note: Note = ""


class NoteTraining(Seen):
    """The desk: a training that was held elsewhere; both empty takes it back."""

    held_until: date | None = None
    source: Note = ""


class CheckLesson(BaseModel):
    """The answers to the questions of a lesson: the number of each, the first is 1; 0 where none was chosen."""

    answer1: int = Field(default=0, ge=0, le=6)
    answer2: int = Field(default=0, ge=0, le=6)
    answer3: int = Field(default=0, ge=0, le=6)
    answer4: int = Field(default=0, ge=0, le=6)
    answer5: int = Field(default=0, ge=0, le=6)
    answer6: int = Field(default=0, ge=0, le=6)

    def answers(self) -> tuple[int, ...]:
        """Return them in the order of the questions."""
        return self.answer1, self.answer2, self.answer3, self.answer4, self.answer5, self.answer6


class CheckMe(BaseModel):
    """A mentor's own check: 0 (rarely) to 2 (often), in the order of the questions; all are answered."""

    answer1: int = Field(ge=0, le=2)
    answer2: int = Field(ge=0, le=2)
    answer3: int = Field(ge=0, le=2)
    answer4: int = Field(ge=0, le=2)
    answer5: int = Field(ge=0, le=2)

    def answers(self) -> tuple[int, ...]:
        """Return them in the order of the questions."""
        return self.answer1, self.answer2, self.answer3, self.answer4, self.answer5


class AskTalk(BaseModel):
    """A mentor: say to the supervisor that one would like to talk, or take it back."""

    do: Literal["ask", "take_back"]


class EndMentor(Seen):
    """The desk: ending it, with the reasons that the mentor reads."""

    reason: Note = ""


class SteerPair(Seen):
    """The desk: let a pair go on, or not."""

    do: Literal["release", "drop"]


class Introduce(Seen):
    """The desk: how two people who said yes meet first, in words to each."""

    to_mentee: Note = ""
    to_mentor: Note = ""


class AnswerPair(BaseModel):
    """One of the two: yes, no (or an end), a goodbye after what was to be done is done."""

    answer: Literal["yes", "no", "goodbye"]
