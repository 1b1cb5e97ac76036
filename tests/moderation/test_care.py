"""Care of those who work at the desk: a break, topics, notes, buddies, the balance; what none of it tells."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core import settings as core_settings
from app.core.clock import now
from app.core.errors import Conflict, Invalid, NotFound, Refused
from app.core.settings import Settings
from app.domain.accounts import by_operator
from app.domain.actor import Actor
from app.domain.moderation import actions, balance, care, filing, handing, looking_after, queries, spam, waking
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, Member, Role
from app.models.engine import AuditEvent, Delivery
from app.models.moderation import Case, CaseKind, CaseState, DeskCare, Outcome, Priority
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk

DAY = timedelta(days=1)


def told(db: Session, member: Member) -> list[str]:
    """Return what somebody was told about the desk."""
    ours = (handing.ASKED, looking_after.SHORT, looking_after.RESTS, looking_after.DONE, looking_after.WORD, waking.UNTAKEN)
    return [one for one in db.exec(select(Answer.sentence).where(Answer.member_id == member.id)).all() if one in ours]


def pair(desk: Desk, one: Member, other: Member) -> None:
    """Let two look after each other."""
    looking_after.ask(desk.db, desk.act(one), other.name)
    looking_after.answer(desk.db, desk.act(other), one.name, True)


def settle(desk: Desk, by: Member, case: Case, outcome: Outcome = Outcome.KEEP) -> None:
    """Open a case and decide it."""
    actions.open_case(desk.db, desk.act(by), case.ref)
    desk.db.refresh(case)
    actions.decide(desk.db, desk.act(by), case.ref, Choice(outcome, case.row_version))


@pytest.fixture
def outside(settings: Settings) -> Settings:
    """Somebody outside is named."""
    changed = settings.model_copy(update={"escalation_contact": "help@house.example"})
    core_settings.use(changed)
    return changed


@pytest.mark.parametrize(
    ("kind", "priority", "heavy"),
    [
        ("flag", "danger", True), ("talk", "exposed", True), ("flag", "rule", False), ("talk", "spam", False),
        ("story", "rule", True),
        ("complaint", "rule", True), ("message_flag", "rule", True), ("application", "danger", False), ("call", "exposed", False),
        ("post", "rule", False),
    ],
)  # fmt: skip
def test_what_counts_as_heavy(kind: str, priority: str, heavy: bool) -> None:
    assert care.heavy(CaseKind(kind), Priority(priority)) == heavy


@pytest.mark.parametrize(
    ("opened", "kind", "priority", "offered"),
    [(4, "story", "rule", False), (5, "story", "rule", True), (9, "flag", "danger", False), (9, "flag", "exposed", True),
     (9, "flag", "spam", False), (9, None, "rule", True)],
)  # fmt: skip
def test_when_a_break_is_offered(opened: int, kind: str | None, priority: str, offered: bool) -> None:
    assert care.offers(opened, 5, CaseKind(kind) if kind else None, Priority(priority)) == offered


def test_a_break_gives_back_what_is_open_and_ends_by_itself(db: Session, desk: Desk, outside: Settings) -> None:
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    urgent, calm = desk.flagged(desk.story()), desk.flagged(desk.story(), "untrue")
    for case in (urgent, calm):
        actions.open_case(db, awa, case.ref)
    assert queries.waiting(db, brahim).total == 0
    assert looking_after.rest(db, awa) == 2
    assert queries.waiting(db, brahim).total == queries.waiting(db, awa, everything=True).total == 2, "no lock: who wants to looks"
    assert queries.waiting(db, awa).total == 0
    assert told(db, desk.brahim) == told(db, desk.sira) == [looking_after.SHORT], "two cases are one notice"
    looking_after.rest(db, brahim)
    actions.open_case(db, desk.act(desk.sira), urgent.ref)
    looking_after.rest(db, desk.act(desk.sira))
    assert [mail.body for mail in db.exec(select(Delivery))] == [waking.NOBODY_THERE], "now nobody is there"
    with clock.at(now() + DAY):
        assert queries.waiting(db, awa).total == 2
    looking_after.back(db, awa)
    assert queries.waiting(db, awa).total == 2
    who = {event.actor_id for event in db.exec(select(AuditEvent).where(AuditEvent.verb == "desk.care"))}
    assert who == {None}, "the trail stays for ever and does not say who took a break"
    assert outside


def test_what_somebody_leaves_to_others_is_left_out_for_them_and_seen_by_nobody_else(
    db: Session, desk: Desk, browse: Callable[..., Browser]
) -> None:
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    for reason in ("hurts", "recognised", "untrue"):
        desk.flagged(desk.story(), reason)
    desk.waiting()
    looking_after.arrange(db, awa, 2, ["violence", "stories"])
    assert (queries.waiting(db, awa).total, queries.waiting(db, brahim).total) == (2, 4)
    assert queries.waiting(db, awa, everything=True).total == 4
    assert queries.waiting(db, awa).care.most == 2
    with pytest.raises(Invalid):
        looking_after.arrange(db, awa, None, ["nonsense"])
    desk.make.commit()
    mine, theirs = browse(desk.awa), browse(desk.brahim)
    assert 'value="violence" checked' in mine.get("/desk/care").text
    assert "Without what you leave to others." in mine.get("/desk").text
    for address in ("/desk/care", "/desk", "/desk/balance", "/desk/people"):
        assert "checked" not in theirs.get(address).text.partition("</header>")[2], address
    raw = db.connection().exec_driver_sql("SELECT topics FROM desk_care WHERE topics IS NOT NULL").scalar_one()
    assert b"violence" not in bytes(raw)


def test_what_everybody_leaves_to_others_is_told_to_safeguarding_and_not_why(db: Session, desk: Desk, settings: Settings) -> None:
    about_sira = desk.flagged(desk.story(by=desk.sira), "hurts")
    for member in (desk.awa, desk.brahim, desk.sira):
        looking_after.arrange(db, desk.act(member), None, ["violence"])
    assert waking.look(db, settings) == 0
    with clock.at(now() + timedelta(hours=13)):
        waking.look(db, settings)
        assert told(db, desk.sira) == [], "it is about her: she hears nothing"
        assert about_sira.state == CaseState.OPEN
    with clock.at(now() + timedelta(hours=1)):
        desk.flagged(desk.story(), "hurts")
    with clock.at(now() + timedelta(hours=39)):
        waking.look(db, settings)
        waking.look(db, settings)
        assert told(db, desk.sira) == [waking.UNTAKEN], "once"
        assert told(db, desk.awa) == []


def test_somebody_who_takes_it_is_enough(db: Session, desk: Desk, settings: Settings) -> None:
    desk.flagged(desk.story(), "hurts")
    for member in (desk.awa, desk.sira):
        looking_after.arrange(db, desk.act(member), None, ["violence"])
    with clock.at(now() + timedelta(hours=20)):
        waking.look(db, settings)
    assert told(db, desk.sira) == []


def test_a_note_goes_with_the_case_and_only_whoever_has_it_open_reads_it(db: Session, desk: Desk) -> None:
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    case = desk.flagged(desk.story())
    with pytest.raises(Conflict):
        actions.give_back(db, awa, case.ref, "Written without having looked")
    actions.open_case(db, awa, case.ref)
    actions.give_back(db, awa, case.ref, "The face in the second picture is still there.")
    assert queries.case_page(db, brahim, case.ref).handover is None, "closed until opened"
    actions.open_case(db, brahim, case.ref)
    assert queries.case_page(db, brahim, case.ref).handover == "The face in the second picture is still there."
    assert queries.case_page(db, awa, case.ref).handover is None
    actions.give_back(db, brahim, case.ref)
    assert case.handover, "the button alone keeps it"
    for nobody in (desk.teller, desk.reader):
        with pytest.raises((NotFound, Refused)):
            queries.case_page(db, desk.act(nobody), case.ref)
    actions.open_case(db, awa, case.ref)
    actions.declare_conflict(db, awa, case.ref, "Their cousin is my neighbour.")
    assert case.handover == "Their cousin is my neighbour."
    settle(desk, desk.brahim, case)
    assert case.handover is None, "it goes when the case is decided"


@pytest.mark.parametrize("who", ["free", "told us of it", "about", "leaves it", "rests"])
def test_whom_somebody_asks_hears_of_it_only_where_they_may_look_and_whoever_asks_sees_no_difference(
    db: Session, desk: Desk, who: str
) -> None:
    brahim = desk.brahim
    story = desk.story(by=brahim if who == "about" else None)
    case = desk.flagged(story, by=brahim if who == "told us of it" else None)
    if who == "leaves it":
        looking_after.arrange(db, desk.act(brahim), None, ["exposed"])
    if who == "rests":
        looking_after.rest(db, desk.act(brahim))
    awa = desk.act(desk.awa)
    actions.open_case(db, awa, case.ref)
    offered = [name for _id, name in handing.colleagues(db, awa, case.kind)]
    assert offered == ["Brahim Copper", "Sira Mango"], "the same names whatever they may see"
    assert actions.give_back(db, awa, case.ref, None, brahim.name)
    assert told(db, brahim) == ([handing.ASKED] if who == "free" else [])
    page = queries.case_page(db, awa, case.ref)
    assert page.free and not page.mine  # noqa: PT018 - as after any putting back
    with pytest.raises(Invalid):
        actions.give_back(db, awa, case.ref, None, desk.reader.name)
    if who == "free":
        assert [card.asked for card in queries.waiting(db, desk.act(brahim)).cards] == [True]
        assert [card.asked for card in queries.waiting(db, desk.act(desk.sira)).cards] == [False]
        actions.open_case(db, desk.act(brahim), case.ref)
        assert case.asked_id is None


def test_two_who_look_after_each_other(db: Session, desk: Desk) -> None:
    awa, brahim = desk.act(desk.awa), desk.act(desk.brahim)
    looking_after.ask(db, awa, "Brahim Copper")
    settle(desk, desk.awa, desk.flagged(desk.story()))
    assert told(db, desk.brahim) == [], "nothing begins before they say yes"
    with pytest.raises(Invalid):
        looking_after.answer(db, brahim, "Sira Mango", True)
    looking_after.answer(db, brahim, "Awa Lantern", True)
    assert [looking_after.buddies(db, one).name for one in (awa, brahim)] == ["Brahim Copper", "Awa Lantern"]
    settle(desk, desk.awa, desk.flagged(desk.story(), "untrue"))
    assert told(db, desk.brahim) == [], "what is light is no reason"
    for _number in range(2):
        settle(desk, desk.awa, desk.flagged(desk.story()))
    assert told(db, desk.brahim) == [looking_after.DONE], "no second notice before the first was read"
    settle(desk, desk.brahim, desk.flagged(desk.story()))
    assert told(db, desk.awa) == [looking_after.DONE], "each looks after the other"
    with pytest.raises(Invalid):
        looking_after.ask(db, awa, "Sira Mango")
    looking_after.want_a_word(db, brahim)
    looking_after.end(db, brahim)
    assert looking_after.buddies(db, awa) == looking_after.Buddies()
    looking_after.rest(db, awa)
    assert told(db, desk.brahim) == [looking_after.DONE]
    assert "Brahim" not in str(looking_after.export(db, desk.awa.id))


@pytest.mark.parametrize("how", ["about them", "they told us", "hidden", "between them and safeguarding"])
def test_a_buddy_learns_nothing_of_a_case_that_they_may_not_see(db: Session, desk: Desk, how: str) -> None:
    pair(desk, desk.sira, desk.awa)
    story = desk.story(by=desk.awa if how == "about them" else None)
    if how == "between them and safeguarding":
        actions.complain(db, Actor(), "Awa Lantern", "unfair", "She decides for her friends")
        case = db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).one()
    else:
        case = desk.flagged(story, by=desk.awa if how == "they told us" else None)
    if how == "hidden":
        filing.bar(db, case, desk.awa.id, hidden=True)
    before = len(db.exec(select(Answer).where(Answer.member_id == desk.awa.id)).all())
    settle(desk, desk.sira, case)
    after = db.exec(select(Answer.sentence).where(Answer.member_id == desk.awa.id)).all()[before:]
    assert looking_after.DONE not in after


def test_it_ends_with_the_role(db: Session, desk: Desk) -> None:
    pair(desk, desk.awa, desk.brahim)
    looking_after.arrange(db, desk.act(desk.brahim), 3, ["close"])
    by_operator.end_role(db, desk.brahim, Role.COORDINATOR)
    assert looking_after.buddies(db, desk.act(desk.awa)).name == ""
    assert db.exec(select(DeskCare).where(DeskCare.member_id == desk.brahim.id)).first() is None
    with clock.at(now() + timedelta(days=800)):
        assert looking_after.forget_gone(db) == 1
    assert looking_after.export(db, desk.awa.id) == {}


@pytest.mark.parametrize(
    ("load", "total", "people", "band"),
    [(0, 9, 3, "less"), (1, 9, 3, "less"), (2, 9, 3, "even"), (4, 9, 3, "even"), (5, 9, 3, "more"), (9, 9, 3, "more")],
)
def test_shares_are_bands(load: int, total: int, people: int, band: str) -> None:
    assert balance.band(load, total, people) == band


@pytest.mark.parametrize(("total", "people", "tells"), [(50, 2, False), (50, 1, False), (8, 3, False), (9, 3, True), (0, 4, False)])
def test_shares_are_told_only_where_they_say_something_of_the_work_and_nothing_of_one(total: int, people: int, tells: bool) -> None:
    assert (balance.told(total, people) is None) == tells


def test_the_balance_is_the_same_with_and_without_a_case_about_a_coordinator(
    db: Session, desk: Desk, browse: Callable[..., Browser]
) -> None:
    noor = desk.make.member("Noor Anchor", Role.COORDINATOR)
    for number in range(5):
        settle(desk, desk.awa if number < 4 else desk.brahim, desk.flagged(desk.story()))
    tomorrow = now() + DAY
    with clock.at(tomorrow):
        before = [balance.week(db, desk.act(one)) for one in (desk.awa, desk.brahim, noor)]
    assert sorted(part.band for part in before[0].parts) == ["even", "less", "more"]
    assert [[part.band for part in one.parts] for one in before] == [[part.band for part in before[0].parts]] * 3, (
        "one order for all"
    )
    assert [sum(part.mine for part in one.parts) for one in before] == [1, 1, 1]
    settle(desk, desk.brahim, desk.flagged(desk.story(by=noor)))  # about somebody with a role
    hidden = desk.flagged(desk.story())
    filing.bar(db, hidden, noor.id, hidden=True)
    settle(desk, desk.brahim, hidden)
    actions.complain(db, Actor(), "Noor Anchor", "unfair", "")
    settle(desk, desk.sira, db.exec(select(Case).where(Case.kind == CaseKind.COMPLAINT)).one())
    with clock.at(tomorrow):
        assert [balance.week(db, desk.act(one)) for one in (desk.awa, desk.brahim, noor)] == before
    with pytest.raises(Refused):
        balance.week(db, desk.act(desk.sira))
    desk.make.commit()
    assert browse(desk.sira).get("/desk/balance").status_code == 404
    assert browse(desk.reader).get("/desk/balance").status_code == 404
    with clock.at(tomorrow):
        page = text_of(browse(desk.awa).get("/desk/balance"))
    assert page.count("One of you") == 2
    for name in ("Noor", "Brahim", "Sira"):
        assert name not in page
    assert spam.waiting(db, desk.act(desk.awa)) == []


def test_the_pages(db: Session, desk: Desk, browse: Callable[..., Browser]) -> None:
    case = desk.flagged(desk.story())
    desk.make.commit()
    awa, brahim = browse(desk.awa), browse(desk.brahim)
    assert awa.post(f"/desk/cases/{case.ref}/open").status_code == 303
    words = "x" * 501
    wrong = awa.post(f"/desk/cases/{case.ref}/break", {"note": words})
    assert wrong.status_code == 422
    assert words in wrong.text
    assert awa.post(f"/desk/cases/{case.ref}/break", {"note": "Mind the name in it.", "to": "Nobody Here"}).status_code == 422
    assert awa.post(f"/desk/cases/{case.ref}/break", {"note": "Mind the name in it.", "to": "Brahim Copper"}).status_code == 303
    late = awa.post(f"/desk/cases/{case.ref}/conflict", {"said": "A sentence that comes late"})
    assert late.status_code == 409
    assert "A sentence that comes late" in late.text
    assert "A colleague asks you to look." in brahim.get("/desk").text
    assert "Mind the name in it." not in brahim.get(f"/desk/cases/{case.ref}").text
    brahim.post(f"/desk/cases/{case.ref}/open")
    assert "Mind the name in it." in brahim.get(f"/desk/cases/{case.ref}").text
    assert "Mind the name in it." not in awa.get(f"/desk/cases/{case.ref}").text
    assert awa.post("/desk/care", {"most": "0", "topics": ["violence"]}).status_code == 422
    assert awa.post("/desk/care", {"most": "", "topics": ["violence"]}).status_code == 303
    assert awa.post("/desk/care/buddy", {"name": "Quiet Reader"}).status_code == 422
    assert awa.post("/desk/care/buddy", {"name": "Brahim Copper"}).status_code == 303
    assert "Awa Lantern" in brahim.get("/desk/care").text
    assert brahim.post("/desk/care/buddy/answer", {"name": "Awa Lantern", "do": "yes"}).status_code == 303
    assert "Brahim Copper" in text_of(awa.get("/desk/care"))
    for address in ("break", "buddy/word", "buddy/end"):
        assert awa.post(f"/desk/care/{address}").status_code == 303
    assert "You are on a break" in awa.get("/desk").text
    assert awa.post("/desk/care/back").status_code == 303
    for show, seen in (("mine", True), ("urgent", True), ("late", False)):
        assert (case.ref in brahim.get(f"/desk?show={show}").text) == seen
    assert brahim.get("/desk?show=nonsense").status_code == 404
    assert browse(desk.reader).post("/desk/care/break").status_code == 404
