"""The people page: invitations, applications and roles, by coordinators and operators only."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from sqlmodel import select

from app.core import clock
from app.core.errors import Invalid
from app.domain.accounts import by_operator
from app.models.accounts import Answer, Invitation, Member, MemberStatus, Role, RoleGrant, SignIn
from app.models.engine import AuditEvent
from tests.accounts.people import invitation, with_key
from tests.accounts.test_journey import shown_key
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]
SOON = "2026-12-24"


@pytest.fixture
def coordinator(browse: Browse, make: Make) -> Browser:
    """A coordinator at work."""
    return browse(with_key(make, "Green Kettle", Role.COORDINATOR)[0])


@pytest.fixture
def operator(browse: Browse, make: Make) -> Browser:
    """An operator at work."""
    return browse(with_key(make, "Night Bus", Role.OPERATOR)[0])


def test_the_page_exists_for_few(browse: Browse, make: Make, coordinator: Browser, operator: Browser) -> None:
    for role in (None, Role.ORGANISER, Role.MENTOR, Role.ANALYST, Role.SAFEGUARDING):
        roles = (role,) if role else ()
        browser = browse(with_key(make, f"Kettle {role or 'none'}", *roles)[0])
        assert browser.get("/desk/people").status_code == 404, role
        assert browser.post("/desk/people/roles", {"name": "x", "role": "mentor", "until": SOON}).status_code == 404, role
    assert browse().get("/desk/people").status_code == 303
    assert coordinator.get("/desk/people").status_code == 200
    assert operator.get("/desk/people").status_code == 200


def test_an_invitation_is_made_shown_once_and_ended(coordinator: Browser, make: Make, peek: Peek) -> None:
    page = coordinator.post("/desk/people/invitations", {"label": "Tuesday tea", "uses": "5", "until": SOON})
    assert page.status_code == 200
    code = shown_key(page.text).replace(" ", "-")
    assert re.fullmatch(r"[0-9A-Z]{4}(-[0-9A-Z]{4}){3}", code)
    row = peek(select(Invitation))[0]
    assert (row.uses, row.uses_left, row.until.date()) == (5, 5, date(2026, 12, 25))  # through the last day
    assert code not in str(peek("SELECT * FROM invitation"))
    shown = coordinator.get("/desk/people")
    assert "Tuesday tea" in text_of(shown)
    assert "24 December 2026" in text_of(shown)
    assert code not in shown.text
    assert coordinator.post("/desk/people/invitations/end", {"id": str(row.id)}).status_code == 303
    assert coordinator.post("/desk/people/invitations/end", {"id": str(row.id)}).status_code == 404
    assert "Tuesday tea" not in text_of(coordinator.get("/desk/people"))


@pytest.mark.parametrize(
    "bad",
    [
        {"uses": "0"}, {"uses": "501"}, {"uses": "many"}, {"until": "2026-11-20"}, {"until": "2028-01-01"}, {"until": "soon"},
        {"label": ""},
    ],
)  # fmt: skip
def test_a_wrong_invitation_keeps_what_was_typed(coordinator: Browser, peek: Peek, bad: dict[str, str]) -> None:
    sent = {"label": "spring course", "uses": "5", "until": SOON, **bad}
    page = coordinator.post("/desk/people/invitations", sent)
    assert page.status_code == 422
    for value in sent.values():
        assert f'value="{value}"' in page.text
    assert peek(select(Invitation)) == []


def test_invitations_end_by_themselves(make: Make, coordinator: Browser, browse: Browse) -> None:
    host = with_key(make, "Early Bus")[0]
    invitation(make, host, label="old course", until=TODAY + timedelta(days=1))
    assert "old course" in text_of(coordinator.get("/desk/people"))
    with clock.at(TODAY + timedelta(minutes=20)):
        coordinator.get("/desk/people")
    from app.domain.accounts.joining import read_invitation

    code = invitation(make, host, until=TODAY + timedelta(hours=1))
    assert read_invitation(make.db, code) is not None
    with clock.at(TODAY + timedelta(hours=1)):
        assert read_invitation(make.db, code) is None


def test_an_applicant_is_let_in_and_told(coordinator: Browser, browse: Browse, make: Make, peek: Peek) -> None:
    applicant, _key = with_key(make, "Slow Lantern", status=MemberStatus.APPLIED, application="I sew.")
    assert "I sew." in text_of(coordinator.get("/desk/people"))
    waiting = browse(applicant)
    sent = {"id": str(applicant.id), "do": "accept", "reason": "Come on Thursday."}
    assert coordinator.post("/desk/people/applications", sent).status_code == 303
    row = peek(select(Member).where(Member.id == applicant.id))[0]
    assert (row.status, row.application) == (MemberStatus.ACTIVE, None)
    assert "Come on Thursday." in text_of(waiting.get("/my/answers"))
    assert coordinator.post("/desk/people/applications", sent).status_code == 403  # decided once


def test_a_refusal_needs_a_reason_and_has_an_end(coordinator: Browser, operator: Browser, make: Make, peek: Peek) -> None:
    applicant, _key = with_key(make, "Slow Lantern", status=MemberStatus.APPLIED, application="I sew.")
    sent = {"id": str(applicant.id), "do": "refuse"}
    page = coordinator.post("/desk/people/applications", sent)
    assert page.status_code == 422
    assert "Write the reason" in text_of(page)
    assert operator.post("/desk/people/applications", {**sent, "reason": "No."}).status_code == 404  # not an operator's decision
    assert coordinator.post("/desk/people/applications", {**sent, "reason": "Another network is nearer."}).status_code == 303
    row = peek(select(Member).where(Member.id == applicant.id))[0]
    assert (row.status, row.delete_after) == (MemberStatus.SUSPENDED, TODAY + timedelta(days=30))
    assert peek(select(Answer))[0].note == "Another network is nearer."


def test_coordinators_give_small_roles_operators_all(coordinator: Browser, operator: Browser, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern")
    give = {"name": "slow lantern", "until": SOON}
    assert coordinator.post("/desk/people/roles", {**give, "role": "coordinator"}).status_code == 403
    assert coordinator.post("/desk/people/roles", {**give, "role": "organiser"}).status_code == 303
    assert coordinator.post("/desk/people/roles", {**give, "role": "organiser"}).status_code == 422  # holds it already
    for who in (coordinator, operator):  # with no panel behind it nobody becomes a mentor
        refused = who.post("/desk/people/roles", {**give, "role": "mentor"})
        assert refused.status_code == 422
        assert "A panel says who is a mentor." in text_of(refused)
    with pytest.raises(Invalid):
        by_operator.grant_role(make.db, member, Role.MENTOR)
    assert operator.post("/desk/people/roles", {**give, "role": "coordinator"}).status_code == 303
    grants = peek(select(RoleGrant).where(RoleGrant.member_id == member.id))
    assert {(g.role, g.until_on) for g in grants} == {(Role.ORGANISER, date(2026, 12, 24)), (Role.COORDINATOR, date(2026, 12, 24))}
    assert all(g.granted_by is not None for g in grants)
    assert [e.detail for e in peek(select(AuditEvent).where(AuditEvent.verb == "role.granted"))] == [
        {"role": "organiser"}, {"role": "coordinator"},
    ]  # fmt: skip


def test_nobody_gives_themselves_a_role(coordinator: Browser, operator: Browser) -> None:
    assert coordinator.post("/desk/people/roles", {"name": "Green Kettle", "role": "mentor", "until": SOON}).status_code == 403
    assert operator.post("/desk/people/roles", {"name": "Night Bus", "role": "coordinator", "until": SOON}).status_code == 403


@pytest.mark.parametrize(
    "bad", [{"name": "Nobody Here"}, {"role": "king"}, {"until": "2026-11-20"}, {"until": "2028-01-01"}, {"until": ""}]
)
def test_a_wrong_role_keeps_what_was_typed(coordinator: Browser, make: Make, bad: dict[str, str]) -> None:
    with_key(make, "Slow Lantern")
    sent = {"name": "Slow Lantern", "role": "mentor", "until": SOON, **bad}
    page = coordinator.post("/desk/people/roles", sent)
    assert page.status_code == 422
    assert f'value="{sent["name"]}"' in page.text


def test_power_never_comes_into_an_old_session(operator: Browser, browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern")
    before = browse(member)
    operator.post("/desk/people/roles", {"name": "Slow Lantern", "role": "coordinator", "until": SOON})
    assert "without an account" in text_of(before.get("/me"))
    assert peek(select(SignIn).where(SignIn.member_id == member.id)) == []


def test_a_role_ends_at_once_and_by_itself(coordinator: Browser, operator: Browser, browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern", Role.ORGANISER)
    worker = browse(member)
    assert worker.get("/me/vouch").status_code == 200
    grant = peek(select(RoleGrant).where(RoleGrant.member_id == member.id))[0]
    assert worker.post("/desk/people/roles/end", {"id": str(grant.id)}).status_code == 404
    assert coordinator.post("/desk/people/roles/end", {"id": str(grant.id)}).status_code == 303
    assert coordinator.post("/desk/people/roles/end", {"id": str(grant.id)}).status_code == 404
    assert worker.get("/me/vouch").status_code == 404
    power = peek(select(RoleGrant).where(RoleGrant.role == Role.OPERATOR))[0]
    assert coordinator.post("/desk/people/roles/end", {"id": str(power.id)}).status_code == 403
    assert operator.post("/desk/people/roles/end", {"id": str(power.id)}).status_code == 303  # laid down by its holder
    assert operator.get("/desk/people").status_code == 404


def test_a_role_is_over_on_its_last_day(browse: Browse, make: Make) -> None:
    member, _key = with_key(make, "Slow Lantern")
    make.role(member, Role.ORGANISER, until=TODAY.date() + timedelta(days=1))
    make.commit()
    assert browse(member).get("/me/vouch").status_code == 200
    with clock.at(TODAY + timedelta(days=1)):
        assert browse(member).get("/me/vouch").status_code == 404
