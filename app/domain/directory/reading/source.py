"""The one way in: what a file or folder holds is found out, and its items come as a stream."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from app.core.clock import now
from app.core.i18n import _
from app.domain.directory.reading import json_stream, mapped, tables
from app.domain.directory.reading.archives import files_below, unpack
from app.domain.directory.reading.decoding import Row, Table
from app.domain.directory.reading.gate import Gate, strange_note
from app.domain.directory.reading.mapping import Mapping, read_mapping
from app.domain.directory.reading.shapes import Held, Item, Note, Place, Unreadable
from app.domain.directory.reading.splitting import HINTS, kind_of, split

_JSON = (".json", ".ndjson", ".jsonl")
_LISTS = frozenset({"contents", *HINTS})


@dataclass(slots=True)
class Source:
    """A directory that can be read. ``notes`` fills while ``items`` runs; ``credit`` is what a mapping says of its source."""

    form: str
    notes: list[Note]
    credit: dict[str, str]
    _stream: Callable[[Gate], Iterator[Item | Held]]
    _label: str
    _folder: "TemporaryDirectory[str] | None" = field(default=None)

    def items(self) -> Iterator[Item | Held]:
        """Yield everything in the source, once per call, in an order in which what is pointed to comes first.

        Raises Unreadable when nothing of a file can be read.
        """
        gate = Gate()
        try:
            yield from self._stream(gate)
            yield from gate.finish()
            if note := strange_note(self._label, gate.strange):
                self.notes.append(note)
        finally:
            gate.close()

    def close(self) -> None:
        """Remove what was unpacked."""
        if self._folder is not None:
            self._folder.cleanup()

    def __enter__(self) -> "Source":
        return self

    def __exit__(self, *_error: object) -> None:
        self.close()


def open_source(path: Path, mapping: Path | None = None, today: date | None = None) -> Source:
    """Find out what ``path`` is (file, folder or zip) and return it as a Source. Raises Unreadable.

    ``form`` is hsds-json, hsds-tables-3, hsds-tables-2.0, hsds-tables-1.1 or mapped. ``today`` decides which services
    have ended; a mapping's own ``as_of`` counts where ``today`` is not given.
    """
    if path.is_symlink() or not path.exists():
        raise Unreadable(_("There is no file or folder of this name: %(file)s", file=path.name))
    rules = read_mapping(mapping) if mapping is not None else None
    folder = unpack(path) if path.is_file() and _is_zip(path) else None
    try:
        source = _opened(Path(folder.name) if folder else path, path.name, rules, today)
    except BaseException:
        if folder is not None:
            folder.cleanup()
        raise
    source._folder = folder
    return source


def _is_zip(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(4) in (b"PK\x03\x04", b"PK\x05\x06")


def _opened(path: Path, label: str, rules: Mapping | None, today: date | None) -> Source:
    files = files_below(path) if path.is_dir() else [path]
    if not files:
        raise Unreadable(_("There is nothing in %(file)s that we can read: no table (CSV) and no JSON.", file=label))
    notes: list[Note] = []
    if rules is not None:
        day = today or rules.as_of or now().date()
        # A mapped set may lie one folder down, as it does in most zips.
        base = next((f.parent for f in files if f.name == rules.inputs[0].file), path) if rules.inputs else path
        return Source("mapped", notes, rules.source, lambda gate: mapped.items(base, rules, notes, gate, day), label)
    descriptor = next((f for f in files if f.name.lower() == "datapackage.json"), None)
    csvs = [f for f in files if f.suffix.lower() == ".csv"]
    if descriptor is not None or csvs:
        found = tables.tables_in(csvs, descriptor, notes)
        _check_tables(found, label)
        form = f"hsds-tables-{tables.version_of(found)}"
        return Source(form, notes, {}, lambda gate: tables.items(found, notes, gate), label)
    jsons = [f for f in files if f.suffix.lower() in _JSON or not path.is_dir()]
    if not jsons:
        raise Unreadable(_("There is nothing in %(file)s that we can read: no table (CSV) and no JSON.", file=label))
    return Source("hsds-json", notes, {}, lambda gate: _json_items(jsons, notes, gate), label)


def _check_tables(found: list[tuple[str, Path]], label: str) -> None:
    """Tell near-HSDS tables, which need a mapping, from HSDS ones: the latter have an id and a name."""
    for table, path in found:
        if table in ("service", "organization", "location"):
            reader = Table(path, [])
            first = next((row for row in reader.rows() if isinstance(row, Row)), None)
            if first is not None and "id" not in reader.columns:
                raise Unreadable(
                    _("The table %(file)s has no column “id”. If its columns have other names, use a mapping file.",
                      file=path.name)
                )  # fmt: skip
    if not any(table in ("service", "organization", "location") for table, _path in found):
        raise Unreadable(_("There is no table of services, organisations or locations in %(file)s.", file=label))


def _json_items(files: list[Path], notes: list[Note], gate: Gate) -> Iterator[Item | Held]:
    for path in files:
        stem = path.stem.lower()
        for found in json_stream.records(path, notes, _LISTS):
            if isinstance(found, Held):
                yield found
                continue
            place = Place(path.name, found.number, _("%(file)s, record %(n)s", file=path.name, n=found.number))
            if not isinstance(found.record, dict):
                yield Held(path.name, found.number, _("This is not a record with named fields."))
                continue
            hint = found.inside if found.inside in HINTS else stem
            for raw in split(kind_of(found.record, hint), found.record, place):
                yield from gate.admit(raw)
