"""A large network of real shape: the demo (real importer, real actions) multiplied by bulk inserts, with other words and places.

The demo's database is made first, so every row has the shape that the importer and the actions produce; then services,
stories and members are copied with other ids, names, places, numbers and words. Parts of HSDS objects (phones, addresses …)
are not multiplied: no page and no search reads them, only the importer and the exporter.
"""

import argparse
import ast
import hashlib
import random
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict, dataclass
from datetime import timedelta
from itertools import islice
from pathlib import Path
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import SQLModel

from app.core import crypto, migrate
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.settings import Settings
from app.core.text import fold
from app.domain import versions, wiring
from app.domain.directory.freshness import next_due, rank
from app.domain.directory.places import AREAS, AreaBook, name_in
from app.domain.directory.rows import TABLES
from app.domain.directory.storing import FACTS, TEXTS
from app.domain.search import actions as search
from app.jobs import demo, periodic
from app.models.accounts import Member
from app.models.engine import SearchDocument
from app.models.stories import Consent, Media, Story, StoryService, StoryText

CACHE = Path(__file__).parents[1] / "var" / "bench"
BATCH = 2_000
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_DOCUMENT, _MEMBER, _STORY, _STORY_TEXT, _CONSENT, _MEDIA, _MENTION = (
    model.__table__  # type: ignore[attr-defined]
    for model in (SearchDocument, Member, Story, StoryText, Consent, Media, StoryService)
)
_SCRIPTS = {
    "ar": ("بتثجحخدرزسشصضطعغفقكلمنهوي", "ايو"),
    "uk": ("бвгдзклмнпрстфхцчш", "аеиоу"),
    "ru": ("бвгдзклмнпрстфхцчш", "аеиоу"),
}
_PARTS = ("body", "hard", "helped", "differently", "next")
Record = dict[str, Any]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Size:
    """How many of each there are in the end, the demo's own included."""

    services: int
    stories: int
    members: int


FULL = Size(100_000, 20_000, 100_000)
QUICK = Size(5_000, 1_000, 5_000)


def prepared(size: Size, say: Say, folder: Path = CACHE) -> Path:
    """Return the SQLite file of this size, made when it is not in ``folder`` yet or the program's shapes have changed."""
    key = _key(size)
    target = folder / key / "hearth.sqlite3"
    ready = target.parent / "ready"
    if ready.exists():
        _use(target.parent)
        return target
    shutil.rmtree(target.parent, ignore_errors=True)  # what an interrupted run left
    say(f"making {size.services} services, {size.stories} stories, {size.members} members (kept in {target.parent}) …")
    make(target.parent, size, say)
    ready.write_text("", encoding="utf-8")
    return target


def _key(size: Size) -> str:
    """Return a name that moves with the schema, the demo's content, this file and the month (freshness counts in days)."""
    code = ast.dump(ast.parse(Path(__file__).read_text(encoding="utf-8")))
    schema = "".join(p.read_text(encoding="utf-8") for p in sorted((migrate.FOLDER / "versions").glob("*.py")))
    parts = (repr(asdict(size)), schema, demo._fingerprint(), code, f"{now():%Y-%m}")
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]


def _use(folder: Path) -> Settings:
    """Let settings and seal keys of this process be those of the demo in ``folder``, and return them."""
    settings = demo.settings_for(folder, 8000)
    core_settings.use(settings)
    crypto.set_seal_keys(settings.seals)
    return settings


def make(folder: Path, size: Size, say: Say) -> Path:
    """Make the database in ``folder`` and return its file; settings and seal keys of this process become the demo's."""
    settings = _use(folder)
    wiring.connect()
    demo.prepare(settings, say)
    database = Database(settings.database)
    grow(database, size, say)
    periodic.run_due(database, settings)  # else a server does it in its first seconds, while it is measured
    checkpoint(database)
    database.dispose()
    return folder / "hearth.sqlite3"


