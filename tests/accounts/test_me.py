"""Me: name, phone, sessions, answers, pause, deletion and the purge, and the copy of my data."""

import io
import json
import re
import zipfile
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from fastapi import FastAPI
from sqlmodel import Session, select, update

from app.core import clock, i18n
from app.core.i18n import N_
from app.core.settings import Settings
from app.domain.accounts import actions, changes, exports, hooks
from app.domain.accounts.keys import new_words
from app.domain.actor import Actor
from app.domain.media.store import from_url
from app.domain.stories import consents
from app.domain.stories.wording import CONSENTS
from app.models.accounts import (
    Answer,
    Erasure,
    Export,
    Invitation,
    Member,
    MemberKey,
    MemberStatus,
    Passkey,
    PhoneMode,
    RecoveryCode,
    Role,
    RoleGrant,
    SignIn,
    Vouch,
    WayBack,
)
from app.models.engine import AuditEvent, Draft
from app.models.moderation import Case, CaseKind, Decision, Flag, Outcome
from app.models.stories import (
    Consent,
    ConsentAct,
    Media,
    MediaKind,
    Purpose,
    SecondLook,
    StoryProposal,
    StoryService,
    StoryStatus,
    StoryText,
)  # fmt: skip
from tests.accounts.people import with_key
from tests.accounts.test_journey import shown_key
from tests.browse import Browser, text_of
from tests.conftest import TODAY
from tests.factories import Make

Browse = Callable[..., Browser]
Peek = Callable[..., list[Any]]


def test_guests_see_two_doors(browse: Browse) -> None:
    page = browse().get("/me")
    assert page.status_code == 200
    assert 'href="/join"' in page.text
    assert 'href="/enter"' in page.text


def test_every_page_of_me_asks_guests_to_come_in(browse: Browse) -> None:
    for path in ("/me/name", "/me/phone", "/me/sessions", "/me/pause", "/my/answers", "/me/data", "/me/key", "/me/codes",
                 "/me/second-step", "/me/delete", "/me/data/file", "/me/card"):  # fmt: skip
        answer = browse().get(path)
        assert (answer.status_code, answer.headers["location"].split("?")[0]) == (303, "/enter"), path


@pytest.mark.parametrize("items", [1, 3])
def test_me_takes_few_statements(browse: Browse, app: FastAPI, make: Make, count_queries: Callable[..., Any], items: int) -> None:
    member, _key = with_key(make, "Slow Lantern")
    for _n in range(items):
        actions.tell(make.db, member.id, "Hello.")
    make.commit()
    browser = browse(member)
    engines = (app.state.house.database.write_engine, app.state.house.database.read_engine)
    for path, expected in (("/me", 5), ("/my/answers", 2), ("/me/sessions", 2), ("/me/data", 2)):
        with count_queries(*engines) as statements:
            assert browser.get(path).status_code == 200
        assert len(statements) == expected, (path, statements)


