"""Statements of reasons as the Transparency Database of the Digital Services Act wants them (Art. 24(5)); nobody stands in them.

Fields and values: github.com/digital-services-act/transparency-database at 69e80a0bc8eb3cbfbe8246e898194c3bdf490a4b.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final
from uuid import UUID

import sqlalchemy as sa

from app.core.crypto import keyed_hash
from app.core.settings import Settings
from app.domain.moderation import conduct
from app.domain.moderation import statements_at_once as at_once
from app.domain.moderation.naming import EXPORTED
from app.domain.moderation.rules import HIDES, LIMITS
from app.domain.moderation.wording import FLAGGED, reason
from app.domain.network import dsa, texts
from app.domain.network.texts import Rule
from app.domain.stories.lookover import look_over
from app.domain.stories.lookover_parts import Kind
from app.models.accounts import Member
from app.models.groups import Post, PostFile
from app.models.moderation import Case, CaseKind, Decision, Flag, Outcome
from app.models.stories import Media, MediaKind, Story, StoryText

PER_FILE: Final = 100  # what the database takes at once
BATCH: Final = 500
# Second readers decline before anybody has seen the words; flags hide what was shown.
RESTRICTS: Final = {
    (CaseKind.STORY, Outcome.DECLINE), (CaseKind.TRANSLATION, Outcome.DECLINE), (CaseKind.POST, Outcome.DECLINE),
    *((kind, outcome) for kind in (CaseKind.FLAG, CaseKind.TALK) for outcome in HIDES),
    *((CaseKind.ACCOUNT, outcome) for outcome in (*LIMITS, Outcome.CLOSE)),
}  # fmt: skip
_ACCOUNT: Final = {  # of a decision about an account: its field and value, and the field of its end
    Outcome.SUSPEND: ("decision_account", "DECISION_ACCOUNT_SUSPENDED", "end_date_account_restriction"),
    Outcome.CLOSE: ("decision_account", "DECISION_ACCOUNT_TERMINATED", ""),
    **dict.fromkeys(
        (Outcome.HOLD_POSTS, Outcome.NO_TOPICS, Outcome.READ_ONLY),
        ("decision_provision", "DECISION_PROVISION_PARTIAL_SUSPENSION", "end_date_service_restriction"),
    ),
}
_VISIBILITY: Final = {
    Outcome.HIDE: "DECISION_VISIBILITY_CONTENT_DISABLED", Outcome.REMOVE: "DECISION_VISIBILITY_CONTENT_REMOVED",
}  # fmt: skip
_SEEN: Final = frozenset({*FLAGGED, CaseKind.ACCOUNT})  # kinds of what others had seen
_NOT_SHOWN: Final = "Not published: it was declined before it was shown to others."
_HARMLESS: Final = frozenset({Kind.DATE})  # everything else that the look-over finds leads to a person
_MEDIA: Final = {MediaKind.VOICE: "CONTENT_TYPE_AUDIO", MediaKind.PICTURE: "CONTENT_TYPE_IMAGE"}
_D, _C, _F = Decision.__table__, Case.__table__, Flag.__table__  # type: ignore[attr-defined]
_LIFTED: Final = (
    sa.select(conduct.LIFTS.c.at).where(_C.c.kind == CaseKind.ACCOUNT, *conduct.lifts(_D)).order_by(conduct.LIFTS.c.id).limit(1)
    .correlate(_D, _C).scalar_subquery()
)  # fmt: skip
_P: sa.Table = Member.__table__  # type: ignore[attr-defined]
_W, _PF = Post.__table__, PostFile.__table__  # type: ignore[attr-defined]
_S, _T, _M = Story.__table__, StoryText.__table__, Media.__table__  # type: ignore[attr-defined]


@dataclass(slots=True)
class Exported:
    """What was written: how many statements in how many files, and how many stayed behind for which reason."""

    statements: int = 0
    files: list[str] = field(default_factory=list)
    held_back: Counter[str] = field(default_factory=Counter)

    def as_dict(self) -> dict[str, Any]:
        """Return it for machines."""
        return {"statements": self.statements, "files": self.files, "held_back": dict(self.held_back)}


def export(
    connection: sa.Connection, settings: Settings, folder: Path, since: date | None = None, unpublished: bool = False
) -> Exported:  # fmt: skip
    """Write ``statements-0001.json`` … of up to 100 statements each, in the order of the decisions.

    ``since`` leaves out what was decided on earlier days; ``unpublished`` takes in what was declined before anybody saw it.
    Files of an earlier export in this folder are replaced.
    """
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("statements-[0-9][0-9][0-9][0-9].json"):
        old.unlink()
    done, batch = Exported(), []
    for statement in statements(connection, settings, done.held_back, since, unpublished):
        batch.append(statement)
        if len(batch) == PER_FILE:
            _write(folder, done, batch)
            batch = []
    if batch:
        _write(folder, done, batch)
    return done


def _write(folder: Path, done: Exported, batch: Sequence[dict[str, Any]]) -> None:
    name = f"statements-{len(done.files) + 1:04}.json"
    text = json.dumps({"statements": batch}, ensure_ascii=False, indent=1)
    (folder / name).write_text(text + "\n", encoding="utf-8")
    done.files.append(name)
    done.statements += len(batch)


def statements(
    connection: sa.Connection, settings: Settings, held_back: Counter[str], since: date | None = None, unpublished: bool = False
) -> Iterator[dict[str, Any]]:  # fmt: skip
    """Yield the statement of each decision that restricts something, then of what was hidden at once.

    ``held_back`` counts what cannot be given and why.

    What was declined before anybody saw it is left out unless ``unpublished``: in a small network a day and a language can tell
    who tried to tell something.
    """
    rules = {rule.number: rule for rule in texts.rules(settings.data_dir, "en")}
    private = {number for number, rule in rules.items() if _private(rule, settings.country_list)}
    spoken, crowded = _spoken(connection, settings.disclosure_threshold), _crowded(connection, settings.disclosure_threshold)
    last: UUID | None = None
    while rows := _decisions(connection, last):
        last = rows[-1].id
        facts = _Facts.load(connection, rows, crowded)
        for row in rows:
            if (row.kind, row.outcome) not in RESTRICTS or (since and row.at.date() < since):
                continue
            rule = rules.get(int(row.rule)) if row.rule else None
            if row.kind not in _SEEN and not unpublished:
                held_back["nobody had seen it"] += 1
            elif rule is None:
                held_back["the house rules no longer have its rule"] += 1
            elif rule.number in private:
                held_back[f"house rule {rule.number} holds a name, a number or an address"] += 1
            else:
                yield _statement(settings, row, rule, facts, spoken)
    held = at_once.holds(connection, since)
    for first in range(0, len(held), BATCH):  # SQLite takes no more than 32,766 values in one statement
        some = held[first : first + BATCH]
        yield from at_once.statements(settings, some, contents(connection, {row.subject_id for row in some}), spoken, held_back)


def _spoken(connection: sa.Connection, threshold: int) -> frozenset[str]:
    """Return the languages in which so many people told stories that were shown that a language points at nobody."""
    tellers = sa.func.count(sa.distinct(_S.c.author_id))
    shown = sa.select(_S.c.language).where(_S.c.published_on.is_not(None)).group_by(_S.c.language).having(tellers >= threshold)
    return frozenset(connection.execute(shown).scalars())


def _crowded(connection: sa.Connection, threshold: int) -> frozenset[int]:
    """Return the years in which so many members joined that a year points at nobody."""
    year = sa.extract("year", _P.c.joined_on)
    found = connection.execute(sa.select(year).group_by(year).having(sa.func.count() >= threshold)).scalars()
    return frozenset(int(one) for one in found)


def _decisions(connection: sa.Connection, after: UUID | None) -> Sequence[sa.Row[Any]]:
    query = (
        sa.select(_D.c.id, _D.c.at, _D.c.outcome, _D.c.rule, _D.c.machine_helped, _D.c.case_id, _D.c.overturned_at)
        .add_columns(_C.c.kind, _C.c.subject_kind, _C.c.subject_id, _C.c.opened_at, _D.c.until_at, _P.c.joined_on)
        .add_columns(_LIFTED.label("lifted_at"))
        .join_from(_D, _C, _D.c.case_id == _C.c.id).outerjoin(_P, _P.c.id == _D.c.about_id)
        .where(~_D.c.undone).order_by(_D.c.id).limit(BATCH)
    )  # fmt: skip
    return connection.execute(query.where(_D.c.id > after) if after else query).all()


@dataclass(frozen=True, slots=True)
class _Facts:
    """What stands beside a batch of decisions; a story that its teller took away leaves none."""

    stories: dict[UUID, tuple[str, date | None, set[str]]]  # by subject: language, day it was shown, kinds of content
    flags: dict[UUID, list[tuple[UUID, str]]]  # by case: each flag and what it was for, in their order
    shown_again: dict[UUID, list[datetime]]  # by subject: when somebody decided to show it (again)
    crowded: frozenset[int] = frozenset()  # years in which so many joined that a year points at nobody

    @classmethod
    def load(cls, connection: sa.Connection, rows: Sequence[sa.Row[Any]], crowded: frozenset[int]) -> "_Facts":
        cases, subjects = {row.case_id for row in rows}, {row.subject_id for row in rows}
        told = sa.select(_F.c.case_id, _F.c.id, _F.c.reason).where(_F.c.case_id.in_(cases)).order_by(_F.c.id)
        shown = (
            sa.select(_C.c.subject_id, _D.c.at).join_from(_D, _C, _D.c.case_id == _C.c.id)
            .where(_C.c.subject_id.in_(subjects), _D.c.outcome.in_((Outcome.KEEP, Outcome.PUBLISH)))
        )  # fmt: skip
        flags: dict[UUID, list[tuple[UUID, str]]] = {}
        for case_id, flag_id, key in connection.execute(told):
            flags.setdefault(case_id, []).append((flag_id, key))
        shown_again: dict[UUID, list[datetime]] = {}
        for subject_id, at in connection.execute(shown):
            shown_again.setdefault(subject_id, []).append(at)
        return cls(contents(connection, subjects), flags, shown_again, crowded)

    def reasons(self, decision: sa.Row[Any]) -> list[str]:
        """Return what it was flagged for when it was decided: ids are in the order of time, and a later flag changes nothing."""
        return list(dict.fromkeys(key for flag_id, key in self.flags.get(decision.case_id, ()) if flag_id < decision.id))


def contents(connection: sa.Connection, subjects: set[UUID]) -> dict[UUID, tuple[str, date | None, set[str]]]:
    """Return by id of what was decided about its language, the day it was shown, and its kinds of content."""
    found: dict[UUID, tuple[str, date | None, set[str]]] = {}
    media = sa.select(_M.c.story_id, _M.c.kind).where(_M.c.story_id.in_(subjects))
    for row in connection.execute(sa.select(_S.c.id, _S.c.language, _S.c.published_on).where(_S.c.id.in_(subjects))):
        found[row.id] = (row.language, row.published_on, {"CONTENT_TYPE_TEXT"})
    for story_id, kind in connection.execute(media):
        found[story_id][2].add(_MEDIA[kind])
    for row in connection.execute(sa.select(_W.c.id, _W.c.language, _W.c.written_at).where(_W.c.id.in_(subjects))):
        found[row.id] = (row.language, row.written_at.date(), {"CONTENT_TYPE_TEXT"})
    for post_id, kind in connection.execute(sa.select(_PF.c.post_id, _PF.c.kind).where(_PF.c.post_id.in_(subjects))):
        found[post_id][2].add(_MEDIA[kind])
    for row in connection.execute(sa.select(_T.c.id, _T.c.language).where(_T.c.id.in_(subjects))):
        found[row.id] = (row.language, None, {"CONTENT_TYPE_TEXT"})
    return found


def _private(rule: Rule, countries: Sequence[str]) -> bool:
    """Say whether a rule of the network's own house.yaml holds what leads to a person: a name, a number, a street, an address."""
    return any(finding.kind not in _HARMLESS for finding in look_over(f"{rule.title}\n{rule.text}", "en", (), countries))


