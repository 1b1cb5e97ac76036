"""Asking for a mentor and offering to be one, through the pages: walked once, looked at from all sides."""

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.domain import wiring
from app.domain.accounts import exports
from app.domain.accounts.queries import roles_today
from app.domain.mentoring.joining import keeping, queries, rules, standing
from app.jobs import retention
from app.models.accounts import Answer, Erasure, Member, MemberStatus, Role
from app.models.mentoring import AskState, Mentor, MentorAsk, MentorState, MentorWord
from app.models.places import AreaKind
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

ASK: dict[str, dict[str, Any]] = {
    "needs": {"main": ["business", "documents"], "more": ["business", "family"]},
    "who": {"rule": "woman_required", "trained": "1", "gender": "woman", "age": "25-34"},
    "place": {"place": "SN", "language1": "wo", "level1": "3", "language2": "fr", "level2": "2", "host": "ES"},
    "when": {"slots": ["1", "4", "13"], "first": "chat", "also": ["chat", "phone"]},
}
OFFER: dict[str, dict[str, Any]] = {
    "help": {"business": "3", "documents": "2", "kind": "returned"},
    "place": ASK["place"], "when": ASK["when"],
    "meet": {"accepts": "women_only", "capacity": "2", "gender": "woman"},
    "words": {"why": "Somebody did it for me.", "ties": "I sell cloth.", "agreed": "1"},
}  # fmt: skip
GONE_ON = re.compile(r'name="row_version" value="(\d+)"')


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


@dataclass
class People:
    """Somebody who asks or offers, somebody else, and the desk."""

    db: Session
    me: Member
    other: Member
    desk: Member
    guard: Member
    third: Member  # works at the desk too
    open: Callable[..., Browser]

    def row(self, kind: type[Any], member: Member | None = None) -> Any:
        """Return what is stored now; the session lets go of the database again."""
        found = keeping.own(self.db, kind, (member or self.me).id, lock=True)
        self.db.commit()
        return found

    def roles(self) -> set[Role]:
        """Return the roles that I hold today."""
        found = set(roles_today(self.db, self.me.id))
        self.db.commit()
        return found

    def all(self, statement: Any) -> list[Any]:
        """Return rows as they are stored now."""
        found = list(self.db.exec(statement.execution_options(populate_existing=True)).all())
        self.db.commit()
        return found


@pytest.fixture
def people(make: Make, browse: Callable[..., Browser]) -> People:
    """The people."""
    me, other = make.member("Quiet River"), make.member("Amber")
    desk, guard = make.member("Open Door", Role.COORDINATOR), make.member("Calm Harbour", Role.SAFEGUARDING)
    third = make.member("Long Road", Role.COORDINATOR)
    make.commit()
    return People(make.db, me, other, desk, guard, third, browse)


def walk(browser: Browser, side: str, steps: dict[str, dict[str, Any]], send: bool = True) -> None:
    """Answer every step as its page asks, and send it."""
    for step in (*steps, *(["check"] if send else [])):
        page = browser.get(f"/my/mentoring/{side}/{step}")
        version = GONE_ON.search(page.text)
        assert page.status_code == 200, (step, text_of(page))
        assert version is not None
        answer = browser.post(f"/my/mentoring/{side}/{step}", {"row_version": version[1], **steps.get(step, {})})
        assert answer.status_code == 303, (step, text_of(answer))


