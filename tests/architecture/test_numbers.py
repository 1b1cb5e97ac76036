"""``publishable()`` is the only way out for numbers about people: nothing else counts people for a page, a file or an interface."""

import ast
import re

import pytest

from tests.architecture.source import Module, modules, templates

PROGRAM = modules("app")
PEOPLE = {
    "Member",
    "GenderAnswer",
    "RoleGrant",
    "SignIn",
    "GroupMember",
    "GroupRequest",
    "GroupLeaving",
    "PartnerMember",
    "MeetingComing",
    "MeetingAttendance",
    "BoardTaking",
}
WHOSE = {"author_id", "member_id"}
# Functions that count rows and name people, with what they really count.
REVIEWED = {
    "app.domain.accounts.way_back._yeses_that_count": "the yeses of organisers to one request, at most two",
    "app.jobs.backup._may_replace": "whether there is anybody at all: a restore asks before it replaces people",
    "app.domain.accounts.queries.overview": "the asker's own answers, codes, sessions and passkeys",
    "app.domain.moderation.statements._spoken": "languages of which the tellers reach the threshold; no number of them leaves it",
    "app.domain.moderation.statements._crowded": "years in which those who joined reach the threshold; no number of them leaves it",
    "app.domain.between.asking.ask": "how often the asker asked today; no number leaves the rules",
    "app.domain.between.blocking.block_again": "whether both of two accounts are there; no number leaves it",
    "app.domain.board.ending.end_due": "entries that ended by themselves, for the log of the job",
    "app.domain.board.ending.erase": "entries that went, for the log of the job",
    "app.domain.board.ending.give_back": "takings that went, for the log of a restore",
    "app.domain.board.queries.taken_now": "what the asker took; no number leaves the rules",
    "app.domain.groups.belonging.end_old_requests": "requests that ended by themselves, for the log of the job",
    "app.domain.groups.electing.reading.electorate": "whether enough people voted; no number leaves the rules",
    "app.domain.groups.passport.of_group": "whether two have a role, two at most are read; no number leaves it",
    "app.domain.groups.resting.note": "groups that woke, for the log of the job",
    "app.domain.groups.roles.remind_of_ends": "reminders that were told, for the log of the job",
    "app.domain.groups.queries._left": "reasons that ten or more gave, looked at with every ten who left; no number leaves it",
    "app.domain.groups.queries.organised": "the asker's own groups; no number leaves the rules",
    "app.domain.groups.queries.other_organisers": "whether somebody else looks after the group; no number leaves the rules",
    "app.domain.meetings.coming.remind_due": "reminders that were told, for the log of the job",
    "app.domain.meetings.reading._others": "who else comes; rules.told makes of it a rough number, and only where it names nobody",
    "app.domain.mentoring.circles.forming.ask": "the asker's own circles; no number leaves the rules",
    "app.domain.mentoring.circles.reading.can_lead": "whether a mentor has a free place; no number leaves it",
    "app.domain.mentoring.joining.queries.at_desk": "whether another page follows; no number leaves it",
    "app.domain.mentoring.supervision.queries.cards": "whether another page follows; no number leaves it",
    "app.domain.mentoring.rounds.moving.lapse_due": "pairs that ended by themselves, for the log of the job",
    "app.domain.stories.queries.mine": "what waits at the teller's own stories",
}
COUNTS = (
    "app.domain.reporting.measuring.", "app.domain.accounts.measures", "app.domain.stories.measures",
    "app.domain.mentoring.measures",
)  # fmt: skip
SQL = re.compile(r"\bcount\s*\(.*\bfrom\s+(member|gender_answer|role_grant)\b", re.IGNORECASE | re.DOTALL)
# {{ members|length }}, {{ people|count }}: a raw number of people on a page.
LENGTHS = re.compile(
    r"\b(members?|people|holders|women|men|girls|boys|mentors|tellers|organisers)\b(\.\w+)*\s*\|\s*(length|count)\b"
)

# Whatever it is called: every length that a page prints or says is looked at here.
PRINTED = re.compile(r"\{\{[^}]*?([\w.]+)\s*\|\s*(?:length|count)\b")
PRINTED_LENGTHS = {"form.errors", "words", "sheet.problems"}

