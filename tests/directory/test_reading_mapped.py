"""Mapping files: the three real directories are read whole, and mistakes in a mapping are named."""

import csv
import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from app.domain.directory.hours import open_now
from app.domain.directory.reading import Held, Item, Unreadable, open_source
from tests.directory.test_reading_json import DATA, plain, validator


def read(name: str, today: date | None = None) -> tuple[list[Item], list[Held]]:
    with open_source(DATA / "demo" / name, DATA / "mappings" / f"{name}.yaml", today) as source:
        assert source.form == "mapped"
        assert source.credit["licence"] in ("GPL-3.0", "MIT")
        out = list(source.items())
    return [i for i in out if isinstance(i, Item)], [h for h in out if isinstance(h, Held)]


def by_kind(items: list[Item]) -> dict[str, dict[str, Item]]:
    found: dict[str, dict[str, Item]] = {}
    for item in items:
        found.setdefault(item.kind, {})[item.foreign_id] = item
    return found


@pytest.mark.parametrize("name", ["ifr-poland-2022", "florida-legal-aid-2019", "unhcr-jordan-2015"])
def test_everything_made_of_the_real_sets_is_valid_hsds(name: str) -> None:
    items, _held = read(name)
    checks = {kind: validator(kind) for kind in {i.kind for i in items}}
    for item in [i for n, i in enumerate(items) if n % 5 == 0 or i.kind == "service"]:
        assert list(checks[item.kind].iter_errors(plain(item))) == []
    assert all(i.data["needs"] and i.data["language"] == "en" for i in items if i.kind == "service" if i.foreign_id not in BARE)


# "Supply: Searching for specific items" names no kind of help, so no need is made up for it.
BARE = {"2009"}


def test_poland() -> None:
    items, held = read("ifr-poland-2022")
    raw = json.loads((DATA / "demo" / "ifr-poland-2022" / "spots.json").read_text(encoding="utf-8"))["spots"]
    counts = Counter(i.kind for i in items)
    assert counts == {"service": 66, "location": 59, "service_at_location": 59, "organization": 52, "taxonomy_term": 45}
    assert held == []
    assert len(raw) == 66
    assert sum(1 for s in raw if s["hasLocation"]) == 59
    assert len({" ".join(s["name"]["en"].split()) for s in raw}) == 52
    found = by_kind(items)
    kinds = sum(len(set(s["services"] + [x for c in s["contacts"] for x in c["services"]])) for s in raw)
    assert sum(len(i.data.get("attributes", [])) for i in found["service"].values()) == kinds == 293
    embassy = found["service"]["204"].data
    assert [p["number"] for p in embassy["phones"]] == ["+3614224120", "+3614224122", "+3614224123"]
    assert set(embassy["translations"]) == {"hu", "ru", "uk"}
    assert embassy["translations"]["hu"] == {"url": "https://hungary.mfa.gov.ua/hu", "name": "Ukrajna Nagykövetsége"}
    assert set(found["service"]["1001"].data.get("translations", {})) <= {"pl", "ru", "uk"}
    lines = found["service"]["2005"].data["phones"]
    assert {p["number"] for p in lines} == {
        "+48887202701", "+48601866602", "+48691632685", "+48516983170", "+48579742588",
    }  # fmt: skip
    assert lines[0]["description"] == "Law advices (17:00-23:00)"
    arena = found["location"]["53"].data["addresses"][0]
    assert (arena["address_1"], arena["state_province"], arena["country"]) == (
        "ul. Stanisława Lema 7", "Lesser Poland Voivodeship", "PL",
    )  # fmt: skip


