"""Mapping files: a YAML description of how somebody's own CSV or JSON becomes HSDS, checked before anything is read."""

from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from app.core.i18n import _
from app.domain.directory.reading.expressions import check
from app.domain.directory.reading.fields import FIELDS, OWN_FIELDS
from app.domain.directory.reading.shapes import KINDS, Kind, Record, Unreadable

_MAX_BYTES = 300_000
_MAX_NODES = 20_000
_MAX_DEPTH = 30
_TOP = frozenset({"hearth_mapping", "title", "source", "language", "languages", "as_of", "tables", "inputs"})
_INPUT = frozenset({"file", "records", "key", "ends", "translations", "make", "when"})
_MAKE = frozenset({"kind", "id", "each", "shared", "when", "fields", "translate", "translated"})


@dataclass(frozen=True, slots=True)
class Make:
    """One kind of object made of each record, or of each element of a list in it."""

    kind: Kind
    id: Any
    fields: Record
    each: Any = None
    when: Any = None
    shared: bool = False
    translate: tuple[str, ...] = ()
    translated: dict[str, Record] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Beside:
    """A second file: a table to look things up in, or the same records in another language."""

    file: str
    key: Any
    records: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True)
class Input:
    """One file of records and what is made of them."""

    file: str
    make: tuple[Make, ...]
    records: str = ""
    key: Any = None
    ends: Any = None
    when: Any = None
    translations: tuple[Beside, ...] = ()


@dataclass(frozen=True, slots=True)
class Mapping:
    """A whole mapping file; ``as_of`` is the day on which "ended" is judged for old sets, None for today."""

    title: str
    language: str
    languages: tuple[str, ...]
    inputs: tuple[Input, ...]
    tables: dict[str, Beside]
    source: dict[str, str]
    as_of: date | None = None


def read_mapping(path: Path) -> Mapping:
    """Read and check a mapping file. Raises Unreadable with the place of the mistake."""
    try:
        if path.stat().st_size > _MAX_BYTES:
            raise Unreadable(_("The mapping file is too large."))
        content = yaml.safe_load(path.read_text(encoding="utf-8-sig"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, ValueError, RecursionError) as error:
        raise Unreadable(_("The mapping file %(file)s cannot be read.", file=path.name)) from error
    _bounded(content, [_MAX_NODES], 0)
    _keys(content, _TOP, _("the mapping"))
    if content.get("hearth_mapping") != 1:
        raise Unreadable(_("The mapping file must begin with “hearth_mapping: 1”."))
    language = str(content.get("language") or "en")
    return Mapping(
        title=str(content.get("title") or path.stem),
        language=language,
        languages=tuple(str(one) for one in _list(content.get("languages"))) or (language,),
        inputs=tuple(_input(one) for one in _list(content.get("inputs"))),
        tables={str(name): _beside(one) for name, one in _dict(content.get("tables")).items()},
        source={str(key): str(value) for key, value in _dict(content.get("source")).items()},
        as_of=_day(content.get("as_of")),
    )


def _input(content: Any) -> Input:
    _keys(content, _INPUT, "inputs")
    for name in ("key", "ends"):
        if content.get(name) is not None:
            check(content[name], name)
    return Input(
        file=_file(content.get("file")),
        make=tuple(_make(one) for one in _list(content.get("make"))),
        records=str(content.get("records") or ""),
        key=content.get("key"),
        ends=content.get("ends"),
        when=_when(content.get("when")),
        translations=tuple(_beside(one) for one in _list(content.get("translations"))),
    )


def _make(content: Any) -> Make:
    _keys(content, _MAKE, "make")
    kind = content.get("kind")
    if kind not in KINDS:
        raise Unreadable(_("In the mapping, “%(kind)s” is no kind of object we know.", kind=str(kind)))
    fields = _fields(kind, content.get("fields"))
    for name in ("id", "each"):
        if content.get(name) is not None or name == "id":
            check(content.get(name), f"{kind}.{name}")
    translated = {str(lang): _fields(kind, f) for lang, f in _dict(content.get("translated")).items()}
    translate = tuple(str(name) for name in _list(content.get("translate")))
    return Make(
        kind=kind, id=content["id"], fields=fields, each=content.get("each"), when=_when(content.get("when")),
        shared=bool(content.get("shared")), translate=translate, translated=translated,
    )  # fmt: skip


def _fields(kind: str, content: Any) -> Record:
    fields = _dict(content)
    for name, expression in fields.items():
        if name not in FIELDS[kind] and name not in OWN_FIELDS:
            raise Unreadable(_("In the mapping, a %(kind)s has no field “%(name)s”.", kind=kind, name=str(name)))
        check(expression, f"{kind}.{name}")
    return fields


def _when(content: Any) -> Any:
    """Check a condition: {from: …, is: [...]} or {from: …, not: [...]}."""
    if content is None:
        return None
    _keys(content, frozenset({"from", "is", "not"}), "when")
    if "from" not in content:
        raise Unreadable(_("In the mapping, a “when” must say “from”."))
    return content


def _beside(content: Any) -> Beside:
    _keys(content, frozenset({"file", "key", "records", "language"}), "tables")
    check(content.get("key"), "key")
    return Beside(_file(content.get("file")), content["key"], str(content.get("records") or ""),
                  str(content.get("language") or ""))  # fmt: skip


def _file(value: Any) -> str:
    name = str(value or "")
    if not name or "/" in name or "\\" in name or name.startswith(".") or "\0" in name:
        raise Unreadable(_("In the mapping, “%(file)s” must be the plain name of a file beside the others.", file=name[:80]))
    return name


def _keys(content: Any, known: frozenset[str], where: str) -> None:
    strange = set(content) - known if isinstance(content, dict) else {"?"}
    if strange:
        names = ", ".join(sorted(map(str, strange)))
        raise Unreadable(_("In the mapping, %(where)s holds something we do not know: %(names)s.", where=where, names=names))


def _list(content: Any) -> list[Any]:
    if content is None:
        return []
    if not isinstance(content, list):
        raise Unreadable(_("In the mapping, a list is expected where “%(text)s” stands.", text=str(content)[:60]))
    return content


def _dict(content: Any) -> Record:
    if content is None:
        return {}
    if not isinstance(content, dict):
        raise Unreadable(_("In the mapping, names with values are expected where “%(text)s” stands.", text=str(content)[:60]))
    return content


def _day(value: Any) -> date | None:
    try:
        return date.fromisoformat(str(value)) if value is not None else None
    except ValueError as error:
        raise Unreadable(_("In the mapping, “as_of” must be a date like 2026-01-31.")) from error


def _bounded(content: Any, left: list[int], depth: int) -> None:
    """Stop mappings whose references (&a, *a) unfold into something huge or endless."""
    left[0] -= 1
    if left[0] < 0 or depth > _MAX_DEPTH:
        raise Unreadable(_("The mapping file is too large."))
    inner = content.values() if isinstance(content, dict) else content if isinstance(content, list) else ()
    for one in inner:
        _bounded(one, left, depth + 1)
