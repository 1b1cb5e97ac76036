"""One listing by hand: what a spreadsheet takes in a row, typed into a form, after a look at what is here already."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.core.errors import Conflict, Invalid
from app.core.i18n import _
from app.core.ids import new_ref
from app.core.verdict import require
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.directory import overlap_answer
from app.domain.partners import rules
from app.domain.partners.listings import by_ids
from app.domain.partners.placing import feed_of
from app.domain.partners.queries import membership
from app.domain.partners.sheets import COLUMNS, key_of, read_row
from app.domain.partners.taking import Sent, put
from app.domain.search.queries import Hit
from app.models.partners import Partner, PartnerRecord


def publish(
    db: Session, actor: Actor, partner: Partner, wish: dict[str, Any], found: Sequence[Hit], different: str
) -> PartnerRecord:
    """Take one new listing in, with what was said about what is here already. Returns its record.

    Raises Refused, Invalid (by the field of the form), Conflict where something is here and nothing is said to be different.
    """
    _may(db, actor, partner)
    if found and not different:
        raise Conflict(_("Something like it is here already. Say what is different, or help there."))
    key = wish["id"] or new_ref()
    if by_ids(db, partner, "service", {key}):
        raise Invalid("id", _("A listing of yours has this reference already. A spreadsheet or a program changes it."))
    sent = _sent(partner, db, {**wish, "id": key})
    sent.data["overlap"] = overlap_answer.answer([hit.shown["ref"] for hit in found], different)
    one = put(db, partner, [sent])[0]
    for problem in one.checked.problems:
        raise Invalid(key_of(problem), problem.sentence)
    if one.record is None:  # cannot be: what has no mistake is kept
        raise Conflict(_("This page is not here."))
    audit.record(db, actor, "partner.published", "partner", partner.id, found=len(found))
    return one.record


def help_there(db: Session, actor: Actor, partner: Partner, how: str, found: Sequence[Hit]) -> None:
    """Keep that a partner joins what is here, or sends people there, in place of publishing it a second time."""
    _may(db, actor, partner)
    audit.record(db, actor, "partner.helps_there", "partner", partner.id, how=how, found=len(found))


def _may(db: Session, actor: Actor, partner: Partner) -> None:
    mine: UUID | None = membership(db, actor.member_id)
    require(rules.may_look_after(actor, mine == partner.id, partner.ended_on is not None))


def _sent(partner: Partner, db: Session, wish: dict[str, Any]) -> Sent:
    several = {"needs": ", ".join(wish["needs"]), "open_to": ", ".join(wish["open_to"])}
    values = {key: str(text) for key, text in {**wish, **several}.items() if key in COLUMNS and text}
    sheet = read_row(values, wish["language"], feed_of(db, partner).country)
    return sheet.found[0][1]