def test_florida() -> None:
    items, held = read("florida-legal-aid-2019")
    assert Counter(i.kind for i in items) == {"location": 378, "service": 135, "organization": 20}
    assert held == []
    found = by_kind(items)
    with (DATA / "demo" / "florida-legal-aid-2019" / "services.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert len(rows) == 135
    areas = sum(len([a for a in r["service_areas"].split(";") if a.strip()]) for r in rows)
    assert sum(len(i.data.get("service_areas", [])) for i in found["service"].values()) == areas
    stated = [i for i in found["service"].values() if "Immigration status: " in i.data.get("eligibility_description", "")]
    assert len(stated) == sum(1 for r in rows if r["service_immigration_status"].strip()) == 51
    assert not any("maximum_age" in i.data and i.data["maximum_age"] > 100 for i in found["service"].values())
    urls = [i.data["website"] for i in found["organization"].values() if "website" in i.data]
    assert len(urls) == 19
    assert all(u.startswith(("https://", "http://")) for u in urls)
    whole = [i for i in found["location"].values() if i.data.get("addresses")]
    kept = [i for i in found["location"].values() if i.data.get("description")]
    assert (len(whole), len(kept)) == (81, 6)
    assert whole[0].data["addresses"][0]["state_province"] == "FL"


def test_jordan_as_of_its_day() -> None:
    items, held = read("unhcr-jordan-2015")
    raw = json.loads((DATA / "demo" / "unhcr-jordan-2015" / "compiled.json").read_text(encoding="utf-8"))
    live = [r for r in raw if r["properties"]["endDate"] >= "2015-03-22"]
    assert (len(raw), len(live), len({r["id"] for r in live})) == (562, 108, 108)
    counts = Counter(i.kind for i in items)
    assert counts["service"] == counts["service_at_location"] == 108
    assert counts["organization"] == len({r["properties"]["partnerName"] for r in live}) == 15
    assert len(held) == 454
    assert all(h.reason.startswith("This service ended on 201") for h in held)


def test_jordan_hours_that_are_whole_become_rules_and_the_rest_stays_in_words() -> None:
    items, _held = read("unhcr-jordan-2015")
    schedules = [s for i in items if i.kind == "service" for s in i.data["schedules"]]
    ruled = [s for s in schedules if "opens_at" in s]
    assert Counter((s["freq"], s["byday"], s["opens_at"], s["closes_at"]) for s in ruled) == {
        ("WEEKLY", "SU,MO,TU,WE,TH", "10:00:00", "15:00:00"): 33,
        ("WEEKLY", "SU,MO,TU,WE,TH", "08:30:00", "17:00:00"): 14,
        ("WEEKLY", "SU,MO,TU,WE,TH", "09:00:00", "16:00:00"): 4,
    }
    assert all("description" not in s and s["valid_to"] >= "2015-03-22" for s in ruled)
    assert all("freq" not in s and "byday" not in s for s in schedules if "opens_at" not in s)
    words = [s["description"] for s in schedules if "description" in s]
    assert len(words) == 52
    # On which of five days "once a week" is, nobody knows; noon and midnight are mixed up where it says 12:00am.
    assert {"Once a week, Sun-Thurs, 8:30am, Close at 16:00pm", "Once a week, Thursdays only, 12:00am, Close at 15:00pm"} <= set(
        words
    )
    thursday = datetime(2015, 3, 26, 7, 0, tzinfo=UTC)  # 9:00 in Amman
    assert Counter(open_now([s], thursday, "Asia/Amman").open for s in ruled) == {True: 18, False: 33}
    assert {open_now([s], thursday + timedelta(days=1), "Asia/Amman").open for s in ruled} == {False}


@pytest.mark.parametrize(
    ("name", "part", "told"),
    [
        ("florida-legal-aid-2019", "cost_options", {"0 USD": 14}),
        ("ifr-poland-2022", "languages", {"pl": 3, "uk": 3, "ru": 2, "en": 1}),
        ("ifr-poland-2022", "schedules", {"09:00:00-19:00:00": 1, "09:00:00-14:00:00": 1, "09:00:00-21:00:00": 1}),
    ],
)
def test_what_the_words_of_a_list_say_for_certain_is_taken(name: str, part: str, told: dict[str, int]) -> None:
    def words(one: dict[str, Any]) -> str:
        if part == "languages":
            return str(one["code"])
        return f"{one['amount']:g} {one['currency']}" if part == "cost_options" else f"{one['opens_at']}-{one['closes_at']}"

    items, _held = read(name)
    assert Counter(words(one) for i in items if i.kind == "service" for one in i.data.get(part, ())) == told


def test_jordan_on_an_earlier_day_pairs_arabic_and_holds_repeats() -> None:
    items, held = read("unhcr-jordan-2015", date(2014, 1, 1))
    found = by_kind(items)
    assert len(found["service"]) == 549
    assert len(held) == 13
    assert all("the same id stands again" in h.reason.lower() for h in held)
    assert len({h.foreign_id for h in held}) == 13
    assert len(found["organization"]) == 44
    arabic = json.loads((DATA / "demo" / "unhcr-jordan-2015" / "compiled_AR.json").read_text(encoding="utf-8"))
    first = found["service"][str(arabic[0]["id"])]
    name = f"{arabic[0]['properties']['activityName']}, {arabic[0]['properties']['locationName']}"
    assert first.data["translations"]["ar"]["name"] == " ".join(name.split())
    assert first.data["needs"] == ["learning"]
    assert len([s for s in found["service"].values() if s.data.get("translations", {}).get("ar")]) == 549
    # The second row of a repeated id has its own Arabic text; it must not slip onto the first.
    double = next(h for h in held).foreign_id
    mine = [a for a in arabic if str(a["id"]) == double]
    assert len(mine) == 2
    assert found["service"][str(double)].data["translations"]["ar"]["name"].startswith(mine[0]["properties"]["activityName"])


GOOD = """
hearth_mapping: 1
language: en
languages: [en, fr]
inputs:
  - file: list.csv
    ends: until
    make:
      - kind: service
        id: nr
        translate: [name]
        fields:
          name: title
          status: {const: active}
          url: web
          phones: {each: {from: tel, split: ";"}, as: {number: item}}
          needs: {all: [{from: kind, map: {Legal: papers}}]}
"""


def mapped(folder: Path, mapping: str, table: str) -> list[Item | Held]:
    (folder / "m.yaml").write_text(mapping, encoding="utf-8")
    (folder / "list.csv").write_text(table, encoding="utf-8")
    with open_source(folder, folder / "m.yaml", date(2026, 1, 2)) as source:
        return list(source.items())


def test_a_small_mapping(tmp_path: Path) -> None:
    table = "nr;title;web;tel;kind;until\n1;Help;www.example.org;1 2 ;Legal;2026-01-02\n"
    table += '2;Old;;;;2026-01-01\n3;;;;;\n4;Two;ftp://x;"5;6";Other;soon\n'
    out = mapped(tmp_path, GOOD, table)
    assert [o for o in out if isinstance(o, Held)] == [
        Held("list.csv", 3, "This service ended on 2026-01-01.", None),
        Held("list.csv", 4, "This service lacks name, and we do not make it up.", "3"),
    ]
    one, two = [o.data for o in out if isinstance(o, Item)]
    assert one == {
        "id": "1", "name": "Help", "status": "active", "url": "https://www.example.org", "language": "en",
        "needs": ["papers"], "phones": [{"id": "1/phones/1", "number": "1 2"}],
    }  # fmt: skip
    assert [p["number"] for p in two["phones"]] == ["5", "6"]
    assert "url" not in two


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("hearth_mapping: 1", "hearth_mapping: 2"),
        ("kind: service", "kind: person"),
        ("name: title", "nome: title"),
        ("name: title", "name: {eval: title}"),
        ("name: title", "name: {from: title, pattern: '('}"),
        ("name: title", "name: 5"),
        ("file: list.csv", "file: ../list.csv"),
        ("file: list.csv", "file: other.csv"),
        ("language: en", "language: en\nas_of: soon"),
        ("language: en", "x: !!python/object/apply:os.getcwd []"),
        ("language: en", "x: &a [*a]"),
        ("inputs:", "inputs: {"),
    ],
)
def test_mistakes_in_a_mapping_are_named(tmp_path: Path, old: str, new: str) -> None:
    with pytest.raises(Unreadable) as caught:
        mapped(tmp_path, GOOD.replace(old, new, 1), "nr;title\n1;x\n")
    assert caught.value.sentence.endswith((".", "there.", "”."))
