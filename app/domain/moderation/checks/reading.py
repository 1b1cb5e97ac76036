"""Reads a text as its readers do, also where it is written to slip past a filter: s p a c e d, v1sa, look-alike letters, باليـــد.

Every word has several readings; the plain one always stays, so that no trick and no mistake of ours hides what is written.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Final

from app.domain.moderation.checks.shapes import Word
from app.domain.stories.lookover_parts import Hit, Kind, Plain

_TOKEN: Final = re.compile(
    r"(?P<num>\d{1,3}(?:[ .,']\d{3})+(?!\d)(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d{1,2}(?!\d))?)"
    r"|(?P<word>[$@€](?=[^\W\d_]{2})[^\W\d_]+|[^\W\d_]+(?:'(?:t|s|re|ll|ve|m)(?![^\W_])|[$@€]?[^\W_]+)*+)"
    r"|(?P<sign>[$€£¥₦₵৳₹₽₺%])|(?P<stop>[!?;\n…]|\.(?![^\W\d_](?![^\W_])))"
)
_LEET: Final = str.maketrans({"0": "o", "1": "i", "3": "e", "4": "a", "5": "s", "7": "t", "8": "b", "@": "a", "$": "s",
                              "€": "e"})  # fmt: skip
_LEET_L: Final = str.maketrans({**_LEET, ord("1"): "l"})
_MIXED: Final = re.compile(r"[^\W\d_].*[\d$@€][^\W\d_]|^[$@€]|[^\W\d_]{3}[01345]$")
_TAIL: Final = re.compile(r"([^\W\d_]{2,})(\d+)")
_THRICE: Final = re.compile(r"(.)\1{2,}")
# Letters of Greek and Cyrillic that look like Latin ones (after the accents have gone).
_LOOKS: Final = str.maketrans("аверсіјѕтухнкмоοαερτυχνιѵԁԛԝһⅼ", "abepcijstyxhkmooaeptuxvivdqwhl")
_CLASS: Final = {Kind.PHONE: "<phone>", Kind.LINK: "<link>", Kind.EMAIL: "<email>", Kind.HANDLE: "<handle>"}
_ARABIC: Final = re.compile("[\u0621-\u064a]")
_TA: Final = str.maketrans("ة", "ه")
_LEAST_SPACED: Final = 3  # letters one by one
_SURELY_SPACED: Final = 4  # so many are one word also where no phrase knows it: "U S A" are three
_LONGEST: Final = 40  # letters of a word that is read in more than one way
_LONGEST_KNOWN: Final = 16
_SHORTEST_STEM: Final = 3
_CLITICS: Final = ("و", "ف")
_HELD: Final = ("ب", "ل", "ك", "س")


def words(text: Plain, hits: Iterable[Hit], signs: Mapping[str, str], known: frozenset[str]) -> list[Word]:
    """Return the words of ``text``, phones, links, e-mails and handles of ``hits`` as one word each, amounts with their currency.

    ``signs`` are names of currencies (plain, lower case) -> ISO 4217; ``known`` the words that may be put together from letters.
    """
    spans = sorted((h for h in hits if h.kind in _CLASS), key=lambda h: h.start)
    return _with_money(list(_unspaced(text, list(_tokens(text.lower, spans)), known)), signs)


def _tokens(lower: str, spans: list[Hit]) -> Iterator[Word]:
    sentence, span, past = 0, 0, 0
    for match in _TOKEN.finditer(lower):
        start = match.start()
        while span < len(spans) and spans[span].start <= start:
            yield Word(spans[span].start, spans[span].end, sentence, "", _CLASS[spans[span].kind])
            past, span = spans[span].end, span + 1
        if start < past:
            continue
        kind, raw = match.lastgroup, match.group()
        if kind == "stop":
            sentence += 1
        elif kind == "num":
            yield Word(start, match.end(), sentence, raw, "<n>", _amount(raw))
        else:
            yield from _parts(start, raw, sentence)


def _parts(start: int, raw: str, sentence: int) -> Iterator[Word]:
    """Yield a word, or a word and the number written on to it ("visa2024")."""
    tail = _TAIL.fullmatch(raw) if raw[-1].isdigit() else None
    if tail and len(tail[2]) > 1:
        yield Word(start, start + len(tail[1]), sentence, tail[1])
        yield Word(start + len(tail[1]), start + len(raw), sentence, tail[2], "<n>", _amount(tail[2]))
    else:
        yield Word(start, start + len(raw), sentence, raw.replace("'", ""))


def _amount(raw: str) -> float:
    """Return what a number is worth: groups of three are thousands, one or two digits at the end are a fraction."""
    fraction = re.search(r"[.,](\d{1,2})$", raw)
    whole = re.sub(r"\D", "", raw[: fraction.start()] if fraction else raw)[:15] or "0"
    return float(f"{whole}.{fraction[1]}" if fraction else whole)


def _unspaced(text: Plain, tokens: list[Word], known: frozenset[str]) -> Iterator[Word]:
    """Put words together that are written letter by letter; wider gaps part the words, else the known words do."""
    i = 0
    while i < len(tokens):
        if len(tokens[i].raw) != 1:
            yield tokens[i]
            i += 1
            continue
        j = i
        while j < len(tokens) and _alone(tokens[j]) and (j == i or _next_door(text, tokens[j - 1], tokens[j])):
            j += 1
        if j - i >= _LEAST_SPACED:
            yield from _put_together(text, tokens[i:j], known)
        else:
            yield from tokens[i:j]
        if j == i:
            yield tokens[i]
        i = max(j, i + 1)


def _alone(token: Word) -> bool:
    return not token.what and len(token.raw) == 1


def _next_door(text: Plain, before: Word, after: Word) -> bool:
    between = text.text[before.end : after.start]
    return len(between) <= 3 and "\n" not in between


def _put_together(text: Plain, letters: list[Word], known: frozenset[str]) -> Iterator[Word]:
    run: list[Word] = []
    for letter in letters:
        if run and letter.start - run[-1].end > 1:
            yield from _known_in(run, known)
            run = []
        run.append(letter)
    yield from _known_in(run, known)


def _known_in(run: list[Word], known: frozenset[str]) -> Iterator[Word]:
    """Yield the longest known words of a run from left to right; a run without any is one word."""
    joined = "".join(letter.raw for letter in run)
    if joined in known:
        yield _joined(run)
        return
    if len(run) < _SURELY_SPACED:
        yield from run
        return
    i, rest = 0, 0
    while i < len(run):
        length = next((n for n in range(min(_LONGEST_KNOWN, len(run) - i), 2, -1) if joined[i : i + n] in known), 0)
        if length:
            if rest < i:
                yield _joined(run[rest:i])
            yield _joined(run[i : i + length])
            rest = i + length
        i += length or 1
    if rest < len(run):
        yield _joined(run[rest:])


def _joined(run: list[Word]) -> Word:
    return run[0]._replace(end=run[-1].end, raw="".join(letter.raw for letter in run))


def _with_money(tokens: list[Word], signs: Mapping[str, str]) -> list[Word]:
    """Join amounts with the currency beside them, and "5 k", "2 million" with what they mean."""
    found: list[Word] = []
    for token in tokens:
        last = found[-1] if found else None
        currency = signs.get(token.raw, "") if not token.what else ""
        if last and last.what == "<n>" and last.sentence == token.sentence:
            if token.raw in _TIMES and not token.what:
                found[-1] = last._replace(end=token.end, amount=last.amount * _TIMES[token.raw])
                continue
            if currency:
                found[-1] = last._replace(end=token.end, what="<money>", currency=currency)
                continue
        if token.what == "<n>" and last and not last.what and signs.get(last.raw) and last.sentence == token.sentence:
            found[-1] = token._replace(start=last.start, what="<money>", currency=signs[last.raw])
            continue
        found.append(token)
    return found


_TIMES: Final = {"k": 1e3, "mil": 1e3, "mille": 1e3, "thousand": 1e3, "الف": 1e3, "million": 1e6, "millions": 1e6, "millon": 1e6,
                 "millones": 1e6, "milhoes": 1e6, "مليون": 1e6}  # fmt: skip


@lru_cache(maxsize=16384)
def readings(raw: str) -> tuple[str, ...]:
    """Return how a written word may be read: as it stands, without tricks and, in Arabic, without what is written on to it."""
    found = [raw]
    if len(raw) > _LONGEST:
        return (raw,)
    latin = any("a" <= c <= "z" for c in raw)
    if latin and not raw.isascii():
        found.append(raw.translate(_LOOKS))
    elif not latin and (looks := raw.translate(_LOOKS)) != raw and looks.isascii() and looks.isalpha():
        found.append(looks)
    if _MIXED.search(raw):
        found += [found[-1].translate(_LEET), found[-1].translate(_LEET_L)]
    if _THRICE.search(raw):
        found += [_THRICE.sub(r"\1", found[-1]), _THRICE.sub(r"\1\1", found[-1])]
    if _ARABIC.search(raw):
        found = [raw, *(form for each in found for form in _arabic(each.translate(_TA)))]
    return tuple(dict.fromkeys(found))


def _arabic(word: str) -> Iterator[str]:
    """Yield a word, without "and", without "in, to, as, will", and without the article."""
    yield word
    for clitic in (word, *(word[1:] for c in _CLITICS if word.startswith(c) and len(word) > _SHORTEST_STEM)):
        yield clitic
        if clitic.startswith("لل"):
            yield from (clitic[2:], clitic[1:])
        for held in (clitic, *(clitic[1:] for c in _HELD if clitic.startswith(c) and len(clitic) > _SHORTEST_STEM)):
            yield held
            if held.startswith("ال") and len(held) > _SHORTEST_STEM + 1:
                yield held[2:]
