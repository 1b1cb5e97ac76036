"""Sealed copies: two people, an end date, and nobody whom it concerns."""

from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import now
from app.core.errors import Invalid, NotFound, Refused
from app.core.ids import new_id
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.moderation import actions, filing, trail
from app.domain.moderation.preserving import actions as evidence
from app.domain.moderation.preserving import rules
from app.domain.moderation.preserving.wording import LAPSED, WAITS
from app.domain.stories import actions as stories
from app.models.accounts import Answer, Erasure, Member, Role
from app.models.engine import AuditEvent
from app.models.evidence import EvidenceCopy
from app.models.moderation import Case, CaseKind
from app.models.stories import Story
from app.schemas.evidence import AskCopy, WishEnd
from tests.moderation.conftest import Desk

WISH = AskCopy(reason="A threat; a court may ask.", days=90)


def _actor(*roles: Role) -> Actor:
    return Actor(member_id=new_id(), roles=frozenset(roles), second_factor=True)


@pytest.mark.parametrize(
    ("roles", "concerned", "private", "sees", "looks", "confirms"),
    [
        ((Role.SAFEGUARDING,), False, True, True, True, True), ((Role.OPERATOR,), False, False, True, True, True),
        ((Role.OPERATOR,), False, True, True, False, True), ((Role.SAFEGUARDING,), True, False, False, False, False),
        ((Role.COORDINATOR,), False, False, False, False, False), ((Role.ANALYST,), False, False, False, False, False),
        ((Role.SAFEGUARDING, Role.OPERATOR), True, True, False, False, False), ((), False, False, False, False, False),
    ],
)  # fmt: skip
def test_who_sees_reads_and_confirms(
    roles: tuple[Role, ...], concerned: bool, private: bool, sees: bool, looks: bool, confirms: bool
) -> None:
    actor = _actor(*roles)
    assert bool(rules.may_see(actor, concerned)) == sees
    assert bool(rules.may_look(actor, concerned, private)) == looks
    assert bool(rules.may_confirm(actor, concerned, waits=True, own=False)) == confirms
    assert not rules.may_confirm(actor, concerned, waits=True, own=True), "never by whoever asked"
    assert not rules.may_confirm(actor, concerned, waits=False, own=False)
    assert not rules.may_confirm(actor, concerned, waits=True, own=False, asks=False), "whoever asked has left, or is too close"


@pytest.mark.parametrize("kind", CaseKind)
def test_only_what_somebody_wrote_is_copied(kind: CaseKind) -> None:
    assert bool(rules.may_ask(kind, True, True, waits=False)) == (kind in rules.COPIED)
    for holds, others, waits in ((False, True, False), (True, False, False), (True, True, True)):
        assert not rules.may_ask(kind, holds, others, waits)


def _asked(desk: Desk) -> tuple[Story, EvidenceCopy, Member, Member]:
    """Return a flagged story, a copy that a coordinator asked for, somebody of safeguarding and an operator."""
    operator = desk.make.member("Omar Kettle", Role.OPERATOR)
    story = desk.story()
    case = desk.flagged(story, "hurts")
    actions.open_case(desk.db, desk.act(desk.awa), case.ref)
    return story, evidence.ask(desk.db, desk.act(desk.awa), case.ref, WISH), desk.sira, operator


def test_a_copy_outlives_the_words_and_the_account_and_ends_on_its_day(db: Session, desk: Desk) -> None:
    story, copy, sira, operator = _asked(desk)
    with pytest.raises(Refused, match="already"):
        evidence.ask(db, desk.act(desk.awa), desk.case(story.id).ref, WISH)
    assert evidence.confirm(db, desk.act(sira), copy.ref, copy.row_version) == now().date() + timedelta(days=90)
    stories.take_back(db, desk.act(desk.teller), story)
    stories.discard(db, desk.act(desk.teller), story)
    accounts.purge_member(db, desk.teller.id)
    read = evidence.look(db, desk.act(operator), copy.ref)
    assert read.copied["words"][0].count("My cousin") == 1
    verbs = db.exec(select(AuditEvent.verb).where(AuditEvent.subject_kind == "evidence").order_by(AuditEvent.number)).all()  # type: ignore[arg-type]
    assert verbs == ["evidence.asked", "evidence.confirmed", "evidence.looked"]
    assert not {e.what for e in trail.events(db, desk.act(sira))[0]} & {what for _on, what in evidence.trail(db, copy)}
    with clock.at(now() + timedelta(days=90)):
        assert (evidence.end_due(db), evidence.late(db.connection())) == (0, 0)
    with clock.at(now() + timedelta(days=95)):
        assert evidence.late(db.connection()) == 1, "the doctor says that the job does not run"
        assert (evidence.end_due(db), db.exec(select(EvidenceCopy)).all()) == (1, [])


