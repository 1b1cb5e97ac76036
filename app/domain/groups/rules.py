"""Who may see a group, come in, write, and care for it: facts in, verdict out."""

from dataclasses import dataclass
from datetime import date
from typing import Final
from uuid import UUID

from app.core.errors import Invalid
from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor, may_take_part
from app.domain.groups.wording import SET_UP_BY_OTHERS
from app.models.accounts import Limit, MemberStatus
from app.models.groups import GroupRole, GroupState, JoinPolicy, PostState, Visibility

LONGEST_TERM_DAYS: Final = 366
TERM_DAYS: Final = 365
REMINDED_DAYS: Final = 30  # so long before its end whoever has a role is told
MOST_USES: Final = 200
MOST_CODE_DAYS: Final = 90
REASON_DAYS: Final = 30  # so long somebody belonged whose reason for leaving counts: else one could come and go until it is told
ASKED_DAYS: Final = 30  # after which a wish to come in that nobody answered is erased
MOST_PINNED: Final = 3
MOST_GROUPS_STARTED: Final = 5  # groups that one person cares for at a time
BOUND: Final = "circle"  # the template of a group whose members are chosen elsewhere
NEWCOMER_POSTS: Final = 3  # as long as fewer are shown, the checks look at a text as at a newcomer's


@dataclass(frozen=True, slots=True)
class Seat:
    """How somebody stands to a group: no role means that they do not belong to it."""

    role: GroupRole | None = None
    role_until: date | None = None

    @property
    def inside(self) -> bool:
        """Say whether they belong to the group."""
        return self.role is not None

    def organises(self, today: date) -> bool:
        """Say whether they care for the group today."""
        return self.role == GroupRole.ORGANISER and (self.role_until is None or self.role_until > today)


def seat_in(state: GroupState, seat: Seat) -> Seat:
    """Return what a seat is worth: in a group that a decision hid only organisers are inside, in a closed one nobody."""
    open_for = state in (GroupState.SHOWN, GroupState.WAITS)
    return seat if open_for or (state == GroupState.HIDDEN and seat.role == GroupRole.ORGANISER) else Seat()


def may_only_leave(actor: Actor, state: GroupState, seat: Seat) -> bool:
    """Say whether somebody belongs to a group that a decision hid: they read nothing of it, they learn why and can leave."""
    return state == GroupState.HIDDEN and seat.inside and not seat_in(state, seat).inside and actor.let_in


def sees(actor: Actor, visibility: Visibility, seat: Seat, state: GroupState) -> bool:
    """Say whether the group exists for the actor; what is said in it is for those inside only."""
    public = visibility != Visibility.HIDDEN and state == GroupState.SHOWN
    return public or (seat_in(state, seat).inside and actor.let_in)


def reads(actor: Actor, seat: Seat) -> bool:
    """Say whether the actor reads what is said."""
    return seat.inside and actor.let_in


def may_start(actor: Actor, organised: int) -> Verdict:
    """Answer whether the actor may start a group; ``organised``: how many they care for already."""
    most = _("You care for %(n)s groups. Hand one on before you start another.", n=organised)
    return may_begin(actor) and unless(organised >= MOST_GROUPS_STARTED, most)


def may_begin(actor: Actor) -> Verdict:
    """Answer whether the actor may begin something that others answer: a topic, a group."""
    one = actor.limited(Limit.NO_TOPICS)
    return may_take_part(actor) and (no(one.words) if one else YES)


