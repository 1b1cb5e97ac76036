"""Codes of languages: those of the list, in their short form."""

import pytest

from app.core import languages


@pytest.mark.parametrize("code", ["fr", "wo", "ha", "prs", "ctg", "syl", "miq", "ber", "kmr", "uz-Latn", "pt-BR", "zh-Hant-TW"])
def test_known(code: str) -> None:
    assert languages.is_known(code)


@pytest.mark.parametrize(
    "code", ["", "xx", "zz", "FR", "fra", "klingon", "und", "mul", "zxx", "qaa", "fr-", "-fr", "fr_FR", "fr-é", "fr-" + "a" * 9]
)
def test_unknown(code: str) -> None:
    assert not languages.is_known(code)


def test_the_whole_list_is_there() -> None:
    assert len(languages.codes()) == 8271
    assert all(2 <= len(code) <= 3 and code.isascii() and code.islower() for code in languages.codes())