def test_asking_step_by_step(people: People) -> None:
    me, db = people.open(people.me), people.db
    # Three main needs are too many: nothing is lost, nothing is stored.
    typed = {"row_version": "0", "main": ["housing", "family", "legal"]}
    again = me.post("/my/mentoring/ask/needs", typed)
    assert again.status_code == 422
    assert "Choose one or two of these." in text_of(again)
    assert again.text.count("checked") == 3
    assert people.row(MentorAsk) is None
    walk(me, "ask", ASK, send=False)
    row = people.row(MentorAsk)
    assert (row.state, row.asked_on) == (AskState.BEGUN, None)
    assert keeping.told(row)["needs"] == {"main": ["business", "documents"], "more": ["family"]}
    assert keeping.told(row)["place"] == {"place": "SN", "languages": {"wo": 3, "fr": 2}, "host": "ES"}
    # Each step shows again what was said.
    assert 'value="woman_required" checked' in me.get("/my/mentoring/ask/who").text
    assert '<option value="wo" selected>' in me.get("/my/mentoring/ask/place").text
    check = text_of(me.get("/my/mentoring/ask/check"))
    for said in (
        "Starting a business",
        "Only a woman",
        "Lived in: Spain",
        "Writing, here in the network",
        "Not even that you asked",
    ):
        assert said in check
    # An old form changes nothing and loses nothing.
    late = me.post("/my/mentoring/ask/when", {"row_version": "1", "slots": ["2"], "first": "phone"})
    assert late.status_code == 409
    assert 'value="2" checked' in late.text
    assert keeping.told(people.row(MentorAsk))["when"]["slots"] == [1, 4, 13]
    me.post("/my/mentoring/ask/check", {"row_version": str(people.row(MentorAsk).row_version)})
    row = people.row(MentorAsk)
    assert (row.state, row.asked_on) == (AskState.WAITING, TODAY.date())
    # A change later keeps the day.
    with clock.at(TODAY + timedelta(days=20)):
        later = people.open(people.me)
        walk(later, "ask", {"when": {"slots": ["5"], "first": "phone"}}, send=False)
        assert (people.row(MentorAsk).asked_on, people.row(MentorAsk).touched_on) == (TODAY.date(), now().date())
    # Nobody learns of it: not at the desk, not in the trail, not in my answers, not on another's page.
    for who in (people.other, people.desk):
        browser = people.open(who)
        seen = [
            browser.get(p).text
            for p in ("/my/mentoring", "/me", "/", *(("/desk/mentoring", "/desk") if who is people.desk else ()))
        ]
        assert not [s for s in seen if "Quiet River" in s]
    assert people.all(select(Answer)) == []
    # The member's own copy says it, in words.
    copy = exports.collect(db, people.me.id)["my wish for a mentor"]
    db.commit()
    assert "Only a woman" in json.dumps(copy, default=str)
    row_id = people.row(MentorAsk).id
    # Taken back: erased, also from an older copy.
    assert "Taken back" in text_of(me.send("/my/mentoring/ask", {"do": "take_back"}))
    assert people.row(MentorAsk) is None
    assert people.all(select(Erasure.kind).where(Erasure.subject_id == row_id)) == ["mentor_ask"]
    for step, typed in (("when", {"slots": ["2"], "first": "phone"}), ("check", {})):
        stale = me.post(f"/my/mentoring/ask/{step}", {"row_version": "6", **typed})
        assert stale.status_code == 409
        assert "Nothing was overwritten." in text_of(stale)
    assert people.row(MentorAsk) is None
    older = {"id": row_id, "member_id": people.me.id, "said": "{}", "touched_on": now().date(), "row_version": 1}
    db.execute(sa.insert(MentorAsk).values(state=AskState.BEGUN, **older))
    assert standing.erase_again(db, "mentor_ask", row_id)
    assert not standing.erase_again(db, "mentor_ask", row_id)


@pytest.mark.parametrize(("step", "typed", "says"), [
    ("place", {"place": "FR", "language1": "wo"}, "Choose one of these."),
    ("place", {"place": "not-an-area", "language1": "wo"}, "Choose one of these."),
    ("place", {"place": "SN"}, "Choose at least one language."),
    ("place", {"place": "SN", "language1": "xx-nothing"}, "Choose one of these."),
    ("place", {"place": "SN", "language1": "wo", "host": "XX"}, "Choose one of these."),
    ("when", {"first": "chat"}, "Choose at least one time."),
    ("when", {"slots": ["14"], "first": "chat"}, "This number is too large or too small."),
    ("who", {"rule": "blond"}, "Choose one of these."),
])  # fmt: skip
def test_what_cannot_be_taken_comes_back(people: People, step: str, typed: dict[str, Any], says: str) -> None:
    answer = people.open(people.me).post(f"/my/mentoring/ask/{step}", {"row_version": "0", **typed})
    assert answer.status_code == 422
    assert says in text_of(answer)
    assert people.row(MentorAsk) is None


def test_steps_of_the_other_side_are_not_there_and_nothing_open_is_sent(people: People) -> None:
    me = people.open(people.me)
    for side in rules.STEPS:  # every step can be opened by its address before anything was said
        assert [step for step in rules.STEPS[side] if me.get(f"/my/mentoring/{side}/{step}").status_code != 200] == []
    assert "Answer what is still open" in text_of(me.get("/my/mentoring/offer/check"))
    assert me.get("/my/mentoring/ask/help").status_code == 404
    assert me.post("/my/mentoring/offer/needs", {"main": ["family"]}).status_code == 404
    assert me.post("/my/mentoring/ask", {"do": "pause"}).status_code == 404
    assert me.post("/my/mentoring/offer", {"do": "pause"}).status_code == 404
    assert me.post("/my/mentoring/ask/check", {"row_version": "0"}).status_code == 403
    assert people.row(MentorAsk) is None
    unsure = {**OFFER, "words": {"why": "Because."}}
    with pytest.raises(AssertionError, match="keep to these rules"):
        walk(me, "offer", unsure)


