#!/usr/bin/env python3
"""Write the names that the look-over of a story takes from CLDR, so that a server need not hold whole locales for them.

Run it when Babel is raised; a test says when the file is no longer what Babel knows.
"""

import json
from pathlib import Path
from typing import Any

import babel
from babel import Locale

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


if __name__ == "__main__":
    target = Path(cldr.__file__).with_name("lookover_data") / "cldr.json"
    found = {**SOURCE, "babel": babel.__version__, **names()}
    target.write_text(json.dumps(found, ensure_ascii=False, indent=0, sort_keys=True) + "\n", encoding="utf-8")
