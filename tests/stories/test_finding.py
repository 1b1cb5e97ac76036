"""Words looked for among stories: mistakes and scripts, who may find what, filters kept, order, and what it costs."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session

from app.core import clock
from app.core.clock import days, now
from app.domain import versions
from app.domain.stories import actions
from app.models.accounts import Member, MemberStatus, Role
from app.models.places import AreaKind
from app.models.stories import Audience, NameForm, Story
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told
from tests.stories.told import actor_of

Open = Callable[..., Browser]


@pytest.fixture
def ndeye(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.fixture
def reader(make: Make) -> Member:
    return make.member("Second Reader", Role.COORDINATOR)


@pytest.fixture
def tell(db: Session, ndeye: Member, reader: Member) -> Callable[..., Any]:
    """``tell("Title", body=…, who={"area": id, "themes": […]})``: a story that everybody can read."""

    def published(title: str, by: Member | None = None, **chosen: Any) -> Any:
        return told.published(db, by or ndeye, reader, title=title, **chosen)

    return published


def show(db: Session, by: Member, reader: Member, story: Story) -> None:
    """Bring a story from what was agreed to where readers see it."""
    actions.submit(db, actor_of(by), story)
    second = actor_of(reader, Role.COORDINATOR)
    actions.open_review(db, second, story)
    actions.approve(db, second, story)
    actions.publish_due(db, now() + days(2))


def titles(answer: Any) -> list[str]:
    """Return the titles of the cards, in their order."""
    return re.findall(r'<h2><a href="/stories/\w+" lang="\w+" dir="auto">([^<]*)</a></h2>', answer.text)


def ask(browser: Browser, words: str, **filters: str) -> Any:
    """Send the search form."""
    answer = browser.get("/stories", params={"q": words, **filters})
    assert answer.status_code == 200
    return answer


def test_title_text_and_summary_are_found_the_title_first(
    db: Session, make: Make, browse: Open, tell: Callable[..., Any], ndeye: Member, reader: Member
) -> None:
    tell("Bees behind the house", body="Nothing else.")
    tell("The long way round", body="My aunt keeps bees.")
    voice = told.agreed(db, ndeye, title="A voice", body="Listen.")
    actions.add_voice(db, actor_of(ndeye), voice, told.VOICE, "I speak of bees and rain.")
    show(db, ndeye, reader, voice)
    tell("A bus", body="No animals.")
    make.commit()
    found = titles(ask(browse(), "bees"))
    assert found[0] == "Bees behind the house"
    assert sorted(found[1:]) == ["A voice", "The long way round"]


@pytest.mark.parametrize(("typed", "title", "words"), [
    ("tailler", "The tailor of the market", "tailor"), ("HOUSE", "A house of four walls", "house"),
    ("النجاره", "تعلمت النجارة", "النجارة"), ("النجرة", "تعلمت النجارة", "النجارة"), ("ecole", "L'école du soir", "école"),
])  # fmt: skip
def test_mistakes_case_accents_and_arabic_letters(
    make: Make, browse: Open, tell: Callable[..., Any], typed: str, title: str, words: str
) -> None:
    tell(title, body="-", language="ar" if "ا" in title else "en")
    tell("Something quite different", body="Rain.")
    make.commit()
    answer = ask(browse(), typed)
    assert titles(answer) == [title.replace("'", "&#39;")]


def test_a_corrected_word_is_said_and_only_from_what_the_reader_may_see(make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    tell("Seen by members", body="The quarry was closed.", audience=Audience.MEMBERS)
    tell("Seen by all", body="The orchard was open.")
    make.commit()
    guest = browse()
    assert "Nothing for “orchrad”. Showing results for “orchard”." in text_of(ask(guest, "orchrad"))
    for typed in ("quarry", "quary", "quar"):
        hidden = ask(guest, typed)
        assert titles(hidden) == []
        assert "Showing results" not in text_of(hidden)
        assert "No story with these words" in text_of(hidden)


def test_members_find_what_members_may_read(db: Session, make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    tell("Seen by members", body="The quarry was closed.", audience=Audience.MEMBERS)
    amber, waiting = make.member("Amber Field"), make.member("Waits", status=MemberStatus.APPLIED)
    make.commit()
    member, applied = browse(amber), browse(waiting)
    assert titles(ask(member, "quarry")) == ["Seen by members"]
    assert titles(ask(applied, "quarry")) == [], "not let in yet"
    assert titles(ask(browse(), "quarry")) == [], "what a member asked before is not answered to a guest"


@pytest.mark.parametrize("form", list(NameForm))
def test_nobody_is_found_by_their_name(make: Make, browse: Open, tell: Callable[..., Any], form: NameForm) -> None:
    tell("The first month", body="I slept.", name_form=form)
    make.commit()
    for typed in ("Ndeye Baobab", "baobab", "Ndeye", "Boabab"):
        assert titles(ask(browse(), typed)) == []
    if form == NameForm.ANONYMOUS:
        answer = ask(browse(), "slept")
        assert titles(answer) == ["The first month"]
        assert "Told by somebody" in text_of(answer)
        assert "Ndeye" not in answer.text


def test_words_inside_a_heavy_story_find_nothing(db: Session, make: Make, browse: Open, ndeye: Member, reader: Member) -> None:
    story = told.agreed(db, ndeye, title="What stayed", body="The knife lay there.")
    story.heavy = True
    show(db, ndeye, reader, story)
    make.commit()
    assert titles(ask(browse(), "knife")) == []
    assert titles(ask(browse(), "stayed")) == ["What stayed"]


def test_filters_are_kept_and_hold_with_words(make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    country = make.area("Senegal", kind=AreaKind.COUNTRY)
    town, other = make.area("Thiès", parent_id=country.id), make.area("Irbid", country="JO")
    tell("Sewing in the town", body="-", who={"area": str(town.id), "themes": ["work"]})
    tell("Sewing elsewhere", body="-", who={"area": str(other.id), "themes": ["family"]})
    tell("Couture", body="sewing", language="fr", who={"area": str(town.id), "themes": ["work"]})
    make.commit()
    guest = browse()
    assert titles(ask(guest, "sewing", area=str(town.id), language="en")) == ["Sewing in the town"]
    within = titles(ask(guest, "sewing", area=str(country.id)))
    assert sorted(within) == ["Couture", "Sewing in the town"], "a town is in its country"
    assert titles(ask(guest, "sewing", theme="family")) == ["Sewing elsewhere"]
    none = ask(guest, "rain", theme="family", area=str(other.id))
    assert f'<option value="{other.id}" selected>' in none.text
    assert '<option value="family" selected>' in none.text
    assert 'value="rain"' in none.text
    assert "Choose stories: Irbid · Family" in text_of(none), "what was chosen can be seen while the list stands first"
    assert "<details>" in none.text
    assert 'href="/stories?q=rain"' in none.text, "the same words in all stories"
    assert 'href="/help?q=rain"' in none.text
    assert titles(ask(guest, "irbid")) == ["Sewing elsewhere"], "the place that the card names"


def test_the_language_one_reads_comes_first_then_the_order_of_the_day(make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    for n in range(4):
        tell(f"Rain {n}", body="-")
    tell("La pluie", body="rain", language="fr")
    make.commit()
    french = titles(ask(browse(language="fr"), "rain"))
    assert french[0] == "La pluie", "in the language of the reader, although the word is not in its title"
    english = titles(ask(browse(), "rain"))
    assert english[-1] == "La pluie"
    assert french[1:] == english[:-1]
    assert english[:-1] == [t for t in titles(browse().get("/stories")) if t != "La pluie"], "as the list of the day has them"
    orders = set()
    for day in range(6):
        with clock.at(now() + days(day)):
            orders.add(tuple(titles(ask(browse(), "rain"))))
    assert len(orders) > 1, "another order on another day: neither time nor views"


def test_what_is_taken_back_is_found_no_more_at_once(make: Make, browse: Open, tell: Callable[..., Any], ndeye: Member) -> None:
    story = tell("The orchard", body="-")
    amber = make.member("Amber Field")
    make.commit()
    guest, member = browse(), browse(amber)
    assert titles(ask(guest, "orchard")) == titles(ask(member, "orchard")) == ["The orchard"]
    browse(ndeye).send(f"/my/stories/{story.ref}/take-back", {"once": "1"})
    for browser in (guest, member):
        gone = ask(browser, "orchard")
        assert "orchard" not in text_of(gone).replace("“orchard”", "").lower()
        assert titles(gone) == []


def test_a_story_whose_time_ended_this_morning_is_not_found(make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    tell("The orchard", body="-", lasts="half")
    make.commit()
    with clock.at(now() + days(200)):
        assert titles(ask(browse(), "orchard")) == []


def test_pages_of_a_search_and_what_is_too_long(make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    for n in range(8):
        tell(f"Rain {n}", body="-")
    make.commit()
    guest = browse()
    some = ask(guest, "rain & sun")
    assert (len(titles(some)), "Nothing fits all words. This comes nearest." in text_of(some)) == (6, True)
    first, second = ask(guest, "rain"), ask(guest, "rain", page="2")
    assert (len(titles(first)), len(titles(second))) == (6, 2)
    assert not set(titles(first)) & set(titles(second))
    assert 'href="/stories?q=rain&amp;page=2"' in first.text or 'href="/stories?q=rain&page=2"' in first.text
    for odd in ("!!!", "%22%20OR%20*", "' OR 1=1 --"):
        assert titles(ask(guest, odd)) == []
    long = guest.get("/stories", params={"q": "x" * 201})
    assert long.status_code == 422
    assert "That is too long." in text_of(long)
    assert len(titles(long)) == 6, "the stories of the day stand below"


@pytest.mark.parametrize("items", [1, 3])
def test_what_a_search_costs(
    app: FastAPI, make: Make, browse: Open, count_queries: Callable[..., Any], tell: Callable[..., Any], items: int
) -> None:
    for n in range(items):
        tell(f"Sewing {n}", body="-")
    amber = make.member("Amber Field")
    make.commit()
    database, guest, member = app.state.house.database, browse(), browse(amber)
    guest.get("/stories")
    member.get("/stories")

    def cost(browser: Browser, **asked: str) -> int:
        with count_queries(database.write_engine, database.read_engine) as statements:
            assert len(titles(ask(browser, **asked))) == items
        return len([s for s in statements if s != "SELECT name, number FROM content_version ORDER BY name"])

    assert cost(guest, words="sewing") == 3, "version, what matches, cards"
    assert cost(guest, words="sewing", page="1") == 2, "remembered: version, cards"
    assert cost(guest, words="sewing") == 0, "kept"
    assert cost(member, words="sewing") == 4, "one more for who it is"
    assert cost(member, words="sewing") == 3


def test_a_new_story_is_found_at_once(db: Session, make: Make, browse: Open, tell: Callable[..., Any]) -> None:
    tell("First rain", body="-")
    amber = make.member("Amber Field")
    make.commit()
    member = browse(amber)  # over a network, pages kept for guests may be a second old
    assert titles(ask(member, "rain")) == ["First rain"]
    before = versions.one(db.connection(), versions.STORIES)
    tell("Second rain", body="-")
    assert versions.one(db.connection(), versions.STORIES) > before
    make.commit()
    assert sorted(titles(ask(member, "rain"))) == ["First rain", "Second rain"]
