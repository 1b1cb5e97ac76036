"""A group's passport: what the program sees, what somebody says and until when, what it opens; nothing else hangs on it."""

from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core import clock
from app.core.clock import now
from app.domain.groups import passport, resting, standing
from app.domain.groups.passport_words import POINTS
from app.domain.groups.rules import BOUND
from app.models.accounts import Answer, Erasure, Role
from app.models.engine import AuditEvent
from app.models.groups import Group, GroupPoint, GroupRole, Visibility
from tests.browse import text_of
from tests.groups.conftest import Circle

TODAY = date(2026, 12, 1)


@pytest.mark.parametrize(
    ("words", "roles", "said", "done", "over"),
    [
        ({"purpose": "", "rules": ""}, 1, {}, set(), set()),
        ({"purpose": "Tea", "rules": ""}, 1, {}, {"purpose"}, set()),
        ({"purpose": "Tea", "rules": "Be kind"}, 2, {}, {"purpose", "conduct", "roles"}, set()),
        ({"purpose": "", "rules": ""}, 0, {"money": TODAY, "safe": TODAY - timedelta(days=365)}, {"money", "safe"}, set()),
        ({"purpose": "", "rules": ""}, 0, {"money": TODAY - timedelta(days=366)}, set(), {"money"}),
        ({"purpose": "", "rules": ""}, 0, {"purpose": TODAY, "roles": TODAY}, set(), set()),  # nobody says what can be seen
    ],
)
def test_how_points_stand(words: dict[str, str], roles: int, said: dict[str, date], done: set[str], over: set[str]) -> None:
    found = passport.standing(words, roles, said, TODAY)
    assert set(found) == set(POINTS)
    assert {key for key, one in found.items() if one.done} == done
    assert {key for key, one in found.items() if one.over} == over


def test_organisers_say_everybody_inside_reads_nobody_outside(circle: Circle) -> None:
    path, awa, omar = f"{circle.path}/passport", circle.browse(circle.awa), circle.browse(circle.omar)
    assert circle.browse(circle.lina).get(path).status_code == 404
    assert circle.browse().get(path).status_code == 303
    assert omar.post(path, {"point": "money", "do": "done"}).status_code == 403
    assert "We have done this" not in omar.get(path).text
    assert awa.post(path, {"point": "purpose", "do": "done"}).status_code == 422
    assert awa.post(path, {"point": "nothing", "do": "done"}).status_code == 422
    before = text_of(awa.get(f"{path}/money"))
    assert "Two people sign for each sum." in before  # how it is done helps doing it
    assert "one part in ten" not in before
    for _time in range(2):
        awa.send(path, {"point": "money", "do": "done"})
    assert circle.one(select(GroupPoint)).point == "money"
    shown = text_of(omar.get(f"{path}/money"))
    assert "Two people sign for each sum." in shown
    assert "one part in ten" in shown
    assert circle.group.name not in text_of(omar.get(f"{path}/money")), "the sheet names no group"
    assert omar.get(f"{path}/nothing").status_code == 404
    awa.send(path, {"point": "money", "do": "not"})
    assert not circle.all(select(GroupPoint))
    verbs = [one.verb for one in circle.all(select(AuditEvent).where(AuditEvent.verb == "group.passport"))]
    assert len(verbs) == 3


def test_rules_to_begin_with_can_be_copied_before_there_are_any(circle: Circle) -> None:
    circle.make.db.get_one(Group, circle.group.id, populate_existing=True).rules = ""
    circle.make.commit()
    page = text_of(circle.browse(circle.awa).get(f"{circle.path}/passport/conduct"))
    assert "We ask nobody why or how they came back." in page
    assert "Read each rule aloud" not in page


def test_a_point_that_was_taken_back_stays_so_in_a_restored_copy(circle: Circle) -> None:
    db, awa, path = circle.make.db, circle.browse(circle.awa), f"{circle.path}/passport"
    awa.send(path, {"point": "money", "do": "done"})
    row = circle.one(select(GroupPoint))
    point_id, group_id = row.id, row.group_id
    awa.send(path, {"point": "money", "do": "not"})
    kind = circle.one(select(Erasure).where(Erasure.subject_id == point_id)).kind
    db.expunge_all()
    db.add(GroupPoint(id=point_id, group_id=group_id, point="money", on=now().date()))  # as an older copy brings it back
    circle.make.commit()
    assert standing.erase_again(db, kind, point_id)
    assert not standing.erase_again(db, kind, point_id)
    circle.make.commit()
    assert not circle.all(select(GroupPoint))