def _statement(settings: Settings, row: sa.Row[Any], rule: Rule, facts: _Facts, spoken: frozenset[str]) -> dict[str, Any]:
    language, shown_on, kinds = facts.stories.get(row.subject_id, ("", None, {"CONTENT_TYPE_TEXT"}))
    flagged = row.kind in FLAGGED
    decided, opened = row.at.date(), row.opened_at.date()
    shown_again = [at for at in facts.shown_again.get(row.subject_id, []) if at > row.at]
    shown_again += [row.overturned_at] if row.overturned_at else []  # by an appeal
    if row.outcome == Outcome.HIDE and row.until_at and "recognised" not in facts.reasons(row):
        shown_again.append(row.until_at)  # else the day would lead to it
    statement: dict[str, Any] = {
        "decision_visibility": [_VISIBILITY[row.outcome] if flagged else "DECISION_VISIBILITY_OTHER"],
        "decision_ground": "DECISION_GROUND_INCOMPATIBLE_CONTENT",
        "decision_ground_reference_url": f"{settings.base_url.rstrip('/')}/rules",
        "incompatible_content_ground": _cut(f"House rule {rule.number}: {rule.title}", 500),
        "incompatible_content_explanation": _cut(rule.text, 2_000),
        "content_type": sorted(kinds),
        "category": f"STATEMENT_CATEGORY_{rule.category}",
        "territorial_scope": list(dsa.TERRITORY),
        "content_date": min(shown_on or opened, decided).isoformat(),
        "application_date": decided.isoformat(),
        "decision_facts": _in_words(row, rule, facts.reasons(row)),
        "source_type": "SOURCE_TYPE_OTHER_NOTIFICATION" if flagged else "SOURCE_VOLUNTARY",
        "automated_detection": "Yes" if row.machine_helped and not flagged else "No",  # a reader found what was flagged
        "automated_decision": "AUTOMATED_DECISION_NOT_AUTOMATED",
        "puid": keyed_hash(settings.secret, "statement", str(row.id))[:40],
    }
    if row.kind == CaseKind.ACCOUNT:
        del statement["decision_visibility"]
        statement.update(_of_account(row, facts.crowded))
    elif not flagged:
        statement["decision_visibility_other"] = _NOT_SHOWN
    if rule.keywords:
        statement["category_specification"] = [f"KEYWORD_{word}" for word in rule.keywords]
    if language in spoken and len(language.split("-")[0]) == 2:
        statement["content_language"] = language[:2].upper()
    if shown_again and row.kind != CaseKind.ACCOUNT:
        statement["end_date_visibility_restriction"] = min(shown_again).date().isoformat()
    return statement


