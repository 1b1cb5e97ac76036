"""Flags, cases, claims and decisions, below the web."""

from datetime import timedelta
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import clock, i18n
from app.core.clock import now
from app.core.errors import Conflict, Gone, Invalid, NotFound, Refused
from app.core.settings import Settings
from app.domain import wiring
from app.domain.accounts import actions as accounts
from app.domain.accounts import exports, hooks
from app.domain.accounts import queries as account_queries
from app.domain.actor import GUEST
from app.domain.audit import actions as audit
from app.domain.moderation import actions, flagging, following
from app.domain.moderation.rules import Choice
from app.domain.moderation.wording import STORY_REASONS
from app.domain.stories import actions as stories
from app.models.accounts import Answer, Export, Member, MemberStatus
from app.models.engine import AuditEvent
from app.models.moderation import Case, CaseState, Decision, Flag, Outcome, Priority
from app.models.stories import StoryProposal, StoryStatus
from app.schemas.stories import Words
from tests.conftest import TODAY
from tests.moderation.conftest import Desk


def told(db: Session, member: Member) -> list[Answer]:
    """What a member was told, oldest first."""
    return list(db.exec(select(Answer).where(Answer.member_id == member.id).order_by(Answer.id)).all())


def verbs(db: Session) -> list[str]:
    """What the audit trail says, oldest first."""
    return list(db.exec(select(AuditEvent.verb).order_by(AuditEvent.number)).all())


def yes(case: Case, outcome: Outcome = Outcome.PUBLISH, words: str = "", rule: int | None = None) -> Choice:
    """A choice about the case as it stands."""
    return Choice(outcome, case.row_version, rule, words)


# one case per subject


def test_a_sent_story_has_a_case_with_counts_but_without_words(db: Session, desk: Desk) -> None:
    _, case = desk.waiting(text={"body": "Call me: +221 77 123 45 67. I live in a small room."})
    assert (case.state, case.about_id, case.due_at - now()) == (CaseState.OPEN, desk.teller.id, timedelta(hours=72))
    assert case.findings["phone"] == 1
    assert "123" not in str(case.findings)


OFFER = "Send your passport first and pay the fee of 300 dollars, then the visa is sure."


def test_what_the_checks_find_is_counted_and_follows_the_words(db: Session, desk: Desk, settings: Settings) -> None:
    story, case = desk.waiting(text={"body": OFFER})
    assert case.findings["recruiter"] >= 1
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    (settings.data_dir / "words.yaml").write_text("en:\n  hold: [visa]\n", encoding="utf-8")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    case = desk.case(story.id)
    assert case.findings["word"] == 1, "by the list of the day on which it is read"
    decision = actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.DECLINE, "It asks for money first.", 6))
    assert decision.machine_helped


def test_a_flagged_story_is_read_with_what_programs_find(db: Session, desk: Desk) -> None:
    story = desk.story(text={"body": OFFER})
    case = desk.flagged(story, by=desk.reader)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    case = desk.case(story.id, "flag")
    assert actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "It asks for money first.", 6)).machine_helped


@pytest.mark.parametrize("before", ["nobody", "put back", "another's hold is over"])
def test_nobody_decides_what_they_did_not_open(db: Session, desk: Desk, before: str) -> None:
    story, case = desk.waiting()
    if before == "put back":
        actions.open_case(db, desk.act(desk.awa), case.ref)
        actions.give_back(db, desk.act(desk.awa), case.ref)
    elif before == "another's hold is over":
        with clock.at(now() - timedelta(hours=3)):
            actions.open_case(db, desk.act(desk.brahim), case.ref)
    case = desk.case(story.id)
    for does in (actions.preview, actions.decide):
        with pytest.raises(Conflict, match="Open this first"):
            does(db, desk.act(desk.awa), case.ref, yes(case))
    assert desk.case(story.id).state == CaseState.OPEN
    assert db.exec(select(Decision)).all() == []


