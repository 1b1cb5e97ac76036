"""The look-over by forms, as an Arabic teller walks through it without scripts: "use this" leaves no name behind."""

import html
import re
from collections.abc import Callable

import pytest
from sqlmodel import Session

from app.domain.stories import telling
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told

Open = Callable[..., Browser]
NOTHING_FOUND = "لم نجد في كلماتكم أسماء"
CARD = re.compile(r'<form action="([^"]+/look/finding)".*?</form>', re.DOTALL)


def first_finding(page: str) -> tuple[str, dict[str, str]] | None:
    """Return the address and the hidden fields of the first finding's form, ready to take what is suggested."""
    card = CARD.search(page)
    if card is None:
        return None
    return card[1], {**dict(re.findall(r'name="(\w+)" value="([^"]*)"', html.unescape(card[0]))), "act": "use"}


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ("اتصلت بأخي محمد العلي على الرقم 0791234567", ("محمد", "العلي", "0791234567")),
        ("ساعدتني فاطمة الزهراء بنت أحمد المصري", ("فاطمة", "الزهراء", "أحمد", "المصري")),
        ("اسمي كوفي منساه وأعمل في النجارة", ("كوفي", "منساه")),
        ("سكنت عند أبو حسن سنة كاملة", ("أبو حسن",)),
    ],
)
def test_no_family_name_stands_when_nothing_more_is_found(
    db: Session, make: Make, browse: Open, words: str, names: tuple[str, ...]
) -> None:
    teller = make.member("Quiet River")
    story = told.draft(db, teller, language="ar", title="طريقي", body=words)
    make.commit()
    me, at = browse(teller, language="ar"), f"/my/stories/{story.ref}/look"
    page, taken = me.get(at), 0
    while finding := first_finding(page.text):
        page, taken = me.send(*finding), taken + 1
        assert taken < 10
    assert taken
    assert NOTHING_FOUND in text_of(page)
    body = telling.original(db, story).body
    db.commit()
    assert [name for name in names if name in body] == []


@pytest.mark.parametrize(
    ("language", "words", "said"),
    [
        (
            "en",
            "Work in Dubai, pay only 100 dollars registration fee, then you go.",
            "Money is asked for before anything is given.",
        ),
        ("fr", "Ces clandestins sont mes amis.", "Vous pourriez écrire : personnes sans papiers"),
    ],
)
def test_what_reads_like_an_offer_or_stands_on_the_list_is_shown(
    db: Session, make: Make, browse: Open, language: str, words: str, said: str
) -> None:
    teller = make.member("Quiet River")
    story = told.draft(db, teller, language=language, title="...", body=words)
    make.commit()
    page = browse(teller, language=language).get(f"/my/stories/{story.ref}/look")
    assert said in text_of(page)


def test_a_story_of_what_happened_is_left_alone(db: Session, make: Make, browse: Open) -> None:
    teller = make.member("Quiet River")
    story = told.draft(db, teller, language="en", title="...", body="They took my passport and I had to pay the agent twice.")
    make.commit()
    assert "How others could read it" not in text_of(browse(teller, language="en").get(f"/my/stories/{story.ref}/look"))
