"""Every sentence of the program is translated, with the same places to fill, as text and not as code, short enough to read."""

import re
from collections import Counter

import pytest
from babel.messages.catalog import Message

from tests.architecture.catalogues import LANGUAGES, catalogue, extracted, forms, strings
from tests.architecture.words import sentences

PLACE = re.compile(r"%\((\w+)\)[sd]")
LONGEST = 20  # words in a sentence
LISTS = {"We have no real names": "a list of short things, read one by one"}
LONGEST_TRANSLATED = 26  # French needs more small words
IDS = sorted((m.id if isinstance(m.id, str) else m.id[0]) for m in extracted() if m.id)


def _translated(language: str) -> list[tuple[Message, list[str]]]:
    return [(m, forms(m.string)) for m in catalogue(language) if m.id]


def test_strings_are_found_in_python_and_in_templates() -> None:
    assert len(IDS) > 300
    for known in ("Choose one of these.", "Need a person?", "One thing to change"):
        assert known in IDS


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_sentence_is_translated(language: str) -> None:
    found = catalogue(language)
    missing = [i for i in IDS if found.get(i) is None or found.get(i).fuzzy or not all(forms(found.get(i).string))]
    assert missing == [], f"{len(missing)} of {len(IDS)} have no translation: run scripts/messages.py update, missing, fill"


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_is_left_over(language: str) -> None:
    kept = {m.id if isinstance(m.id, str) else m.id[0] for m in catalogue(language) if m.id}
    assert sorted(kept - set(IDS)) == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_fill_the_same_places(language: str) -> None:
    wrong = {}
    for message, translated in _translated(language):
        allowed = Counter(PLACE.findall(forms(message.id)[-1]))
        for form in filter(None, translated):
            got = Counter(PLACE.findall(form))
            # Arabic says "one" and "two" in the word itself, so a plural form may leave its number out.
            fine = got == allowed or (message.pluralizable and set(got) <= set(allowed))
            if not fine or (allowed and re.search(r"%(?!\(\w+\)[sd]|%)", form.replace("%%", ""))):
                wrong[form] = (dict(allowed), dict(got))
    assert wrong == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translations_are_text_and_not_code(language: str) -> None:
    """They are put into pages as they are: no tag, no quote that could end an attribute."""
    assert [form for _m, translated in _translated(language) for form in translated if re.search(r'[<>"]|&\w+;', form)] == []


def test_letters_are_written_alike_everywhere() -> None:
    """French has the curved apostrophe; Arabic marks the ending of "something" and "first" before its alif, not on it."""
    french, arabic = ([form for _m, translated in _translated(language) for form in translated] for language in ("fr", "ar"))
    assert [form for form in french if re.search(r"\w'\w", form)] == []
    bare = r"(?<![\w\u064b-\u0652])(?:شيئا|أولا|أحدا|مالا|رمزا|رقما|شخصا|أوراقا|جدا|جديدا)(?!\w)|ا\u064b"
    assert [form for form in arabic if re.search(bare, form)] == []


def test_english_sentences_are_text_and_not_code() -> None:
    assert [s for s in strings() if re.search(r'[<>"]|&\w+;', s)] == []


def test_english_sentences_are_short() -> None:
    said = [" ".join(w) for s in strings() for w in sentences(s) if len(w) > LONGEST]
    long = [s for s in said if not s.startswith(tuple(LISTS))]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_sentences_are_short(language: str) -> None:
    long = [" ".join(w) for _m, t in _translated(language) for form in t for w in sentences(form) if len(w) > LONGEST_TRANSLATED]
    assert long == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_translation_keeps_its_edges(language: str) -> None:
    """White space at the ends belongs to the sentence; a question stays one."""
    wrong = []
    for message, translated in _translated(language):
        english = forms(message.id)[0]
        for form in filter(None, translated):
            spaces = (form[:1].isspace(), form[-1:].isspace()) == (english[:1].isspace(), english[-1:].isspace())
            if not spaces or (english.endswith("?") and not form.rstrip("\u200f ").endswith(("?", "؟"))):
                wrong.append(form)
    assert wrong == []
