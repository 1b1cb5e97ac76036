"""What in a text leads to the door of a protected place: numbers, addresses, landmarks, accounts; words are in traces.yaml."""

import re
from pathlib import Path

from app.core.text import fold
from app.domain.directory.wordlists import WordLists

_WORDS = WordLists(Path(__file__).with_name("traces.yaml"))
_LETTER = r"[^\W\d_]"
_RANGE = rf"\d{{1,3}}(?:(?: ?[-–—] ?| {_WORDS.source('joined')} )\d{{1,3}})?(?!\d)"
_AMOUNT = r"\d{1,3}(?:[ .,]\d{3}){0,2}"
# What stands for something else, and numbers that lead nowhere: always open, 48 hours, 3 nights, 12 women, an age, a year, a price.
_HARMLESS = re.compile(
    rf"(?<!\w){_WORDS.source('ordinary')}"
    rf"|(?<![\w.,/-])(?:24|7) ?{_LETTER}{{0,6}} ?(?:/|sur|su) ?(?:24|7) ?{_LETTER}{{0,6}}"
    rf"|(?<![\w.,/-])(?:24|48|72)[ -]?{_WORDS.source('hours')}"
    rf"|(?<![\w.,/-]){_RANGE}[ -]?{_WORDS.source('counted', 'persons')}"
    rf"|(?<!\w){_WORDS.source('persons')},? {_WORDS.source('ranges', 'ages')} {_RANGE}"
    rf"|(?<!\w){_WORDS.source('ages')} {_RANGE} ?{_WORDS.source('counted')}?"
    rf"|(?<!\w){_WORDS.source('since')} (?:19|20)\d\d(?!\d)"
    rf"|(?<![\w.,/-]){_AMOUNT}(?:[.,]\d\d)? ?{_WORDS.source('money')}|[$€£₦] ?{_AMOUNT}(?!\d)"
)
_SIGN = re.compile(rf"[\d@#]|//|www|{_LETTER}\.{_LETTER}{{2}}")
_WORD = re.compile(
    rf"(?<!\w)(?:{_WORDS.source('near', 'landmarks', 'buildings', 'streets', 'net')}"
    rf"|{_WORDS.source('short_streets')}\.? {_LETTER}|{_WORDS.source('pointed_streets')}\."
    rf"|{_WORDS.source('digits')}(?:[\W_]{{1,3}}{_WORDS.source('digits')}){{2}})"
)
_SENTENCE = re.compile(r"(?<=[.!?؟।])\s+|\n+")
PATTERNS = (_HARMLESS, _SIGN, _WORD)


def without_traces(text: str) -> str:
    """Return a text about a protected place without the sentences that hold an address, a number, a landmark or a way to one."""
    return " ".join(part for part in _SENTENCE.split(text) if part and not _leads_there(part))


def _leads_there(sentence: str) -> bool:
    left = _HARMLESS.sub(" ", fold(sentence))
    return bool(_SIGN.search(left) or _WORD.search(left))
