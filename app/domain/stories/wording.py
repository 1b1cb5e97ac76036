"""The words of stories: themes, seasons, states, what one agrees to. Labels are translated where they are shown."""

from datetime import date
from typing import Final

from app.core import i18n, languages
from app.core.i18n import N_, _
from app.domain.stories.rules import Standing
from app.models.stories import Purpose, Season, SecondLook, StoryStatus

THEMES: Final = {
    "coming_back": N_("Coming back"), "family": N_("Family"), "home": N_("A place to live"), "work": N_("Work"),
    "business": N_("Own business"), "money": N_("Money and debts"), "papers": N_("Papers"), "health": N_("Health"),
    "feelings": N_("Feelings"), "women": N_("Women"), "learning": N_("Learning"), "community": N_("Neighbours and groups"),
    "moving_again": N_("Moving again"),
}  # fmt: skip
SEASONS: Final = {
    Season.SPRING: N_("Spring %(year)s"), Season.SUMMER: N_("Summer %(year)s"), Season.AUTUMN: N_("Autumn %(year)s"),
    Season.WINTER: N_("Winter %(year)s"), Season.RAINS: N_("Rainy season %(year)s"), Season.DRY: N_("Dry season %(year)s"),
}  # fmt: skip
SEASON_NAMES: Final = {
    Season.SPRING: N_("Spring"), Season.SUMMER: N_("Summer"), Season.AUTUMN: N_("Autumn"), Season.WINTER: N_("Winter"),
    Season.RAINS: N_("Rainy season"), Season.DRY: N_("Dry season"),
}  # fmt: skip
STATES: Final = {
    StoryStatus.DRAFT: N_("Draft"), StoryStatus.SUBMITTED: N_("Sent, someone looks at it first"),
    StoryStatus.IN_REVIEW: N_("Someone is looking at it"), StoryStatus.CHANGE_ASKED: N_("A change is asked for"),
    StoryStatus.APPROVED: N_("Looked at, will be shown soon"), StoryStatus.PUBLISHED: N_("Shown"),
    StoryStatus.PAUSED: N_("Hidden for now"), StoryStatus.DECLINED: N_("Not shown, see the reason"),
    StoryStatus.TAKEN_BACK: N_("Taken back"), StoryStatus.EXPIRED: N_("Its time is over"),
}  # fmt: skip
# Changing a sentence below means changing the version: the ledger names it, with the hash of what was on the screen.
CONSENT_VERSION: Final = "2026-11"
CONSENTS: Final = {
    Purpose.MEMBERS: N_("Members of this network may read and hear my story."),
    Purpose.PUBLIC: N_("Everyone may read and hear my story here, also people without an account."),
    Purpose.RADIO: N_("It may be read or played on the radio."),
    Purpose.PRINT: N_("It may be printed, for example in a booklet."),
    Purpose.PARTNERS: N_("Organisations that work with this network may show it."),
    Purpose.RESEARCH: N_("People who do research may read and quote it."),
}
# Languages that a story can be told in, besides those of the screens.
LANGUAGES: Final = languages.OFFERED
PARTS: Final = (
    ("hard", N_("What was hard")), ("helped", N_("What helped")), ("differently", N_("What I would do differently")),
    ("next", N_("What comes next")),
)  # fmt: skip
STANDINGS: Final = {
    Standing.MISSING: N_("Missing"), Standing.IN_PROGRESS: N_("In progress"), Standing.UP_TO_DATE: N_("Up to date"),
    Standing.OUTDATED: N_("Older than the original"), Standing.MACHINE_MADE: N_("Made by a machine"),
}  # fmt: skip
# What readers learn about a language before they choose it; nothing where it is up to date.
NOTES: Final = {Standing.OUTDATED: N_("older than the original"), Standing.MACHINE_MADE: N_("made by a machine")}
LOOKS: Final = {
    SecondLook.WAITS: N_("Somebody looks at it first."), SecondLook.FINE: N_("Somebody looked at it."),
    SecondLook.CHANGE_ASKED: N_("A change is asked for."), SecondLook.DECLINED: N_("It cannot be shown here."),
}  # fmt: skip


def theme_labels(themes: list[str]) -> list[str]:
    """Return the words for known themes, in the language of the moment."""
    return [_(THEMES[t]) for t in themes if t in THEMES]


def time_text(year: int | None, season: str | None) -> str:
    """Return "Spring 2026", "2026" or "": as fine as time gets in a story."""
    if year is None:
        return ""
    return _(SEASONS[Season(season)], year=year) if season else str(year)


def day_text(day: date) -> str:
    """Return a day with its month as a word, in the language of the moment."""
    return i18n.day_words(day)