def test_whoever_opened_it_decides_also_when_the_two_hours_are_over(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    with clock.at(now() + timedelta(hours=5)):
        actions.decide(db, desk.act(desk.awa), case.ref, yes(desk.case(story.id)))
    said = verbs(db)
    assert said.index("case.looked") < said.index("case.decided")


def test_of_a_story_deleted_for_good_no_case_keeps_a_word(db: Session, desk: Desk) -> None:
    """As when an account is erased; what is about another story of the same teller stays."""
    story, other = desk.story(), desk.story()
    for one in (story, other):
        case = desk.flagged(one, note="She is my neighbour.", by=desk.reader)
        actions.open_case(db, desk.act(desk.awa), case.ref)
        case = desk.case(one.id, "flag")
        case.findings = {"phone": 1}
        actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "It names a street.", 5))
    for member in (desk.reader, desk.brahim):
        exports.make(db, desk.act(member))
    stories.take_back(db, desk.act(desk.teller), story)
    stories.discard(db, desk.act(desk.teller), story)
    db.expire_all()
    assert db.exec(select(Export.member_id)).all() == [desk.brahim.id], "whoever flagged it has its words in their copy"
    gone, kept = desk.case(story.id, "flag"), desk.case(other.id, "flag")
    assert (gone.state, gone.snapshot, gone.findings) == (CaseState.CLOSED, None, {})
    assert kept.findings == {"phone": 1}
    said = {n: db.exec(select(Flag.note).where(Flag.case_id == c.id)).all() for n, c in (("gone", gone), ("kept", kept))}
    assert said["gone"] == [None]
    assert said["kept"] == ["She is my neighbour."]
    reasons = {d.case_id: (d.outcome, d.rule, d.reason) for d in db.exec(select(Decision)).all()}
    assert reasons[gone.id] == (Outcome.HIDE, "5", None), "that it was decided stays, without words"
    assert reasons[kept.id] == (Outcome.HIDE, "5", "It names a street.")
    notes = [a.note for a in told(db, desk.teller)]
    assert (notes[0], str(notes[1])[-18:]) == (None, "It names a street.")
    assert len(told(db, desk.reader)) >= 2, "whoever flagged has heard back"


def test_sent_again_after_a_change_is_the_same_case(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.ASK_CHANGE, "Leave the street out."))
    assert desk.case(story.id).state == CaseState.CLOSED
    stories.submit(db, desk.act(desk.teller), story)
    again = desk.case(story.id)
    assert (again.id, again.state, again.claimed_by) == (case.id, CaseState.OPEN, None)


def test_flags_about_one_story_share_a_case_and_the_most_urgent_clock(db: Session, desk: Desk) -> None:
    story = desk.story()
    first = desk.flagged(story, "spam")
    assert (first.priority, first.due_at - now()) == (Priority.SPAM, timedelta(days=14))
    version = first.row_version
    second = desk.flagged(story, "hurts", by=desk.reader)
    assert (second.id, second.priority, second.due_at - now()) == (first.id, Priority.DANGER, timedelta(hours=24))
    assert second.row_version == version + 1
    third = desk.flagged(story, "spam")
    assert (third.priority, third.due_at - now()) == (Priority.DANGER, timedelta(hours=24))
    assert len(db.exec(select(Flag)).all()) == 3


def test_a_later_flag_opens_a_decided_case_again(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.KEEP))
    assert desk.case(story.id).state == CaseState.CLOSED
    with clock.at(TODAY + timedelta(days=9)):
        again = desk.flagged(story, "untrue")
    assert (again.id, again.state, again.due_at) == (case.id, CaseState.OPEN, TODAY + timedelta(days=12))


