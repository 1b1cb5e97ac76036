"""Ids sort in the order in which they were made, whatever the clock does."""

import time
from uuid import UUID

import pytest

from app.core import ids


def test_thousands_in_one_millisecond_keep_their_order_and_their_form(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_800_000_000_000_000_000)
    made = [ids.new_id() for _ in range(10_000)]
    assert made == sorted(made)
    assert len(set(made)) == len(made)
    assert {(one.version, one.variant) for one in made} == {(7, UUID(int=0x2 << 62).variant)}


def test_a_clock_that_is_set_back_brings_no_disorder(monkeypatch: pytest.MonkeyPatch) -> None:
    before = ids.new_id()
    monkeypatch.setattr(time, "time_ns", lambda: 1_000_000_000_000_000_000)
    after = [ids.new_id() for _ in range(3)]
    assert [before, *after] == sorted([before, *after])
