"""What help a text speaks of and in which language: what can be compared where the words cannot."""

from collections import Counter
from functools import cache, lru_cache

from app.core.text import words
from app.domain.directory import lexicon, needs
from app.domain.directory.duplicates import wordlists

_LONGEST = 4  # words of an expression
_MOST_WORDS = 60


@lru_cache(maxsize=20_000)
def need_bits(text: str) -> int:
    """Return a bit for each need that a text speaks of."""
    found = needs.needs_for(text)
    return sum(1 << n for n, need in enumerate(needs.all_needs()) if need.id in found)


@lru_cache(maxsize=20_000)
def help_bits(text: str) -> int:
    """Return a bit for each finer concept that a text speaks of; the longest expression wins."""
    tokens, at, found = words(text)[:_MOST_WORDS], 0, 0
    while at < len(tokens):
        length = next((n for n in range(_LONGEST, 0, -1) if lexicon.concepts_of(" ".join(tokens[at : at + n]))), 0)
        for concept in lexicon.concepts_of(" ".join(tokens[at : at + length])) if length else ():
            found |= _concept_bits().get(concept, 0)
        at += length or 1
    return found


@cache
def _concept_bits() -> dict[str, int]:
    return {concept: 1 << n for n, concept in enumerate(needs.all_concepts())}


def language_of(name: str, stated: str) -> str:
    """Return the language of a name: the stated one, unless none is stated or the words we know are rather of another."""
    known, stated = wordlists.languages(), stated.casefold()[:2]
    counts = Counter(known[w] for w in wordlists.key_of(name).split() if w in known)
    language, count = counts.most_common(1)[0] if counts else ("", 0)
    return language if count > counts[stated] + bool(stated) else stated