def grow(database: Database, size: Size, say: Say) -> None:
    """Multiply what the demo has up to ``size``."""
    rnd = random.Random(20261120)
    words = Words(rnd)
    for name, rows in (("members", _members), ("services", _services), ("stories", _stories)):
        say(f"  {name} …")
        for batch in _batched(rows(database, getattr(size, name), rnd, words), BATCH):
            _write(database, batch)
            checkpoint(database)
    search.optimize(database)
    with database.transaction() as db:
        for name in (versions.STORIES, versions.DIRECTORY):
            versions.bump(db, name)
        if database.embedded:
            db.execute(sa.text("ANALYZE"))


Piece = tuple[dict[sa.Table, list[Record]], list[search.Document]]  # rows by table, and search documents


def _batched(pieces: Iterable[Piece], count: int) -> Iterator[list[Piece]]:
    stream = iter(pieces)
    while batch := list(islice(stream, count)):
        yield batch


def _write(database: Database, batch: list[Piece]) -> None:
    with database.transaction() as db:
        for table in SQLModel.metadata.sorted_tables:
            if rows := [row for rows, _documents in batch for row in rows.get(table, ())]:
                db.execute(sa.insert(table), rows)
        search.index_many(db, [d for _rows, documents in batch for d in documents])


class Words:
    """Invented words in several scripts, a few of them frequent and most of them rare, as in any language."""

    def __init__(self, rnd: random.Random, many: int = 20_000) -> None:
        self._rnd = rnd
        self._of: dict[str, list[str]] = {}
        for script in ("latin", *_SCRIPTS):
            consonants, vowels = _SCRIPTS.get(script, ("bcdfgklmnprstvz", "aeiou"))
            self._of[script] = [
                "".join(rnd.choice(consonants) + rnd.choice(vowels) for _ in range(rnd.randint(2, 5))) for _ in range(many)
            ]

    def some(self, language: str, count: int) -> str:
        """Return ``count`` words; the n-th word comes about as often as 1/n."""
        listed = self._of.get(language[:2], self._of["latin"])
        return " ".join(listed[int(len(listed) ** self._rnd.random()) - 1] for _ in range(count))


def _uuid(rnd: random.Random) -> UUID:
    return UUID(int=rnd.getrandbits(128), version=4)


def _ref(rnd: random.Random) -> str:
    return "".join(rnd.choices(_ALPHABET, k=12))


def _all(database: Database, statement: Any) -> list[Record]:
    with database.reading() as db:
        return [dict(row._mapping) for row in db.execute(statement)]


def _members(database: Database, count: int, rnd: random.Random, words: Words) -> Iterator[Piece]:
    today, there = now().date(), len(_all(database, sa.select(_MEMBER.c.id)))
    areas = [a["id"] for a in _all(database, sa.select(AREAS.c.id))]
    for n in range(there, count):
        name = f"{words.some('en', 1).title()} {words.some('en', 1).title()} {n}"
        joined = today - timedelta(days=rnd.randint(0, 900))
        yield {
            _MEMBER: [
                {"id": _uuid(rnd), "name": name, "name_key": fold(name), "language": rnd.choice(("en", "fr", "ar")),
                 "joined_on": joined, "seen_on": today - timedelta(days=rnd.randint(0, 60)), "area_id": rnd.choice(areas),
                 "status": "active", "adult": True, "totp_step": 0}
            ]
        }, []  # fmt: skip


def _services(database: Database, count: int, rnd: random.Random, words: Words) -> Iterator[Piece]:
    service = TABLES["service"]
    rows = _all(database, sa.select(service).order_by(service.c.id))
    facts = {r["id"]: r["facts"] for r in _all(database, sa.select(FACTS))}
    texts = _by("service_id", _all(database, sa.select(TEXTS)))
    documents = _by("subject_id", _documents(database, "service"))
    with database.reading() as db:
        book = AreaBook.load(db.connection())
    towns = _all(database, sa.select(AREAS).where(AREAS.c.parent_id.is_not(None)).order_by(AREAS.c.id))
    models = [r for r in rows if documents.get(r["id"])]
    for n in range(count - len(rows)):
        model, town = models[n % len(models)], rnd.choice(towns)
        new = _service(model, rnd, n)
        line = book.line(town["id"])
        extra = {d["language"]: words.some(d["language"], 8) for d in documents[model["id"]]}
        found = _moved(facts[model["id"]], town, line, rnd)
        own = [{**t, "id": _uuid(rnd), "service_id": new["id"]} for t in texts.get(model["id"], ())]
        yield (
            {service: [new], FACTS: [{"id": new["id"], "stale": False, "facts": found}], TEXTS: own},
            [_service_document(d, new, town, line, extra[d["language"]], book) for d in documents[model["id"]]],
        )


