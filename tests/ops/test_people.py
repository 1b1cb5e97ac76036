"""Commands about people with power: who holds which role, told to them, and a way out of a lost second step."""

import json

import pytest
from sqlmodel import col, select

from app.core import migrate
from app.models.accounts import Answer, Member, Role, RoleGrant, SignIn


@pytest.fixture
def awa(run):
    """A coordinator and operator made by the command; what it printed."""
    return json.loads(run("coordinator", "create", "--name", "Green Kettle", "--role", "operator", "--json")[1])


def held(database) -> set[Role]:
    with database.reading() as db:
        return set(db.exec(select(RoleGrant.role).where(col(RoleGrant.ended_on).is_(None))).all())


def test_the_first_coordinator_may_hold_more(awa, database):
    assert awa["roles"] == ["coordinator", "operator"]
    assert held(database) == {Role.COORDINATOR, Role.OPERATOR}
    assert migrate.is_current(database)


def test_without_a_name_a_neutral_one_is_chosen(run, database):
    code, told, _ = run("coordinator", "create", "--json")
    assert code == 0
    with database.reading() as db:
        assert db.exec(select(Member.name)).one() == json.loads(told)["name"] != ""


def test_a_role_is_given_told_and_ended(run, awa, database, browse):
    with database.reading() as db:
        browse(db.exec(select(Member)).one())
    code, told, _ = run("role", "give", "green KETTLE", "analyst", "--days", "30", "--json")
    assert (code, json.loads(told)) == (0, {"name": "Green Kettle", "role": "analyst", "until": "2026-12-20"})
    assert Role.ANALYST in held(database)
    with database.reading() as db:
        assert db.exec(select(SignIn)).all() == []  # power never comes into a session that began without it
        assert len(db.exec(select(Answer)).all()) == 3
    assert run("role", "end", "Green Kettle", "analyst")[0] == 0
    assert Role.ANALYST not in held(database)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["role", "give", "Nobody Here", "analyst"], "Nobody here is called"),
        (["role", "give", "Green Kettle", "operator"], "already"),
        (["role", "give", "Green Kettle", "analyst", "--days", "9999"], "12 months"),
        (["role", "end", "Green Kettle", "analyst"], "does not hold"),
        (["second-step", "remove", "Nobody Here"], "Nobody here is called"),
        (["coordinator", "create", "--name", "Admin"], "speaks for the network"),
        (["coordinator", "create", "--name", "Green Kettle 2"], "looks like this"),
    ],
)
def test_a_mistake_is_a_sentence(run, awa, words, told):
    assert awa["name"] == "Green Kettle"
    code, _out, wrong = run(*words)
    assert code == 1
    assert told in wrong


def test_a_lost_second_step_is_removed(run, awa, database, db):
    member = db.exec(select(Member)).one()
    member.totp_secret = "JBSWY3DPEHPK3PXP"
    db.add(member)
    db.commit()
    assert run("second-step", "remove", awa["name"])[0] == 0
    with database.reading() as fresh:
        assert fresh.exec(select(Member.totp_secret)).one() is None


def test_a_backup_is_never_written_over_by_mistake(run, awa, tmp_path):
    target = tmp_path / "b.hearth"
    assert run("backup", str(target))[0] == 0
    code, _out, wrong = run("backup", str(target))
    assert code == 1
    assert "already" in wrong
    assert run("backup", str(target), "--force")[0] == 0
    code, _out, wrong = run("backup", str(tmp_path / "none" / "b.hearth"))
    assert code == 1
    assert "There is no folder" in wrong
    assert not (tmp_path / "none").exists()
    assert awa
