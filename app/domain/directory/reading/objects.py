"""One raw record turned into a clean HSDS object: types put right, nulls gone, incomplete parts left out with a note."""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from app.core.i18n import _
from app.domain.directory import overlap_answer
from app.domain.directory.for_whom import stated
from app.domain.directory.needs import all_needs
from app.domain.directory.reading import cleaning
from app.domain.directory.reading.fields import FIELDS, OWN_FIELDS, REQUIRED, SILENT, child_of
from app.domain.directory.reading.limits import (
    MAX_CHILDREN,
    MAX_DEPTH,
    MAX_ID_CHARS,
    MAX_NAME_CHARS,
    MAX_NOTES,
    MAX_TEXT_CHARS,
    TEXT_CUT,
    TOO_DEEP,
    TOO_MANY_CHILDREN,
)
from app.domain.directory.reading.shapes import Record


@dataclass(slots=True)
class Cleaned:
    """A clean object, the required fields it lacks, what was left out of it, and field names HSDS does not know."""

    data: Record
    missing: list[str]
    notes: list[str] = field(default_factory=list)
    strange: set[str] = field(default_factory=set)
    lost_addresses: list[str] = field(default_factory=list)

    def note(self, sentence: str) -> None:
        if len(self.notes) < MAX_NOTES and sentence not in self.notes:
            self.notes.append(sentence)


# Almost all ids look like this and need no cleaning; shorter ones might be "null" or "n/a".
_PLAIN_ID = re.compile(r"[A-Za-z0-9-]{10,200}")


def cleaned(kind: str, raw: Record, notes: list[str] | None = None) -> Cleaned:
    """Return ``raw`` as a clean object of ``kind``; never raises, whatever the record holds."""
    out = Cleaned({}, [], list(notes or []))
    out.data = _object(kind, raw, "", out, 1)
    out.missing = [name for name in REQUIRED.get(kind, ()) if name not in out.data]
    if kind == "location" and out.lost_addresses and "description" not in out.data:
        # An address of which HSDS wants more parts than are known still helps somebody find the door.
        out.data["description"] = out.lost_addresses[0]
    for own in OWN_FIELDS:
        if (value := _own(own, raw.get(own))) is not None:
            out.data[own] = value
    return out


def id_of(value: Any) -> str | None:
    """Return a foreign id as text; numbers are ids too, 12.0 is 12."""
    if isinstance(value, str) and _PLAIN_ID.fullmatch(value):
        return value
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    text = cleaning.text_of(value)
    return " ".join(text.split()) if text else None


def _object(kind: str, raw: Record, path: str, out: Cleaned, depth: int) -> Record:
    data: Record = {}
    if (identity := id_of(raw.get("id"))) is not None:
        data["id"] = identity[:MAX_ID_CHARS]
    for name, type_ in FIELDS[kind].items():
        value = raw.get(name)
        if value is None or cleaning.is_nothing(value):
            continue
        child = child_of(type_)
        where = f"{path}{name}"
        found = read_value(type_, value, where, out) if child is None else _child(child, value, where, data, out, depth)
        if found is not None:
            data[name] = found
    if kind == "location":
        _check_point(data, out)
    if depth == 1:
        out.strange |= {key for key in raw if key not in FIELDS[kind] and key not in SILENT and key not in OWN_FIELDS}
    return data


def _child(child: tuple[str, bool], value: Any, where: str, parent: Record, out: Cleaned, depth: int) -> Any:
    kind, many = child
    if depth >= MAX_DEPTH:
        out.note(_(TOO_DEEP, limit=MAX_DEPTH))
        return None
    values = value if isinstance(value, list) else [value]
    if len(values) > MAX_CHILDREN:
        out.note(_(TOO_MANY_CHILDREN, limit=MAX_CHILDREN, field=where))
    base = parent.get("id", "")
    made = [_one_child(kind, v, f"{where}.", f"{base}/{where}/{n}", out, depth) for n, v in enumerate(values[:MAX_CHILDREN], 1)]
    kept = [m for m in made if m is not None]
    if not many:
        return kept[0] if kept else None
    return kept or None


