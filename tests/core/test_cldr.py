"""The names taken from CLDR are those that Babel knows: what it read itself before this file was made of it."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

from app.core import i18n
from app.domain.stories import cldr, lookover_dates

ROOT = Path(__file__).parents[2]


def script() -> ModuleType:
    """Return scripts/cldr.py."""
    spec = importlib.util.spec_from_file_location("hearth_cldr", ROOT / "scripts" / "cldr.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_file_is_what_babel_knows() -> None:
    kept = json.loads(Path(cldr.__file__).with_name("lookover_data").joinpath("cldr.json").read_text(encoding="utf-8"))
    found = script().names()
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
