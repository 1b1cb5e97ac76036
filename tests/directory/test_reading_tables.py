"""Datapackages and CSV folders of all versions are joined into whole objects."""

import csv
import json
import shutil
import zipfile
from collections import Counter
from pathlib import Path

import pytest

from app.domain.directory.reading import Held, Item, Unreadable, open_source
from tests.directory.test_reading_json import EXAMPLES, NESTED, plain, validator


def write(folder: Path, tables: dict[str, str]) -> Path:
    for name, text in tables.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def read(path: Path, form: str) -> tuple[list[Item], list[Held]]:
    with open_source(path) as source:
        assert source.form == form
        out = list(source.items())
    return [i for i in out if isinstance(i, Item)], [h for h in out if isinstance(h, Held)]


def test_the_datapackage_of_the_standard(tmp_path: Path) -> None:
    packed = tmp_path / "feed.zip"
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in (EXAMPLES / "csv").iterdir():
            archive.write(file, f"inside/{file.name}")
    for path in (EXAMPLES / "csv", packed):
        items, held = read(path, "hsds-tables-3")
        assert Counter(i.kind for i in items) == NESTED
        # The example attribute points to nothing; all else hangs together.
        assert [h.file for h in held] == ["attributes.csv"]
        service = next(i for i in items if i.kind == "service")
        lists = {k: len(v) for k, v in service.data.items() if isinstance(v, list)}
        assert lists == {
            "additional_urls": 1, "phones": 1, "schedules": 1, "service_areas": 1, "languages": 1, "funding": 1,
            "cost_options": 1, "required_documents": 1, "contacts": 1, "capacities": 1, "needs": 1,
        }  # fmt: skip
        assert service.data["contacts"][0]["phones"][0]["languages"][0]["name"] == "Urdu"
        for item in items:
            assert list(validator(item.kind).iter_errors(plain(item))) == []


OLD = {
    "organizations": "id,name,description,url\no1,Legal Circle,Free advice,circle.example.org\no2,Nameless,,\n",
    "services": "id,organization_id,program_id,name,status,url\ns1,o1,,Papers help,active,\ns2,o2,,Lost,active,\ns3,o1,,,active,\n",
    "locations": "id,organization_id,name,latitude,longitude\nl1,o1,Hall,,\nl2,o1,Box,,\nl3,o1,Some,,\nl4,o1,Point,14.7,-17.4\n",
    "services_at_location": "id,service_id,location_id,description\nx1,s1,l1,\nx2,s1,l3,\n",
    "physical_addresses": "id,location_id,address_1,city,state_province,postal_code,country\na1,l1,1 Main,Dakar,Dakar,10000,SN\n",
    "postal_addresses": "id,location_id,address_1,city,state_province,postal_code,country\na2,l2,BP 1,Dakar,Dakar,10000,SN\n",
    "phones": "id,service_id,location_id,number,extension,type\np1,s1,,33 800,12,voice\np2,,zz,33 801,,\np3,,,33 802,,\n",
    "regular_schedules": "id,service_id,weekday,opens_at,closes_at\nr1,s1,Monday,8:30am,13:00pm\nr2,s1,2,09:00,17:00\n",
    "holiday_schedules": "id,service_id,closed,start_date,end_date\nh1,s1,true,2026-12-25,2026-12-26\n",
    "eligibility": "id,service_id,eligibility\ne1,s1,Adults\ne2,s1,Women first\n",
    "languages": "id,service_id,language\ng1,s1,Wolof\n",
    "accessibility_for_disabilities": "id,location_id,accessibility,details\nc1,l1,Ramp,At the back\n",
    "payments_accepted": "id,service_id,payment\nm1,s1,Cash\n",
    "taxonomy": "id,name,parent_id,vocabulary\nt1,Legal aid,,Ours\n",
    "services_taxonomy": "id,service_id,taxonomy_id,taxonomy_detail\nst1,s1,t1,\n",
    "service_areas": "id,service_id,service_area\nsa1,s1,Dakar\n",
    "metadata": "id,resource_id\n1,2\n",
    "wishes": "id\n1\n",
}


