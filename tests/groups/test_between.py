"""Two people of a group write to each other: asking, the answer, words, blocks that nobody notices, ends that tell nothing."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.db import Database
from app.core.errors import Invalid, NotFound, Refused
from app.core.ids import new_ref
from app.core.settings import Settings
from app.domain import limits, wiring
from app.domain.actor import Actor
from app.domain.between import asking, blocking, deciding, reading, rules, standing, talking
from app.domain.between.wording import ASKS, SAID_YES
from app.domain.groups import belonging
from app.domain.moderation import actions, conduct, flagging, said
from app.domain.moderation.rules import Choice
from app.domain.two.wording import NEW
from app.jobs import backup, erasures, retention
from app.models.accounts import Answer, Erasure, Limit, Member, MemberStatus, Role
from app.models.between import MemberBlock, PrivateMessage, PrivateTalk, TalkState
from app.models.engine import AuditEvent
from app.models.groups import GroupState
from app.models.moderation import Case, CaseKind, Outcome
from app.schemas.between import AskToTalk
from app.schemas.mentorships import WriteMessage
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

T = TalkState
OFFER = "I can lend you 500 euros."
CANARY = "the green gate by the well"


@pytest.fixture(autouse=True)
def connected() -> None:
    """Features are connected."""
    wiring.connect()


class Two:
    """Two people of a group, a post of each, somebody of safeguarding."""

    def __init__(self, db: Session, make: Make) -> None:
        self.db, self.make = db, make
        self.omar, self.awa, self.sira = (
            make.member("Omar Copper"),
            make.member("Awa Lantern"),
            make.member("Sira", Role.SAFEGUARDING),
        )
        self.group = self.in_group("Round of tea")

    def in_group(self, name: str) -> Any:
        """Make a group with both in it, and a post of Awa's."""
        group = self.make.group(by=self.make.member(), name=name)
        for one in (self.omar, self.awa):
            self.make.seat(group, one)
        for one in (self.omar, self.awa) * 2:  # nobody asks strangers as a newcomer
            self.make.post(self.make.topic(group, one), one)
        self.posts = {one.id: self.make.post(self.make.topic(group, one), one) for one in (self.omar, self.awa)}
        return group

    def act(self, member: Member, *roles: Role) -> Actor:
        """Return a member as somebody who acts."""
        return Actor(member.id, member.name, status=member.status, roles=frozenset(roles), second_factor=True)

    def ask(
        self, by: Member | None = None, to: Member | None = None, words: str = "May I ask you about the school?", at: int = 0
    ) -> None:
        """Let Omar ask Awa (or others), so many days from now."""
        by, to = by or self.omar, to or self.awa
        with clock.at(TODAY + timedelta(days=at)):
            whom = asking.whom(self.db, self.act(by), self.group.ref, self.posts[to.id].ref)
            asking.ask(self.db, self.act(by), whom, AskToTalk(words=words, language="en"))

    def asks(self, who: Member) -> list[str]:
        """Return who asked somebody, as they see it."""
        return [one.name for one in reading.asks(self.db.connection(), self.act(who))]

    def asked(self, who: Member) -> list[tuple[str, str]]:
        """Return whom somebody asked, as they see it."""
        return [(one.name, one.words) for one in reading.asked(self.db.connection(), self.act(who))]

    def answer(self, said: str, who: Member | None = None) -> None:
        """Let Awa (or another one) answer what waits."""
        actor = self.act(who or self.awa)
        asking.answer(self.db, actor, reading.asks(self.db.connection(), actor)[0].ref, said)

    def begun(self) -> PrivateTalk:
        """Let the two agree, and write one word each; return their talk."""
        self.ask()
        self.answer("yes")
        self.write(self.awa, "Gladly.")
        self.write(self.omar, "Thank you.")
        return self.row()

    def row(self) -> PrivateTalk:
        """Return the newest talk as it stands now."""
        return self.db.exec(select(PrivateTalk).order_by(sa.desc("id")).execution_options(populate_existing=True)).first()  # type: ignore[return-value]

    def write(self, by: Member, body: str, at: int = 0) -> talking.Sent:
        """Let one of the two write, so many hours from now."""
        with clock.at(TODAY + timedelta(hours=at)):
            return talking.write(self.db, self.act(by), self.row().ref, WriteMessage(body=body, language="en"))

    def reads(self, who: Member) -> list[str]:
        """Return what somebody reads in the talk."""
        connection, actor = self.db.connection(), self.act(who)
        return [
            one.words or one.state
            for one in reading.page(connection, reading.talk(connection, actor, self.row().ref), actor.me).bubbles
        ]

    def told(self, who: Member) -> list[str]:
        """Return what somebody was told."""
        return list(self.db.exec(select(Answer.sentence).where(Answer.member_id == who.id).order_by(sa.column("id"))))

    def sees(self, who: Member) -> list[tuple[str, bool, int]]:
        """Return the talks of somebody as their list shows them."""
        return [(one.name, one.open, one.news) for one in reading.talks(self.db.connection(), self.act(who))]


