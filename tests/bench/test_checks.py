"""``hearth bench checks``: its samples are what they claim to be, and the rates do not slip. No time is judged."""

from collections import Counter
from pathlib import Path

import pytest

from bench import checks

MEGABYTE = 1_000_000


def test_the_samples_are_small_and_say_where_they_come_from() -> None:
    files = [path for path in checks.SAMPLES.rglob("*") if path.is_file()]
    assert sum(path.stat().st_size for path in files) < MEGABYTE
    read_me = (checks.SAMPLES / "README.md").read_text(encoding="utf-8")
    assert all(f"{path.parent.name}/" in read_me for path in files if path.parent != checks.SAMPLES)


@pytest.mark.parametrize("language", checks.LANGUAGES)
def test_there_are_scams_and_look_alikes_in_each_language(language: str) -> None:
    counts = Counter((text.part, text.bad) for text in checks.scams(language))
    for bad in (True, False):
        assert counts["tuned", bad] + counts["held out", bad] >= 40
        assert abs(counts["tuned", bad] - counts["held out", bad]) <= 1
        assert counts["last", bad] >= 6
    assert {part for part, _bad in counts} == {"tuned", "held out", "second", "third", "fourth", "fifth", "last"}


@pytest.mark.parametrize("language", checks.LANGUAGES)
def test_what_was_tuned_on_stays_right(language: str) -> None:
    seen = [(text.text, text.bad) for text in checks.scams(language) if text.part == "tuned"]
    assert [text for text, bad in seen if checks.is_held(text) != bad] == []
    harmless = [text.text for text in checks.scams(language) if not text.bad]
    assert len([text for text in harmless if checks.is_held(text)]) <= 1


def test_ordinary_sentences_are_hardly_ever_held() -> None:
    tatoeba, udhr = checks._ordinary(None)
    assert len(tatoeba) >= 26
    assert len(udhr) >= 45
    for texts in (tatoeba, udhr):
        for language, lines in texts.items():
            lines = lines[::5]
            assert sum(map(checks.is_held, lines)) <= len(lines) / 100, language


def test_whole_collections_are_read_where_they_are_given(tmp_path: Path) -> None:
    for name in ("tatoeba", "udhr", "sms-spam"):
        (tmp_path / name).mkdir()
    (tmp_path / "tatoeba" / "tatoeba.fra-eng.fra").write_text("Bonjour.\nBonjour.\nMerci.\n")
    (tmp_path / "udhr" / "fra.html").write_text("<p>Tous les <b>êtres</b> humains</p><p></p><li>naissent</li>")
    (tmp_path / "sms-spam" / "SMSSpamCollection.tsv").write_text("ham\tHi\nspam\tText WIN to 80086 now\n")
    tatoeba, udhr = checks._ordinary(tmp_path)
    assert tatoeba == {"fra": ["Bonjour.", "Merci."]}
    assert udhr == {"fra": ["Tous les êtres humains", "naissent"]}
    figures = list(checks._recall("C3", "SMS", list(checks._sms(tmp_path))))
    assert [(f.what, f.value) for f in figures] == [
        ("recall, SMS, tuned", 0.0), ("precision, SMS, tuned", 0.0),
        ("recall, SMS, held out", 100.0), ("precision, SMS, held out", 100.0),
    ]  # fmt: skip
