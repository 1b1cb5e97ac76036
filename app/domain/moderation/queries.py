"""What the desk reads: the cases that wait, and one case with all that a decision needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlmodel import Session, select

from app.core import i18n
from app.core.clock import now
from app.core.errors import NotFound
from app.core.i18n import _, ngettext
from app.core.verdict import Verdict
from app.domain.actor import Actor
from app.domain.moderation import alike, appeals, care, earlier, filing, holding, leading, letters, reading, rules, said, second
from app.domain.moderation.contents import Contents, contents
from app.domain.moderation.earlier import day_words
from app.domain.moderation.findings import findings_text
from app.domain.moderation.wording import FLAGGED, SHAPES, due_text, reason, title_of, urgency
from app.models.moderation import Appeal, Bar, Case, CaseKind, CaseState, Decision, Flag, Priority, Proposal
from app.models.stories import Story, StoryText

PER_PAGE = 10
FLAGS_PER_PAGE = 50
MOST_COUNTED = 1_000  # nobody needs the number of more, and counting them would make everybody wait
_C, _F, _T = Case.__table__, Flag.__table__, StoryText.__table__  # type: ignore[attr-defined]
_A, _B, _D = Appeal.__table__, Bar.__table__, Decision.__table__  # type: ignore[attr-defined]
_DONE = _C.alias()
_FLAGS = sa.select(sa.func.count()).where(_F.c.case_id == _C.c.id).scalar_subquery()
_LANGUAGE = sa.select(_T.c.language).where(_T.c.id == _C.c.subject_id).scalar_subquery()  # of a translation
_FIRST = (_F.c.answered_on.is_not(None), urgency(_F.c.reason), _F.c.note.is_(None), _F.c.id.desc())  # what waits, what is urgent
_REASON = sa.select(_F.c.reason).where(_F.c.case_id == _C.c.id).order_by(*_FIRST).limit(1).scalar_subquery()
_ME, _NOW = sa.bindparam("me", type_=sa.Uuid), sa.bindparam("now", type_=_C.c.due_at.type)
_LED_BY_ME = leading.led(_C, _ME)
OPEN_TO_ME = (  # each is asked for the few rows of a page only
    _C.c.state == CaseState.OPEN, sa.or_(_C.c.about_id.is_(None), _C.c.about_id != _ME),
    sa.or_(_C.c.claimed_until.is_(None), _C.c.claimed_until <= _NOW, _C.c.claimed_by == _ME),
    ~sa.exists().where(_F.c.case_id == _C.c.id, _F.c.member_id == _ME),
    ~sa.exists().where(_T.c.id == _C.c.subject_id, _T.c.translator_id == _ME),
    ~sa.exists().where(_B.c.case_id == _C.c.id, _B.c.member_id == _ME),
    ~sa.exists().where(_A.c.case_id == _C.c.id, _A.c.member_id == _ME),
    ~sa.exists().where(_D.c.id == _C.c.subject_id, _F.c.case_id == _D.c.case_id, _F.c.member_id == _ME),
    ~sa.exists().where(
        _D.c.id == _C.c.subject_id, _DONE.c.id == _D.c.case_id, _T.c.id == _DONE.c.subject_id, _T.c.translator_id == _ME
    ),
    ~_LED_BY_ME, _C.c.kind.in_(sa.bindparam("kinds", expanding=True, type_=_C.c.kind.type)),
)  # fmt: skip
_SHOW = sa.bindparam("show", type_=sa.String)
_SHOWN = sa.or_(  # of those only, or of all ("")
    _SHOW == "", sa.and_(_SHOW == "mine", _C.c.claimed_by == _ME), sa.and_(_SHOW == "late", _C.c.due_at < _NOW),
    sa.and_(_SHOW == "urgent", _C.c.priority.in_((Priority.DANGER, Priority.EXPOSED))),
)  # fmt: skip
_COUNTED = sa.select(_C.c.id).where(*OPEN_TO_ME, care.TAKEN, _SHOWN).limit(MOST_COUNTED + 1).subquery()
_WAITING = (
    sa.select(
        _C.c.ref, _C.c.kind, _C.c.due_at, _C.c.findings, _C.c.claimed_by, _FLAGS.label("flags"), _REASON.label("reason"),
        _LANGUAGE.label("language"), sa.select(sa.func.count()).select_from(_COUNTED).scalar_subquery().label("total"),
        (_C.c.asked_id == _ME).label("asked"),
    )
    .where(*OPEN_TO_ME, care.TAKEN, _SHOWN)
    .order_by(_C.c.due_at, _C.c.id)
    .limit(PER_PAGE + 1)
    .offset(sa.bindparam("skip", type_=sa.Integer))
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class CaseCard:
    """What the card of a case takes: never a word of what it is about."""

    ref: str
    title: str
    kind_text: str
    due_text: str
    late: bool
    summary: str
    shape: str
    tone: str
    heavy: bool
    href: str
    mine: bool
    asked: bool = False  # somebody asks the reader to look


@dataclass(frozen=True, slots=True)
class Waiting:
    """A page of the desk."""

    cards: list[CaseCard]
    total: int  # 1,001 where there are more
    later: bool
    care: care.Care

    @property
    def many(self) -> bool:
        """Say whether there are more than are counted."""
        return self.total > MOST_COUNTED


@dataclass(frozen=True, slots=True)
class Told:
    """One flag, without who it came from."""

    label: str
    note: str | None
    day: str
    about: str | None = None  # whom, as they wrote it
    name: str | None = None  # of whoever wanted to give it


@dataclass(frozen=True, slots=True)
class CasePage:
    """One case."""

    case: Case
    title: str
    findings: str
    due_text: str
    late: bool
    may_open: Verdict
    free: bool
    mine: bool
    flags: list[Told]
    earlier: list[earlier.Earlier]
    languages: str  # names of those in which whoever hears of the decision reads
    hidden: bool
    contents: Contents | None
    appeal: letters.AtDesk | None = None
    told: int = 0  # how often somebody told us; ``flags`` is one page of it
    later: bool = False  # flags come after this page
    proposed: Proposal | None = None  # what one person would decide, while another one has to confirm it
    said: str | None = None  # how whose it is sees what was hidden at once
    handover: str | None = None  # of whoever had it open before
    examples: Sequence[alike.Alike] = ()  # decisions on similar matters
    standing: Sequence[str] = ()  # what the rules need of whose it is
    rest: bool = False  # it is time to offer a break, before this one is opened


def case(db: Session, actor: Actor, ref: str) -> Case:
    """Return a case; for everybody else, and for whom it is about, it is not there."""
    hidden = sa.exists().where(_B.c.case_id == _C.c.id, _B.c.member_id == actor.member_id, _B.c.hidden)
    seen = select(Case).where(Case.ref == ref, ~hidden, ~_LED_BY_ME).execution_options(populate_existing=True)
    found = db.exec(seen, params={"me": actor.member_id}).first()
    if found is None or not rules.sees(actor, found):
        raise NotFound(_("This page is not here."))
    return found


def waiting(
    db: Session, actor: Actor, kind: CaseKind | None = None, page: int = 1, show: str = "", everything: bool = False
) -> Waiting:  # fmt: skip
    """Return one page of what waits for the actor, what is due first on top; two statements.

    ``show``: "mine" is what they have open, "late" what is overdue, "urgent" where somebody may be in danger or can be recognised.
    ``everything``: also what they leave to others, and while they are on a break: then nothing waits for them otherwise.
    """
    mine = care.of(db, actor.member_id)
    if mine.resting and not everything:
        return Waiting([], 0, False, mine)
    kinds = [k for k in rules.kinds_of(actor) if kind in (None, k)]
    skip = (page - 1) * PER_PAGE
    asked = {"me": actor.me, "now": now(), "kinds": kinds, "skip": skip, "show": show}
    rows = db.execute(_WAITING, asked | care.left_out(() if everything else mine.topics)).all()
    total = rows[0].total if rows else 0
    return Waiting([_card(r, actor) for r in rows[:PER_PAGE]], total, len(rows) > PER_PAGE, mine)


def _hours(due_at: datetime) -> float:
    return (due_at - now()).total_seconds() / 3600


def _card(row: Any, actor: Actor) -> CaseCard:
    shape, tone = SHAPES[row.kind]
    heavy = row.kind not in rules.LIGHT
    return CaseCard(
        ref=row.ref, title=title_of(row.kind, row.reason), kind_text=_about(row), due_text=due_text(_hours(row.due_at)),
        late=row.due_at < now(), summary="", shape=shape, tone=tone, heavy=heavy, href=f"/desk/cases/{row.ref}",
        mine=row.claimed_by == actor.member_id, asked=bool(row.asked),
    )  # fmt: skip


def _about(row: Any) -> str:
    if row.kind in (CaseKind.STORY, CaseKind.TRANSLATION):
        found = findings_text(row.findings or {}) or _("The look-over found nothing")
        return f"{i18n.language_name(row.language)} · {found}" if row.language else found
    if row.kind in (CaseKind.APPLICATION, CaseKind.ACCOUNT):
        return _("New member") if row.kind == CaseKind.APPLICATION else ""
    if row.kind == CaseKind.APPEAL:
        return _("Not for whoever decided it")
    if row.kind in (CaseKind.POST, CaseKind.MESSAGE):
        return findings_text(row.findings or {})
    return ngettext("told us once", "told us %(num)s times", row.flags)


def case_page(db: Session, actor: Actor, ref: str, again: bool = False, number: int = 1) -> CasePage:
    """Return a case with a page of its flags and what was decided before; its contents only for whoever has it open.

    ``again`` shows the contents once more to somebody whose two hours ended while they were writing.
    """
    found = case(db, actor, ref)
    of_case = select(Flag, sa.func.count().over()).where(Flag.case_id == found.id).order_by(*_FIRST)
    told = db.exec(of_case.limit(FLAGS_PER_PAGE).offset((number - 1) * FLAGS_PER_PAGE)).all()
    total, key = (told[0][1], told[0][0].reason) if told else (0, None)
    kind = FLAGGED.get(found.kind, "")
    mine = rules.holds(actor, found, now())
    reads = mine or (again and found.state == CaseState.OPEN and found.claimed_by == actor.member_id)
    verdict = filing.may_open(db, actor, found)
    about = appeals.decision_of(db, found)[1] if found.kind == CaseKind.APPEAL else found
    story = db.get(Story, about.subject_id) if about.subject_kind == "story" else None  # read once, kept for the contents
    return CasePage(
        case=found, title=title_of(found.kind, key), findings=findings_text(found.findings or {}),
        due_text=due_text(_hours(found.due_at)), late=found.due_at < now(), may_open=verdict,
        free=rules.free_for(actor, found, now()), mine=mine,
        flags=[_told(kind, f, reads) for f, _total in told] if verdict else [], told=total,
        later=bool(verdict) and number * FLAGS_PER_PAGE < total,
        earlier=earlier.decisions(db, actor, about) if verdict else [], languages=_names(reading.languages(db, found)),
        hidden=_hidden(db, about, story),
        contents=contents(db, actor, about) if reads and verdict else None,
        said=_said(db, found) if reads and verdict else None,
        handover=found.handover if reads and verdict else None,
        examples=alike.decisions(db, actor, about, key if found is about and kind else None) if reads and verdict else (),
        standing=alike.standing(db, actor, about) if reads and verdict else (),
        rest=not mine and found.state == CaseState.OPEN and _rests(db, actor, found),
        proposed=second.proposal(db, found) if reads and verdict else None,
        appeal=letters.at_desk(db, found, reads and bool(verdict)) if about is not found else None,
    )  # fmt: skip


def _rests(db: Session, actor: Actor, found: Case) -> bool:
    mine = care.of(db, actor.member_id)
    return care.offers(mine.opened, mine.most, found.kind, found.priority)


def _said(db: Session, found: Case) -> str | None:
    held = holding.last(db, found) if found.kind in FLAGGED else None
    return held.words if held else None


def _told(kind: str, flag: Flag, reads: bool) -> Told:
    words = (flag.note, flag.about, flag.name) if reads else (None, None, None)
    return Told(_label(kind, flag.reason), words[0], day_words(flag.on), words[1], words[2])


def _label(kind: str, key: str) -> str:
    found = reason(kind, key)
    return _(found.label) if found else key


def _names(languages: list[str]) -> str:
    return ", ".join(i18n.language_name(one) for one in languages or ["en"])


def _hidden(db: Session, found: Case, story: Story | None) -> bool:
    """Say whether what a case is about is hidden."""
    if found.kind in (CaseKind.TALK, CaseKind.MESSAGE_FLAG):
        return bool(said.of(found).is_hidden(db, found))
    return bool(story and story.held)
