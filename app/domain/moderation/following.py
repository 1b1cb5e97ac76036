"""What moderation does when something happens elsewhere: a story is sent or taken back, somebody asks to join, or leaves."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.accounts.export_words import Coded
from app.domain.moderation import answering, ask_words, call_words, conduct, filing, leading, lines, messages, second, subjects
from app.domain.moderation.wording import TAKEN_OUT, TAKEN_OUT_BY_YOU, TIME_OVER, decided, reason
from app.domain.stories.rules import OPEN_TO_LOOK
from app.models.accounts import Member, MemberStatus
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, Hold, Outcome, Proposal
from app.models.stories import SecondLook, Story, StoryText


def story_sent(db: Session, story: Story) -> None:
    """A story waits for its second reader: its case opens, with what the look-over and the checks count in it."""
    found = subjects.counts(db, subjects.original(db, story.id))
    filing.open_case(db, CaseKind.STORY, "story", story.id, story.author_id, findings=found)
    translations_wait(db, story)


def story_withdrawn(db: Session, story: Story) -> None:
    """The teller stopped the sending or took the story out: there is nothing left to decide."""
    for kind, told in ((CaseKind.STORY, None), (CaseKind.FLAG, TAKEN_OUT)):
        case = filing.find(db, kind, "story", story.id)
        if case is not None:
            filing.close_undecided(db, case, told)
    about = sa.and_(col(Case.subject_kind) == "story", col(Case.subject_id) == story.id)
    answering.close_about(db, about, TAKEN_OUT_BY_YOU)
    translations_rest(db, story)


def story_over(db: Session, story: Story) -> None:
    """The time of a story is over: nobody sees it, so what was flagged about it ends; an appeal is answered all the same."""
    case = filing.find(db, CaseKind.FLAG, "story", story.id)
    if case is not None:
        filing.close_undecided(db, case, TIME_OVER)


def translations_rest(db: Session, story: Story) -> None:
    """Nobody looks at the translations of a story that is not going to be shown: they wait until it is sent again."""
    for text in _translations(db, story):
        _close(db, text)


def translations_wait(db: Session, story: Story) -> None:
    """A story is going to be shown after all: its translations wait for their second readers."""
    for text in _translations(db, story):
        translation_moved(db, story, text)


def translation_moved(db: Session, story: Story, text: StoryText) -> None:
    """A translation waits for a second reader as soon as its teller said yes and the story was sent; or it does so no longer."""
    if text.confirmed and text.second_look == SecondLook.WAITS and story.status in OPEN_TO_LOOK:
        found = subjects.counts(db, text)
        filing.open_case(db, CaseKind.TRANSLATION, "translation", text.id, story.author_id, findings=found)
    else:
        _close(db, text)


def _translations(db: Session, story: Story) -> list[StoryText]:
    return list(db.exec(select(StoryText).where(StoryText.story_id == story.id, sa.not_(col(StoryText.original)))))


def _close(db: Session, text: StoryText) -> None:
    case = filing.find(db, CaseKind.TRANSLATION, "translation", text.id)
    if case is not None:
        filing.close_undecided(db, case)


def applied(db: Session, member: Member) -> None:
    """Somebody asks to join."""
    filing.open_case(db, CaseKind.APPLICATION, "member", member.id, member.id)


def standing_changed(db: Session, member_id: UUID, standing: MemberStatus) -> None:
    """A request to join that was decided elsewhere, or given up, is closed; one that was given up and taken up again opens."""
    case = filing.find(db, CaseKind.APPLICATION, "member", member_id)
    if case is not None and standing == MemberStatus.APPLIED:
        filing.open_case(db, CaseKind.APPLICATION, "member", member_id, member_id)
    elif case is not None:
        filing.close_undecided(db, case)


def story_erased(db: Session, story: Story) -> None:
    """The teller deletes a story for good: nothing here says any more what stood in it or in its translations."""
    others = select(StoryText.id).where(StoryText.story_id != story.id)
    # Translations by others went when it was taken back, so their cases are those of this teller that belong to no text.
    translated = sa.and_(
        col(Case.kind) == CaseKind.TRANSLATION, col(Case.about_id) == story.author_id, col(Case.subject_id).not_in(others)
    )
    _forget_words(db, sa.or_(sa.and_(col(Case.subject_kind) == "story", col(Case.subject_id) == story.id), translated))


def _forget_words(db: Session, which: sa.ColumnElement[bool]) -> None:
    """Empty what these cases quote and what was written about it, and close them; outcome, rule and days stay."""
    found = select(Case.id).where(which)
    flagged = select(Flag.member_id).where(col(Flag.case_id).in_(found), col(Flag.note).is_not(None))
    accounts.remove_copies(db, db.exec(flagged).all())  # they hold the words of the flag
    db.execute(sa.update(Flag).where(col(Flag.case_id).in_(found)).values(note=None, name=None))
    db.execute(sa.update(Decision).where(col(Decision.case_id).in_(found)).values(reason=None))
    held = db.exec(select(Case).where(which).order_by(col(Case.id)).with_for_update()).all()
    answering.forget(db, which)
    db.execute(sa.update(Hold).where(col(Hold.case_id).in_(found)).values(words=None))
    answering.close_about(db, which, TAKEN_OUT_BY_YOU)
    for case in held:
        case.snapshot, case.findings = None, {}
        second.forget(db, col(Proposal.case_id) == case.id)
        filing.close_undecided(db, case, TAKEN_OUT if case.kind == CaseKind.FLAG else None)
    db.flush()


def purge(db: Session, member_id: UUID) -> None:
    """Erase what is here of a member who left: the words of their flags, the words about them, what they had open."""
    db.execute(sa.update(Flag).where(col(Flag.member_id) == member_id).values(note=None, name=None, about=None, member_id=None))
    db.execute(sa.update(Appeal).where(col(Appeal.member_id) == member_id).values(words=None, answer=None, member_id=None))
    # What was said about somebody to safeguarding does not go with their account: it is about others too.
    # Nor does what one of two said about a message of theirs: it is decided by the words of then, and whoever said it is answered.
    told = sa.and_(col(Case.kind) == CaseKind.MESSAGE_FLAG, col(Case.state) == CaseState.OPEN)
    _forget_words(db, sa.and_(col(Case.about_id) == member_id, col(Case.kind) != CaseKind.COMPLAINT, sa.not_(told)))
    db.execute(sa.update(Decision).where(col(Decision.about_id) == member_id, ~_of_complaints()).values(reason=None))
    db.execute(sa.delete(Hold).where(col(Hold.about_id) == member_id))
    db.execute(sa.delete(Bar).where(col(Bar.member_id) == member_id))
    second.forget(db, col(Proposal.by_id) == member_id)
    db.execute(sa.update(Case).where(col(Case.claimed_by) == member_id).values(claimed_by=None, claimed_until=None))
    db.flush()


def _of_complaints() -> sa.ColumnElement[bool]:
    return col(Decision.case_id).in_(sa.select(col(Case.id)).where(col(Case.kind) == CaseKind.COMPLAINT))


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return what is here of a member: what they told us, and what was decided about them. Never who flagged or decided."""
    told = db.execute(
        sa.select(Flag, col(Case.subject_kind)).join(Case, col(Case.id) == Flag.case_id)
        .where(col(Flag.member_id) == member_id).order_by(col(Flag.id))
    ).all()  # fmt: skip
    return {
        N_("what I reported"): [
            {
                "on": f.on, N_("reason"): _reason(kind, f.reason), "note": f.note, N_("about whom"): f.about,
                N_("my name"): f.name, N_("answered on"): f.answered_on,
                N_("answer"): _(f.answer, **f.answer_params) if f.answer else "",
            }
            for f, kind in told
        ],
        N_("what I see differently"): [
            {
                "on": a.on, "note": a.words, N_("answered on"): a.answered_on, N_("answer"): a.answer,
                N_("taken back"): a.overturned,
            }
            for a in db.exec(select(Appeal).where(Appeal.member_id == member_id).order_by(col(Appeal.id)))
        ],
        N_("hidden for now"): [
            {"on": h.at.date(), "until": h.ends_at.date(), N_("what I said"): h.words, N_("ended on"): h.ended_on}
            for h in db.exec(select(Hold).where(Hold.about_id == member_id).order_by(col(Hold.id)))
        ],
        N_("decisions about me"): [
            {
                "on": d.at.date(), N_("decision"): Coded(d.outcome.value, decided(CaseKind(kind), d.outcome)), N_("rule"): d.rule,
                N_("reason"): d.reason, "until": d.until_at.date() if d.until_at else None,
            }
            for d, kind in _decided(db, member_id)
        ],
    }  # fmt: skip


