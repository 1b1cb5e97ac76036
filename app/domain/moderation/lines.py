"""Goals and what comes next in a mentorship, for safeguarding: lines that both read at once; the one who reads them may flag them.

Nothing of them waits, for a program takes none that it would hold. They are read by as few as messages are.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, cast

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core.errors import NotFound
from app.core.i18n import N_, _
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.mentoring.together import deciding, lines, reading, talking
from app.domain.moderation import filing
from app.domain.moderation.posts import ReadPost
from app.models.groups import PostState
from app.models.mentoring import MentorMatch
from app.models.mentorships import MentorGoal, MentorMeeting
from app.models.moderation import Case

GOAL, STEP = "goal", "step"  # the kinds of the subject
Line = MentorGoal | MentorMeeting
TABLES: Final[Mapping[str, type[Line]]] = {GOAL: MentorGoal, STEP: MentorMeeting}
_PAGES: Final = {GOAL: "goals", STEP: "meetings"}


def _words(line: Line) -> str:
    return line.words if isinstance(line, MentorGoal) else str(json.loads(line.said)["next"])


def flaggable(db: Session, actor: Actor, kind: str, ref: str) -> tuple[Line, str]:
    """Return a line that the actor reads, and its page; NotFound when there is nothing to see for them."""
    table = TABLES[kind]
    found = sa.select(table, col(MentorMatch.ref)).join(MentorMatch, col(MentorMatch.id) == col(table.match_id))
    row = db.execute(found.where(col(table.ref) == ref)).first() if actor.signed_in else None
    if row is None:
        raise NotFound(_("This page is not here."))
    line, pair = row
    reading.talk(db.connection(), actor, pair)
    if not lines.read(_words(line), line, actor.me):
        raise NotFound(_("This page is not here."))
    return line, f"{talking.address(pair)}/{_PAGES[kind]}"


@dataclass(frozen=True, slots=True)
class Lines:
    """What moderation asks of lines of one kind."""

    table: type[Line]

    def find(self, db: Session, case: Case) -> Line | None:
        """Return the line of a case; None once it was taken out: it is decided all the same, by the words of then."""
        return cast("Line | None", db.get(self.table, case.subject_id))

    def snapshot(self, db: Session, case: Case) -> str | None:
        """Return the words as they stand now, and keep the supervisor of the mentor from reading them."""
        line = self.find(db, case)
        if line is None:
            return None
        for member_id in filing.supervisors(db, case):
            filing.bar(db, case, member_id)
        return json.dumps({"body": _words(line)}, ensure_ascii=False)

    def contents(self, db: Session, case: Case) -> ReadPost:
        """Return the words for whoever has the case open; of a line that is gone those of then."""
        line = self.find(db, case)
        body = _words(line) if line is not None else ""
        flagged = json.loads(case.snapshot).get("body", "") if case.snapshot else ""
        changed = bool(flagged) and flagged != body
        state = PostState.HIDDEN if self.is_hidden(db, case) else PostState.SHOWN if line is not None else PostState.DELETED
        return ReadPost(body, "", "", state, changed, flagged if changed else "", message=True)

    def is_hidden(self, db: Session, case: Case) -> bool:
        """Say whether it is hidden by a decision."""
        line = self.find(db, case)
        return line is not None and line.hidden

    def keep(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Leave a line, or show it again; where nothing changes whoever wrote it hears nothing."""
        line = self.find(db, case)
        if line is not None and line.hidden:
            deciding.show_line(db, actor, line)
            self._tell(db, case, N_("We looked at what you wrote in mentoring again. It is shown again."), words)

    def hide(self, db: Session, actor: Actor, case: Case, words: str) -> None:
        """Hide a line from the other one."""
        line = self.find(db, case)
        if line is not None:
            deciding.hide_line(db, actor, line)
            self._tell(db, case, N_("We hid something that you wrote in mentoring. The reason stands below."), words)

    let_through, refuse = keep, hide  # nothing of them waits

    def _tell(self, db: Session, case: Case, sentence: str, words: str) -> None:
        if case.about_id is not None:
            accounts.tell(db, case.about_id, sentence, note=words)


WORDS: Final[Mapping[str, Lines]] = {kind: Lines(table) for kind, table in TABLES.items()}
