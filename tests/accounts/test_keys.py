"""Keys: the lists hold what they promise, and whatever a person types comes back as the same key."""

import math
import re
import unicodedata

import pytest
from argon2 import PasswordHasher, extract_parameters
from hypothesis import given, settings
from hypothesis import strategies as st

from app.core.text import fold
from app.domain.accounts import keys
from app.domain.accounts.keys import Key, read_code, read_key

HASHER, DUMMY = keys._HASHER, keys.DUMMY  # read before a test begins, so the program's own
SERVER_KEY = b"a server key of thirty-two bytes"
# A key never carries a word that labels or hurts: a few per language, folded like the lists.
STIGMA = {
    "en": "illegal deport deportee refugee asylum migrant victim beggar slave prison police border visa passport camp "
    "detain shame failure criminal war gun kill death dead poor sick blood naked sex pray church mosque god hell",
    "fr": "illégal expulser expulsé réfugié asile migrant victime mendiant esclave prison police frontière visa "
    "passeport camp honte échec criminel guerre arme tuer mort pauvre malade sang nu sexe prier église mosquée dieu",
    "ar": "مرحل لاجئ مهاجر ضحية متسول سجن شرطة حدود تأشيرة جواز مخيم ملجأ عار فشل مجرم حرب سلاح قتل موت فقير "
    "مريض دم عبد جنس مسجد كنيسة رب جحيم يتيم أرملة نازح تهريب غرق",
}
SIX = "title leave bassoon afar globe nutmeg"
SIX_KEY = Key(SIX.split(), "title leave", "bassoon afar globe nutmeg")
DIGITS_KEY = Key(["1048", "5991", "7914", "7409"], "104859", "9179147409")


@pytest.mark.parametrize("language", keys.LANGUAGES)
def test_a_list_has_2048_words_that_stay_apart_when_folded(language: str) -> None:
    lines = (keys.FOLDER / f"{language}.txt").read_text("utf-8").splitlines()
    assert len(lines) == 2048
    assert len({fold(line) for line in lines}) == 2048
    assert all(3 <= len(fold(line)) <= 9 and fold(line).isalpha() and line == line.strip() for line in lines)
    assert all(unicodedata.is_normalized("NFC", line) for line in lines)


@pytest.mark.parametrize("language", ["en", "fr"])
def test_four_letters_tell_the_word(language: str) -> None:
    assert len({word[:4] for word in keys.word_list(language)}) == 2048


def test_the_arabic_list_is_arabic_without_marks() -> None:
    assert all(re.fullmatch("[ء-غف-ي]{3,7}", word) for word in keys.word_list("ar").values())


@pytest.mark.parametrize("language", keys.LANGUAGES)
def test_no_word_labels_or_hurts(language: str) -> None:
    stigma = {fold(word) for word in STIGMA[language].split()}
    assert len(stigma) > 25
    assert not stigma & set(keys.word_list(language))


def test_how_many_bits_a_key_has() -> None:
    word = math.log2(len(keys.word_list("en")))
    assert (word * keys.LOCATOR_WORDS, word * (keys.WORDS - keys.LOCATOR_WORDS)) == (22, 44)
    digit = math.log2(10)
    assert digit * (keys.DIGITS - keys.LOCATOR_DIGITS) > 33
    assert math.log2(len(keys.CODE_LETTERS)) * keys.CODE_LENGTH >= 80
    assert len(set(keys.CODE_LETTERS)) == 32


@pytest.mark.parametrize("language", keys.LANGUAGES)
def test_new_words_come_from_the_list_and_read_back(language: str) -> None:
    made = [keys.new_words(language) for _ in range(50)]
    assert len({(key.locator, key.secret) for key in made}) == 50
    for key in made:
        assert len(key.shown) == 6
        assert set(key.shown) <= set(keys.word_list(language).values())

        again = read_key(" ".join(key.shown))
        assert again is not None
        assert (again.locator, again.secret) == (key.locator, key.secret)


def test_another_language_gets_english_words() -> None:
    assert set(keys.new_words("wo").shown) <= set(keys.word_list("en").values())
    with pytest.raises(KeyError):
        keys.word_list("../en")


def test_new_digits_read_back() -> None:
    made = [keys.new_digits() for _ in range(50)]
    assert len({key.secret for key in made}) == 50
    for key in made:
        assert [len(group) for group in key.shown] == [4, 4, 4, 4]
        assert read_key(" ".join(key.shown)) == key


@pytest.mark.parametrize(
    "typed",
    [
        SIX,
        SIX.upper(),
        "  Title,leave ; bassoon\n\nafar\tglobe - nutmeg. ",
        "1. title 2. leave 3. bassoon 4. afar 5. globe 6. nutmeg",
        "1) title\r\n2) leave\r\n3) bassoon\r\n4) afar\r\n5) globe\r\n6) nutmeg",
        "١- title ٢- leave ٣- bassoon ٤- afar ٥- globe ٦- nutmeg",
        "title_leave_bassoon_afar_globe_nutmeg",
        "ｔｉｔｌｅ leave bassoon afar globe nutmeg",
        "title\u00a0leave\u200b bassoon\u2028afar globe nutmeg\ufeff",
        "titl leav bassoon afar globe nutmeg",
        "title leave basson afar globe nutmeg",
    ],
)
def test_words_as_people_type_them(typed: str) -> None:
    assert read_key(typed) == SIX_KEY


