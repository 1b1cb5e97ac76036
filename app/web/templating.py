"""One Jinja2 environment per language, with translations folded in when a template is compiled."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, nodes
from jinja2.visitor import NodeTransformer

from app.core import i18n

FOLDER = Path(__file__).parent.parent / "templates"


class _Fold(NodeTransformer):
    """Replaces ``_("text")`` by the translated text, ``_("text", a=b)`` by text % {a: b}, and ``icon("name")`` by the drawing."""

    def __init__(self, language: str, icon: Callable[[str], str] | None) -> None:
        self._gettext = i18n.translations(language).gettext
        self._icon = icon

    def visit_Call(self, node: nodes.Call) -> nodes.Node:  # noqa: N802 - the visitor's naming
        self.generic_visit(node)
        if not (isinstance(node.node, nodes.Name) and len(node.args) == 1 and isinstance(node.args[0], nodes.Const)):
            return node
        if node.node.name == "icon" and self._icon and not node.kwargs:
            return nodes.MarkSafe(nodes.Const(str(self._icon(node.args[0].value)), lineno=node.lineno), lineno=node.lineno)
        return self._sentence(node, node.args[0]) if node.node.name == "_" else node

    def _sentence(self, node: nodes.Call, text: nodes.Const) -> nodes.Node:
        translated = nodes.Const(self._gettext(text.value), lineno=node.lineno)
        marked = nodes.MarkSafe(translated, lineno=node.lineno)
        if not node.kwargs:
            return marked
        pairs = [nodes.Pair(nodes.Const(k.key), k.value, lineno=node.lineno) for k in node.kwargs]
        return nodes.Mod(marked, nodes.Dict(pairs, lineno=node.lineno), lineno=node.lineno)


class FoldingEnvironment(Environment):
    """An environment that speaks one language."""

    language = "en"
    icon: Callable[[str], str] | None = None  # set once its template is there

    def getattr(self, obj: Any, attribute: str) -> Any:
        """Look into a dict first: most of what pages show are dicts, and a failed attribute costs more than all the rest."""
        if type(obj) is dict and attribute in obj:
            return obj[attribute]
        return super().getattr(obj, attribute)

    def _parse(self, source: str, name: str | None, filename: str | None) -> nodes.Template:
        tree = super()._parse(source, name, filename)
        return _Fold(self.language, self.icon).visit(tree)  # type: ignore[no-any-return]


def make_environment(language: str, globals_: dict[str, Any], reload: bool = False) -> FoldingEnvironment:
    """Return the environment of one language; what people typed is always escaped."""
    environment = FoldingEnvironment(
        loader=FileSystemLoader(FOLDER), autoescape=True, auto_reload=reload, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, cache_size=-1,
    )  # fmt: skip
    environment.language = language
    environment.globals.update(globals_)
    return environment
