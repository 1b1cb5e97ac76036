"""What a group received: who reads it and who does not, put right by another line, looked at as all words of a group."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core.clock import now
from app.domain.accounts import changes
from app.domain.moderation import group_words
from app.domain.money import queries, received, standing
from app.models.groups import GroupRole, GroupState, Visibility
from app.models.moderation import Case
from app.models.money import GroupMoney
from tests.browse import text_of
from tests.groups.conftest import Circle


def typed(**other: str) -> dict[str, str]:
    """Return a form that is right."""
    today = now().date()
    return {
        "source": "House of Law", "amount": "2 500", "currency": "EUR", "purpose": "Glasses and sugar",
        "first_on": today.isoformat(), "last_on": (today + timedelta(days=90)).isoformat(), **other,
    }  # fmt: skip


@pytest.fixture(autouse=True)
def known(circle: Circle) -> None:
    """Nobody is new here: else a person reads first what they write."""
    topic = circle.make.topic(circle.group, circle.awa, posts=3)
    for _n in range(3):
        circle.make.post(topic, circle.omar)


def test_money_is_written_down_and_everybody_reads_it(circle: Circle) -> None:
    keeper = circle.browse(circle.awa)
    page = keeper.send(f"{circle.path}/money", typed())
    assert "Written down." in text_of(page)
    keeper.send(f"{circle.path}/money", typed(amount="1 000", currency="XOF"))
    for reader in (circle.browse(), circle.browse(circle.lina), circle.browse(circle.omar)):
        shown = reader.get(f"{circle.path}/money")
        assert "House of Law" in shown.text
        assert "Different currencies are not added" in text_of(shown)
        assert "Awa" not in text_of(shown).split("Written down by the group")[1]
        assert "2,500 EUR" in text_of(reader.get(f"{circle.path}/about"))
    assert circle.browse(circle.omar).get(f"{circle.path}/money/new").status_code == 403
    assert circle.browse(circle.omar).post(f"{circle.path}/money", typed()).status_code == 403
    assert circle.browse(circle.lina).post(f"{circle.path}/money", typed()).status_code == 404


@pytest.mark.parametrize(
    ("visibility", "state"),
    [(Visibility.UNLISTED, GroupState.SHOWN), (Visibility.HIDDEN, GroupState.SHOWN), (Visibility.LISTED, GroupState.WAITS)],
)
def test_of_a_group_that_is_not_listed_only_members_read_it(circle: Circle, visibility: Visibility, state: GroupState) -> None:
    circle.browse(circle.awa).send(f"{circle.path}/money", typed())
    circle.group.visibility, circle.group.state = visibility, state
    circle.make.db.add(circle.group)
    for outside in (circle.browse(), circle.browse(circle.lina)):
        assert outside.get(f"{circle.path}/money").status_code == 404
        about = outside.get(f"{circle.path}/about")
        assert "2,500" not in about.text
        assert "/money" not in about.text or about.status_code == 404
    inside = circle.browse(circle.omar)
    assert "House of Law" in inside.get(f"{circle.path}/money").text
    assert "Only its members read it" in text_of(inside.get(f"{circle.path}/money"))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        ({"currency": ""}, "Choose the currency"), ({"amount": "0"}, "more than nothing"), ({"amount": "-1"}, "more than nothing"),
        ({"amount": ""}, "Something is missing"), ({"last_on": "2020-01-01"}, "ends before it begins"),
        ({"source": ""}, "Something is missing"), ({"first_on": "soon"}, "Write a day"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_said_and_nothing_typed_is_lost(circle: Circle, wrong: dict[str, str], says: str) -> None:
    answer = circle.browse(circle.awa).post(f"{circle.path}/money", typed(**wrong))
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert "Glasses and sugar" in answer.text
    assert circle.all(select(GroupMoney)) == []


def test_a_line_is_put_right_by_another_one_and_stays(circle: Circle) -> None:
    keeper, reader = circle.browse(circle.awa), circle.browse(circle.lina)
    keeper.send(f"{circle.path}/money", typed())
    first = circle.one(select(GroupMoney))
    assert 'value="2500"' in keeper.get(f"{circle.path}/money/right?line={first.id}").text
    wish = typed(id=str(first.id), amount="2 050", why="The bank kept its part.")
    keeper.send(f"{circle.path}/money/right", wish)
    shown = text_of(reader.get(f"{circle.path}/money"))
    for words in ("2,050 EUR", "2,500 EUR", "The bank kept its part.", "Put right on"):
        assert words in shown
    assert _totals(circle) == [("EUR", 205_000)]
    again = keeper.post(f"{circle.path}/money/right", wish)
    assert again.status_code == 422
    assert "put right already" in text_of(again)
    second = next(m for m in circle.all(select(GroupMoney)) if m.corrects_id)
    keeper.send(f"{circle.path}/money/right", typed(id=str(second.id), amount="", why="It never came.", never="1"))
    assert _totals(circle) == []
    assert "It did not come" in text_of(reader.get(f"{circle.path}/money"))
    other = circle.make.group(by=circle.lina)
    assert circle.browse(circle.lina).post(f"/g/{other.ref}/money/right", wish).status_code == 404


def _totals(circle: Circle) -> list[tuple[str, int]]:
    found = queries.totals(circle.make.db.connection(), circle.group.id)
    circle.make.commit()
    return found


def test_a_name_in_a_line_goes_for_good_also_after_a_restore(circle: Circle) -> None:
    keeper, name = circle.browse(circle.awa), "Fatou"
    keeper.send(f"{circle.path}/money", typed(source=f"{name} from the corner"))
    first = circle.one(select(GroupMoney))
    keeper.send(f"{circle.path}/money/right", typed(id=str(first.id), source=name, why=f"{name} gave less", amount="2 000"))
    second = next(m for m in circle.all(select(GroupMoney)) if m.corrects_id)
    assert name in keeper.get(f"{circle.path}/money/words?line={first.id}").text
    for browser, status in ((circle.browse(circle.omar), 403), (circle.browse(circle.lina), 404)):
        assert browser.post(f"{circle.path}/money/words", {"id": str(first.id)}).status_code == status
    circle.group.state = GroupState.WAITS  # nobody reads it first: taking out says less than before
    circle.make.db.add(circle.group)
    circle.make.commit()
    for line in (first, second):
        keeper.send(f"{circle.path}/money/words", {"id": str(line.id)})
    shown = circle.browse(circle.omar).get(f"{circle.path}/money")
    assert name not in shown.text
    assert "2,000 EUR" in text_of(shown)
    assert name not in keeper.get(f"{circle.path}/money/right?line={second.id}").text  # never typed again by the form
    assert circle.all(select(Case)) == []
    db = circle.make.db
    db.expire_all()
    db.get_one(GroupMoney, second.id).why = f"{name} gave less"  # as an older copy brings it back
    db.flush()
    assert standing.erase_again(db, received.UNNAMED, second.id, now().date())
    assert [(m.source, m.purpose, m.why) for m in db.exec(select(GroupMoney))] == [("", "", "")] * 2


def test_whoever_keeps_the_accounts_writes_and_leaves_no_name(circle: Circle) -> None:
    sura = circle.make.member("Sura Well")
    circle.make.seat(circle.group, sura, GroupRole.MONEY)
    topic = circle.make.topic(circle.group, sura, posts=3)
    assert topic
    circle.browse(sura).send(f"{circle.path}/money", typed())
    db = circle.make.db
    (line,) = standing.export(db, sura.id)["money of groups that I wrote down"]
    assert (line["group"], line["sum"]) == ("Round of tea", "2,500\u00a0EUR")
    changes.purge_member(db, sura.id)
    db.commit()
    assert circle.one(select(GroupMoney)).made_by is None


def test_words_that_the_checks_hold_wait_with_the_group_and_the_desk_reads_them(circle: Circle) -> None:
    said = "Visa guaranteed, pay the fee of 300 USD first, WhatsApp only +233 20 000 0000"
    page = circle.browse(circle.awa).send(f"{circle.path}/money", typed(purpose=said))
    assert "Somebody reads it first" in text_of(page)
    assert circle.fresh(circle.group).state == GroupState.WAITS
    assert circle.browse(circle.lina).get(f"{circle.path}/money").status_code == 404
    case = circle.one(select(Case))
    assert (case.subject_id, case.about_id) == (circle.group.id, circle.awa.id)
    assert said in group_words.contents(circle.make.db, case).body


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_costs_the_same_for_any_number_of_lines(circle: Circle, count_queries: Any, app: Any, items: int) -> None:
    for number in range(items):
        circle.browse(circle.awa).send(f"{circle.path}/money", typed(amount=str(number + 1)))
    database = app.state.house.database
    for browser, statements in ((circle.browse(), 3), (circle.browse(circle.lina), 4)):
        browser.get("/money")
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert browser.get(f"{circle.path}/money").status_code == 200
        assert len([s for s in seen if "content_version" not in s or "ORDER BY" not in s]) == statements, seen
