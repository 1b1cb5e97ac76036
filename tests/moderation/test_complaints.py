"""What is said about people: for safeguarding only, and for whom it is about it exists nowhere."""

from collections.abc import Callable
from typing import Any

import pytest
from sqlmodel import Session, col, select

from app.core.errors import Invalid, NotFound, Refused
from app.domain.accounts import actions as accounts
from app.domain.actor import GUEST
from app.domain.moderation import actions, appeals, flagging, following, measures, queries, rules, subjects, trail
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Member, Role
from app.models.engine import AuditEvent
from app.models.moderation import Bar, Case, CaseKind, Flag, Outcome
from tests.browse import Browser
from tests.conftest import TODAY
from tests.moderation.conftest import Desk

NOTE = "He asks girls for money before he helps"


def complained(desk: Desk, about: str, by: Member | None = None) -> tuple[Case, str]:
    """Complain about somebody; return the case and the receipt number."""
    filed = actions.complain(desk.db, desk.act(by) if by else GUEST, about, "exploits", NOTE)
    found = select(Case).where(Case.kind == CaseKind.COMPLAINT).order_by(col(Case.id).desc())
    return desk.db.exec(found.execution_options(populate_existing=True)).first(), filed.receipt  # type: ignore[return-value]


def test_it_goes_to_safeguarding_and_never_to_whom_it_is_about(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    """The accused holds every role there is: not in list, count, address, fragment, attachment, trail, copy, answers."""
    accused = desk.make.member("Omar Leads", Role.COORDINATOR, Role.SAFEGUARDING, Role.ANALYST, Role.ORGANISER)
    case, number = complained(desk, "omar leads", desk.reader)
    again, _ = complained(desk, "Omar Leads")
    assert again.id != case.id, "one by one: no complaint tells anything about another"
    assert (again.about_id, case.about_id) == (accused.id, accused.id), "however the name is written"
    audit_of_case = select(AuditEvent.number).where(col(AuditEvent.subject_id).in_([case.id, again.id]))
    assert db.exec(audit_of_case).all()
    desk.make.commit()
    theirs = browse(accused)
    nowhere = "/desk/cases/aaaaaaaaaaaa"
    never = theirs.get(nowhere).text.replace("aaaaaaaaaaaa", "")
    for path in ("", "/words", "/translate"):
        answer = theirs.get(f"/desk/cases/{case.ref}{path}")
        assert (answer.status_code, case.ref in answer.text.replace(f"/desk/cases/{case.ref}", "")) == (404, False)
    assert len(theirs.get(f"/desk/cases/{case.ref}").text.replace(case.ref, "")) == pytest.approx(len(never), abs=40)
    fragment = theirs.client.get(f"/desk/cases/{case.ref}", headers={"HX-Request": "true"})
    assert fragment.status_code == 404
    for do in ("open", "decision", "break", "conflict", "again"):
        assert theirs.post(f"/desk/cases/{case.ref}/{do}").status_code in (404, 422)
    assert case.ref not in theirs.get("/desk").text + theirs.get("/desk?kind=complaint").text
    assert theirs.get("/desk").text.count('class="card case"') == 0
    seen, _more = trail.events(db, desk.act(accused))
    everybody, _more = trail.events(db, desk.act(desk.sira))
    assert len(everybody) - len(seen) == len(db.exec(audit_of_case).all()), "no line of the trail"
    assert following.export(db, accused.id)["decisions about me"] == []
    assert "complaint" not in measures.decided(db, TODAY.date().replace(day=1), TODAY.date())
    assert db.exec(select(Answer).where(Answer.member_id == accused.id)).all() == []
    with pytest.raises(NotFound):
        actions.open_case(db, desk.act(desk.awa), case.ref)  # another coordinator
    actions.open_case(db, desk.act(desk.sira), case.ref)
    db.refresh(case)
    shown = queries.case_page(db, desk.act(desk.sira), case.ref)
    assert shown.contents
    assert shown.contents.person
    assert shown.contents.person.name == "Omar Leads"
    assert {flag.note for flag in shown.flags} == {NOTE}
    with pytest.raises(Invalid, match="Write the reason"):
        actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.ACTED, case.row_version))
    actions.decide(db, desk.act(desk.sira), case.ref, Choice(Outcome.ACTED, case.row_version, None, "His roles were ended."))
    assert "has looked into" in flagging.standing(db, number).answer
    assert following.export(db, accused.id)["decisions about me"] == []
    assert db.exec(select(Answer).where(Answer.member_id == accused.id)).all() == []
    accounts.purge_member(db, accused.id)
    assert db.exec(select(Flag.note).where(Flag.case_id == case.id)).all() == [NOTE], "it stays when they go"


