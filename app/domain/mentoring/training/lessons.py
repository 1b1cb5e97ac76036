"""Reads the lessons, one file for each language: the network's own in the data folder, else the ones we ship."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import yaml

from app.core import i18n
from app.core.i18n import N_, Sentence

SHIPPED = Path(__file__).parent / "lessons"
OWN = "lessons"
FIRST: Final = "en"  # the language of who reads in one that has no file
MOST_QUESTIONS: Final = 6  # fields of the form
SOUND: Final = (("mp3", "audio/mpeg"), ("m4a", "audio/mp4"), ("ogg", "audio/ogg"))
log = logging.getLogger("hearth.lessons")


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a lesson: paragraphs, points, paragraphs."""

    heading: str
    text: tuple[str, ...]
    points: tuple[str, ...]
    after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Question:
    """A question of the check; ``right`` is the number of the right answer, the first is 1."""

    ask: str
    options: tuple[str, ...]
    right: int
    why: str


@dataclass(frozen=True, slots=True)
class Lesson:
    """A lesson in one language."""

    key: str
    language: str
    minutes: int
    title: str
    sections: tuple[Section, ...]
    questions: tuple[Question, ...]


@dataclass(frozen=True, slots=True)
class Sound:
    """A recording of a lesson that the network made."""

    path: Path
    type: str
    kb: int


def all_of(folder: Path) -> dict[str, Lesson]:
    """Return the lessons in their order by key, in the language of the moment where there is a file in it."""
    files = _used(folder)
    return files.get(i18n.current()) or files.get(FIRST) or next(iter(files.values()))


def fault(folder: Path) -> Sentence | None:
    """Return what is wrong with the network's own lessons; None when all can be shown, or there are none."""
    found = _read(folder / OWN) if (folder / OWN).is_dir() else None
    return found if isinstance(found, Sentence) else None


def sound(folder: Path, lesson: Lesson) -> Sound | None:
    """Return the recording of a lesson in its language, named such as ``listening.fr.mp3``; None without one."""
    for ending, kind in SOUND:
        path = folder / OWN / f"{lesson.key}.{lesson.language}.{ending}"
        if path.is_file():
            return Sound(path, kind, max(1, path.stat().st_size // 1_000))
    return None


def _used(folder: Path) -> Mapping[str, dict[str, Lesson]]:
    own = folder / OWN
    if any(own.glob("*.yaml")):
        found = _read(own)
        if not isinstance(found, Sentence):
            return found
        log.error("%s is not used: %s", OWN, found.words("en"))
    shipped = _read(SHIPPED)
    if isinstance(shipped, Sentence):
        raise RuntimeError(shipped.words("en"))
    return shipped


def _read(folder: Path) -> Mapping[str, dict[str, Lesson]] | Sentence:
    files = sorted(folder.glob("*.yaml"))
    try:
        return _load(tuple((path, path.stat().st_mtime_ns) for path in files))
    except OSError:
        return Sentence(N_("it cannot be read"))


@lru_cache(maxsize=4)
def _load(files: tuple[tuple[Path, int], ...]) -> Mapping[str, dict[str, Lesson]] | Sentence:
    """Read and check the files once: the same lessons and right answers in every language."""
    try:
        found = {path.stem: _lessons(path) for path, _changed in files}
        shapes = {
            tuple((key, tuple((len(q.options), q.right) for q in one.questions)) for key, one in lessons.items())
            for lessons in found.values()
        }  # fmt: skip
        if len(shapes) > 1:
            return Sentence(N_("its languages do not have the same lessons, questions and right answers"))
        return found
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else "?"
        return Sentence(N_("it cannot be read near line %(line)s"), {"line": line})
    except (OSError, yaml.YAMLError, UnicodeError, RecursionError):
        return Sentence(N_("it cannot be read"))
    except KeyError as error:
        return Sentence(N_("%(name)s is missing"), {"name": repr(error.args[0])})
    except (AttributeError, TypeError, ValueError):
        return Sentence(N_("a part of it is not what the shipped file has at that place"))


def _lessons(path: Path) -> dict[str, Lesson]:
    content = yaml.safe_load(path.read_text(encoding="utf-8"))
    found = {one.key: one for one in (_lesson(item, path.stem) for item in content)}
    if not found or len(found) != len(content):
        raise ValueError("no lesson, or one twice")
    return found


def _lesson(item: dict[str, Any], language: str) -> Lesson:
    key, questions = item["key"], tuple(_question(one) for one in item["questions"])
    if not (key.isascii() and key.isidentifier() and len(key) <= 20) or not 1 <= len(questions) <= MOST_QUESTIONS:
        raise ValueError("not a key, or too many questions")
    sections = tuple(_section(one) for one in item["sections"])
    return Lesson(key, language, int(item["minutes"]), str(item["title"]), sections, questions)


def _section(item: dict[str, Any]) -> Section:
    points = tuple(str(point) for point in item.get("points") or ())
    return Section(str(item["heading"]), _paragraphs(item.get("text")), points, _paragraphs(item.get("after")))


def _question(item: dict[str, Any]) -> Question:
    options = tuple(str(option) for option in item["options"])
    if not 2 <= len(options) <= MOST_QUESTIONS or item["right"] not in range(1, len(options) + 1):
        raise ValueError("not a question")
    return Question(str(item["ask"]), options, item["right"], str(item["why"]))


def _paragraphs(text: str | None) -> tuple[str, ...]:
    return tuple(" ".join(part.split()) for part in (text or "").split("\n\n") if part.strip())
