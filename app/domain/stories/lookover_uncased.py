"""Names in scripts without capitals, Arabic and Bangla: what stands before, after or on a word tells that it is one."""

import re
from functools import cache, lru_cache
from typing import Final

from app.core.text import fold
from app.domain.accounts.given import names as listed
from app.domain.stories.lookover_parts import Plain, phrases, spellings
from app.domain.stories.lookover_words import ONE_LETTER_WORDS, Token, is_announced, is_everyday, is_listed, together

_ARABIC: Final = re.compile("[\u0620-\u06ff]")
_BANGLA: Final = re.compile("[\u0980-\u09ff]")
_FATHER_OF: Final = ("ابو", "ابا", "ابي", "بو")
_MOTHER_OF: Final = "ام"
_SON_OF: Final = "بن"  # without its alif it stands between two names only
_CHILD_OF: Final = (_SON_OF, "ابن", "بنت", "ولد", "ال", "ايت")
_ASKING: Final = ("هل", "سواء", "اكان")  # then "am" is "or", not "mother"
_QUESTION: Final = 8  # words that a question is looked back for
_SHORTEST_FAMILY: Final = 4  # letters of "al-" and what follows
# People do things: "ask-ed me", "he ask-s"; a word like this after a title is no name.
_DOES_AR: Final = re.compile(r"ي.{2,}|.{3,}(?:ني|نا|هم|ها|وا)")
_DOES_BN: Final = re.compile(r".+(?:লাম|লেন|েছে|েছি|েছেন|েননি|িনি|েনি|বো|বেন|বে|তাম|তেন|ছিল|চ্ছি|চ্ছে|চ্ছেন|য়েছে|িয়ে)")
_CASES_BN: Final = ("দের", "েরা", "ের", "রা", "কে", "র", "ও", "ই")


def bare(word: Token) -> tuple[str, int]:
    """Return the listed name in an uncased word and how many letters stand before it: Arabic "and", Bangla cases."""
    if word.cased or is_listed(word) or is_everyday(word):
        return word.key, 0
    return _bare(word.key)


@lru_cache(maxsize=8192)
def _bare(key: str) -> tuple[str, int]:
    if key[:1] in ONE_LETTER_WORDS and _is_first(key[1:]):
        return key[1:], 1
    for case in _CASES_BN:
        if key.endswith(case) and _is_first(key.removesuffix(case)):
            return key.removesuffix(case), 0
    return key, 0


def _is_first(key: str) -> bool:
    return key in listed("given") or key in listed("ambiguous")


def _without_letter(word: Token) -> str:
    return word.key[1:] if word.key[:1] in "وفلك" and word.key[1:] in (*_FATHER_OF, _MOTHER_OF) else word.key


def letters_before(word: Token) -> int:
    """Return how many letters of an uncased word belong to another one ("and" before "Abu")."""
    return len(word.key) - len(_without_letter(word)) or bare(word)[1]


def mark(text: Plain, words: list[Token], marked: dict[int, str]) -> None:
    """Mark names by their parts: Abu and Umm, X bin Y, somebody with a title, an everyday name before a family's, "X by name"."""
    for i, word in enumerate(words[:-1]):
        after = words[i + 1]
        if word.cased or after.cased or not together(text, word, after):
            continue
        if _is_kunya(words, i):
            marked.setdefault(i, "name")
            marked.setdefault(i + 1, "name")
        elif word.key == _SON_OF:
            _chain(text, words, i, marked)
        elif bare(word)[0] in listed("ambiguous") and not word.small and _shows_family(after):
            marked.setdefault(i, "name")
        elif _is_titled(word, after):
            marked.setdefault(i + 1, "name")
        elif _spelled(text, after, "after_name") and not is_everyday(word):
            marked.setdefault(i, "name")


