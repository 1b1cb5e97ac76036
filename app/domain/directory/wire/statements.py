"""Reads of the public interface: statements built once, over what is published and nothing else."""

from typing import Any, Literal

import sqlalchemy as sa

from app.domain.directory.wire.put import LISTS, PUBLISHED, TEXTS

# Which objects: a range of slots, up to so many after a slot, some slots, one by its id, those of some organisations.
Which = Literal["range", "after", "slots", "one", "owned"]
WHICH: tuple[Which, ...] = ("range", "after", "slots", "one", "owned")
_S, _O, _P, _K, _C, _T = (PUBLISHED.alias(name) for name in ("s", "o", "p", "k", "c", "t"))
_NOTHING: sa.ColumnElement[str] = sa.literal_column("''")


class _Raw(sa.types.UserDefinedType[Any]):
    """An id as the driver gives and takes it: making UUIDs of keys that only compare would be half of the work."""

    cache_ok = True

    def get_col_spec(self, **_options: Any) -> str:
        """Return the name of the type."""
        return "UUID"


def _id(column: sa.ColumnElement[Any]) -> sa.ColumnElement[Any]:
    return sa.type_coerce(column, _Raw)


def _ids(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True, type_=_Raw)


def _shown(alias: Any, whole: bool) -> list[Any]:
    """Return id, language, fields and parts of an object; without ``whole`` its parts are not read."""
    return [_id(alias.c.id), alias.c.language, alias.c.fields, alias.c.parts if whole else _NOTHING]


def _dated(alias: Any) -> list[Any]:
    return [alias.c.slot, alias.c.modified, alias.c.until, alias.c.gone]


def _those(alias: Any, kind: str, which: Which) -> sa.ColumnElement[bool]:
    of_kind, there = alias.c.kind == kind, sa.not_(alias.c.gone)
    low, high = (sa.bindparam(name, type_=sa.Integer) for name in ("low", "high"))
    match which:
        case "range":
            return sa.and_(of_kind, alias.c.slot > low, alias.c.slot <= high, there)
        case "after":
            some = PUBLISHED.alias("n")
            next_ones = sa.select(some.c.slot).where(some.c.kind == kind, some.c.slot > low, sa.not_(some.c.gone))
            return sa.and_(of_kind, alias.c.slot.in_(next_ones.order_by(some.c.slot).limit(sa.bindparam("most", type_=sa.Integer))))
        case "slots":
            return sa.and_(of_kind, alias.c.slot.in_(sa.bindparam("slots", expanding=True)))
        case "one":
            return sa.and_(of_kind, alias.c.id == sa.bindparam("id"))
        case "owned":
            return sa.and_(of_kind, _id(alias.c.organization_id).in_(_ids("owners")), there)


def _services(which: Which, whole: bool) -> sa.Select[Any]:
    columns = [*_dated(_S), *_shown(_S, whole), *_shown(_O, whole), *_shown(_P, whole), _id(_S.c.organization_id)]
    return (
        sa.select(*columns).select_from(_S).outerjoin(_O, _O.c.id == _S.c.organization_id).outerjoin(_P, _P.c.id == _S.c.program_id)
        .where(_those(_S, "service", which)).order_by(_S.c.slot)
    )  # fmt: skip


def _links_of(which: Which) -> sa.Select[Any]:
    """The links of services, each with its place: id of the service, link, place."""
    there = sa.and_(_K.c.service_id == _S.c.id, _K.c.kind == "service_at_location", sa.not_(_K.c.gone))
    return (
        sa.select(_id(_K.c.service_id), *_shown(_K, True), *_shown(_C, True)).select_from(_S).join(_K, there)
        .join(_C, _C.c.id == _K.c.location_id).where(_those(_S, "service", which)).order_by(_K.c.slot)
    )  # fmt: skip


def _links(which: Which, whole: bool) -> sa.Select[Any]:
    columns = [*_dated(_K), *_shown(_K, whole), *_shown(_C, whole), *_shown(_S, whole), _S.c.modified, *_shown(_O, whole),
               *_shown(_P, whole)]  # fmt: skip
    joined = sa.select(*columns).select_from(_K).outerjoin(_C, _C.c.id == _K.c.location_id)
    joined = joined.outerjoin(_S, _S.c.id == _K.c.service_id).outerjoin(_O, _O.c.id == _S.c.organization_id)
    return (
        joined.outerjoin(_P, _P.c.id == _S.c.program_id)
        .where(_those(_K, "service_at_location", which)).order_by(_K.c.slot)
    )  # fmt: skip


def _plain(kind: str, which: Which, whole: bool) -> sa.Select[Any]:
    return sa.select(*_dated(_T), *_shown(_T, whole)).where(_those(_T, kind, which)).order_by(_T.c.slot, _T.c.id)


def _owned(kind: str, which: Which) -> sa.Select[Any]:
    """What organisations have: id of the organisation, then the place or the programme."""
    there = sa.and_(_T.c.organization_id == _O.c.id, _T.c.kind == kind)
    chosen = _those(_O, "organization", which)
    return sa.select(_id(_O.c.id), *_shown(_T, True)).select_from(_O).join(_T, there).where(chosen).order_by(_T.c.id)


SERVICES = {(which, whole): _services(which, whole) for which in WHICH for whole in (True, False)}
LINKS_OF = {which: _links_of(which) for which in WHICH}
LINKS = {(which, whole): _links(which, whole) for which in WHICH for whole in (True, False)}
PLAIN = {
    (kind, which, whole): _plain(kind, which, whole)
    for kind in ("organization", "taxonomy", "taxonomy_term") for which in WHICH for whole in (True, False)
}  # fmt: skip
OWNED = {(kind, which): _owned(kind, which) for kind in ("location", "program") for which in WHICH}
MINIMAL = {
    which: sa.select(_S.c.slot, _S.c.until, _S.c.id, _S.c.modified).where(_those(_S, "service", which)).order_by(_S.c.slot)
    for which in WHICH
}
WORDS = sa.select(_id(TEXTS.c.id), TEXTS.c.language, TEXTS.c.fields).where(_id(TEXTS.c.id).in_(_ids("ids")))
OVER = sa.select(sa.func.count()).where(PUBLISHED.c.kind == LISTS.c.kind, PUBLISHED.c.until < sa.bindparam("today", type_=sa.Date))
COUNTED = sa.select(LISTS.c.kind, LISTS.c.top, LISTS.c.size, LISTS.c.modified, OVER.correlate(LISTS).scalar_subquery())