@pytest.fixture
def two(db: Session, make: Make) -> Two:
    """Two people who share a group."""
    return Two(db, make)


def test_rules() -> None:
    actor, held = Actor(), limits.Limited(Limit.HELD, now())
    one = replace(actor, member_id=Member(name="x").id)
    assert rules.may_ask(one)
    assert rules.may_write(one)
    for status in (MemberStatus.PAUSED, MemberStatus.APPLIED, MemberStatus.LEAVING, MemberStatus.SUSPENDED):
        assert not rules.may_ask(replace(one, status=status))
    for limit, asks, writes in ((Limit.HELD, False, False), (Limit.NO_TOPICS, False, True), (Limit.READ_ONLY, False, False)):
        limited = replace(one, limits=(replace(held, what=limit),))
        assert (bool(rules.may_ask(limited)), bool(rules.may_write(limited))) == (asks, writes)
    for state in T:
        for group in GroupState:
            fine = state == T.OPEN and group in (GroupState.SHOWN, GroupState.WAITS)
            assert bool(rules.goes_on(state, group)) is fine
    assert [bool(rules.may_ask_today(n)) for n in (2, 3)] == [True, False]
    assert [bool(rules.may_block(n)) for n in (199, 200)] == [True, False]


def test_asked_agreed_written_and_read(two: Two) -> None:
    two.ask()
    assert (two.asks(two.awa), two.told(two.awa), two.told(two.omar)) == (["Omar Copper"], [ASKS], [])
    two.answer("later")
    assert (two.asks(two.awa), two.told(two.awa)) == (["Omar Copper"], [])
    assert two.asked(two.omar) == [("Awa Lantern", "May I ask you about the school?")]
    two.answer("yes")
    assert (two.asks(two.awa), two.asked(two.omar), two.told(two.omar)) == ([], [], [SAID_YES])
    for body in ("Call me: +221 77 123 45 67", "Look at https://example.org", "a@example.org"):
        for who in (two.awa, two.omar):  # what asked is not an answer
            with pytest.raises(Invalid):
                two.write(who, body)
    two.write(two.awa, CANARY)
    assert two.sees(two.omar) == [("Awa Lantern", True, 1)]
    assert two.sees(two.awa) == [("Omar Copper", True, 0)]
    two.write(two.omar, "My number: +221 77 123 45 67", 1)
    assert two.reads(two.awa) == two.reads(two.omar) == ["May I ask you about the school?", CANARY, "My number: +221 77 123 45 67"]
    assert (two.told(two.awa), two.told(two.omar)) == ([NEW], [SAID_YES, NEW])
    two.write(two.omar, "Or tomorrow.", 2)
    assert two.told(two.awa) == [NEW]  # of what stands there unread no second one
    talking.note_read(two.db, reading.talk(two.db.connection(), two.act(two.awa), two.row().ref))
    assert two.sees(two.awa) == [("Omar Copper", True, 0)]
    sealed = [*two.db.connection().exec_driver_sql("SELECT body FROM private_message").scalars()]
    assert not [one for one in sealed if CANARY.encode() in bytes(one)]
    kept = [json.dumps(row.detail) + row.verb for row in two.db.exec(select(AuditEvent))]
    assert not [one for one in kept if "talk" in one or "message" in one]
    for outside in (two.sira, two.make.member()):
        with pytest.raises(NotFound):
            reading.talk(two.db.connection(), two.act(outside, Role.SAFEGUARDING, Role.COORDINATOR), two.row().ref)


