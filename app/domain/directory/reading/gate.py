"""The one gate every record passes: required fields, repeated ids, references that must point to something."""

import json
import sqlite3
from collections.abc import Iterator
from hashlib import blake2b
from typing import Any

from app.core.i18n import N_, _
from app.domain.directory.needs import needs_for
from app.domain.directory.reading.fields import MAY_EXIST, MUST_EXIST
from app.domain.directory.reading.limits import ID_TOO_LONG, MAX_ID_CHARS, MAX_NOTES
from app.domain.directory.reading.objects import Cleaned, cleaned, id_of
from app.domain.directory.reading.shapes import KINDS, Held, Item, Kind, Note, Raw, Record

NAMES: dict[str, str] = {
    "organization": N_("organisation"),
    "service": N_("service"),
    "location": N_("location"),
    "service_at_location": N_("service at a location"),
    "taxonomy": N_("taxonomy"),
    "taxonomy_term": N_("category"),
    "program": N_("programme"),
}


class Gate:
    """Lets complete records through once, holds the rest back with a reason, parks those that wait for another.

    Memory: two hashes per id (about 100 bytes as Python keeps them); waiting records lie in a temporary file. A
    record comes out after everything it points to, but for chains of parents inside one kind.
    """

    def __init__(self) -> None:
        self._seen: dict[int, int] = {}
        self._parked: set[int] = set()
        # An empty name is a private file of SQLite that is deleted when closed; it spills to disk by itself.
        self._waiting = sqlite3.connect("", check_same_thread=False)
        self._waiting.execute("CREATE TABLE waiting (kind TEXT, packed TEXT)")
        self.strange: set[str] = set()

    def close(self) -> None:
        """Throw away what waits."""
        self._waiting.close()

    def has(self, kind: str, foreign_id: str) -> bool:
        """Tell whether this object was let through or waits."""
        return _hash(kind, foreign_id) in self._seen

    def know(self, kind: str, foreign_id: str) -> None:
        """Count an object as let through that came before, from the same source."""
        self._seen[_hash(kind, foreign_id)] = 0

    def admit(self, raw: Raw) -> Iterator[Item | Held]:
        """Check one record; hand it on, hold it back, or park it until `finish`."""
        out = cleaned(raw.kind, raw.data, raw.notes)
        if len(self.strange) < MAX_NOTES:
            self.strange |= {str(name)[:60] for name in out.strange}
        reason = _flaw(raw, out)
        if reason is None:
            repeated = self._repeated(raw, out.data)
            if repeated is None:
                yield from self._let_through(raw, out)
                return
            reason = repeated
        if reason:
            foreign_id = id_of(raw.data.get("id"))
            yield Held(raw.place.file, raw.place.line, reason, foreign_id[:MAX_ID_CHARS] if foreign_id else None)

    def finish(self) -> Iterator[Item | Held]:
        """Hand on the parked records whose references came meanwhile, hold the others back; services come first."""
        for kind in KINDS:
            rows = self._waiting.execute("SELECT packed FROM waiting WHERE kind = ? ORDER BY rowid", (kind,))
            for (packed,) in rows:
                place, data, notes = json.loads(packed)
                lacking = next(self._lacking(kind, data, MUST_EXIST), None)
                if lacking is not None:
                    yield Held(place[0], place[1], _dangling(*lacking[1:]), data["id"])
                    continue
                self._parked.discard(_hash(kind, data["id"]))
                for name, target, wanted in list(self._lacking(kind, data, MAY_EXIST, parked_too=True)):
                    del data[name]
                    notes.append(_("%(field)s was left out: %(reason)s", field=name, reason=_dangling(target, wanted)))
                yield _item(kind, data, place[2], notes)

    def _let_through(self, raw: Raw, out: Cleaned) -> Iterator[Item]:
        key = _hash(raw.kind, out.data["id"])
        self._seen[key] = _content(out.data)
        waits = [*self._lacking(raw.kind, out.data, MUST_EXIST), *self._lacking(raw.kind, out.data, MAY_EXIST)]
        if not waits:
            yield _item(raw.kind, out.data, raw.place.words, out.notes)
            return
        self._parked.add(key)
        place = (raw.place.file, raw.place.line, raw.place.words)
        packed = json.dumps((place, out.data, out.notes))
        self._waiting.execute("INSERT INTO waiting VALUES (?, ?)", (raw.kind, packed))

    def _repeated(self, raw: Raw, data: Record) -> str | None:
        """Return None for a new id, "" for a repeat that may pass silently, else the reason to hold it back."""
        known = self._seen.get(_hash(raw.kind, data["id"]))
        if known is None:
            return None
        if raw.shared or known == _content(data):
            return ""
        where = raw.place.words
        return _("The same id stands again at %(where)s, with other content. The first one is kept.", where=where)

    def _lacking(
        self, kind: str, data: Record, table: dict[str, dict[str, str]], *, parked_too: bool = False
    ) -> Iterator[tuple[str, str, str]]:
        """Yield (field, kind, id) of the objects this record points to and that were not handed on."""
        for name, target in table.get(kind, {}).items():
            if (wanted := data.get(name)) is None:
                continue
            key = _hash(target, wanted)
            if key not in self._seen or (key in self._parked and not parked_too):
                yield name, target, wanted


def _dangling(target: str, wanted: str) -> str:
    return _("It belongs to the %(kind)s %(id)s, which is not in this source or was held back.",
             kind=_(NAMES[target]), id=wanted)  # fmt: skip


def _flaw(raw: Raw, out: Cleaned) -> str | None:
    identity = id_of(raw.data.get("id"))
    if identity is None:
        return _("It has no id, so it could not be recognised next time.")
    if len(identity) > MAX_ID_CHARS:
        return _(ID_TOO_LONG, limit=MAX_ID_CHARS)
    if out.missing:
        missing = ", ".join(out.missing)
        return _("This %(kind)s lacks %(missing)s, and we do not make it up.", kind=_(NAMES[raw.kind]), missing=missing)
    return None


def _item(kind: Kind, data: Record, where: str, notes: list[str]) -> Item:
    if kind == "service":
        if not data.get("needs") and (needs := _needs(data)):
            data["needs"] = needs
        if "organization_id" not in data:
            notes.append(_("It names no organisation."))
    return Item(kind, data["id"], data, where, tuple(notes))


def _needs(data: Record) -> list[str]:
    """Return our categories from the source's own categories, else from the name, else from the description."""
    labels = [a[k] for a in data.get("attributes", ()) for k in ("label", "value") if k in a]
    for text in (" · ".join(labels), data["name"], data.get("description", "")[:600]):
        if text and (needs := needs_for(text)):
            return needs
    return []


def strange_note(file: str, names: set[str]) -> Note | None:
    """Return the note about field names that HSDS does not know, or None."""
    if not names:
        return None
    return Note(file, _("These fields are not part of HSDS and were left out: %(names)s.", names=", ".join(sorted(names))))


def _hash(*parts: str) -> int:
    return int.from_bytes(blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=8).digest(), "big")


def _content(data: Any) -> int:
    return _hash(json.dumps(data, sort_keys=True, ensure_ascii=False))
