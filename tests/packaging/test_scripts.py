"""The runner of all checks does not call a check good that failed or never ran; the catalogue check finds lost words."""

import sys
from importlib.machinery import SourceFileLoader
from importlib.util import module_from_spec, spec_from_loader
from pathlib import Path
from types import ModuleType

import pytest

SCRIPTS = Path(__file__).parents[2] / "scripts"


def load(name: str, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """Import a script that has no ending, without leaving a cache next to it."""
    monkeypatch.setattr(sys, "dont_write_bytecode", True)
    spec = spec_from_loader(f"script_{name}", SourceFileLoader(f"script_{name}", str(SCRIPTS / name)))
    assert spec
    assert spec.loader
    module = module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, module)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def runner(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load("test", monkeypatch)


@pytest.fixture
def catalogues(monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    return load("catalogues", monkeypatch)


@pytest.mark.parametrize(
    ("states", "strict", "code"),
    [
        (["passed", "passed"], True, 0),
        (["passed", "failed"], False, 1),
        (["passed", "not run"], False, 0),
        (["passed", "not run"], True, 1),
    ],
)
def test_the_summary_counts(
    runner: ModuleType, capsys: pytest.CaptureFixture[str], states: list[str], strict: bool, code: int
) -> None:
    outcomes = [runner.Outcome(f"check {at}", state, 1.0, "last line") for at, state in enumerate(states)]
    assert runner.summary(outcomes, strict=strict) == code
    shown = capsys.readouterr().out
    assert ("FAILED: check 1" in shown) == bool(code)
    assert ("!!! NOT RUN: check 1" in shown) == ("not run" in states)


@pytest.mark.parametrize(("code", "state"), [(0, "passed"), (3, "failed")])
def test_a_check_shows_its_output_and_keeps_the_last_line(
    runner: ModuleType, capsys: pytest.CaptureFixture[str], code: int, state: str
) -> None:
    script = f"print('first'); print('41 passed in 2 s'); raise SystemExit({code})"
    outcome = runner.run("demo", [sys.executable, "-c", script])
    assert (outcome.state, outcome.note) == (state, "41 passed in 2 s")
    assert "=== demo ===" in (shown := capsys.readouterr().out)
    assert "first\n41 passed" in shown


def test_without_browser_and_server_both_are_named_loudly(
    runner: ModuleType, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(runner, "chromium_path", lambda: None)
    monkeypatch.setattr(runner.postgres, "postgres_bin", lambda: None)
    assert [runner.on_postgresql().state, runner.in_the_browser().state] == ["not run", "not run"]
    lines = [line for line in capsys.readouterr().out.splitlines() if line.startswith("!!! NOT RUN")]
    assert len(lines) == 2


HEAD = 'msgid ""\nmsgstr ""\n"Content-Type: text/plain; charset=UTF-8\\n"\n"Plural-Forms: nplurals=2; plural=(n > 1);\\n"\n\n'


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ('msgid "Hello %(name)s."\nmsgstr "Bonjour %(name)s."', None),
        ('msgid "Hello %(name)s."\nmsgstr ""', None),
        ('msgid "Hello %(name)s."\nmsgstr "Bonjour."', "leaves out name"),
        ('msgid "Hello %(name)s."\nmsgstr "Bonjour %(nom)s."', "does not fill: nom"),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "un jour"\nmsgstr[1] "%(n)s jours"', None),
        ('msgid "%(n)s day"\nmsgid_plural "%(n)s days"\nmsgstr[0] "%(x)s jour"\nmsgstr[1] "%(n)s jours"', "fill: x"),
        ('nonsense here\nmsgid "a"\nmsgstr "b"', "cannot be read"),
    ],
)
def test_catalogues(catalogues: ModuleType, tmp_path: Path, entry: str, fault: str | None) -> None:
    path = tmp_path / "fr" / "LC_MESSAGES" / "messages.po"
    path.parent.mkdir(parents=True)
    path.write_text(HEAD + entry + "\n")
    found = list(catalogues.faults(path))
    assert bool(found) == bool(fault), found
    assert not fault or fault in found[0]