def may_start_topic(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether the actor may begin a topic in the group."""
    return may_write(actor, seat) and may_begin(actor)


def read_first(actor: Actor) -> bool:
    """Say whether a decision has what the actor writes read before others do."""
    return actor.limited(Limit.HELD) is not None


def may_join(actor: Actor, policy: JoinPolicy, seat: Seat, by_code: bool = False) -> Verdict:
    """Answer whether the actor may come in, or ask to."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if seat.inside:
        return no(_("You belong to this group already."))
    return unless(
        policy == JoinPolicy.INVITE and not by_code, _("One comes into this group with a code. Ask somebody who is in it.")
    )


def says_why(joined_on: date, today: date) -> bool:
    """Say whether somebody who leaves is asked why: nobody raises a number by coming and going, and so learns what others said."""
    return (today - joined_on).days >= REASON_DAYS


def may_leave(seat: Seat, other_organisers: int, members: int, *, bound: bool = False) -> Verdict:
    """Answer whether somebody may leave: the last organiser names who goes on first, unless nobody else is there.

    ``bound``: a group whose members are chosen elsewhere; nobody in it can name anybody, so everybody can leave.
    """
    if not seat.inside:
        return no(_("You do not belong to this group."))
    last = seat.role == GroupRole.ORGANISER and other_organisers == 0 and members > 1 and not bound
    return unless(last, _("You are the last organiser. Name somebody who goes on, then you can leave."))


def may_belong(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether the actor may change what concerns their own place in the group."""
    return unless(not (actor.signed_in and seat.inside), _("You do not belong to this group."))


def may_write(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether the actor may write in the group."""
    if not (verdict := may_take_part(actor)):
        return verdict
    return unless(not seat.inside, _("Only members of this group write here."))


def may_care(actor: Actor, seat: Seat, today: date) -> Verdict:
    """Answer whether the actor cares for the group today."""
    if not (verdict := may_take_part(actor)):
        return verdict
    if seat.role == GroupRole.ORGANISER and not seat.organises(today):
        return no(_("Your time as organiser is over. Go on for another year, or hand it on."))
    return unless(not seat.organises(today), _("Only organisers of this group can do this."))


def may_go_on(actor: Actor, seat: Seat) -> Verdict:
    """Answer whether an organiser may go on for another year, also when their time is over."""
    return may_take_part(actor) and unless(seat.role != GroupRole.ORGANISER, _("Only organisers of this group can do this."))


def sees_post(actor: Actor, author_id: UUID | None, state: PostState, author: str | None) -> bool:
    """Say whether those inside may read a post: their own; shown, by somebody who is neither paused nor suspended.

    ``author``: how the account of whoever wrote it stands, None where they left.
    """
    if author_id is not None and author_id == actor.member_id:
        return state != PostState.DELETED
    return state == PostState.SHOWN and author in (None, MemberStatus.ACTIVE)


def may_change_post(actor: Actor, author_id: UUID | None, state: PostState) -> Verdict:
    """Answer whether the actor may change or delete what they wrote."""
    if author_id is None or author_id != actor.member_id:
        return no(_("Only whoever wrote this can change it."))
    return unless(state not in (PostState.SHOWN, PostState.HELD), _("This cannot be changed any more."))


def may_delete_post(actor: Actor, author_id: UUID | None, state: PostState) -> Verdict:
    """Answer whether the actor may delete what they wrote: always, also what is held or hidden."""
    if author_id is None or author_id != actor.member_id:
        return no(_("Only whoever wrote this can change it."))
    return unless(state == PostState.DELETED, _("This cannot be changed any more."))


def may_show_own(actor: Actor, author_id: UUID | None) -> Verdict:
    """Answer whether the actor may show again what they wrote, where nobody decided in time about what was hidden at once."""
    own = author_id is not None and author_id == actor.member_id
    return may_take_part(actor) and unless(not own, _("Only whoever wrote this can change it."))


def may_thank(actor: Actor, seat: Seat, author_id: UUID | None, state: PostState) -> Verdict:
    """Answer whether the actor may say "this helped": about what is shown, and not to oneself."""
    if state != PostState.SHOWN:
        return no(_("This is not shown any more."))
    return may_write(actor, seat) and unless(author_id == actor.member_id, _("You wrote this yourself."))


def may_accept(actor: Actor, asks: bool, asker_id: UUID | None, author_id: UUID | None) -> Verdict:
    """Answer whether the actor may say which answer helped: whoever asked, about somebody else's answer."""
    if not asks or asker_id != actor.member_id:
        return no(_("Only whoever asked can say which answer helped."))
    return unless(author_id == actor.member_id, _("You wrote this yourself."))


def may_decide(actor: Actor, author_id: UUID | None) -> Verdict:
    """Answer whether the actor decides about somebody else's words, at the desk: never about their own."""
    if not actor.may_work:
        return no(_("Only a coordinator can do this."))
    return unless(author_id is not None and author_id == actor.member_id, _("You wrote this yourself."))


def may_show_again(actor: Actor | None, author_id: UUID | None) -> Verdict:
    """Answer whether what was hidden is shown again: as may_decide(); by the clock (nobody), as a decision said, it always is."""
    return YES if actor is None else may_decide(actor, author_id)


def check_funder(begun_by: str, funded_by: str) -> None:
    """Raise Invalid where others set the group up and nobody is named who pays for it."""
    if begun_by in SET_UP_BY_OTHERS and not funded_by:
        raise Invalid("funded_by", _("Others set this group up. Write who pays for it."))


def check_question(policy: JoinPolicy, question: str) -> None:
    """Raise Invalid where people ask to come in and there is no question."""
    if policy == JoinPolicy.ASK and not question:
        raise Invalid("question", _("Write what you would like to know from people who ask to come in."))


def check_entry(visibility: Visibility, policy: JoinPolicy) -> None:
    """Raise Invalid where nobody could come in: a hidden group is found by nobody, so it needs codes."""
    if visibility == Visibility.HIDDEN and policy != JoinPolicy.INVITE:
        raise Invalid("join_policy", _("Nobody finds a hidden group, so people come in with a code. Choose that."))


def check_visibility(was: Visibility, wished: Visibility) -> None:
    """Raise Invalid where a hidden group is to be found by others: people came into it because nobody can."""
    if was == Visibility.HIDDEN and wished != Visibility.HIDDEN:
        raise Invalid("visibility", _("A hidden group stays hidden: people came in because nobody can find it. Start another one."))


def check_bound(template: str) -> None:
    """Raise Invalid where coordinators choose who belongs to a group: a circle of mentoring."""
    if template == BOUND:
        raise Invalid("", _("This is a circle of mentoring. Coordinators choose who is in it, and who leads it."))


def check_code(uses: int, today: date, until: date) -> None:
    """Raise Invalid for a code that works too often or too long."""
    if not 1 <= uses <= MOST_USES:
        raise Invalid("uses", _("A code works 1 to %(n)s times.", n=MOST_USES))
    if not 0 <= (until - today).days <= MOST_CODE_DAYS:
        raise Invalid("last_day", _("Choose a day from today to %(n)s days ahead.", n=MOST_CODE_DAYS))


def check_term(today: date, until: date) -> None:
    """Raise Invalid for a role that ends before tomorrow or lasts longer than a year."""
    if not 1 <= (until - today).days <= LONGEST_TERM_DAYS:
        raise Invalid("until", _("Choose a day from tomorrow to a year ahead."))
