"""The worker: what is due, once, also by two; nothing deleted after a jump of the clock; mail at least once and recognisable."""

import asyncio
import smtplib
import socket
from datetime import timedelta
from email import message_from_bytes

import pytest
import sqlalchemy as sa
from aiosmtpd.controller import Controller

from app.core import clock
from app.core.clock import now
from app.core.crypto import set_seal_keys
from app.core.i18n import Sentence
from app.domain.notifications import actions
from app.jobs import deliveries, mail, periodic, retention
from app.jobs.periodic import Periodic, run_due
from app.models.engine import Delivery, DeliveryState, Draft, JobRun, OnceKey, Tries
from tests.conftest import TODAY

DONE = Sentence("done")


def job(runs: list[str], name: str = "tidy", deletes: bool = True, every: timedelta = timedelta(hours=6)) -> Periodic:
    return Periodic(name, every, lambda _d, _s: runs.append(name) or DONE, deletes)


def test_a_job_runs_when_it_is_due_and_not_before(database, settings):
    runs: list[str] = []
    for hours, expected in ((0, 1), (5, 1), (6, 2), (7, 2), (12, 3)):
        with clock.at(TODAY + timedelta(hours=hours)):
            run_due(database, settings, (job(runs),))
        assert len(runs) == expected


@pytest.mark.parametrize("jump", [timedelta(days=400), timedelta(days=-3), timedelta(days=2)])
def test_after_a_jump_of_the_clock_the_first_round_deletes_nothing(database, settings, jump):
    """The jobs before it in the same round have noted the new time already: that must not hide the jump."""
    runs: list[str] = []
    jobs = (job(runs, "checkpoint", deletes=False, every=timedelta(seconds=30)), job(runs))
    run_due(database, settings, jobs)
    with clock.at(TODAY + jump):
        run_due(database, settings, jobs)
        run_due(database, settings, jobs)
        assert runs.count("tidy") == 1
        with database.reading() as db:
            assert "clock" in db.get_one(JobRun, "tidy").result
    with clock.at(TODAY + jump + timedelta(hours=7)):
        run_due(database, settings, jobs)
    assert runs.count("tidy") == 2


def test_two_workers_never_have_the_same_job(database, settings):
    seen: list[list[str]] = []

    def meanwhile(_d, _s) -> Sentence:
        seen.append(run_due(database, settings, (job([], "slow"),)))
        return DONE

    run_due(database, settings, (Periodic("slow", timedelta(hours=1), meanwhile),))
    assert seen == [[]]


def test_a_claim_that_was_never_finished_ends_with_its_lease(database, settings):
    runs: list[str] = []
    assert periodic._claim(database, job(runs))
    assert run_due(database, settings, (job(runs),)) == []
    with clock.at(TODAY + periodic.LEASE + timedelta(seconds=1)):
        assert run_due(database, settings, (job(runs),)) == ["tidy"]


def test_a_job_that_fails_is_noted_and_the_others_go_on(database, settings):
    runs: list[str] = []

    def broken(_d, _s) -> Sentence:
        raise RuntimeError("words of a person")

    assert run_due(database, settings, (Periodic("bad", timedelta(hours=1), broken), job(runs))) == ["tidy"]
    with database.reading() as db:
        row = db.get_one(JobRun, "bad")
    assert not row.ok
    assert row.result == "RuntimeError"


def test_what_a_job_did_is_kept_whole_for_whoever_reads_it_later(database, settings):
    """As a sentence with its counts, so that the operator's page can say it in any language."""
    assert len(run_due(database, settings)) == len(periodic.JOBS)
    with database.reading() as db:
        told = {job.name: Sentence.from_text(db.get_one(JobRun, job.name).result) for job in periodic.JOBS}
    assert told["retention"] == Sentence("rows removed: %(rows)s, accounts: %(accounts)s", {"rows": 0, "accounts": 0})
    for sentence in told.values():
        assert sentence.words("fr") != sentence.words("en")


# --- retention ------------------------------------------------------------------------------------------------------------------


def aged(kind: str, days: float, member_id) -> object:
    at = TODAY - timedelta(days=days)
    if kind == "draft":
        return Draft(member_id=member_id, form=f"f{days}", fields="{}", saved_at=at)
    if kind == "once_key":
        return OnceKey(key=f"k{days}", at=at)
    if kind == "tries":
        return Tries(key=f"t{days}", window_start=at, count=1)
    return Delivery(to="a@b.example", subject="s", body="b", state=DeliveryState.SENT, next_try_at=at, owed_at=at, done_at=at)


@pytest.mark.parametrize(("kind", "days"), [("draft", 90), ("once_key", 2), ("tries", 2), ("delivery", 7)])
def test_what_is_past_its_date_goes_and_nothing_younger(make, db, kind, days):
    member = make.member()
    db.add_all([aged(kind, days - 0.01, member.id), aged(kind, days + 0.01, member.id)])
    db.flush()
    gone = retention.remove_old(db, now())
    assert gone[kind] == 1
    assert db.execute(sa.select(sa.func.count()).select_from(sa.table(kind))).scalar() == 1


def test_a_message_that_is_still_owed_never_goes(db):
    actions.owe_mail(db, "a@b.example", "words")
    with clock.at(TODAY + timedelta(days=300)):
        assert retention.remove_old(db, now())["delivery"] == 0


