"""The program's own text, read as trees: modules, functions, who calls whom."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

ROOT = Path(__file__).parents[2]
APP = ROOT / "app"
TEMPLATES = APP / "templates"
STATIC = APP / "static"
Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Module:
    """One Python file: its dotted name, its tree, its text, what its imports mean."""

    name: str
    path: Path
    text: str
    tree: ast.Module
    names: dict[str, str] = field(default_factory=dict)  # name as used here -> dotted name

    @property
    def functions(self) -> dict[str, Function]:
        """Return the functions at the top of the module."""
        return {n.name: n for n in self.tree.body if isinstance(n, Function)}


def _dotted(path: Path) -> str:
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def _imports(tree: ast.Module) -> dict[str, str]:
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            found |= {a.asname or a.name: f"{node.module}.{a.name}" for a in node.names}
        elif isinstance(node, ast.Import):
            found |= {a.asname or a.name.split(".")[0]: a.name if a.asname else a.name.split(".")[0] for a in node.names}
    return found


@cache
def modules(under: str = "app") -> dict[str, Module]:
    """Return every module below ``under`` (a dotted name), by dotted name."""
    folder = ROOT / under.replace(".", "/")
    files = sorted(folder.rglob("*.py")) if folder.is_dir() else [folder.with_suffix(".py")]
    made = {}
    for path in files:
        text = path.read_text(encoding="utf-8")
        tree = ast.parse(text)
        made[_dotted(path)] = Module(_dotted(path), path, text, tree, _imports(tree))
    return made


def dotted(node: ast.AST, module: Module) -> str:
    """Return what a name or an attribute stands for ("db.commit", "app.core.verdict.require"), "" for anything else."""
    if isinstance(node, ast.Name):
        return module.names.get(node.id) or (f"{module.name}.{node.id}" if node.id in module.functions else node.id)
    if isinstance(node, ast.Attribute):
        before = dotted(node.value, module)
        return f"{before}.{node.attr}" if before else f"?.{node.attr}"
    return ""


def calls(node: ast.AST, module: Module) -> Iterator[tuple[str, ast.Call]]:
    """Yield every call inside ``node`` with the dotted name of what is called."""
    for inner in ast.walk(node):
        if isinstance(inner, ast.Call):
            yield dotted(inner.func, module), inner


def where(module: Module, node: ast.AST) -> str:
    """Return file and line for a message."""
    return f"{module.path.relative_to(ROOT).as_posix()}:{getattr(node, 'lineno', 0)}"


def templates() -> dict[str, str]:
    """Return every template by its name below app/templates."""
    return {p.relative_to(TEMPLATES).as_posix(): p.read_text(encoding="utf-8") for p in sorted(TEMPLATES.rglob("*.html"))}
