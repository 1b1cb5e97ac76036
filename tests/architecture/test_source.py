"""Habits that hold in every module: one clock, no print, no weak chance, no markup or SQL put together by hand, budgets."""

import ast
import re
from collections import defaultdict
from collections.abc import Callable

import pytest

from tests.architecture import reviewed
from tests.architecture.routes import routes
from tests.architecture.source import APP, ROOT, STATIC, Function, Module, calls, modules, templates, where

PROGRAM = modules("app")
MOST_LINES, MOST_FUNCTION, MOST_TEMPLATE, MOST_ENDPOINT = 300, 40, 100, 12
SQL = re.compile(r"^\s*(SELECT|INSERT|UPDATE|DELETE|CREATE|DROP|ALTER|PRAGMA|WITH)\b", re.IGNORECASE)


def _found(test: Callable[[str, ast.Call], bool], but: tuple[str, ...] = ()) -> list[str]:
    places = [where(m, call) for m in PROGRAM.values() for name, call in calls(m.tree, m) if test(name, call)]
    return [p for p in places if not p.startswith(but)] if but else places


def _file(module: Module) -> str:
    return module.path.relative_to(ROOT).as_posix()


def test_every_module_says_what_it_is() -> None:
    assert len(PROGRAM) > 100
    assert [_file(m) for m in PROGRAM.values() if not ast.get_docstring(m.tree)] == []


def test_there_is_one_clock() -> None:
    clocks = {
        "datetime.datetime.now", "datetime.datetime.utcnow", "datetime.datetime.today", "datetime.date.today", "datetime.now",
        "datetime.today", "date.today", "time.localtime", "time.gmtime",
    }  # fmt: skip
    assert _found(lambda n, _c: n in clocks, but=("app/core/clock.py",)) == []


def test_only_the_command_line_prints() -> None:
    assert _found(lambda n, _c: n == "print", but=("app/cli.py", "app/commands/", "app/__main__.py")) == []


def test_chance_comes_from_the_machine() -> None:
    """``random`` can be foretold; only its SystemRandom cannot."""
    weak = [n for m in PROGRAM.values() for n, _c in calls(m.tree, m) if n.startswith("random.") and n != "random.SystemRandom"]
    assert weak == []
    assert [_file(m) for m in PROGRAM.values() for d in m.names.values() if d.startswith(("random.", "uuid.uuid1"))] == []


def test_markup_is_made_in_reviewed_places_only() -> None:
    made = {_file(m) for m in PROGRAM.values() for n, _c in calls(m.tree, m) if n.rsplit(".", 1)[-1] in ("Markup", "MarkSafe")}
    made -= {"app/web/templating.py"}  # folds our own catalogues in
    assert sorted(made) == sorted(reviewed.MARKUP)
    taken = [n for n, text in templates().items() if re.search(r"\|\s*safe\b|autoescape\s+false", text)]
    assert sorted(taken) == sorted(reviewed.SAFE_FILTERS)
    assert "autoescape=True" in (APP / "web" / "templating.py").read_text(encoding="utf-8")


def _put_together(node: ast.expr) -> bool:
    if isinstance(node, ast.JoinedStr):
        first = node.values[0] if node.values else None
        return isinstance(first, ast.Constant) and bool(SQL.match(str(first.value)))
    if isinstance(node, ast.BinOp) and isinstance(node.op, (ast.Add, ast.Mod)):
        return isinstance(node.left, ast.Constant) and bool(SQL.match(str(node.left.value)))
    is_format = isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    return is_format and isinstance(node.func.value, ast.Constant) and bool(SQL.match(str(node.func.value.value)))


def test_statements_are_not_put_together_from_strings() -> None:
    found = {_file(m) for m in PROGRAM.values() for n in ast.walk(m.tree) if isinstance(n, ast.expr) and _put_together(n)}
    assert sorted(found) == sorted(reviewed.SQL_FROM_PARTS)


def test_no_shell_no_eval_no_pickle() -> None:
    def shell(_name: str, call: ast.Call) -> bool:
        return any(k.arg == "shell" and getattr(k.value, "value", None) is not False for k in call.keywords)

    never = ("eval", "exec", "compile", "os.system", "os.popen", "pickle.loads", "pickle.load", "marshal.loads", "yaml.load")
    assert _found(shell) == []
    assert _found(lambda n, _c: n in never) == []


def test_nobody_else_is_asked() -> None:
    """No page and no script names another site (promise 10)."""
    allowed = re.compile(r"https?://(www\.w3\.org/|127\.0\.0\.1)")
    found = defaultdict(list)
    files = [*APP.joinpath("templates").rglob("*.html"), *(p for p in STATIC.rglob("*") if p.suffix in (".css", ".js", ".svg"))]
    for path in files:
        for address in re.findall(r"(?:https?:)?//[a-z0-9-]+\.[a-z]{2,}[^\s\"')]*", path.read_text(encoding="utf-8")):
            if "vendor" not in path.parts and not allowed.match(address):
                found[path.relative_to(APP).as_posix()].append(address)
    assert dict(found) == {}


def _lines(node: ast.AST) -> int:
    return (getattr(node, "end_lineno", 0) or 0) - getattr(node, "lineno", 0) + 1


def _body(function: Function) -> int:
    """Return the lines of a function without its signature and docstring."""
    body = function.body[1:] if ast.get_docstring(function) else function.body
    return (body[-1].end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_modules_are_short() -> None:
    long = [_file(m) for m in PROGRAM.values() if m.text.count("\n") > MOST_LINES]
    assert sorted(long) == sorted(reviewed.LONG_MODULES)


def test_functions_are_short() -> None:
    every = [(m, n) for m in PROGRAM.values() for n in ast.walk(m.tree) if isinstance(n, Function)]
    long = [f"{_file(m)}:{n.name}" for m, n in every if _lines(n) > MOST_FUNCTION]
    assert sorted(long) == sorted(reviewed.LONG_FUNCTIONS)
    sizes = sorted(_lines(n) for _m, n in every)
    assert sizes[len(sizes) * 9 // 10] <= 20  # nine of ten


def test_endpoints_are_short() -> None:
    long = []
    for name in {f"{r.endpoint.__module__}.{r.endpoint.__name__}" for r in routes()}:
        module = PROGRAM[name.rpartition(".")[0]]
        if _body(module.functions[name.rpartition(".")[2]]) > MOST_ENDPOINT:
            long.append(name.removeprefix("app.routers."))
    assert sorted(long) == sorted(reviewed.LONG_ENDPOINTS)


def test_templates_are_short() -> None:
    assert sorted(n for n, text in templates().items() if text.count("\n") > MOST_TEMPLATE) == sorted(reviewed.LONG_TEMPLATES)


@pytest.mark.parametrize("name", ["utils", "helpers", "manager", "base", "common", "misc"])
def test_nothing_is_called_so_that_it_says_nothing(name: str) -> None:
    assert [n for n in PROGRAM if name in n.split(".")] == []
