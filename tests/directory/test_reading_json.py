"""HSDS JSON in all its forms becomes items; the standard's own examples come through whole."""

import json
from collections import Counter
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from app.domain.directory.reading import Held, Item, Unreadable, open_source, stable_id

DATA = Path(__file__).parents[2] / "data"
EXAMPLES = DATA / "hsds" / "examples"
NESTED = {"taxonomy": 1, "taxonomy_term": 1, "organization": 1, "program": 1, "location": 1, "service": 1, "service_at_location": 1}


def read(path: Path) -> tuple[list[Item], list[Held]]:
    with open_source(path) as source:
        assert source.form == "hsds-json"
        out = list(source.items())
    return [i for i in out if isinstance(i, Item)], [h for h in out if isinstance(h, Held)]


def validator(kind: str) -> Draft202012Validator:
    schemas = {p.name: json.loads(p.read_text(encoding="utf-8")) for p in (DATA / "hsds" / "schema").glob("*.json")}
    registry = Registry().with_resources([(name, Resource.opaque(schema)) for name, schema in schemas.items()])
    return Draft202012Validator({"$ref": f"{kind}.json"}, registry=registry)


def plain(item: Item) -> dict[str, object]:
    return {k: v for k, v in item.data.items() if k not in ("translations", "needs", "language")}


@pytest.mark.parametrize("name", ["service_full", "organization_full", "service_at_location_full"])
def test_nested_examples_of_the_standard_are_taken_apart(name: str) -> None:
    items, held = read(EXAMPLES / f"{name}.json")
    assert Counter(i.kind for i in items) == NESTED
    assert held == []
    service = next(i for i in items if i.kind == "service").data
    assert service["organization_id"] == "d9d5e0f5-d3ce-4f73-9a2f-4dd0ecc6c610"
    assert service["phones"][0]["languages"][0]["code"] == "ur"
    assert service["needs"] == ["talk"]
    link = next(i for i in items if i.kind == "service_at_location").data
    assert (link["service_id"], link["location_id"]) == (service["id"], "3a19ff88-4620-4d17-9830-ac1d859eb5d5")
    assert "location" not in link


@pytest.mark.parametrize(
    ("name", "counts"),
    [
        ("service_list", {"organization": 1, "program": 1, "service": 1}),
        ("service_at_location_list", {"organization": 1, "program": 1, "service": 1, "location": 1, "service_at_location": 1}),
        ("organization_list", {"organization": 1}),
        ("location", {"location": 1}),
        ("taxonomy_list", {"taxonomy": 1}),
        ("taxonomy_term", {"taxonomy": 1, "taxonomy_term": 1}),
        ("field-guidance/schedules/services", {"service": 1}),
        ("field-guidance/attributes/service", {"taxonomy": 2, "taxonomy_term": 2, "service": 2}),
    ],
)
def test_lists_and_single_objects(name: str, counts: dict[str, int]) -> None:
    items, _held = read(EXAMPLES / f"{name}.json")
    found = Counter(str(i.kind) for i in items)
    assert {k: found[k] for k in counts} == counts


def test_what_comes_out_is_valid_hsds() -> None:
    for name in ("service_full", "organization_full"):
        for item in read(EXAMPLES / f"{name}.json")[0]:
            assert list(validator(item.kind).iter_errors(plain(item))) == []
    assert list(validator("service").iter_errors({"id": "1", "name": None, "status": "open"})) != []


def service(n: int, **more: object) -> dict[str, object]:
    return {"id": f"s{n}", "name": f"Service {n}", "status": "active", **more}


@pytest.mark.parametrize("form", ["list", "page", "wrapper", "ndjson", "folder", "sequence"])
def test_every_form_gives_the_same(tmp_path: Path, form: str) -> None:
    services = [service(n) for n in range(3)]
    target = tmp_path / ("services.ndjson" if form == "ndjson" else "feed.json")
    if form == "folder":
        (tmp_path / "services.json").write_text(json.dumps(services))
        target = tmp_path
    else:
        texts = {
            "list": json.dumps(services),
            "page": json.dumps({"total_items": 3, "contents": services, "empty": False}),
            "wrapper": json.dumps({"services": services}, indent=2),
            "ndjson": "\n".join(json.dumps(s) for s in services) + "\n",
            "sequence": "\n\n".join(json.dumps([s]) for s in services),
        }
        target.write_text(texts[form])
    items, held = read(target)
    assert [(i.kind, i.foreign_id) for i in items] == [("service", "s0"), ("service", "s1"), ("service", "s2")]
    assert held == []


def test_required_fields_are_not_made_up(tmp_path: Path) -> None:
    rows = [
        service(1),
        {"id": "s2", "status": "active"},
        {"id": "s3", "name": "x", "status": "open"},
        {"name": "x", "status": "active"},
        7,
    ]
    (tmp_path / "services.json").write_text(json.dumps(rows))
    items, held = read(tmp_path / "services.json")
    assert [i.foreign_id for i in items] == ["s1"]
    assert [(h.line, h.foreign_id) for h in held] == [(2, "s2"), (3, "s3"), (4, None), (5, None)]
    assert "lacks name" in held[0].reason
    assert "lacks status" in held[1].reason


