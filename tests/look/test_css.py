"""The style sheets: logical, small, and readable in every theme."""

import gzip
import re
from pathlib import Path

import brotli
import pytest

from app.web.pages import minify_css
from tests.look.preview import STATIC

SHEETS = ["core", "work", "guide"]
COMMENT = re.compile(r"/\*.*?\*/", re.DOTALL)
PHYSICAL = re.compile(
    r"(?<![\w-])(?:left|right|top|bottom|width|height|float|clear"
    r"|(?:margin|padding|border|scroll-margin|scroll-padding)-(?:left|right|top|bottom)[\w-]*"
    r"|(?:min|max)-(?:width|height)|border-(?:top|bottom)-(?:left|right)-radius)\s*:"
    r"|text-align\s*:\s*(?:left|right)|justify-content\s*:\s*(?:left|right)"
)
WAYS_AROUND = r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|\beval\b|new Function|\.cssText|(?:local|session)Storage"
NEED_INK, NEED_TEXT, NEED_EDGE = 7.0, 4.5, 3.0
PAIRS = [
    *[("ink", ground, NEED_INK) for ground in ("paper", "surface", "sand", "etint", "ctint", "ptint", "otint", "itint", "dtint")],
    *[("ink2", ground, NEED_TEXT) for ground in ("paper", "surface", "sand", "ptint", "otint")],
    *[("primary", ground, NEED_TEXT) for ground in ("paper", "surface", "sand", "ptint")],
    ("onp", "primary", NEED_TEXT), ("onp", "press", NEED_TEXT), ("paper", "ink", NEED_INK),
    *[("clay", ground, NEED_TEXT) for ground in ("paper", "surface", "ctint", "etint")],
    *[("danger", ground, NEED_TEXT) for ground in ("paper", "surface", "dtint")],
    ("ok", "paper", NEED_TEXT), ("ok", "otint", NEED_TEXT), ("info", "paper", NEED_TEXT), ("info", "itint", NEED_TEXT),
    *[("line", ground, NEED_EDGE) for ground in ("paper", "surface", "sand")],
    ("arch", "sand", 2.5),
]  # fmt: skip


def source(name: str) -> str:
    """Return a sheet without comments."""
    return COMMENT.sub("", (STATIC / "css" / f"{name}.css").read_text())


def luminance(colour: str) -> float:
    """Relative luminance of #RRGGBB (WCAG 2.2, definition of relative luminance)."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    r, g, b = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in parts]
    return 0.2126 * r + 0.7152 * g + 0.0722 * b


def contrast(one: str, other: str) -> float:
    """Contrast ratio of two colours (WCAG 2.2, definition of contrast ratio)."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def themes() -> dict[str, dict[str, str]]:
    """Return the tokens of the four themes; each later one starts from the one it refines."""
    blocks = re.findall(r":root\s*{([^}]*)}", source("core"))
    light, dark, more, more_dark = [dict(re.findall(r"--(\w+):\s*(#[0-9A-F]{6})", block)) for block in blocks]
    return {"light": light, "dark": light | dark, "more": light | more, "more, dark": light | dark | more | more_dark}


def test_the_contrast_formula_gives_the_known_values() -> None:
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert contrast("#767676", "#FFFFFF") == pytest.approx(4.54, abs=0.01)


@pytest.mark.parametrize("theme", ["light", "dark", "more", "more, dark"])
def test_every_pair_of_colours_can_be_read(theme: str) -> None:
    tokens = themes()[theme]
    found = {f"{ink} on {ground}": round(contrast(tokens[ink], tokens[ground]), 1) for ink, ground, need in PAIRS
             if contrast(tokens[ink], tokens[ground]) < need}  # fmt: skip
    assert found == {}


def test_every_token_is_defined_and_used() -> None:
    text = source("core") + source("work")
    defined, used = set(re.findall(r"(--\w+):", text)), set(re.findall(r"var\((--\w+)\)", text))
    assert used == defined


@pytest.mark.parametrize("name", SHEETS)
def test_no_physical_directions(name: str) -> None:
    declarations = re.sub(r"@media[^{]*{", "", source(name))
    assert PHYSICAL.findall(declarations) == []


@pytest.mark.parametrize(
    "bad", ["margin-left: 1px", "text-align: right", "a{left:0}", "padding-top:1px", "width:1px", "max-width:9px"]
)
def test_physical_directions_would_be_found(bad: str) -> None:
    assert PHYSICAL.search(bad)


@pytest.mark.parametrize("name", SHEETS)
def test_nothing_comes_from_elsewhere_and_nothing_casts_a_shadow(name: str) -> None:
    text = source(name)
    assert not re.search(r"@import|@font-face|url\(|text-shadow|animation|@keyframes", text)
    assert re.findall(r"box-shadow:\s*([^;]+);", text) in ([], ["0 0 0 3px var(--paper)"])


def test_important_is_used_once_and_explained() -> None:
    lines = [line for name in SHEETS for line in (STATIC / "css" / f"{name}.css").read_text().splitlines() if "!important" in line]
    assert len(lines) == 1
    assert "documented exception" in lines[0]


@pytest.mark.parametrize("name", SHEETS)
def test_minifying_keeps_every_rule(name: str) -> None:
    small = minify_css((STATIC / "css" / f"{name}.css").read_text())
    assert small.count("{") == small.count("}") == source(name).count("{")
    assert re.findall(r"[\w-]+(?=:)", small) == re.findall(r"[\w-]+(?=:)", source(name))


@pytest.mark.parametrize(("name", "limit"), [("core", 4000), ("work", 1500), ("guide", 400)])
def test_style_is_small(name: str, limit: int) -> None:
    assert len(gzip.compress(minify_css((STATIC / "css" / f"{name}.css").read_text()).encode(), 9)) <= limit


def test_scripts_are_small() -> None:
    htmx = next((STATIC / "vendor").glob("htmx-*.min.js")).read_bytes()
    own = (STATIC / "js" / "hearth.js").read_bytes()
    assert len(gzip.compress(own, 9)) <= 2048
    assert len(brotli.compress(htmx, quality=11)) + len(brotli.compress(own, quality=11)) <= 14_000
    assert len(gzip.compress(htmx, 9)) + len(gzip.compress(own, 9)) <= 15 * 1024


@pytest.mark.parametrize("path", sorted((STATIC / "js").glob("*.js")), ids=lambda p: Path(p).name)
def test_scripts_set_text_only_and_obey_the_policy(path: Path) -> None:
    assert not re.search(WAYS_AROUND, path.read_text())


def test_the_vendored_script_has_its_licence_and_keeps_nothing() -> None:
    assert "Zero-Clause BSD" in (STATIC / "vendor" / "htmx-LICENSE.txt").read_text()
    assert "Storage" not in next((STATIC / "vendor").glob("htmx-*.min.js")).read_text()
