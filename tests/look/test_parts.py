"""Layouts and components as HTML: they parse, they escape, they carry what every page must carry."""

import re
from typing import Any

import html5lib  # type: ignore[import-untyped]
import pytest

from tests.look.preview import PAGES, environment, render

HOSTILE = "\"><script>x()</script><b a='1"
MACRO = re.compile(r"{%-? macro ([a-z]\w*)\(")
FILES = ["art", "bits", "cards", "desk", "forms", "icon"]


def sources() -> str:
    """Return the text of every sample and component template."""
    loader = environment().loader
    assert loader is not None
    names = [name for name in loader.list_templates() if name.startswith("components/") or name.removesuffix(".html") in PAGES]
    return "".join(loader.get_source(environment(), name)[0] for name in names)


def part(call: str, **context: Any) -> str:
    """Render one macro call with all component files at hand."""
    imports = "".join(
        f'{{% import "components/{name}.html" as {alias} with context %}}'
        for name, alias in (("bits", "b"), ("cards", "c"), ("desk", "d"), ("forms", "f"))
    )
    return environment().from_string(imports + call).render(csrf="token", **context)


@pytest.mark.parametrize("language", ["en", "ar"])
@pytest.mark.parametrize("name", PAGES)
def test_every_page_parses_without_an_error(name: str, language: str) -> None:
    parser = html5lib.HTMLParser(strict=False)
    parser.parse(render(name, language))
    assert parser.errors == []


@pytest.mark.parametrize("name", PAGES)
def test_no_inline_code_or_style(name: str) -> None:
    html = render(name)
    assert not re.search(r"\s(?:style|on\w+)\s*=", html)
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == []
    assert html.count("<style") == 1


@pytest.mark.parametrize("name", PAGES)
def test_ids_are_unique_and_references_lead_somewhere(name: str) -> None:
    html = render(name)
    ids = re.findall(r'\sid="([^"]+)"', html)
    wanted = (
        re.findall(r'\s(?:for|href)="#?((?:f-|main)[\w-]*)"', html) + " ".join(re.findall(r'describedby="([^"]+)"', html)).split()
    )
    assert len(ids) == len(set(ids))
    assert set(wanted) <= set(ids)


@pytest.mark.parametrize("name", FILES)
def test_every_macro_is_shown_somewhere(name: str) -> None:
    loader = environment().loader
    assert loader is not None
    text = sources()
    macros = MACRO.findall(loader.get_source(environment(), f"components/{name}.html")[0])
    assert macros
    assert [macro for macro in macros if not re.search(rf"(?<!macro )\b{macro}\(", text)] == []


@pytest.mark.parametrize(
    "call",
    [
        "{{ b.tile(x, x, 'home', listen=x) }}", "{{ b.badge(x, x) }}", "{{ b.meta([x, ('pin', x)]) }}", "{{ b.crumb(x, x) }}",
        "{{ b.button(x, x) }}", "{{ b.pager(x, x) }}", "{{ b.empty(x, x, x, x) }}", "{{ b.key_grid([x], x) }}",
        "{{ b.ladder([('home', x, true)]) }}", "{{ b.keep(x, x, x, 1, [x]) }}", "{{ b.steps(x, x) }}",
        "{% call b.note(x, x) %}{{ x }}{% endcall %}", "{% call b.confirm(x, x, [x]) %}{{ x }}{% endcall %}",
        "{% call f.form(x, autosave=x) %}{{ x }}{% endcall %}", "{{ f.field('n', x, form, hint=x) }}",
        "{{ f.area('n', x, form, hint=x) }}",
        "{{ f.select('n', x, [(x, x)], form) }}", "{{ f.radios('n', x, [(x, x, x)], form) }}", "{{ f.submit(x, name=x, value=x) }}",
        "{{ f.error_summary(form) }}", "{{ d.table(x, [(x, '')], [[x]]) }}", "{{ d.marked([(x, 1)], x) }}",
        "{{ c.freshness('old', x) }}",
    ],
)  # fmt: skip
def test_what_people_typed_is_always_escaped(call: str) -> None:
    class Form:
        values = {"n": HOSTILE}
        errors = {"n": HOSTILE, "": HOSTILE}

    html = part(call, x=HOSTILE, form=Form())
    assert HOSTILE not in html
    assert "<script" not in html
    assert "script&gt;x()" in html


