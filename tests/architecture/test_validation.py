"""docs/validation.md says what every form takes and how often: it is compared with the forms and the limits."""

import importlib
import pkgutil
import re
from typing import Any, Literal, get_args, get_origin

import pytest
from pydantic import BaseModel

import app.schemas
from app.web import body, devices, limits
from app.web.limits import Limit
from tests.architecture.source import APP, ROOT, modules

TEXT = (ROOT / "docs" / "validation.md").read_text(encoding="utf-8")
ROWS = [[cell.strip() for cell in line.strip("|").split("|")] for line in TEXT.splitlines() if line.startswith("| `")]
FIELDS = {(row[0].strip("`"), row[1].strip("`")): (row[2], row[3]) for row in ROWS if len(row) == 5}
TIMES = {m[1]: (int(m[2]), int(m[3])) for m in re.finditer(r"^\| `([\w-]+)` \| (\d+) \| (\d+) \| ", TEXT, re.MULTILINE)}


LONGEST_LETTER = len("%F0%9E%A4%80")


def _forms() -> list[type[BaseModel]]:
    found = []
    for info in pkgutil.iter_modules(app.schemas.__path__, "app.schemas."):
        module = importlib.import_module(info.name)
        kinds = [k for k in vars(module).values() if isinstance(k, type) and issubclass(k, BaseModel)]
        found += [k for k in kinds if k.__module__ == module.__name__]
    return found


def _own() -> dict[tuple[str, str], Any]:
    """Return the fields by form, each where it is declared."""
    return {(k.__name__, f): k.model_fields[f] for k in _forms() for f in vars(k).get("__annotations__", {})}


OWN = _own()


def _limit(info: Any, name: str) -> int | None:
    return next((getattr(m, name) for m in info.metadata if getattr(m, name, None) is not None), None)


def test_every_field_is_described_and_nothing_else() -> None:
    assert len(OWN) > 60
    assert sorted(FIELDS) == sorted(OWN)


@pytest.mark.parametrize("which", sorted(OWN), ids=".".join)
def test_the_limit_is_the_programs(which: tuple[str, str]) -> None:
    takes, most = FIELDS[which]
    info = OWN[which]
    if (longest := _limit(info, "max_length")) is not None:
        assert most == str(longest)
        assert takes in ("text", "list")
    if (least := _limit(info, "ge")) is not None:
        assert most == f"{least} to {_limit(info, 'le')}"
    if get_origin(info.annotation) is Literal:
        assert takes == "choice"
        assert all(str(a) in most for a in get_args(info.annotation) if a)


@pytest.mark.parametrize("which", sorted(OWN), ids=".".join)
def test_every_text_and_number_has_an_end(which: tuple[str, str]) -> None:
    info = OWN[which]
    if info.annotation is str:
        assert _limit(info, "max_length") or _limit(info, "pattern"), "a text without a limit"
    if info.annotation in (int, int | None):
        assert _limit(info, "le") is not None
        assert _limit(info, "ge") is not None


def test_how_often_is_the_programs() -> None:
    found: dict[str, tuple[int, int]] = {}
    for name in modules("app.routers"):
        for value in vars(importlib.import_module(name)).values():
            if isinstance(value, Limit):
                found[value.name] = (value.times, value.seconds)
    for module in (limits, devices):
        found |= {v.name: (v.times, v.seconds) for v in vars(module).values() if isinstance(v, Limit)}
    assert found == TIMES


def test_sizes_are_the_programs() -> None:
    assert f"{body.BODY_LIMIT // 1024} kB" in TEXT
    assert f"{body.UPLOAD_LIMIT // 1_000_000} MB" in TEXT
    assert f"{body.KEPT_OF_FILES // 1024 // 1024} MB" in TEXT


@pytest.mark.parametrize("form", _forms(), ids=lambda form: form.__name__)
def test_every_form_within_its_limits_can_be_sent(form: type[BaseModel]) -> None:
    """A letter is up to twelve bytes on its way; a list as long as it may be has its longest words."""
    longest = 0
    for name, info in form.model_fields.items():
        letters = _limit(info, "max_length") or 40
        each = 40 if info.annotation is not str and get_origin(info.annotation) is list else 1
        longest += letters * each * LONGEST_LETTER + (len(name) + 2) * each
    assert longest + 2_000 < body.BODY_LIMIT  # and token, number and buttons


def test_files_that_hold_a_rule_exist() -> None:
    named = set(re.findall(r"`((?:domain|routers|web|accounts|directory|media|stories)/[\w/]+\.py)`", TEXT))
    assert len(named) > 8
    assert [n for n in named if not (APP / n).exists() and not (APP / "domain" / n).exists()] == []


@pytest.mark.parametrize("name", ["JoinName", "WriteStory", "Decide"])
def test_a_form_takes_no_other_fields(name: str) -> None:
    """Mass assignment (A13): what is not declared is not even read."""
    from starlette.datastructures import FormData

    from app.web.forms import read_values

    form = next(k for k in _forms() if k.__name__ == name)
    sent = FormData([*((f, "1") for f in form.model_fields), ("role", "coordinator"), ("author_id", "1"), ("status", "published")])
    assert set(read_values(sent, form)) <= set(form.model_fields)
