"""What will change because of the numbers: who sees to it, by when, what came of it; public, and taken away again."""

import re
from datetime import date
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _, current
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.reporting import rules
from app.domain.stories.lookover import look_over
from app.domain.stories.lookover_parts import Kind
from app.models.accounts import Member
from app.models.reporting import ChangePromise, NumberRelease
from app.schemas.reporting import NewPromise

SHOWN: Final = 20  # beside a release: all open ones, then what was settled last
OWNERS: Final = {
    "coordinators": N_("The coordinators"), "organisers": N_("Those who lead groups"), "mentors": N_("The mentors"),
    "analysts": N_("Those who work on the numbers"), "safeguarding": N_("Those who look after safety"),
    "operators": N_("Those who run the machine"), "everyone": N_("All of us"),
}  # fmt: skip
NO_NAMES: Final = frozenset(Kind) - {Kind.DATE, Kind.PLACE}
# A count in words is a count. "One" is left out: it stands for "somebody", too.
NUMBER_WORDS: Final = frozenset(
    "two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen "
    "twenty thirty forty fifty sixty seventy eighty ninety hundred thousand dozen "
    "deux trois quatre cinq sept huit neuf dix onze douze treize quatorze quinze seize vingt trente quarante cinquante "
    "soixante cent mille dizaine douzaine vingtaine centaine "
    "اثنان اثنين اثنتان اثنتين ثلاث ثلاثة أربع أربعة خمس خمسة ست ستة سبع سبعة ثماني ثمانية ثمان تسع تسعة عشر عشرة عشرون عشرين "
    "ثلاثون ثلاثين أربعون أربعين خمسون خمسين ستون ستين سبعون سبعين ثمانون ثمانين تسعون تسعين مئة مائة ألف "
    "امرأتان امرأتين رجلان رجلين".split()
)


def fit(db: Session, field: str, text: str) -> None:
    """Refuse words that everybody would read and that count people or name somebody: raises ``Invalid``."""
    read = re.findall(r"\w+", text.casefold())
    if any(letter.isnumeric() for letter in text) or NUMBER_WORDS & set(read):
        raise Invalid(field, _("Leave numbers out: everybody reads this, and a number of people can point at somebody."))
    named = [one for one in look_over(text, current()) if one.kind in NO_NAMES]
    if named or _member_in(db, text):
        raise Invalid(field, _("Leave names and contacts out: everybody reads this. Say what role somebody has."))


def _member_in(db: Session, text: str) -> bool:
    found = db.execute(sa.select(col(Member.name)).where(col(Member.name) != "", sa.literal(text).contains(col(Member.name))))
    return any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", text) for (name,) in found)


def promise(db: Session, actor: Actor, wish: NewPromise) -> ChangePromise:
    """Write down what will change, who sees to it and by when; everyone sees it with the next release."""
    require(rules.may_work_on_numbers(actor))
    today: date = now().date()
    if reason := rules.promise_fits(wish.due, today).reason:
        raise Invalid("due", reason)
    fit(db, "what", wish.what)
    if len(db.exec(select(ChangePromise.id).where(col(ChangePromise.done_on).is_(None)).limit(SHOWN)).all()) == SHOWN:
        raise Invalid("what", _("Say first what came of an earlier one: no more than %(most)s can be open at once.", most=SHOWN))
    row = ChangePromise(what=wish.what, owner=wish.owner, due_on=wish.due, made_on=today)
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.promised", "promise", row.id)
    return row


def settle(db: Session, actor: Actor, promise_id: UUID, outcome: str) -> None:
    """Say what came of a promise; NotFound for one that is not there or was settled before."""
    require(rules.may_work_on_numbers(actor))
    row = db.get(ChangePromise, promise_id)
    if row is None or row.done_on is not None:
        raise NotFound
    fit(db, "outcome", outcome)
    row.done_on, row.outcome = now().date(), outcome
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.settled", "promise", row.id)


def erase(db: Session, actor: Actor, promise_id: UUID) -> None:
    """Take a promise away, before it is public and after: from every release that shows it too; NotFound for none."""
    require(rules.may_work_on_numbers(actor))
    row = db.get(ChangePromise, promise_id, with_for_update=True)
    if row is None:
        raise NotFound
    db.delete(row)
    for release in db.exec(select(NumberRelease).where(col(NumberRelease.published_at).is_not(None))):
        kept = [one for one in release.promises if one.get("id") != str(promise_id)]
        if len(kept) < len(release.promises):
            release.promises = kept
            db.add(release)
    db.flush()
    versions.bump(db, versions.PAGES)
    audit.record(db, actor, "numbers.promise_erased", "promise", promise_id)


def to_publish(db: Session, *, lock: bool = False) -> list[dict[str, str]]:
    """Return what stands beside a release that is published now; ``lock`` lets nobody take one away meanwhile."""
    found = select(ChangePromise).order_by(col(ChangePromise.done_on).is_not(None), col(ChangePromise.id).desc()).limit(SHOWN)
    rows = db.exec(found.with_for_update() if lock else found).all()
    return [
        {
            "id": str(p.id), "what": p.what, "owner": p.owner, "due": str(p.due_on), "done": str(p.done_on or ""),
            "outcome": p.outcome,
        }
        for p in rows
    ]  # fmt: skip
