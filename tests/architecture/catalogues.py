"""The strings of the program and their translations, read the way scripts/messages.py reads them."""

import importlib.util
from functools import cache
from types import ModuleType

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po

from tests.architecture.source import ROOT

LANGUAGES = ("fr", "ar")


@cache
def _messages() -> ModuleType:
    spec = importlib.util.spec_from_file_location("hearth_messages", ROOT / "scripts" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@cache
def extracted() -> Catalog:
    """Return every string of templates and Python files."""
    found: Catalog = _messages().extracted()
    return found


@cache
def catalogue(language: str) -> Catalog:
    """Return the catalogue of a language."""
    with _messages().path_of(language).open("rb") as source:
        return read_po(source, locale=language, abort_invalid=True)


def forms(text: object) -> list[str]:
    """Return the singular, or all plural forms of a message or of its translation."""
    return [str(t) for t in text] if isinstance(text, (tuple, list)) else [str(text or "")]


@cache
def strings() -> tuple[str, ...]:
    """Return every English sentence that may stand on a screen."""
    return tuple(form for message in extracted() if message.id for form in forms(message.id))
