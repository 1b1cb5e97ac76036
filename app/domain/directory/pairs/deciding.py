"""People say what two listings are to each other; what is the same gets one page, and can be taken apart again exactly."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound
from app.core.i18n import _
from app.core.verdict import require
from app.domain import versions
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import rules
from app.domain.directory.compiling import compile_services
from app.domain.directory.places import AreaBook
from app.domain.directory.standing import everything_of
from app.domain.directory.wire.put import begin
from app.models.directory import Service
from app.models.listing_pairs import ListingPair, ListingVerdict, PairVerdict

_KIND = "listing_pair"
_TWO = (PairVerdict.DIFFERENT, PairVerdict.RELATED)


def get(db: Session, ref: str) -> ListingPair:
    """Return the pair of an address. Raises NotFound."""
    pair = db.exec(select(ListingPair).where(ListingPair.ref == ref)).first()
    if pair is None:
        raise NotFound(_("This page is not here."))
    return pair


def decide(db: Session, actor: Actor, pair: ListingPair, verdict: PairVerdict, *, seen: int, first_stays: bool = True) -> None:
    """Keep what a person says about two listings; the same ones are merged, and one of them stands for both.

    ``seen``: how much had been said when the person looked. Raises Refused, Invalid.
    """
    require(rules.may_judge_pairs(actor))
    _locked(db, pair, seen)
    first, second = (everything_of(db.connection(), [key]) for key in (pair.first_id, pair.second_id))
    if first == second:
        raise Invalid("verdict", _already_one(pair))
    said = ListingVerdict(pair_id=pair.id, verdict=verdict, said_on=now().date())
    if verdict == PairVerdict.SAME:
        _may_merge(db, pair, first, second)
        both = (pair.first_id, pair.second_id)
        said.kept_id, said.merged_id = both if first_stays else both[::-1]
    _say(db, pair, said, verdict)
    audit.record(db, actor, "judge_listings", _KIND, pair.id, verdict=verdict.value)


def take_apart(db: Session, actor: Actor, pair: ListingPair, *, seen: int) -> None:
    """Take "the same" back: what stands as one now is what the other words say; this pair waits again.

    Everything that their sources sent meanwhile is with each of them.
    """
    require(rules.may_judge_pairs(actor))
    _locked(db, pair, seen)
    if pair.verdict != PairVerdict.SAME:
        raise Invalid("", _("They are two already."))
    _say(db, pair, ListingVerdict(pair_id=pair.id, verdict=PairVerdict.APART, said_on=now().date()), None)
    audit.record(db, actor, "part_listings", _KIND, pair.id)


def _locked(db: Session, pair: ListingPair, seen: int) -> None:
    begin(db)
    db.refresh(pair, with_for_update=True)
    if pair.said != seen:
        raise Invalid("", _("Somebody said something about these two meanwhile. It stands below: look again."))


def _already_one(pair: ListingPair) -> str:
    if pair.verdict == PairVerdict.SAME:
        return _("They are one already. Take that back first.")
    return _("They are one already, because both are the same as a third. Take one of these back first.")


def _may_merge(db: Session, pair: ListingPair, first: set[UUID], second: set[UUID]) -> None:
    """Ask whether two groups of listings can be one. Raises Invalid."""
    both = [db.get_one(Service, key) for key in (pair.first_id, pair.second_id)]
    between = sa.or_(*(
        sa.and_(col(ListingPair.first_id).in_(one), col(ListingPair.second_id).in_(other))
        for one, other in ((first, second), (second, first))
    ))  # fmt: skip
    against = select(ListingPair.id).where(between, col(ListingPair.verdict).in_(_TWO), ListingPair.id != pair.id)
    verdict = rules.may_merge(
        ended=any(one.defunct_on is not None for one in both), protected=(both[0].protected, both[1].protected),
        said_to_be_two=db.exec(against.limit(1)).first() is not None,
    )  # fmt: skip
    if verdict.reason is not None:
        raise Invalid("verdict", verdict.reason)


def _say(db: Session, pair: ListingPair, said: ListingVerdict, verdict: PairVerdict | None) -> None:
    moved = PairVerdict.SAME in (pair.verdict, verdict)
    pair.verdict, pair.said = verdict, pair.said + 1
    db.add_all([pair, said])
    db.flush()
    if moved:
        compile_services(db, [pair.first_id, pair.second_id], AreaBook.load(db.connection()))
        versions.bump(db, versions.DIRECTORY)