def test_places_are_those_that_the_network_named(people: People, make: Make) -> None:
    """A list or a partner writes no word into the form; who chose such a place before keeps it."""
    ours = make.area("Kolda", kind=AreaKind.REGION, code="SN-KD", names={"fr": "Kolda", "ar": "كولدا"})
    theirs = make.area("Free money, call us", kind=AreaKind.REGION, names={"fr": "Appelez"})
    make.commit()
    me = people.open(people.me)
    page = me.get("/my/mentoring/ask/place").text
    assert str(ours.id) in page
    assert "Free money" not in page
    assert '<optgroup label="Senegal">' in page
    assert "Somewhere in Senegal" in page
    walk(me, "ask", {**ASK, "place": {**ASK["place"], "place": str(theirs.id)}}, send=False)
    assert f'<option value="{theirs.id}" selected>' in me.get("/my/mentoring/ask/place").text
    assert (queries.place_name(people.db, str(ours.id)), queries.country_of(people.db, str(ours.id))) == (
        "Senegal, Kolda",
        "Senegal",
    )
    people.db.commit()
    assert "Free money" not in people.open(people.other).get("/my/mentoring/ask/place").text


WORD_KEY = re.compile(r'name="word" value="([0-9a-f]{12})"')


def _link(browser: Browser) -> str:
    found = re.search(r"/word/([2-9a-z]{12})", browser.post("/my/mentoring/offer", {"do": "link"}).text)
    assert found is not None
    return f"/word/{found[1]}"


