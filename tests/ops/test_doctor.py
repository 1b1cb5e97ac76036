"""The doctor: every check can fail; reseal; the network's own texts."""

from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.core import clock, crypto, i18n
from app.core.clock import now
from app.core.i18n import N_, Sentence
from app.domain.audit import actions as audit
from app.domain.media.store import from_url
from app.domain.network import texts
from app.domain.notifications import actions as messages
from app.domain.upkeep import doctor
from app.domain.upkeep.wording import JOBS, label
from app.jobs import periodic
from app.models.accounts import Answer, Role
from app.models.engine import Draft, JobRun
from tests.browse import text_of
from tests.conftest import TODAY


def levels(database, settings, audit_too: bool = True) -> dict[str, str]:
    found = doctor.examine(database, settings, audit=audit_too)
    worst: dict[str, str] = {}
    for finding in found:
        if worst.get(finding.check) != "problem":
            worst[finding.check] = finding.level
    return worst


def test_a_sound_house_has_no_problem(database, settings):
    found = levels(database, settings)
    assert "problem" not in found.values()
    assert {"schema", "seals", "media", "disk", "deliveries", "backup", "audit", "secrets", "worker"} <= set(found)


def test_a_data_folder_that_others_may_look_into_is_noted(database, settings):
    settings.data_dir.chmod(0o755)
    assert levels(database, settings)["data folder"] == "note"
    settings.data_dir.chmod(0o750)
    assert "data folder" not in levels(database, settings)


def plant_old_schema(database, settings, db, make):
    db.execute(sa.text("UPDATE alembic_version SET version_num = '0001'"))


def plant_new_schema(database, settings, db, make):
    db.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))


def plant_broken_seal(database, settings, db, make):
    db.add(Draft(member_id=make.member().id, form="f", fields="{}", saved_at=now()))
    db.flush()
    db.execute(sa.text("UPDATE draft SET fields = :junk"), {"junk": b"\0" * 40})


def plant_missing_media(database, settings, db, make):
    from app.models.stories import Media, MediaState

    name = from_url(settings.media).put(b"x" * 20, ".webp")
    story = make.story(make.member())
    required = {"ref": "23456789abcd", "story_id": story.id, "kind": "picture", "state": MediaState.READY}
    db.add(Media(**required, files={"webp": {"name": name, "bytes": 20}}))
    from_url(settings.media).delete(name)


def plant_failed_job(database, settings, db, make):
    db.add(JobRun(name="retention", last_at=now(), ok=False, result="RuntimeError"))


def plant_waiting_mail(database, settings, db, make):
    with clock.at(TODAY - timedelta(hours=3)):
        messages.owe_mail(db, "a@b.example", "words")


def plant_bad_texts(database, settings, db, make):
    (settings.data_dir / "house.yaml").write_text("about: [")


def plant_bad_words(database, settings, db, make):
    (settings.data_dir / "words.yaml").write_text("en: {hold: [a, b")


def plant_broken_chain(database, settings, db, make):
    event = audit.record(db, None, "one")
    audit.record(db, None, "two")
    for name in ("audit_event_no_update",):
        on = " ON audit_event" if db.get_bind().dialect.name == "postgresql" else ""
        db.execute(sa.text(f"DROP TRIGGER {name}{on}"))
    db.execute(sa.text("UPDATE audit_event SET verb = 'forged' WHERE number = :n"), {"n": event.number})


def plant_bad_stamp(database, settings, db, make):
    (settings.data_dir / "last-backup.json").write_text("{half")


PLANTS = {
    "schema": plant_old_schema, "seals": plant_broken_seal, "media": plant_missing_media, "job retention": plant_failed_job,
    "deliveries": plant_waiting_mail, "house.yaml": plant_bad_texts, "words.yaml": plant_bad_words,
    "audit": plant_broken_chain, "backups": plant_bad_stamp,
}  # fmt: skip


@pytest.mark.parametrize("check", PLANTS)
def test_each_check_finds_its_fault(check, database, settings, db, make):
    PLANTS[check](database, settings, db, make)
    db.commit()
    assert levels(database, settings)[check] == "problem"


SPOKEN = {
    "en": ("Disk", "MB free", "look at it", "no backup was made yet: hearth backup FILE"),
    "fr": ("Disque", "Mo libres", "à regarder", "pas encore de sauvegarde : hearth backup FILE"),
    "ar": ("القرص", "ميغابايت متاحة", "للنظر", "لا نسخة احتياطية بعد: hearth backup FILE"),
}


@pytest.mark.parametrize("language", SPOKEN)
def test_the_operators_page_speaks_the_readers_language_and_the_command_line_english(
    make, browse, database, settings, db, language
):
    operator = make.member("Night Watch", Role.OPERATOR)
    db.add(JobRun(name="retention", last_at=now(), result=Sentence(N_("ran")).as_text()))
    db.add(JobRun(name="of_tomorrow", last_at=now(), result="3 things done"))  # another release wrote it
    make.commit()
    page = browse(operator, language=language).get("/ops")
    for words in SPOKEN[language]:
        assert words in text_of(page)
    assert "3 things done" in text_of(page)
    assert 'lang="en"' not in page.text or language == "en"
    assert {f.text for f in doctor.examine(database, settings)} >= {"no backup was made yet: hearth backup FILE", "ran"}


