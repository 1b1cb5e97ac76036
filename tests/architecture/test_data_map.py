"""docs/data-map.md says what every column is for: it is compared with the tables, with retention and with backups."""

import re
from dataclasses import dataclass, field

import pytest
from sqlmodel import SQLModel

import app.models  # registers every table
from app.domain.accounts import changes
from app.domain.asking import rules as asking_rules
from app.domain.board import rules as board_rules
from app.domain.groups import rules as group_rules
from app.domain.groups.electing import rules as election_rules
from app.domain.meetings import rules as meeting_rules
from app.domain.money.granting import standing as granting
from app.jobs import copying, retention
from tests.architecture.source import ROOT

MAP = ROOT / "docs" / "data-map.md"
LABELS = ("Who sees it", "Kept", "In the member's copy", "In backups")
DAYS = re.compile(r"\b(\d+) days\b")
# Parts of names that would say what nobody may be asked (safety.md, promise 1).
NEVER = re.compile(
    r"deport|detain|detention|traffick|smuggl|return|forced|voluntary|asylum|refugee|migra|irregular|illegal|health|hiv|disease|medic|"
    r"illness|diagnos|orient|sexual|gay|lgbt|religio|faith|politic|party|tribe|ethnic|race|nationality|real_name|legal_name|surname|"
    r"last_name|first_name|birth|passport|ip_addr|remote_addr|user_agent|browser|fingerprint|imei|criminal|prison|"
    r"e_?mail|phone|whatsapp|msisdn",
)
# What stands in listings about an office; never about a member.
OFFICES = {
    ("organization", "email"), ("service", "email"), ("service", "assurer_email"), ("contact", "email"), ("language", "phone_id"),
}  # fmt: skip
ABOUT_OFFICES = {"phone"}  # tables
WHO = {"member_id", "author_id", "actor_id", "decided_by", "granted_by", "created_by", "organiser_id", "made_by", "about_id"}


@dataclass
class Entry:
    """What the map says about a table."""

    said: dict[str, str] = field(default_factory=dict)
    classes: dict[str, str] = field(default_factory=dict)
    purposes: dict[str, str] = field(default_factory=dict)
    twice: list[str] = field(default_factory=list)


def parse(text: str) -> dict[str, Entry]:
    """Return the entries of the map by table."""
    found: dict[str, Entry] = {}
    entry = Entry()
    for line in text.splitlines():
        if line.startswith("### "):
            entry = found.setdefault(line.strip("# `"), Entry())
        elif match := re.fullmatch(r"- \*\*(.+?):\*\* (.+)", line):
            entry.said[match[1]] = match[2]
        elif line.startswith("| `"):
            names, kind, purpose = (cell.strip() for cell in line.strip("|").split("|"))
            for name in re.findall(r"`(\w+)`", names):
                if name in entry.classes:
                    entry.twice.append(name)
                entry.classes[name], entry.purposes[name] = kind, purpose
    return found


ENTRIES = parse(MAP.read_text(encoding="utf-8"))
TABLES = SQLModel.metadata.tables


def test_the_map_and_the_tables_are_the_same() -> None:
    assert app.models
    assert len(TABLES) > 30
    assert sorted(ENTRIES) == sorted(TABLES)


@pytest.mark.parametrize("name", sorted(TABLES))
def test_every_column_stands_in_the_map_and_nothing_else(name: str) -> None:
    entry = ENTRIES[name]
    assert sorted(entry.classes) == sorted(c.name for c in TABLES[name].columns)
    assert not entry.twice
    assert set(entry.classes.values()) <= {"S1", "S2", "S3", "S4"}
    assert all(len(p) >= 4 for p in entry.purposes.values())
    assert sorted(entry.said) == sorted(LABELS)


def _days_by_code() -> dict[str, set[int]]:
    days = {rule.table.__tablename__: {rule.days} for rule in retention.RULES}
    return {
        **days, "sign_in": {retention.ENDED_SESSIONS.days}, "way_back": {retention.WAYS_BACK.days},
        "vouch": {retention.WAYS_BACK.days}, "member": {changes.SEVEN_DAYS.days},
        "group_election": {election_rules.KEPT}, "fund_tie": {granting.PANEL.days},
        "meeting_coming": {meeting_rules.KEPT.days}, "board_entry": {board_rules.KEPT.days},
        "abroad_question": {asking_rules.KEPT.days},
        "group_request": days["group_request"] | {group_rules.ASKED_DAYS},
    }  # fmt: skip


@pytest.mark.parametrize("name", sorted(TABLES))
def test_what_is_said_about_keeping_is_what_retention_does(name: str) -> None:
    said = {int(number) for number in DAYS.findall(ENTRIES[name].said["Kept"])}
    assert said == _days_by_code().get(name, set())


def test_unused_accounts_are_kept_as_long_as_is_said() -> None:
    assert "18 months" in ENTRIES["member"].said["Kept"]
    assert 18 * 30 <= retention.UNUSED_ACCOUNT.days <= 18 * 31


def test_backups_hold_what_is_said() -> None:
    kept = {t.name for t in copying.tables()}
    assert kept == {name for name, entry in ENTRIES.items() if entry.said["In backups"].startswith("yes")}
    assert {e.said["In backups"] for e in ENTRIES.values()} <= {"yes", "no"}


def test_no_column_asks_what_nobody_may_be_asked() -> None:
    asked = [
        (table.name, column.name)
        for table in TABLES.values() for column in table.columns
        if NEVER.search(column.name) or (NEVER.search(table.name) and table.name not in ABOUT_OFFICES)
    ]  # fmt: skip
    assert sorted(asked) == sorted(OFFICES)


@pytest.mark.parametrize(
    "name", ["return_type", "deported_on", "health_status", "real_name", "phone_number", "ip_address", "email"]
)
def test_the_list_of_names_finds_what_it_must(name: str) -> None:
    assert NEVER.search(name)


def test_what_is_sealed_is_of_the_higher_classes() -> None:
    from app.core.db import Sealed

    sealed = [(t.name, c.name) for t in TABLES.values() for c in t.columns if isinstance(c.type, Sealed)]
    assert len(sealed) > 5
    assert not [(t, c) for t, c in sealed if ENTRIES[t].classes[c] not in ("S3", "S4")]
    # Words that people write to somebody, not to everybody, are never plain: S4 text is sealed or part of a story.
    plain = {
        f"{t}.{c}" for t, e in ENTRIES.items() for c, kind in e.classes.items()
        if kind == "S4" and (t, c) not in sealed and not t.startswith("story") and not c.endswith("_id")
    }  # fmt: skip
    assert plain == {"media.alt"}  # shown with its picture


def test_what_can_be_handed_over_names_every_table_about_people() -> None:
    text = (ROOT / "docs" / "what-we-can-hand-over.md").read_text(encoding="utf-8")
    named = set(re.findall(r"`(\w+)`", text))
    assert named <= set(TABLES)
    about_people = {t for t, e in ENTRIES.items() if WHO & set(e.classes)}
    assert about_people <= named
