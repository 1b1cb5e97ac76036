"""The switch that pauses: who may, what stops, what never does, and that it ends by itself."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session, select

from app.core import clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict, Invalid, Refused
from app.core.ids import new_id
from app.core.settings import Settings
from app.domain import paused
from app.domain.actor import Actor
from app.domain.pausing import actions, restoring, rules, wording
from app.domain.upkeep import doctor
from app.models.accounts import Answer, Role
from app.models.engine import AuditEvent, ContentVersion, Delivery
from app.models.pausing import HousePause, Pause
from app.web import gate
from tests.architecture.routes import routes
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.moderation.conftest import actor_of

Browse = Callable[..., Browser]


@pytest.mark.parametrize("role", [None, *Role])
def test_who_may_pause(make: Make, db: Session, role: Role | None) -> None:
    somebody = actor_of(db, make.member("Somebody", *([role] if role else [])))
    assert bool(rules.may_pause(somebody)) == (role in (Role.OPERATOR, Role.SAFEGUARDING))


def test_what_stops_is_an_address_of_ours_and_what_must_stay_open_never_stops() -> None:
    posts = {route.path for route in routes() if route.method == "POST"}
    stopped = frozenset[str]().union(*gate.STOPS.values())
    assert stopped <= posts
    assert {p for p in stopped if p.endswith(("/delete", "/take-back", "/withdraw", "/leave", "/draft", "/end"))} == set()
    assert {p.split("/")[1] for p in stopped} == {"join", "ask", "g", "groups", "my", "stories"}


class House:
    """Somebody of safeguarding, an operator, a member, and a group."""

    def __init__(self, db: Session, make: Make) -> None:
        self.db, self.make = db, make
        self.sira = make.member("Sira Mango", Role.SAFEGUARDING)
        self.omar = make.member("Omar Anvil", Role.OPERATOR)
        self.reader = make.member("Quiet Reader")

    def sira_acts(self) -> Actor:
        return actor_of(self.db, self.sira)


@pytest.fixture
def house(db: Session, make: Make) -> House:
    return House(db, make)


def test_it_is_told_and_written_down_and_ends_by_itself(house: House, settings: Settings) -> None:
    db, sira = house.db, house.sira_acts()
    core_settings.use(settings.model_copy(update={"escalation_contact": "outside@example.org"}))
    with pytest.raises(Invalid):
        actions.pause(db, sira, Pause.HIDING, 24, "")
    with pytest.raises(Invalid):
        actions.pause(db, sira, Pause.HIDING, 25, "a club of accounts")
    with pytest.raises(Refused):
        actions.pause(db, actor_of(db, house.reader), Pause.HIDING, 24, "a club of accounts")
    row = actions.pause(db, sira, Pause.HIDING, 24, "a club of accounts")
    assert [one.what for one in paused.of(db)] == [Pause.HIDING]
    assert paused.of(db)[0].words == ""  # whoever attacks learns nothing
    [told] = db.exec(select(Answer)).all()
    assert (told.member_id, told.link, told.note) == (house.omar.id, "/desk/pause", None)
    [mail] = db.exec(select(Delivery)).all()
    assert "paused" in mail.body
    assert "flag" not in mail.body.lower()
    with clock.at(row.until_at - timedelta(minutes=1)):
        assert paused.of(db)
    with clock.at(row.until_at):
        assert not paused.of(db)
        with pytest.raises(Conflict):
            actions.go_on(db, sira, Pause.HIDING)
    again = actions.pause(db, sira, Pause.HIDING, 72, "they are still at it")
    assert db.get_one(HousePause, row.id, populate_existing=True).ended_at is not None
    with pytest.raises(Invalid):  # a shorter one in its place would be an end by one alone
        actions.pause(db, sira, Pause.HIDING, 6, "they are gone")
    assert [actions.go_on(db, sira, Pause.HIDING), actions.go_on(db, sira, Pause.HIDING)] == [False, False], "not one twice"
    assert len(db.exec(select(Answer).where(Answer.sentence == wording.ASKED)).all()) == 1
    assert actions.wants_end(again)
    assert actions.go_on(db, actor_of(db, house.omar), Pause.HIDING)
    assert not paused.of(db)
    assert db.get_one(HousePause, again.id, populate_existing=True).ended_by == house.omar.id
    verbs = db.exec(select(AuditEvent.verb).order_by(AuditEvent.number)).all()  # type: ignore[arg-type]
    assert verbs == ["house.paused", "house.paused", "house.end_asked", "house.went_on"]


@pytest.mark.parametrize(
    ("others", "asked", "hours", "may"),
    [
        (1, "nobody", 0, False), (1, "me", 1, False), (1, "other", 72, True), (1, "other", 73, False), (0, "nobody", 0, True),
        (2, "other", 1, True), (1, "gone", 1, False),
    ],
)  # fmt: skip
def test_who_ends_a_pause(make: Make, db: Session, others: int, asked: str, hours: int, may: bool) -> None:
    actor = actor_of(db, make.member("Omar Anvil", Role.OPERATOR))
    other = new_id()
    by = {"me": actor.member_id, "other": other, "gone": new_id()}.get(asked)
    assert bool(rules.may_end(actor, [other] * others, by, timedelta(hours=hours) if by else None)) == may
    assert not rules.may_end(Actor(member_id=new_id()), [], None, None)


def test_the_doctor_says_what_lasts(house: House, app: FastAPI, settings: Settings) -> None:
    actions.pause(house.db, house.sira_acts(), Pause.JOINING, 6, "somebody spies")
    house.make.commit()
    found = list(doctor._paused(app.state.house.database, settings))
    assert [(one.level, one.check) for one in found] == [("note", "paused joining")]


def test_pausing_with_two_taps(house: House, browse: Browse) -> None:
    third = house.make.member("Bakary Anvil", Role.OPERATOR)
    house.make.commit()
    unproven = browse(third, proven=False)
    sira, omar, reader = browse(house.sira), browse(house.omar), browse(house.reader)
    assert (
        reader.get("/desk/pause").status_code == 404 == reader.post("/desk/pause/public", {"hours": "6", "reason": "x"}).status_code
    )
    assert "/desk/pause/public" in sira.get("/desk/pause").text
    wrong = sira.post("/desk/pause/public", {"hours": "24", "reason": ""})
    assert wrong.status_code == 422
    assert "Something is missing here." in text_of(wrong)
    done = text_of(sira.send("/desk/pause/public", {"hours": "24", "reason": "they read along"}))
    assert "Paused until 21 November 2026, 09:31 UTC" in done
    assert "they read along" in done
    assert "It takes two people" in text_of(omar.send("/desk/pause/public/end"))
    assert "When you end it too" in text_of(sira.get("/desk/pause"))
    assert unproven.post("/desk/pause/public/end").status_code == 401
    assert "It goes on again." in text_of(sira.send("/desk/pause/public/end"))
    assert "This is not paused any more." in text_of(omar.send("/desk/pause/public/end"))


def test_visitors_see_one_calm_page_and_members_go_on(house: House, browse: Browse, count_queries: Any, app: FastAPI) -> None:
    house.make.commit()
    guest, reader = browse(), browse(house.reader)
    kept = guest.get("/stories")
    assert kept.status_code == 200
    assert guest.get("/stories").status_code == 200
    reader.get("/stories")
    database = app.state.house.database
    with count_queries(database.write_engine, database.read_engine) as before:
        reader.get("/stories")
    browse(house.sira).post("/desk/pause/public", {"hours": "6", "reason": "they read along"})
    with count_queries(database.write_engine, database.read_engine) as during:
        shown = reader.get("/stories")
    assert len(during) == len(before)
    assert "Only members see these pages until" in text_of(shown)
    for path in ("/", "/stories", "/groups", "/about", "/numbers", "/help", "/stories.atom", "/sitemap.xml", "/word/abcdefgh"):
        answer = guest.get(path)
        assert (answer.status_code, answer.headers["cache-control"]) == (503, "no-store"), path
        assert "Hearth" not in answer.text
        assert "November" not in answer.text
    problem = guest.get("/api/hsds/services")
    assert problem.status_code == 503
    assert problem.headers["content-type"] == "application/problem+json"
    for path in ("/safe", "/safe/now", "/leave", "/enter", "/back", "/flag", "/flag/person", "/language", "/join", "/healthz"):
        assert guest.get(path).status_code == 200, path
    typed = guest.post("/help/places", {"words": "a room for my sister, please"})
    assert typed.status_code == 503
    assert "a room for my sister" in typed.text
    with clock.at(now() + timedelta(hours=7)):
        assert guest.get("/stories").status_code == 200


def test_a_member_who_is_stopped_keeps_their_own(house: House, browse: Browse, make: Make) -> None:
    stopped = make.member("Stopped One", status="suspended")
    actions.pause(house.db, house.sira_acts(), Pause.PUBLIC, 6, "they read along")
    make.commit()
    browser = browse(stopped)
    assert browser.get("/stories").status_code == 503
    for path in ("/me", "/my/answers", "/me/data", "/me/delete", "/leave"):
        assert browser.get(path).status_code == 200, path


def test_nobody_new_and_nothing_new(house: House, browse: Browse) -> None:
    for what in (Pause.JOINING, Pause.WRITING):
        actions.pause(house.db, house.sira_acts(), what, 6, "somebody spies")
    house.make.commit()
    guest, reader = browse(), browse(house.reader)
    said = guest.get("/join")
    assert said.status_code == 403
    assert "Nobody new can join until 20 November 2026, 15:31 UTC" in text_of(said)
    assert guest.post("/join", {"name": "Green Lamp"}).status_code == 403
    wrote = reader.post("/groups", {"name": "Tea on Sundays", "purpose": "We drink tea and talk."})
    assert wrote.status_code == 403
    assert "We drink tea and talk." in wrote.text
    assert "wait until" in text_of(wrote)
    assert reader.get("/stories").status_code == 200
    assert "New posts and stories wait until" in text_of(reader.get("/me"))
    assert reader.post("/my/stories", {}).status_code != 403  # a draft is one's own
    assert reader.get("/me/data").status_code == 200


def test_a_pause_outlives_a_restore(house: House, db: Session) -> None:
    row = actions.pause(db, house.sira_acts(), Pause.PUBLIC, 24, "they read along")
    kept = restoring.lasting(db)
    for table in (HousePause, ContentVersion):  # an older copy, which knows nothing of it
        db.execute(sa.delete(table))
    db.expire_all()
    assert not paused.of(db)
    assert restoring.pause_again(db, kept) == 1
    db.flush()
    assert paused.until(paused.of(db), Pause.PUBLIC) == row.until_at
    assert [one.reason for one in actions.latest(db, house.sira_acts())] == ["they read along"]