def test_folder_of_version_1_1(tmp_path: Path) -> None:
    with open_source(write(tmp_path, OLD)) as source:
        assert source.form == "hsds-tables-1.1"
        out = list(source.items())
        notes = source.notes
    by = {(i.kind, i.foreign_id): i.data for i in out if isinstance(i, Item)}
    held = {(h.file, h.line): h.reason for h in out if isinstance(h, Held)}
    assert by["organization", "o1"]["website"] == "https://circle.example.org"
    assert by["service", "s1"] == {
        "id": "s1", "organization_id": "o1", "name": "Papers help", "status": "active",
        "eligibility_description": "Adults\nWomen first",
        "phones": [{"id": "p1", "number": "33 800", "extension": 12, "type": "voice"}],
        "schedules": [
            {"id": "h1", "valid_from": "2026-12-25", "valid_to": "2026-12-26", "description": "Closed"},
            {"id": "r1", "freq": "WEEKLY", "byday": "MO", "opens_at": "08:30:00", "closes_at": "13:00:00"},
            {"id": "r2", "freq": "WEEKLY", "byday": "TU", "opens_at": "09:00:00", "closes_at": "17:00:00"},
        ],
        "service_areas": [{"id": "sa1", "name": "Dakar"}], "languages": [{"id": "g1", "name": "Wolof"}],
        "cost_options": [{"id": "m1", "option": "Cash"}],
        "attributes": [{"id": "st1", "label": "Legal aid", "taxonomy_term_id": "t1"}], "needs": ["papers"],
    }  # fmt: skip
    assert by["location", "l1"]["location_type"] == "physical"
    assert by["location", "l1"]["accessibility"] == [{"id": "c1", "description": "Ramp", "details": "At the back"}]
    assert by["location", "l2"]["location_type"] == "postal"
    assert by["location", "l4"]["location_type"] == "physical"
    assert ("service_at_location", "x1") in by
    assert set(held) == {
        ("organizations.csv", 3), ("services.csv", 3), ("services.csv", 4), ("locations.csv", 4), ("phones.csv", 3),
        ("phones.csv", 4), ("taxonomy.csv", 2), ("services_at_location.csv", 3),
    }  # fmt: skip
    assert "lacks description" in held["organizations.csv", 3]
    assert "organisation o2" in held["services.csv", 3]
    assert [n.file for n in notes] == ["wishes.csv"]


def test_version_2_0_and_its_descriptor(tmp_path: Path) -> None:
    write(tmp_path, {k: OLD[k] for k in ("organizations", "physical_addresses", "locations")})
    write(tmp_path, {"svc": "id,organization_id,name,status\ns1,o1,Papers help,Active\n", "extra": "id\n1\n"})
    resources = [
        {"name": "organizations", "path": "organizations.csv"}, {"name": "services", "path": "svc.csv"},
        {"name": "locations", "path": "locations.csv"}, {"name": "physical_addresses", "path": "physical_addresses.csv"},
        {"name": "phones", "path": "phones.csv"}, {"name": "contacts", "path": "../../etc/passwd"},
    ]  # fmt: skip
    (tmp_path / "datapackage.json").write_text(json.dumps({"resources": resources}))
    items, _held = read(tmp_path, "hsds-tables-2.0")
    assert [i.data["status"] for i in items if i.kind == "service"] == ["active"]


@pytest.mark.parametrize("text", ["", "{}", "[1]", '{"resources": 5}', '{"resources": []}', "[" * 90_000])
def test_bad_descriptor(tmp_path: Path, text: str) -> None:
    (tmp_path / "datapackage.json").write_text(text)
    with pytest.raises(Unreadable):
        open_source(tmp_path)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_dialects_and_encodings(tmp_path: Path, delimiter: str, encoding: str) -> None:
    rows = [
        ["id", "name", "status", "description", ""],
        ["s1", "Conseil à l’école", "active", 'two\nlines; "both", <b>here</b>\t|', ""],
    ]
    with (tmp_path / "services.csv").open("w", encoding=encoding, newline="") as file:
        csv.writer(file, delimiter=delimiter).writerows(rows)
    (item,), held = read(tmp_path, "hsds-tables-3")
    assert held == []
    assert item.data["name"] == "Conseil à l’école"
    assert item.data["description"] == 'two\nlines; "both", here |'


def test_a_guessed_encoding_is_said(tmp_path: Path) -> None:
    (tmp_path / "services.csv").write_bytes("id,name,status\ns1,Café,active\n".encode("latin-1"))
    with open_source(tmp_path) as source:
        list(source.items())
        assert [n.sentence for n in source.notes] == ["The file is not in UTF-8; it was read as cp1252."]


def test_near_hsds_tables_ask_for_a_mapping(tmp_path: Path) -> None:
    shutil.copy(EXAMPLES.parents[1] / "demo" / "florida-legal-aid-2019" / "services.csv", tmp_path)
    with pytest.raises(Unreadable, match="mapping file"):
        open_source(tmp_path)
    (tmp_path / "services.csv").unlink()
    with pytest.raises(Unreadable, match="nothing"):
        open_source(tmp_path)
