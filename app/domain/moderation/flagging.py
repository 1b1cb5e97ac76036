"""A flag: somebody says "please look", with or without an account, and hears back by a number that only they have."""

import contextlib
from dataclasses import dataclass
from datetime import date
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core import i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.crypto import keyed_hash
from app.core.errors import Invalid, NotFound
from app.core.i18n import N_, _
from app.core.receipts import grouped, new_number, number_from, read_number
from app.core.verdict import require
from app.domain import ledger
from app.domain.accounts import actions as accounts
from app.domain.accounts import queries as queries_of_people
from app.domain.actor import GUEST, Actor
from app.domain.audit import actions as audit
from app.domain.directory import hooks as directory
from app.domain.mentoring.together import reading
from app.domain.moderation import apart, at_once, filing, leading, misuse, rules, said, subjects, waking
from app.domain.moderation.wording import FILED, FILED_FOR_SAFEGUARDING, FLAGGED, Reason, reason
from app.models.moderation import Appeal, Case, CaseKind, Flag, Priority

WORDS: Final = "flag words"  # in the ledger of erasures: what somebody wrote with a flag and in its appeals
PERSON: Final = "person"  # the kind of the subject of a complaint


@dataclass(frozen=True, slots=True)
class Filed:
    """What the person takes with them."""

    receipt: str  # sixteen digits in groups of four; stored nowhere
    answer_by: date
    careful: bool  # the reason says that somebody may be in danger


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a flag stands, for whoever holds its number."""

    answer: str  # in the language of the moment; "" while it waits
    on: date  # the day of the answer, or by when it comes
    told_on: date
    has_words: bool


def number_hash(number: str) -> str:
    """Return the form in which a receipt number is stored: HMAC under the server key."""
    return keyed_hash(core_settings.current().secret, "flag-receipt", number)


def number_of(sender: str, once: str) -> str:
    """Return the number that a form leads to: HMAC under the server key of its random mark, which is stored nowhere."""
    return number_from("flag-number", f"{sender}\n{once}")


def flag(
    db: Session, actor: Actor, kind: str, ref: str, reason_key: str, note: str, name: str = "", number: str = ""
) -> Filed:  # fmt: skip
    """Keep a flag, open or re-open the one case of its subject, and return the receipt.

    ``number``: the one to lead back, from number_of(); a random one where there is none, or where it is taken.

    Of a question from abroad it is kept without an account, whoever tells it: often it is whoever asked.

    Raises NotFound or Gone for what the actor cannot see, Refused for their own story, Invalid("reason").
    """
    subject = subjects.flaggable(db, actor, kind, ref)
    require(rules.may_flag(actor, subject.author_id))
    if kind == said.UNNAMED:
        actor = GUEST
    why = reason(kind, reason_key)
    if why is None:
        raise Invalid("reason", _("Choose one of these."))
    stopped = misuse.stopped_until(db, Flag, actor.me) if actor.signed_in and not rules.always_heard(why.priority) else None
    if stopped is not None:
        sentence = N_("You often told us about what was in order. Until %(day)s we take from you only what is about danger, or "
                      "about somebody who can be recognised.")  # fmt: skip
        raise Invalid("reason", _(sentence, day=i18n.day_words(stopped)))
    case = filing.open_case(db, subject.case_kind, subject.kind, subject.id, subject.author_id, why.priority)
    kept = said.of(case).snapshot(db, case) if kind in said.WORDS else subjects.snapshot(db, subject)
    case.snapshot = case.snapshot or kept
    for leader in leading.barred(db, kind, subject.id):
        filing.bar(db, case, leader, hidden=True)
    filed = _keep(db, actor, case, why, number, note=note or None, name=name or None)
    at_once.consider(db, case)
    waking.if_nobody_is_left(db, case)
    if subject.kind == "service" and why.key in directory.WRONG:
        for follow in directory.on_wrong:
            follow(db, subject.id)
    return filed


def complain(
    db: Session, actor: Actor, who: str, reason_key: str, note: str, name: str = "", pair: str = "", number: str = ""
) -> Filed:  # fmt: skip
    """Keep a complaint about a person, for safeguarding only, and return the receipt; Invalid("reason") or Invalid("who").

    ``pair`` is the address part of a mentorship of the actor's: then it is about the other one, whatever name they have by now.
    ``number`` as in flag().

    Whether ``who`` is the name of anybody is not told: names are not for finding out. Where it is, the case is about them, and for
    them it does not exist, whatever their role. Each complaint is a case of its own: what one person says neither changes nor tells
    what becomes of the words of another, also where the one is whom the other is about. Of a crowd that complains about one person,
    what comes beyond five that wait is put together in one case; everybody keeps a number and an answer of their own.
    """
    require(rules.may_complain(actor))
    why = reason(PERSON, reason_key)
    if why is None:
        raise Invalid("reason", _("Choose one of these."))
    about_id = _whom(db, actor, who, pair)
    if about_id is None and not who:
        raise Invalid("who", _("Something is missing here."))
    whom = apart.mentioned(db, who, note)
    crowd = apart.crowd(about_id, who)
    case = filing.open_case(db, CaseKind.COMPLAINT, PERSON, apart.place(db, crowd, whom), about_id, why.priority)
    case.crowd = crowd
    for member_id in whom:
        filing.bar(db, case, member_id, hidden=True)
    filed = _keep(db, actor, case, why, number, note=note or None, name=name or None, about=who or None)
    waking.if_nobody_is_left(db, case)
    return filed


def _whom(db: Session, actor: Actor, who: str, pair: str) -> UUID | None:
    if pair and actor.signed_in:
        with contextlib.suppress(NotFound):  # it is over, or not theirs: then the name counts
            return reading.mine(db.connection(), actor, pair).other_id
    about = queries_of_people.member_by_name(db, who)
    return about.id if about else None


def _keep(db: Session, actor: Actor, case: Case, why: Reason, number: str, **words: Any) -> Filed:
    """Keep what somebody tells about a case; return what they take with them."""
    if not number or db.exec(select(Flag.id).where(Flag.receipt_hash == number_hash(number))).first():
        number = new_number()
    db.add(Flag(
        case_id=case.id, reason=why.key, member_id=actor.member_id, receipt_hash=number_hash(number),
        language=i18n.current(), on=now().date(), **words,
    ))  # fmt: skip
    db.flush()
    # Who told us stands nowhere but in the flag: the audit trail is read by more people.
    audit.record(db, None, "case.flagged", "case", case.id, reason=why.key)
    answer_by = rules.due(why.priority, now()).date()
    if actor.signed_in:
        filed = FILED_FOR_SAFEGUARDING if case.kind in rules.SAFEGUARDING_ONLY else FILED
        accounts.tell(db, actor.me, filed, day=answer_by.isoformat())
    return Filed(grouped(number), answer_by, why.careful)


def by_number(db: Session, typed: str) -> tuple[Flag, Case]:
    """Return the flag of a typed receipt number and its case; NotFound with one sentence for every number that is not ours."""
    number = read_number(typed)
    row = None
    if number is not None:
        row = db.exec(select(Flag, Case).join(Case).where(Flag.receipt_hash == number_hash(number))).first()
    if row is None:
        raise NotFound(_("We do not know this number. Check it and try again."))
    return row[0], row[1]


def standing(db: Session, typed: str) -> Standing:
    """Return where the flag of a typed number stands; NotFound with one sentence for every number that is not ours."""
    return standing_of(db, *by_number(db, typed))


def standing_of(db: Session, found: Flag, case: Case) -> Standing:
    """Return where a flag stands; by when is what was promised to this person: the time of the case tells what others said."""
    answer = _(found.answer, **found.answer_params) if found.answer else ""
    why = reason(FLAGGED.get(case.kind, ""), found.reason)
    by = found.on + rules.CLOCKS[why.priority if why else Priority.RULE]
    appealed = select(Appeal.id).where(Appeal.flag_id == found.id, col(Appeal.words).is_not(None)).limit(1)
    has_words = bool(found.note or found.name or found.about) or db.exec(appealed).first() is not None
    return Standing(answer, found.answered_on or by, found.on, has_words)


def forget_words(db: Session, typed: str) -> None:
    """Erase the words of a flag for whoever holds its number; that there was a flag, and its answer, stay."""
    found, case = by_number(db, typed)
    require(rules.may_forget(found.receipt_hash))
    _forget(db, found)
    ledger.remember(db, WORDS, found.id)
    audit.record(db, None, "flag.words_erased", "case", case.id)


def forget_again(db: Session, flag_id: UUID) -> bool:
    """Erase words that a restored older copy brought back; return whether the flag was there."""
    found = db.get(Flag, flag_id)
    if found is not None:
        _forget(db, found)
    return found is not None


def _forget(db: Session, found: Flag) -> None:
    found.note = found.name = found.about = None
    db.execute(sa.update(Appeal).where(col(Appeal.flag_id) == found.id).values(words=None))
    db.flush()