def test_the_last_backup_is_told_as_people_write_days(database, settings):
    (settings.data_dir / "last-backup.json").write_text('{"at": "2026-11-19T21:05:00+00:00"}')
    told = next(f for f in doctor.examine(database, settings) if f.check == "backup")
    assert told.text == "the last one: 19 November 2026, 21:05 UTC"
    assert told.sentence.words("ar").endswith("19 نوفمبر 2026, 21:05 UTC")


@pytest.mark.parametrize("check", PLANTS)
@pytest.mark.parametrize("language", ["fr", "ar"])
def test_no_finding_is_left_in_english(check, language, database, settings, db, make):
    PLANTS[check](database, settings, db, make)
    db.commit()
    for finding in doctor.examine(database, settings, audit=True):
        with i18n.speaking(language):
            known = label(finding.check) != finding.check
        assert known, finding.check
        same = finding.sentence.words(language) == finding.text
        assert not same or finding.sentence.says.startswith("%(")  # a version, an answer of a program, the name of an error


def test_every_job_has_a_name_in_words():
    assert {job.name for job in (*periodic.JOBS, *periodic.APART)} == set(JOBS)


def test_a_later_schema_is_told_apart(database, settings, db, make):
    plant_new_schema(database, settings, db, make)
    db.commit()
    told = [f.text for f in doctor.examine(database, settings) if f.check == "schema"]
    assert "later release" in told[0]


def test_a_full_disk_and_an_open_address_are_problems(database, settings, monkeypatch):
    monkeypatch.setattr(doctor, "LOW_DISK", 1 << 60)
    assert levels(database, settings)["disk"] == "problem"
    public = settings.model_copy(update={"mode": "production", "base_url": "http://network.example"})
    for name in ("secure", "host"):
        public.__dict__.pop(name, None)
    assert levels(database, public)["address"] == "problem"


def test_a_setting_that_nobody_reads_is_noted(database, settings, monkeypatch):
    monkeypatch.setenv("HEARTH_SITENAME", "x")
    note = next(f for f in doctor.examine(database, settings) if f.check == "settings")
    assert "HEARTH_SITENAME" in note.text


def test_the_chain_is_whole_and_its_end_can_be_kept_elsewhere(database, settings, db):
    for verb in ("one", "two", "three"):
        audit.record(db, None, verb, "member", None, count=3, parts=("a", "b"), day=TODAY.date())
    db.commit()
    told = next(f.text for f in doctor.examine(database, settings, audit=True) if f.check == "audit")
    assert "events: 3" in told
    assert audit.end_of_chain(db)[1][:16] in told
    assert list(audit.broken_links(db)) == []


def test_the_chain_cannot_be_changed_from_the_program(db):
    audit.record(db, None, "one")
    db.commit()
    for statement in ("UPDATE audit_event SET verb = 'x'", "DELETE FROM audit_event"):
        with pytest.raises(sa.exc.DBAPIError, match="append-only"):
            db.execute(sa.text(statement))
        db.rollback()


def test_reseal_moves_every_value_to_the_new_key_and_leaves_broken_ones(make, db, database, settings):
    member = make.member()
    db.add(Answer(member_id=member.id, at=now(), sentence="Hello", note="sealed words"))
    db.add(Draft(member_id=member.id, form="f", fields="broken soon", saved_at=now()))
    db.flush()
    db.execute(sa.text("UPDATE draft SET fields = :junk"), {"junk": b"\0" * 40})
    db.commit()
    fresh = b"n" * 32
    crypto.set_seal_keys((fresh, *settings.seals))
    assert doctor.reseal(database) == 1
    assert doctor.reseal(database) == 0
    crypto.set_seal_keys((fresh,))
    with database.reading() as session:
        assert session.execute(sa.select(Answer.note)).scalar() == "sealed words"
    crypto.set_seal_keys(settings.seals)


@pytest.mark.parametrize(
    "content", ["", "about: [", "about: {en: {}}", "- a\n- b", "\x00", "about: {en: {title: T, intro: I, sections: []}}"]
)
def test_texts_that_cannot_be_shown_give_way_to_the_shipped_ones(settings, browse, content):
    own = settings.data_dir / texts.OWN
    own.write_text(content)
    assert texts.fault(own)
    assert browse().get("/about").status_code == 200
    assert browse().get("/rules").status_code == 200


def test_that_nobody_outside_is_named_is_noted_whatever_waits(database, settings):
    note = next(f for f in doctor.examine(database, settings) if f.check == "desk")
    assert (note.level, "HEARTH_ESCALATION_CONTACT" in note.text) == ("note", True)
    named = settings.model_copy(update={"escalation_contact": "help@house.example"})
    assert "desk" not in levels(database, named)