def test_a_point_is_looked_at_again_after_a_year(circle: Circle) -> None:
    path = f"{circle.path}/passport"
    circle.browse(circle.awa).send(path, {"point": "safe", "do": "done"})
    circle.browsers.clear()
    for days, says in ((364, "Done"), (367, "Look at it again")):
        with clock.at(now() + timedelta(days=days)):
            page = text_of(circle.browse(circle.omar).get(path))
        circle.browsers.clear()
        part = page[page.index("Whom to tell when somebody is not safe") :][:200]
        assert says in part, (days, part)


def test_nothing_of_it_reaches_a_list_or_a_page_outside(circle: Circle) -> None:
    def outside() -> list[str]:
        guest = circle.browse()
        return [text_of(guest.get(path)) for path in ("/groups", f"{circle.path}/about", f"/groups?q={circle.group.name}")]

    before = outside()
    for point in sorted(set(POINTS) - passport.SEEN):
        circle.browse(circle.awa).send(f"{circle.path}/passport", {"point": point, "do": "done"})
    assert outside() == before


@pytest.mark.parametrize("visibility", [Visibility.LISTED, Visibility.HIDDEN])
def test_somebody_comes_along_where_the_group_may_be_known(circle: Circle, visibility: Visibility) -> None:
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    worker_id = worker.id
    group = circle.make.db.get_one(Group, circle.group.id, populate_existing=True)
    group.visibility, group.purpose, group.rules = visibility, "Tea", ""
    circle.make.commit()
    path, awa = f"{circle.path}/passport", circle.browse(circle.awa)
    refused = awa.post(f"{path}/help", {})
    assert (refused.status_code, "First 3 points." in text_of(refused)) == (422, True)
    for point in ("money", "safe", "records"):
        awa.send(path, {"point": point, "do": "done"})
    assert circle.browse(circle.omar).post(f"{path}/help", {}).status_code == 403
    awa.send(f"{path}/help", {})
    told = circle.all(select(Answer).where(Answer.sentence == passport.HELP))
    assert [(one.member_id, one.link) for one in told] == (
        [(worker_id, f"{circle.path}/about")] if visibility == Visibility.LISTED else []
    )
    if visibility == Visibility.LISTED:
        again = awa.post(f"{path}/help", {})
        assert (again.status_code, "Your group asked in the last 30 days." in text_of(again)) == (422, True)
        assert not resting.told_since(circle.make.db, group, passport.HELP, now() + timedelta(seconds=1))
        circle.make.commit()
    for _time in range(5):
        last = awa.post(f"{path}/help", {})
    assert last.status_code == 429


def test_a_circle_of_mentoring_has_none(circle: Circle) -> None:
    circle.make.db.get_one(Group, circle.group.id, populate_existing=True).template = BOUND
    circle.make.commit()
    awa = circle.browse(circle.awa)
    assert awa.get(f"{circle.path}/passport").status_code == 404
    assert awa.post(f"{circle.path}/passport", {"point": "money", "do": "done"}).status_code == 404


@pytest.mark.parametrize("items", [1, 3])
def test_the_page_costs_the_same_for_any_number(circle: Circle, app: Any, count_queries: Any, items: int) -> None:
    for n, point in enumerate(("money", "safe", "records")[:items]):
        circle.browse(circle.awa).send(f"{circle.path}/passport", {"point": point, "do": "done"})
        circle.make.seat(circle.group, circle.make.member(f"Reader {n}"), GroupRole.WELCOME)
    circle.make.commit()
    database, omar = app.state.house.database, circle.browse(circle.omar)
    omar.get(f"{circle.path}/passport")
    with count_queries(database.read_engine, database.write_engine) as seen:
        assert omar.get(f"{circle.path}/passport").status_code == 200
    assert len(seen) == 5, seen
