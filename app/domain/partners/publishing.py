"""One listing by hand: what a spreadsheet takes in a row, typed into a form, after a look at what is here already."""

from collections.abc import Sequence
from typing import Any

from sqlmodel import Session, col, func, select

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import overlap_answer
from app.domain.directory.needs import needs_for
from app.domain.partners import looking_after, of_groups, rules
from app.domain.partners.listings import by_ids
from app.domain.partners.placing import feed_of
from app.domain.partners.sheets import COLUMNS, key_of, read_row
from app.domain.partners.taking import Sent, put
from app.domain.partners.typed import to_fill
from app.domain.search.queries import Hit
from app.models.partners import Partner, PartnerRecord, RecordState


class ChangedMeanwhile(Conflict):
    """Somebody else wrote after the page at hand was opened."""


def publish(
    db: Session, actor: Actor, partner: Partner, wish: dict[str, Any], found: Sequence[Hit], different: str
) -> PartnerRecord:
    """Take one new listing in, with what was said about what is here already. Returns its record.

    Raises Refused, Invalid (by the field of the form), Conflict where something is here and nothing is said to be different.
    """
    require(looking_after.may(db, actor, partner))
    key = wish["id"] or new_ref()
    if by_ids(db, partner, "service", {key}):
        raise Invalid("id", _("A listing of yours has this reference already. A spreadsheet or a program changes it."))
    _not_too_many(db, partner)
    record = _put(db, partner, {**wish, "id": key}, found, different)
    audit.record(db, actor, "group.published" if partner.group_id else "partner.published", "partner", partner.id, found=len(found))
    return record


def change(
    db: Session, actor: Actor, partner: Partner, record: PartnerRecord, wish: dict[str, Any], found: Sequence[Hit] | None,
    different: str, seen: str,
) -> PartnerRecord:  # fmt: skip
    """Write a group's listing anew; ``found`` is None where it helps the same people with the same in the same place as before.

    Raises Refused, Invalid, ChangedMeanwhile (``seen`` is the hash of what the form showed), Conflict where something is here for
    what it does now and nothing is said to be different.
    """
    require(looking_after.may(db, actor, partner))
    db.refresh(record, with_for_update=True)
    if record.content_hash != seen:
        raise ChangedMeanwhile(
            _("Somebody else changed this meanwhile. Nothing was overwritten. Sent once more, yours takes its place.")
        )
    if record.state == RecordState.WITHDRAWN:
        raise Invalid("", _("It was taken out. Publish it anew if it is there again."))
    again = _put(db, partner, {**wish, "id": record.foreign_id}, found, different)
    audit.record(db, actor, "group.changed", "partner", partner.id)
    return again


def helps_otherwise(record: PartnerRecord, wish: dict[str, Any]) -> bool:
    """Say whether ``wish`` is for another need, for others or elsewhere than what was written before."""
    before = to_fill(record.content)
    needs = before["needs"] or needs_for(f"{before['name']} {before['description']}")
    return set(wish["needs"]) != set(needs) or any(
        wish[name] != before[name] for name in ("open_to", "town", "region")
    )  # fmt: skip


def help_there(db: Session, actor: Actor, partner: Partner, how: str, found: Sequence[Hit]) -> None:
    """Keep that a partner joins what is here, or sends people there, in place of publishing it a second time."""
    require(looking_after.may(db, actor, partner))
    audit.record(
        db,
        actor,
        "group.helps_there" if partner.group_id else "partner.helps_there",
        "partner",
        partner.id,
        how=how,
        found=len(found),
    )


def _not_too_many(db: Session, partner: Partner) -> None:
    if partner.group_id is None:
        return  # taking.put counts those of partners
    wanted = select(func.count()).where(
        PartnerRecord.partner_id == partner.id, col(PartnerRecord.state).not_in([RecordState.WITHDRAWN])
    )  # fmt: skip
    if db.exec(wanted).one() >= rules.MOST_OF_A_GROUP:
        raise Invalid("", _("A group offers %(limit)s services at most. Take others out first.", limit=rules.MOST_OF_A_GROUP))


def _put(db: Session, partner: Partner, wish: dict[str, Any], found: Sequence[Hit] | None, different: str) -> PartnerRecord:
    if found and not different:
        raise Conflict(_("Something like it is here already. Say what is different, or help there."))
    sent = _sent(partner, db, wish)
    if found is not None:
        sent.data["overlap"] = overlap_answer.answer([hit.shown["ref"] for hit in found], different)
    if (owner := of_groups.owner_of(db, partner)) is not None:
        sent.data["organization"] = owner
    one = put(db, partner, [sent])[0]
    for problem in one.checked.problems:
        raise Invalid(key_of(problem), problem.sentence)
    if one.record is None:  # cannot be: what has no mistake is kept
        raise Conflict(_("This page is not here."))
    return one.record


def _sent(partner: Partner, db: Session, wish: dict[str, Any]) -> Sent:
    several = {"needs": ", ".join(wish["needs"]), "open_to": ", ".join(wish["open_to"])}
    values = {key: str(text) for key, text in {**wish, **several}.items() if key in COLUMNS and text}
    sheet = read_row(values, wish["language"], feed_of(db, partner).country)
    return sheet.found[0][1]
