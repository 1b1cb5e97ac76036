#!/usr/bin/env python3
"""Write what pages and the look-over of a story take from CLDR of many languages, so that a server need not hold whole locales.

Run it when Babel is raised; a test says when the file is no longer what Babel knows.
"""

import json
from pathlib import Path
from typing import Any

import babel
from babel import Locale, localedata

from app.core import i18n
from app.domain.stories import cldr

SOURCE = {
    "source": "Unicode CLDR, as it comes with Babel",
    "licence": "Unicode-3.0",
    "copyright": "© 1991 and later, Unicode, Inc.",
}


def names() -> dict[str, Any]:
    """Return the months of every language, and the countries, languages and days of some."""
    months = {}
    for language in cldr.LANGUAGES:
        widths = Locale.parse(language).months["format"]
        months[language] = {width: [str(widths[width][n]) for n in range(1, 13)] for width in ("wide", "abbreviated")}
    return {"months": months, "names": {language: _capitals(Locale.parse(language)) for language in cldr.NAMED_LANGUAGES}}


def _capitals(locale: Locale) -> list[str]:
    days = locale.days["format"]["wide"].values()
    return sorted({str(name) for name in (*locale.territories.values(), *locale.languages.values(), *days)})


def languages() -> dict[str, tuple[str, str]]:
    """Return for every language its name in itself, with a capital where it knows some, and its direction."""
    found = {}
    for code in sorted(each for each in localedata.locale_identifiers() if "_" not in each and each != "root"):
        locale = Locale.parse(code)
        found[code] = (i18n.own_name(locale) or code, str(locale.text_direction))
    return found


def _write(target: Path, **content: Any) -> None:
    found = {**SOURCE, "babel": babel.__version__, **content}
    target.write_text(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")


if __name__ == "__main__":
    _write(Path(cldr.__file__).with_name("lookover_data") / "cldr.json", **names())
    _write(Path(i18n.__file__).with_name("languages.json"), languages=languages())