def _decided(db: Session, member_id: UUID) -> Sequence[tuple[Decision, str]]:
    """Return what was decided about a member and stands, as far as they are told of it."""
    # For whom a complaint is about, it does not exist; what answers an appeal belongs to whoever wrote it, perhaps who flagged.
    known = col(Case.kind).not_in([CaseKind.COMPLAINT, CaseKind.APPEAL])
    # Whoever leads a group does not hear that somebody flagged it, or a meeting, where nothing came of it: see group_words.keep.
    # Nor does whoever wrote a message: only one other person read it; nor whose account it is that somebody looked at it.
    quiet = [*leading.OF_LEADERS, call_words.CALL, *messages.OF, ask_words.ASK, *lines.TABLES, conduct.SUBJECT]
    told_of = sa.or_(col(Case.subject_kind).not_in(quiet), col(Decision.outcome) != Outcome.KEEP)
    about_me = select(Decision, Case.kind).join(Case, col(Case.id) == Decision.case_id).where(Decision.about_id == member_id)
    return db.exec(about_me.where(known, told_of, sa.not_(col(Decision.undone))).order_by(col(Decision.id))).all()


def _reason(subject_kind: str, key: str) -> Coded:
    found = reason(subject_kind, key)
    return Coded(key, _(found.label) if found else key)
