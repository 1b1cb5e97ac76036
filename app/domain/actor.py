"""Who acts: loaded once per request, immutable."""

from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from app.core.clock import now
from app.core.i18n import _
from app.core.verdict import YES, Verdict, no
from app.domain.limits import Limited
from app.domain.paused import Lasting
from app.models.accounts import Limit, MemberStatus, PhoneMode, Role

POWER = frozenset({Role.COORDINATOR, Role.SAFEGUARDING, Role.ANALYST, Role.OPERATOR})
PROOF_MINUTES = 10


@dataclass(frozen=True, slots=True)
class Actor:
    """A member with their roles of today, or a guest (no id)."""

    member_id: UUID | None = None
    name: str = ""
    language: str = "en"
    status: MemberStatus = MemberStatus.ACTIVE
    roles: frozenset[Role] = field(default_factory=frozenset)
    sign_in_id: UUID | None = None
    mode: PhoneMode = PhoneMode.SHARED
    proven_at: datetime | None = None
    second_factor: bool = False  # shown in this session, or not asked for (demo)
    limits: tuple[Limited, ...] = ()  # what decisions keep the account from now, the strictest first
    pauses: tuple[Lasting, ...] = ()  # what the house has paused, read with the session; of a guest the gate asks by itself

    @property
    def signed_in(self) -> bool:
        """Say whether this is a member."""
        return self.member_id is not None

    @property
    def me(self) -> UUID:
        """Return the member's id; only for somebody signed in."""
        if self.member_id is None:
            raise LookupError("a guest has no id")
        return self.member_id

    @property
    def active(self) -> bool:
        """Say whether this is a member in good standing (not applied, paused, suspended or leaving)."""
        return self.signed_in and self.status == MemberStatus.ACTIVE and not self.stopped

    @property
    def stopped(self) -> bool:
        """Say whether a decision stops the account now, for a time or for good."""
        return self.limited(Limit.STOPPED, Limit.CLOSED) is not None

    def limited(self, *whats: Limit) -> Limited | None:
        """Return the strictest of these that lasts, None where the account is free of them."""
        return next((one for one in self.limits if one.what in whats), None)

    @property
    def let_in(self) -> bool:
        """Say whether what is told to members is told to this person: not while they wait to be let in, nor once stopped."""
        return self.signed_in and self.status not in (MemberStatus.APPLIED, MemberStatus.SUSPENDED) and not self.stopped

    @property
    def may_keep(self) -> bool:
        """Say whether this phone may keep pages: not while somebody is signed in who said that others use it too."""
        return not self.signed_in or self.mode == PhoneMode.ONLY_ME

    def has(self, *roles: Role) -> bool:
        """Say whether the actor holds one of the roles today."""
        return self.active and not self.roles.isdisjoint(roles)

    @property
    def may_work(self) -> bool:
        """Say whether Work is shown: a coordinator or safeguarding."""
        return self.has(Role.COORDINATOR, Role.SAFEGUARDING)

    @property
    def lately_proven(self) -> bool:
        """Say whether the key was shown within the last ten minutes (ASVS 7.5.1)."""
        return self.proven_at is not None and (now() - self.proven_at).total_seconds() < PROOF_MINUTES * 60


GUEST = Actor()


def may_take_part(actor: Actor) -> Verdict:
    """Answer whether the actor may write anything at all."""
    if not actor.signed_in:
        return no(_("Join first, or come in with your key."))
    if one := actor.limited(Limit.STOPPED, Limit.CLOSED, Limit.READ_ONLY):
        return no(one.words)
    sentences = {
        MemberStatus.APPLIED: _("A coordinator looks at your request first. You can read what is open to all."),
        MemberStatus.PAUSED: _("Your account is paused. Start it again under Me."),
        MemberStatus.SUSPENDED: _("Your account is stopped for now. The reason stands under My answers."),
        MemberStatus.LEAVING: _("Your account is about to be deleted. You can stop that under Me."),
    }
    return no(sentences[actor.status]) if actor.status in sentences else YES
