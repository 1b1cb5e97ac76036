"""Legal orders: who reads them, two people for the answer, and when whom it is about is told."""

from collections.abc import Callable
from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.ids import new_id
from app.domain.moderation import trail as desk
from app.domain.orders import actions, rules
from app.jobs import retention
from app.models.accounts import Answer, Member, Role
from app.models.engine import AuditEvent
from app.models.orders import LegalOrder, Notice, OrderOutcome
from app.schemas.orders import AnswerOrder, NameOrder, NoteOrder
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.moderation.conftest import actor_of

DAY = TODAY.date()
NOTED = {"asker": "The court of Thiès", "basis": "Article 12", "asked": "When did they join?"}


@pytest.mark.parametrize("role", [None, *Role])
def test_who_works_on_them(make: Make, db: Session, role: Role | None) -> None:
    somebody = actor_of(db, make.member("Somebody", *([role] if role else [])))
    assert bool(rules.may_work(somebody)) == (role in (Role.OPERATOR, Role.SAFEGUARDING))
    assert not rules.may_see(somebody, somebody.member_id), "never what is about oneself"


@pytest.mark.parametrize(
    ("answered", "unchanged", "others", "closes"),
    [
        ("nobody", False, 1, False), ("me", True, 1, False), ("other", True, 1, True), ("other", False, 1, False),
        ("nobody", False, 0, True), ("me", True, 0, True), ("gone", True, 1, False), ("gone", True, 0, True),
    ],
)  # fmt: skip
def test_it_takes_two_where_there_are_two(answered: str, unchanged: bool, others: int, closes: bool) -> None:
    other = new_id()
    by = {"me": new_id(), "gone": new_id(), "other": other}.get(answered)
    assert rules.closes(by, unchanged, [other] * others) == closes


@pytest.mark.parametrize(
    ("outcome", "exists", "given", "notice", "on", "about", "wrong"),
    [
        (OrderOutcome.GIVEN, "A day", "A day", Notice.TOLD, None, True, ""),
        (OrderOutcome.GIVEN, "", "A day", Notice.TOLD, None, True, "exists"),
        (OrderOutcome.PART, "A day", "", Notice.TOLD, None, True, "given"),
        (OrderOutcome.REFUSED, "A day", "A day", Notice.TOLD, None, True, "given"),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.NOBODY, None, False, ""),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.NOBODY, None, True, "notice"),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.TOLD, None, False, "notice"),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.LATER, None, True, "notice_on"),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.LATER, DAY, True, "notice_on"),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.LATER, DAY + timedelta(days=366), True, ""),
        (OrderOutcome.NOTHING, "Nothing", "", Notice.LATER, DAY + timedelta(days=367), True, "notice_on"),
    ],
)  # fmt: skip
def test_what_an_answer_needs(
    outcome: OrderOutcome, exists: str, given: str, notice: Notice, on: date | None, about: bool, wrong: str
) -> None:  # fmt: skip
    if not wrong:
        rules.check(outcome, exists, given, notice, on, about, DAY)
        return
    with pytest.raises(Invalid) as refused:
        rules.check(outcome, exists, given, notice, on, about, DAY)
    assert refused.value.field == wrong


class House:
    """Somebody of safeguarding, an operator, and whom it is about."""

    def __init__(self, db: Session, make: Make) -> None:
        self.sira, self.omar = make.member("Sira Mango", Role.SAFEGUARDING), make.member("Omar Anvil", Role.OPERATOR)
        self.awa, self.amina = make.member("Awa Lantern", Role.COORDINATOR), make.member("Amina Baobab")
        self.db = db

    def noted(self, by: Member, name: str = "Amina Baobab") -> LegalOrder:
        return actions.note(self.db, actor_of(self.db, by), NoteOrder(came_on=DAY, name=name, **NOTED))

    def answer(self, by: Member, row: LegalOrder, version: int = 0, **other: object) -> bool:
        wish = {"outcome": "given", "exists": "The day.", "given": "2 May 2026", "notice": "told", **other}
        return actions.answer(self.db, actor_of(self.db, by), row.ref, AnswerOrder(row_version=version or row.row_version, **wish))  # type: ignore[arg-type]

    def told(self) -> list[str | None]:
        return list(self.db.exec(select(Answer.note).where(Answer.member_id == self.amina.id)))


@pytest.fixture
def house(db: Session, make: Make) -> House:
    return House(db, make)


def test_one_answers_another_confirms_and_whom_it_is_about_is_told(house: House) -> None:
    db, row = house.db, house.noted(house.sira)
    assert not house.answer(house.sira, row)
    assert house.told() == []
    with pytest.raises(Conflict):
        house.answer(house.omar, row, version=1)
    assert not house.answer(house.sira, row), "not one person twice"
    assert not house.answer(house.omar, row, given="Something else"), "other words wait for the other one"
    assert house.answer(house.sira, row, given="Something else")
    assert house.told() == ["Something else"]
    assert (row.answered_by, row.closed_by, row.told_on) == (house.omar.id, house.sira.id, DAY)
    with pytest.raises(Refused):
        house.answer(house.omar, row)
    assert [one["handed over"] for one in actions.export(db, house.amina.id)["legal orders about me"]] == ["Something else"]
    actions.look(db, actor_of(db, house.omar), row.ref)
    assert "order.looked" in db.exec(select(AuditEvent.verb)).all()
    assert actions.trail(db, row)[0] == (DAY, "A legal order was opened")
    seen, _more = desk.events(db, actor_of(db, house.awa))
    assert not any("legal order" in event.what for event in seen), "who is named by its words only reads the trail too"
    assert house.amina.name not in repr(db.exec(select(AuditEvent)).all())