def test_names_are_not_found_out_by_complaining(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    desk.make.commit()
    guest = browse()
    sent = [
        guest.post("/flag/person", {"reason": "unfair", "who": who, "note": "<b>\u202eabc</b>"})
        for who in ("Awa Lantern", "Nobody")
    ]
    assert [(a.status_code, a.headers["location"]) for a in sent] == [(303, "/flag/done")] * 2
    for form in ({"reason": "unfair", "who": " "}, {"reason": "nothing", "who": "Awa"}, {"who": "Awa", "note": "x" * 2001}):
        answer = guest.post("/flag/person", form)
        assert answer.status_code == 422
    assert guest.post("/flag/person", {"reason": "unfair", "who": "Awa", "note": "y" * 1_200_000}).status_code in (413, 422)
    cases = db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).all()
    assert {case.about_id for case in cases} == {desk.awa.id, None}
    unknown = next(case for case in cases if case.about_id is None)
    actions.open_case(db, desk.act(desk.sira), unknown.ref)
    shown = queries.case_page(db, desk.act(desk.sira), unknown.ref)
    assert shown.contents
    assert shown.contents.person
    assert (shown.contents.person.name, shown.flags[0].about) == ("", "Nobody")


@pytest.mark.parametrize(
    ("who", "note", "hidden"),
    [
        ("sira from the office", "", True), ("SIRA", "", True), ("somebody", "It was Sira, Sira Mango.", True),
        ("somebody", "She sells a mango.", False), ("Awa Lantern", "", False),
    ],
)  # fmt: skip
def test_whom_a_complaint_may_be_about_does_not_read_it(db: Session, desk: Desk, who: str, note: str, hidden: bool) -> None:
    """Also where the name that somebody wrote is nobody's."""
    actions.complain(db, GUEST, who, "unfair", note)
    assert queries.waiting(db, desk.act(desk.sira)).total == (not hidden)


def test_whoever_is_kept_from_a_case_is_kept_from_its_appeal(db: Session, desk: Desk) -> None:
    leader = desk.make.member("Leads A Group", Role.COORDINATOR)
    group = desk.make.group(by=leader)
    group.words_by = desk.reader.id
    actions.flag(db, GUEST, "group", group.ref, "rude", "")
    case = desk.case(group.id, "talk")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    db.refresh(case)
    decision = actions.decide(db, desk.act(desk.awa), case.ref, Choice(Outcome.HIDE, case.row_version, 3, "Because."))
    appeals.appeal(db, desk.act(desk.reader), decision.ref, "No.")
    assert queries.waiting(db, desk.act(leader)).total == 0
    assert queries.waiting(db, desk.act(desk.brahim)).total == 1


def test_who_leads_a_group_hears_nothing_of_what_is_flagged_about_it(db: Session, desk: Desk) -> None:
    leader = desk.make.member("Leads A Group", Role.COORDINATOR)
    group = desk.make.group(by=leader)
    actions.flag(db, GUEST, "group", group.ref, "rude", "")
    case = desk.case(group.id, "talk")
    with pytest.raises(NotFound):
        queries.case(db, desk.act(leader), case.ref)
    assert queries.waiting(db, desk.act(leader)).total == 0
    assert queries.waiting(db, desk.act(desk.awa)).total == 1
    assert trail.events(db, desk.act(leader))[0] == []


def test_a_case_is_left_to_others_without_a_reason(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.declare_conflict(db, desk.act(desk.awa), case.ref)
    actions.declare_conflict(db, desk.act(desk.awa), case.ref)
    assert len(db.exec(select(Bar)).all()) == 1
    case = desk.case(story.id, "flag")
    assert case.claimed_by is None
    assert queries.waiting(db, desk.act(desk.awa)).total == 0
    for does in (actions.open_case, lambda *a: actions.decide(*a, Choice(Outcome.KEEP, case.row_version))):
        with pytest.raises(Refused, match="too close to it"):
            does(db, desk.act(desk.awa), case.ref)
    actions.open_case(db, desk.act(desk.brahim), case.ref)


@pytest.mark.parametrize(
    ("typed", "kind"),
    [
        ("https://house.example/stories/234abcdefghj", "story"), ("/help/234abcdefghj/helped", "service"),
        (" /g/234abcdefghj/p/345abcdefghj#x ", "post"), ("/g/234abcdefghj/about", "group"), ("/desk/cases/234abcdefghj", None),
        ("javascript:alert(1)", None), ("//evil.example", None), ("/stories/UPPER", None), ("", None),
    ],
)  # fmt: skip
def test_an_address_leads_to_what_it_is_about(typed: str, kind: str | None) -> None:
    found = subjects.address(typed)
    assert (found[0] if found else None) == kind


def test_an_address_and_a_name_on_the_page(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    story = desk.story()
    desk.make.commit()
    guest = browse()
    to: Any = guest.post("/flag", {"address": f"https://a.example/stories/{story.ref}"})
    assert to.headers["location"] == f"/flag/story/{story.ref}"
    wrong = guest.post("/flag", {"address": "/desk"})
    assert (wrong.status_code, "/desk" in wrong.text) == (422, True)
    page = guest.get(f"/flag/story/{story.ref}").text
    assert f"/stories/{story.ref}</bdi>" in page
    guest.post(f"/flag/story/{story.ref}", {"reason": "untrue", "name": "A. Name"})
    case = desk.case(story.id, "flag")
    assert queries.case_page(db, desk.act(desk.awa), case.ref).flags[0].name is None, "closed until it is opened"
    actions.open_case(db, desk.act(desk.awa), case.ref)
    assert queries.case_page(db, desk.act(desk.awa), case.ref).flags[0].name == "A. Name"


def test_complaints_and_words_to_one_person_are_safeguardings_list() -> None:
    assert {CaseKind.COMPLAINT, CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG} == rules.SAFEGUARDING_ONLY