def _of_account(row: sa.Row[Any], crowded: frozenset[int]) -> dict[str, Any]:
    """Return what is different about an account: what it is kept from and until when; of its beginning the year only."""
    named, value, end = _ACCOUNT[row.outcome]
    early = min((one for one in (row.overturned_at, row.lifted_at) if one), default=None)
    ends = min(one for one in (row.until_at, early) if one) if end and row.until_at else early
    begun = min(row.joined_on or row.at.date(), row.at.date())
    begun = begun if begun.year in crowded else row.at.date()  # where few joined in a year, it points at one of them
    return {
        named: value, "account_type": "ACCOUNT_TYPE_PRIVATE", "content_type": ["CONTENT_TYPE_OTHER"],
        "content_type_other": "How an account takes part.", "content_date": f"{max(begun.year, 2000)}-01-01",
        **({end or "end_date_account_restriction": ends.date().isoformat()} if ends else {}),
    }  # fmt: skip


def _in_words(row: sa.Row[Any], rule: Rule, reasons: Sequence[str]) -> str:
    """Return the facts from standard sentences: neither the words of the story nor those of a flag."""
    if row.kind == CaseKind.ACCOUNT:
        return f"A person of the network looked at how an account takes part and limited it under house rule {rule.number}."
    what = EXPORTED.get(row.subject_kind, "A story")
    if row.kind in FLAGGED:
        named = "; ".join(f"“{found.label}”" for key in reasons if (found := reason(FLAGGED[row.kind], key)))
        begun = f"{what} was flagged by readers" + (f" ({named})." if named else ".")
        ended = "It was taken out" if row.outcome == Outcome.REMOVE else "It was hidden"
    else:
        begun, ended = f"{what} was read by a second reader before publication, as every one is.", "It was declined"
    if row.kind == CaseKind.POST:
        begun = f"{what} was read by a person before others saw it, as an earlier decision about its account had said."
        if row.machine_helped:
            begun = f"{what} was held by a program and read by a person before others saw it."
    hint = " A program had marked passages for the reader; it decides nothing." if row.machine_helped else ""
    return f"{begun}{hint} {ended} by a person of the network under house rule {rule.number}."


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else f"{text[: length - 1]}…"