def test_offering_screened_and_ended(people: People) -> None:
    me, desk, guest = people.open(people.me), people.open(people.desk), people.open()
    walk(me, "offer", OFFER)
    row = people.row(Mentor)
    assert (row.state, row.capacity, row.applied_on) == (MentorState.APPLIED, 2, TODAY.date())
    at = f"/desk/mentoring/{row.ref}"
    # What the panel looks at is closed; times and whom to meet stay open.
    assert me.get("/my/mentoring/offer/help").status_code == 403
    assert me.get("/my/mentoring/offer/meet").status_code == 200
    # The desk reads what it needs, and neither whom somebody feels able to meet nor who they are.
    assert "Quiet River" in text_of(desk.get("/desk/mentoring"))
    page = text_of(desk.get(at))
    assert "Somebody did it for me." in page
    assert "I sell cloth." in page
    assert "Only women" not in page
    assert "Spain" not in page
    for browser in (me, people.open(people.other), people.open(people.guard)):
        assert browser.get(at).status_code == 404
    # Two links: not for oneself, once each, without a name.
    first, second = _link(me), _link(me)
    assert me.get(first).status_code == 403
    asked = guest.get(first)
    assert asked.status_code == 200
    assert "Quiet River" not in asked.text
    assert guest.post(first, {"words": "Kind."}).status_code == 422
    assert guest.send(first, {"known": "years", "trust": "yes", "words": "Kind."}).status_code == 200
    assert guest.get(first).status_code == guest.post(first, {"known": "years", "trust": "no"}).status_code == 404
    assert "Kind." in text_of(desk.get(at))
    assert "Kind." not in text_of(me.get("/my/mentoring"))
    # How many came, never which: who knows to whom each went would know who said no. Lost ones end, and others can be made.
    assert "Words that came: 1 Links that are open: 1" in text_of(me.get("/my/mentoring"))
    me.send("/my/mentoring/offer", {"do": "unlink"})
    assert guest.get(second).status_code == 404
    assert "Words that came: 1 Links that are open: 0" in text_of(me.get("/my/mentoring"))
    against, second = _link(me), _link(me)
    guest.send(against, {"known": "year", "trust": "no"})
    until = (TODAY + timedelta(days=300)).date().isoformat()
    yes = {
        "row_version": str(row.row_version), "outcome": "accept", "panel": "3", "both": "1", "untied": "1", "until": until,
        "supervisor": str(people.guard.id), "note": "You listen well.",
    }  # fmt: skip
    for wrong, says in (
        ({}, "Two people who know them"), ({"panel": "1"}, "A panel has 2 to 9"), ({"both": ""}, "at least one woman"),
        ({"note": ""}, "Write the reasons."),
    ):  # fmt: skip
        refused = desk.post(f"{at}/decide", {**yes, **wrong})
        assert refused.status_code == 422
        assert says in text_of(refused)
    guest.send(second, {"known": "year", "trust": "unsure", "reach": "Ask at the bakery."})
    # They count once somebody else at the desk made sure of them: not the one who decides, and not the one they are about.
    assert "Two people who know them" in text_of(desk.post(f"{at}/decide", yes))
    third = people.open(people.third)
    assert "Ask at the bakery." in text_of(third.get(at))
    for key in WORD_KEY.findall(third.get(at).text):
        assert me.post(f"{at}/word", {"word": key, "do": "confirm"}).status_code == 404
        desk.send(f"{at}/word", {"word": key, "do": "confirm"})
    assert "Ask at the bakery." not in text_of(third.get(at))  # it was asked
    assert "Two people who know them" in text_of(desk.post(f"{at}/decide", yes))
    for key in WORD_KEY.findall(third.get(at).text):
        for do in ("undo", "confirm"):
            third.send(f"{at}/word", {"word": key, "do": do})
    assert third.post(f"{at}/word", {"word": "0" * 12, "do": "confirm"}).status_code == 404
    assert desk.post(f"{at}/word", {"do": "confirm"}).status_code == 422
    for wrong, says in (
        ({"supervisor": str(people.me.id)}, "Choose who supervises"), ({"until": "2028-01-01"}, "within the next 12 months"),
    ):  # fmt: skip
        assert says in text_of(desk.post(f"{at}/decide", {**yes, **wrong}))
    assert desk.post(f"{at}/decide", {**yes, "row_version": "1"}).status_code == 409
    assert people.row(Mentor).state == MentorState.APPLIED
    assert desk.post(f"{at}/decide", yes).status_code == 303
    row = people.row(Mentor)
    assert (row.state, row.panel, row.supervisor_id) == (MentorState.ACTIVE, 3, people.guard.id)
    assert people.roles() == {Role.MENTOR}
    assert [a.note for a in people.all(select(Answer).where(Answer.member_id == people.me.id)) if a.note] == ["You listen well."]
    assert "Your supervisor: Calm Harbour" in text_of(me.get("/my/mentoring"))
    assert len(people.all(select(Answer).where(Answer.member_id == people.guard.id))) == 1
    # One tap for a pause; the training is renewed without a new role.
    assert "You have a pause" in text_of(me.send("/my/mentoring/offer", {"do": "pause"}))
    care = {"row_version": str(people.row(Mentor).row_version), "supervisor": str(people.desk.id), "until": until}
    assert desk.post(f"{at}/care", care).status_code == 303
    assert people.row(Mentor).supervisor_id == people.desk.id
    assert "Takes a pause" in text_of(desk.get("/desk/mentoring"))
    me.send("/my/mentoring/offer", {"do": "go_on"})
    # A decision ends it, with reasons; half a year passes before a new offer.
    ended = {"row_version": str(people.row(Mentor).row_version)}
    assert "Write the reasons." in text_of(desk.post(f"{at}/end", ended))
    assert desk.post(f"{at}/end", {**ended, "reason": "You asked for money."}).status_code == 303
    assert people.row(Mentor).state == MentorState.DECLINED
    assert people.roles() == set()
    assert desk.get(at).status_code == 404
    assert me.get("/my/mentoring/offer/help").status_code == 403
    assert me.post("/my/mentoring/offer", {"do": "take_back"}).status_code == 403
    with clock.at(TODAY + timedelta(days=200)):
        again = people.open(people.me)
        walk(again, "offer", OFFER, send=False)
        row = people.row(Mentor)
        assert (row.state, row.decided_on, row.panel) == (MentorState.BEGUN, None, 0)
        assert people.all(select(MentorWord)) == []
        again.send("/my/mentoring/offer", {"do": "take_back"})
        assert people.row(Mentor) is None