def test_a_new_name_goes_through_the_same_checks(browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern")
    with_key(make, "Early Bus")
    browser = browse(member)
    assert browser.post("/me/name", {"name": "EARLY BUS"}).status_code == 422
    warned = browser.post("/me/name", {"name": "Fatou Diallo"})
    assert (warned.status_code, 'value="Fatou Diallo"' in warned.text) == (422, True)
    assert browser.post("/me/name", {"name": "slow lanterns"}).status_code == 303
    assert browser.post("/me/name", {"name": "Slow Lanterns"}).status_code == 303  # one's own look is free
    assert peek(select(Member.name).where(Member.id == member.id)) == ["Slow Lanterns"]


def test_the_phone_can_become_ones_own(browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern")
    browser = browse(member)
    answer = browser.post("/me/phone", {"mode": "only_me"})
    assert "Max-Age=2592000" in answer.headers["set-cookie"]
    assert [s.mode for s in peek(select(SignIn))] == [PhoneMode.ONLY_ME]
    assert "Slow Lantern" in text_of(browser.get("/me"))


def test_without_the_key_no_session_lives_longer(browse: Browse, make: Make, peek: Peek) -> None:
    """Whoever holds an unlocked shared phone for a minute does not make it their own."""
    member, _key = with_key(make, "Slow Lantern")
    stale = browse(member, proven=False)
    end = peek(select(SignIn.ends_at))
    assert stale.post("/me/phone", {"mode": "only_me"}).status_code == 401
    with clock.at(TODAY + timedelta(minutes=20)):
        assert stale.post("/me/phone", {"mode": "shared"}).status_code == 303
    assert peek(select(SignIn.ends_at)) == end
    assert peek(select(SignIn.mode)) == [PhoneMode.SHARED]


@pytest.mark.parametrize("way", ["/leave", "/me/sessions/end-all"])
def test_leaving_takes_what_was_carried_from_step_to_step(browse: Browse, make: Make, way: str) -> None:
    browser = browse(with_key(make, "Slow Lantern")[0])
    for name in ("hearth_join", "hearth_flag", "hearth_known", "hearth_language", "other"):
        browser.client.cookies.set(name, "something")
    ended = {c.partition("=")[0] for c in browser.post(way).headers.get_list("set-cookie") if "Max-Age=0" in c}
    assert ended == {"hearth", "hearth_join", "hearth_flag", "hearth_known"}


def test_sessions_are_listed_and_ended_only_by_their_owner(browse: Browse, make: Make, peek: Peek) -> None:
    member, key = with_key(make, "Slow Lantern")
    outsider = browse(with_key(make, "Early Bus")[0])
    here = browse(member)
    there = browse()
    there.post("/enter", {"key": key}, headers={"User-Agent": "Mobile"})
    page = here.get("/me/sessions")
    assert "Phone" in text_of(page)
    ids = re.findall(r'name="id" value="([^"]+)"', page.text)
    assert len(ids) == 1
    assert outsider.post("/me/sessions/end", {"id": ids[0]}).status_code == 404
    assert outsider.post("/me/sessions/end", {"id": "00000000-0000-0000-0000-000000000000"}).status_code == 404
    assert here.post("/me/sessions/end", {"id": ids[0]}).status_code == 303
    assert "without an account" in text_of(there.get("/me"))
    there.post("/enter", {"key": key})
    assert here.post("/me/sessions/end-all").status_code == 303
    for gone in (here, there):
        assert "without an account" in text_of(gone.get("/me"))
    assert len(peek(select(SignIn))) == 1  # the outsider's


def test_a_new_key_ends_the_old_one_and_other_sessions(browse: Browse, make: Make) -> None:
    member, old = with_key(make, "Slow Lantern")
    here, there = browse(member), browse()
    there.post("/enter", {"key": old})
    fresh = shown_key(here.get("/me/key").text)
    assert shown_key(here.get("/me/card").text) == fresh
    assert browse().post("/enter", {"key": old}).status_code == 303  # nothing has changed yet
    before = here.client.cookies["hearth"]
    assert here.post("/me/key").status_code == 303
    fresh_token = here.client.cookies.get("hearth", domain="127.0.0.1")
    assert fresh_token not in ("", before)
    here.client.cookies.clear()
    here.client.cookies.set("hearth", fresh_token)
    assert "Slow Lantern" in text_of(here.get("/me"))
    assert "without an account" in text_of(there.get("/me"))
    assert browse().post("/enter", {"key": old}).status_code == 422
    assert browse().post("/enter", {"key": fresh}).status_code == 303


def test_a_key_shown_to_one_account_is_not_put_on_another(browse: Browse, make: Make, peek: Peek) -> None:
    one, two = with_key(make, "Slow Lantern")[0], with_key(make, "Early Bus")[0]
    first = browse(one)
    first.get("/me/key")
    second = browse(two)
    second.client.cookies.set("hearth_newkey", first.client.cookies["hearth_newkey"])
    before = peek(select(MemberKey.locator_hash).where(MemberKey.member_id == two.id))
    assert second.post("/me/key").headers["location"] == "/me/key"
    assert peek(select(MemberKey.locator_hash).where(MemberKey.member_id == two.id)) == before


def test_answers_are_told_marked_and_translated_when_read(browse: Browse, make: Make, peek: Peek) -> None:
    member, _key = with_key(make, "Slow Lantern")
    other, _k = with_key(make, "Early Bus")
    sentence = N_("You have a new role in the network, until %(day)s.")
    actions.tell(make.db, member.id, sentence, note="Thank <b>you</b>", day="2027-01-01")
    actions.tell(make.db, other.id, "Only for somebody else.")
    make.commit()
    browser = browse(member)
    page = browser.get("/my/answers")
    assert "until 1 January 2027." in text_of(page)
    assert "Thank &lt;b&gt;you" in page.text
    assert "somebody else" not in page.text
    assert "1 new" in text_of(browser.get("/me"))  # opening has not changed anything
    assert browser.post("/my/answers").status_code == 303
    assert "1 new" not in text_of(browser.get("/me"))
    assert peek(select(Answer).where(Answer.member_id == other.id))[0].read_at is None
    assert b"Thank" not in bytes(peek("SELECT note FROM answer WHERE note IS NOT NULL")[0][0])


def test_answers_come_in_pages(browse: Browse, make: Make) -> None:
    member, _key = with_key(make, "Slow Lantern")
    for n in range(25):
        actions.tell(make.db, member.id, f"Sentence {n:02}.")
    make.commit()
    browser = browse(member)
    first, second = text_of(browser.get("/my/answers")), text_of(browser.get("/my/answers?n=2"))
    assert first.index("Sentence 24") < first.index("Sentence 05")
    assert "Sentence 04" not in first
    assert "Sentence 04" in second
    assert browser.get("/my/answers?n=-1").status_code == 404
    make.db.execute(update(Answer).where(Answer.sentence == "Sentence 24.").values(at=clock.now() - timedelta(days=2)))  # type: ignore[arg-type]
    make.commit()
    assert "Sentence 24" in text_of(browser.get("/my/answers?n=2"))  # by its day, whatever number its row has


def test_pause_and_start_again_call_those_who_hang_onto_it(
    browse: Browse, make: Make, peek: Peek, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[MemberStatus] = []
    monkeypatch.setattr(hooks, "on_standing", [lambda _db, _id, status: seen.append(status)])
    member, _key = with_key(make, "Slow Lantern")
    browser = browse(member)
    assert browser.post("/me/start").status_code == 403
    browser.post("/me/pause")
    assert "Your account is paused" in text_of(browser.get("/me"))
    assert browser.post("/me/pause").status_code == 403
    browser.post("/me/start")
    assert seen == [MemberStatus.PAUSED, MemberStatus.ACTIVE]
    assert peek(select(Member.status)) == [MemberStatus.ACTIVE]


def test_deletion_waits_seven_days_and_can_be_stopped_with_the_key(browse: Browse, make: Make, db: Session, peek: Peek) -> None:
    member, key = with_key(make, "Slow Lantern")
    here, there = browse(member), browse()
    there.post("/enter", {"key": key})
    assert here.post("/me/delete").status_code == 303
    assert "without an account" in text_of(there.get("/me"))
    with clock.at(TODAY + timedelta(days=6, hours=23)):
        assert changes.due_for_purge(db) == []
        db.rollback()
        again = browse()
        again.post("/enter", {"key": key})
        assert "will be deleted" in text_of(again.get("/me"))
        assert again.post("/me/stay").status_code == 303
    row = peek(select(Member))[0]
    assert (row.status, row.delete_after) == (MemberStatus.ACTIVE, None)
    with clock.at(TODAY + timedelta(days=8)):
        assert changes.due_for_purge(db) == []


@pytest.mark.parametrize("before", [MemberStatus.APPLIED, MemberStatus.SUSPENDED, MemberStatus.PAUSED])
def test_asking_for_deletion_and_staying_never_improves_ones_standing(
    browse: Browse, make: Make, peek: Peek, before: MemberStatus
) -> None:
    member, _key = with_key(make, "Slow Lantern", status=before)
    browser = browse(member)
    assert browser.post("/me/delete").status_code == 303
    assert browser.post("/me/stay").status_code == 303
    assert peek(select(Member.status)) == [before]
    if before != MemberStatus.PAUSED:
        assert browser.post("/me/pause").status_code == 403
        assert browser.post("/me/start").status_code == 403


def test_a_refused_applicant_cannot_stay_longer_by_asking(make: Make, db: Session) -> None:
    end = TODAY + timedelta(days=3)
    member, _key = with_key(make, "Slow Lantern", status=MemberStatus.SUSPENDED, delete_after=end)
    me = Actor(member_id=member.id, status=MemberStatus.SUSPENDED)
    changes.ask_deletion(db, me)
    assert member.delete_after == end
    changes.stay(db, Actor(member_id=member.id, status=MemberStatus.LEAVING))
    assert (member.status, member.delete_after) == (MemberStatus.SUSPENDED, end)


def a_full_life(make: Make, settings: Settings) -> tuple[Member, Member, str]:
    """Make somebody with everything an account can have; return them, somebody else, and a media file's name."""
    db = make.db
    member, _key = with_key(make, "Slow Lantern", key=new_words("en"), totp_secret="CANARY")
    other, _k = with_key(make, "Canary Neighbour", Role.COORDINATOR)
    today = TODAY.date()
    story = make.story(member, title="The first winter", year=2024, season="winter", heavy=True, themes=["work"], needs=["housing"],
                       area_id=make.area("Pikine", names={"ar": "بيكين"}).id, until_on=today + timedelta(days=90),
                       submitted_at=TODAY, status=StoryStatus.PUBLISHED, published_on=today)  # fmt: skip
    name = from_url(settings.media).put(b"OggS-voice", ".opus")
    case = Case(ref="c" * 12, kind=CaseKind.STORY, subject_kind="story", subject_id=story.id, opened_at=TODAY, due_at=TODAY)
    way = WayBack(receipt_hash="r" * 64, member_id=member.id, asked_at=TODAY)
    asked = WayBack(receipt_hash="s" * 64, member_id=other.id, asked_at=TODAY)
    db.add_all([case, way, asked])
    db.flush()
    db.add_all([
        Media(ref="m" * 12, story_id=story.id, kind=MediaKind.VOICE, files={"opus": {"name": name, "bytes": 10}}),
        Consent(story_id=story.id, number=1, member_id=member.id, act=ConsentAct.GIVEN, purpose=Purpose.PUBLIC, text_version="1",
                text_hash=consents.text_hash(Purpose.PUBLIC), language="en", from_on=today, at=TODAY),
        Consent(story_id=story.id, number=2, member_id=member.id, act=ConsentAct.GIVEN, purpose=Purpose.RADIO, text_version="0",
                text_hash="h" * 64, language="en", from_on=today, at=TODAY),
        Decision(
            case_id=case.id, about_id=member.id, decided_by=other.id, at=TODAY, outcome=Outcome.PUBLISH, reason="Clear and kind."
        ),
        Flag(case_id=case.id, reason="other", note="my own words", member_id=member.id, on=today, answered_on=today,
             answer="Looked at on %(day)s.", answer_params={"day": "Friday"}),
        Flag(case_id=case.id, reason="other", note="canary of a reporter", member_id=other.id, on=today),
        StoryProposal(story_id=story.id, language="en", base_version=1, fields='{"title": "My first winter"}', made_by=other.id,
                      made_on=today),
        StoryProposal(story_id=make.story(other, title="Canary story").id, language="en", base_version=1,
                      fields='{"title": "Canary words"}', made_by=member.id, made_on=today),
        StoryText(story_id=story.id, language="fr", original=False, title="Le premier hiver", translator_id=other.id, named=True,
                  second_look=SecondLook.FINE),
        StoryService(story_id=story.id, service_id=make.service("Open house").id),
        RecoveryCode(member_id=member.id, code_hash="k" * 64),
        Draft(member_id=member.id, form="story:x:write", fields='{"body": "half"}', saved_at=TODAY),
        Passkey(member_id=member.id, credential_id="p", public_key=b"p", label="my phone", added_on=today),
        Vouch(way_back_id=way.id, organiser_id=other.id, at=TODAY),
        Vouch(way_back_id=asked.id, organiser_id=member.id, at=TODAY),
        Invitation(code_hash="i" * 64, label="the sewing circle", uses=5, uses_left=5, until=TODAY, created_by=member.id),
    ])  # fmt: skip
    make.role(member, Role.ORGANISER)
    actions.tell(db, member.id, "Hello %(who)s.", note="be well", who="you")
    make.commit()
    return member, other, name


def test_my_copy_holds_mine_and_nobody_elses(browse: Browse, make: Make, settings: Settings, peek: Peek) -> None:
    member, other, _name = a_full_life(make, settings)
    browser = browse(member)
    assert browser.post("/me/data").status_code == 303
    assert browser.post("/me/data").status_code == 409  # one at a time
    answer = browser.get("/me/data/file")
    assert answer.headers["content-disposition"] == 'attachment; filename="papers.zip"'
    assert answer.headers["cache-control"] == "no-store"
    archive = zipfile.ZipFile(io.BytesIO(answer.content))
    names = archive.namelist()
    assert {"read.html", "data.json"} < set(names)
    media = [n for n in names if n.startswith("media/")]
    assert archive.read(media[0]) == b"OggS-voice"
    text = archive.read("data.json").decode()
    data = json.loads(text)
    assert data["account"]["name others see"] == "Slow Lantern"
    assert data["stories"][0]["texts"][0]["title"] == "The first winter"
    assert data["stories"][0].items() >= {
        "area": "Pikine", "year": 2024, "season": "winter", "needs": ["housing"], "heavy to read": True, "sent on": "2026-11-20",
        "published on": "2026-11-20", "shown until": "2027-02-18", "state": "published",
    }.items()  # fmt: skip
    agreed = sorted(data["what I agreed to"], key=lambda one: str(one["purpose"]))
    assert [a["purpose"] for a in agreed] == ["public", "radio"]
    assert agreed[0]["what stood on the screen"] == CONSENTS[Purpose.PUBLIC]
    assert agreed[0]["mark of the text (SHA-256)"] == consents.text_hash(Purpose.PUBLIC)
    assert agreed[1]["what stood on the screen"] == ""  # a sentence of another release: only its mark is known
    assert data["ways back without the key"] == [{"asked on": "2026-11-20", "stopped on": None, "used on": None}]
    assert data["yeses to the way back of others"] == [{"on": "2026-11-20"}]
    assert data["invitations that I made"] == [{"for whom": "the sewing circle", "people": 5, "until": "2026-11-20"}]
    assert not {"flags", "decisions"} & set(data)  # each thing is told once
    assert data["decisions about me"][0] == {
        "on": "2026-11-20", "decision": "publish", "rule": None, "reason": "Clear and kind.", "until": None,
    }  # fmt: skip
    assert data["answers"][-1] == {"on": "2026-11-20", "text": "Hello you.", "note": "be well"}
    assert [f["note"] for f in data["what I reported"]] == ["my own words"]
    reported = data["what I reported"][0]
    assert (reported["answer"], reported["answered on"]) == ("Looked at on Friday.", "2026-11-20")
    told = data["stories"][0]
    assert told["other words suggested to me"] == [{"language": "en", "on": "2026-11-20", "words": {"title": "My first winter"}}]
    assert told["services it names"] == ["Open house"]
    assert len(data["stories"]) == 1
    assert data["drafts"] == [{"form": "write", "reference": "x", "text": {"body": "half"}}]
    page = archive.read("read.html").decode()
    for whole in (text, page):
        assert "anary" not in whole  # neither the neighbour's name nor the reporter's words, nor a secret of the second step
        assert str(other.id) not in whole
    assert "The first winter" in page
    assert browse(other).get("/me/data/file").status_code == 404
    assert browse().get("/me/data/file").status_code == 303
    assert "Slow" not in peek(select(Export))[0].file_name


COPY = {
    "en": (
        "Name others see",
        "Who may see it",
        "Everyone",
        "18 or older",
        "Yes",
        "20 November 2026",
        "Shown",
        "Winter",
        "Organiser",
    ),
    "fr": ("Nom que les autres voient", "Tout le monde", "18 ans ou plus", "Oui", "20 novembre 2026", "Montrée", "Hiver"),
    "ar": ("الاسم الذي يراه الآخرون", "الجميع", "18 سنة أو أكثر", "نعم", "20 نوفمبر 2026", "بيكين"),
}


@pytest.mark.parametrize("language", COPY)
def test_my_copy_speaks_my_language_and_its_data_stay_the_same(
    browse: Browse, make: Make, settings: Settings, language: str
) -> None:
    member, _other, _name = a_full_life(make, settings)
    browser = browse(member, language=language)
    browser.post("/me/data")
    archive = zipfile.ZipFile(io.BytesIO(browser.get("/me/data/file").content))
    page, data = archive.read("read.html").decode(), json.loads(archive.read("data.json"))
    for words in COPY[language]:
        assert words in page
    assert (data["account"]["standing"], data["stories"][0]["who may see it"]) == ("active", "everyone")
    if language == "ar":  # every word of ours is Arabic: Latin letters stand only in what people wrote, in names and marks
        ours = re.sub(r'<span dir="auto">.*?</span>|<[^>]*>', " ", page)
        assert set(re.findall(r"[A-Za-z]+", ours)) <= {"SHA"}


def test_a_translation_is_carried_along_while_its_story_is_shown(browse: Browse, make: Make, settings: Settings) -> None:
    member, _key = with_key(make, "Slow Lantern")
    teller = make.member("Blue Kettle")
    for n, status in enumerate((StoryStatus.PUBLISHED, StoryStatus.TAKEN_BACK)):
        story = make.story(teller, status=status, published_on=TODAY.date())
        make.db.add(StoryText(story_id=story.id, language="fr", original=False, title=f"Titre {n}", translator_id=member.id))
    make.commit()
    browser = browse(member)
    browser.post("/me/data")
    archive = zipfile.ZipFile(io.BytesIO(browser.get("/me/data/file").content))
    told = json.loads(archive.read("data.json"))["translations that I wrote"]
    assert [one.get("title") for one in told] == ["Titre 0", None]
    assert [one["language"] for one in told] == ["fr", "fr"]
    assert "Blue Kettle" not in archive.read("read.html").decode()


def test_a_copy_is_gone_after_a_day(browse: Browse, make: Make, db: Session, settings: Settings) -> None:
    member, _key = with_key(make, "Slow Lantern")
    browser = browse(member, mode=PhoneMode.ONLY_ME)
    browser.post("/me/data")
    files = list(exports.folder().iterdir())
    assert len(files) == 1
    assert files[0].stat().st_mode & 0o777 == 0o600
    with clock.at(TODAY + timedelta(days=1)):
        assert actions.clear_exports(db) == 1
        db.commit()
    assert list(exports.folder().iterdir()) == []
    assert browser.get("/me/data/file").status_code == 404
    browser.post("/me/data")
    assert browser.post("/me/data/remove").status_code == 303
    assert list(exports.folder().iterdir()) == []


def test_the_purge_leaves_an_id_and_nothing_else(
    make: Make, db: Session, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    member, other, _name = a_full_life(make, settings)
    exports.make(db, Actor(member_id=member.id))
    purged: list[Any] = []
    monkeypatch.setattr(hooks, "on_purge", [lambda _db, member_id: purged.append(member_id)])
    for _twice in range(2):  # after a restore it is applied again
        actions.purge_member(db, member.id)
        db.commit()
    assert purged == [member.id, member.id]
    assert list(exports.folder().iterdir()) == []
    for table in (MemberKey, RecoveryCode, SignIn, Passkey, RoleGrant, Answer, Draft, WayBack, Export):
        rows = db.exec(select(table).where(table.member_id == member.id)).all()  # type: ignore[attr-defined]
        assert rows == [], table
    assert db.exec(select(Vouch)).all() == []
    db.expire_all()
    row = db.get_one(Member, member.id)
    assert (row.name, row.status, row.totp_secret, row.application) == ("", MemberStatus.GONE, None, None)
    assert [e.subject_id for e in db.exec(select(Erasure)).all()] == [member.id]
    assert "Slow Lantern" not in str([e.model_dump() for e in db.exec(select(AuditEvent)).all()])
    assert db.exec(select(MemberKey).where(MemberKey.member_id == other.id)).first()
    again = actions.create_member(db, "Slow Lantern", "en", new_words("en"))  # the name is free again
    assert again.id != member.id


def test_the_key_of_somebody_erased_opens_nothing(browse: Browse, make: Make, db: Session) -> None:
    member, key = with_key(make, "Slow Lantern")
    browser = browse(member)
    actions.purge_member(db, member.id)
    db.commit()
    assert browse().post("/enter", {"key": key}).status_code == 422
    assert "without an account" in text_of(browser.get("/me"))


def test_coordinators_come_from_the_command_line(browse: Browse, db: Session, settings: Settings, peek: Peek) -> None:
    key = actions.create_coordinator(db, "Green Kettle", "fr")
    db.commit()
    grant = peek(select(RoleGrant))[0]
    assert (grant.role, grant.granted_by, (grant.until_on - TODAY.date()).days) == (Role.COORDINATOR, None, 365)
    assert browse().post("/enter", {"key": " ".join(key.shown)}).headers["location"] == "/me/second-step"


def test_sentences_of_answers_speak_the_readers_language(make: Make, db: Session) -> None:
    from app.domain.accounts.queries import in_words

    member, _key = with_key(make, "Slow Lantern")
    told = actions.tell(db, member.id, N_("Hello %(who)s."), who="you")
    with i18n.speaking("en"):
        assert in_words(told) == "Hello you."


def test_safe_page_is_for_everybody(browse: Browse) -> None:
    page = text_of(browse().get("/safe"))
    for words in ("private window", "Opera Mini", "Leave", "History"):
        assert words in page
