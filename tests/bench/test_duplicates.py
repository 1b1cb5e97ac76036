"""The generator and the figures of ``hearth bench duplicates``: marked, seeded, whole. No figure is judged here."""

import json
import random
from dataclasses import replace

import pytest

from app.domain.directory.duplicates.listing import listing_from
from bench import chains, command, duplicates
from bench.held_out import HELD_OUT
from bench.listings import Real, real_listings
from bench.lookalikes import KINDS
from bench.perturbing import CHOSEN_WITH
from bench.report import Figure

CHANGES = (*CHOSEN_WITH, *(change for change in HELD_OUT if change not in CHOSEN_WITH))


@pytest.fixture(scope="module")
def reals() -> list[Real]:
    return real_listings()


def test_real_listings_come_from_all_sets(reals):
    assert {r.record["id"][:2] for r in reals} == {"pl", "us", "jo"}
    assert len(reals) > 600
    assert len({r.record["id"] for r in reals}) == len(reals)
    assert all(listing_from(r.record).name for r in reals)
    by_set = {r.record["id"][:2]: r for r in reals if r.names}
    assert by_set["jo"].names["ar"]
    assert {"pl", "uk"} <= by_set["pl"].names.keys()


@pytest.mark.parametrize("change", CHANGES, ids=lambda change: change.__name__)
def test_every_change_leaves_a_listing_and_does_something(reals, change):
    rng, changed = random.Random(1), 0
    for real in reals:
        record = dict(real.record)
        change(rng, record, real)
        assert record.keys() == real.record.keys()
        assert listing_from(record).name
        assert (record["lat"] is None) == (record["lon"] is None)
        changed += record != real.record
    assert changed > 10


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.__name__)
def test_every_look_alike_is_another_listing(reals, kind):
    for real in reals[::20]:
        for record in kind(random.Random(2), dict(real.record)):
            assert record.keys() == real.record.keys()
            assert record != real.record


def test_what_is_made_is_marked_and_seeded(reals):
    made, again, other = (duplicates.make(reals[:80], seed, CHOSEN_WITH) for seed in (1, 1, 2))
    assert made.records == again.records
    assert made.records != other.records
    ids = {r["id"] for r in made.records}
    assert len(ids) == len(made.records)
    assert made.true
    assert made.near
    assert not made.true & made.near
    assert {i for pair in made.true | made.near for i in pair} <= ids
    assert {r["partner"] for r in made.records} == set(duplicates.PARTNERS)


def test_chains_share_what_tells_nothing():
    made, again = duplicates.make_chains(1), duplicates.make_chains(1)
    assert made.records == again.records
    ids = {r["id"] for r in made.records}
    assert len(ids) == len(made.records)
    assert made.true
    assert {i for pair in made.true for i in pair} <= ids
    towns: dict[str, set[str]] = {}
    for r in made.records:
        if r["phone"]:
            towns.setdefault(r["phone"], set()).add(r["city"])
    assert max(map(len, towns.values())) > 2
    assert {r["country"] for r in made.records} == set(chains.LANDS)


@pytest.mark.parametrize("change", chains.CHANGES, ids=lambda change: change.__name__)
def test_every_change_of_a_chain_leaves_a_listing(change):
    rng, changed = random.Random(1), 0
    for record, branch in chains.branches(random.Random(2)):
        copy = dict(record)
        change(rng, copy, branch)
        assert copy.keys() == record.keys()
        assert listing_from(copy | {"id": "1"}).name
        assert (copy["lat"] is None) == (copy["lon"] is None)
        changed += copy != record
    assert changed > 10


def test_repeated_listings_are_elsewhere(reals):
    many = duplicates.repeated(reals, len(reals) + 50)
    first, second = reals[0].record, many[len(reals)].record
    assert len(many) == len(reals) + 50
    assert first["id"] == second["id"]
    assert many[0] == reals[0]
    moved = [real.record for real in many[len(reals) :] if real.record["lat"] is not None]
    assert moved
    assert all(r["city"] != o.record["city"] for r, o in zip(moved, reals, strict=False) if r["city"])


def test_quality_is_shares(reals):
    found = duplicates.quality(duplicates.make(reals[:80], 3, CHOSEN_WITH))
    assert set(found) == {"recall", "recall_likely", "precision", "shown", "near"}
    assert all(0 <= found[name] <= 1 for name in ("recall", "recall_likely", "precision", "near"))
    worst = duplicates._quality_figures("x", [found, found | {"recall": 0.5, "shown": 2.0}])
    assert {f.goal: f.value for f in worst if f.goal in ("D1", "D3")} == {"D1": 0.5, "D3": 2.0}


def test_speed_is_measured_on_a_file(tmp_path, capsys, monkeypatch):
    path = tmp_path / "listings.json"
    monkeypatch.setattr("sys.argv", ["bench.duplicates", str(path), "--write", "60"])
    assert duplicates.main() == 0
    monkeypatch.setattr("sys.argv", ["bench.duplicates", str(path)])
    assert duplicates.main() == 0
    told = json.loads(capsys.readouterr().out)
    assert told["listings"] == 60
    assert told["compared"] > 0
    assert {f.goal for f in duplicates._speed_figures(told)} == {"D5", "D6", "D7", "–"}


def test_the_command_measures_it(monkeypatch, capsys):
    monkeypatch.setattr(command.duplicates, "figures", lambda quick, _say: [Figure("D1", f"quick {quick}", 0.5, 0.97, more=True)])
    assert command.run("duplicates", json_out=True, quick=True) == 1
    assert json.loads(capsys.readouterr().out)["figures"][0]["met"] is False


def test_a_new_id_for_a_new_listing(reals):
    directory = duplicates.Directory([listing_from(reals[0].record)])
    assert duplicates._took(directory, replace(listing_from(reals[0].record), partner="x")) >= 0
    assert len(directory) == 1
