"""An HSDS object that a program sent, looked at strictly: a pointer and a sentence for each mistake, text cleaned as imports do."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from app.core.i18n import N_, _
from app.domain.directory import overlap_answer
from app.domain.directory.for_whom import OPEN_TO, stated
from app.domain.directory.needs import all_needs
from app.domain.directory.reading import cleaning
from app.domain.directory.reading.fields import FIELDS, MUST_EXIST, OWN_FIELDS, REQUIRED, SILENT, child_of
from app.domain.directory.reading.limits import MAX_ID_CHARS, MAX_NAME_CHARS, MAX_TEXT_CHARS
from app.domain.directory.reading.objects import Cleaned, id_of, read_value
from app.domain.directory.rows import POINTERS, Record

MOST_CHILDREN: Final = 200
MOST_LANGUAGES: Final = 50
ADDRESSABLE: Final = re.compile(r"[A-Za-z0-9._~:@-]+")
DEEPEST: Final = 12
MOST_PROBLEMS: Final = 50
LANGUAGE: Final = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})?")
# What may be nested besides the sub-objects of fields.py: name -> (object, is a list).
NESTED: Final[Mapping[str, Mapping[str, tuple[str, bool]]]] = {
    "service": {"organization": ("organization", False), "program": ("program", False),
                "service_at_locations": ("service_at_location", True)},
    "service_at_location": {"location": ("location", False)},
    "attribute": {"taxonomy_term": ("taxonomy_term", False)},
    "taxonomy_term": {"taxonomy_detail": ("taxonomy", False)},
}  # fmt: skip
# Objects of their own: they need an id, or nobody could send them again.
_NAMED = frozenset({"service", "organization", "program", "location", "service_at_location", "taxonomy", "taxonomy_term"})
_INSIDE_ORGANIZATIONS = frozenset({"services", "locations", "programs"})  # they are sent by themselves, or in a service
_SENTENCES: Final = {
    "url": N_("This is not a web address."), "email": N_("This is not an e-mail address."),
    "date": N_("Write a day as 2026-11-30."), "moment": N_("Write a moment as 2026-11-30T09:00:00Z."),
    "time": N_("Write a time as 09:00."), "number": N_("Write a number."), "place": N_("Write degrees as a number."),
    "country": N_("Write the two letters of a country."), "id": N_("This is not an id."),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Problem:
    """A mistake: where it stands (JSON pointer, RFC 6901), and what is wrong, in words."""

    pointer: str
    sentence: str

    def as_dict(self) -> dict[str, str]:
        """Return it as it goes out."""
        return {"pointer": self.pointer, "detail": self.sentence}


@dataclass(slots=True)
class Checked:
    """What is left of an object, its mistakes, fields that mean nothing here, and the objects that it points to."""

    data: Record = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ignored: set[str] = field(default_factory=set)
    pointers: list[tuple[str, str, str]] = field(default_factory=list)  # kind, id, JSON pointer
    needed: set[str] = field(default_factory=set)  # JSON pointers of those without which it says nothing
    inside: set[tuple[str, str]] = field(default_factory=set)  # objects that it brings along

    def refuse(self, pointer: str, sentence: str) -> None:
        """Add a mistake; of very many only the first."""
        if len(self.problems) < MOST_PROBLEMS:
            self.problems.append(Problem(pointer, sentence))

    @property
    def dangling(self) -> list[tuple[str, str, str]]:
        """Return what it points to and does not bring along."""
        return [one for one in self.pointers if one[:2] not in self.inside]


def check(kind: str, raw: Any, foreign_id: str) -> Checked:
    """Return ``raw`` checked as the object ``foreign_id`` of its sender; never raises, whatever it holds."""
    out = Checked()
    if not isinstance(raw, dict):
        out.refuse("", _("This must be an object with named fields."))
        return out
    if foreign_id != id_of(foreign_id) or len(foreign_id) > MAX_ID_CHARS:
        out.refuse("/id", _("An id has 1 to %(limit)s letters, without invisible ones.", limit=MAX_ID_CHARS))
        return out
    if not fits_address(foreign_id):
        out.refuse("/id", _("Write an id with letters a to z, digits and . _ ~ : @ - only; it stands in addresses."))
        return out
    if raw.get("id") is not None and id_of(raw["id"]) != foreign_id:
        out.refuse("/id", _("The id in the object is another one than the id in the address."))
    out.data = _object(kind, {**raw, "id": foreign_id}, "", out, 1)
    _own(raw, out)
    return out


def _object(kind: str, raw: Record, at: str, out: Checked, depth: int) -> Record:
    data: Record = {}
    _identity(kind, raw, at, data, out)
    for name, value in raw.items():
        if name == "id" or value is None or (isinstance(value, str) and cleaning.is_nothing(value)):
            continue
        where = f"{at}/{escaped(name)}"
        child = NESTED.get(kind, {}).get(name) or child_of(FIELDS[kind].get(name, ""))
        if child is not None:
            found: Any = _children(child, value, where, out, depth)
        elif name in FIELDS[kind]:
            found = _value(kind, name, value, where, out)
        else:
            found = None
            if (name not in SILENT or name in _INSIDE_ORGANIZATIONS) and not (depth == 1 and name in OWN_FIELDS):
                out.ignored.add(one_name(name))
        if found is not None:
            data[name] = found
    _missing(kind, data, at, out)
    return data


def _identity(kind: str, raw: Record, at: str, data: Record, out: Checked) -> None:
    identity = id_of(raw.get("id"))
    if identity is not None and len(identity) <= MAX_ID_CHARS:
        data["id"] = identity
        out.inside.add((kind, identity))
    elif kind in _NAMED or raw.get("id") is not None:
        out.refuse(f"{at}/id", _("An id has 1 to %(limit)s letters, without invisible ones.", limit=MAX_ID_CHARS))


def _children(child: tuple[str, bool], value: Any, at: str, out: Checked, depth: int) -> Any:
    kind, many = child
    if depth >= DEEPEST:
        out.refuse(at, _("This is nested too deeply."))
        return None
    if not many:
        return _child(kind, value, at, out, depth)
    if not isinstance(value, list):
        out.refuse(at, _("This must be a list."))
        return None
    if len(value) > MOST_CHILDREN:
        out.refuse(at, _("At most %(limit)s of these.", limit=MOST_CHILDREN))
        return None
    found = [_child(kind, one, f"{at}/{n}", out, depth) for n, one in enumerate(value)]
    return [one for one in found if one] or None


def _child(kind: str, value: Any, at: str, out: Checked, depth: int) -> Record | None:
    if not isinstance(value, dict):
        out.refuse(at, _("This must be an object with named fields."))
        return None
    return _object(kind, value, at, out, depth + 1)


def _value(kind: str, name: str, value: Any, at: str, out: Checked) -> Any:
    type_ = FIELDS[kind][name]
    scratch = Cleaned({}, [])
    found = read_value(type_, value, name, scratch) if not isinstance(value, list | dict) else None
    if found is None:
        if isinstance(value, list | dict) or cleaning.text_of(value) is not None:
            out.refuse(at, _sentence(type_))
        return None
    if scratch.notes:  # it had to be cut
        out.refuse(at, _("This is too long."))
    if name in POINTERS and type_ == "id":
        out.pointers.append((POINTERS[name], str(found), at))
        if name in MUST_EXIST.get(kind, {}):
            out.needed.add(at)
    return found


def _sentence(type_: str) -> str:
    if type_.startswith("word:"):
        return _("Choose one of these: %(words)s.", words=", ".join(type_[5:].split("|")))
    return _(_SENTENCES.get(type_, N_("This cannot be read as text.")))


def _missing(kind: str, data: Record, at: str, out: Checked) -> None:
    for name in REQUIRED.get(kind, ()):
        given = name in data or (kind == "service_at_location" and (name == "service_id" or "location" in data))
        if not given and not any(p.pointer == f"{at}/{name}" for p in out.problems):
            out.refuse(f"{at}/{name}", _("This is needed, and we do not make it up."))


def _own(raw: Record, out: Checked) -> None:
    """Check the fields that are ours and not of HSDS: language, needs, for whom, translations."""
    language, needs, texts = raw.get("language"), raw.get("needs"), raw.get("translations")
    if language is not None and not (isinstance(language, str) and LANGUAGE.fullmatch(language)):
        out.refuse("/language", _("Write the code of a language, such as fr."))
    elif language:
        out.data["language"] = language
    known = [need.id for need in all_needs()]
    if needs is not None and not (isinstance(needs, list) and all(n in known for n in needs)):
        out.refuse("/needs", _("Choose among these: %(words)s.", words=", ".join(known)))
    elif needs:
        out.data["needs"] = list(dict.fromkeys(needs))
    _for_whom(raw.get("open_to"), out)
    if overlap := overlap_answer.stated(raw.get("overlap")):
        out.data["overlap"] = overlap
    if texts is not None:
        _translations(texts, out)


def _for_whom(open_to: Any, out: Checked) -> None:
    if open_to is not None and not (isinstance(open_to, list) and all(one in list(OPEN_TO) for one in open_to)):
        out.refuse("/open_to", _("Choose among these: %(words)s.", words=", ".join(OPEN_TO)))
    elif open_to is not None:
        out.data["open_to"] = stated(open_to)


def _translations(texts: Any, out: Checked) -> None:
    if not isinstance(texts, dict):
        out.refuse("/translations", _("This must be an object with named fields."))
        return
    kept: Record = {}
    if len(texts) > MOST_LANGUAGES:
        out.refuse("/translations", _("At most %(limit)s of these.", limit=MOST_LANGUAGES))
        return
    for language, fields in texts.items():
        at = f"/translations/{escaped(language)}"
        if not LANGUAGE.fullmatch(language):
            out.refuse(at, _("Write the code of a language, such as fr."))
        elif not isinstance(fields, dict) or any(not isinstance(v, str | None) for v in fields.values()):
            out.refuse(at, _("This must be an object with named fields."))
        else:
            kept[language] = _translated(fields, at, out)
    if kept:
        out.data["translations"] = kept


def _translated(fields: Record, at: str, out: Checked) -> Record:
    """Return the texts of one language; as long as the fields themselves may be."""
    kept: Record = {}
    if len(fields) > MOST_CHILDREN:
        out.refuse(at, _("At most %(limit)s of these.", limit=MOST_CHILDREN))
        return kept
    for name, value in fields.items():
        text = cleaning.text_of(value)
        if text and len(text) > (MAX_NAME_CHARS if name == "name" else MAX_TEXT_CHARS):
            out.refuse(f"{at}/{escaped(name)}", _("This is too long."))
        elif text:
            kept[one_name(name)] = text
    return kept


def fits_address(identity: str) -> bool:
    """Say whether an id can stand in an address as it is (letters of RFC 3986, neither "." nor "..")."""
    return bool(ADDRESSABLE.fullmatch(identity)) and identity not in (".", "..")


def escaped(name: str) -> str:
    """Return a name as a JSON pointer writes it."""
    return one_name(name).replace("~", "~0").replace("/", "~1")


def one_name(name: str) -> str:
    """Return the name of a field as it may be shown again."""
    return (cleaning.text_of(name) or "?")[:60]
