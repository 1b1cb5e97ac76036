"""Personal data by kind of text, limits for newcomers and first messages, the network's own list of words."""

from pathlib import Path

import pytest

from app.core.errors import Invalid
from app.domain.moderation.checks import listed
from app.domain.moderation.checks.checking import check
from app.domain.moderation.checks.shapes import Check, Context, Level, Listed, Subject
from app.domain.stories.lookover import look_over

PERSONAL = (
    "My name is Fatou Diallo, call 077 123 45 67. My passport number is AB1234567. On 3 May 2021 I lived at 12 Market Street."
)


def found(text: str, check_name: Check, **context: object) -> list[tuple[str, str, str]]:
    findings = check(text, Context(**context))  # type: ignore[arg-type]
    return [(f.rule, f.level.value, f.text) for f in findings if f.check is check_name]


def test_a_story_shows_what_the_look_over_shows() -> None:
    seen = found(PERSONAL, Check.PERSONAL, subject=Subject.STORY)
    assert [(rule, text) for rule, _level, text in seen] == [(f.kind.value, f.text) for f in look_over(PERSONAL, "en")]
    assert {level for _rule, level, _text in seen} == {"hint"}


@pytest.mark.parametrize(("subject", "kinds"), [
    (Subject.POST, {"name": "hint", "phone": "hint", "id_number": "hold", "place": "hint"}),
    (Subject.ANY, {"name": "hint", "phone": "hint", "id_number": "hint", "place": "hint"}),
    (Subject.MESSAGE, {"id_number": "hint"}),
    (Subject.LISTING, {"id_number": "hint"}),
])  # fmt: skip
def test_what_is_personal_depends_on_the_kind_of_text(subject: Subject, kinds: dict[str, str]) -> None:
    assert {rule: level for rule, level, _text in found(PERSONAL, Check.PERSONAL, subject=subject)} == kinds


def test_a_first_name_alone_is_no_finding_in_talk() -> None:
    assert found("Yesterday I met Fatou in the market.", Check.PERSONAL, subject=Subject.POST) == []
    assert found("Yesterday I met Fatou in the market.", Check.PERSONAL, subject=Subject.STORY) != []


def test_a_newcomer_sends_two_links_and_not_more() -> None:
    text = "Look: https://a.example/1 https://b.example/2 https://c.example/3"
    assert found(text, Check.NEWCOMER, newcomer=True) == [("links", "hold", "https://c.example/3")]
    assert found(text.rsplit(" ", 1)[0], Check.NEWCOMER, newcomer=True) == []
    assert found(text, Check.NEWCOMER) == []


@pytest.mark.parametrize("way", ["+221 77 123 45 67", "https://a.example/x", "a@b.example", "@quiet_one", "a at gmail dot com"])
def test_a_first_message_holds_no_way_around_the_network(way: str) -> None:
    assert [(rule, level) for rule, level, _text in found(f"Hello, write me: {way}", Check.NEWCOMER, first_message=True)] == [
        ("first_message", "hold")
    ]
    assert found(f"Hello, write me: {way}", Check.NEWCOMER, newcomer=True) == []


LIST = [Listed("blocked", "block"), Listed("waits", "hold"), Listed("deporte*", "hint", "somebody who was sent back"),
        Listed("two words", "hold"), Listed("مهرب", "hold")]  # fmt: skip


@pytest.mark.parametrize(("text", "rule", "level", "marked"), [
    ("This is Blocked here", "block", "hold", "Blocked"),
    ("This w4its here", "hold", "hold", "w4its"),
    ("b l o c k e d", "block", "hold", "b l o c k e d"),
    ("A deportee came", "hint", "hint", "deportee"),
    ("Two  Words", "hold", "hold", "Two  Words"),
    ("قال والمُهَرِّب جاء", "hold", "hold", "والمُهَرِّب"),
])  # fmt: skip
def test_words_of_the_list_are_found_however_they_are_written(text: str, rule: str, level: str, marked: str) -> None:
    assert found(text, Check.WORD, listed=LIST) == [(rule, level, marked)]


def test_words_that_only_hold_a_listed_word_are_left_alone() -> None:
    assert found("unblocked waitress words two", Check.WORD, listed=LIST) == []


def test_what_to_write_instead_is_said() -> None:
    finding = next(f for f in check("A deportee came", Context(listed=LIST)) if f.check is Check.WORD)
    assert finding.suggestion == "somebody who was sent back"
    assert "somebody who was sent back" in finding.advice.words("en")


def test_the_shipped_list_only_hints() -> None:
    assert {one.effect for one in listed.read(listed.SHIPPED)} == {"hint"}
    assert found("Those illegals", Check.WORD, listed=listed.read(listed.SHIPPED)) == [("hint", "hint", "illegals")]


def test_the_network_s_own_list_stands_in_place_of_ours(tmp_path: Path) -> None:
    assert listed.word_list(tmp_path) == listed.read(listed.SHIPPED)
    (tmp_path / "words.yaml").write_text("wo:\n  block: [bañ]\n  hint: {sarax: ndimbal}\n", encoding="utf-8")
    assert listed.word_list(tmp_path) == (Listed("bañ", "block"), Listed("sarax", "hint", "ndimbal"))


@pytest.mark.parametrize("content", [
    "en: [a]", "en: {ban: [a]}", "en: {hold: [", "- a", "\x00", "en: {hold: ['~']}", "en: 3", "en: {hold: scam}", "en: {hold: 3}",
    "[" * 3_000,
])  # fmt: skip
def test_a_list_that_cannot_be_read_gives_way_to_ours(tmp_path: Path, content: str) -> None:
    own = tmp_path / "words.yaml"
    own.write_text(content, encoding="utf-8")
    with pytest.raises(Invalid, match=r"words\.yaml"):
        listed.read(own)
    assert listed.word_list(tmp_path) == listed.read(listed.SHIPPED)


def test_a_list_that_is_a_folder_gives_way_to_ours(tmp_path: Path) -> None:
    (tmp_path / "words.yaml").mkdir()
    assert listed.word_list(tmp_path) == listed.read(listed.SHIPPED)
    with pytest.raises(Invalid, match=r"words\.yaml"):
        listed.read(tmp_path / "words.yaml")


def test_nothing_found_has_no_level() -> None:
    assert check("Good morning, how are you?") == []
    assert Level("hold") is Level.HOLD