def _documents(database: Database, kind: str) -> list[Record]:
    return _all(database, sa.select(_DOCUMENT).where(_DOCUMENT.c.kind == kind).order_by(_DOCUMENT.c.id))


def _by(name: str, rows: list[Record]) -> dict[Any, list[Record]]:
    found: dict[Any, list[Record]] = {}
    for row in rows:
        found.setdefault(row[name], []).append(row)
    return found


def _service(model: Record, rnd: random.Random, n: int) -> Record:
    today = now().date()
    checked = today - timedelta(days=rnd.randint(0, 170)) if rnd.random() < 0.4 else None
    return {
        **model, "id": _uuid(rnd), "ref": _ref(rnd), "foreign_id": f"bench-{n}", "verified_on": checked,
        "verified_by_role": "coordinator" if checked else None, "verify_method": "phone" if checked else None,
        "verify_due": next_due(checked or today, model["short_term"]),
    }  # fmt: skip


def _moved(facts: Record, town: Record, line: list[UUID], rnd: random.Random) -> Record:
    """Return the facts of a page as they are in another town, with other numbers."""
    lat, lon = town["lat"], town["lon"]
    point = {} if lat is None else {"lat": lat + rnd.uniform(-0.1, 0.1), "lon": lon + rnd.uniform(-0.1, 0.1)}
    phones = [{**p, "number": f"+{rnd.randint(200, 999)} {rnd.randint(10**7, 10**8)}"} for p in facts.get("phones", ())]
    places = [{**p, **point, "area": str(town["id"])} for p in facts.get("places", ())]
    moved = {"phones": phones, "places": places} if "places" in facts else {}
    return {**facts, **moved, "areas": [str(a) for a in line]}


def _service_document(document: Record, new: Record, town: Record, line: list[UUID], extra: str, book: AreaBook) -> search.Document:
    shown, place = document["shown"], name_in(town, document["language"])
    points = [] if town["lat"] is None or new["protected"] else [[town["lat"], town["lon"]]]
    tokens = [*(f"need:{n}" for n in new["needs"]), *(f"area:{a}" for a in line),
              *(f"lang:{code[:2].lower()}" for code in shown["languages"])]  # fmt: skip
    names = " ".join(str(area["name"]) for a in line if (area := book.get(a)))
    card = {
        **shown, "ref": new["ref"], "name": f"{shown['name'][:100]} – {place}",
        "area": {"name": town["name"], "names": town["names"]},
        "verified": new["verified_on"].isoformat() if new["verified_on"] else None, "due": new["verify_due"].isoformat(),
        "points": points,
    }  # fmt: skip
    return search.Document(
        kind="service", subject_id=new["id"], language=document["language"], title=f"{document['title']} {place}",
        body=f"{document['body']} {names} {extra}", tokens=tokens, shown=card, rank=rank(new["verified_on"]),
        lat=town["lat"] if points else None, lon=town["lon"] if points else None,
    )  # fmt: skip