def test_who_can_be_asked_and_how_often(two: Two) -> None:
    stranger, group = two.make.member(), two.group
    with pytest.raises(NotFound):  # no member of the group
        asking.whom(two.db, two.act(stranger), group.ref, two.posts[two.awa.id].ref)
    with pytest.raises(NotFound):  # oneself
        asking.whom(two.db, two.act(two.omar), group.ref, two.posts[two.omar.id].ref)
    for words in ("Call +221 77 123 45 67", "https://example.org", OFFER):
        with pytest.raises(Invalid):
            two.ask(words=words)
    assert two.db.exec(select(PrivateTalk)).all() == []
    with pytest.raises(Refused):
        asking.ask(two.db, replace(two.act(two.omar), status=MemberStatus.PAUSED), asking.Whom(group, "", two.awa.id, "A"), None)  # type: ignore[arg-type]
    for _n in range(3):
        two.ask()
    assert two.asks(two.awa) == ["Omar Copper"]  # of the second and third she does not hear, and he cannot tell
    assert len(two.asked(two.omar)) == 3
    with pytest.raises(Invalid):
        two.ask()
    with pytest.raises(Invalid, match="asked you already"):
        two.ask(two.awa, two.omar)
    two.answer("no")
    two.ask(at=179)
    two.ask(at=181)
    with clock.at(TODAY + timedelta(days=182)):
        assert (two.asks(two.awa), len(two.asked(two.omar))) == (["Omar Copper"], 2)


def _block(two: Two, who: Member, whom: Member) -> None:
    blocking.block(two.db, two.act(who), whom.id, whom.name)


@pytest.mark.parametrize("said", ["", "later", "no", "block", "blocked before", "too soon", "left"])
def test_whoever_asks_sees_the_same_whatever_becomes_of_it(two: Two, said: str) -> None:
    if said == "blocked before":
        _block(two, two.awa, two.omar)
    if said == "too soon":
        two.ask(at=-100)
    two.ask()
    heard = said not in ("blocked before", "too soon")
    assert (len(two.asks(two.awa)), two.told(two.awa).count(ASKS)) == ((1, 1) if heard else (0, 1 if said == "too soon" else 0))
    if said in ("later", "no", "block"):
        two.answer(said)
    if said == "left":
        two.awa.status = MemberStatus.LEAVING
        standing.standing_changed(two.db, two.awa.id, MemberStatus.LEAVING)
        two.db.flush()
    assert two.asked(two.omar) == [("Awa Lantern", "May I ask you about the school?")]
    assert two.told(two.omar) == []
    copy = standing.export(two.db, two.omar.id)
    assert copy["how I asked to talk"][-1:] == [{"on": TODAY.date(), "text": "May I ask you about the school?"}]
    browsed = two.db.exec(select(PrivateTalk).where(PrivateTalk.asked_at == TODAY)).one()
    assert asking.take_back(two.db, two.act(two.omar), browsed.ref)
    assert two.asked(two.omar) == []
    assert not [one for one in two.asks(two.awa) if said != "too soon"]


