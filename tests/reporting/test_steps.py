"""A step of the funnel against whoever knows who comes and goes: it moves only when ten of its people have (ADR 16)."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, col, select

from app.core import clock
from app.core.db import Database
from app.core.settings import Settings
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.reporting.measuring import counting, marks, registry, stepping
from app.domain.reporting.question import answers
from app.domain.reporting.question.answers import Said
from app.domain.reporting.releasing.tables import tables_of
from app.jobs import numbers
from app.models.accounts import Member, Role, RoleGrant
from app.models.reporting import AskedQuestion, NumberRelease, StepSet
from tests.factories import Make
from tests.reporting.test_releases import by_id, people


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features have said what they count."""
    wiring.connect()


@pytest.fixture
def of_two_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    """Mentors and organisers are counted, side by side; and those who were heard, within each other."""
    monkeypatch.setattr(registry, "_steps", dict.fromkeys(("joined", "spoke", "shown", "mentors", "leads"), lambda _day: None))


class Months:
    """A network that is counted month by month: each call of ``over`` ends one and publishes its numbers."""

    def __init__(self, make: Make, database: Database, settings: Settings) -> None:
        """Begin in October 2026."""
        self.make, self.database, self.settings, self.month = make, database, settings, date(2026, 10, 1)

    def over(self) -> NumberRelease:
        """End a month."""
        self.make.commit()
        period, self.month = self.month.strftime("%Y-%m"), (self.month + timedelta(days=32)).replace(day=1)
        with clock.at(datetime(self.month.year, self.month.month, 2, 9, tzinfo=UTC)):
            return numbers.publish(self.database, numbers.make(self.database, self.settings, period))

    def lead(self, members: list[Member]) -> None:
        """Let members lead from this month on."""
        for one in members:
            self.make.role(one, Role.ORGANISER).from_on = self.month

    def stop(self, members: list[Member]) -> None:
        """Let members lead no more."""
        ids = [one.id for one in members]
        for row in self.make.db.exec(select(RoleGrant).where(col(RoleGrant.member_id).in_(ids))):
            row.until_on = self.month - timedelta(days=1)


@pytest.fixture
def months(make: Make, database: Database, settings: Settings) -> Months:
    """Return a network of 90 people, 40 of them women."""
    found = Months(make, database, settings)
    found.women, found.men = people(make, 40, 0, 0), people(make, 0, 40, 10)  # type: ignore[attr-defined]
    return found


def test_one_who_begins_to_lead_moves_no_number(months: Any) -> None:
    """Of 12 women one printed 10; the thirteenth would make it 15, and everybody knows who came."""
    months.lead(months.women[:12] + months.men[:22])
    first = by_id(months.over(), "leads")
    assert first["cells"][0][:2] == [10, 20]
    months.lead(months.women[12:13])
    second = months.over()
    assert by_id(second, "leads") == first | {"period": "2026-11", "as_of": "2026-10"}
    assert any("is told anew" in note for note in second.body["notes"])
    months.lead(months.women[13:22])  # ten since October
    third = by_id(months.over(), "leads")
    assert (third["cells"][0][:2], "as_of" in third) == ([20, 20], False)


def test_ten_who_go_and_nine_who_come_back_with_one_move_it_once(months: Any) -> None:
    """The third set of people differs from the first by one: told of both, the one would be told of."""
    months.lead(months.women[:12] + months.men[:20])
    first = by_id(months.over(), "leads")
    months.stop(months.women[:10])
    second = by_id(months.over(), "leads")
    assert second != first
    months.lead(months.women[:10] + months.women[12:13])
    assert by_id(months.over(), "leads")["as_of"] == "2026-11"


def test_those_who_stay_are_told_anew_once_ten_have_answered(months: Any, db: Session) -> None:
    silent = people(months.make, 0, 0, 30)
    before = by_id(months.over(), "joined")
    for one in silent[:9]:
        answers.answer(db, Actor(one.id), Said("woman"))
    assert by_id(months.over(), "joined")["cells"] == before["cells"]
    answers.answer(db, Actor(silent[9].id), Said("woman"))
    after = by_id(months.over(), "joined")
    assert (before["cells"][0][0], after["cells"][0][0]) == (40, 50)


def test_a_mark_leads_to_nobody_who_was_erased(months: Any, db: Session, database: Database) -> None:
    months.over()
    gone = months.women[0]
    mine = marks.marked(db, [str(gone.id)], set())
    before = db.exec(select(StepSet).where(StepSet.step == "joined", StepSet.question == "")).one().marks.split()
    marks.purge(db, gone.id)
    db.commit()
    assert (marks.replace(database), marks.replace(database)) == (1, 0)
    db.expire_all()
    after = db.exec(select(StepSet).where(StepSet.step == "joined", StepSet.question == "")).one().marks.split()
    assert mine in before
    assert mine not in after
    assert len(after) == len(before) == 90


def test_a_question_that_is_switched_on_tells_no_other_anew(months: Any, db: Session, make: Make) -> None:
    """And answers to one question tell nothing of another one anew."""
    months.lead(months.women[:12] + months.men[:22])
    before = by_id(months.over(), "leads")
    ask(db, make, "age")
    months.lead(months.women[12:13])
    for one in months.men[:11]:
        answers.answer(db, Actor(one.id), Said("man", more={"age": "25–34"}))
    after = months.over()
    assert by_id(after, "leads") == before | {"period": "2026-11", "as_of": "2026-10"}


