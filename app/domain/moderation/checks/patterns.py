"""Phrases of the rule book and the search for them: word by word, bounded steps at each word, no regular expression over it.

A phrase is words between spaces: ``send|bring your [original] passport`` · ``a|b`` either word · ``[a]`` may be missing ·
``stem*`` any word that begins so · ``~`` up to three words between · ``{set}`` any word of a named set · ``<n>`` ``<money>``
``<phone>`` ``<link>`` ``<email>`` ``<handle>`` ``<code>`` (a number of five or six digits) what is no word. A phrase never goes on
over the end of a sentence.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final

from app.domain.moderation.checks.reading import readings
from app.domain.moderation.checks.shapes import Cue, Heading, Word
from app.domain.stories.lookover_parts import plain

GAP: Final = 3  # words that "~" may stand for
_SHORTEST_PREFIX: Final = 2
_ELIDED: Final = re.compile(r"(?<!\w)([dljnscmt]|qu)'(?=\w)")  # "d'argent" is read as two words, "don't" as one
AHEAD: Final = 8  # words in which the second word of a phrase is looked for before the phrase is tried
_ALONE: Final = frozenset({-1})  # for phrases that need no second word
_CODE: Final = (5, 6)  # digits of the short numbers that paid messages go to
_MOST_KNOWN: Final = 20_000  # words whose meaning is kept; a text of nonsense must not fill the memory


@dataclass(frozen=True, slots=True)
class Step:
    """One word of a phrase: any of ``ids``; it may be missing; up to ``gap`` words may stand before it."""

    ids: tuple[int, ...]  # most are one word, and there are thousands: a set of one takes four times as much
    optional: bool = False
    gap: int = 0


class BadPhrase(Exception):
    """A phrase of the rule book cannot be read; the sentence says which."""


Start = tuple[Heading, tuple[Step, ...]]
"""What begins with a word: the heading, and the steps from that word on."""


@dataclass(slots=True)
class Phrases:
    """All phrases of all languages, ready to be found."""

    _exact: dict[str, int] = field(default_factory=dict)
    _stems: dict[str, int] = field(default_factory=dict)
    _starts: dict[int, dict[int, tuple[Start, ...]]] = field(default_factory=dict)
    _steps_once: dict[Step, Step] = field(default_factory=dict)  # many phrases share a step; equal ones are kept once
    _known: dict[str, frozenset[int]] = field(default_factory=dict)

    def add(self, heading: Heading, phrase: str, sets: Mapping[str, Sequence[str]]) -> None:
        """Add a phrase under its heading; BadPhrase when it cannot be read."""
        steps = tuple(self._steps(phrase, sets))
        if all(step.optional for step in steps) or steps[0].gap:
            raise BadPhrase(f"{heading.group}: {phrase!r} needs a word that must be there, and one at its beginning")
        for n, step in enumerate(steps):
            entry = heading, steps[n:]
            for one in step.ids:
                for second in _second(steps[n:]):
                    starts = self._starts.setdefault(one, {})
                    if entry not in starts.get(second, ()):
                        starts[second] = (*starts.get(second, ()), entry)
            if not step.optional:
                return

    def settle(self) -> None:
        """Keep equal lists once, when every phrase is in: many words begin the same phrases."""
        once: dict[tuple[Start, ...], tuple[Start, ...]] = {}
        for starts in self._starts.values():
            for second, found in starts.items():
                starts[second] = once.setdefault(found, found)
        self._steps_once.clear()

    def _steps(self, phrase: str, sets: Mapping[str, Sequence[str]]) -> Iterator[Step]:
        gap = 0
        for part in _ELIDED.sub(r"\1 ", phrase).split():
            if part == "~":
                gap = GAP
                continue
            optional = part.startswith("[") and part.endswith("]")
            ids = tuple({self._id(word, phrase): None for word in _either(part.strip("[]"), sets, phrase)})
            step = Step(ids, optional, gap)
            yield self._steps_once.setdefault(step, step)
            gap = 0
        if gap:
            raise BadPhrase(f"{phrase!r} ends with ~")

    def _id(self, word: str, phrase: str) -> int:
        stem = word.endswith("*")
        written = word if word.startswith("<") else as_read(word.rstrip("*"))
        if not written or " " in written or (stem and len(written) < _SHORTEST_PREFIX):
            raise BadPhrase(f"{phrase!r}: {word!r} is no word")
        where = self._stems if stem else self._exact
        return where.setdefault(written, len(self._exact) + len(self._stems))

    def known(self) -> frozenset[str]:
        """Return the whole words of all phrases."""
        return frozenset(word for word in self._exact if not word.startswith("<"))

    def ids(self, word: Word) -> frozenset[int]:
        """Return the words of phrases that a word of a text may be."""
        key = "<code>" if is_code(word) else word.what or word.raw
        found = self._known.get(key)
        if found is None:
            forms = (key, "<n>") if key in ("<money>", "<code>") else (key,) if word.what else readings(word.raw)
            found = frozenset(one for form in forms for one in self._of(form))
            if len(self._known) >= _MOST_KNOWN:
                self._known.clear()  # so that a text of nonsense does not make every later one slow
            self._known[key] = found
        return found

    def _of(self, form: str) -> Iterator[int]:
        if form in self._exact:
            yield self._exact[form]
        for length in range(_SHORTEST_PREFIX, min(len(form), 24) + 1):
            one = self._stems.get(form[:length])
            if one is not None:
                yield one

    def find(self, words: Sequence[Word]) -> list[Cue]:
        """Return every phrase found, the longest under each heading at each word, in order of beginning."""
        ids = [self.ids(word) for word in words]
        found: list[Cue] = []
        for i, here in enumerate(ids):
            ahead = frozenset().union(_ALONE, *ids[i + 1 : i + 1 + AHEAD]) if here else _ALONE
            longest: dict[Heading, int] = {}
            for one in here:
                starts = self._starts.get(one, {})
                for second in starts.keys() & ahead:
                    for heading, steps in starts[second]:
                        end = _end(words, ids, i + 1, steps, 1)
                        if end > longest.get(heading, 0):
                            longest[heading] = end
            found.extend(Cue(i, end - 1, heading.group, heading.language) for heading, end in longest.items())
        return found


def _second(steps: Sequence[Step]) -> Collection[int]:
    """Return the words one of which must follow soon after the first, so that most phrases need not be tried at all."""
    reach = 0
    for step in steps[1:]:
        reach += step.gap + 1
        if not step.optional:
            return step.ids if reach <= AHEAD else _ALONE
    return _ALONE


def is_code(word: Word) -> bool:
    """Tell whether a number is written as the short numbers are that paid messages go to."""
    return word.what == "<n>" and word.raw.isdigit() and len(word.raw) in _CODE


def _end(words: Sequence[Word], ids: Sequence[frozenset[int]], i: int, steps: Sequence[Step], n: int) -> int:
    """Return the word after the phrase whose next step is ``n``, looked for from word ``i`` on; 0 when it is not there."""
    if n == len(steps):
        return i
    step = steps[n]
    for j in range(i, min(i + step.gap, len(words) - 1) + 1):
        if j < len(words) and words[j].sentence == words[i - 1].sentence and not ids[j].isdisjoint(step.ids):
            end = _end(words, ids, j + 1, steps, n + 1)
            if end:
                return end
    return _end(words, ids, i, steps, n + 1) if step.optional else 0


def _either(part: str, sets: Mapping[str, Sequence[str]], phrase: str) -> Iterable[str]:
    for word in part.split("|"):
        if word.startswith("{"):
            name = word.strip("{}")
            if name not in sets:
                raise BadPhrase(f"{phrase!r}: there is no set {word}")
            yield from sets[name]
        else:
            yield word


def as_read(word: str) -> str:
    """Return a word in the form in which texts are read: lower case, without accents, apostrophes and Arabic endings that vary."""
    return plain(word).lower.replace("'", "").replace("ة", "ه").strip()
