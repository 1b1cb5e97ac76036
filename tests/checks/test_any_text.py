"""Any text: nothing breaks, offsets lie inside, the same text gives the same findings, work grows with length and not faster."""

import signal
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from app.domain.moderation.checks import rulebook
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.reading import readings, words
from app.domain.moderation.checks.shapes import Context, Listed, Subject
from app.domain.stories import lookover
from app.domain.stories.lookover_parts import plain

SPACED = (
    "pay fee send your passport work in Dubai whatsapp only no never 100 $ +221771234567 https://a.example دفع رسوم الجواز v1sa"
    " . ! ড ভিসা — ﷺ İ ß"
)
PIECES = [*SPACED.split(), "p a y", "\u200b", "\u0301", "\n", "👩‍👩‍👧"]
TEXTS = st.one_of(st.text(max_size=300), st.lists(st.sampled_from(PIECES), max_size=80).map(" ".join))
WORDS = (Listed("pay", "block"), Listed("vi*", "hint"), Listed("دفع", "hold"))


@settings(max_examples=150, deadline=None)
@given(TEXTS, st.sampled_from(list(Subject)), st.booleans())
def test_any_text_is_checked(text: str, subject: Subject, new: bool) -> None:
    context = Context(subject=subject, newcomer=new, first_message=new, countries=("SN",), listed=WORDS, earlier=(text[:50],))
    findings = check(text, context)
    for finding in findings:
        assert 0 <= finding.start < finding.end <= len(text)
        assert text[finding.start : finding.end] == finding.text
        assert finding.why.words("ar")
        assert finding.advice.words("fr")
        assert set(finding.as_dict()) == {"check", "rule", "level", "start", "end", "text", "why", "do"}
    assert findings == check(text, context)


@settings(max_examples=100, deadline=None)
@given(TEXTS)
def test_words_stand_in_order_and_inside(text: str) -> None:
    copy = plain(text)
    book = rulebook.book()
    found = words(copy, lookover.find(copy, "en"), book.signs, book.known)
    assert all(0 <= w.start < w.end <= len(copy.text) for w in found)
    assert all(a.end <= b.start and a.sentence <= b.sentence for a, b in pairwise(found))


@given(st.text(max_size=60))
@example("ة")
def test_the_plain_reading_always_stays(word: str) -> None:
    assert readings(word)[0] == word
    assert len(readings(word)) <= 60


def steps(work: Callable[[], Any]) -> int:
    """Return how many functions are called: a measure that is the same on every machine."""
    count = 0

    def counting(_frame: Any, event: str, _argument: Any) -> None:
        nonlocal count
        count += event in ("call", "c_call")

    before = sys.getprofile()
    sys.setprofile(counting)
    try:
        work()
    finally:
        sys.setprofile(before)
    return count


@contextmanager
def no_longer_than(seconds: int) -> Iterator[None]:
    """End what hangs: to the profiler a slow regular expression is one call, but it listens to signals."""

    def stop(_number: int, _frame: Any) -> None:
        raise AssertionError(f"longer than {seconds} s: a regular expression that tries everything?")

    before = signal.signal(signal.SIGALRM, stop)
    signal.alarm(seconds)
    try:
        yield
    finally:
        signal.alarm(0)
        signal.signal(signal.SIGALRM, before)


GROWING = [
    "Pay only 100 dollars registration fee, work in Dubai, WhatsApp only, send your passport. ",
    "I came home and opened a small shop with my sister, and people liked the bread. ",
    "pay ",
    "p a y ",
    "a",
    "1",
    "1 ",
    "send your send your send the send a ",
    "a.a@a.",
    "no no never not ",
    "ا د ف ع رسوم ",
    "\u200b\u0301",
    "+1 2 3 4 5 6 7 8 9 ",
    "www.a.",
    "a-",
    "x1$",
    "_",
    "'s",
]
WORDS_THAT_HURT = [
    "a" + "1" * 39, "a" + "1" * 38 + "!", "ab" + "1" * 38, "a1" * 20, "a$" * 20, "a@" * 20, "1a" * 20, "$" * 40, "x" + "$1" * 19,
    "aaa" * 13, "ا" * 40, "ال" * 20, "وب" * 20, "а" * 40, "a'" * 20, "1,1" * 13, "1 111" * 8, "T2026113011574300001234",
]  # fmt: skip
HOSTILE = [*WORDS_THAT_HURT, *(" ".join([word] * 50) for word in WORDS_THAT_HURT), *(piece * 4_000 for piece in GROWING)]


@pytest.mark.parametrize("piece", GROWING)
def test_work_grows_with_length_and_not_faster(piece: str) -> None:
    def of(length: int) -> int:
        text = (piece * (length // len(piece) + 1))[:length]
        return steps(lambda: check(text, Context(subject=Subject.STORY, countries=("SN",), listed=WORDS)))

    check(piece, Context(listed=WORDS))  # what is read once is read now
    of(4000)
    once, twice, four = of(4000), of(8000), of(16000)
    assert twice <= 2.3 * once + 500
    assert four <= 4.6 * once + 1000


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: f"{text[:16]!a}×{len(text)}")
def test_no_text_stops_the_house(text: str) -> None:
    with no_longer_than(20):
        check(text, Context(subject=Subject.STORY, countries=("SN",), listed=WORDS))


@given(st.text(alphabet="a1$@é€x-'ا", max_size=60))
@settings(max_examples=300, deadline=None)
def test_no_word_stops_the_house(word: str) -> None:
    with no_longer_than(10):
        assert readings(word)[0] == word
