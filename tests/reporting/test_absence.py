"""Why people do not come, one tap without an account; how soon questions from abroad are answered: published as every number is."""

from datetime import date, timedelta
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain.asking import measures
from app.domain.network import absence
from app.jobs import retention
from app.models.abroad import AbroadQuestion, AbroadWord, WordState
from app.models.accounts import Role
from app.models.groups import Visibility
from app.models.network import NotComing
from app.schemas.network import SayAbsent
from tests.browse import text_of
from tests.conftest import TODAY
from tests.factories import Make
from tests.reporting.test_releases import by_id, made, people


def test_one_tap_is_counted_and_nothing_else_is_kept(db: Session, browse: Any) -> None:
    guest = browse()
    page = guest.get("/why")
    assert [page.text.count(f'value="{reason}"') for reason in absence.REASONS] == [1] * len(absence.REASONS)
    assert set(SayAbsent.model_fields["reason"].annotation.__args__) == set(absence.REASONS)  # type: ignore[union-attr]
    for reason in ("children", "children", "only_men"):
        assert "Thank you" in text_of(guest.send("/why", {"reason": reason}))
    assert guest.post("/why", {"reason": "weather"}).status_code == guest.post("/why").status_code == 422
    kept = NotComing.__table__  # type: ignore[attr-defined]
    rows = db.execute(sa.select(kept.c.month, kept.c.reason, kept.c["count"]).order_by(kept.c["count"].desc())).all()
    month = TODAY.date().replace(day=1)
    assert [tuple(row) for row in rows] == [(month, "children", 2), (month, "only_men", 1)]
    db.commit()
    answers = [guest.post("/why", {"reason": "other"}).status_code for _n in range(9)]
    assert (answers[0], answers[-1]) == (303, 429)


def test_it_is_published_protected_and_goes_after_two_years(browse: Any, make: Make, app: Any, settings: Settings) -> None:
    people(make, 60, 60, 20)
    analyst = make.member("", Role.ANALYST)
    with clock.at(TODAY - timedelta(days=TODAY.day)):  # the last day of the month before
        for reason, many in (("children", 31), ("hours", 24), ("safety", 4)):
            for _n in range(many):
                absence.say(make.db, reason)
    make.commit()
    release = made(app.state.house.database, settings)
    table = by_id(release, "absent")
    shown = dict(zip(table["cols"], table["cells"][0], strict=True))
    assert (shown["children"], shown["safety"], shown["only men"]) == (30, None, None)
    words = text_of(browse(analyst).get("/desk/numbers"))
    assert "I have children or others to look after: about 30" in words
    assert "I would not feel safe" not in words
    with clock.at(TODAY + timedelta(days=800)):
        retention.remove_old(make.db, clock.now())
    assert make.db.exec(select(NotComing.id)).all() == []


def test_every_question_from_abroad_is_counted_in_one_month_and_given_two_weeks(db: Session, make: Make) -> None:
    """Those to groups that not everybody sees are in none, and a hidden answer is none."""
    hidden = make.group(visibility=Visibility.HIDDEN)
    days = ((date(2026, 9, 16), date(2026, 9, 16)), (date(2026, 9, 17), date(2026, 9, 24)), (date(2026, 10, 1), date(2026, 10, 9)),
            (date(2026, 10, 17), date(2026, 11, 1)), (date(2026, 10, 17), None), (date(2026, 10, 18), None))  # fmt: skip
    for group, said in [(None, days), (hidden, days[1:2])]:
        for on, answer in said:
            question = AbroadQuestion(ref=new_ref(), receipt_hash=new_ref(), group_id=group.id if group else None, last_on=on)
            db.add(question)
            db.flush()
            db.add(AbroadWord(ref=new_ref(), question_id=question.id, number=1, asks=True, on=on))
            if answer:
                db.add(AbroadWord(ref=new_ref(), question_id=question.id, number=2, asks=False, on=answer))
    db.flush()
    october = measures.answered(db, date(2026, 10, 1), date(2026, 10, 31))["questions"]
    assert october == {"within a week": 1, "within two weeks": 1, "later or never": 2}
    db.execute(sa.update(AbroadWord).where(AbroadWord.asks.is_(False)).values(state=WordState.HIDDEN))  # type: ignore[attr-defined]
    assert measures.answered(db, date(2026, 10, 1), date(2026, 10, 31))["questions"]["later or never"] == 4
    assert sum(measures.answered(db, date(2026, 11, 1), date(2026, 11, 30))["questions"].values()) == 1
