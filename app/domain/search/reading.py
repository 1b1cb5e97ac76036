"""What somebody typed, read: expressions stay together, words that say nothing fall away."""

import re
from collections.abc import Sequence, Set
from dataclasses import dataclass

from app.core.text import fold
from app.domain.search.terms import LONGEST_QUERY, MOST_WORDS, Meaning, lexicon, token, typed_words

_CAPITALS = re.compile(r"(?<!\w)[^\W\d_]{2,3}(?!\w)")


@dataclass(frozen=True, slots=True)
class Term:
    """One thing that was typed: a folded word or expression, and what it stands for."""

    words: tuple[str, ...]
    concepts: tuple[str, ...] = ()
    needs: tuple[str, ...] = ()  # that it names
    listed: tuple[str, ...] = ()  # under which its concepts are listed
    manner: bool = False  # says how, not what: "free"

    @property
    def meanings(self) -> list[str]:
        """Return what may stand in a listing for it: its words, and the tokens of its concepts."""
        return [" ".join(self.words), *(token(f"concept:{c}") for c in self.concepts)]

    @property
    def widest(self) -> list[str]:
        """Return the meanings, and the filters of the needs that it names."""
        return [*self.meanings, *(token(f"need:{n}") for n in self.needs)]

    @property
    def nearest(self) -> list[str]:
        """Return the meanings, and the filters of the needs under which such help is listed."""
        return [*self.meanings, *(token(f"need:{n}") for n in self.listed)]


def typed(text: str) -> tuple[str, ...]:
    """Return every folded word of a query; more of them than a search looks for, because some say nothing."""
    return tuple(typed_words(text, LONGEST_QUERY))


def loud(text: str) -> frozenset[str]:
    """Return the folded words that were typed as two or three capitals among small letters: "US visa" is about the US."""
    if not any(map(str.islower, text)):
        return frozenset()
    return frozenset(fold(c) for c in _CAPITALS.findall(text[:LONGEST_QUERY]) if c.isupper())


def read(words: Sequence[str], reader: str = "", kept: Set[str] = frozenset()) -> tuple[Term, ...]:
    """Return what the folded words of a query look for, in order, at most MOST_WORDS terms; ``reader`` is a code of a language.

    The longest expression wins ("legal aid" is not "aid"); words that say nothing in this sentence fall away, but for those of
    ``kept``, and do not matter inside an expression. Where nothing else was typed, they are looked for.
    """
    silent = {n for n in lexicon().silent(words, reader) if words[n] not in kept}
    terms: list[Term] = []
    at = 0
    while at < len(words):
        mute = frozenset(words[n] for n in silent if at <= n < at + lexicon().longest)
        expression, length = _longest(words[at : at + lexicon().longest], mute)
        if length > 1 or at not in silent:
            terms.append(_term(expression, mute))
        at += length
    return tuple(terms or map(_term, ((w,) for w in words)))[:MOST_WORDS]


def said(terms: Sequence[Term], text: str) -> str:
    """Return the words of terms as they were typed."""
    pieces = {word: piece for piece in "".join(" " if c in "'’-" else c for c in text).split() for word in typed_words(piece)}
    return " ".join(pieces.get(w, w).strip('.,;:!?؟،؛«»“”"()') for term in terms for w in term.words)


def _longest(words: Sequence[str], fillers: Set[str]) -> tuple[tuple[str, ...], int]:
    """Return the expression that the words begin with, and how many of them it takes."""
    for length in range(len(words), 1, -1):
        part = tuple(words[:length])
        plain = tuple(w for w in part if w not in fillers)
        for expression in (part, plain if part[0] not in fillers and part[-1] not in fillers else ()):
            if len(expression) > 1 and lexicon().concepts(" ".join(expression)):
                return expression, length
    return tuple(words[:1]), 1


def _term(words: tuple[str, ...], fillers: Set[str] = frozenset()) -> Term:
    known = lexicon()
    # "Find a job" is also "job": of its words only one says something.
    plain = [w for w in words if w not in fillers]
    spoken = [" ".join(words), *(plain if len(plain) == 1 < len(words) else ())]

    def all_of(meaning: Meaning) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m for s in spoken for m in meaning(s)))

    return Term(words, all_of(known.concepts), all_of(known.needs), all_of(known.listed), any(map(known.manner, spoken)))