def test_incomplete_parts_are_left_out_with_a_note(tmp_path: Path) -> None:
    row = {
        "id": "l1", "location_type": "physical", "latitude": 0, "longitude": 0, "name": None,
        "addresses": [
            {"address_1": "Rue 10", "city": "Dakar", "country": "Senegal", "address_type": "physical", "postal_code": "NULL"}
        ],
        "phones": [{"number": ""}, {"number": "33 800 00 00", "extension": "none"}],
    }  # fmt: skip
    (tmp_path / "locations.json").write_text(json.dumps([row]))
    (item,), held = read(tmp_path / "locations.json")
    assert held == []
    assert item.data == {
        "id": "l1",
        "location_type": "physical",
        "description": "Rue 10, Dakar, SN",
        "phones": [{"id": "l1/phones/2", "number": "33 800 00 00"}],
    }
    assert "lacks state_province, postal_code" in item.notes[0]


def test_references_may_come_later_but_must_come(tmp_path: Path) -> None:
    (tmp_path / "a_services.json").write_text(
        json.dumps([service(1, organization_id="o1"), service(2, organization_id="gone"), service(3, program_id="p9")])
    )
    (tmp_path / "organizations.json").write_text(json.dumps([{"id": "o1", "name": "O", "description": "d"}]))
    (tmp_path / "service_at_locations.json").write_text(json.dumps([{"id": "x", "service_id": "s2", "location_id": "l"}]))
    items, held = read(tmp_path)
    assert [i.foreign_id for i in items] == ["o1", "s1", "s3"]
    assert "program_id" not in items[2].data
    assert any("program_id was left out" in note for note in items[2].notes)
    assert {h.foreign_id for h in held} == {"s2", "x"}
    assert all("not in this source" in h.reason for h in held)


def test_repeated_ids(tmp_path: Path) -> None:
    rows = [service(1), service(1), service(1, description="other")]
    (tmp_path / "services.json").write_text(json.dumps(rows))
    items, held = read(tmp_path / "services.json")
    assert len(items) == 1
    assert [(h.line, h.foreign_id) for h in held] == [(3, "s1")]
    assert "the same id stands again at services.json, record 3" in held[0].reason.lower()


def test_broken_json_gives_what_stands_before_it(tmp_path: Path) -> None:
    (tmp_path / "services.json").write_text(json.dumps([service(1), service(2)])[:-4])
    items, held = read(tmp_path / "services.json")
    assert [i.foreign_id for i in items] == ["s1"]
    assert [h.line for h in held] == [2]


@pytest.mark.parametrize("text", ["", "   \n", "nonsense", "<html></html>", "[" * 100_000, '{"id": ', "\ufeff"])
def test_unreadable_files(tmp_path: Path, text: str) -> None:
    (tmp_path / "services.json").write_text(text)
    with pytest.raises(Unreadable) as caught:
        read(tmp_path / "services.json")
    assert caught.value.sentence


def test_deep_records_and_duplicate_keys_and_strange_values(tmp_path: Path) -> None:
    deep: object = "end"
    for _level in range(200):
        deep = {"attributes": [{"label": "x"}], "languages": [deep]}
    text = json.dumps([service(1, phones=[deep])])[:-1]
    text += (
        ', {"id": "s2", "name": "A", "name": "B", "name": null, "status": "active", "maximum_age": NaN, "minimum_age": "1e999"}]'
    )
    (tmp_path / "services.json").write_text(text)
    items, held = read(tmp_path / "services.json")
    assert held == []
    assert items[1].data["name"] == "B"
    assert "maximum_age" not in items[1].data
    assert "minimum_age" not in items[1].data


def test_ids_are_stable_and_differ_by_feed_and_kind() -> None:
    same = "ac148810-d857-441c-9679-408f346de14b"
    ids = {stable_id(f, k, same) for f in ("a", "b") for k in ("service", "location")}
    assert len(ids) == 4
    assert stable_id("a", "service", same) in ids
    assert {i.version for i in ids} == {5}
    assert stable_id("ab", "c", "d") != stable_id("a", "bc", "d")


def test_needs_are_ours_or_none(tmp_path: Path) -> None:
    """A need becomes a mark in the search index as it is: a feed can not write itself into other places there."""
    record = {"id": "1", "name": "n", "status": "active", "description": "d", "needs": ["", "talk", "x area:1", None, "talk"]}
    path = tmp_path / "services.json"
    path.write_text(json.dumps([record]))
    with open_source(path) as source:
        items = [one for one in source.items() if isinstance(one, Item) and one.kind == "service"]
    assert [one.data["needs"] for one in items] == [["talk"]]
