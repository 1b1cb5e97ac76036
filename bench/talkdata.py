"""A network that talks: members, groups, topics and posts by bulk inserts, the same on both engines, marked as made here.

Groups carry the template ``bench``; the first group has one topic of very many posts, so that a page far back can be compared.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import UUID

import sqlalchemy as sa

from app.core import crypto
from app.core.clock import now
from app.core.db import Database, checkpoint
from app.core.ids import REF_LENGTH
from app.domain import versions
from app.domain.accounts.sessions import WORK_LENGTH, idle_time
from app.models.accounts import Member, PhoneMode, SignIn
from app.models.groups import Group, GroupMember, GroupRole, JoinPolicy, Post, PostState, Topic, Visibility

BATCH = 5_000
MARK = "bench"
MINE = 10  # groups that the measured member reads, besides the first one
_ALPHABET = "23456789abcdefghjkmnpqrstvwxyz"
_TABLES: dict[str, sa.Table] = {k.__name__: k.__table__ for k in (Member, SignIn, Group, GroupMember, Topic, Post)}  # type: ignore[attr-defined]
Say = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Talk:
    """How many of each; ``long`` is the number of posts of the longest topic."""

    members: int
    groups: int
    topics: int
    posts: int
    long: int


FULL = Talk(100_000, 2_000, 50_000, 1_000_000, 200_000)
QUICK = Talk(5_000, 200, 5_000, 60_000, 20_000)


@dataclass(frozen=True, slots=True)
class There:
    """What was made: addresses to ask for, and tokens of members who are signed in and belong to the first group."""

    groups: list[str]
    topics: list[str]
    long: str
    writing: str  # where people write: the first group's second topic
    tokens: list[str]


def fill(database: Database, size: Talk, writers: int, say: Say) -> There:
    """Make everything in a migrated, empty database."""
    say(f"making {size.members} members, {size.groups} groups, {size.topics} topics, {size.posts} posts …")
    maker = _Maker(random.Random(20261130), size, writers)
    for name, rows in maker.tables():
        for batch in _batches(rows):
            with database.transaction() as db:
                db.execute(sa.insert(_TABLES[name]), batch)
            if database.embedded and name == "Post":
                checkpoint(database)
    with database.transaction() as db:
        versions.bump(db, versions.GROUPS)
        db.execute(sa.text("ANALYZE"))
    checkpoint(database)
    return maker.there


def _batches(rows: Iterable[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    stream = iter(rows)
    while batch := list(islice(stream, BATCH)):
        yield batch


class _Maker:
    """Rows in the order of their tables, from one source of chance."""

    def __init__(self, rnd: random.Random, size: Talk, writers: int) -> None:
        self.rnd, self.size, self.writers, self.start = rnd, size, writers, now() - timedelta(days=300)
        letters = [
            ("".join(rnd.choice("bcdfgklmnprstv") + rnd.choice("aeiou") for _n in range(rnd.randint(1, 4)))) for _m in range(5_000)
        ]
        self.words, self.members = letters, [self._id(n) for n in range(size.members)]
        self.groups = [(self._id(n), self._ref()) for n in range(size.groups)]
        self.topics = [(self._id(n), self._ref(), n % size.groups) for n in range(size.topics)]
        mine = [f"/g/{ref}" for _id, ref in self.groups[1 : MINE + 1]]
        read = [f"/g/{self.groups[g][1]}/t/{ref}" for _id, ref, g in self.topics if 1 <= g <= MINE][:200]
        first = [f"/g/{self.groups[0][1]}/t/{ref}" for _id, ref, g in self.topics if g == 0]
        self.there = There(mine, read, first[0], first[1], [self._ref() + self._ref() for _n in range(writers)])

    def _ref(self) -> str:
        return "".join(self.rnd.choices(_ALPHABET, k=REF_LENGTH))

    def _id(self, n: int) -> UUID:
        """Return an id that sorts by ``n``, as the ids that we make sort by time."""
        moment = int(self.start.timestamp() * 1000) + n
        return UUID(int=moment << 80 | 7 << 76 | 2 << 62 | self.rnd.getrandbits(60))

    def _some(self, count: int) -> str:
        return " ".join(self.rnd.choices(self.words, k=count))

    def tables(self) -> Iterator[tuple[str, Iterator[dict[str, Any]]]]:
        """Yield each table with its rows."""
        yield from (
            ("Member", self._members()), ("SignIn", self._sessions()), ("Group", self._groups()), ("GroupMember", self._seats()),
            ("Topic", self._topics()), ("Post", self._posts()),
        )  # fmt: skip

    def _members(self) -> Iterator[dict[str, Any]]:
        day = self.start.date()
        for n, key in enumerate(self.members):
            yield {"id": key, "name": self._some(2).title(), "name_key": f"bench {n}", "joined_on": day, "seen_on": now().date()}

    def _sessions(self) -> Iterator[dict[str, Any]]:
        moment = now()
        for n, token in enumerate(self.there.tokens):
            yield {
                "id": self._id(n), "token_hash": crypto.token_hash(token), "member_id": self.members[n], "device": "phone",
                "mode": PhoneMode.ONLY_ME, "since": moment, "seen_at": moment, "idle_until": moment + idle_time(PhoneMode.ONLY_ME),
                "ends_at": moment + WORK_LENGTH, "proven_at": moment,
            }  # fmt: skip

    def _groups(self) -> Iterator[dict[str, Any]]:
        for n, (key, ref) in enumerate(self.groups):
            yield {
                "id": key, "ref": ref, "name": f"Bench {n} {self._some(2)}", "purpose": self._some(30), "language": "en",
                "themes": ["work"] if n % 2 else ["papers"], "open_to": [], "visibility": Visibility.LISTED,
                "join_policy": JoinPolicy.OPEN, "template": MARK, "members": 50, "started_on": self.start.date(),
            }  # fmt: skip

    def _seats(self) -> Iterator[dict[str, Any]]:
        """The writers belong to the first group; the first of them also to the ten that are read; others each to one."""
        places = [(0, n) for n in range(self.writers)] + [(g, 0) for g in range(1, MINE + 1)]
        places += [(n % self.size.groups, n) for n in range(self.writers, self.size.members)]
        for n, (group, member) in enumerate(places):
            yield {
                "id": self._id(n), "group_id": self.groups[group][0], "member_id": self.members[member], "role": GroupRole.MEMBER,
                "joined_on": self.start.date(), "fresh_from": self.start,
            }  # fmt: skip

    def _posts_of(self, topic: int) -> int:
        if topic == 0:
            return self.size.long
        return max(1, (self.size.posts - self.size.long) // (self.size.topics - 1))

    def _topics(self) -> Iterator[dict[str, Any]]:
        for n, (key, ref, group) in enumerate(self.topics):
            yield {
                "id": key, "ref": ref, "group_id": self.groups[group][0], "author_id": self._somebody(group),
                "title": self._some(7), "language": "en", "last_number": self._posts_of(n), "last_at": self._at(n),
            }  # fmt: skip

    def _somebody(self, group: int) -> UUID:
        """Return a member of the group, where it has one beside the measured member."""
        steps = (self.size.members - self.writers) // self.size.groups
        n = self.writers + (group - self.writers) % self.size.groups + self.size.groups * self.rnd.randrange(max(1, steps - 1))
        return self.members[n if n < self.size.members else self.writers]

    def _at(self, n: int) -> datetime:
        return self.start + timedelta(minutes=n)

    def _posts(self) -> Iterator[dict[str, Any]]:
        count = 0
        for n, (key, _ref, group) in enumerate(self.topics):
            for number in range(1, self._posts_of(n) + 1):
                count, body = count + 1, self._some(12 if n == 0 else 45)
                yield {
                    "id": self._id(count), "ref": self._ref(), "topic_id": key, "group_id": self.groups[group][0],
                    "author_id": self._somebody(group), "number": number, "state": PostState.SHOWN, "language": "en", "body": body,
                    "folded": body, "written_at": self._at(n),
                }  # fmt: skip