def test_accents_and_letter_forms_do_not_matter() -> None:
    accented = [word for word in keys.word_list("fr").values() if word != fold(word)][:6]
    plain = read_key(" ".join(fold(word) for word in accented))
    assert plain is not None
    assert plain.shown == accented
    assert read_key(unicodedata.normalize("NFD", " ".join(accented))) == plain
    arabic = [word for word in keys.word_list("ar").values() if word != fold(word)][:6]
    key = read_key(" ".join(arabic))
    assert key is not None
    assert read_key("، ".join(fold(word) for word in arabic)) == key
    assert read_key(" ".join(word[0] + "\u064e" + word[1:] + "\u0640" for word in arabic)) == key


@pytest.mark.parametrize(
    "typed",
    [
        "1048599179147409",
        "1048 5991 7914 7409",
        "1048-5991-7914-7409",
        "10 48 59 91 79 14 74 09",
        "١٠٤٨ ٥٩٩١ ٧٩١٤ ٧٤٠٩",
        "۱۰۴۸ ۵۹۹۱ ۷۹۱۴ ۷۴۰۹",
        "১০৪৮ ৫৯৯১ ৭৯১৪ ৭৪০৯",
        "1) 1048\n2) 5991\n3) 7914\n4) 7409",
    ],
)
def test_digits_as_people_type_them(typed: str) -> None:
    assert read_key(typed) == DIGITS_KEY


@pytest.mark.parametrize(
    "typed",
    ["", " ", "1234", "1048 5991 7914 740", "title leave bassoon afar globe", "title " * 100, SIX + " afar", "🔑" * 6,
     "colour flavour sweat blood tears toil", "titl leav basso afa globe nutmeg", "x" * 10_000],
)  # fmt: skip
def test_what_cannot_be_a_key_is_none(typed: str) -> None:
    assert read_key(typed) is None


@given(st.text(max_size=500))
def test_no_text_breaks_the_readers(typed: str) -> None:
    key = read_key(typed)
    assert key is None or read_key(" ".join(key.shown)) == key
    code = read_code(typed)
    assert code is None or read_code(code) == code


@settings(max_examples=50)
@given(st.data())
def test_any_six_words_in_any_dress_are_one_key(data: st.DataObject) -> None:
    known = keys.word_list(data.draw(st.sampled_from(keys.LANGUAGES)))
    chosen = data.draw(st.lists(st.sampled_from(sorted(known)), min_size=6, max_size=6))
    between = st.sampled_from([" ", ", ", "\n", " - ", " 3. ", "\u00a0", "/"])
    typed = "".join(data.draw(st.sampled_from([word, known[word], word.upper()])) + data.draw(between) for word in chosen)
    key = read_key(typed)
    assert key is not None
    assert (key.locator, key.secret) == (" ".join(chosen[:2]), " ".join(chosen[2:]))


def test_the_locator_hash_needs_the_server_key_and_its_label() -> None:
    made = keys.locator_hash("title leave", SERVER_KEY)
    # A pinned value: when folding or the label changes, nobody could come back with an old key.
    assert made == "62855a1d32da08cccb4996450210803bf46790a389f424d29b50bc3132db69b3"
    assert made != keys.locator_hash("title leave", b"another key")
    assert made != keys.hash_code("title leave", SERVER_KEY)


@pytest.fixture
def ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """Hash as the program does: other tests hash cheaply."""
    monkeypatch.setattr(keys, "_HASHER", HASHER)
    monkeypatch.setattr(keys, "DUMMY", DUMMY)


@pytest.mark.usefixtures("ours")
def test_a_secret_is_checked_by_argon2id_with_46_mib() -> None:
    hashed = keys.hash_secret(SIX_KEY.secret)
    parameters = extract_parameters(hashed)
    assert (parameters.type.name, parameters.memory_cost, parameters.time_cost) == ("ID", 47_104, 2)
    assert keys.verify_secret(hashed, SIX_KEY.secret)
    assert not keys.verify_secret(hashed, SIX_KEY.secret + " ")
    assert not keys.needs_rehash(hashed)
    assert keys.hash_secret(SIX_KEY.secret) != hashed


@pytest.mark.usefixtures("ours")
def test_the_dummy_costs_the_same_and_opens_nothing() -> None:
    assert extract_parameters(keys.DUMMY) == extract_parameters(keys.hash_secret("x"))
    assert not keys.verify_secret(keys.DUMMY, "")
    assert not keys.verify_secret(keys.DUMMY, DIGITS_KEY.secret)


@pytest.mark.usefixtures("ours")
def test_old_and_broken_hashes() -> None:
    old = PasswordHasher(time_cost=1, memory_cost=1024, parallelism=1).hash("secret")
    assert keys.verify_secret(old, "secret")
    assert keys.needs_rehash(old)
    assert not keys.verify_secret("not a hash", "secret")
    assert keys.needs_rehash("not a hash")


def test_recovery_codes() -> None:
    codes = keys.new_recovery_codes()
    assert len(set(codes)) == 8
    assert len(keys.new_recovery_codes(3)) == 3
    for code in codes:
        assert re.fullmatch(r"([0-9A-HJKMNP-TV-Z]{4}-){3}[0-9A-HJKMNP-TV-Z]{4}", code)
        assert read_code(code.lower().replace("-", " ")) == code
        assert read_code(code.replace("0", "O").replace("1", "l")) == code
        assert read_code(code.replace("-", "\n")) == code
    assert len({keys.hash_code(code, SERVER_KEY) for code in codes}) == 8


@pytest.mark.parametrize("typed", ["", "8R86-PSQE-820B", "8R86-PSQE-820B-9P7U", "8R86-PSQE-820B-9P72-0", "ж" * 16, "0" * 5000])
def test_what_cannot_be_a_code_is_none(typed: str) -> None:
    assert read_code(typed) is None


def test_a_code_with_digits_of_another_script() -> None:
    assert read_code("٨R٨٦ PSQE ٨٢٠B ٩P٧٢") == "8R86-PSQE-820B-9P72"
