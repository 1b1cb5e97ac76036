"""The network's own list of words: words.yaml in the data folder, else the one we ship; and where its words stand in a text."""

import logging
from collections.abc import Iterator, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, get_args

import yaml

from app.core.errors import Invalid
from app.core.i18n import N_, Sentence
from app.domain.moderation.checks.patterns import BadPhrase, Phrases
from app.domain.moderation.checks.shapes import Check, Effect, Finding, Heading, Level, Listed, Word
from app.domain.stories.lookover_parts import Plain

log = logging.getLogger("hearth.checks")
SHIPPED: Final = Path(__file__).parent / "words.yaml"
OWN: Final = "words.yaml"
_WHY: Final = {
    "block": N_("This word is not used in this network."),
    "hold": N_("This word is on the network's list. A person reads the text before others do."),
    "hint": N_("This word hurts people, or says too much about them."),
}
_ADVICE: Final = {
    "block": N_("Please write it with other words before you send it."),
    "hold": N_("You can wait for a person, or write it with other words."),
    "hint": N_("Think about other words."),
}
_WRITE: Final = N_("You could write: %(words)s")


def word_list(folder: Path) -> tuple[Listed, ...]:
    """Return the words of the network's own list in its data ``folder``; ours where there is none, or none that can be read."""
    own = folder / OWN
    wrong = fault(own) if own.exists() else None
    if wrong:
        log.error("%s is not used: %s", OWN, wrong.words("en"))
    return read(own) if own.exists() and not wrong else read(SHIPPED)


def fault(path: Path) -> Sentence | None:
    """Return what is wrong with a list of words; None when it can be used."""
    try:
        read(path)
    except Invalid as error:
        return Sentence(N_("it cannot be read: %(why)s"), {"why": error.sentence})
    return None


def read(path: Path) -> tuple[Listed, ...]:
    """Return the words of a list: language -> effect -> words, or words with what to write instead; Invalid says what is wrong."""
    try:
        changed = path.stat().st_mtime_ns
    except OSError as error:
        raise Invalid("words", f"{path.name}: {error.strerror}") from error
    return _read(path, changed)


@lru_cache(maxsize=8)
def _read(path: Path, _changed: int) -> tuple[Listed, ...]:
    try:
        found = tuple(_listed(yaml.safe_load(path.read_text(encoding="utf-8")) or {}))
        _phrases(found)
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        raise Invalid("words", f"{path.name}, line {line}: {error.problem}") from error
    except RecursionError as error:
        raise Invalid("words", f"{path.name}: too many brackets inside each other") from error
    except (yaml.YAMLError, OSError, UnicodeError, AttributeError, TypeError, ValueError, BadPhrase) as error:
        raise Invalid("words", f"{path.name}: {error}") from error
    return found


def _listed(content: dict[str, Any]) -> Iterator[Listed]:
    for language, effects in content.items():
        if not isinstance(effects, dict):
            raise TypeError(f"under {language!r} stands none of {', '.join(get_args(Effect))}")
        for effect, words in effects.items():
            if effect not in get_args(Effect):
                raise ValueError(f"{effect!r} is none of {', '.join(get_args(Effect))}")
            if not isinstance(words, dict | list | None):
                raise TypeError(f"under {effect!r} stands no list of words")
            pairs = words.items() if isinstance(words, dict) else ((word, "") for word in words or ())
            yield from (Listed(str(word), effect, str(instead or "")) for word, instead in pairs)


@lru_cache(maxsize=8)
def _phrases(listed: tuple[Listed, ...]) -> Phrases:
    found = Phrases()
    for number, one in enumerate(listed):
        found.add(Heading(str(number), ""), one.word, {})
    return found


def listed_words(copy: Plain, words: Sequence[Word], listed: Sequence[Listed]) -> Iterator[Finding]:
    """Yield a finding for each word of the list in a text, also where it is written to slip past."""
    for cue in _phrases(tuple(listed)).find(words) if listed else ():
        one = listed[int(cue.group)]
        start, end = copy.original(words[cue.first].start, words[cue.last].end)
        advice = Sentence(_WRITE, {"words": one.instead}) if one.instead else Sentence(_ADVICE[one.effect])
        level = Level.HINT if one.effect == "hint" else Level.HOLD
        yield Finding(
            Check.WORD, one.effect, level, start, end, copy.whole[start:end], Sentence(_WHY[one.effect]), advice, one.instead
        )
