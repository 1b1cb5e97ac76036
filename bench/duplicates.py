"""How well and how fast the duplicate finder works: real listings, copied by partners with changes, look-alikes among them.

Every listing is marked in memory (never in the file that is compared): copies of one listing are true pairs, a look-alike and what
it looks like is a near miss. Quality is measured on the real listings alone, speed and memory on as many as asked for: the real
ones repeated with other towns, organisations, numbers and points. Processor time is counted, not time on the wall: machines are
shared.

    python -m bench.duplicates --write 100000 listings.json && python -m bench.duplicates listings.json
"""

import argparse
import json
import random
import re
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from app.domain.directory.duplicates.files import read_listings
from app.domain.directory.duplicates.finding import Directory
from app.domain.directory.duplicates.listing import Listing, listing_from
from bench.chains import branches, copied
from bench.held_out import HELD_OUT
from bench.listings import Real, Record, real_listings
from bench.lookalikes import KINDS
from bench.perturbing import CHOSEN_WITH, Change
from bench.report import Figure

ROOT = Path(__file__).parents[1]
PARTNERS = ("first", "second", "third", "fourth")
SEEDS = {False: (11, 12, 13), True: (11,)}
SIZE = {False: 100_000, True: 5_000}
MOST_CHANGES = 3  # of one copy
LOOK_ALIKES = 0.15  # of the listings have one
_ASKED = 200  # new listings that are checked
Pair = tuple[str, str]
Say = Callable[[str], None]


@dataclass(slots=True)
class Made:
    """Listings in random order, the pairs that are one, and the pairs that only look it."""

    records: list[Record] = field(default_factory=list)
    true: set[Pair] = field(default_factory=set)
    near: set[Pair] = field(default_factory=set)

    def put(self, record: Record, partner: str) -> str:
        """Add a copy of a record under a new id."""
        identity = f"{len(self.records):07}"
        self.records.append(record | {"id": identity, "partner": partner})
        return identity


def make(reals: Iterable[Real], seed: int, changes: tuple[Change, ...]) -> Made:
    """Return the listings of the first partner with up to two copies by others, and look-alikes of some."""
    rng, made = random.Random(seed), Made()
    for real in reals:
        first, *others = rng.sample(PARTNERS, k=rng.choice((1, 2, 2, 3)))
        ids = [made.put(real.record, first), *(made.put(changed(rng, real, changes), partner) for partner in others)]
        made.true |= {pair(a, b) for n, a in enumerate(ids) for b in ids[:n]}
        if rng.random() < LOOK_ALIKES:
            alike = [made.put(r, rng.choice(PARTNERS)) for r in rng.choice(KINDS)(rng, dict(real.record))]
            made.near |= {pair(a, b) for n, a in enumerate(alike) for b in [*ids, *alike[:n]]}
    rng.shuffle(made.records)
    return made


def make_chains(seed: int) -> Made:
    """Return the listings of invented organisations with many branches, and up to two copies of each by other partners."""
    rng, made = random.Random(seed), Made()
    for record, branch in branches(rng):
        first, *others = rng.sample(PARTNERS, k=rng.choice((1, 2, 2, 3)))
        ids = [made.put(record, first), *(made.put(copied(rng, record, branch), partner) for partner in others)]
        made.true |= {pair(a, b) for n, a in enumerate(ids) for b in ids[:n]}
    rng.shuffle(made.records)
    return made


def changed(rng: random.Random, real: Real, changes: tuple[Change, ...]) -> Record:
    """Return a copy with one to ``MOST_CHANGES`` changes."""
    record = dict(real.record)
    for change in rng.sample(changes, k=rng.randint(1, MOST_CHANGES)):
        change(rng, record, real)
    return record


def pair(a: str, b: str) -> Pair:
    """Return the pair in the order of the finder."""
    return (a, b) if a < b else (b, a)


def quality(made: Made) -> dict[str, float]:
    """Return the shares that the targets speak of."""
    found = {(m.id1, m.id2): m.band for m in Directory(map(listing_from, made.records)).pairs()}
    likely = {p for p, band in found.items() if band == "likely"}
    return {
        "recall": len(made.true & found.keys()) / len(made.true),
        "recall_likely": len(made.true & likely) / len(made.true),
        "precision": len(made.true & likely) / len(likely),
        "shown": len(found) / len(made.true),
        "near": len(made.near & likely) / max(1, len(made.near)),
    }


def repeated(reals: list[Real], size: int, seed: int = 5) -> list[Real]:
    """Return at least ``size`` listings: the real ones, then the same in invented towns by invented organisations."""
    rng, found = random.Random(seed), list(reals)
    while len(found) < size:
        found += _elsewhere(rng, reals)
    return found[:size]


def _elsewhere(rng: random.Random, reals: list[Real]) -> list[Real]:
    words: dict[str, str] = {}
    north, east = rng.uniform(-12, 12), rng.uniform(-15, 15)

    def other(text: str | None) -> str | None:
        return text and words.setdefault(text, _word(rng))

    found = []
    for real in reals:
        r = dict(real.record)
        r |= {
            "city": other(r["city"]),
            "organization": other(r["organization"]) and f"{other(r['organization'])} {r['organization']}",
        }
        r["phone"] = r["phone"] and re.sub(r"\d{4}(?=\D*$)", lambda _found: f"{rng.randrange(10_000):04}", r["phone"])
        r["url"] = r["url"] and f"https://{other(r['url'])}.example/{rng.randrange(100)}".lower()
        r["email"] = r["email"] and f"{other(r['email'])}@{other(r['url'] or r['email'])}.example".lower()
        r["address"] = r["address"] and re.sub(r"[^\W\d_]{5,}", lambda found: other(found[0]) or "", r["address"])
        if r["lat"] is not None:
            r |= {"lat": r["lat"] * 0.8 + north, "lon": r["lon"] * 0.8 + east}
        if rng.random() < 0.5:
            r["name"] = f"{r['name']} {_word(rng)}"
        found.append(Real(r, real.names))
    return found