def test_what_the_law_forbids_to_say_is_said_on_its_day(house: House) -> None:
    db, row = house.db, house.noted(house.sira)
    until = {"notice": "later", "notice_on": DAY + timedelta(days=30)}
    house.answer(house.sira, row, **until)
    assert house.answer(house.omar, row, **until)
    assert (house.told(), actions.tell_due(db)) == ([], 0)
    assert actions.export(db, house.amina.id) == {"legal orders about me": []}, "nothing says that there is one"
    with clock.at(now() + timedelta(days=30)):
        assert (actions.tell_due(db), actions.tell_due(db), house.told()) == (1, 0, ["2 May 2026"])
    assert timedelta(days=next(rule.days for rule in retention.RULES if rule.table is LegalOrder)) > rules.LONGEST_SILENCE


def test_it_is_not_there_for_whom_it_is_about_and_one_alone_is_not_stuck(house: House, make: Make) -> None:
    db = house.db
    row = house.noted(house.sira, house.omar.name)
    with pytest.raises(NotFound):
        actions.get(db, actor_of(db, house.omar), row.ref)
    assert list(actions.listing(db, actor_of(db, house.omar))) == []
    assert house.answer(house.sira, row), "nobody else may confirm it"
    with pytest.raises(Invalid):
        house.noted(house.sira, house.sira.name)
    with pytest.raises(Invalid):
        house.noted(house.sira, "Nobody Of This Name")
    with pytest.raises(Refused):
        house.noted(house.awa)
    actions.purge(db, house.omar.id)
    db.refresh(row)
    assert row.about_id is None


def test_a_wrong_name_is_put_right_and_what_was_answered_is_confirmed_anew(house: House, make: Make) -> None:
    db, like = house.db, make.member("Amina Baobap")
    row = house.noted(house.sira, like.name)
    house.answer(house.sira, row)
    omar = actor_of(db, house.omar)
    old = row.row_version
    actions.rename(db, omar, row.ref, NameOrder(name=house.amina.name, row_version=old))
    assert (row.about_id, row.answered_by, row.given) == (house.amina.id, None, None)
    with pytest.raises(Conflict):  # the yes to what was about somebody else
        house.answer(house.omar, row, version=old)
    with pytest.raises(Conflict):
        actions.rename(db, omar, row.ref, NameOrder(name="", row_version=old))
    for wrong in (house.omar.name, "Nobody Of This Name"):
        with pytest.raises(Invalid):
            actions.rename(db, omar, row.ref, NameOrder(name=wrong, row_version=row.row_version))
    assert not house.answer(house.omar, row, given="Something else"), "it takes two again"
    assert not house.answer(house.sira, row, given="A third text")
    assert [was.given for was in actions.earlier(db, row)] == ["Something else", "2 May 2026"], "nothing is lost"
    assert house.answer(house.omar, row, given="A third text")
    assert house.told() == ["A third text"]
    assert not db.exec(select(Answer).where(Answer.member_id == like.id)).all(), "whose name is alike hears nothing"
    with pytest.raises(Refused):
        actions.rename(db, omar, row.ref, NameOrder(name="", row_version=row.row_version))


def test_whom_only_the_words_of_an_order_name_finds_none(house: House) -> None:
    db, omar = house.db, actor_of(house.db, house.omar)
    asked = {**NOTED, "asked": "Who is anvil omar, and with whom does she talk?"}
    row = actions.note(db, actor_of(db, house.sira), NoteOrder(came_on=DAY, name="Amina Baobab", **asked))
    assert list(actions.listing(db, omar)) == []
    with pytest.raises(NotFound):
        actions.look(db, omar, row.ref)
    assert house.answer(house.sira, row), "nobody else may confirm it"
    with pytest.raises(Invalid):
        actions.note(db, omar, NoteOrder(came_on=DAY, **asked))
    assert [one.ref for one in actions.listing(db, actor_of(db, house.sira))] == [row.ref]


def test_from_the_list_to_the_answer(house: House, make: Make, browse: Callable[..., Browser]) -> None:
    make.commit()
    sira, omar, awa = browse(house.sira), browse(house.omar), browse(house.awa)
    assert (awa.get("/desk/orders").status_code, awa.post("/desk/orders", NOTED).status_code) == (404, 404)
    wrong = sira.post("/desk/orders", {**NOTED, "came_on": DAY.isoformat(), "name": "Nobody Here"})
    assert wrong.status_code == 422
    assert "The court of Thiès" in wrong.text
    noted = sira.post("/desk/orders", {**NOTED, "came_on": DAY.isoformat(), "name": house.amina.name})
    way = noted.headers["location"].split("?")[0]
    assert "Article 12" not in omar.get(way).text
    opened = omar.post(f"{way}/open")
    assert "Article 12" in opened.text
    named = omar.post(f"{way}/name", {"name": "Nobody Here", "row_version": "1"})
    assert (named.status_code, "Nobody Here" in named.text) == (422, True)
    assert omar.post(f"{way}/name", {"name": "", "row_version": "7"}).status_code == 409
    form = {"outcome": "nothing", "exists": "Nothing of it.", "notice": "told", "row_version": "1"}
    missing = omar.post(f"{way}/answer", {**form, "exists": ""})
    assert missing.status_code == 422
    assert omar.post(f"{way}/answer", form).status_code == 303
    stale = sira.post(f"{way}/answer", form)
    assert stale.status_code == 409
    assert "Nothing of it." in stale.text
    assert "Answered and closed." in text_of(sira.send(f"{way}/answer", {**form, "row_version": "2"}))
    assert "They were told on" in text_of(sira.post(f"{way}/open"))
