"""What serves everybody is made once, however many ask at the same time, and never kept past a change."""

from datetime import date
from threading import Event
from typing import Any, cast

import anyio
import anyio.from_thread
import pytest

from app.core.db import Database
from app.web.keeping import Keeper, Mark

DAY = date(2026, 11, 20)


class Made:
    """Counts what is made; making waits until it is let go."""

    def __init__(self, *, fails: bool = False) -> None:
        self.version, self.fails, self.go, self.begun = 1, fails, Event(), anyio.Event()
        self.marks: list[Mark] = []

    async def mark(self) -> Mark:
        return DAY, self.version

    def make(self, mark: Mark) -> str:
        self.marks.append(mark)
        anyio.from_thread.run_sync(self.begun.set)
        assert self.go.wait(10)
        if self.fails:
            raise RuntimeError("no")
        return f"version {mark[1]}"


class Named:
    """Stands for a database."""


def ask_together(made: Made, times: int, change: Any = None) -> list[str]:
    keeper, database, got = Keeper[str](), cast(Database, Named()), []

    async def ask() -> None:
        got.append(await keeper.of(database, made.mark, made.make))

    async def all_of_them() -> None:
        async with anyio.create_task_group() as group:
            for _ in range(times):
                group.start_soon(ask)
            await made.begun.wait()
            if change:
                change()
            made.go.set()
        await ask()

    anyio.run(all_of_them)
    return got


def test_whoever_asks_meanwhile_waits_for_the_one_that_is_being_made() -> None:
    made = Made()
    assert ask_together(made, 20) == ["version 1"] * 21
    assert made.marks == [(DAY, 1)]


def test_what_moved_meanwhile_is_made_anew_and_once() -> None:
    made = Made()

    def move() -> None:
        made.version = 2

    assert ask_together(made, 20, move) == ["version 1"] + ["version 2"] * 20  # the first asked before it moved
    assert made.marks == [(DAY, 1), (DAY, 2)]


def test_a_version_that_went_back_is_another_version() -> None:
    """A restored copy may count from less: what it does not hold any more must not be shown from memory."""
    made, keeper, database = Made(), Keeper[str](), cast(Database, Named())
    made.go.set()
    for made.version in (3, 2):
        assert anyio.run(keeper.of, database, made.mark, made.make) == f"version {made.version}"


def test_a_failure_is_told_to_the_one_and_tried_again_for_the_next() -> None:
    made = Made(fails=True)
    made.go.set()
    keeper, database = Keeper[str](), cast(Database, Named())
    with pytest.raises(RuntimeError):
        anyio.run(keeper.of, database, made.mark, made.make)
    made.fails = False
    assert anyio.run(keeper.of, database, made.mark, made.make) == "version 1"