def _stories(database: Database, count: int, rnd: random.Random, words: Words) -> Iterator[Piece]:
    rows = _all(database, sa.select(_STORY).where(_STORY.c.status == "published").order_by(_STORY.c.id))
    texts, consents, media, mentions = (
        _by("story_id", _all(database, sa.select(table))) for table in (_STORY_TEXT, _CONSENT, _MEDIA, _MENTION)
    )
    documents = _by("subject_id", _documents(database, "story"))
    told_in = {r["area_id"] for r in rows}  # tellers choose from the network's own areas, not from every town of a directory
    areas = _all(database, sa.select(AREAS).where(AREAS.c.id.in_(told_in)).order_by(AREAS.c.id))
    tellers = [r["id"] for r in _all(database, sa.select(_MEMBER.c.id).order_by(_MEMBER.c.id))]
    services = [r["id"] for r in _all(database, sa.select(TABLES["service"].c.id).order_by(TABLES["service"].c.id))]
    same_language = _by("language", [t for r in rows for t in texts[r["id"]]])
    for n in range(count - len(rows)):
        model, area = rows[n % len(rows)], rnd.choice(areas)
        new = {**model, "id": _uuid(rnd), "ref": _ref(rnd), "author_id": rnd.choice(tellers), "area_id": area["id"],
               "published_on": now().date() - timedelta(days=rnd.randint(0, 900))}  # fmt: skip
        told = [_told(t, rnd.choice(same_language[t["language"]]), new["id"], rnd, words) for t in texts[model["id"]]]
        named = mentions.get(model["id"], [])
        linked = [{**m, "service_id": s} for m, s in zip(named, rnd.sample(services, len(named)), strict=True)]
        pieces = {_STORY: [new], _STORY_TEXT: told, _CONSENT: consents.get(model["id"], []), _MEDIA: media.get(model["id"], []),
                  _MENTION: linked}  # fmt: skip
        own = {t: [_owned(r, new["id"], rnd) for r in rs] if t is not _STORY else rs for t, rs in pieces.items()}
        yield own, [_story_document(d, new, told, area) for d in documents.get(model["id"], ())]


def _owned(row: Record, story: UUID, rnd: random.Random) -> Record:
    return {**row, "id": _uuid(rnd), "story_id": story, **({"ref": _ref(rnd)} if "ref" in row else {})}


def _told(text: Record, other: Record, story: UUID, rnd: random.Random, words: Words) -> Record:
    """Return a text with some of its parts from another story of the same language and a few invented words."""
    mixed = {part: other[part] if rnd.random() < 0.5 and other[part] else text[part] for part in _PARTS}
    mixed["next"] = f"{mixed['next']}\n\n{words.some(text['language'], 12).capitalize()}."
    return {**text, **mixed, "title": f"{text['title'][:90]} {words.some(text['language'], 1)}", "story_id": story}


def _story_document(document: Record, new: Record, told: list[Record], area: Record) -> search.Document:
    text = next(t for t in told if t["language"] == document["language"])
    body = text["content_note"] if new["heavy"] else "\n".join(text[p] for p in (*_PARTS, "summary") if text[p])
    tokens = [f"language:{text['language']}", f"area:{area['id']}", *(f"theme:{t}" for t in new["themes"]),
              *(f"need:{n}" for n in new["needs"])]  # fmt: skip
    shown = {**document["shown"], "ref": new["ref"], "title": text["title"], "area": area["name"], "area_names": area["names"]}
    return search.Document("story", new["id"], text["language"], text["title"], body, tokens, shown, document["audience"])


def copy_to(source: Database, target: Database) -> None:
    """Copy every row into a migrated, empty database of the other engine."""
    with source.read_engine.connect() as old, target.write_engine.begin() as new:
        new.exec_driver_sql("SET session_replication_role = replica")  # the rows are in order already
        for table in SQLModel.metadata.sorted_tables:
            new.execute(sa.delete(table))
            rows = old.execution_options(yield_per=BATCH).execute(sa.select(table))
            for part in rows.mappings().partitions(BATCH):
                new.execute(sa.insert(table), [dict(r) for r in part])
    with target.write_engine.connect().execution_options(isolation_level="AUTOCOMMIT") as new:
        new.exec_driver_sql("VACUUM ANALYZE")


def main() -> int:
    """Make the data in a process of its own, so that nothing of it stays in the one that measures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--folder", type=Path, default=CACHE)
    arguments = parser.parse_args()
    print(prepared(QUICK if arguments.quick else FULL, lambda line: print(line, file=sys.stderr, flush=True), arguments.folder))
    return 0


if __name__ == "__main__":
    sys.exit(main())
