"""People say what two listings are to each other; what is the same gets one page, and can be taken apart again exactly."""

from uuid import UUID

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
from app.domain.directory.joining import standing_for
from app.domain.directory.places import AreaBook
from app.domain.directory.wire.put import begin
from app.models.directory import Service
from app.models.listing_pairs import ListingPair, ListingVerdict, PairVerdict

_KIND = "listing_pair"


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
    if pair.verdict == PairVerdict.SAME:
        raise Invalid("", _("They are one already. Take that back first."))
    said = ListingVerdict(pair_id=pair.id, verdict=verdict, said_on=now().date())
    if verdict == PairVerdict.SAME:
        said.kept_id, said.merged_id = _merge(db, pair, first_stays)
    _say(db, pair, said, verdict)
    audit.record(db, actor, "judge_listings", _KIND, pair.id, verdict=verdict.value)


def take_apart(db: Session, actor: Actor, pair: ListingPair, *, seen: int) -> None:
    """Take "the same" back: both stand for themselves, with everything that their sources sent meanwhile; the pair waits again."""
    require(rules.may_judge_pairs(actor))
    _locked(db, pair, seen)
    last = select(ListingVerdict).where(ListingVerdict.pair_id == pair.id, ListingVerdict.verdict == PairVerdict.SAME)
    same = db.exec(last.order_by(col(ListingVerdict.id).desc()).limit(1)).first()
    if pair.verdict != PairVerdict.SAME or same is None or same.kept_id is None or same.merged_id is None:
        raise Invalid("", _("They are two already."))
    merged = db.get_one(Service, same.merged_id)
    if merged.merged_into == same.kept_id:  # the one that stood for both may have ended meanwhile
        merged.merged_into = None
        db.add(merged)
    said = ListingVerdict(
        pair_id=pair.id, verdict=PairVerdict.APART, kept_id=same.kept_id, merged_id=same.merged_id, said_on=now().date()
    )
    _say(db, pair, said, None)
    _show(db, [same.kept_id, same.merged_id])
    audit.record(db, actor, "part_listings", _KIND, pair.id)


def _locked(db: Session, pair: ListingPair, seen: int) -> None:
    begin(db)
    db.refresh(pair, with_for_update=True)
    if pair.said != seen:
        raise Invalid("", _("Somebody said something about these two meanwhile. It stands below: look again."))


def _merge(db: Session, pair: ListingPair, first_stays: bool) -> tuple[UUID, UUID]:
    """Let one listing, or what stands for it, stand for the other; return the ids of the one that stays and of the other."""
    connection = db.connection()
    both = [db.get_one(Service, standing_for(connection, key)) for key in (pair.first_id, pair.second_id)]
    stays, goes = both if first_stays else reversed(both)
    verdict = rules.may_merge(
        one_already=stays.id == goes.id, ended=any(one.defunct_on is not None for one in both),
        protected=(stays.protected, goes.protected),
    )  # fmt: skip
    if verdict.reason is not None:
        raise Invalid("verdict", verdict.reason)
    goes.merged_into = stays.id
    db.add(goes)
    _show(db, [stays.id, goes.id])
    return stays.id, goes.id


def _say(db: Session, pair: ListingPair, said: ListingVerdict, verdict: PairVerdict | None) -> None:
    pair.verdict, pair.said = verdict, pair.said + 1
    db.add_all([pair, said])
    db.flush()


def _show(db: Session, ids: list[UUID]) -> None:
    db.flush()
    compile_services(db, ids, AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)
