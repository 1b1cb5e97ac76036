"""A body says of itself who sits in it, says it anew, takes it back; somebody who does not sit there looks at it."""

from datetime import timedelta
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.errors import Invalid, NotFound, Refused
from app.core.i18n import N_, _
from app.core.verdict import require
from app.domain import ledger, versions
from app.domain.accounts.telling import tell_all
from app.domain.actor import Actor
from app.domain.audit import actions as audit
from app.domain.groups.rules import Seat
from app.domain.reporting import goals, rules
from app.models.accounts import Answer, Member, MemberStatus
from app.models.groups import Group, GroupMember, GroupRole
from app.models.reporting import Body, BodyDeclaration, Composition, Looked
from app.schemas.reporting import SayOfBody

TAKEN_BACK: Final = "declaration"  # in the ledger of erasures
A_WEEK: Final = timedelta(days=7)
NETWORK: Final = "network"
FITS: Final = N_("What your group says about who decides was looked at by somebody who does not sit there: it fits what they know.")
BACK: Final = N_(
    "Somebody who does not sit there sees differently what your group says about who decides. Nobody reads it now: look at it "
    "together, and say it anew."
)
NETWORK_FITS: Final = N_("What you said about who decides in the network was looked at by somebody else: it fits what they know.")
NETWORK_BACK: Final = N_(
    "Somebody else sees differently what you said about who decides in the network. Nobody reads it now: look at it together, and "
    "say it anew."
)
MONEY: Final = N_(
    "Those who decide about money somewhere say of themselves: fewer than 40 in 100 are women, or fewer than 40 in 100 are men. "
    "See where, and what would help."
)


def say(db: Session, actor: Actor, group: Group | None, seat: Seat, wish: SayOfBody) -> BodyDeclaration:
    """Say it of a body of a group, or of the network (None, with an empty seat), in place of what was said before.

    Raises Refused, and Invalid unless everybody who sits there agrees: of few people a line can tell what each said.
    """
    _may_say(actor, group, seat)
    if not wish.agreed and wish.says != Composition.SILENT:
        raise Invalid("agreed", _("Ask everybody who sits there first. If somebody would rather not: choose “They do not say”."))
    key = f"{group.id if group else NETWORK}/{wish.body}"
    before = db.exec(select(BodyDeclaration).where(BodyDeclaration.key == key).with_for_update()).first()
    was = before.says if before else None
    if before is not None:
        _remove(db, before)
    row = BodyDeclaration(
        key=key, group_id=group.id if group else None, body=wish.body, says=wish.says, said_on=now().date(), said_by=actor.me
    )
    try:
        with db.begin_nested():
            db.add(row)
            db.flush()
    except sa.exc.IntegrityError:
        raise Refused(_("Somebody else said something about it at the same moment. Look at that first.")) from None
    audit.record(db, actor, "numbers.declared", *_subject(row))
    if wish.body == Body.MONEY and wish.says == Composition.FEWER and was != Composition.FEWER:
        _raise_alarm(db, actor)
    versions.bump(db, versions.PAGES)
    return row


def take_back(db: Session, actor: Actor, group: Group | None, seat: Seat, row_id: UUID) -> None:
    """Say it no longer; NotFound for what does not stand there."""
    _may_take_back(actor, group, seat)
    row = db.get(BodyDeclaration, row_id, with_for_update=True)
    if row is None or row.group_id != (group.id if group else None):
        raise NotFound
    subject = _subject(row)
    _remove(db, row)
    audit.record(db, actor, "numbers.declaration_ended", *subject)
    versions.bump(db, versions.PAGES)


def look(db: Session, actor: Actor, row_id: UUID, fits: bool) -> None:
    """Say that it fits what one knows, or that it does not: then nobody reads it until it is said anew; Refused, NotFound."""
    row = db.get(BodyDeclaration, row_id, with_for_update=True)
    if row is None or not _is_seen(db, row):
        raise NotFound
    require(rules.may_look_at_body(actor, row.said_by, _sits_in(db, actor, row.group_id)))
    require(rules.can_be_looked_at(row.says, row.looked, fits))
    row.looked, row.looked_on = Looked.FITS if fits else Looked.BACK, now().date()
    db.add(row)
    db.flush()
    audit.record(db, actor, "numbers.declaration_fits" if fits else "numbers.declaration_back", *_subject(row))
    _tell(db, row, fits)
    versions.bump(db, versions.PAGES)


def _may_say(actor: Actor, group: Group | None, seat: Seat) -> None:
    if group is None:
        require(rules.may_say_of_network(actor))
    else:
        require(rules.may_say_of_group(actor, seat, group.visibility, group.state, now().date()))


def _may_take_back(actor: Actor, group: Group | None, seat: Seat) -> None:
    """Also in a group that not everybody sees any more: less is said after it than before."""
    require(rules.may_say_of_network(actor) if group is None else rules.may_unsay_of_group(actor, seat, now().date()))


def _subject(row: BodyDeclaration) -> tuple[str, UUID]:
    return ("group", row.group_id) if row.group_id else ("declaration", row.id)


def _remove(db: Session, row: BodyDeclaration) -> None:
    """Remove a row for good: a restored older copy does not bring back what is not said any more."""
    ledger.remember(db, TAKEN_BACK, row.id)
    db.delete(row)
    db.flush()


def _is_seen(db: Session, row: BodyDeclaration) -> bool:
    """Say whether everybody sees the group of which it is said; of another one nothing is there at the desk."""
    group = db.get(Group, row.group_id) if row.group_id else None
    return row.group_id is None or (group is not None and rules.is_public(group.visibility, group.state))


def _sits_in(db: Session, actor: Actor, group_id: UUID | None) -> bool:
    mine = sa.exists().where(col(GroupMember.group_id) == group_id, col(GroupMember.member_id) == actor.me)
    return bool(group_id and db.execute(sa.select(mine)).scalar())


def _raise_alarm(db: Session, actor: Actor) -> None:
    """Tell those who can act, at most once a week: the page says of whom, and everybody reads it."""
    lately = sa.exists().where(col(Answer.sentence) == MONEY, col(Answer.at) > now() - A_WEEK)
    if not db.execute(sa.select(lately)).scalar():
        tell_all(db, ((one, "/desk/numbers/deciding") for one in goals.who_act(db) if one != actor.me), MONEY)


def _tell(db: Session, row: BodyDeclaration, fits: bool) -> None:
    """Tell those who care for the group today, or who said it for the network; who looked is not told."""
    if row.group_id is None:
        told = [(row.said_by, "/desk/numbers/deciding")] if row.said_by else []
        tell_all(db, told, NETWORK_FITS if fits else NETWORK_BACK)
        return
    lasts = sa.or_(col(GroupMember.role_until).is_(None), col(GroupMember.role_until) > now().date())
    wanted = (
        sa.select(col(GroupMember.member_id), col(Group.ref)).join(Group, col(Group.id) == col(GroupMember.group_id))
        .join(Member, col(Member.id) == col(GroupMember.member_id))
        .where(col(Group.id) == row.group_id, col(GroupMember.role) == GroupRole.ORGANISER, lasts)
        .where(col(Member.status).in_((MemberStatus.ACTIVE, MemberStatus.PAUSED)))
    )  # fmt: skip
    tell_all(db, ((who, f"/g/{ref}/care/deciding") for who, ref in db.execute(wanted)), FITS if fits else BACK)
