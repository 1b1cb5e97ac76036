"""Text as people type it: folding for search and comparison, cleaning for storage."""

import re
import unicodedata

# Marks that carry no meaning for search: Arabic harakat and tatweel, joiners, direction marks, soft hyphen.
_DROP = dict.fromkeys([0x640, 0x61C, 0xAD, 0xFEFF, *range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x206A)], None)
_ARABIC = {
    ord("أ"): "ا", ord("إ"): "ا", ord("آ"): "ا", ord("ٱ"): "ا", ord("ى"): "ي", ord("ی"): "ي", ord("ئ"): "ي",
    ord("ؤ"): "و", ord("ة"): "ه", ord("ک"): "ك", ord("ہ"): "ه", ord("ھ"): "ه",
}  # fmt: skip
_LATIN = {ord("ß"): "ss", ord("ø"): "o", ord("ł"): "l", ord("đ"): "d", ord("æ"): "ae", ord("œ"): "oe", ord("ı"): "i",
          ord("ɗ"): "d", ord("ɓ"): "b", ord("ƙ"): "k", ord("ŋ"): "n", ord("ə"): "e"}  # fmt: skip
_TABLE = {**_DROP, **_ARABIC, **_LATIN}
# Marks are dropped for these scripts only; in Indic scripts a mark is a vowel and part of the word.
_STRIP = re.compile(
    "[\u0300-\u036f\u0483-\u0489\u0591-\u05bd\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u1ab0-\u1aff\u1dc0-\u1dff]"
)
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]")
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"  # Hangul fillers, the empty Braille cell: letters and signs that show nothing
_BIDI = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A), 0xFEFF], None)


def digits(text: str) -> str:
    """Replace digits of every script (Arabic-Indic, Persian, Bengali …) by ASCII ones."""
    if text.isascii():
        return text
    return "".join(str(unicodedata.decimal(c)) if c.isdecimal() and not c.isascii() else c for c in text)


def fold(text: str) -> str:
    """Return the form in which words are indexed and looked up: no case, accents, harakat or letter variants."""
    lowered = unicodedata.normalize("NFKD", text.casefold())
    if lowered.isascii():
        return lowered
    return digits(unicodedata.normalize("NFC", _STRIP.sub("", lowered)).translate(_TABLE))


def words(text: str) -> list[str]:
    """Return the folded words of ``text`` in order; vowel signs stay inside their words."""
    return [w for w in _split(fold(text)) if w]


def _split(folded: str) -> list[str]:
    spaced = "".join(c if c.isalnum() or unicodedata.category(c) in ("Mn", "Mc") else " " for c in folded)
    return spaced.split()


def clean(text: str) -> str:
    """Return ``text`` as it is stored: NFC, one kind of line break, no control or direction-override characters."""
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    return _CONTROL.sub("", text).translate(_BIDI).strip()


def is_seen(text: str) -> bool:
    """Say whether there is anything to see: a letter, a figure or a sign, not only joiners, fillers and empty cells."""
    return any(unicodedata.category(c)[0] not in "ZCM" and c not in _BLANK for c in text)


def one_line(text: str) -> str:
    """Return cleaned text with every run of white space as one space."""
    return " ".join(clean(text).split())


def shorten(text: str, limit: int) -> str:
    """Return at most ``limit`` characters, cut at a word, with an ellipsis where something is missing."""
    flat = " ".join(text.split())
    if len(flat) <= limit:
        return flat
    return flat[: limit - 1].rsplit(" ", 1)[0] + "…"