def test_nobody_whom_it_concerns_finds_it_and_nobody_confirms_their_own(db: Session, desk: Desk) -> None:
    teller = desk.make.member("Zeynab Gourd", Role.SAFEGUARDING)
    flagger, left = desk.make.member("Ali Basket", Role.OPERATOR), desk.make.member("Bina Loom", Role.SAFEGUARDING)
    story = desk.story(by=teller)
    case = desk.flagged(story, "hurts", by=flagger)
    filing.bar(db, case, left.id)
    sira = desk.act(desk.sira)
    actions.open_case(db, sira, case.ref)
    other = desk.make.member("Omar Kettle", Role.OPERATOR)
    copy = evidence.ask(db, sira, case.ref, WISH)
    with pytest.raises(Refused, match="yourself"):
        evidence.confirm(db, sira, copy.ref, copy.row_version)
    for who in (teller, flagger, left):
        assert evidence.listing(db, desk.act(who)) == []
        with pytest.raises(NotFound):
            evidence.look(db, desk.act(who), copy.ref)
        with pytest.raises(NotFound):
            evidence.confirm(db, desk.act(who), copy.ref, copy.row_version)
    assert [one.ref for one in evidence.listing(db, desk.act(other))] == [copy.ref]
    with clock.at(now() + timedelta(days=8)):
        with pytest.raises(Refused, match="any more"):
            evidence.confirm(db, desk.act(other), copy.ref, copy.row_version)
        assert evidence.end_due(db) == 1, "what nobody confirmed in a week"
    heard = {one.member_id for one in db.exec(select(Answer)).all() if one.sentence in (WAITS, LAPSED)}
    assert heard == {other.id, desk.sira.id}, "none of whom it concerns"


def test_another_end_takes_two_and_a_copy_deleted_early_stays_deleted(db: Session, desk: Desk) -> None:
    _story, copy, sira, operator = _asked(desk)
    first, second = desk.act(sira), desk.act(operator)
    evidence.confirm(db, first, copy.ref, copy.row_version)
    with pytest.raises(Invalid):
        evidence.wish_end(db, second, copy.ref, WishEnd(reason="x", days=7, row_version=copy.row_version))
    evidence.wish_end(db, second, copy.ref, WishEnd(reason="It takes longer.", days=365, row_version=copy.row_version))
    until = copy.until
    evidence.refuse(db, first, copy.ref, copy.row_version)
    assert (copy.days, copy.until) == (None, until), "nothing changes by a no"
    evidence.wish_end(db, first, copy.ref, WishEnd(reason="It is over.", days=rules.END, row_version=copy.row_version))
    copy_id = copy.id
    assert evidence.confirm(db, second, copy.ref, copy.row_version) is None
    assert db.exec(select(Erasure.kind).where(Erasure.subject_id == copy_id)).one() == evidence.WORDS
    assert not evidence.forget_again(db, copy_id)


def test_the_pages_are_there_for_two_roles_and_work_from_the_case_to_the_copy(db: Session, desk: Desk, browse: Any) -> None:
    story, copy, sira, _operator = _asked(desk)
    case = db.exec(select(Case).where(Case.subject_id == story.id)).one()
    desk.make.commit()
    awa, first = browse(desk.awa), browse(sira)
    assert awa.get("/desk/evidence").status_code == 404
    assert "Keep a sealed copy as evidence" in awa.get(f"/desk/cases/{case.ref}").text
    assert awa.post(f"/desk/cases/{case.ref}/evidence", {"reason": "", "days": "30"}).status_code == 422
    closed = first.get(f"/desk/evidence/{copy.ref}").text
    assert ("A threat; a court may ask." in closed, "My cousin" in closed) == (True, False)
    assert "My cousin" in first.post(f"/desk/evidence/{copy.ref}/open").text
    assert first.post(f"/desk/evidence/{copy.ref}/confirm", {"row_version": "9"}).status_code == 409
    assert first.post(f"/desk/evidence/{copy.ref}/confirm", {"row_version": "1"}).status_code == 303
    assert "Kept until" in first.get("/desk/evidence").text
    assert "Another end" in first.get(f"/desk/evidence/{copy.ref}").text