def ask(db: Session, make: Make, key: str) -> None:
    """Let the network ask a further question."""
    db.add(AskedQuestion(key=key, since=date(2026, 10, 1)))
    make.commit()


def drawn(many: int) -> list[UUID]:
    return [uuid4() for _one in range(many)]


def kept(db: Session, period: str, question: str = "", **sets: list[UUID]) -> None:
    marks.make_ready(db)
    stepping.remember(db, period, question, {key: [str(one) for one in ids] for key, ids in sets.items()}, 10)


def told(db: Session, before: str = "", question: str = "", answered: int = 0, **sets: list[UUID]) -> set[str]:
    """Return what is told anew; ``before``: the month that was told last, ``answered``: how many answered since then."""
    marks.make_ready(db)
    whole = {key: set(sets.get(key, ())) for key in ("joined", "spoke", "shown", "mentors", "leads")}
    counts = {key: {"woman": len(one)} for key, one in whole.items() if key in sets}
    earlier = {key: {"woman": one["woman"] - answered, "unsaid": answered} for key, one in counts.items()}
    last = stepping.Before(earlier if before else {}, dict.fromkeys(counts, before) if before else {})
    return stepping.anew(db, question, whole, counts, last, 10)


@pytest.mark.usefixtures("of_two_steps", "settings")
class TestWhatIsToldAnew:
    """By cases."""

    def test_the_first_time_everything_is_told(self, db: Session) -> None:
        assert told(db, mentors=drawn(30), leads=drawn(9)) == {"mentors", "leads"}

    @pytest.mark.parametrize(("come", "go", "anew"), [(0, 0, False), (9, 0, False), (4, 5, False), (10, 0, True), (5, 5, True)])
    def test_ten_who_come_or_go(self, db: Session, come: int, go: int, *, anew: bool) -> None:
        first = drawn(30)
        kept(db, "2026-10", mentors=first)
        assert bool(told(db, "2026-10", mentors=first[go:] + drawn(come))) is anew

    @pytest.mark.parametrize(("answered", "of", "anew"), [(9, "2026-10", False), (10, "2026-10", True), (10, "2026-09", False)])
    def test_ten_who_answer_since_that_month(self, db: Session, answered: int, of: str, *, anew: bool) -> None:
        first = drawn(30)
        kept(db, "2026-10", mentors=first)
        assert bool(told(db, of, answered=answered, mentors=first)) is anew

    def test_another_step_with_almost_the_same_people_waits(self, db: Session) -> None:
        first = drawn(30)
        kept(db, "2026-10", mentors=first)
        assert told(db, leads=[*first, uuid4()]) == set()

    def test_another_question_is_another_matter(self, db: Session) -> None:
        first = drawn(30)
        kept(db, "2026-10", mentors=first)
        assert told(db, question="age", leads=[*first, uuid4()]) == {"leads"}

    def test_two_steps_of_one_month_with_almost_the_same_people_are_not_both_told(self, db: Session) -> None:
        both = drawn(30)
        assert told(db, mentors=both, leads=both[1:]) == {"mentors"}

    def test_a_step_within_another_of_the_same_month_is_the_protectors(self, db: Session) -> None:
        both = drawn(30)
        assert told(db, joined=both, spoke=both, shown=both[1:]) == {"joined", "spoke", "shown"}

    @pytest.mark.parametrize("moved", [0, 12])
    def test_a_step_within_one_of_an_earlier_month_is_not(self, db: Session, moved: int) -> None:
        both = drawn(40)
        kept(db, "2026-10", joined=both)
        assert "spoke" not in told(db, "2026-10", joined=both + drawn(moved), spoke=both[1:])

    def test_those_of_a_step_that_was_small_for_a_time_are_remembered(self, db: Session) -> None:
        first = drawn(30)
        kept(db, "2026-10", mentors=first)
        kept(db, "2026-11", mentors=first[:7])
        assert told(db, "2026-11", mentors=[*first, uuid4()]) == set()

    def test_of_a_thousand_nobody_knows_who_came(self, db: Session) -> None:
        many = drawn(stepping.LARGE)
        kept(db, "2026-10", joined=many)
        assert [row.marks for row in db.exec(select(StepSet)).all()] == [""]
        assert told(db, "2026-10", joined=[*many, uuid4()]) == {"joined"}
        kept(db, "2026-09", joined=many[1:])
        assert told(db, "2026-10", joined=many[2:]) == set()  # and before it grew so large, somebody knew


def test_only_what_is_of_the_same_month_lies_within() -> None:
    said = {"woman": 12, "man": 20, "another": 0, "unsaid": 0}
    steps = dict.fromkeys(("joined", "active", "spoke", "shown", "leads"), said)
    months = {"joined": "2026-10", "active": "2026-09", "spoke": "2026-08", "shown": "2026-10", "leads": "2026-10"}
    found = {one.id: one.subset_of for one in tables_of("2026-10", {"steps": steps, "tables": {}, "told": {"": months}})}
    assert found == {"joined": (), "active": (), "spoke": (), "shown": ("joined",), "leads": ("joined",)}


def test_frozen_counts_keep_nobody(months: Any, db: Session) -> None:
    months.over()
    frozen = counting.frozen(db, "2026-10")
    assert frozen is not None
    assert "sets" not in counting.opened(frozen)
    assert not any(str(one.id) in frozen.counts for one in months.women)