def _is_kunya(words: list[Token], i: int) -> bool:
    """Tell whether "father of" or "mother of" begins a name here; "umm" may also be "or" and "a mother"."""
    parent, child = _without_letter(words[i]), words[i + 1]
    if parent == "ابو":
        return not is_everyday(child)
    known = bare(child)[0]
    if parent in _FATHER_OF:
        return known in listed("given") or (parent != "ابي" and known in listed("ambiguous"))
    if parent != _MOTHER_OF or is_everyday(child):
        return False
    if is_announced(words, i, "title", "own_name") and child.key[:1] != "ل":
        return True
    child_is_known = child.key in listed("given") or child.key in listed("ambiguous") or child.key in listed("family")
    return child_is_known and not any(w.key in _ASKING for w in words[max(0, i - _QUESTION) : i])


def _chain(text: Plain, words: list[Token], i: int, marked: dict[int, str]) -> None:
    before = words[i - 1] if i and together(text, words[i - 1], words[i]) else None
    named = before is not None and not is_everyday(before) and not is_announced(words, i, "title", "kin", "honorific")
    if named or is_listed(words[i + 1]):
        marked.setdefault(i + 1, "name")
        if named:
            marked.setdefault(i - 1, "name")
            marked.setdefault(i, "name")


def _shows_family(word: Token) -> bool:
    """Tell whether a word is "bin" … or looks like where a family is from (al-…i)."""
    return word.key in ("بن", "ابن", "بنت", "ال") or (_belongs_to_family(word) and word.key.endswith("ي"))


def _belongs_to_family(word: Token) -> bool:
    return word.key.startswith("ال") and len(word.key) > _SHORTEST_FAMILY and not is_everyday(word)


def _is_titled(title: Token, word: Token) -> bool:
    if not {title.word, title.word[1:] if title.word[:1] in ONE_LETTER_WORDS else title.word} & _honorific():
        return False
    if word.key.startswith("ال"):
        return word.key in listed("family") or (word.key.endswith("ي") and _belongs_to_family(word))
    says = title.key.endswith("ه") and word.key.startswith("ت")
    return not is_everyday(word) and not does(word) and not says


@cache
def _honorific() -> frozenset[str]:
    return frozenset(phrases("honorific"))


def does(word: Token) -> bool:
    """Tell whether an uncased word looks like something that is done rather than somebody."""
    return (bool(_DOES_AR.fullmatch(word.key)) or is_told(word)) and not is_listed(word)


def is_told(word: Token) -> bool:
    """Tell whether a Bangla word ends like a verb: there the verb stands last, where a name would be ("I forgot her name")."""
    return bool(_DOES_BN.fullmatch(word.key)) and not is_listed(word)


def is_spelled(text: Plain, start: int, end: int, section: str) -> bool:
    """Tell whether Bangla words really are a phrase of ``cues.txt``: the plain text has lost their vowels."""
    whole = text.whole[slice(*text.original(start, end))]
    return not _BANGLA.search(whole) or fold(whole) in spellings(section)


def _spelled(text: Plain, word: Token, section: str) -> bool:
    return word.word in phrases(section) and is_spelled(text, word.start, word.end, section)


def may_follow(words: list[Token], i: int, why: str, guesses: int) -> bool:
    """Tell whether uncased word ``i`` belongs to the name that ends before it.

    In Arabic that is a word with the article that is no everyday one; after "my name is" up to two (``guesses``) unknown words.
    """
    before, word = words[i - 1], words[i]
    if before.key in _CHILD_OF:
        return before.key in (_SON_OF, "ال") or not is_everyday(word)
    if is_everyday(word):
        return False
    if _ARABIC.match(word.key) and word.key.startswith("ال"):
        return len(word.key) >= _SHORTEST_FAMILY
    unsaid = word.key[:1] not in "وف" and not does(word)
    return why == "own" and guesses < 2 and unsaid


def opens_name(words: list[Token], i: int) -> bool:
    """Tell whether uncased word ``i`` is "father of", "servant of" … and so belongs to the name after it."""
    return _without_letter(words[i]) in (*_FATHER_OF, _MOTHER_OF, "عبد", _SON_OF)