# Words about people with a number in them, {{ ngettext("One member", "%(num)s members", n) }}, and what is counted there.
SAID_OF_PEOPLE = re.compile(
    r'ngettext\(\s*"[^"]*",\s*"([^"]*\b(?:members?|people|persons?|women|men|mentors|tellers|organisers)\b[^"]*)",\s*([^,)]+)'
)
REVIEWED_WORDS = {
    "decision.sat": "how many of a panel of the network decided about one call: a panel is public by design",
    "post.thanks": "who thanked for one post, told to those inside its group",
    "shown.told": "the flags of one case, for whoever decides it",
    "seen.flaggers": "the flags of one case, for whoever decides it",
    "state.yeses": "yeses to one request, at most two",
}
# Columns that keep how many people belong to something. Outside their own feature they may only be compared with a size.
COUNTERS = {"members"}
NO_COUNTERS = {"app.routers.stories": "pages as members get them"}


def _named(node: ast.AST) -> set[str]:
    return {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}


def _given(nodes: list[ast.AST], people: set[str]) -> set[str]:
    """Return the names that hold something made of people, also by way of another name."""
    found = set(people)
    for _round in range(3):
        for node in nodes:
            if isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value is not None and found & _named(node.value):
                targets = node.targets if isinstance(node, ast.Assign) else [node.target]
                found |= {name for target in targets for name in _named(target)}
    return found


def raw_counts(tree: ast.AST) -> list[str]:
    """Return the functions that count people: by SQL, by ``func.count`` beside people, or by ``len`` or ``sum`` of their rows.

    People are their tables, what a module names after them, and the columns that say whose something is.
    """
    tables = _given(list(ast.iter_child_nodes(tree)), PEOPLE)
    found = []
    for function in (n for n in ast.walk(tree) if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))):
        nodes = list(ast.walk(function))
        given = _given(nodes, tables)
        people = _named(function) & tables
        calls = [n for n in nodes if isinstance(n, ast.Call)]
        counts = [c for c in calls if isinstance(c.func, ast.Attribute) and ast.unparse(c.func).endswith("func.count")]
        whose = any(isinstance(n, ast.Attribute) and n.attr in WHOSE for c in counts for n in ast.walk(c))
        lengths = any(isinstance(c.func, ast.Name) and c.func.id in ("len", "sum") and given & _named(c) for c in calls)
        texts = any(isinstance(n, ast.Constant) and isinstance(n.value, str) and SQL.search(n.value) for n in nodes)
        if (people and counts) or whose or lengths or texts:
            found.append(function.name)
    return found


def test_nothing_but_the_measures_counts_people() -> None:
    found = {f"{m.name}.{name}" for m in PROGRAM.values() if not m.name.startswith(COUNTS) for name in raw_counts(m.tree)}
    assert found == set(REVIEWED)


def counters_told(tree: ast.AST) -> list[str]:
    """Return the uses of a column that counts people for anything but a comparison."""
    compared = {id(n) for c in ast.walk(tree) if isinstance(c, ast.Compare) for n in ast.walk(c)}
    uses = [n for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in COUNTERS and id(n) not in compared]
    return [ast.unparse(n) for n in uses]


def test_a_kept_number_of_people_is_only_compared() -> None:
    edge = ("app.routers", "app.web", "app.jobs", "app.commands", "app.domain.groups.shown", "app.domain.groups.shelf")
    found = {m.name for m in PROGRAM.values() if m.name.startswith(edge) and counters_told(m.tree)}
    # The shelf names the column in its statement, and compares what it got.
    assert found == {*NO_COUNTERS, "app.domain.groups.shelf"}
    assert counters_told(PROGRAM["app.domain.groups.shelf"].tree) == ["_G.c.members"]


@pytest.mark.parametrize("planted", ["page(members=row.members)", "f'{group.members} people'", "dict(n=str(group.members))"])
def test_a_planted_kept_number_is_found(planted: str) -> None:
    assert counters_told(ast.parse(planted))


@pytest.mark.parametrize("name", sorted(templates()))
def test_no_page_counts_people(name: str) -> None:
    assert {of.strip() for _words, of in SAID_OF_PEOPLE.findall(templates()[name])} <= set(REVIEWED_WORDS)
    assert not LENGTHS.search(templates()[name])
    assert {found.strip() for found in PRINTED.findall(templates()[name])} <= PRINTED_LENGTHS


