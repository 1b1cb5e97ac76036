"""``hearth bench checks``: what the checks hold of ordinary sentences, SMS and scams, by language, and how long a text takes."""

import html
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import NamedTuple

from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Context, Level, Subject, level_of
from bench.report import Figure

SAMPLES = Path(__file__).parent / "samples"
LANGUAGES = ("en", "fr", "ar", "es", "pt")
MOST_HELD = 1.0  # percent of ordinary texts in each language
MOST_MS = 20.0  # for LENGTH characters
MOST_GROWTH = 1.25  # time for each character, four times the text against once
LENGTH = 5000
_PARAGRAPH = re.compile(r"<(?:p|li)[^>]*>(.*?)</(?:p|li)>", re.DOTALL)
_TIMED = {"eng": "English", "fra": "French", "ara": "Arabic", "spa": "Spanish", "ben": "Bangla"}

Texts = dict[str, list[str]]


class Labelled(NamedTuple):
    """A text that is to be held or not, and how it was used: "tuned", "held out" …"""

    text: str
    bad: bool
    part: str


def figures(quick: bool, say: Callable[[str], None], corpora: Path | None = None) -> list[Figure]:
    """Measure all; ``corpora`` is a folder with the whole collections in place of the samples (see samples/README.md)."""
    found: list[Figure] = []
    tatoeba, udhr = _ordinary(corpora)
    for name, texts in (("Tatoeba", tatoeba), ("UDHR", udhr)):
        say(f"ordinary texts, {name} …")
        found += _held(name, texts, quick)
    say("SMS …")
    found += _recall("C3", "SMS en", list(_sms(corpora)))
    for language in LANGUAGES:
        say(f"scams, {language} …")
        found += _recall("C4", f"scams {language}", list(scams(language)))
    say("time …")
    return [*found, *_times(tatoeba, 3 if quick else 9)]


def is_held(text: str, subject: Subject = Subject.ANY) -> bool:
    """Say whether the checks hold a text for a person."""
    return level_of(check(text, Context(subject=subject))) is Level.HOLD


def _held(name: str, texts: Texts, quick: bool) -> Iterator[Figure]:
    """Yield the share held of each language, as a text of unknown kind and as a post, whichever is more."""
    every = held = hinted = 0
    for language, lines in sorted(texts.items()):
        lines = lines[:: 4 if quick else 1]
        levels = [level_of(check(line)) for line in lines]
        rates = [levels.count(Level.HOLD), sum(is_held(line, Subject.POST) for line in lines)]
        every, held, hinted = every + len(lines), held + rates[0], hinted + levels.count(Level.HINT)
        yield Figure(
            "C1", f"held, {name} {language}", _percent(max(rates), len(lines)), MOST_HELD, 0.0, "%", note=f"of {len(lines)}"
        )
    yield Figure("C2", f"held, {name}, all languages", _percent(held, every), MOST_HELD, 0.1, "%", note=f"of {every}")
    yield Figure("C2", f"hinted, {name}, all languages", _percent(hinted, every), unit="%", note="names, places, numbers")


def _percent(part: int, whole: int) -> float:
    return round(100 * part / whole, 2) if whole else 0.0


def _recall(goal: str, name: str, texts: list[Labelled]) -> Iterator[Figure]:
    parts: dict[str, list[tuple[bool, bool]]] = defaultdict(list)
    for text in texts:
        parts[text.part].append((text.bad, is_held(text.text)))
    for part, seen in parts.items():
        bad, fine = [h for b, h in seen if b], [h for b, h in seen if not b]
        right = sum(bad)
        yield Figure(goal, f"recall, {name}, {part}", _percent(right, len(bad)), unit="%", more=True, note=f"{right} of {len(bad)}")
        note = f"{sum(fine)} of {len(fine)} harmless held"
        yield Figure(goal, f"precision, {name}, {part}", _percent(right, right + sum(fine)), unit="%", more=True, note=note)


def scams(language: str) -> Iterator[Labelled]:
    """Yield scams and their harmless look-alikes; the first part is split by its lines."""
    kind, number = "", 0
    for line in (SAMPLES / "scams" / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        if line.startswith("["):
            kind, number = line.strip("[]"), 0
        elif line and not line.startswith("#"):
            part = kind.partition(", ")[2] or ("held out" if number % 2 else "tuned")
            yield Labelled(line, kind.startswith("scam"), part)
            number += 1


def _sms(corpora: Path | None) -> Iterator[Labelled]:
    if corpora:
        lines = (corpora / "sms-spam" / "SMSSpamCollection.tsv").read_text(encoding="utf-8").splitlines()
        for number, line in enumerate(lines):
            kind, text = line.split("\t", 1)
            yield Labelled(text, kind == "spam", "held out" if number % 2 else "tuned")
        return
    for kind, part, text in _rows(SAMPLES / "sms" / "sms.tsv"):
        yield Labelled(text, kind == "spam", "held out" if part == "held" else "tuned")


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        if line and not line.startswith("#"):
            yield line.split("\t", 2)


def _ordinary(corpora: Path | None) -> tuple[Texts, Texts]:
    if corpora is None:
        folder = SAMPLES / "ordinary"
        return _by_language(_rows(folder / "tatoeba.tsv")), _by_language(_rows(folder / "udhr.tsv"))
    tatoeba: Texts = defaultdict(list)
    for path in sorted((corpora / "tatoeba").glob("tatoeba.*-eng.*")):
        tatoeba[path.suffix[1:]] += path.read_text(encoding="utf-8").splitlines()
    udhr: Texts = defaultdict(list)
    for path in sorted((corpora / "udhr").glob("*.html")):
        found = [html.unescape(re.sub("<[^>]+>", "", p)) for p in _PARAGRAPH.findall(path.read_text(encoding="utf-8"))]
        udhr[path.stem] += [" ".join(p.split()) for p in found if p.strip()]
    return {k: list(dict.fromkeys(v)) for k, v in tatoeba.items()}, udhr


def _by_language(rows: Iterable[list[str]]) -> Texts:
    found: Texts = defaultdict(list)
    for language, text in rows:
        found[language].append(text)
    return found


def _times(tatoeba: Texts, rounds: int) -> Iterator[Figure]:
    """Yield milliseconds of the processor for a story of ``LENGTH`` characters, the best of some rounds, and how they grow."""
    timed = {name: " ".join(tatoeba[code]) for code, name in _TIMED.items()}
    timed["scams"] = " ".join(text.text for language in LANGUAGES for text in scams(language) if text.bad)
    for name, text in timed.items():
        text = text * (4 * LENGTH // len(text) + 1)
        once, twice, four = (_ms(text[: LENGTH * n], rounds) for n in (1, 2, 4))
        yield Figure("C5", f"{LENGTH} characters, {name}", round(once, 1), MOST_MS, MOST_MS / 2, "ms")
        yield Figure("C6", f"growth for each character at 2x, {name}", round(twice / once / 2, 2), MOST_GROWTH, 1.0, "x")
        yield Figure("C6", f"growth for each character at 4x, {name}", round(four / once / 4, 2), MOST_GROWTH, 1.0, "x")


def _ms(text: str, rounds: int) -> float:
    context = Context(subject=Subject.STORY, countries=("SN", "GM"))
    best = float("inf")
    for _round in range(rounds):
        before = time.process_time()
        check(text, context)
        best = min(best, time.process_time() - before)
    return best * 1000
