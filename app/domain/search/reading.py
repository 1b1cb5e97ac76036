"""What somebody typed, read: expressions stay together, words that say nothing fall away."""

from collections.abc import Sequence
from dataclasses import dataclass

from app.domain.search.terms import LONGEST_QUERY, MOST_WORDS, Meaning, lexicon, token, typed_words


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


def read(words: Sequence[str]) -> tuple[Term, ...]:
    """Return what the folded words of a query look for, in order, at most MOST_WORDS terms.

    The longest expression wins ("legal aid" is not "aid"); fillers inside it do not matter. Where nothing but fillers was typed,
    they are looked for.
    """
    terms: list[Term] = []
    at = 0
    while at < len(words):
        expression, length = _longest(words[at : at + lexicon().longest])
        if length > 1 or words[at] not in lexicon().fillers:
            terms.append(_term(expression))
        at += length
    return tuple(terms or map(_term, ((w,) for w in words)))[:MOST_WORDS]


def said(terms: Sequence[Term], text: str) -> str:
    """Return the words of terms as they were typed."""
    pieces = {word: piece for piece in "".join(" " if c in "'’-" else c for c in text).split() for word in typed_words(piece)}
    return " ".join(pieces.get(w, w).strip('.,;:!?؟،؛«»“”"()') for term in terms for w in term.words)


def _longest(words: Sequence[str]) -> tuple[tuple[str, ...], int]:
    """Return the expression that the words begin with, and how many of them it takes."""
    fillers = lexicon().fillers
    for length in range(len(words), 1, -1):
        part = tuple(words[:length])
        plain = tuple(w for w in part if w not in fillers)
        for expression in (part, plain if part[0] not in fillers and part[-1] not in fillers else ()):
            if len(expression) > 1 and lexicon().concepts(" ".join(expression)):
                return expression, length
    return tuple(words[:1]), 1


def _term(words: tuple[str, ...]) -> Term:
    known = lexicon()
    # "Find a job" is also "job": of its words only one says something.
    plain = [w for w in words if w not in known.fillers]
    spoken = [" ".join(words), *(plain if len(plain) == 1 < len(words) else ())]

    def all_of(meaning: Meaning) -> tuple[str, ...]:
        return tuple(dict.fromkeys(m for s in spoken for m in meaning(s)))

    return Term(words, all_of(known.concepts), all_of(known.needs), all_of(known.listed), any(map(known.manner, spoken)))
