"""Words for what is chosen in the steps, for both sides, and the answers of a side told back."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from app.core.i18n import N_, _, country_name, current, language_name
from app.domain.mentoring.joining import rules
from app.domain.mentoring.joining.packets import Said
from app.domain.mentoring.people import NEEDS
from app.models.mentoring import MentorState

NEED_WORDS: Final[Mapping[str, str]] = {
    "housing": N_("A place to live"), "employment": N_("Finding work"), "business": N_("Starting a business"),
    "documents": N_("Papers"), "family": N_("Family matters"), "health": N_("Help with health"),
    "psychosocial": N_("Somebody who listens when things are hard"), "education": N_("Schools and training"),
    "legal": N_("Rights and the law"), "finance": N_("Getting along with money"),
}  # fmt: skip
RULE_WORDS: Final = {
    "any": N_("No matter"), "woman_preferred": N_("Better a woman"), "woman_required": N_("Only a woman"),
    "man_preferred": N_("Better a man"), "man_required": N_("Only a man"),
}  # fmt: skip
GENDER_WORDS: Final = {
    "undisclosed": N_("I do not say"), "woman": N_("Woman"), "man": N_("Man"), "another": N_("Another term"),
}  # fmt: skip
AGE_WORDS: Final = {"18-24": N_("18 to 24"), "25-34": N_("25 to 34"), "35-49": N_("35 to 49"), "50+": N_("50 or older")}
LEVEL_WORDS: Final = {3: N_("I speak it well"), 2: N_("I can talk in it"), 1: N_("A few words")}
CHANNEL_WORDS: Final = {
    "chat": N_("Writing, here in the network"), "phone": N_("Talking on the phone"), "in_person": N_("Meeting somewhere near"),
}  # fmt: skip
DAY_WORDS: Final = (
    N_("Monday"), N_("Tuesday"), N_("Wednesday"), N_("Thursday"), N_("Friday"), N_("Saturday"), N_("Sunday"),
)  # fmt: skip
HALVES: Final = (N_("%(weekday)s, by day"), N_("%(weekday)s, in the evening"))
KNOWS_WORDS: Final = {
    0: N_("Nothing I can help with"), 1: N_("I know a little"), 2: N_("I have been through it"), 3: N_("I could teach it"),
}  # fmt: skip
KIND_WORDS: Final = {
    "returned": N_("I have lived abroad and came back"), "local_ally": N_("I have always been here, and know the place"),
    "professional": N_("It is my profession"),
}  # fmt: skip
ACCEPT_WORDS: Final = {"any": N_("Anybody"), "women_only": N_("Only women"), "men_only": N_("Only men")}
KNOWN_WORDS: Final = {
    "months": N_("For some months"), "year": N_("For about a year"), "years": N_("For years"),
}  # fmt: skip
TRUST_WORDS: Final = {
    "yes": N_("Yes"), "unsure": N_("I am not sure"), "no": N_("No"),
}  # fmt: skip
STATE_WORDS: Final = {
    MentorState.BEGUN: N_("Begun, not sent"), MentorState.APPLIED: N_("Waits for the panel"), MentorState.ACTIVE: N_("Mentor"),
    MentorState.PAUSED: N_("Takes a pause"), MentorState.DECLINED: N_("Answered with no, or ended"),
}  # fmt: skip
HEADINGS: Final = {
    "needs": N_("What is it about?"), "who": N_("Whom would you like to meet?"), "place": N_("Where, and in which languages?"),
    "when": N_("When and how?"), "help": N_("What can you help with?"), "meet": N_("Whom do you feel able to meet?"),
    "words": N_("In your words"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """The answers of one step in words, for the page that shows them before they are sent."""

    step: str
    heading: str
    lines: list[str]


def _word(words: Mapping[Any, str], key: Any) -> str:
    return _(words[key])


def slot_words(slot: int) -> str:
    """Return the words for one of the 14 times of a week."""
    return _(HALVES[slot % 2], weekday=_(DAY_WORDS[slot // 2]))


def told_back(side: str, said: Said, place_name: Callable[[str], str]) -> list[Told]:
    """Return what was said, step by step, as far as it was."""
    return [Told(step, _(HEADINGS[step]), _LINES[step](said[step], place_name)) for step in rules.asked_steps(side) if step in said]


def told_to_desk(said: Said, place_name: Callable[[str], str]) -> list[Told]:
    """Return what the desk reads of an offer; whom to meet, gender, age and a country lived in are for matching only."""
    shown: Said = {step: {**said[step], "host": None} for step in ("help", "place", "when") if step in said}
    return told_back(rules.OFFER, shown, place_name)


def _needs(said: dict[str, Any], _place: Callable[[str], str]) -> list[str]:
    more = [_(NEED_WORDS[need]) for need in said["more"]]
    return [*(_(NEED_WORDS[need]) for need in said["main"]), *([_("Also: %(what)s", what=" · ".join(more))] if more else [])]


def _self(said: dict[str, Any]) -> list[str]:
    found = [_("Yourself: %(what)s", what=_word(GENDER_WORDS, said["gender"]))] if said["gender"] != "undisclosed" else []
    return found + ([_("Your age: %(band)s", band=_word(AGE_WORDS, said["age"]))] if said["age"] else [])


def _who(said: dict[str, Any], _place: Callable[[str], str]) -> list[str]:
    trained = [_("Somebody trained in listening to hard experiences")] if said["trained"] else []
    return [_word(RULE_WORDS, said["rule"]), *trained, *_self(said)]


def languages_told(said: dict[str, Any]) -> str:
    """Return the languages of the step "place", the best spoken first."""
    spoken = sorted(said["languages"], key=lambda code: (-said["languages"][code], code))
    return " · ".join(language_name(code, current()) for code in spoken)


def _where(said: dict[str, Any], place_name: Callable[[str], str]) -> list[str]:
    host = [_("Lived in: %(where)s", where=country_name(said["host"]))] if said["host"] else []
    return [place_name(said["place"]), languages_told(said), *host]


def _when(said: dict[str, Any], _place: Callable[[str], str]) -> list[str]:
    ways = " · ".join(_(CHANNEL_WORDS[channel]) for channel in (said["first"], *said["also"]))
    return [" · ".join(slot_words(slot) for slot in said["slots"]), ways]


def _help(said: dict[str, Any], _place: Callable[[str], str]) -> list[str]:
    kind = [_word(KIND_WORDS, said["kind"])] if said["kind"] else []
    return kind + [f"{_word(NEED_WORDS, need)}: {_word(KNOWS_WORDS, said[need])}" for need in NEEDS if said[need]]


def _meet(said: dict[str, Any], _place: Callable[[str], str]) -> list[str]:
    return [_word(ACCEPT_WORDS, said["accepts"]), _("At most at a time: %(count)s", count=said["capacity"]), *_self(said)]


_LINES: Final[Mapping[str, Callable[[dict[str, Any], Callable[[str], str]], list[str]]]] = {
    "needs": _needs, "who": _who, "place": _where, "when": _when, "help": _help, "meet": _meet, "words": lambda _said, _place: [],
}  # fmt: skip
