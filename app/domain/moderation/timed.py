"""Decisions with an end: what was hidden for a time is shown again by itself, what was removed is deleted for good.

Neither by the clock alone: what somebody decides anew, takes back or deletes meanwhile is theirs, and while somebody looks at how
whose it is sees it, nothing is deleted.
"""

import logging
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.clock import now
from app.core.db import Database
from app.core.errors import Conflict, Invalid, Refused
from app.core.i18n import N_, _, moment_words
from app.core.verdict import Verdict, unless
from app.domain.accounts import actions as accounts
from app.domain.audit import actions as audit
from app.domain.moderation import answering, at_once, conduct, filing, rules, things
from app.domain.moderation.rules import Choice
from app.models.moderation import Appeal, Case, CaseKind, CaseState, Decision, Outcome
from app.models.stories import Story, StoryStatus

log = logging.getLogger("hearth.moderation")
AT_ONCE: Final = 200  # of each in one run; the next one does the others
OVER: Final = N_("The time is over for which we hid something of yours. We do not hide it any more.")
DELETED: Final = N_("What we had taken out of yours is deleted for good, as we told you.")
UNTIL: Final = N_("It is hidden until %(moment)s. Within a few hours after that it is shown again by itself, as it was.")
LATER: Final = N_("Nobody else sees it. Soon after %(moment)s it is deleted for good. Before that there is time to see it "
                  "differently; while somebody looks at that, nothing is deleted.")  # fmt: skip
LATER_OF_TWO: Final = N_("Nobody else sees it. Soon after %(moment)s it is deleted for good.")


def check(case: Case, choice: Choice) -> None:
    """Raise Invalid where something cannot be removed: what people meet in stays hidden until its words are others."""
    if choice.outcome == Outcome.REMOVE and not things.removable(case):
        raise Invalid("outcome", _("People meet in it, so it is not deleted. Hide it: it stays hidden until its words are others."))


def line(case: Case, choice: Choice) -> str:
    """Return what whose it is reads of the end, in the language of the moment; "" where it has none."""
    ends = conduct.until(choice, now()) if choice.outcome in rules.HIDES else None
    if ends is None:
        return ""
    later = LATER_OF_TWO if case.kind == CaseKind.MESSAGE_FLAG else LATER  # nobody appeals what only one other person read
    return _(later if choice.outcome == Outcome.REMOVE else UNTIL, moment=moment_words(ends))


def may_rework(db: Session, story: Story) -> Verdict:
    """Answer whether a teller may make a draft of a story again: not of one that is removed and will be deleted."""
    removed = _waits(Outcome.REMOVE).where(col(Case.subject_kind) == "story", col(Case.subject_id) == story.id)
    last = any(answering.is_last(db, decision, case) for decision, case in db.execute(removed).all())
    return unless(
        last, _("This story was taken out by a decision. You can read it, delete it, or say that you see that differently.")
    )


def _waits(outcome: Outcome) -> Any:
    """Return the query of decisions of a kind that have an end, and have not come to it."""
    found = sa.select(Decision, Case).join(Case, col(Case.id) == Decision.case_id)
    waits = col(Decision.outcome) == outcome, col(Decision.until_at).is_not(None), col(Decision.done_at).is_(None)
    return found.where(*waits, col(Decision.overturned_at).is_(None))


def _due(db: Session, outcome: Outcome) -> list[UUID]:
    due = _waits(outcome).with_only_columns(col(Decision.id)).where(col(Decision.until_at) <= now())
    if outcome == Outcome.REMOVE:  # somebody looks again, or at how whose it is sees it
        looked_at = sa.exists().where(col(Appeal.decision_id) == Decision.id, col(Appeal.answered_on).is_(None))
        due = due.where(col(Case.state) == CaseState.CLOSED, ~looked_at)
    return list(db.execute(due.order_by(col(Decision.until_at), col(Decision.id)).limit(AT_ONCE)).scalars())


def run(database: Database) -> tuple[int, int]:
    """Carry out what is due, each by itself; return how much is shown again, and how much is deleted. Safe to repeat."""
    done = {Outcome.HIDE: 0, Outcome.REMOVE: 0}
    failed = 0
    for outcome in done:
        with database.reading() as db:
            due = _due(db, outcome)
        for decision_id in due:
            try:
                with database.transaction() as db:
                    done[outcome] += end(db, decision_id)
            except Exception as error:  # the others come to their end all the same
                failed += 1
                log.error("a decision did not come to its end: %s", type(error).__name__, exc_info=error)
    if failed:
        raise RuntimeError(f"{failed} decisions did not come to their end")
    return done[Outcome.HIDE], done[Outcome.REMOVE]


def end(db: Session, decision_id: UUID) -> bool:
    """Let one decision come to its end; False where nothing was left to do, or where it has to wait for the next run."""
    decision = db.get_one(Decision, decision_id)
    case = db.get_one(Case, decision.case_id)
    filing.hold_all(db, case)  # whoever decides holds it too: one of us waits
    db.refresh(decision, with_for_update=True)
    due = decision.until_at is not None and decision.until_at <= now()
    if not due or decision.done_at is not None or decision.overturned_at is not None:
        return False
    thing = things.held(db, case)
    if thing is None and things.is_there(db, case):
        return False  # somebody changes it at this moment
    waits = decision.outcome == Outcome.REMOVE and (case.state == CaseState.OPEN or answering.is_appealed(db, case))
    if waits:
        return False
    decision.done_at = now()
    db.flush()
    taken_back = decision.outcome == Outcome.REMOVE and isinstance(thing, Story) and thing.status == StoryStatus.TAKEN_BACK
    if thing is None or not (taken_back or things.hidden_now(db, case)) or not answering.is_last(db, decision, case):
        return False  # it was deleted, changed or decided anew: that counts
    return _delete(db, decision, case) if decision.outcome == Outcome.REMOVE else _show(db, decision, case)


def _show(db: Session, decision: Decision, case: Case) -> bool:
    of = things.THINGS[case.subject_kind]
    try:
        with db.begin_nested():
            of.show(db, None, db.get_one(of.table, case.subject_id))
    except (Conflict, Refused):  # its teller took the yes back meanwhile: then nobody shows it
        return False
    audit.record(db, None, "case.time_over", "case", case.id)
    hidden_anew = case.state == CaseState.OPEN and at_once.consider(db, case)  # somebody told us meanwhile that it is dangerous
    if not hidden_anew:
        _tell(db, decision, OVER)
    return True


def _delete(db: Session, decision: Decision, case: Case) -> bool:
    erase, reason = things.THINGS[case.subject_kind].erase, decision.reason
    if erase is None:
        return False
    erase(db, case.subject_id)
    db.expire_all()  # features delete past the session
    same = sa.and_(col(Case.subject_kind) == case.subject_kind, col(Case.subject_id) == case.subject_id)
    db.execute(sa.update(Case).where(same).values(snapshot=None, findings={}))
    decision.reason = reason  # the statement of reasons stays with whose it was, for as long as any
    audit.record(db, None, "case.purged", "case", case.id)
    _tell(db, decision, DELETED)
    return True


def _tell(db: Session, decision: Decision, sentence: str) -> None:
    if decision.about_id is not None:
        with accounts.concerning(decision.id):
            accounts.tell(db, decision.about_id, sentence)
    db.flush()
