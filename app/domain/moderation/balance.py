"""How the work of a week is shared among coordinators: as a balance, without names, numbers or an order by them."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col

from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.i18n import N_, _
from app.core.verdict import Verdict, require, unless
from app.domain.actor import Actor
from app.domain.moderation import handing, leading, rules
from app.models.accounts import Role, RoleGrant
from app.models.moderation import Bar, Case, CaseKind, Decision, Priority

WEEK: Final = 7
LEAST_PEOPLE: Final = 3  # of two, each would read the share of the other
LEAST_LOAD: Final = 3  # for each of them: below it a share is chance
WEIGHT: Final = 2  # of a case about danger or somebody exposed, or a whole story
LESS, EVEN, MORE = "less", "even", "more"
BANDS: Final = {
    LESS: N_("has room at the moment"), EVEN: N_("about an even share"), MORE: N_("more than an even share"),
}  # fmt: skip
# Decisions that nobody may conclude anything from: what only safeguarding knows of, accounts, and what is decided once more.
_UNTOLD: Final = (*rules.SAFEGUARDING_ONLY, CaseKind.ACCOUNT, CaseKind.APPEAL)
_C, _D, _B = Case.__table__, Decision.__table__, Bar.__table__  # type: ignore[attr-defined]


@dataclass(frozen=True, slots=True)
class Part:
    """The share of one coordinator; only the reader's own is known as theirs."""

    mine: bool
    band: str


@dataclass(frozen=True, slots=True)
class Balance:
    """A week; ``parts`` is empty where it would tell more than a balance: ``why`` says so."""

    first: date
    last: date
    people: int
    parts: list[Part]
    why: str | None = None


def may_see(actor: Actor) -> Verdict:
    """Answer whether the actor sees how the work is shared: coordinators only."""
    return unless(not actor.has(Role.COORDINATOR), _("Only a coordinator can do this."))


def band(load: int, total: int, people: int) -> str:
    """Return the band of a share: less than half of an even one, more than one and a half of it, or about even."""
    if 2 * load * people < total:
        return LESS
    return MORE if 2 * load * people > 3 * total else EVEN


def told(total: int, people: int) -> str | None:
    """Return why shares are not told, or None where they are."""
    if people < LEAST_PEOPLE:
        return _("Shares are shown from three coordinators on. Ask each other how it goes.")
    if total < LEAST_LOAD * people:
        return _("It was a quiet week: too little to speak of shares.")
    return None


def week(db: Session, actor: Actor) -> Balance:
    """Return how the seven days until yesterday were shared among those who are coordinators today.

    The same for every reader but for which share is their own: what one of them may not know of counts for nobody. So no case about
    anybody who ever had a role counts, nor about what somebody leads, nor one that is hidden from anybody. Today does not count, so
    that no share moves with a decision. The order is one of chance, anew each week.
    """
    require(may_see(actor))
    first, last = now().date() - timedelta(days=WEEK), now().date() - timedelta(days=1)
    here = [member_id for member_id, _name in handing.colleagues(db, actor, CaseKind.APPLICATION)] + [actor.me]
    loads = _loads(db, first, last, here)
    total, people = sum(loads.values()), len(here)
    if why := told(total, people):
        return Balance(first, last, people, [], why)
    key = core_settings.current().secret
    order = sorted(here, key=lambda one: keyed_hash(key, "desk-balance", f"{first.isocalendar()[:2]}:{one}"))
    parts = [Part(one == actor.member_id, band(loads.get(one, 0), total, people)) for one in order]
    return Balance(first, last, people, parts)


def _loads(db: Session, first: date, last: date, here: list[UUID]) -> dict[UUID, int]:
    """Return the weighed number of decisions of these people from the first through the last day; one statement."""
    begins, ends = (datetime.combine(day, time(), now().tzinfo) for day in (first, last + timedelta(days=1)))
    powerful = sa.select(col(RoleGrant.member_id))
    weight = sa.case((sa.or_(_C.c.priority.in_((Priority.DANGER, Priority.EXPOSED)), _C.c.kind == CaseKind.STORY), WEIGHT), else_=1)
    counted = (
        sa.select(_D.c.decided_by, sa.func.sum(weight)).join(_C, _C.c.id == _D.c.case_id)
        .where(_D.c.decided_by.in_(here), _D.c.at >= begins, _D.c.at < ends, ~_D.c.undone)
        .where(_C.c.kind.not_in(_UNTOLD), _C.c.subject_kind.not_in(leading.OF_LEADERS))
        .where(sa.or_(_C.c.about_id.is_(None), _C.c.about_id.not_in(powerful)))
        .where(sa.or_(_D.c.about_id.is_(None), _D.c.about_id.not_in(powerful)))
        .where(~sa.exists().where(_B.c.case_id == _C.c.id, _B.c.hidden))
        .group_by(_D.c.decided_by)
    )  # fmt: skip
    return {member_id: int(load) for member_id, load in db.execute(counted)}