def test_a_coordinator_who_offers_sees_nothing_of_it_at_the_desk(people: People) -> None:
    desk = people.open(people.desk)
    walk(desk, "offer", OFFER)
    row = people.row(Mentor, people.desk)
    assert "Open Door" not in text_of(desk.get("/desk/mentoring"))
    assert desk.get(f"/desk/mentoring/{row.ref}").status_code == 404
    said = {"row_version": str(row.row_version), "outcome": "decline", "panel": "2", "both": "1", "untied": "1", "note": "No."}
    assert desk.post(f"/desk/mentoring/{row.ref}/decide", said).status_code == 404


@pytest.mark.parametrize("status", [MemberStatus.PAUSED, MemberStatus.SUSPENDED])
def test_whose_account_rests_changes_nothing_but_takes_back(people: People, status: MemberStatus) -> None:
    me = people.open(people.me)
    walk(me, "ask", ASK)
    walk(me, "offer", OFFER)
    link = _link(me)
    people.db.execute(sa.update(Member).where(sa.column("id") == people.me.id).values(status=status))
    people.db.commit()
    assert "Quiet River" not in text_of(people.open(people.desk).get("/desk/mentoring"))
    assert people.open().get(link).status_code == 404
    assert me.get("/my/mentoring").status_code == 200
    assert me.get("/my/mentoring/ask/who").status_code == 403
    assert me.post("/my/mentoring/ask/who", {"row_version": "6", **ASK["who"]}).status_code == 403
    me.send("/my/mentoring/ask", {"do": "take_back"})
    me.send("/my/mentoring/offer", {"do": "take_back"})
    assert (people.row(MentorAsk), people.row(Mentor)) == (None, None)


def test_everything_ends(people: People, make: Make, database: Database) -> None:
    """What was begun goes after three months, what waits after a year, words of others three months after the decision."""
    walk(people.open(people.me), "ask", ASK)
    walk(people.open(people.other), "offer", OFFER, send=False)
    applied = people.open(people.guard)
    walk(applied, "offer", OFFER)
    link = _link(applied)
    people.open().send(link, {"known": "years", "trust": "yes"})
    _link(applied)

    def left(days: int) -> tuple[int, int, int]:
        with clock.at(TODAY + timedelta(days=days)):
            with database.transaction() as session:
                retention.remove_old(session, now())
            return tuple(len(people.all(select(kind))) for kind in (MentorAsk, Mentor, MentorWord))  # type: ignore[return-value]

    assert left(29) == (1, 2, 2)
    assert left(31) == (1, 2, 1)
    assert left(91) == (1, 1, 1)
    assert left(364) == (1, 1, 1)
    assert left(365) == (0, 1, 1)  # the day that the page names
    assert left(366) == (0, 0, 0)
    told = people.all(select(Answer))
    assert {a.member_id for a in told} == {people.me.id, people.guard.id}


def test_somebody_who_leaves_leaves_nothing(people: People, make: Make) -> None:
    me = people.open(people.me)
    walk(me, "ask", ASK)
    walk(me, "offer", OFFER)
    _link(me)
    supervised = Mentor(ref="aaaabbbbcccc", member_id=people.other.id, state=MentorState.ACTIVE, said="{}", touched_on=now().date())
    supervised.supervisor_id = people.me.id
    people.db.add(supervised)
    people.db.flush()
    copy = exports.collect(people.db, people.me.id)
    assert "Somebody did it for me." in json.dumps(copy["my offer to be a mentor"], default=str)
    standing.purge(people.db, people.me.id)
    people.db.expire_all()
    assert (keeping.own(people.db, MentorAsk, people.me.id), keeping.own(people.db, Mentor, people.me.id)) == (None, None)
    assert people.db.exec(select(MentorWord)).all() == []
    assert supervised.supervisor_id is None


def test_pages_take_few_statements(people: People, make: Make, count_queries: Callable[..., Any], app: Any) -> None:
    me, desk = people.open(people.me), people.open(people.desk)
    walk(me, "offer", OFFER)
    database = app.state.house.database
    wanted = {"/my/mentoring": (me, 5), "/desk/mentoring": (desk, 5)}
    for members in (0, 3):
        for n in range(members):
            row = Mentor(ref=f"aaaabbbbccc{n + 2}", member_id=make.member().id, state=MentorState.ACTIVE, said="{}", capacity=1,
                         touched_on=now().date(), trained_until=now().date() + timedelta(days=n + 1))  # fmt: skip
            people.db.add(row)
        make.commit()
        for path, (browser, statements) in wanted.items():
            with count_queries(database.write_engine, database.read_engine) as seen:
                assert browser.get(path).status_code == 200
            assert len(seen) == statements, (path, seen)