def test_a_block_looks_like_silence(two: Two) -> None:
    two.begun()
    _block(two, two.awa, two.omar)
    assert (two.sees(two.awa), two.told(two.awa)) == ([], [])  # what told of it is gone for her
    assert two.reads(two.awa)[-1] == "Thank you."  # what came before can be told about
    assert reading.talk(two.db.connection(), two.act(two.awa), two.row().ref).name == ""
    with pytest.raises(Invalid, match="blocked"):
        two.write(two.awa, "Wait.")
    before, told = two.sees(two.omar), two.told(two.omar)
    statements: list[list[str]] = [[], []]
    for n, lifted in enumerate((False, True)):
        if lifted:
            (row,) = blocking.blocks(two.db, two.act(two.awa))
            assert row.name == "Omar Copper"
            assert blocking.lift(two.db, two.act(two.awa), row.ref)
        engine: Any = two.db.get_bind()
        note: Callable[..., None] = lambda *a, into=statements[n]: into.append(a[2].split("WHERE")[0])  # noqa: E731
        sa.event.listen(engine, "before_cursor_execute", note)
        assert two.write(two.omar, f"Are you there, {n}?", n) == talking.Sent(
            two.db.exec(select(PrivateMessage.ref).order_by(sa.desc("id"))).first(), False
        )  # type: ignore[arg-type]
        sa.event.remove(engine, "before_cursor_execute", note)
        assert (two.sees(two.omar), two.told(two.omar)) == (before, told)
    assert statements[0] == statements[1]  # the same work
    assert two.reads(two.omar)[-2:] == ["Are you there, 0?", "Are you there, 1?"]
    assert two.reads(two.awa)[-2:] == ["Thank you.", "Are you there, 1?"]  # what came meanwhile never reaches her
    assert two.told(two.awa) == [NEW]


def test_a_new_name_is_not_told_by_a_block(two: Two) -> None:
    _block(two, two.awa, two.omar)
    two.omar.name = "Nobody Knows"
    two.db.flush()
    _block(two, two.awa, two.omar)  # under the new name, as she takes it for somebody else
    assert sorted(row.name for row in blocking.blocks(two.db, two.act(two.awa))) == ["Nobody Knows", "Omar Copper"]
    two.ask(two.awa, two.omar)  # nothing says that she blocked him
    assert two.asks(two.omar) == ["Awa Lantern"]
    two.answer("yes", two.omar)
    assert (two.sees(two.awa), two.told(two.awa)) == ([], [])
    standing.purge(two.db, two.omar.id)
    assert len(blocking.blocks(two.db, two.act(two.awa))) == 2  # that he left does not show


def test_a_new_name_stands_beside_no_old_words(two: Two) -> None:
    two.ask()
    two.omar.name, two.awa.name = "New Gate", "New Lamp"
    two.db.flush()
    assert (two.asks(two.awa), two.asked(two.omar)[0][0]) == (["Omar Copper"], "Awa Lantern")
    two.answer("yes")
    assert (two.sees(two.awa)[0][0], two.sees(two.omar)[0][0]) == ("Omar Copper", "Awa Lantern")
    _block(two, two.awa, two.omar)
    assert two.sees(two.omar)[0][0] == "Awa Lantern"
    assert "New" not in json.dumps(standing.export(two.db, two.omar.id), default=str)
    talking.end(two.db, two.act(two.omar), two.row().ref)
    with clock.at(TODAY + timedelta(days=30)):
        standing.remove_old(two.db, now())
    assert (two.row().asker_name, two.row().asked_name) == (None, None)


