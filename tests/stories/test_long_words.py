"""A story as long as it may be fits into one form, whatever its script; one that is longer comes back with every letter."""

from collections.abc import Callable
from urllib.parse import urlencode

import pytest
from sqlmodel import Session

from app.domain.stories import drafts, telling
from app.models.accounts import Member
from app.schemas.stories import Words
from app.web.body import BODY_LIMIT
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told

Open = Callable[..., Browser]
PARTS = {"title": 120, "body": 20_000, "hard": 8_000, "helped": 8_000, "differently": 8_000, "next": 8_000}
LETTERS = {"latin": "a", "arabic": "ع", "bangla": "ব", "ethiopic": "ሰ", "adlam": "\U0001e900"}  # 1, 6, 9, 9, 12 bytes on the way


@pytest.fixture
def teller(make: Make) -> Member:
    return make.member("Ndeye Baobab")


def form(letter: str, version: int, over: int = 0) -> dict[str, str]:
    """Return the form of a story with every part at its limit (or ``over`` it)."""
    return {**{name: letter * (most + over) for name, most in PARTS.items()}, "language": "bn", "row_version": str(version)}


def test_the_parts_are_those_of_the_form() -> None:
    limits = {
        name: next(m.max_length for m in info.metadata if hasattr(m, "max_length")) for name, info in Words.model_fields.items()
    }
    assert limits == PARTS
    for letter in LETTERS.values():
        assert len(urlencode(form(letter, 10**9))) + 1_000 < BODY_LIMIT
        assert sum(map(len, form(letter, 10**9).values())) < drafts.LONGEST


@pytest.mark.parametrize("script", LETTERS)
def test_the_longest_story_is_taken_and_its_draft_too(db: Session, make: Make, browse: Open, teller: Member, script: str) -> None:
    story = told.draft(db, teller)
    version = story.row_version
    make.commit()
    me, at, words = browse(teller), f"/my/stories/{story.ref}/write", form(LETTERS[script], version)
    assert me.post(f"{at}/draft", words).status_code == 204
    assert me.get(at).text.count(LETTERS[script] * 8_000) >= 4
    assert me.post(at, {**words, "once": "w"}).status_code == 303
    kept = telling.original(db, story)
    assert {name: len(getattr(kept, name)) for name in PARTS} == PARTS
    db.commit()


@pytest.mark.parametrize("part", ["a\r\n", '"', "\\", "é\r\n\r\n"])
def test_a_draft_of_lines_and_signs_is_kept(db: Session, make: Make, browse: Open, teller: Member, part: str) -> None:
    story = told.draft(db, teller)
    version = story.row_version
    make.commit()
    words = {"body": (part * 20_000)[:20_000], "hard": (part * 8_000)[:8_000], "language": "en", "row_version": str(version)}
    assert browse(teller).post(f"/my/stories/{story.ref}/write/draft", words).status_code == 204


@pytest.mark.parametrize("script", ["latin", "bangla"])
def test_an_old_browser_takes_one_more_tap_with_all_of_it(
    db: Session, make: Make, browse: Open, teller: Member, script: str
) -> None:
    story = told.draft(db, teller)
    version = story.row_version
    make.commit()
    asked = browse(teller).client.post(f"/my/stories/{story.ref}/write", data=form(LETTERS[script], version))
    assert asked.status_code == 403
    assert asked.text.count(LETTERS[script] * 8_000) >= 8  # to read and to send again


def test_what_is_too_long_comes_back_in_its_own_form(db: Session, make: Make, browse: Open, teller: Member) -> None:
    """400,000 letters pasted into one field: nothing is lost, and the sentence stands at the field."""
    story = told.draft(db, teller)
    version = story.row_version
    make.commit()
    me, at = browse(teller), f"/my/stories/{story.ref}/write"
    answer = me.post(at, {**form("a", version), "body": "long " * 80_000})
    assert (answer.status_code, "At most 20000 letters" in text_of(answer)) == (422, True)
    assert "long " * 80_000 in answer.text
    over = me.post(at, form("ব", version, over=1))
    assert over.status_code == 422
    assert "ব" * 20_001 in over.text


def test_what_cannot_be_read_whole_is_shown_as_far_as_it_came(db: Session, make: Make, browse: Open, teller: Member) -> None:
    story = told.draft(db, teller)
    make.commit()
    answer = browse(teller).post(f"/my/stories/{story.ref}/write", {"title": "My way", "body": "ব" * 150_000, "language": "bn"})
    assert answer.status_code == 413
    assert "ব" * 100_000 in answer.text
    assert "My way" in answer.text
    assert f'href="/my/stories/{story.ref}/write"' in answer.text
