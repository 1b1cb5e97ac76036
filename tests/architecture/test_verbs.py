"""Every verb of the domain asks its rule, leaves an event, and lets its caller commit."""

import pytest

from app.domain.audit.wording import SENTENCES
from tests.architecture import reviewed
from tests.architecture.source import calls, modules, where
from tests.architecture.verbs import READERS, recorded, used_by, verbs

ACTED = [v for v in verbs().values() if v.acted]


def test_there_are_verbs_to_look_at() -> None:
    names = set(verbs())
    assert {"stories.actions.take_back", "stories.actions.submit", "accounts.changes.pause", "accounts.power.grant_role"} <= names
    assert len(ACTED) > 30


def test_every_verb_requires_a_rule() -> None:
    assert sorted(v.name for v in ACTED if not v.requires) == sorted(reviewed.NO_RULE)


def test_every_verb_records_an_event() -> None:
    assert sorted(v.name for v in ACTED if not v.records) == sorted(reviewed.NO_RECORD)


def test_every_event_is_a_sentence_for_its_readers() -> None:
    assert len(recorded()) > 50
    assert sorted(SENTENCES) == sorted(recorded())


def test_no_verb_commits() -> None:
    assert sorted(v.name for v in verbs().values() if v.commits) == sorted(reviewed.COMMITS)


def test_what_the_edge_does_without_an_actor_is_reviewed() -> None:
    at_the_edge = used_by("app.routers") | used_by("app.web")
    assert sorted(v.name for v in verbs().values() if not v.acted and v.name in at_the_edge) == sorted(reviewed.NOBODY_ACTS)


def test_reasons_are_given() -> None:
    lists = [v for k, v in vars(reviewed).items() if k.isupper()]
    assert len(lists) > 5
    assert all(len(reason) > 10 for one in lists for reason in one.values())


def _modules_called(*names: str) -> list[str]:
    return [m for m in modules("app.domain") if m.rsplit(".", 1)[-1] in names]


@pytest.mark.parametrize("name", _modules_called("rules"))
def test_rules_are_pure(name: str) -> None:
    """No session, no clock, no settings, no request, nothing that remembers."""
    module = modules("app.domain")[name]
    never = ("sqlalchemy", "sqlmodel", "app.core.db", "app.core.clock", "app.core.settings", "fastapi", "starlette", "random")
    assert not [d for d in module.names.values() if d.startswith(never)]
    assert not [n for n, _c in calls(module.tree, module) if n.endswith((".now", ".today", ".execute", ".exec")) or n == "open"]


@pytest.mark.parametrize("name", _modules_called(*READERS))
def test_readers_do_not_write(name: str) -> None:
    module = modules("app.domain")[name]
    writes = ("db.add", "db.add_all", "db.delete", "db.merge", "sqlalchemy.insert", "sqlalchemy.update", "sqlalchemy.delete")
    assert not [where(module, call) for called, call in calls(module.tree, module) if called in writes]