def test_a_story_that_waits_and_flags_about_it_are_two_cases(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    story.status, story.published_on = StoryStatus.PUBLISHED, now().date()
    db.flush()
    assert desk.flagged(story).id != case.id


# flags


@pytest.mark.parametrize("reason", STORY_REASONS, ids=lambda r: r.key)
def test_each_reason_has_its_clock(db: Session, desk: Desk, reason: Any) -> None:
    assert desk.flagged(desk.story(), reason.key).priority == reason.priority


def test_only_a_hash_of_the_number_is_kept(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "hurts", "Look at line two.")
    number = filed.receipt.replace(" ", "")
    assert len(number) == 16
    assert filed.receipt.count(" ") == 3
    row = db.exec(select(Flag)).one()
    assert row.receipt_hash == flagging.number_hash(number)
    for table in db.connection().dialect.get_table_names(db.connection()):
        everything = db.execute(sa.text(f'SELECT * FROM "{table}"')).all()
        assert number not in repr(everything).replace(" ", "")
        assert "line two" not in repr(everything), table


def test_the_number_opens_the_answer_in_any_writing(db: Session, desk: Desk) -> None:
    filed = actions.flag(db, GUEST, "story", desk.story().ref, "hurts", "")
    number = filed.receipt.replace(" ", "")
    arabic = number.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩"))
    for typed in (number, filed.receipt, f"  {number[:8]}-{number[8:]} ", arabic):
        assert flagging.standing(db, typed).answer == ""


@pytest.mark.parametrize("typed", ["", "12", "9" * 16, "9" * 26, "not a number", "0" * 300])
def test_other_numbers_open_nothing(db: Session, desk: Desk, typed: str) -> None:
    desk.flagged(desk.story())
    with pytest.raises(NotFound, match="We do not know this number"):
        flagging.standing(db, typed)


def test_a_number_opens_its_own_flag_only(db: Session, desk: Desk) -> None:
    mine = actions.flag(db, GUEST, "story", desk.story().ref, "hurts", "mine")
    other = actions.flag(db, GUEST, "story", desk.story().ref, "hurts", "other")
    actions.forget_words(db, other.receipt)
    assert flagging.standing(db, mine.receipt).has_words
    assert not flagging.standing(db, other.receipt).has_words


def test_members_hear_it_under_my_answers_too(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, by=desk.reader)
    heard = account_queries.in_words(told(db, desk.reader)[0])
    assert heard == "We have your message. A coordinator looks at it by 21 November 2026."
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.KEEP))
    assert "breaks no rule" in account_queries.in_words(told(db, desk.reader)[1])
    assert len(told(db, desk.reader)) == 2


def test_what_cannot_be_seen_cannot_be_flagged(db: Session, desk: Desk) -> None:
    draft = desk.story(status=StoryStatus.DRAFT)
    members_only = desk.story(audience="members")
    paused = desk.story(desk.make.member("On Holiday", status=MemberStatus.PAUSED))
    for story in (draft, members_only, paused):
        with pytest.raises(NotFound):
            actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    assert actions.flag(db, desk.act(desk.reader), "story", members_only.ref, "hurts", "").careful
    service = desk.service()
    service.defunct_on = now().date()
    db.flush()
    with pytest.raises(Gone):
        actions.flag(db, GUEST, "service", service.ref, "closed", "")


def test_unknown_reasons_and_own_stories(db: Session, desk: Desk) -> None:
    story = desk.story()
    with pytest.raises(Invalid) as problem:
        actions.flag(db, GUEST, "story", story.ref, "closed", "")
    assert problem.value.field == "reason"
    with pytest.raises(Refused, match="This is your own"):
        actions.flag(db, desk.act(desk.teller), "story", story.ref, "hurts", "")
    assert db.exec(select(Case)).first() is None


# claims


