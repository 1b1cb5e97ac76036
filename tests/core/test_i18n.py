"""Days as people write them."""

from datetime import UTC, date, datetime

from app.core import i18n


def test_the_first_of_a_month_is_written_as_french_does() -> None:
    first, moment = date(2026, 12, 1), datetime(2026, 12, 1, 9, 30, tzinfo=UTC)
    with i18n.speaking("fr"):
        assert (i18n.day_words(first), i18n.moment_words(moment)) == ("1er décembre 2026", "1er décembre 2026, 09:30 UTC")
        assert i18n.day_words(date(2026, 12, 11)) == "11 décembre 2026"
    with i18n.speaking("en"):
        assert i18n.day_words(first) == "1 December 2026"


def test_days_speak_the_language_of_the_sentence_around_them() -> None:
    with i18n.speaking("pt"):  # a language of members in which no sentence is written yet
        assert i18n.day_words(date(2026, 12, 4)) == "4 December 2026"
        assert i18n.moment_words(datetime(2026, 12, 4, 9, 30, tzinfo=UTC)) == "4 December 2026, 09:30 UTC"
        assert i18n.month_words(date(2026, 12, 1)) == "December 2026"
    with i18n.speaking("ar"):
        assert "ديسمبر" in i18n.day_words(date(2026, 12, 4))
