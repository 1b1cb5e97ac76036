"""The words of a text as the search for names needs them: where each stands, how it is written, and which name nobody."""

import re
from functools import cache, lru_cache
from typing import Final, NamedTuple

from app.core.text import fold
from app.domain.accounts.given import SECTIONS
from app.domain.accounts.given import names as listed
from app.domain.stories import cldr
from app.domain.stories.lookover_dates import months
from app.domain.stories.lookover_parts import Plain, everyday, ordinary, phrases, plain

_WORD: Final = re.compile(r"[^\W\d_]+(?:['-][^\W\d_]+)*+")
_INITIAL: Final = re.compile(r"[.!?:;\"«»“”„\n(*•]")
# N'Diaye and M'Bow are whole names; "n'ai" and "m'a" are not.
_ELISION: Final = re.compile(r"(?![NM]'[A-Z])(?:[dlmnstjDLMNSTJ]|[Qq]u|[Jj]usqu)'")
_SMALL: Final = ("على", "مني")  # "on" folds to Ali, "from me" to Mona
_MARKS: Final = re.compile("[\u064b-\u0652]")
_HOLDER: Final = re.compile("(?<=..)(?:ي|ه|ها|هم|هن|ك|كم|نا)$")  # my, his, her …
ONE_LETTER_WORDS: Final = "وفبلك"
_SHORTEST_NAME: Final = 3
_SHOUTING: Final = 0.6
_FEW: Final = 3  # words: too few to tell how somebody writes


class Token(NamedTuple):
    """A word: offsets in the plain text, plain lower case, folded; how it is written, and whether it opens a sentence."""

    start: int
    end: int
    word: str
    key: str
    capital: bool
    upper: bool
    cased: bool
    opens: bool
    small: bool  # an Arabic small word that folds to a name

    @property
    def initial(self) -> bool:
        """Tell whether this is one capital letter, as in "Ibrahim B. Jallow"."""
        return self.capital and self.end - self.start == 1


def tokens(text: Plain) -> list[Token]:
    """Return the words of the text in order."""
    found = []
    last_end = 0
    for match in _WORD.finditer(text.text):
        start, end = match.span()
        elided = _ELISION.match(match.group())
        if elided and elided.end() < len(match.group()):
            start += elided.end()
        between = text.text[last_end : match.start()]
        opens = last_end == 0 or (between != " " and bool(_INITIAL.search(between)))
        found.append(_token(text, start, end, opens=opens))
        last_end = end
    return found


def _token(text: Plain, start: int, end: int, *, opens: bool) -> Token:
    whole = text.whole[slice(*text.original(start, end))]
    key, capital, upper, cased, small = _written(text.text[start:end], whole)
    return Token(start, end, text.lower[start:end], key, capital, upper, cased, opens, small)


@lru_cache(maxsize=16384)
def _written(word: str, whole: str) -> tuple[str, bool, bool, bool, bool]:
    """Return a word folded; whether it begins with a capital, is all capitals, knows capitals, is an Arabic small word."""
    first = word[0]
    cased = first.upper() != first or first.lower() != first
    return fold(whole), first.isupper(), word.isupper(), cased, _MARKS.sub("", whole) in _SMALL


@cache
def not_names() -> frozenset[str]:
    """Return words with a capital that name no person: our own list, and what CLDR knows of countries, languages, months."""
    found = set(ordinary())
    for language in cldr.NAMED_LANGUAGES:
        found |= set(months(language))
        for name in cldr.capitalised(language):
            lower = plain(name).lower
            found |= {w for w in re.split(r"[\s()&,.-]+", lower) if len(w) >= _SHORTEST_NAME}
            found.add(lower)
    return frozenset(found)


def is_everyday(word: Token) -> bool:
    """Tell whether a word without capitals is no part of a name: as it stands, or with what Arabic writes on to it."""
    return word.small or _is_everyday(word.key)


@lru_cache(maxsize=8192)
def _is_everyday(key: str) -> bool:
    forms = _without_letter(key)
    return any(form in everyday("words") or _is_noun(form) for form in forms)


def _is_noun(form: str) -> bool:
    nouns = everyday("nouns")
    if form in nouns or (form[:2] in ("ال", "لل") and form[2:] in nouns):
        return True
    held = _HOLDER.sub("", form)  # a noun with the article has none
    return form[:2] != "ال" and held != form and (held in nouns or (held[-1] == "ت" and f"{held[:-1]}ه" in nouns))


def _without_letter(key: str) -> tuple[str, ...]:
    return (key, key[1:]) if key[:1] in ONE_LETTER_WORDS and len(key) > _SHORTEST_NAME else (key,)


def is_listed(word: Token) -> bool:
    """Tell whether a word stands on one of the lists of names, alone or with others."""
    return word.key in _all_listed()


@cache
def _all_listed() -> frozenset[str]:
    return frozenset().union(*map(listed, SECTIONS))


def is_announced(words: list[Token], i: int, *sections: str) -> bool:
    """Tell whether a word of these sections of ``cues.txt`` stands before word ``i``, in Arabic also with a letter on it."""
    if i == 0:
        return False
    before = words[i - 1].word
    forms = {before, before[1:] if before[:1] in ONE_LETTER_WORDS else before, f"{words[i - 2].word} {before}" if i > 1 else before}
    return any(not forms.isdisjoint(_announcing(section)) for section in sections)


@cache
def _announcing(section: str) -> frozenset[str]:
    return frozenset(phrases(section))


def adjacent(text: Plain, before: Token, after: Token) -> bool:
    """Tell whether two words can be parts of one name: a space between them, or a title's point, or an elision."""
    return text.text[before.end : after.start] in (" ", ". ", "-", " d'", " l'", "  ")


def together(text: Plain, before: Token, after: Token) -> bool:
    """Tell whether nothing but white space on one line stands between two words."""
    return text.text[before.end : after.start] in (" ", "  ")


def shouts(words: list[Token]) -> bool:
    """Tell whether most words have a capital (a heading, or all of it in capitals), so that capitals tell nothing."""
    cased = [w for w in words if w.cased]
    return len(cased) > _FEW and sum(w.capital for w in cased) > _SHOUTING * len(cased)


def whispers(words: list[Token]) -> bool:
    """Tell whether no word of several has a capital, so that their absence tells nothing."""
    cased = [w for w in words if w.cased]
    return len(cased) > _FEW and not any(w.capital for w in cased)