def test_one_account_that_resists_does_not_stop_the_others(make, database, settings, monkeypatch):
    first, second = make.member(seen_on=TODAY.date() - timedelta(days=600)), make.member(seen_on=TODAY.date() - timedelta(days=600))
    young = make.member(seen_on=TODAY.date() - timedelta(days=540))
    make.commit()
    erased = []

    def purge(_db, member_id) -> None:
        if member_id == first.id:
            raise RuntimeError
        erased.append(member_id)

    monkeypatch.setattr(retention.accounts, "purge_member", purge)
    with pytest.raises(RuntimeError, match="1 accounts"):
        retention.run(database, settings)
    assert erased == [second.id]
    assert young.id not in erased


# --- mail -----------------------------------------------------------------------------------------------------------------------


class Postbox:
    """Keeps what comes; answers as told."""

    def __init__(self) -> None:
        self.mails: list[bytes] = []
        self.answer = "250 OK"

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's naming
        await asyncio.sleep(0)
        if self.answer.startswith("250"):
            self.mails.append(envelope.content)
        return self.answer


@pytest.fixture
def postbox(settings):
    """A mail server on loopback and settings that send there."""
    box = Postbox()
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    controller = Controller(box, hostname="127.0.0.1", port=port)
    controller.start()
    yield box, settings.model_copy(update={"mail_url": f"smtp://127.0.0.1:{port}?tls=off&from=hearth@network.example"})
    controller.stop()


@pytest.fixture
def owed(database):
    with database.transaction() as db:
        return actions.owe_mail(db, "amina@example.org", "Something new waits.").id


def state_of(database, key) -> Delivery:
    with database.reading() as db:
        return db.get_one(Delivery, key)


def test_a_mail_goes_out_once_and_its_words_are_not_kept(database, postbox, owed):
    box, settings = postbox
    assert deliveries.send_due(database, settings, "w") == 1
    assert deliveries.send_due(database, settings, "w") == 0
    sent = message_from_bytes(box.mails[0])
    assert (sent["To"], sent["From"], sent["Subject"]) == ("amina@example.org", "hearth@network.example", "Something new")
    assert sent["Date"]
    assert sent["Auto-Submitted"] == "auto-generated"
    row = state_of(database, owed)
    assert (row.state, row.to, row.body) == (DeliveryState.SENT, "", "")


def test_a_worker_killed_after_sending_sends_again_under_the_same_number(database, postbox, owed):
    box, settings = postbox
    with database.transaction() as db:
        taken = actions.claim(db, "killed")
    mail.send(taken, settings)  # and dies here, before it can note it
    assert deliveries.send_due(database, settings, "next") == 0
    with clock.at(TODAY + actions.LEASE + timedelta(seconds=1)):
        assert deliveries.send_due(database, settings, "next") == 1
    first, second = (message_from_bytes(m) for m in box.mails)
    assert first["Message-ID"] == second["Message-ID"]


def test_a_worker_that_lost_its_lease_does_not_undo_what_the_next_one_did(database, postbox, owed):
    _box, settings = postbox
    with database.transaction() as db:
        late = actions.claim(db, "late")
    with clock.at(TODAY + actions.LEASE + timedelta(seconds=1)):
        assert deliveries.send_due(database, settings, "next") == 1
        deliveries._note(database, late, "late", worked=False, for_good=False)
    assert state_of(database, owed).state == DeliveryState.SENT


@pytest.mark.parametrize(("answer", "state"), [("451 Later", DeliveryState.OWED), ("550 Never", DeliveryState.FAILED)])
def test_not_now_is_tried_again_and_never_is_given_up(database, postbox, owed, answer, state):
    box, settings = postbox
    box.answer = answer
    deliveries.send_due(database, settings, "w")
    assert state_of(database, owed).state == state
    box.answer = "250 OK"
    with clock.at(TODAY + timedelta(minutes=3)):
        assert deliveries.send_due(database, settings, "w") == (state == DeliveryState.OWED)


def test_a_dead_server_is_tried_later_and_later_and_given_up_after_eight(database, settings, owed):
    away = settings.model_copy(update={"mail_url": "smtp://127.0.0.1:9?tls=off"})
    moment, tries = TODAY, 0
    while state_of(database, owed).state == DeliveryState.OWED and tries < 20:
        with clock.at(moment):
            deliveries.send_due(database, away, "w")
        moment, tries = moment + timedelta(days=1, minutes=1), tries + 1
    assert tries == actions.LAST_TRY
    assert state_of(database, owed).to == ""


@pytest.mark.parametrize("to", ["a@b.example\r\nBcc: all@evil.example", "a@b.example\nX: y", "ämina@exämple.org\n"])
def test_nobody_smuggles_a_header_into_a_mail(database, postbox, to):
    box, settings = postbox
    with database.transaction() as db:
        key = actions.owe_mail(db, to, "words").id
    deliveries.send_due(database, settings, "w")
    assert box.mails == []
    assert state_of(database, key).state == DeliveryState.FAILED


def test_without_tls_nothing_is_sent_unless_that_was_said(database, postbox, owed):
    box, settings = postbox
    strict = settings.model_copy(update={"mail_url": settings.mail_url.replace("tls=off&", "")})
    with database.reading() as db:
        row = db.get_one(Delivery, owed)
    with pytest.raises(smtplib.SMTPNotSupportedError):
        mail.send(row, strict)
    assert box.mails == []


def test_a_message_whose_key_is_gone_does_not_stand_in_the_way(database, postbox, owed, settings):
    box, there = postbox
    set_seal_keys((b"n" * 32,))
    with database.transaction() as db:
        later = actions.owe_mail(db, "b@example.org", "words").id
    assert deliveries.send_due(database, there, "w") == 1
    assert state_of(database, later).state == DeliveryState.SENT
    assert len(box.mails) == 1
    set_seal_keys(settings.seals)
    assert state_of(database, owed).state == DeliveryState.FAILED