def test_opening_claims_for_two_hours_and_is_recorded(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    opened = actions.open_case(db, desk.act(desk.awa), case.ref)
    assert (opened.claimed_by, opened.claimed_until) == (desk.awa.id, now() + timedelta(hours=2))
    assert story.status == StoryStatus.IN_REVIEW
    assert "case.looked" in verbs(db)
    with pytest.raises(Conflict, match="Somebody else is looking"):
        actions.open_case(db, desk.act(desk.brahim), case.ref)


def test_a_claim_ends_by_the_clock(db: Session, desk: Desk) -> None:
    _, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    with clock.at(TODAY + timedelta(hours=1, minutes=59)), pytest.raises(Conflict):
        actions.open_case(db, desk.act(desk.brahim), case.ref)
    with clock.at(TODAY + timedelta(hours=2)):
        assert actions.open_case(db, desk.act(desk.brahim), case.ref).claimed_by == desk.brahim.id
        with pytest.raises(Conflict, match="Somebody else is looking"):
            actions.decide(db, desk.act(desk.awa), case.ref, yes(case))


def test_giving_back_frees_it_at_once_but_only_ones_own(db: Session, desk: Desk) -> None:
    _, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.give_back(db, desk.act(desk.brahim), case.ref)
    assert desk.case(case.subject_id).claimed_by == desk.awa.id
    actions.give_back(db, desk.act(desk.awa), case.ref)
    assert actions.open_case(db, desk.act(desk.brahim), case.ref).claimed_by == desk.brahim.id


# decisions


def test_a_second_decision_gets_the_name_and_changes_nothing(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    choice = yes(case)
    actions.decide(db, desk.act(desk.awa), case.ref, choice)
    status, count = story.status, len(told(db, desk.teller))
    with pytest.raises(Conflict, match="decided a moment ago by Awa Lantern"):
        actions.decide(db, desk.act(desk.brahim), case.ref, Choice(Outcome.DECLINE, choice.row_version, 1, "No."))
    assert (story.status, len(told(db, desk.teller))) == (status, count)
    assert len(db.exec(select(Decision)).all()) == 1


def test_a_new_flag_meanwhile_asks_to_look_again(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    choice = yes(case, Outcome.HIDE, "Names a street.", 5)
    desk.flagged(story, "hurts")
    with pytest.raises(Conflict, match="Something new came in"):
        actions.decide(db, desk.act(desk.awa), case.ref, choice)
    assert story.status == StoryStatus.PUBLISHED


def test_a_decision_that_cannot_be_carried_out_leaves_no_trace(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    story.status = StoryStatus.SUBMITTED  # from here no way leads to approved
    before = verbs(db)
    with pytest.raises(Refused):
        actions.decide(db, desk.act(desk.awa), case.ref, yes(case))
    assert desk.case(case.subject_id).state == CaseState.OPEN
    assert (db.exec(select(Decision)).all(), verbs(db)) == ([], before)


@pytest.mark.parametrize(
    ("outcome", "words", "rule", "status"),
    [
        (Outcome.PUBLISH, "", None, StoryStatus.APPROVED),
        (Outcome.ASK_CHANGE, "Leave the street out.", None, StoryStatus.CHANGE_ASKED),
        (Outcome.DECLINE, "It names your cousin.", 5, StoryStatus.DECLINED),
    ],
)
def test_each_decision_about_a_waiting_story(
    db: Session, desk: Desk, outcome: Outcome, words: str, rule: int | None, status: StoryStatus
) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, outcome, words, rule))
    assert story.status == status
    answer = told(db, desk.teller)[-1]
    assert answer.link == f"/my/stories/{story.ref}"
    assert (answer.note or "").endswith(words)
    decision = db.exec(select(Decision)).one()
    assert (decision.outcome, decision.decided_by, decision.rule) == (outcome, desk.awa.id, str(rule) if rule else None)
    assert b"cousin" not in bytes(db.execute(sa.text("SELECT reason FROM moderation_decision")).scalar() or b"")
    assert verbs(db)[-1] == "case.decided"


def test_the_rule_stands_in_the_letter_in_the_tellers_language(db: Session, desk: Desk) -> None:
    _, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.DECLINE, "Sans la rue.", 5))
    note = told(db, desk.teller)[-1].note or ""
    assert "Personne ne doit être retrouvé par vos mots." in note
    assert note.endswith("\n\nSans la rue.")


@pytest.mark.parametrize(
    ("outcome", "words", "rule", "status", "said"),
    [
        (Outcome.KEEP, "", None, StoryStatus.PUBLISHED, "it stays as it is"),
        (Outcome.ASK_CHANGE, "Leave the street out.", None, StoryStatus.PUBLISHED, "It stays shown."),
        (Outcome.HIDE, "It names a street.", 5, StoryStatus.PAUSED, "We hid your story for now."),
    ],
)
def test_each_decision_about_a_flagged_story(
    db: Session, desk: Desk, outcome: Outcome, words: str, rule: int | None, status: StoryStatus, said: str
) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "recognised", "")
    case = desk.case(story.id)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, outcome, words, rule))
    assert (story.status, story.held) == (status, outcome == Outcome.HIDE)
    assert said in account_queries.in_words(told(db, desk.teller)[-1])
    answered = flagging.standing(db, filed.receipt)
    assert answered.answer.startswith("We looked at the story that you told us about")
    assert answered.on == now().date()


def test_a_hidden_story_can_be_shown_again(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "A street.", 5))
    case = actions.reopen(db, desk.act(desk.brahim), case.ref)
    actions.open_case(db, desk.act(desk.brahim), case.ref)
    actions.decide(db, desk.act(desk.brahim), case.ref, yes(case, Outcome.KEEP))
    assert (story.status, story.held) == (StoryStatus.PUBLISHED, False)
    assert "shown again" in told(db, desk.teller)[-1].sentence


