"""What the checks share: what is looked at, what is found, and where."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any, Final, Literal, NamedTuple

from app.core.i18n import N_, Sentence, _

SMALL: Final = "small"  # the group of the small words by which a language is known


Effect = Literal["block", "hold", "hint"]


class Level(StrEnum):
    """How much a finding weighs: a hint is shown to the writer; what is held waits for a person to read it."""

    HINT = "hint"
    HOLD = "hold"


class Check(StrEnum):
    """Which check has found something."""

    PERSONAL = "personal"
    RECRUITER = "recruiter"
    OFFER = "offer"
    SPAM = "spam"
    WORD = "word"
    NEWCOMER = "newcomer"
    DANGER = "danger"


KINDS: Final = {
    Check.PERSONAL: N_("About a person"), Check.RECRUITER: N_("Sign of a false offer"), Check.OFFER: N_("An offer"),
    Check.SPAM: N_("Sign of a scam or advertising"), Check.WORD: N_("Word of the network’s list"),
    Check.NEWCOMER: N_("Limit for newcomers"), Check.DANGER: N_("Somebody may be in danger"),
}  # fmt: skip
LEVELS: Final = {Level.HOLD: N_("A person reads this first"), Level.HINT: N_("Only a hint")}


class Subject(StrEnum):
    """What kind of thing a text is; ANY where nobody says, so that nothing is called out of place."""

    ANY = "any"
    STORY = "story"
    POST = "post"
    LISTING = "listing"
    MESSAGE = "message"
    QUESTION = "question"  # of somebody without an account


class Word(NamedTuple):
    """A word of a text as the rules read it: offsets in the plain text, its number of sentence, what was written.

    ``amount`` and ``currency`` (ISO 4217, "" for a bare number) belong to numbers; ``what`` is a class such as "<phone>" for
    what is no word, else "".
    """

    start: int
    end: int
    sentence: int
    raw: str
    what: str = ""
    amount: float = 0.0
    currency: str = ""


class Heading(NamedTuple):
    """What a phrase stands under: its group, and the language it is written in ("" for what has none)."""

    group: str
    language: str


class Cue(NamedTuple):
    """A phrase that counts for a group: word numbers ``first`` to ``last`` (included), and its language."""

    first: int
    last: int
    group: str
    language: str = ""


@dataclass(frozen=True, slots=True)
class Listed:
    """A word of the network's list: the written form, what happens (block, hold, hint), what to write instead ("" for nothing)."""

    word: str
    effect: Effect
    instead: str = ""


@dataclass(frozen=True, slots=True)
class Context:
    """What is known beside the text.

    ``language`` is the code of the text, ``countries`` are ISO 3166 codes whose phone numbers are known without "+", ``places``
    names smaller than a region; ``newcomer``: whose texts are still read first; ``first_message``: to somebody they have never
    written to; ``earlier``: what the same account has sent lately; ``listed``: the network's words.
    """

    subject: Subject = Subject.ANY
    language: str = "en"
    newcomer: bool = False
    first_message: bool = False
    countries: Sequence[str] = ()
    places: Sequence[str] = ()
    earlier: Sequence[str] = ()
    listed: Sequence[Listed] = field(default_factory=tuple)


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding: ``text`` is ``whole[start:end]``; ``why`` and ``advice`` are put into words where they are read."""

    check: Check
    rule: str
    level: Level
    start: int
    end: int
    text: str
    why: Sentence
    advice: Sentence
    suggestion: str = ""

    @property
    def kind_words(self) -> str:
        """What kind of thing it points at, in the language of the moment."""
        return _(KINDS[self.check])

    @property
    def level_words(self) -> str:
        """How much it weighs, in the language of the moment."""
        return _(LEVELS[self.level])

    def as_dict(self) -> dict[str, Any]:
        """Return it for machines, its sentences in the language of the moment."""
        return {
            "check": self.check.value, "rule": self.rule, "level": self.level.value, "start": self.start, "end": self.end,
            "text": self.text, "why": self.why.words(), "do": self.advice.words(),
        }  # fmt: skip


def level_of(findings: Sequence[Finding]) -> Level | None:
    """Return the weightiest level among findings; None when there are none."""
    return max((f.level for f in findings), key=lambda level: level is Level.HOLD, default=None)
