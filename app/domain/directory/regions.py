"""Regions as the network names them: kept beside the areas that listings made, which they take over by name."""

from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.text import fold
from app.domain import versions
from app.domain.audit import actions as audit
from app.domain.directory.places import AREAS, AreaBook
from app.domain.directory.regions_file import Problem, Region
from app.models.directory import ServiceFacts
from app.models.places import Area, AreaKind, AreaNeighbour


@dataclass(slots=True)
class Outcome:
    """What an import of regions did, or would have done; with a problem nothing was kept."""

    problems: list[Problem]
    new: int = 0
    changed: int = 0
    unchanged: int = 0
    gone: int = 0  # not in the file any more: no longer offered; who chose one keeps it


def put(db: Session, regions: Sequence[Region], first: str) -> Outcome:
    """Keep the regions of every country that the file names, as a whole; ``first`` is the network's first language.

    The caller commits, and only an outcome without problems.
    """
    done = Outcome([])
    tops = _countries(db, sorted({one.country for one in regions}))
    rows = list(db.exec(select(Area).where(col(Area.country).in_(tops)).with_for_update()).all())
    chosen = {one.code: _row_for(one, rows, tops, first, regions) for one in regions}
    before = {row.id: _looks(row) for row in rows}
    gone = [row for row in rows if row.code is not None and row not in chosen.values()]
    for row in gone:
        row.code, row.remote = None, False
    moved = _name(db, regions, chosen, rows, tops, first, done)
    if done.problems:
        return done
    nearer = _border(db, {row.id for row in rows}, {chosen[one.code].id: {chosen[c].id for c in one.neighbours} for one in regions})
    done.gone = len(gone)
    for row in chosen.values():
        same = row.id in before and before[row.id] == _looks(row) and row.id not in nearer
        done.new, done.unchanged = done.new + (row.id not in before), done.unchanged + same
    done.changed = len(chosen) - done.new - done.unchanged
    if done.new or done.changed or done.gone:
        _tell_others(db, done, moved=moved)
    return done


def _tell_others(db: Session, done: Outcome, *, moved: bool) -> None:
    """Note it in the trail, and have pages that show areas made anew; of a town that moved, everything that is found there."""
    audit.record(db, None, "import_areas", new=done.new, changed=done.changed, gone=done.gone)
    for kind in (versions.DIRECTORY, versions.STORIES, versions.GROUPS):
        versions.bump(db, kind)
    if moved:
        db.execute(sa.update(ServiceFacts).values(stale=True))


def _looks(row: Area) -> tuple[object, ...]:
    return row.code, row.remote, row.name, row.name_key, dict(row.names)


def _countries(db: Session, codes: Sequence[str]) -> dict[str, UUID]:
    """Return the areas of countries, made where they are missing."""
    book = AreaBook.load(db.connection())
    found = {code: book.place(code, "", "", None) for code in codes}
    if new := book.take_new():
        db.execute(sa.insert(AREAS), new)
    return {code: area for code, area in found.items() if area is not None}


def _row_for(one: Region, rows: list[Area], tops: dict[str, UUID], first: str, regions: Sequence[Region]) -> Area:
    """Return the row of a region: the one with its code; one of its name, of a list or under a code that is gone; a new one."""
    wanted = {region.code for region in regions}
    key = _key(one, first)
    coded = next((row for row in rows if row.code == one.code), None)
    named = next(
        (
            row for row in rows
            if row.name_key == key and row.kind == AreaKind.REGION and row.parent_id == tops[one.country]
            and (row.code is None or row.code not in wanted)
        ),
        None,
    )  # fmt: skip
    return coded or named or Area(kind=AreaKind.REGION, country=one.country, name="", name_key="")


def _key(one: Region, first: str) -> str:
    return fold(one.names[first])[:120]


def _name(
    db: Session, regions: Sequence[Region], chosen: dict[str, Area], rows: list[Area], tops: dict[str, UUID], first: str,
    done: Outcome,
) -> bool:  # fmt: skip
    """Write codes and names; return whether a town that was called like a region came to lie in it."""
    taken = {(row.country, row.name_key): row for row in rows if row.parent_id in tops.values() and row not in chosen.values()}
    moved = False
    for one in regions:  # first out of each other's way: two regions may swap their names
        row = chosen[one.code]
        if row.name_key != _key(one, first):
            row.name_key, row.parent_id = f"#{one.code}", tops[one.country]
            db.add(row)
    db.flush()
    for one in regions:
        row, other = chosen[one.code], taken.get((one.country, _key(one, first)))
        if other is not None and other.kind == AreaKind.REGION:
            done.problems.append(Problem(one.line, f"Another region of {one.country} is called {one.names[first]} already."))
            continue
        if other is not None:
            other.parent_id, moved = row.id, True
            db.flush()
        row.code, row.remote, row.name, row.name_key = one.code, one.remote, one.names[first], _key(one, first)
        if row.names != one.names:
            row.names = dict(one.names)
    db.flush()
    return moved


def _border(db: Session, areas: set[UUID], near: dict[UUID, set[UUID]]) -> set[UUID]:
    """Keep who borders on whom, in both directions, for all areas of the file's countries; return whose borders changed."""
    wanted = {pair for one, others in near.items() for other in others for pair in ((one, other), (other, one))}
    mine = areas | set(near)
    pairs = db.execute(sa.select(col(AreaNeighbour.area_id), col(AreaNeighbour.other_id)))
    there = {(one, other) for one, other in pairs if one in mine}
    for one, other in sorted(there - wanted):
        db.delete(db.get_one(AreaNeighbour, (one, other)))
    db.add_all(AreaNeighbour(area_id=one, other_id=other) for one, other in sorted(wanted - there))
    db.flush()
    return {one for pair in there ^ wanted for one in pair}