@pytest.mark.parametrize(
    "planted",
    [
        "def members(db):\n    return db.exec(select(sa.func.count()).select_from(Member)).one()",
        "def women(db):\n    return len(db.exec(select(GenderAnswer)).all())",
        "async def page(db):\n    return db.connection().exec_driver_sql('SELECT count(*) FROM member').scalar()",
        "def leads(db):\n    return db.execute(sa.select(func.count(RoleGrant.id))).scalar()",
        "def many(db):\n    rows = db.exec(select(Member)).all()\n    return len(rows)",
        "_M = Member.__table__\ndef many(db):\n    return db.scalar(sa.select(sa.func.count()).select_from(_M))",
        "def women(db):\n    return sum(1 for row in db.exec(select(GenderAnswer)))",
        "def tellers(db):\n    return db.scalar(sa.select(sa.func.count(sa.distinct(Story.author_id))))",
    ],
)
def test_a_planted_raw_count_is_found(planted: str) -> None:
    assert raw_counts(ast.parse(planted))


@pytest.mark.parametrize(
    "planted", ["{{ members|length }}", "{{ group.people | count }}", "{% if holders|length > 3 %}", "{{ rows|length }}"]
)
def test_a_planted_length_is_found(planted: str) -> None:
    assert LENGTHS.search(planted) or set(PRINTED.findall(planted)) - PRINTED_LENGTHS


def _imports(module: Module) -> set[str]:
    return set(module.names.values())


def _users(*wanted: str) -> set[str]:
    return {m.name for m in PROGRAM.values() if any(n.startswith(wanted) for n in _imports(m))} - set(wanted)


def test_exact_counts_are_opened_for_the_protector_alone() -> None:
    assert _users("app.models.reporting.NumberSnapshot") == {
        "app.domain.reporting.measuring.counting", "app.domain.reporting.releasing.releases",
    }  # fmt: skip
    assert _users("app.domain.reporting.measuring.counting") == {
        "app.domain.reporting.releasing.lines",  # takes what it was given out of the frozen counts
        "app.domain.reporting.releasing.releases", "app.jobs.numbers", "app.jobs.demo_numbers", "app.commands.report",
    }  # fmt: skip
    opened = [m.name for m in PROGRAM.values() if "counting.opened" in m.path.read_text(encoding="utf-8")]
    assert opened == ["app.domain.reporting.releasing.releases"]


def test_answers_are_opened_by_their_own_module_alone() -> None:
    assert _users("app.models.reporting.GenderAnswer") == {"app.domain.reporting.question.answers"}
    opening = [m.name for m in PROGRAM.values() if "opened_for_counting" in m.path.read_text(encoding="utf-8")]
    assert sorted(opening) == ["app.domain.reporting.measuring.counting", "app.domain.reporting.question.answers"]


def test_what_is_shown_is_made_of_what_was_published() -> None:
    """Pages read releases; they know neither counts nor the tables that were not protected."""
    raw = ("app.domain.reporting.measuring.counting", "app.domain.reporting.releasing.tables", "app.domain.reporting.protecting")
    for module in PROGRAM.values():
        if module.name.startswith(("app.routers", "app.web", "app.domain.reporting.showing")):
            assert not [n for n in _imports(module) if n.startswith(raw)], module.name


def test_a_release_goes_through_the_protector() -> None:
    assert _users("app.domain.reporting.protecting.publishing.publishable") == {
        "app.domain.reporting.releasing.releases", "app.commands.numbers", "app.domain.reporting.yearly",
        "app.domain.reporting.protecting.few",
    }  # fmt: skip
    made = [
        m.name
        for m in PROGRAM.values()
        for n in ast.walk(m.tree)
        if isinstance(n, ast.Call) and ast.unparse(n.func) == "NumberRelease"
    ]
    assert made == ["app.domain.reporting.releasing.releases"]


def test_planted_words_about_people_are_found() -> None:
    planted = '{{ ngettext("One member", "%(num)s members", group.size) }}'
    assert {of for _words, of in SAID_OF_PEOPLE.findall(planted)} - set(REVIEWED_WORDS)


def test_the_exceptions_are_needed() -> None:
    said = {of.strip() for text in templates().values() for _words, of in SAID_OF_PEOPLE.findall(text)}
    assert said == set(REVIEWED_WORDS)
    printed = {found.strip() for text in templates().values() for found in PRINTED.findall(text)}
    assert printed == PRINTED_LENGTHS
    for full, reason in REVIEWED.items():
        module, _dot, name = full.rpartition(".")
        assert name in raw_counts(PROGRAM[module].tree)
        assert len(reason) > 10