@pytest.mark.parametrize("how", ["by hand", "left the group", "leaves", "stopped", "silent", "young"])
def test_every_end_looks_the_same(two: Two, how: str) -> None:
    talk = two.begun()
    held = two.write(two.omar, OFFER)
    assert held.held
    moment = TODAY
    if how == "by hand":
        talking.end(two.db, two.act(two.awa), talk.ref)
    elif how == "left the group":
        belonging.take_out(two.db, two.group.id, two.awa.id)
    elif how == "leaves":
        standing.standing_changed(two.db, two.awa.id, MemberStatus.PAUSED)
        assert two.row().state == T.OPEN  # a pause shows to nobody
        standing.standing_changed(two.db, two.awa.id, MemberStatus.LEAVING)
    elif how == "stopped":
        conduct_stops(two)
    elif how == "silent":
        moment += timedelta(days=366)
        with clock.at(moment):
            standing.remove_old(two.db, moment)
    else:
        two.awa.adult = False
        two.db.flush()
        standing.remove_old(two.db, moment)
    two.db.expire_all()
    with clock.at(moment):
        assert two.sees(two.omar) == [("", False, 0 if how == "silent" else 1)]
        with pytest.raises(Invalid, match="end"):
            two.write(two.omar, "Are you there?", int((moment - TODAY).total_seconds() // 3600))
        assert "ended" not in " ".join(two.told(two.omar))
        standing.remove_old(two.db, moment + timedelta(days=6))
        assert len(two.sees(two.omar)) == 1
        standing.remove_old(two.db, moment + timedelta(days=8))
    assert (two.sees(two.omar), two.told(two.omar), two.db.exec(select(PrivateMessage)).all()) == ([], [], [])
    with clock.at(moment + timedelta(days=200)):
        standing.remove_old(two.db, moment + timedelta(days=200))
    assert two.db.exec(select(PrivateTalk)).all() == []


def conduct_stops(two: Two) -> None:
    """Let a decision stop Awa, by the same way as the desk does."""
    for follow in __import__("app.domain.accounts.hooks", fromlist=["on_stopped"]).on_stopped:
        follow(two.db, two.awa.id)


def test_held_let_through_flagged_and_taken_back(two: Two) -> None:
    talk = two.begun()
    assert two.write(two.omar, OFFER).held
    assert (two.reads(two.omar)[-1], two.reads(two.awa)[-1]) == (OFFER, "Thank you.")
    sira = two.act(two.sira, Role.SAFEGUARDING)

    def decide(kind: CaseKind, outcome: Outcome, rule: int | None = None) -> None:
        found = two.db.exec(select(Case).where(Case.kind == kind, Case.state == "open")).one()
        case = actions.open_case(two.db, sira, found.ref)
        actions.decide(two.db, sira, case.ref, Choice(outcome, case.row_version, rule, "Because."))

    awa = two.act(two.awa, Role.SAFEGUARDING)
    assert actions is not None
    with pytest.raises((NotFound, Refused)):  # to whom it is does not learn of it
        actions.open_case(two.db, awa, two.db.exec(select(Case.ref)).one())
    decide(CaseKind.MESSAGE, Outcome.PUBLISH)
    assert two.reads(two.awa)[-1] == OFFER
    message = two.db.exec(select(PrivateMessage).where(PrivateMessage.number == 4)).one()
    with pytest.raises(NotFound):
        flagging.flag(two.db, two.act(two.make.member()), "private", message.ref, "hurts", "")
    flagging.flag(two.db, two.act(two.awa), "private", message.ref, "hurts", "He does that often.")
    decide(CaseKind.MESSAGE_FLAG, Outcome.HIDE, 1)
    assert (two.reads(two.awa)[-1], two.reads(two.omar)[-1]) == ("hidden", OFFER)
    talking.delete_mine(two.db, two.act(two.omar), talk.ref)
    assert set(two.reads(two.omar)) == {"deleted", "Gladly."}
    assert not [one for one in standing.export(two.db, two.omar.id)["what I wrote to one person in a group"] if one["text"]]
    assert standing.export(two.db, two.awa.id)["what I wrote to one person in a group"][0]["text"] == "Gladly."


def test_a_restored_copy_brings_nothing_back(two: Two) -> None:
    talk = two.begun()
    message = two.db.exec(select(PrivateMessage).where(PrivateMessage.author_id == two.omar.id)).first()
    assert message is not None
    for kind, subject in ((talking.WORDS, message.id), (talking.ENDED, talk.id)):
        assert standing.erase_again(two.db, kind, subject)
        assert not standing.erase_again(two.db, kind, subject)
    _block(two, two.awa, two.omar)
    assert standing.erase_again(two.db, blocking.LIFTED, two.db.exec(select(MemberBlock.id)).one())
    assert not standing.erase_again(two.db, asking.ASK, talk.id)
    assert erasures.erase(two.db, blocking.LIFTED, talk.id, TODAY.date()) is False  # the ledger knows the kinds
    with clock.at(TODAY + timedelta(days=366)):
        assert "private_message" in retention.remove_old(two.db, now())
    assert conduct is not None


def test_a_no_and_a_block_outlive_a_restored_copy(two: Two) -> None:
    two.ask()
    two.answer("no")
    _block(two, two.awa, two.omar)
    row, block = two.row(), two.db.exec(select(MemberBlock)).one()
    block_id, ref = block.id, block.ref
    row.state = T.ASKED  # the copy is of the day before
    two.db.delete(block)
    two.db.flush()
    lines = {line.subject_id: erasures.Known(line.kind, line.on) for line in two.db.exec(select(Erasure)).all()}
    assert {one.kind for one in lines.values()} == {asking.REFUSED, blocking.BLOCKED}
    for again in (True, False):
        for subject, known in lines.items():
            line = two.db.exec(select(Erasure).where(Erasure.subject_id == subject)).one()
            assert erasures._again(two.db, known, line) is again
    block = two.db.exec(select(MemberBlock)).one()
    assert (block.id, block.ref, block.blocked_id, block.name) == (block_id, ref, two.omar.id, "Omar Copper")
    assert (two.row().state, two.asks(two.awa)) == (T.NO, [])
    sealed = two.db.execute(sa.select(sa.type_coerce(Erasure.__table__.c.more, sa.LargeBinary))).scalars().all()  # type: ignore[attr-defined]
    assert not [one for one in sealed if one and (b"Omar" in one or two.omar.id.hex.encode() in one)]
    blocking.lift(two.db, two.act(two.awa), ref)
    line = two.db.exec(select(Erasure).where(Erasure.subject_id == block_id).execution_options(populate_existing=True)).one()
    assert (line.kind, line.more) == (blocking.LIFTED, None)
    _block(two, two.awa, two.omar)
    standing.purge(two.db, two.omar.id)  # who blocked whom is not kept beyond an account
    assert not two.db.exec(select(Erasure).where(Erasure.kind == blocking.BLOCKED)).all()


def test_who_turns_out_to_be_young_is_written_to_by_nobody_from_that_moment(two: Two) -> None:
    two.begun()
    two.awa.adult = False
    two.db.flush()
    with pytest.raises(Invalid):
        two.write(two.omar, "Are you there?")
    assert two.sees(two.omar) == [("", False, 1)]


@pytest.mark.parametrize("words", ["Come to 12 Rue de la Paix, Dakar", "Meet at Hauptstrasse 5 tomorrow"])
def test_an_ask_names_no_street(two: Two, words: str) -> None:
    with pytest.raises(Invalid):
        two.ask(words=words)
    talk = two.begun()
    assert not talking.write(two.db, two.act(two.omar), talk.ref, WriteMessage(body=words, language="en")).held


def test_pages(make: Make, browse: Callable[..., Browser], settings: Settings) -> None:
    two, stranger = Two(make.db, make), make.member()
    post = f"/g/{two.group.ref}/p/{two.posts[two.awa.id].ref}"
    make.commit()
    omar, awa, other = browse(two.omar), browse(two.awa), browse(stranger)
    assert "/talk" in omar.get(post).text
    assert other.get(f"{post}/talk").status_code == 404
    again = omar.post(f"{post}/talk", {"words": "Call +221 77 123 45 67", "language": "en"})
    assert (again.status_code, "77 123 45 67" in again.text) == (422, True)
    assert "Kept. If a yes" in text_of(omar.send(f"{post}/talk", {"words": CANARY, "language": "en"}))
    listed = awa.get("/my/between")
    assert CANARY in listed.text
    ref = listed.text.split('id="a-')[1][:12]
    assert awa.get(f"/my/between/{ref}").status_code == 404
    assert omar.post(f"/my/between/{ref}/answer", {"answer": "yes"}).status_code == 404
    assert f"/flag/ask/{ref}" in listed.text
    assert [who.get(f"/flag/ask/{ref}").status_code for who in (awa, omar, other)] == [200, 404, 404]
    assert awa.post(f"/my/between/{ref}/answer", {"answer": "perhaps"}).status_code == 422
    assert CANARY in awa.send(f"/my/between/{ref}/answer", {"answer": "yes"}).text
    assert "Gladly." in awa.send(f"/my/between/{ref}/words", {"body": "Gladly.", "language": "en"}).text
    assert "One new" in text_of(omar.get("/my/between")) or "1 new" in text_of(omar.get("/my/between"))
    page = omar.get(f"/my/between/{ref}")
    assert "Gladly." in page.text
    assert "1 new" not in text_of(omar.get("/my/between"))
    message = page.text.split("/words/")[-1][:12]
    assert f"/flag/private/{message}" in omar.get(f"/my/between/{ref}/words/{message}").text
    assert omar.get(f"/flag/private/{message}").status_code == 200
    assert other.get(f"/flag/private/{message}").status_code == 404
    full = [MemberBlock(ref=new_ref(), member_id=two.awa.id, name="x", on=TODAY.date()) for _n in range(rules.MOST_BLOCKS)]
    make.db.add_all(full)
    make.commit()
    refused = awa.post(f"/my/between/{ref}/block", {"forget": "1"})
    assert (refused.status_code, "Lift a block first." in refused.text) == (422, True)
    assert 'id="f-forget" value="1" checked' in refused.text
    assert "Gladly." in omar.get(f"/my/between/{ref}").text
    for one in full:
        make.db.delete(one)
    make.commit()
    assert "Blocked." in text_of(awa.send(f"/my/between/{ref}/block", {"forget": "1"}))
    assert "Gladly." not in awa.get(f"/my/between/{ref}").text
    assert "Sent." in text_of(omar.send(f"/my/between/{ref}/words", {"body": "Hello?", "language": "en"}))
    assert "Hello?" not in awa.get(f"/my/between/{ref}").text
    assert f"/my/between/{ref}" in awa.get("/me/blocks").text
    block = awa.get("/me/blocks").text.split('action="/me/blocks/')[1][:12]
    assert "Lifted." in text_of(awa.send(f"/me/blocks/{block}", {}))
    assert "Hello?" not in awa.get(f"/my/between/{ref}").text
    assert "It has ended." in text_of(awa.send(f"/my/between/{ref}/end", {}))
    assert "A talk that has ended" in text_of(omar.get(f"/my/between/{ref}"))
    assert "Blocked." in text_of(omar.send(f"{post}/block", {}))
    belonging.take_out(make.db, two.group.id, two.awa.id)
    make.commit()
    left = omar.get(post).text  # her words stay; nothing leads to somebody who is not named any more
    assert (f"{post}/talk" in left, "I can go tomorrow at nine." in left) == (False, True)


def test_an_ask_can_be_flagged_whatever_was_answered(two: Two) -> None:
    two.ask(words="I know in which street your mother lives.")
    ref = two.row().ref
    two.answer("block")
    assert [one.ref for one in reading.behind(two.db.connection(), two.act(two.awa))] == [ref]
    assert reading.behind(two.db.connection(), two.act(two.omar)) == []
    with pytest.raises(NotFound):
        flagging.flag(two.db, two.act(two.omar), "ask", ref, "hurts", "")
    flagging.flag(two.db, two.act(two.awa), "ask", ref, "hurts", "")
    case = two.db.exec(select(Case).where(Case.subject_kind == "ask")).one()
    with pytest.raises((NotFound, Refused)):
        actions.open_case(two.db, two.act(two.awa, Role.SAFEGUARDING), case.ref)
    asking.take_back(two.db, two.act(two.omar), ref)
    read = said.of(case).contents(two.db, case)
    assert read is not None
    assert "your mother" in json.dumps([getattr(read, name) for name in read.__slots__], default=str)
    sira = two.act(two.sira, Role.SAFEGUARDING)
    actions.decide(
        two.db, sira, case.ref, Choice(Outcome.HIDE, actions.open_case(two.db, sira, case.ref).row_version, 1, "Because.")
    )
    assert two.row().state == T.BACK


def test_a_hidden_ask_looks_the_same_to_whoever_asked(two: Two) -> None:
    two.ask()
    deciding.hide(two.db, two.act(two.sira, Role.SAFEGUARDING), two.row())
    assert (two.asks(two.awa), two.asked(two.omar)) == ([], [("Awa Lantern", "May I ask you about the school?")])
    deciding.unhide(two.db, two.act(two.sira, Role.SAFEGUARDING), two.row())
    assert two.asks(two.awa) == ["Omar Copper"]


def test_behind_a_block_one_can_tell_take_back_and_end(two: Two) -> None:
    talk = two.begun()
    theirs = two.db.exec(select(PrivateMessage).where(PrivateMessage.author_id == two.omar.id)).all()[-1]
    _block(two, two.awa, two.omar)
    flagging.flag(two.db, two.act(two.awa), "private", theirs.ref, "hurts", "")
    talking.delete(two.db, two.act(two.omar), talk.ref, theirs.ref)
    flagging.flag(two.db, two.act(two.awa), "private", theirs.ref, "hurts", "")  # also when it was taken back
    talking.delete_mine(two.db, two.act(two.awa), talk.ref)
    assert "Gladly." not in two.reads(two.omar)
    talking.end(two.db, two.act(two.awa), talk.ref)
    assert two.row().state == T.ENDED


def test_a_refused_block_loses_no_word(two: Two) -> None:
    talk = two.begun()
    for _n in range(rules.MOST_BLOCKS):
        two.db.add(MemberBlock(ref=new_ref(), member_id=two.awa.id, name="x", on=TODAY.date()))
    two.db.flush()
    with pytest.raises(Invalid):
        talking.block(two.db, two.act(two.awa), talk.ref, forget=True)
    assert "Gladly." in two.reads(two.omar)


def test_a_newcomer_asks_nobody(two: Two) -> None:
    new = two.make.member("New Leaf")
    two.make.seat(two.group, new)
    with pytest.raises(Invalid, match="three posts"):
        two.ask(new)
    two.db.rollback()
    assert two.db.exec(select(PrivateTalk)).all() == []


def test_two_who_asked_each_other_have_one_talk(two: Two) -> None:
    _block(two, two.awa, two.omar)
    two.ask(two.awa, two.omar)
    blocking.lift(two.db, two.act(two.awa), blocking.blocks(two.db, two.act(two.awa))[0].ref)
    row = two.row()
    two.db.add(PrivateTalk(
        ref=new_ref(), group_id=row.group_id, asker_id=two.omar.id, asked_id=two.awa.id, words="Hello", asked_at=now()
    ))  # fmt: skip
    two.db.flush()
    two.answer("yes")
    assert (two.asks(two.omar), len(two.sees(two.omar)), len(two.sees(two.awa))) == ([], 1, 1)


def test_who_was_taken_out_or_rests_can_be_blocked_and_nothing_tells_which(two: Two) -> None:
    post = two.posts[two.awa.id].ref
    actor, named = two.act(two.omar), asking.author(two.db, two.act(two.omar), two.group.ref, post)
    assert named == (two.awa.id, "Awa Lantern")
    two.awa.status = MemberStatus.PAUSED
    two.db.flush()
    rests = asking.author(two.db, actor, two.group.ref, post)
    two.awa.status = MemberStatus.ACTIVE
    belonging.take_out(two.db, two.group.id, two.awa.id)
    assert asking.author(two.db, actor, two.group.ref, post)[1] == rests[1] != "Awa Lantern"
    two.posts[two.awa.id].author_id = None
    two.db.flush()
    blocking.block(two.db, actor, *asking.author(two.db, actor, two.group.ref, post))
    assert asking.author(two.db, actor, two.group.ref, post) == (None, rests[1])


def test_a_block_that_was_lifted_stays_lifted_after_every_restore(
    make: Make, database: Database, settings: Settings, tmp_path: Path
) -> None:
    awa, omar = make.member("Awa Probe"), make.member("Omar Probe")
    me, other = Actor(awa.id, "Awa Probe"), omar.id
    make.commit()
    with database.transaction() as db:
        blocking.block(db, me, other, "Omar Probe")
    backup.back_up(database, settings, tmp_path / "old.hearth")
    with database.transaction() as db:
        blocking.lift(db, me, db.exec(select(MemberBlock)).one().ref)
    erasures.note_erasures(database, settings)
    for time in (1, 2, 3):  # the copy's own ledger holds an earlier word: the later one has to stay
        backup.restore(database, settings, tmp_path / "old.hearth", force=True)
        with database.reading() as db:
            assert not db.exec(select(MemberBlock)).all(), time
            [line] = db.exec(select(Erasure)).all()
            assert (line.kind, line.more) == (blocking.LIFTED, None), time
