"""In which language whoever hears of a decision reads."""

from uuid import UUID

from sqlmodel import Session, col, select

from app.core import settings as core_settings
from app.models.accounts import Member
from app.models.moderation import Appeal, Case, CaseKind, Flag
from app.models.stories import Story, StoryText


def of_member(db: Session, member_id: UUID) -> str:
    """Return the language of a member; English where they are gone."""
    member = db.get(Member, member_id)
    return member.language if member else "en"


def language(db: Session, case: Case) -> str:
    """Return the language in which the rule of a decision is worded.

    What is decided about a translation is read by its teller and its translator, so it is worded in the language of the story,
    which both know: the language of an account would tell the one something about the other.
    """
    if case.kind == CaseKind.TRANSLATION:
        story = select(Story.language).join(StoryText, col(StoryText.story_id) == Story.id).where(StoryText.id == case.subject_id)
        told, known = db.exec(story).first(), core_settings.current().language_list
        return told if told in known else known[0]
    return of_member(db, case.about_id) if case.about_id else "en"


def languages(db: Session, case: Case) -> list[str]:
    """Return the languages of those who read the words of whoever decides, for the hint at the desk.

    An appeal is answered to whoever wrote it: a guest reads the language in which they told us.
    """
    if case.kind != CaseKind.APPEAL:
        return [language(db, case)] if case.about_id else []
    waiting = (
        select(Member.language, Flag.language)
        .select_from(Appeal).outerjoin(Member, col(Member.id) == Appeal.member_id).outerjoin(Flag, col(Flag.id) == Appeal.flag_id)
        .where(Appeal.case_id == case.id, col(Appeal.answered_on).is_(None)).distinct()
    )  # fmt: skip
    return sorted({of_member or of_flag or "en" for of_member, of_flag in db.exec(waiting)})