def _one_child(kind: str, raw: Any, path: str, fallback_id: str, out: Cleaned, depth: int) -> Record | None:
    """Return a complete sub-object, or None with a note; one without an id gets one made of its place in its parent."""
    if isinstance(raw, str | int | float) and not isinstance(raw, bool):
        raw = {_MAIN[kind]: raw} if kind in _MAIN else None
    if not isinstance(raw, dict):
        out.note(_("%(field)s was left out: it is not of the expected form.", field=path.rstrip(".")))
        return None
    data = _object(kind, raw, path, out, depth + 1)
    lacking = [name for name in REQUIRED.get(kind, ()) if name not in data]
    if lacking:
        if set(data) - {"id", "address_type", "country"}:
            text = _values(data)
            out.note(
                _("%(field)s was left out, because it lacks %(missing)s: %(text)s",
                  field=path.rstrip("."), missing=", ".join(lacking), text=text[:200])
            )  # fmt: skip
            if kind == "address":
                out.lost_addresses.append(text)
        return None
    if not set(data) - {"id"}:
        return None
    return {"id": data.pop("id", fallback_id), **data}


# The field that a bare value of a sub-object means: phones: ["123"] is phones: [{"number": "123"}].
_MAIN = {"phone": "number", "url": "url", "language": "name", "required_document": "document", "service_area": "name",
         "funding": "source", "accessibility": "description", "attribute": "label"}  # fmt: skip


def _values(data: Record) -> str:
    skipped = ("id", "address_type")
    return ", ".join(str(v) for k, v in data.items() if k not in skipped and isinstance(v, str | int | float))


def read_value(type_: str, value: Any, where: str, out: Cleaned) -> Any:
    """Return one value of a field's type (see fields.py), or None with a note in ``out`` where it is not clear."""
    if isinstance(value, list) and type_ == "text":
        value = ", ".join(t for t in (cleaning.text_of(v) for v in value) if t)
    if type_ in ("number", "place"):
        found: Any = cleaning.number_of(value)
    else:
        text = cleaning.text_of(value)
        found = _text(type_, text, where, out) if text is not None else None
    if found is None and not isinstance(value, dict | list) and cleaning.text_of(value) is not None:
        out.note(_("%(field)s was left out, because it is not clear: %(text)s", field=where, text=str(value)[:200]))
    return found


_READERS: dict[str, Callable[[str], str | None]] = {
    "url": cleaning.url_of,
    "email": cleaning.email_of,
    "date": cleaning.date_of,
    "moment": cleaning.moment_of,
    "time": cleaning.time_of,
    "country": cleaning.country_of,
    "id": id_of,
}


def _text(type_: str, text: str, where: str, out: Cleaned) -> str | None:
    if type_.startswith("word:"):
        return _word(type_[5:].split("|"), text)
    if type_ in _READERS:
        return _READERS[type_](text)
    limit = MAX_NAME_CHARS if type_ == "name" else MAX_TEXT_CHARS
    if type_ == "name":
        text = " ".join(text.split())
    if len(text) > limit:
        out.note(_(TEXT_CUT, field=where, limit=limit))
        text = text[: limit - 1] + "…"
    return text


def _word(words: list[str], text: str) -> str | None:
    wanted = text.strip().replace("_", " ").casefold()
    return next((word for word in words if word.casefold() == wanted), None)


def _check_point(data: Record, out: Cleaned) -> None:
    """Keep latitude and longitude only as a pair on the globe; 0, 0 stands for "not known" in most feeds."""
    latitude, longitude = data.pop("latitude", None), data.pop("longitude", None)
    if latitude is None or longitude is None or (latitude == 0 and longitude == 0):
        return
    if abs(latitude) > 90 or abs(longitude) > 180:
        text = f"{latitude}, {longitude}"
        out.note(_("%(field)s was left out, because it is not clear: %(text)s", field="latitude, longitude", text=text))
        return
    data["latitude"], data["longitude"] = latitude, longitude


def _own(name: str, value: Any) -> Any:
    if name == "language":
        return value if isinstance(value, str) and value.replace("-", "").isalnum() and len(value) < 20 else None
    if name == "needs":
        # Only ids of ours: they become search marks as they are, and a feed shall not write those.
        known = {need.id for need in all_needs()}
        needs = [n for n in value if isinstance(n, str) and n in known] if isinstance(value, list) else []
        return list(dict.fromkeys(needs)) or None
    if name == "open_to":
        return stated(value) or None
    if name == "overlap":
        return overlap_answer.stated(value)
    if not isinstance(value, dict):
        return None
    return {k: texts for k, v in value.items() if isinstance(v, dict) and (texts := _texts(v))} or None


def _texts(fields: Record) -> dict[str, str]:
    found = ((str(k), _translated(str(k), text)) for k, v in fields.items() if (text := cleaning.text_of(v)))
    return {k: text[:MAX_TEXT_CHARS] for k, text in found if text}


def _translated(name: str, text: str) -> str | None:
    if name in ("url", "website"):
        return cleaning.url_of(text)
    return " ".join(text.split()) if name in ("name", "alternate_name") else text
