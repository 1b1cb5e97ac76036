"""Going through a lesson: its check, as often as somebody likes; and a training held elsewhere, written down by the desk."""

from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session

from app.core.clock import now
from app.core.errors import Invalid
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain.accounts.telling import tell
from app.domain.actor import Actor, may_take_part
from app.domain.audit import actions as audit
from app.domain.mentoring.joining import keeping, screening
from app.domain.mentoring.training import records, rules
from app.domain.mentoring.training.lessons import Lesson
from app.models.mentoring import Mentor
from app.schemas.mentoring import CheckLesson, NoteTraining


@dataclass(frozen=True, slots=True)
class Checked:
    """What somebody answered: whether each answer was right, whether all were, and whether that is kept."""

    right: tuple[bool, ...]
    passed: bool
    kept: bool


def check(db: Session, actor: Actor, lessons: Mapping[str, Lesson], key: str, given: CheckLesson) -> Checked:
    """Look at the answers to a lesson; when all are right it is kept for whoever offers to be a mentor, and for nobody else.

    Raises Invalid where a question was not answered. What was answered wrong is kept nowhere.
    """
    require(may_take_part(actor))
    questions, answers = lessons[key].questions, given.answers()
    for number, (question, answer) in enumerate(zip(questions, answers, strict=False), 1):
        if answer not in range(1, len(question.options) + 1):
            raise Invalid(f"answer{number}", _("Choose one of these."))
    right = tuple(answer == question.right for question, answer in zip(questions, answers, strict=False))
    row = keeping.own(db, Mentor, actor.me, lock=True) if all(right) else None
    kept = row is not None and row.state in rules.LEARNS
    if row is not None and kept:
        records.keep(db, row, key, lessons)
    return Checked(right, all(right), kept)


def note_elsewhere(db: Session, actor: Actor, ref: str, wish: NoteTraining) -> None:
    """Write down a training that was held elsewhere, with where and when; both empty takes it back. The mentor is told."""
    row, member = screening.held(db, actor, ref, wish.row_version)
    require(rules.may_note(row.state))
    if wrong := rules.elsewhere_fits(wish.held_until, wish.source, now().date()):
        raise Invalid(*wrong)
    row.elsewhere_until, row.elsewhere = wish.held_until, wish.source or None
    row.row_version += 1
    records.renew(db, row)
    if wish.held_until is not None:
        says = N_("A coordinator wrote down a training that you did elsewhere. It counts as the lessons here do.")
        tell(db, member.id, says, note=wish.source, link=records.PAGE)
    else:
        tell(db, member.id, N_("A training that you did elsewhere is no longer written down here."), link=records.PAGE)
    audit.record(db, actor, "mentor.trained", "mentor", row.id)
