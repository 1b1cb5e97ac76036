"""Every table as lines of JSON, the same on both engines: what backups are made of."""

import base64
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

import app.models  # noqa: F401 - registers every table
from app.core.db import Sealed

BATCH = 500
REBUILT = frozenset({"search_word"})  # made anew after a restore


def tables() -> list[sa.Table]:
    """Return the tables to copy, those that others point to first."""
    return [t for t in SQLModel.metadata.sorted_tables if t.name not in REBUILT and not t.name.startswith("search_word")]


def _plain(column: sa.Column[Any]) -> sa.types.TypeEngine[Any]:
    return sa.LargeBinary() if isinstance(column.type, Sealed) else column.type


def dump(connection: sa.Connection, table: sa.Table) -> Iterator[str]:
    """Yield the rows of a table as JSON lines; sealed columns stay sealed."""
    columns = [sa.type_coerce(c, _plain(c)).label(c.name) for c in table.columns]
    rows = connection.execution_options(yield_per=BATCH).execute(sa.select(*columns).order_by(*table.primary_key.columns))
    for row in rows:
        yield json.dumps([_encode(v) for v in row], ensure_ascii=False, separators=(",", ":"))


def load(connection: sa.Connection, table: sa.Table, lines: Iterable[str], names: list[str]) -> int:
    """Insert rows from lines whose columns are ``names``; return how many. Pointers within the table are set afterwards."""
    kept = [n for n in names if n in table.columns]
    target = sa.table(table.name, *(sa.column(n, _plain(table.columns[n])) for n in kept))
    own = [c.name for c in table.columns if any(f.column.table is table for f in c.foreign_keys)]
    late: list[dict[str, Any]] = []
    count, batch = 0, []
    for line in lines:
        row = {n: _decode(v, _plain(table.columns[n])) for n, v in zip(names, json.loads(line), strict=True) if n in table.columns}
        late += [{"key": row["id"], "name": n, "to": row[n]} for n in own if row.get(n) is not None]
        batch.append({**row, **dict.fromkeys(own)})
        if len(batch) == BATCH:
            connection.execute(sa.insert(target), batch)
            count, batch = count + len(batch), []
    if batch:
        connection.execute(sa.insert(target), batch)
    for name in own:
        pointers = [{"key": p["key"], "to": p["to"]} for p in late if p["name"] == name]
        if pointers:
            statement = sa.update(table).where(table.c.id == sa.bindparam("key")).values({name: sa.bindparam("to")})
            connection.execute(statement, pointers)
    return count + len(batch)


def _encode(value: Any) -> Any:
    if isinstance(value, UUID):
        return value.hex
    if isinstance(value, (datetime, date)):
        return value.isoformat()
    if isinstance(value, bytes):
        return base64.b64encode(value).decode()
    return value.value if hasattr(value, "value") else value


def _decode(value: Any, kind: sa.types.TypeEngine[Any]) -> Any:
    if value is None:
        return None
    if isinstance(kind, sa.Uuid):
        return UUID(value)
    if isinstance(kind, sa.LargeBinary):
        return base64.b64decode(value)
    python = _python_type(kind)
    if python is datetime:
        return datetime.fromisoformat(value)
    if python is date:
        return date.fromisoformat(value)
    if isinstance(kind, sa.Enum) and kind.enum_class is not None:
        return kind.enum_class(value)
    return value


def _python_type(kind: sa.types.TypeEngine[Any]) -> type[Any] | None:
    inner = kind.impl if isinstance(kind, sa.types.TypeDecorator) else kind
    try:
        kind_of = inner.python_type
    except NotImplementedError:
        return None
    return kind_of if isinstance(kind_of, type) else None
