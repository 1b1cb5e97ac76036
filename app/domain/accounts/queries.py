"""What is read about accounts: never a list of members, only what somebody owns or works on."""

import re
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.clock import now
from app.core.i18n import _, day_words
from app.domain.accounts.names import skeleton
from app.domain.accounts.rules import VOUCHES_NEEDED
from app.models.accounts import (
    Answer,
    Export,
    Invitation,
    Member,
    MemberStatus,
    Passkey,
    RecoveryCode,
    Role,
    RoleGrant,
    SignIn,
    Vouch,
    WayBack,
)

ANSWERS_PER_PAGE = 20
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")


@dataclass(frozen=True, slots=True)
class Told:
    """An answer in the words of the reader's language."""

    text: str
    note: str | None
    link: str | None
    at: datetime
    unread: bool
    matter: UUID | None = None


@dataclass(frozen=True, slots=True)
class Overview:
    """What the page Me shows."""

    member: Member
    unread: int
    codes_left: int
    open_sessions: int
    passkeys: int
    someone_comes_back: WayBack | None


@dataclass(frozen=True, slots=True)
class Holder:
    """Somebody who holds a role today."""

    grant: RoleGrant
    name: str


def member_by_id(db: Session, member_id: UUID) -> Member | None:
    """Return the member, also one who is gone."""
    return db.get(Member, member_id)


def member_by_name(db: Session, name: str) -> Member | None:
    """Return who has a name with the same look, or None."""
    return db.exec(select(Member).where(Member.name_key == skeleton(name)[:160])).first()


def taken(db: Session, names: list[str]) -> set[str]:
    """Return those skeletons of ``names`` that are in use."""
    wanted = [skeleton(name)[:160] for name in names]
    return set(db.exec(select(Member.name_key).where(col(Member.name_key).in_(wanted))).all())


def roles_today(db: Session, member_id: UUID) -> frozenset[Role]:
    """Return the roles that the member holds today."""
    today = now().date()
    found = db.exec(
        select(RoleGrant.role).where(
            RoleGrant.member_id == member_id, RoleGrant.from_on <= today, RoleGrant.until_on > today,
            col(RoleGrant.ended_on).is_(None),
        )
    ).all()  # fmt: skip
    return frozenset(Role(role) for role in found)


def holds_a_role(db: Session, name: str) -> bool:
    """Say whether somebody of this look holds a role today."""
    found = member_by_name(db, name) if skeleton(name) else None
    return found is not None and bool(roles_today(db, found.id))


def passkeys(db: Session, member_id: UUID) -> list[Passkey]:
    """Return the member's passkeys, oldest first."""
    return list(db.exec(select(Passkey).where(Passkey.member_id == member_id).order_by(col(Passkey.id))).all())


def overview(db: Session, member_id: UUID) -> Overview:
    """Return what the page Me shows, in three statements."""
    moment = now()

    def count(of: type, *conditions: sa.ColumnElement[bool]) -> sa.ScalarSelect[int]:
        return sa.select(sa.func.count()).select_from(of).where(*conditions).scalar_subquery()

    row = db.execute(sa.select(
        count(Answer, col(Answer.member_id) == member_id, col(Answer.read_at).is_(None)),
        count(RecoveryCode, col(RecoveryCode.member_id) == member_id, col(RecoveryCode.used_at).is_(None)),
        count(SignIn, col(SignIn.member_id) == member_id, col(SignIn.idle_until) > moment, col(SignIn.ends_at) > moment),
        count(Passkey, col(Passkey.member_id) == member_id),
    )).one()  # fmt: skip
    member = db.get_one(Member, member_id)
    unread, codes_left, open_sessions, keys = row
    return Overview(member, unread, codes_left, open_sessions, keys, open_way_back(db, member_id))


