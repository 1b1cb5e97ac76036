"""A network names its regions: the file, line by line, and what an import of it changes."""

import pytest
import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.domain.directory import regions
from app.domain.directory.places import AreaBook
from app.domain.directory.regions_file import Region, read
from app.models.places import Area, AreaKind, AreaNeighbour
from tests.factories import Make

HEAD = "code,en,fr,neighbours,remote\n"
FILE = HEAD + "SN-SE,Sédhiou,,SN-KD,yes\nSN-KD,Kolda,Kolda fr,,\n\nSN-DK,Dakar,Dakar,,no\n"
WRONG = [
    ("code,fr\nSN-DK,Dakar\n", [(1, "The column en is missing.")]),
    ("code,en,wo\nSN-DK,Dakar,Dakar\n", [(1, "The column wo is not known.")]),
    ("code,en,en\nSN-DK,Dakar,Dakar\n", [(1, "The column en stands there twice.")]),
    (HEAD, [(1, "There is no region in this file.")]),
    ("", [(1, "The column code is missing."), (1, "The column en is missing.")]),
    (HEAD + "SN-DK,Dakar\n", [(2, "This line has not as many cells as there are columns.")]),
    (HEAD + "SN-DK,Dakar,,,,more\n", [(2, "This line has not as many cells as there are columns.")]),
    (HEAD + "Dakar,Dakar,,,\n", [(2, "The code is not one of ISO 3166-2, such as SN-DK.")]),
    (HEAD + "SN-DK,\u200b,Dakar,,\n", [(2, "The name in the language en is missing.")]),
    (HEAD + "SN-DK," + "a" * 101 + ",,,perhaps\n", [(2, "A name is longer than 100 letters."), (2, "remote is yes or no.")]),
    (HEAD + "FR-75,Paris,,,\n", [(2, "FR is no country of this network (HEARTH_COUNTRIES).")]),
    (HEAD + "SN-DK,Dakar,,,\nsn-dk,Else,,,\n", [(3, "The code SN-DK stands in line 2 already.")]),
    (HEAD + "SN-DK,Dakar,,,\nSN-TH,DAKAR,,,\n", [(3, "The name DAKAR stands in line 2 already.")]),
    (HEAD + "SN-DK,Dakar,,SN-DK SN-XX GM-B,\nGM-B,Banjul,,,\n",
     [(2, "These neighbours are no other regions of SN in this file: GM-B, SN-DK, SN-XX.")]),
    (HEAD + 'SN-DK,"Dakar,,,\n', [(2, "This line cannot be read: unexpected end of data.")]),
]  # fmt: skip


def parsed(text: str) -> list[Region]:
    """The regions of a file without a mistake."""
    found, problems = read(text.encode(), ("SN", "GM"), ("en", "fr"))
    assert problems == []
    return found


def kept(db: Session) -> dict[str | None, Area]:
    """Regions of the network by code."""
    rows = db.exec(select(Area).where(col(Area.code).is_not(None)).execution_options(populate_existing=True))
    return {row.code: row for row in rows}


@pytest.mark.parametrize(("text", "told"), WRONG)
def test_every_mistake_is_told_with_its_line(text: str, told: list[tuple[int, str]]) -> None:
    assert [(one.line, one.sentence) for one in read(text.encode(), ("SN", "GM"), ("en", "fr"))[1]] == told


def test_files_as_a_spreadsheet_writes_them() -> None:
    semicolons = "\ufeff" + FILE.replace(",", ";").replace("\n", "\r\n")
    assert parsed(semicolons) == parsed(FILE)
    assert read("code,en\nSN-DK,Sédhiou".encode("latin-1"), ("SN",), ("en",))[1][0].line == 2
    many = "code,en\n" + "".join(f"SN-{n},Place {n}\n" for n in range(101))
    (problem,) = read(many.encode(), ("SN",), ("en",))[1]
    assert (problem.line, problem.sentence[:9]) == (102, "More than")


def test_named_once_twice_and_anew(db: Session, make: Make) -> None:
    """What lists brought is taken over by its name; who stands in the file no more is only offered no more."""
    senegal = AreaBook.load(db.connection())
    top = senegal.place("SN", "", "", None)
    db.execute(sa.insert(Area), senegal.take_new())
    listed = make.area("kolda", kind=AreaKind.REGION, parent_id=top)
    town = make.area("Dakar", parent_id=top)
    done = regions.put(db, parsed(FILE), "en")
    assert (done.new, done.changed, done.unchanged, done.gone, done.problems) == (2, 1, 0, 0, [])
    found = kept(db)
    assert found["SN-KD"].id == listed.id
    assert (found["SN-KD"].names, found["SN-SE"].names) == ({"en": "Kolda", "fr": "Kolda fr"}, {"en": "Sédhiou"})
    assert (found["SN-SE"].remote, found["SN-KD"].remote) == (True, False)
    assert (town.parent_id, town.kind) == (found["SN-DK"].id, AreaKind.TOWN)
    pairs = {(one.area_id, one.other_id) for one in db.exec(select(AreaNeighbour))}
    assert pairs == {(found["SN-SE"].id, listed.id), (listed.id, found["SN-SE"].id)}
    # Twice: nothing changes.
    again = regions.put(db, parsed(FILE), "en")
    assert (again.new, again.changed, again.unchanged, again.gone) == (0, 0, 3, 0)
    # Two swap their names, one gets another code, one is left out with its borders.
    anew = regions.put(db, parsed(HEAD + "SN-SE,Dakar,,SN-DK,yes\nSN-DK,Sédhiou,,,\n"), "en")
    assert (anew.new, anew.changed, anew.gone) == (0, 2, 1)
    assert {code: row.name for code, row in kept(db).items()} == {"SN-SE": "Dakar", "SN-DK": "Sédhiou"}
    assert {one.area_id for one in db.exec(select(AreaNeighbour))} == {found["SN-SE"].id, found["SN-DK"].id}
    coded = regions.put(db, parsed(HEAD + "SN-1,Dakar,,,\nSN-DK,Sédhiou,,,\n"), "en")
    assert (coded.new, coded.changed, coded.gone) == (0, 2, 0)
    assert kept(db)["SN-1"].id == found["SN-SE"].id
    # A name that another region has: told with its line.
    wrong = regions.put(db, parsed(HEAD + "SN-1,Kolda,,,\nSN-DK,Sédhiou,,,\n"), "en")
    assert [(one.line, one.sentence) for one in wrong.problems] == [(2, "Another region of SN is called Kolda already.")]