@pytest.mark.parametrize(
    "card",
    ["c.story_card(it)", "c.service_card(it)", "c.consent_card(it)", "d.case_card(it)", "d.finding(it)", "b.audio_player(it)"],
)
def test_cards_escape_every_attribute(card: str) -> None:
    class Everything(dict[str, Any]):
        def __missing__(self, key: str) -> Any:
            return {"themes": [HOSTILE], "needs": [HOSTILE], "language_names": [HOSTILE], "freshness": "due", "shape": "book",
                    "listen_seconds": 30, "over_text": None, "heavy": False}.get(key, HOSTILE)  # fmt: skip

        def __getattr__(self, key: str) -> Any:
            return self[key]

    html = part(f"{{{{ {card} }}}}", it=Everything())
    assert "<script" not in html
    assert "script&gt;x()" in html


def test_a_form_carries_its_tokens_and_only_when_it_posts() -> None:
    post = part("{% call f.form('/x') %}{% endcall %}")
    assert 'name="csrf" value="token"' in post
    assert 'name="once" value="fixed-for-samples"' in post
    assert "csrf" not in part("{% call f.form('/x', method='get') %}{% endcall %}")


def test_an_error_stands_at_its_field_and_on_top_and_in_the_title() -> None:
    html = render("name")
    assert "<title>Error: What to call you – Hearth</title>" in html
    assert '<a href="#f-name">Choose another name' in html
    assert re.search(r'id="f-name"[^>]*aria-describedby="e-name" aria-invalid="true"', html)
    assert 'id="e-name"><b>Error:</b> Choose another name' in html
    assert "Amina &lt;b&gt;&#34;x&#34;&lt;/b&gt;" in html


def test_an_unticked_choice_is_never_ticked_for_somebody() -> None:
    assert "checked" not in part(
        "{{ f.checkbox('n', 'Radio may read it', none) }}{{ f.checkboxes('m', 'About', [('a', 'A')], none) }}"
    )


def test_a_password_is_never_written_back() -> None:
    class Form:
        values = {"n": "hush"}
        errors: dict[str, str] = {}

    assert "hush" not in part("{{ f.field('n', 'Key', form, type='password') }}", form=Form())


@pytest.mark.parametrize("name", [name for name in PAGES if name != "card"])
def test_every_page_offers_language_leave_a_person_and_the_five_places(name: str) -> None:
    html = render(name)
    order = [
        html.index(words) for words in ('href="/language?next=', 'action="/leave"', "<main", "Need a person?", '<nav class="tabs"')
    ]
    assert order == sorted(order)
    assert html.count('aria-current="page"') == ("here" in PAGES[name])
    assert re.findall(r'<a href="([^"]+)"', html[html.index('<nav class="tabs"') :]) == ["/", "/stories", "/groups", "/help", "/me"]


def test_the_printed_card_names_nobody() -> None:
    html = re.sub(r"<style>.*?</style>", "", render("card"), flags=re.DOTALL)
    assert "Hearth" not in re.sub(r"<[^>]+>", "", html.replace("<title>Words</title>", ""))
    assert "<title>Words</title>" in html


def test_an_icon_we_do_not_have_stops_the_page() -> None:
    with pytest.raises(Exception, match="no-such-icon"):
        part("{{ icon('no-such-icon') }}")


def test_icons_that_point_along_the_line_mirror_and_play_does_not() -> None:
    assert "flip" in part("{{ icon('back') }}")
    assert "flip" not in part("{{ icon('play') }}{{ icon('clock') }}{{ icon('check') }}")


def test_there_are_enough_icons_and_each_is_small() -> None:
    shapes = environment().get_template("components/icon.html").module.shapes  # type: ignore[attr-defined]
    assert len(shapes) >= 40
    assert max(len(shape) for shape in shapes.values()) <= 260
