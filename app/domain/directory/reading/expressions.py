"""How a mapping file says where a value comes from: paths, constants, templates, tables of words; no code."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import _
from app.domain.directory.reading.cleaning import date_of, is_nothing, text_of
from app.domain.directory.reading.limits import MAX_CHILDREN
from app.domain.directory.reading.shapes import Record, Unreadable

# What a dict in a mapping may say: one source of the value …
SOURCES = frozenset({"const", "from", "template", "first", "join", "keys", "each", "object", "all"})
# … and what is then done with it, in this order.
STEPS = ("texts", "without", "prefix", "split", "pattern", "lookup", "map", "prepend", "append", "default")
_EXTRA = frozenset({"with", "else", "group", "as", "take", "in", "lines"})
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_LONGEST_FOR_PATTERNS = 2_000


@dataclass(slots=True)
class Scope:
    """What an expression can see: the record, the language asked for, and the tables beside it."""

    record: Record
    language: str
    lookup: Callable[[str, str], Record | None]
    extra: Record = field(default_factory=dict)


def check(expression: Any, where: str) -> None:
    """Raise Unreadable if ``expression`` says something we do not know."""
    if isinstance(expression, str) or (isinstance(expression, list) and all(isinstance(e, str) for e in expression)):
        return
    if not isinstance(expression, dict):
        raise Unreadable(_("In the mapping, %(where)s must be the name of a column or a rule.", where=where))
    named = set(expression) & SOURCES
    strange = set(expression) - SOURCES - set(STEPS) - _EXTRA
    if len(named) != 1 or strange:
        raise Unreadable(
            _(
                "In the mapping, %(where)s has a rule we do not know: %(keys)s.",
                where=where,
                keys=", ".join(map(str, expression)),
            )
        )
    for pattern in [expression["pattern"]] if "pattern" in expression else []:
        _compiled(pattern, where)
    _check_inner(expression, where)


def _check_inner(expression: Record, where: str) -> None:
    for key in ("first", "join", "all"):
        for inner in expression.get(key) or ():
            check(inner, where)
    for key in ("as", "object"):
        for name, inner in (expression.get(key) or {}).items():
            check(inner, f"{where}.{name}")
    if "each" in expression:
        check(expression["each"], where)


def _compiled(pattern: Any, where: str) -> "re.Pattern[str]":
    try:
        return re.compile(str(pattern))
    except re.error as error:
        raise Unreadable(_("In the mapping, the pattern of %(where)s is not correct.", where=where)) from error


def value_of(expression: Any, scope: Scope) -> Any:
    """Return the value an expression stands for in this scope; None where there is none."""
    if isinstance(expression, str | list):
        found = at(scope, expression)
        return None if is_nothing(found) else found
    source = next(key for key in expression if key in SOURCES)
    value = _SOURCE[source](expression, scope)
    for step in STEPS:
        if step in expression:
            value = _stepped(step, value, expression, scope)
    return None if is_nothing(value) else value


def at(scope: Scope, path: str | list[str]) -> Any:
    """Return what stands at "a.b.c" or, where names hold dots, at ["a", "b.c"]; None if nothing does."""
    if isinstance(path, str) and path in scope.record:
        return scope.record[path]
    keys = path.split(".") if isinstance(path, str) else path
    value: Any = scope.extra if keys and keys[0] in scope.extra else scope.record
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key)
        elif isinstance(value, list) and key.isdecimal() and int(key) < len(value):
            value = value[int(key)]
        else:
            return None
    return value


def _template(expression: Record, scope: Scope) -> str | None:
    """Fill {names}; a template with a gap says nothing at all."""
    gaps = False

    def fill(found: re.Match[str]) -> str:
        nonlocal gaps
        text = text_of(at(scope, found[1]))
        gaps = gaps or text is None
        return text or ""

    filled = _PLACEHOLDER.sub(fill, str(expression["template"]))
    return None if gaps else filled


def _first(expression: Record, scope: Scope) -> Any:
    found = (value_of(inner, scope) for inner in expression["first"])
    return next((value for value in found if value is not None), None)


def _join(expression: Record, scope: Scope) -> str | None:
    parts: list[str] = []
    for inner in expression["join"]:
        value = value_of(inner, scope)
        parts += [t for t in map(text_of, value if isinstance(value, list) else [value]) if t]
    return str(expression.get("with", " ")).join(parts) or None


def _keys(expression: Record, scope: Scope) -> list[str]:
    """Return the names that are said yes to in a map like {"Walk-in": true, "Referrals only": false}."""
    found = at(scope, expression["keys"])
    no = (None, False, 0, "", "0", "no", "No", "false")
    return [key for key, value in found.items() if value not in no] if isinstance(found, dict) else []


def _elements(expression: Record, scope: Scope) -> Iterator[Scope]:
    found = value_of(expression["each"], scope)
    if isinstance(found, str) and "lines" in expression:
        found = found.splitlines()
    values = found if isinstance(found, list) else [] if found is None else [found]
    for n, value in enumerate(values[:MAX_CHILDREN], 1):
        if not is_nothing(value):
            yield Scope(scope.record, scope.language, scope.lookup, {**scope.extra, "item": value, "n": str(n)})


def _each(expression: Record, scope: Scope) -> list[Record]:
    """Return one object per element, or one per element of a list inside it ("as" may hold another "all")."""
    return [made for inner in _elements(expression, scope) if (made := fields_of(expression["as"], inner))]


def _object(expression: Record, scope: Scope) -> list[Record]:
    made = fields_of(expression["object"], scope)
    return [made] if made else []


def _all(expression: Record, scope: Scope) -> list[Any]:
    found: list[Any] = []
    for inner in expression["all"]:
        value = value_of(inner, scope)
        found += value if isinstance(value, list) else [] if value is None else [value]
    return found


def fields_of(fields: Record, scope: Scope) -> Record:
    """Return the values of {field: expression}; {} if only constants have one, for a constant alone tells nothing."""
    made = {name: value for name, e in fields.items() if (value := value_of(e, scope)) is not None}
    return made if any(not (isinstance(fields[name], dict) and "const" in fields[name]) for name in made) else {}


_SOURCE: dict[str, Callable[[Record, Scope], Any]] = {
    "const": lambda e, _s: e["const"],
    "from": lambda e, s: at(s, e["from"]),
    "template": _template,
    "first": _first,
    "join": _join,
    "keys": _keys,
    "each": _each,
    "object": _object,
    "all": _all,
}


def _stepped(step: str, value: Any, expression: Record, scope: Scope) -> Any:
    if step == "default":
        return expression["default"] if is_nothing(value) else value
    if is_nothing(value):
        return None
    if isinstance(value, list) and step != "split":
        return [v for one in value if not is_nothing(v := _stepped(step, one, expression, scope))]
    return _STEP[step](value, expression, scope)


def _texts(value: Any, _expression: Record, scope: Scope) -> Any:
    return value.get(scope.language) if isinstance(value, dict) else value


def _without(value: Any, expression: Record, _scope: Scope) -> Any:
    return None if str(value).strip() in {str(v) for v in expression["without"]} else value


def _split(value: Any, expression: Record, _scope: Scope) -> list[str]:
    values = value if isinstance(value, list) else [value]
    return [part.strip() for v in values for part in str(v).split(str(expression["split"])) if part.strip()]


def _pattern(value: Any, expression: Record, _scope: Scope) -> Any:
    text = " ".join(str(value).split())
    if len(text) > _LONGEST_FOR_PATTERNS:
        return None
    found = re.fullmatch(str(expression["pattern"]), text)
    if not found:
        return None
    group = expression.get("group")
    return found.groupdict().get(str(group)) if group else found[0]


def _lookup(value: Any, expression: Record, scope: Scope) -> Any:
    rule = expression["lookup"]
    row = scope.lookup(str(rule.get("in")), str(value))
    if row is None:
        return None
    taken = at(Scope(row, scope.language, scope.lookup), rule.get("take", "name"))
    return _texts(taken, expression, scope)


def _map(value: Any, expression: Record, _scope: Scope) -> Any:
    table = {str(key): v for key, v in expression["map"].items()}
    text = str(value).strip()
    if text in table:
        return table[text]
    return value if expression.get("else") == "keep" else None


_STEP: dict[str, Callable[[Any, Record, Scope], Any]] = {
    "texts": _texts,
    "without": _without,
    "prefix": lambda v, e, _s: str(v)[: int(e["prefix"])],
    "split": _split,
    "pattern": _pattern,
    "lookup": _lookup,
    "map": _map,
    "prepend": lambda v, e, _s: f"{e['prepend']}{v}",
    "append": lambda v, e, _s: f"{v}{e['append']}",
}


def day_of(expression: Any, scope: Scope) -> str | None:
    """Return the ISO date an expression gives, or None."""
    text = text_of(value_of(expression, scope))
    return date_of(text) if text else None
