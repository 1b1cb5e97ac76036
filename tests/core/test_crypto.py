"""Sealed values: any altered byte is noticed, keys rotate, a value fits one column only."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.core.crypto import SealBroken, SealRing, keyed_hash, new_key, parse_key

OLD, NEW = bytes(32), bytes(range(32))


@given(st.binary(max_size=300))
def test_what_is_sealed_opens_again_and_never_looks_the_same(plain):
    ring = SealRing((NEW,))
    one, two = ring.seal(plain, "a.b"), ring.seal(plain, "a.b")
    assert ring.open(one, "a.b") == ring.open(two, "a.b") == plain
    assert one != two


@given(st.integers(min_value=0, max_value=40), st.integers(min_value=1, max_value=255))
def test_an_altered_byte_is_noticed(place, change):
    sealed = bytearray(SealRing((NEW,)).seal(b"words", "a.b"))
    sealed[place % len(sealed)] ^= change
    with pytest.raises(SealBroken):
        SealRing((NEW,)).open(bytes(sealed), "a.b")


def test_a_value_of_one_column_does_not_open_in_another():
    with pytest.raises(SealBroken):
        SealRing((NEW,)).open(SealRing((NEW,)).seal(b"words", "a.b"), "a.c")


def test_keys_rotate():
    sealed = SealRing((OLD,)).seal(b"words", "a.b")
    both = SealRing((NEW, OLD))
    assert both.open(sealed, "a.b") == b"words"
    assert not both.is_current(sealed)
    assert both.is_current(both.seal(b"words", "a.b"))
    with pytest.raises(SealBroken):
        SealRing((NEW,)).open(sealed, "a.b")


@pytest.mark.parametrize("text", ["", "short", "A" * 42, "A" * 44, "ü" * 43])
def test_only_32_bytes_are_a_key(text):
    with pytest.raises(ValueError, match="32 bytes"):
        parse_key(text)


def test_a_fresh_key_can_be_used():
    assert len(parse_key(new_key())) == 32
    assert new_key() != new_key()


def test_a_hash_is_for_one_purpose():
    assert keyed_hash(b"k", "a", "x") != keyed_hash(b"k", "b", "x") != keyed_hash(b"j", "b", "x")
