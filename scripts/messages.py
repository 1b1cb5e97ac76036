"""Keep the catalogues in step with the strings of the program.

``python scripts/messages.py update`` takes new strings in and drops unused ones · ``missing fr`` prints what has no translation,
as JSON · ``fill fr FILE.json`` takes translations in: {"English": "translation"}, or a list of plural forms.
"""

import json
import sys
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
METHODS = [("**.py", "python"), ("templates/**.html", "jinja2")]
OPTIONS = {"templates/**.html": {"trim_blocks": "true", "lstrip_blocks": "true"}}
KEYWORDS = {"_": None, "N_": None, "gettext": None, "ngettext": (1, 2)}
LANGUAGES = ("fr", "ar")


def extracted() -> Catalog:
    """Return every string of the program."""
    catalogue = Catalog(project="Hearth", charset="utf-8")
    found = extract_from_dir(str(ROOT / "app"), METHODS, OPTIONS, keywords=KEYWORDS)  # type: ignore[arg-type]
    for name, _line, message, _comments, _context in found:
        catalogue.add(message, None, [(f"app/{name}", 0)])
    return catalogue


def path_of(language: str) -> Path:
    """Return where a catalogue lies."""
    return ROOT / "app" / "locale" / language / "LC_MESSAGES" / "messages.po"


def load(language: str) -> Catalog:
    """Return the catalogue of a language, a fresh one where there is none."""
    path = path_of(language)
    if not path.exists():
        return Catalog(locale=language, project="Hearth", charset="utf-8")
    with path.open("rb") as source:
        return read_po(source, locale=language)


def save(language: str, catalogue: Catalog) -> None:
    """Write a catalogue without line numbers and dates, so that it only changes where words change."""
    path = path_of(language)
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as target:
        write_po(target, catalogue, sort_output=True, no_location=True, ignore_obsolete=True, include_previous=False, width=120)


def untranslated(language: str) -> list[str | list[str]]:
    """Return the strings without a translation."""
    rows = [m for m in load(language) if m.id]
    return [list(m.id) if isinstance(m.id, tuple) else m.id for m in rows if m.fuzzy or not _whole(m.string)]


def _whole(string: object) -> bool:
    return all(string) if isinstance(string, (list, tuple)) else bool(string)


def update() -> None:
    """Bring every catalogue in step."""
    fresh = extracted()
    for language in LANGUAGES:
        catalogue = load(language)
        catalogue.update(fresh, no_fuzzy_matching=True)
        save(language, catalogue)
        print(f"{language}: {len(catalogue)} strings, {len(untranslated(language))} without translation")


def fill(language: str, source: Path) -> None:
    """Take translations in."""
    catalogue, given = load(language), json.loads(source.read_text(encoding="utf-8"))
    unknown = []
    for english, translated in given.items():
        message = catalogue.get(english)
        if message is None:
            unknown.append(english)
            continue
        message.string = tuple(translated) if isinstance(translated, list) else translated
    save(language, catalogue)
    print(f"{language}: {len(given) - len(unknown)} taken, {len(untranslated(language))} left")
    for english in unknown:
        print(f"  not in the program: {english!r}")


def main() -> None:
    """Run one of the three."""
    match sys.argv[1:]:
        case ["update"]:
            update()
        case ["missing", language]:
            print(json.dumps(untranslated(language), ensure_ascii=False, indent=0))
        case ["fill", language, name]:
            fill(language, Path(name))
        case _:
            sys.exit(__doc__)


if __name__ == "__main__":
    main()