@pytest.mark.parametrize(("outcome", "gone"), [(Outcome.FIXED, False), (Outcome.KEEP, False), (Outcome.DEFUNCT, True)])
def test_each_decision_about_a_listing(db: Session, desk: Desk, outcome: Outcome, gone: bool) -> None:
    service = desk.service()
    filed = actions.flag(db, GUEST, "service", service.ref, "closed", "")
    case = desk.case(service.id)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, outcome))
    db.refresh(service)
    assert (service.defunct_on == now().date()) == gone
    assert (service.verified_on == now().date()) == (not gone)
    assert flagging.standing(db, filed.receipt).answer


def apply(db: Session, desk: Desk) -> tuple[Member, Case]:
    """Let somebody ask to join."""
    applicant = desk.make.member("New Face")
    accounts.on_application(db, applicant, "My sister is here.")
    return applicant, desk.case(applicant.id)


@pytest.mark.parametrize(("outcome", "words", "status"), [
    (Outcome.ACCEPT, "", MemberStatus.ACTIVE), (Outcome.REFUSE, "We are full.", MemberStatus.SUSPENDED),
])  # fmt: skip
def test_each_decision_about_a_request_to_join(db: Session, desk: Desk, outcome: Outcome, words: str, status: MemberStatus) -> None:
    applicant, case = apply(db, desk)
    with pytest.raises(Refused):
        actions.decide(db, desk.act(desk.sira), case.ref, yes(case, outcome, words))
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, outcome, words))
    assert (applicant.status, applicant.application) == (status, None)
    assert (told(db, applicant)[-1].note or "") == words


def test_a_request_decided_elsewhere_is_no_case_any_more(db: Session, desk: Desk) -> None:
    applicant, case = apply(db, desk)
    accounts.decide_application(db, desk.act(desk.awa), applicant.id, True)
    assert desk.case(case.subject_id).state == CaseState.CLOSED


def test_nobody_decides_on_their_own_matter(db: Session, desk: Desk) -> None:
    _, waiting = desk.waiting(desk.awa)
    flagged = desk.flagged(desk.story(), by=desk.awa)
    for verb in (actions.open_case, actions.give_back):
        with pytest.raises(NotFound):
            verb(db, desk.act(desk.awa), waiting.ref)
    with pytest.raises(NotFound):
        actions.decide(db, desk.act(desk.awa), waiting.ref, yes(waiting))
    with pytest.raises(Refused, match="another person decides"):
        actions.decide(db, desk.act(desk.awa), flagged.ref, yes(flagged, Outcome.KEEP))
    for outsider in (desk.act(desk.reader), desk.act(desk.teller)):
        with pytest.raises(NotFound):
            actions.decide(db, outsider, flagged.ref, yes(flagged, Outcome.KEEP))


# the letter, before it is sent


def test_a_preview_says_exactly_what_will_be_said_and_does_nothing(db: Session, desk: Desk) -> None:
    story, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    before = (verbs(db), len(told(db, desk.teller)), desk.case(story.id).row_version)
    choice = yes(case, Outcome.DECLINE, "Sans la rue.", 5)
    seen = actions.preview(db, desk.act(desk.awa), case.ref, choice)
    assert (verbs(db), len(told(db, desk.teller)), desk.case(story.id).row_version) == before
    assert (story.status, desk.case(story.id).state) == (StoryStatus.IN_REVIEW, CaseState.OPEN)
    actions.decide(db, desk.act(desk.awa), case.ref, choice)
    answer = told(db, desk.teller)[-1]
    with i18n.speaking("fr"):
        assert [(x.text, x.note, x.language) for x in seen.to_author] == [(account_queries.in_words(answer), answer.note, "fr")]