def _word(rng: random.Random) -> str:
    return "".join(rng.choice("bdfgklmnprstvz") + rng.choice("aeiou") for _ in range(rng.randint(2, 4))).capitalize()


def speed(path: Path) -> dict[str, float]:
    """Return what this process needs for a file: pairs a second of processor time, MB at most, ms for a new listing."""
    compared = 0

    def progress(_done: int, so_far: int) -> None:
        nonlocal compared
        compared = so_far

    started = time.process_time()
    directory = Directory(read_listings(path, []))
    prepared = time.process_time()
    pairs = sum(1 for _match in directory.pairs(progress))
    ended = time.process_time()
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    every = len(directory) // _ASKED + 1
    times = sorted(_took(directory, listing) for n, listing in enumerate(read_listings(path, [])) if n % every == 0)
    return {
        "listings": len(directory), "compared": compared, "pairs": pairs, "memory": memory, "rate": compared / (ended - prepared),
        "prepared": len(directory) / (prepared - started), "check": times[len(times) * 95 // 100],
    }  # fmt: skip


def _took(directory: Directory, listing: Listing) -> float:
    new = replace(listing, id=f"new {listing.id}")
    started = time.process_time()
    directory.check(new)
    return (time.process_time() - started) * 1000


def figures(quick: bool, say: Say) -> list[Figure]:
    """Measure quality here and speed in a process of its own, so that its memory is its own."""
    found = []
    reals = real_listings()
    for name, changes in (("changes chosen with", CHOSEN_WITH), ("changes held out", HELD_OUT)):
        say(f"duplicates: quality, {name}, {len(reals)} real listings …")
        found += _quality_figures(name, [quality(make(reals, seed, changes)) for seed in SEEDS[quick]])
    say("duplicates: quality, invented chains …")
    found += _chain_figures([quality(make_chains(seed)) for seed in SEEDS[quick]])
    say(f"duplicates: speed, {SIZE[quick]} listings …")
    with tempfile.TemporaryDirectory(prefix="hearth-bench-") as folder:
        path = Path(folder) / "listings.json"
        write(path, SIZE[quick])
        command = [sys.executable, "-m", "bench.duplicates", str(path)]
        done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False, timeout=3_600)
    if done.returncode:
        raise RuntimeError(done.stderr[-2000:])
    return found + _speed_figures(json.loads(done.stdout))


def write(path: Path, size: int) -> None:
    """Write a file of ``size`` listings: half of them, or a little fewer, first ones, the rest copies and look-alikes."""
    made = make(repeated(real_listings(), size * 2 // 3), 3, CHOSEN_WITH)
    with path.open("w", encoding="utf-8") as file:
        file.writelines(json.dumps(record, ensure_ascii=False) + "\n" for record in made.records[:size])


def _quality_figures(name: str, rounds: list[dict[str, float]]) -> list[Figure]:
    """Return the worst of the rounds of each share."""
    low, high = ({key: round(pick(r[key] for r in rounds), 4) for key in rounds[0]} for pick in (min, max))
    return [
        Figure("D1", f"true pairs shown, {name}", low["recall"], 0.97, 0.99, more=True),
        Figure("D2", f"likely pairs that are true, {name}", low["precision"], 0.975, 0.99, more=True),
        Figure("D3", f"shown pairs for each true pair, {name}", high["shown"], 1.5, 1.2),
        Figure("D4", f"near misses called likely, {name}", high["near"], 0.01, 0.0),
        Figure("–", f"true pairs called likely, {name}", low["recall_likely"], more=True),
    ]


def _chain_figures(rounds: list[dict[str, float]]) -> list[Figure]:
    """Return the worst of the rounds; look-alikes are among the listings themselves, so that near misses show in the precision."""
    low, high = ({key: round(pick(r[key] for r in rounds), 4) for key in rounds[0]} for pick in (min, max))
    return [
        Figure("D1", "true pairs shown, invented chains", low["recall"], 0.97, 0.99, more=True),
        Figure("D2", "likely pairs that are true, invented chains", low["precision"], 0.975, 0.99, more=True),
        Figure("D3", "shown pairs for each true pair, invented chains", high["shown"], 1.5, 1.2),
        Figure("–", "true pairs called likely, invented chains", low["recall_likely"], more=True),
    ]


def _speed_figures(r: dict[str, Any]) -> list[Figure]:
    size = f"{r['listings']:.0f} listings"
    return [
        Figure("D5", f"pairs compared, {size}", round(r["rate"]), 30_000, 60_000, "a CPU s", more=True),
        Figure("D6", f"memory at most, {size}", round(r["memory"]), 1_000, 500, "MB"),
        Figure("D7", f"a new listing checked, p95, {size}", round(r["check"], 1), 100, 20, "CPU ms"),
        Figure("–", f"listings taken apart, {size}", round(r["prepared"]), unit="a CPU s", more=True),
        Figure("–", f"pairs compared, {size}", r["compared"]),
        Figure("–", f"pairs shown, {size}", r["pairs"]),
    ]


def main() -> int:
    """Measure the speed for one file and print it as JSON; with ``--write`` make the file first."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("path", type=Path)
    parser.add_argument("--write", type=int, metavar="SIZE", default=0)
    arguments = parser.parse_args()
    if arguments.write:
        write(arguments.path, arguments.write)
        return 0
    print(json.dumps(speed(arguments.path)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
