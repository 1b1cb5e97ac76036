"""The names taken from CLDR are those that Babel knows: what it read itself before this file was made of it."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

from app.core import i18n
from app.domain.stories import cldr, lookover_dates

ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "cldr.py"


def script() -> ModuleType:
    """Return scripts/cldr.py."""
    spec = importlib.util.spec_from_file_location("hearth_cldr", SCRIPT)
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def names() -> dict[str, Any]:
    """Return what the script finds in a process of its own: Babel's months of ar_MA depend on what was asked of it before."""
    told = f"import json, runpy; print(json.dumps(runpy.run_path({str(SCRIPT)!r})['names']()))"
    done = subprocess.run([sys.executable, "-c", told], cwd=ROOT, capture_output=True, check=True, text=True)
    return json.loads(done.stdout)  # type: ignore[no-any-return]


def test_the_file_is_what_babel_knows() -> None:
    kept = json.loads(Path(cldr.__file__).with_name("lookover_data").joinpath("cldr.json").read_text(encoding="utf-8"))
    found = names()
    assert {name: kept[name] for name in found} == found, "run scripts/cldr.py"
    assert kept["licence"] == "Unicode-3.0"


def test_languages_are_called_as_babel_calls_them() -> None:
    kept = json.loads(Path(i18n.__file__).with_name("languages.json").read_text(encoding="utf-8"))["languages"]
    assert kept == {code: list(both) for code, both in script().languages().items()}, "run scripts/cldr.py"
    assert (i18n.language_name("fr"), i18n.language_name("uk"), i18n.language_name("ff")) == ("Français", "Українська", "Pulaar")
    assert (i18n.language_name("pt-BR"), i18n.language_name("xx")) == ("Português (Brasil)", "xx")
    assert [i18n.direction(code) for code in ("ps", "fa", "am", "ar-MA", "xx")] == ["rtl", "rtl", "ltr", "rtl", "ltr"]


def test_every_language_has_twelve_months() -> None:
    assert set(cldr.months()) == set(cldr.LANGUAGES)
    assert {len(names) for widths in cldr.months().values() for names in widths.values()} == {12}
    assert lookover_dates.months("fr")["août".replace("û", "u")] == 8
    assert lookover_dates.month_name(3, "ar_MA") == "مارس"
    assert lookover_dates.month_name(3, "xx") == "March"
