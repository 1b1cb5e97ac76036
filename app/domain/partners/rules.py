"""What partners, their programs and those who look after them may do: facts in, verdict out."""

from datetime import date, timedelta
from typing import Final

from app.core.i18n import _
from app.core.verdict import YES, Verdict, no, unless
from app.domain.actor import Actor
from app.domain.groups import rules as groups
from app.models.accounts import Role
from app.models.groups import GroupState
from app.models.partners import RecordState, Scope

FIRST_LISTINGS: Final = 20  # of a new partner: a coordinator looks at each before anybody else sees it
MOST_OF_A_GROUP: Final = 50  # listings of one group, each written by hand
MOST_LISTINGS: Final = 5_000  # of one partner; more come as an import, which an operator starts
LONGEST_KEY: Final = timedelta(days=366)
LONGEST_AGREEMENT: Final = timedelta(days=3 * 366)
OVERLAP: Final = 2  # keys for one and the same thing, so that one can be put in place before the other ends


def may_manage(actor: Actor) -> Verdict:
    """Coordinators make partners, their agreements and keys, and let listings in."""
    return unless(not (actor.has(Role.COORDINATOR) and actor.second_factor), _("Only a coordinator can do this."))


def may_look_after(actor: Actor, mine: bool, ended: bool) -> Verdict:
    """Whoever is named as looking after a partner works on its listings and keys while the partnership lasts."""
    if not actor.active or not mine:
        return no(_("Only somebody who looks after this partner can do this."))
    return unless(ended, _("This partnership has ended. Its listings are as they were."))


def may_offer(actor: Actor, seat: groups.Seat, state: GroupState, today: date, *, ending: bool = False) -> Verdict:
    """Organisers look after what their group offers while it is shown; taking out (``ending``) they always may."""
    verdict = groups.may_care(actor, groups.seat_in(state, seat), today)
    if not verdict or ending:
        return verdict
    return unless(
        state != GroupState.SHOWN,
        _("This group waits for somebody to look at it, or is hidden. Until that is over its services can only be taken out."),
    )


def may_make_key(scopes: list[Scope], live: list[list[Scope]], today: date, until: date, ended: bool) -> Verdict:
    """A key has an end within a year; of keys for the same thing two may work at a time."""
    if ended:
        return no(_("This partnership has ended. Its listings are as they were."))
    if not scopes:
        return no(_("Choose what the key is for."))
    if not today < until <= today + LONGEST_KEY:
        return no(_("Choose a last day within the next 12 months."))
    if any(sum(scope in others for others in live) >= OVERLAP for scope in scopes):
        return no(_("Two keys for this work already. End one of them first."))
    return YES


def key_works(today: date, until: date, key_ended: date | None, partner_ended: date | None) -> Verdict:
    """A key works through its last day, until it is withdrawn or the partnership ends."""
    if partner_ended is not None:
        return no(_("This partnership has ended, so its keys do not work any more."))
    if key_ended is not None:
        return no(_("This key was withdrawn. Make a new one."))
    if today > until:
        return no(_("This key ended on %(day)s. Make a new one.", day=until.isoformat()))
    return YES


def may_use(scopes: frozenset[Scope], wanted: Scope) -> Verdict:
    """A key for listings reads them too; a key for reading changes nothing."""
    fits = wanted in scopes or (wanted == Scope.READ and Scope.LISTINGS in scopes)
    return unless(not fits, _("This key is not for that. It needs the scope %(scope)s.", scope=wanted.value))


def agreement_fits(today: date, review: date) -> Verdict:
    """An agreement is looked at again within three years."""
    return unless(not today < review <= today + LONGEST_AGREEMENT, _("Choose a day within the next three years."))


def may_receive_referrals(today: date, review: date | None) -> Verdict:
    """Members are handed on only to partners whose agreement is in date; listing needs none."""
    if review is None:
        return no(_("There is no agreement yet, so nobody is handed on to this partner."))
    return unless(today > review, _("The agreement has to be looked at again, so nobody is handed on to this partner now."))


def waits(accepted: int, before: RecordState | None, declined: bool = False) -> bool:
    """Say whether something that was sent waits for a coordinator.

    Everything of a new partner does, also changes of what was let in; and always what waits already or was once declined.
    """
    return accepted < FIRST_LISTINGS or declined or before in (RecordState.WAITING, RecordState.DECLINED)


def may_add(there: int) -> Verdict:
    """A partner has so many listings at most, whether they wait or are in; those that it took out do not count."""
    limit = MOST_LISTINGS
    return unless(
        there >= limit,
        _("There are %(limit)s listings of yours already, and more cannot be kept. Take others out first.", limit=limit),
    )


def may_confirm(state: RecordState, defunct: bool, by_people: bool = False) -> Verdict:
    """What is in the directory can be confirmed."""
    if state == RecordState.WAITING:
        return no(_("It waits for a coordinator of the network. There is nothing to confirm yet."))
    if state == RecordState.DECLINED:
        return no(_("A coordinator did not let it in. Put it right and send it again."))
    if by_people and state != RecordState.WITHDRAWN:
        return no(_("People of the network say that it has ended. Ask them if you see it otherwise."))
    return unless(defunct or state == RecordState.WITHDRAWN, _("It was taken out. Send it again to bring it back."))


def may_decide(actor: Actor, state: RecordState, own: bool = False, alone: bool = False) -> Verdict:
    """A coordinator lets in, or not, what waits; of a group that they care for themselves (``own``) only where nobody else can."""
    if not (verdict := may_manage(actor)):
        return verdict
    if own and not alone:
        return no(_("You care for this group yourself. Another coordinator decides about what it offers."))
    return unless(state != RecordState.WAITING, _("Somebody has decided about this already."))
