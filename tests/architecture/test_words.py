"""Words: none that label people, on any screen, in any language; titles, addresses, manifest and mails tell nothing."""

import re
from typing import Any

import pytest
from fastapi import FastAPI

from app.core import i18n
from tests.architecture import words
from tests.architecture.catalogues import LANGUAGES, catalogue, forms, strings
from tests.architecture.routes import routes
from tests.architecture.source import APP, ROOT
from tests.architecture.words import never, telling

# Where a word of the list is what has to be said; each with its reason.
SAID_ALL_THE_SAME = {
    "The packed file is locked with a password (%(file)s). Please send it without one.": "for operators, about a packed file",
    "Give no codes, passwords or account numbers to anybody, whoever asks.": "about passwords elsewhere that a trick asks for",
    "It asks for a code, a password or an account.": "about a password elsewhere that a trick asks for",
}


def test_no_english_sentence_labels_people() -> None:
    found = {s: never(s, "en") for s in strings() if never(s, "en") and s not in SAID_ALL_THE_SAME}
    assert len(strings()) > 300
    assert found == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_translation_labels_people(language: str) -> None:
    found = {}
    for message in catalogue(language):
        for form in forms(message.string) if message.id and message.id not in SAID_ALL_THE_SAME else []:
            if hits := never(form, language):
                found[form] = hits
    assert found == {}


@pytest.mark.parametrize(("text", "language"), [
    ("Every user can see it", "en"), ("A victim of crime", "en"), ("deportee", "en"), ("Returnees meet here", "en"),
    ("Les utilisateurs", "fr"), ("des victimes", "fr"), ("un témoignage", "fr"), ("المستخدمون هنا", "ar"),
    ("ضحايا", "ar"), ("والمستفيدين", "ar"),
])  # fmt: skip
def test_the_list_finds_what_it_must(text: str, language: str) -> None:
    assert never(text, language)


@pytest.mark.parametrize(("text", "language"), [
    ("People who came back", "en"), ("Of no use here", "en"), ("Use your key", "en"), ("Une clé", "fr"), ("Utiliser", "fr"),
    ("قصة", "ar"), ("استخدم المفتاح", "ar"),
])  # fmt: skip
def test_the_list_leaves_other_words_alone(text: str, language: str) -> None:
    assert not never(text, language)


def _titles() -> dict[str, str]:
    found = {}
    for path in sorted((APP / "templates").rglob("*.html")):
        for block in re.findall(r"\{% block title %\}(.*?)\{% endblock %\}", path.read_text(encoding="utf-8")):
            for title in re.findall(r"_\(\"(.*?)\"", block):
                found[title] = path.name
    return found


def test_titles_tell_nothing() -> None:
    assert len(_titles()) > 20
    assert {t: telling(t, "en") for t in _titles() if telling(t, "en")} == {}


@pytest.mark.parametrize("language", LANGUAGES)
def test_translated_titles_tell_nothing(language: str) -> None:
    found = {}
    for title in _titles():
        translated = i18n.translations(language).gettext(title)
        if translated != title and (hits := telling(translated, language)):
            found[translated] = hits
    assert found == {}


def test_titles_of_things_are_never_their_own() -> None:
    """The title of a page never holds the title of a story, a name, a case: only words of ours."""
    wrong = {}
    for path in sorted((APP / "templates").rglob("*.html")):
        for block in re.findall(r"\{% block title %\}(.*?)\{% endblock %\}", path.read_text(encoding="utf-8")):
            left = re.sub(r"\{\{\s*_\(\"[^\"]*\"\)\s*\}\}", "", block).strip(" …")
            if left and path.relative_to(APP / "templates").as_posix() not in OUR_OWN_HEADINGS:
                wrong[path.name] = left
    assert wrong == {}


# Headings that the program chooses from sentences of its own.
OUR_OWN_HEADINGS = {"errors/page.html", "errors/ended.html", "components/living.html"}


def test_addresses_tell_nothing() -> None:
    assert [
        r.path for r in routes() if words.IN_ADDRESSES.search(r.path) and r.path != "/healthz"
    ] == []  # for watchers of machines
    assert [r.path for r in routes() if re.search(r"\{(?:id|name|title|slug|member\w*|topic|group)\}", r.path)] == []


def test_nothing_about_a_person_stands_in_a_query() -> None:
    """ASVS 14.2.1: addresses are seen in histories and logs."""
    import inspect

    asked = {p for r in routes() if r.method == "GET" for p in inspect.signature(r.endpoint).parameters}
    assert asked & {"key", "token", "receipt", "code", "name", "note", "words"} == set()


def test_the_manifest_and_the_installed_name_tell_nothing(app: FastAPI, browse: Any) -> None:
    manifest = browse().get("/manifest.webmanifest").json()
    assert telling(f"{manifest['name']} {manifest['short_name']}", "en") == []
    assert "description" not in manifest
    assert not [i["src"] for i in manifest["icons"] if words.IN_ADDRESSES.search(i["src"])]


def test_a_mail_tells_nothing(db: Any, settings: Any) -> None:
    from app.domain.notifications.actions import owe_mail

    mail = owe_mail(db, "a@example.org", "Something waits for you.")
    assert mail.subject == "Something new"


def test_the_documents_for_operators_use_the_same_words() -> None:
    """README and the page about what can be handed over speak to people as well."""
    for name in ("README.md", "docs/what-we-can-hand-over.md", "docs/operating.md", "docs/data-map.md", "docs/access.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        found = [
            w
            for w in never(text, "en")
            if w.lower() not in ("user", "users", "invalid", "authenticated", "authentication", "deportation")
        ]
        assert {w.lower() for w in found} <= ALLOWED_IN_DOCUMENTS, name


# "What has no column" names what it must not have.
ALLOWED_IN_DOCUMENTS = {"trafficking", "returnee", "victim", "credential", "credentials", "forbidden"}