def open_way_back(db: Session, member_id: UUID) -> WayBack | None:
    """Return the oldest request to come back to this account that somebody has said yes to and that can be stopped."""
    return db.exec(
        select(WayBack).where(
            WayBack.member_id == member_id, col(WayBack.stopped_at).is_(None), col(WayBack.used_at).is_(None),
            select(Vouch.id).where(Vouch.way_back_id == WayBack.id).exists(),
        ).order_by(col(WayBack.id))
    ).first()  # fmt: skip


def yeses(db: Session, way_back_id: UUID) -> int:
    """Return how many organisers have said yes, at most as many as are needed."""
    found = db.exec(select(sa.func.count()).select_from(Vouch).where(Vouch.way_back_id == way_back_id)).one()
    return min(found, VOUCHES_NEEDED)


def sign_ins(db: Session, member_id: UUID) -> list[SignIn]:
    """Return the member's open sessions, the latest first."""
    moment = now()
    return list(db.exec(
        select(SignIn).where(SignIn.member_id == member_id, SignIn.idle_until > moment, SignIn.ends_at > moment)
        .order_by(col(SignIn.seen_at).desc())
    ).all())  # fmt: skip


def answers(db: Session, member_id: UUID, page: int) -> tuple[list[Told], bool]:
    """Return one page of answers, newest first, and whether there are more."""
    rows = db.exec(
        select(Answer).where(Answer.member_id == member_id).order_by(col(Answer.at).desc(), col(Answer.id).desc())
        .limit(ANSWERS_PER_PAGE + 1).offset((page - 1) * ANSWERS_PER_PAGE)
    ).all()  # fmt: skip
    told = [Told(in_words(r), r.note, r.link, r.at, r.read_at is None, r.matter) for r in rows[:ANSWERS_PER_PAGE]]
    return told, len(rows) > ANSWERS_PER_PAGE


def in_words(answer: Answer) -> str:
    """Return the sentence of an answer in the current language."""
    return _(answer.sentence, **{name: _told(value) for name, value in answer.params.items()})


def _told(value: Any) -> Any:
    """Return a part of an answer; a day is kept as 2026-11-20 and told as people write it."""
    return day_words(date.fromisoformat(value)) if isinstance(value, str) and _DAY.fullmatch(value) else value


def open_export(db: Session, member_id: UUID) -> Export | None:
    """Return the copy that can still be fetched, or None."""
    return db.exec(select(Export).where(Export.member_id == member_id, col(Export.ends_at) > now())).first()


def applications(db: Session) -> list[Member]:
    """Return who asks to join, the longest waiting first (at most 50)."""
    waiting = select(Member).where(Member.status == MemberStatus.APPLIED).order_by(col(Member.id)).limit(50)
    return list(db.exec(waiting).all())


def invitations(db: Session) -> list[Invitation]:
    """Return the invitations that still work, newest first."""
    return list(db.exec(
        select(Invitation).where(Invitation.until > now(), col(Invitation.ended_at).is_(None))
        .order_by(col(Invitation.id).desc()).limit(100)
    ).all())  # fmt: skip


def holders(db: Session) -> list[Holder]:
    """Return who holds which role today, those that end soonest first."""
    today = now().date()
    rows = db.exec(
        select(RoleGrant, Member.name).join(Member, col(Member.id) == RoleGrant.member_id)
        .where(RoleGrant.from_on <= today, RoleGrant.until_on > today, col(RoleGrant.ended_on).is_(None))
        .order_by(col(RoleGrant.until_on), col(RoleGrant.id)).limit(200)
    ).all()  # fmt: skip
    return [Holder(grant, name) for grant, name in rows]


def coordinators(db: Session) -> list[UUID]:
    """Return who holds the role of a coordinator today; one statement."""
    lasts = col(RoleGrant.until_on) > now().date(), col(RoleGrant.ended_on).is_(None)
    return list(db.exec(select(RoleGrant.member_id).where(RoleGrant.role == Role.COORDINATOR, *lasts).distinct()))
