"""What each function of the domain does to rows, found by following its calls through the source."""

import ast
from dataclasses import dataclass
from functools import cache

from tests.architecture.source import Function, Module, calls, dotted, modules

ADDS = ("add", "add_all", "delete", "merge")
STATEMENTS = ("insert", "update", "delete")
ENDS = ("commit", "rollback", "transaction", "writing")
READERS = ("queries", "reading", "shown", "feeds")  # modules that only ask


@dataclass(frozen=True, slots=True)
class Deeds:
    """What a function does itself, and which functions of the domain it uses."""

    changes: bool
    requires: bool
    records: bool
    commits: bool
    uses: frozenset[str]


@dataclass(frozen=True, slots=True)
class Verb:
    """A public function that changes rows, with everything below it."""

    name: str  # without "app.domain."
    acted: bool  # somebody acts: it takes an Actor
    requires: bool
    records: bool
    commits: bool


def _changes_by_call(name: str) -> bool:
    first, last = name.split(".", 1)[0], name.rsplit(".", 1)[-1]
    on_session = first in ("db", "session") and last in ADDS
    return on_session or name == "app.core.db.add_all" or (first == "sqlalchemy" and last in STATEMENTS)


def _changes_by_assignment(function: Function) -> bool:
    for node in ast.walk(function):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target] if isinstance(node, ast.AugAssign) else []
        for target in (t for one in targets for t in ast.walk(one)):
            if isinstance(target, ast.Attribute) and isinstance(target.value, ast.Name) and target.value.id != "self":
                return True
    return False


def _uses(function: Function, module: Module) -> set[str]:
    known = modules("app.domain")
    found = {dotted(n, module) for n in ast.walk(function) if isinstance(n, (ast.Name, ast.Attribute))}
    return {n for n in found if n.rpartition(".")[0] in known and n.rpartition(".")[2] in known[n.rpartition(".")[0]].functions}


def _deeds(function: Function, module: Module) -> Deeds:
    called = {name for name, _call in calls(function, module)}
    reader = module.name.rsplit(".", 1)[-1] in READERS
    return Deeds(
        changes=any(map(_changes_by_call, called)) or (not reader and _changes_by_assignment(function)),
        requires="app.core.verdict.require" in called,
        records="app.domain.audit.actions.record" in called,
        commits=any(n.rsplit(".", 1)[-1] in ENDS and not n.startswith("savepoint.") for n in called),
        uses=frozenset(_uses(function, module)),
    )


@cache
def deeds() -> dict[str, Deeds]:
    """Return what every function at the top of a domain module does."""
    return {f"{m.name}.{name}": _deeds(f, m) for m in modules("app.domain").values() for name, f in m.functions.items()}


def below(name: str) -> set[str]:
    """Return the function and everything of the domain that it uses, the audit trail left out."""
    seen: set[str] = set()
    ahead = [name]
    while ahead:
        one = ahead.pop()
        if one in seen or one.startswith("app.domain.audit."):
            continue
        seen.add(one)
        ahead += deeds()[one].uses
    return seen


def _takes(function: Function, *kinds: str) -> bool:
    wanted = [ast.unparse(a.annotation) for a in [*function.args.args, *function.args.kwonlyargs] if a.annotation]
    return any(kind in text for text in wanted for kind in kinds)


@cache
def verbs() -> dict[str, Verb]:
    """Return every public function of the domain that changes rows in the database."""
    found = {}
    for module in modules("app.domain").values():
        for name, function in module.functions.items():
            full = f"{module.name}.{name}"
            if name.startswith("_") or not _takes(function, "Session", "Connection", "Database"):
                continue
            all_of_it = [deeds()[n] for n in below(full)]
            if any(d.changes for d in all_of_it):
                short = full.removeprefix("app.domain.")
                found[short] = Verb(
                    short, _takes(function, "Actor"), any(d.requires for d in all_of_it), any(d.records for d in all_of_it),
                    any(d.commits for d in all_of_it),
                )  # fmt: skip
    return found


@cache
def used_by(layer: str) -> frozenset[str]:
    """Return the functions of the domain (short names) that modules of a layer name anywhere."""
    known = deeds()
    found: set[str] = set()
    for module in modules(layer).values():
        for node in ast.walk(module.tree):
            if isinstance(node, (ast.Name, ast.Attribute)) and dotted(node, module) in known:
                found.add(dotted(node, module).removeprefix("app.domain."))
    return frozenset(found)


RECORD = "app.domain.audit.actions.record"


@cache
def recorded() -> frozenset[str]:
    """Return every verb that the domain records: written at the call, or handed to the function that records it."""
    found: set[str] = set()
    for module in modules("app.domain").values():
        for function in module.functions.values():
            for name, call in calls(function, module):
                if name == RECORD:
                    found |= _words(call.args[2], function, module)
    return frozenset(found)


def _words(node: ast.expr, function: Function, module: Module) -> set[str]:
    if isinstance(node, ast.Constant):
        return {str(node.value)}
    if isinstance(node, ast.IfExp):
        return _words(node.body, function, module) | _words(node.orelse, function, module)
    place = [a.arg for a in function.args.args].index(ast.unparse(node))  # a parameter: then the callers say it
    used = [c for name, c in calls(module.tree, module) if name == f"{module.name}.{function.name}"]
    return {word for call in used for word in _words(call.args[place], function, module)}
