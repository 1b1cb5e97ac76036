"""What ties an account to partners: it goes with the account, and stands in its owner's copy."""

from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, delete, select

from app.core.i18n import N_
from app.models.partners import Partner, PartnerAgreement, PartnerMember


def forget(db: Session, member_id: UUID) -> None:
    """Erase what ties an account that is erased to a partner; the partner and what was agreed stay."""
    db.exec(delete(PartnerMember).where(col(PartnerMember.member_id) == member_id))
    for made in (Partner, PartnerAgreement):
        db.execute(sa.update(made).where(col(made.made_by) == member_id).values(made_by=None))


def export(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the partner that the member looks after, and the partners and agreements that they made."""
    wanted = select(Partner.name, col(PartnerMember.from_on)).join(PartnerMember, col(PartnerMember.partner_id) == Partner.id)
    mine = db.exec(wanted.where(PartnerMember.member_id == member_id)).all()
    made = db.exec(select(Partner.name, col(Partner.made_on)).where(Partner.made_by == member_id)).all()
    agreed = select(Partner.name, col(PartnerAgreement.agreed_on)).join(
        PartnerAgreement, col(PartnerAgreement.partner_id) == Partner.id
    )
    wrote = db.exec(agreed.where(PartnerAgreement.made_by == member_id)).all()
    return {
        N_("partners that I look after"): [{N_("name"): name, "from": day} for name, day in mine],
        N_("partners that I made"): [{N_("name"): name, "on": day} for name, day in made],
        N_("agreements that I wrote down"): [{N_("name"): name, "on": day} for name, day in wrote],
    }  # fmt: skip
