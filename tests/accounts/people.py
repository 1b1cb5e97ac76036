"""People for the tests of accounts: with real names' skeletons and real keys, ready to come in."""

from typing import Any

from app.domain.accounts import joining
from app.domain.accounts.entering import locator_of
from app.domain.accounts.keys import Key, hash_secret, new_digits
from app.domain.accounts.names import skeleton
from app.models.accounts import Member, MemberKey, Role
from tests.factories import Make


def with_key(make: Make, name: str, *roles: Role, key: Key | None = None, **fields: Any) -> tuple[Member, str]:
    """Make a member who has a key; return both, the key as it is typed."""
    key = key or new_digits()
    member = make.member(name, *roles, name_key=skeleton(name), **fields)
    row = MemberKey(
        member_id=member.id, locator_hash=locator_of(key), secret_hash=hash_secret(key.secret), made_on=member.joined_on
    )
    make.db.add(row)
    make.commit()
    return member, " ".join(key.shown)


def invitation(make: Make, by: Member, uses: int = 1, **fields: Any) -> str:
    """Make an invitation row and return its code."""
    from datetime import timedelta

    from app.core.clock import now
    from app.domain.accounts.keys import new_recovery_codes
    from app.models.accounts import Invitation

    code = new_recovery_codes(1)[0]
    values = {"label": "spring", "uses": uses, "uses_left": uses, "until": now() + timedelta(days=30), **fields}
    make.db.add(Invitation(code_hash=joining.invitation_hash(code), created_by=by.id, **values))
    make.commit()
    return code