def test_a_preview_in_french_where_the_catalogue_has_it(db: Session, desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    class French:
        def gettext(self, text: str) -> str:
            return {"Your story cannot be shown here. The reason stands below. Your words stay yours.": "En français."}.get(
                text, text
            )

    monkeypatch.setattr(i18n, "translations", lambda language: French() if language == "fr" else i18n.NullTranslations())
    _, case = desk.waiting()
    actions.open_case(db, desk.act(desk.awa), case.ref)
    seen = actions.preview(db, desk.act(desk.awa), case.ref, yes(case, Outcome.DECLINE, "Sans la rue.", 5))
    assert [x.text for x in seen.to_author] == ["En français."]


def test_a_preview_counts_who_hears(db: Session, desk: Desk) -> None:
    story = desk.story()
    desk.flagged(story)
    case = desk.flagged(story, by=desk.reader)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    seen = actions.preview(db, desk.act(desk.awa), case.ref, yes(case, Outcome.KEEP))
    assert (seen.flaggers, seen.to_flaggers) == (
        2,
        "We looked at the story that you told us about. It breaks no rule, so it stays.",
    )
    assert db.exec(select(Flag).where(Flag.answered_on.is_not(None))).first() is None  # type: ignore[union-attr]


def test_suggesting_words_leaves_the_case_open(db: Session, desk: Desk) -> None:
    _, case = desk.waiting()
    words = Words(title="Another title", body="My cousin met me.")
    with pytest.raises(Conflict, match="Open the case again"):
        actions.propose_words(db, desk.act(desk.awa), case.ref, words)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.propose_words(db, desk.act(desk.awa), case.ref, words)
    assert db.exec(select(StoryProposal)).one().made_by == desk.awa.id
    assert desk.case(case.subject_id).state == CaseState.OPEN


# what happens elsewhere


def test_taken_back_there_is_nothing_left_to_decide(db: Session, desk: Desk) -> None:
    story = desk.story()
    filed = actions.flag(db, GUEST, "story", story.ref, "hurts", "")
    case = desk.case(story.id)
    stories.take_back(db, desk.act(desk.teller), story)
    assert (desk.case(story.id).state, desk.case(story.id).snapshot) == (CaseState.CLOSED, None)
    assert "has taken it out" in flagging.standing(db, filed.receipt).answer
    with pytest.raises(Conflict, match="taken back"):
        actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "x", 1))


def test_stopping_the_sending_closes_and_sending_opens(db: Session, desk: Desk) -> None:
    story, _ = desk.waiting()
    stories.withdraw_submission(db, desk.act(desk.teller), story)
    assert desk.case(story.id).state == CaseState.CLOSED
    stories.submit(db, desk.act(desk.teller), story)
    assert desk.case(story.id).state == CaseState.OPEN


def test_purge_erases_words_and_leaves_bare_rows(db: Session, desk: Desk) -> None:
    story = desk.story()
    case = desk.flagged(story, by=desk.reader, note="I know this street.")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "A street.", 5))
    accounts.purge_member(db, desk.reader.id)
    flag = db.exec(select(Flag)).one()
    db.refresh(flag)
    assert (flag.note, flag.member_id) == (None, None)
    accounts.purge_member(db, desk.teller.id)
    decision = db.exec(select(Decision)).one()
    db.refresh(decision)
    assert decision.reason is None


def test_ones_own_copy_never_names_who_complained(db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story(), by=desk.reader, note="I know this street.")
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.HIDE, "A street.", 5))
    assert "know this street" not in repr(following.export(db, desk.teller.id))
    assert following.export(db, desk.teller.id)["decisions about me"][0]["reason"] == "A street."
    assert following.export(db, desk.reader.id)["what I reported"][0]["note"] == "I know this street."


def test_connecting_twice_changes_nothing() -> None:
    lists = [stories.on_submitted, stories.on_withdrawn, hooks.on_purge, hooks.on_standing, hooks.on_applied, hooks.on_export]
    before = [len(x) for x in lists]
    wiring.connect()
    assert [len(x) for x in lists] == before


def test_the_audit_trail_holds(db: Session, desk: Desk) -> None:
    case = desk.flagged(desk.story(), by=desk.reader)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    actions.decide(db, desk.act(desk.awa), case.ref, yes(case, Outcome.KEEP))
    actions.reopen(db, desk.act(desk.brahim), case.ref)
    assert list(audit.broken_links(db)) == []
    flagged = db.exec(select(AuditEvent).where(AuditEvent.verb == "case.flagged")).one()
    assert (flagged.actor_id, flagged.detail) == (None, {"reason": "recognised"})


def test_a_coordinator_who_is_flagged_is_told_only_what_was_decided(db: Session, desk: Desk) -> None:
    story = desk.story(desk.brahim)
    case = desk.flagged(story, by=desk.reader)
    assert told(db, desk.brahim) == []
    actions.open_case(db, desk.act(desk.sira), case.ref)
    actions.decide(db, desk.act(desk.sira), case.ref, yes(case, Outcome.HIDE, "Names a street.", 5))
    assert [a.sentence[:12] for a in told(db, desk.brahim)] == ["We hid your "]
