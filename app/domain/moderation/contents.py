"""What a case holds, for whoever has it open: words with what look-over and checks point at, a listing, a post, a request."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from app.core.clock import now
from app.core.i18n import _, moment_words
from app.domain import limits
from app.domain.accounts import queries as accounts
from app.domain.actor import Actor
from app.domain.moderation import call_words, posts, said, subjects
from app.domain.moderation.checks.shapes import Finding
from app.domain.moderation.wording import LIMITED, ROLES
from app.domain.stories import lookover, translations
from app.domain.stories import queries as stories
from app.models.accounts import Member
from app.models.directory import Service
from app.models.moderation import Case, CaseKind
from app.models.money import FundCall
from app.models.stories import Story


@dataclass(frozen=True, slots=True)
class Marked:
    """One part of a text with what the look-over points at."""

    field: str
    pieces: list[tuple[str, int | None]]


@dataclass(frozen=True, slots=True)
class Hint:
    """One finding, numbered as in the text."""

    number: int
    words: str
    reason: str
    suggestion: str
    field: None = None


@dataclass(frozen=True, slots=True)
class Person:
    """Whom a complaint is about: "" where nobody has the name that somebody wrote."""

    name: str
    roles: list[str]


@dataclass(frozen=True, slots=True)
class Account:
    """Whose account it is about, their roles, and what it is kept from already."""

    name: str
    roles: list[str]
    lasting: list[str]


@dataclass(frozen=True, slots=True)
class Contents:
    """What a case holds; only whoever has it open reads it."""

    review: stories.ForReview | None = None
    marked: Sequence[Marked] = ()
    hints: Sequence[Hint] = ()
    remarks: Sequence[Finding] = ()  # of the checks: false offers, scams, words of the network's list
    changed: bool = False
    translation: translations.Translation | None = None
    application: str = ""
    name: str = ""
    service: Service | None = None
    post: posts.ReadPost | None = None
    person: Person | None = None  # whom a complaint is about
    account: Account | None = None
    call: FundCall | None = None


def contents(db: Session, actor: Actor, found: Case) -> Contents:
    """Return what a case holds: a story or its translation with what the look-over finds, a listing, a request to join."""
    if found.kind in (CaseKind.STORY, CaseKind.FLAG):
        story = db.get_one(Story, found.subject_id)
        review = stories.for_review(db, story.ref, actor)
        marked, hints = _look(db, review.original)
        changed = subjects.changed_since(found.snapshot, review.original)
        return Contents(review, marked, hints, subjects.remarks(review.original), changed)
    if found.kind == CaseKind.TRANSLATION:
        return _translation(db, actor, found)
    if found.kind in (CaseKind.POST, CaseKind.TALK, CaseKind.MESSAGE, CaseKind.MESSAGE_FLAG):
        return Contents(post=said.of(found).contents(db, found))
    if found.kind == CaseKind.COMPLAINT:
        return Contents(person=_person(db, found))
    if found.kind == CaseKind.ACCOUNT:
        return Contents(account=_account(db, found))
    if found.kind == CaseKind.CALL:
        return Contents(call=db.get(FundCall, found.subject_id), changed=call_words.was_changed(db, found))
    if found.kind == CaseKind.CORRECTION:
        return Contents(service=db.get(Service, found.subject_id))
    member = db.get_one(Member, found.subject_id)
    return Contents(application=member.application or "", name=member.name)


def _person(db: Session, found: Case) -> Person:
    about = db.get(Member, found.about_id) if found.about_id else None
    if about is None:
        return Person("", [])
    return Person(about.name, [_(ROLES[role.value]) for role in sorted(accounts.roles_today(db, about.id))])


def _account(db: Session, found: Case) -> Account:
    member = db.get_one(Member, found.about_id)
    roles = [_(ROLES[role.value]) for role in sorted(accounts.roles_today(db, member.id))]
    lasting = [f"{_(LIMITED[one.what])} · {moment_words(one.until)}" for one in limits.of(member, now())]
    return Account(member.name, roles, lasting)


def _translation(db: Session, actor: Actor, found: Case) -> Contents:
    text = subjects.translation_of(db, found)
    review = stories.for_review(db, subjects.story_of(db, found).ref, actor, text.language)
    marked, hints = _look(db, text)
    one = next((t for t in review.translations if t.text.id == text.id), None)
    return Contents(review, marked, hints, subjects.remarks(text), translation=one)


def _look(db: Session, text: Any) -> tuple[list[Marked], list[Hint]]:
    marked: list[Marked] = []
    hints: list[Hint] = []
    for field, findings in subjects.look(db, text).items():
        if not findings:
            continue
        pieces: list[tuple[str, int | None]] = []
        for segment in lookover.mark(getattr(text, field), findings):
            if segment.finding is not None:
                hints.append(Hint(len(hints) + 1, segment.finding.text, segment.finding.reason, segment.finding.suggestion))
            pieces.append((segment.text, len(hints) if segment.finding is not None else None))
        marked.append(Marked(field, pieces))
    return marked, hints
