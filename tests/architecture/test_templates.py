"""Templates: no code inside pages, every form goes through the one macro or carries its token, words go through _()."""

import re

import pytest

from tests.architecture.source import templates

TEMPLATES = templates()
COMMENT = re.compile(r"\{#.*?#\}", re.DOTALL)
EXPRESSION = re.compile(r"\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
# layouts/: the one style sheet stands in the page, allowed by its hash (ADR 4); numbers/file.html is a file that stands alone.
STYLE = {"layouts/page.html", "layouts/bare.html", "numbers/file.html"}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_no_code_stands_in_a_page(name: str) -> None:
    text = COMMENT.sub("", TEMPLATES[name])
    assert not re.findall(r"<[^>]*\son[a-z]+\s*=", EXPRESSION.sub("", text))
    assert not re.findall(r"<[^>]*\sstyle\s*=", EXPRESSION.sub("", text))
    assert not re.findall(r"(?:href|src|action)\s*=\s*[\"']?\s*(?:javascript|data):", text, re.IGNORECASE)
    assert not [s for s in re.findall(r"<script\b[^>]*>", text) if " src=" not in s and 'type="application/json"' not in s]
    assert "<style" not in text or name in STYLE
    assert not re.findall(r"<(?:iframe|object|embed|base|applet)\b", text)
    assert not re.findall(r"\bhx-on|hx-vals\s*=\s*[\"']js:|hx-eval", text)


@pytest.mark.parametrize("name", sorted(n for n, t in TEMPLATES.items() if re.search(r"<form\b", t)))
def test_a_form_by_hand_carries_its_token(name: str) -> None:
    """Browsers that say nothing about where a form comes from need it; errors/ended.html is answered with one more tap."""
    for form in re.findall(r"<form\b.*?</form>|\{% macro form.*?\{% endmacro %\}", COMMENT.sub("", TEMPLATES[name]), re.DOTALL):
        if 'method="post"' in form and name != "errors/ended.html":
            assert 'name="csrf"' in form, name
        assert 'autocomplete="on"' not in form


CLASS_BLOCK = re.compile(
    r"\{% block wrapclass %\}.*?\{% endblock %\}|\{% macro _aria.*?\{% endmacro %\}|\{% set \w+ %\}.*?\{% endset %\}", re.DOTALL
)


def test_no_words_are_left_out_of_the_catalogues() -> None:
    """Words between tags that no catalogue can reach; names of classes are fine."""
    found = {}
    for name, text in TEMPLATES.items():
        bare = EXPRESSION.sub(" ", CLASS_BLOCK.sub(" ", COMMENT.sub("", text)))
        bare = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", bare, flags=re.DOTALL)
        parts = [w.strip() for w in re.findall(r">([^<>]*)<", bare)]
        words = [w for w in parts if re.search(r"[A-Za-z]{3,}", w) and not re.match(r"[/a-z]+\?", w)]
        if words and not name.startswith("components/living"):
            found[name] = words
    assert found == {}


@pytest.mark.parametrize("name", sorted(TEMPLATES))
def test_attributes_that_people_hear_or_see_are_translated(name: str) -> None:
    text = COMMENT.sub("", TEMPLATES[name])
    for attribute in ("aria-label", "alt", "title", "placeholder"):
        for value in re.findall(rf"\s{attribute}=\"([^\"]*)\"", EXPRESSION.sub("", text)):
            assert not re.search(r"[A-Za-z]{2,}", value), f"{attribute}: {value}"
    assert "placeholder=" not in text  # a label above, no words that vanish
