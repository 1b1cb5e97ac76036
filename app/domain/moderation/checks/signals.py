"""What is found without phrases: contacts, many links, shouting, the same again and again."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from typing import Final

from app.domain.moderation.checks.patterns import is_code
from app.domain.moderation.checks.shapes import Cue, Word
from app.domain.stories.lookover_parts import Plain

MANY_LINKS: Final = 5
MANY_TIMES: Final = 4  # the same sentence in one text
_SHORTEST_SENTENCE: Final = 15
_SHORTEST_SHOUT: Final = 40  # letters
_SHOUTED: Final = 0.7
_WORD: Final = re.compile(r"[^\W_]+")
_DIGITS: Final = re.compile(r"[^\d+]")
_SENTENCE: Final = re.compile(r"[^.!?\n؟…]+")
_CONTACTS: Final = ("phone", "link", "email", "handle")


def signals(text: Plain, words: Sequence[Word], earlier: Sequence[str], dear: tuple[str, ...]) -> Iterator[Cue]:
    """Yield what is found in ``text`` (its words are ``words``).

    ``earlier`` are texts that the same account has sent lately; ``dear`` is how numbers begin that cost the caller more.
    """
    for i, word in enumerate(words):
        if word.what:
            yield from (Cue(i, i, group) for group in _groups(text, word, dear))
    if not words:
        return
    if sum(word.what == "<link>" for word in words) >= MANY_LINKS:
        yield Cue(0, len(words) - 1, "many_links")
    if _shouts(text.text):
        yield Cue(0, len(words) - 1, "shouting")
    if _repeats(text, earlier):
        yield Cue(0, len(words) - 1, "repeated")


def _groups(text: Plain, word: Word, dear: tuple[str, ...]) -> Iterator[str]:
    if word.what.strip("<>") in _CONTACTS:
        yield word.what.strip("<>")
    if is_code(word):
        yield "code"
    if word.what == "<phone>" and _DIGITS.sub("", text.text[word.start : word.end]).startswith(dear):
        yield "dear_number"


def _shouts(text: str) -> bool:
    upper = sum(map(str.isupper, text))
    return upper >= _SHORTEST_SHOUT and upper > _SHOUTED * (upper + sum(map(str.islower, text)))


def _repeats(text: Plain, earlier: Sequence[str]) -> bool:
    whole = core(text.lower)
    if len(whole) >= _SHORTEST_SENTENCE and any(core(one.lower()) == whole for one in earlier):
        return True
    sentences = Counter(core(one) for one in _SENTENCE.findall(text.lower))
    return any(n >= MANY_TIMES and len(one) >= _SHORTEST_SENTENCE for one, n in sentences.items())


def core(text: str) -> str:
    """Return a text without what is changed to make a copy look new: signs, numbers at its end, spaces."""
    return " ".join(_WORD.findall(text)).rstrip("0123456789 ")
