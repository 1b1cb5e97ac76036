"""Every mistake: the right status, friendly words in the reader's language, what was typed, and nothing of our insides."""

import errno
import json

import pytest
import sqlalchemy as sa
from fastapi import Request
from starlette.exceptions import HTTPException
from starlette.responses import Response

from app.core import errors
from app.models.stories import StoryStatus
from app.web.transactions import Db, Pages
from tests.browse import text_of

WORDS = "My long story about the bus, and my cousin."
SECRETS = ("secretkeywords", "Traceback", "sqlalchemy", "sqlite3", "psycopg", "app/", "SELECT")


class Mishap:
    """What the next request to /test-mishap raises, and where."""

    error: Exception | None = None
    at_commit: bool = False


@pytest.fixture
def mishap(app):
    """An address (also under /api/) where things go wrong."""
    plan = Mishap()

    @app.api_route("/test-mishap", methods=["GET", "POST"])
    @app.api_route("/api/test-mishap", methods=["GET", "POST"])
    def go_wrong(request: Request, db: Db, page: Pages) -> Response:
        db.execute(sa.text("UPDATE content_version SET number = number + 0"))
        if plan.error and not plan.at_commit:
            raise plan.error
        if plan.error:

            def fail(*_args):
                raise plan.error

            sa.event.listen(db, "before_commit", fail)
        return page.go_to("/about", say="Kept.")

    return plan


DISK = sa.exc.OperationalError("INSERT secretkeywords", {}, Exception("database or disk is full"))
AWAY = sa.exc.OperationalError("SELECT secretkeywords", {}, Exception("server closed the connection unexpectedly"))
LIST = [
    (errors.NotFound(), 404, "We have no page at this address."),
    (errors.NotFound("This page is not here."), 404, "We have no page at this address."),
    (errors.NotFound("Somebody took it."), 404, "Somebody took it."),
    (errors.Gone(), 410, "This was taken back"),
    (errors.Refused("You may not."), 403, "You may not."),
    (errors.Conflict("Look again."), 409, "Look again."),
    (errors.Invalid("x", "Too odd."), 422, "Too odd."),
    (errors.TooMany("Slowly.", 60), 429, "Slowly."),
    (DISK, 507, "Our disk is full"),
    (AWAY, 503, "Wait a minute"),
    (sa.exc.TimeoutError("pool"), 503, "Wait a minute"),
    (sa.exc.IntegrityError("INSERT", {}, Exception("UNIQUE secretkeywords")), 409, "Somebody changed it"),
    (sa.exc.DataError("INSERT", {}, Exception("secretkeywords")), 400, "could not read"),
    (OSError(errno.ENOSPC, "secretkeywords"), 507, "Our disk is full"),
    (OSError(errno.EROFS, "secretkeywords"), 507, "Our disk is full"),
    (RuntimeError("secretkeywords"), 500, "Something broke on our side"),
]
NAMES = [f"{type(error).__name__}{status}-{number}" for number, (error, status, _) in enumerate(LIST)]


@pytest.mark.parametrize(("error", "status", "words"), LIST, ids=NAMES)
def test_people_get_a_page(browse, mishap, error, status, words):
    mishap.error = error
    answer = browse().get("/test-mishap")
    assert answer.status_code == status
    assert words in text_of(answer)
    assert not [s for s in SECRETS if s in answer.text]
    assert "content-security-policy" in answer.headers
    assert answer.headers["cache-control"] == "no-store"


@pytest.mark.parametrize(("error", "status", "words"), LIST, ids=NAMES)
def test_machines_get_a_problem_document(browse, mishap, error, status, words):
    mishap.error = error
    answer = browse().get("/api/test-mishap")
    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    assert json.loads(answer.text)["status"] == status
    assert not [s for s in SECRETS if s in answer.text]


@pytest.mark.parametrize("at_commit", [False, True])
@pytest.mark.parametrize(("error", "status"), [(DISK, 507), (AWAY, 503), (OSError(errno.ENOSPC, ""), 507), (RuntimeError(), 500)])
def test_words_survive_a_failure_also_at_the_commit(browse, mishap, error, status, at_commit):
    mishap.error, mishap.at_commit = error, at_commit
    answer = browse().post("/test-mishap", {"body": WORDS, "once": "n1", "key": "secretkeywords", "mode": "shared"})
    assert answer.status_code == status
    assert WORDS in answer.text
    assert "secretkeywords" not in answer.text
    assert "Kept." not in answer.text
    assert "location" not in answer.headers


KEEPING = [
    (errors.NotFound(), 404, False), (errors.Gone(), 410, False), (errors.Refused("You may not."), 403, True),
    (errors.Conflict("Look again."), 409, True), (errors.Invalid("x", "Too odd."), 422, False),
    (errors.TooMany("Slowly.", 60), 429, True), (sa.exc.DataError("INSERT", {}, Exception("secretkeywords")), 400, False),
    (HTTPException(400), 400, False), (HTTPException(404), 404, False),
]  # fmt: skip


@pytest.mark.parametrize(("error", "status", "again"), KEEPING, ids=[f"{type(e).__name__}{s}" for e, s, _ in KEEPING])
def test_a_form_that_is_refused_keeps_what_was_typed(browse, mishap, error, status, again):
    mishap.error = error
    answer = browse().post("/test-mishap", {"body": WORDS, "once": "n6", "key": "secretkeywords", "mode": "shared", "version": "3"})
    assert answer.status_code == status
    assert WORDS in answer.text
    assert "secretkeywords" not in answer.text, "a key is never shown again"
    mishap.error = error
    answer = browse().post("/test-mishap", {"body": WORDS, "once": "n6"})
    assert ("Send again" in answer.text) is again, "offered only where another try can end otherwise"
    assert answer.headers.get("retry-after") == ("60" if status == 429 else None)
    assert '<a class="btn alt" href="/help"' in answer.text, "never a dead end"


@pytest.mark.parametrize(("error", "status", "again"), KEEPING, ids=[f"{type(e).__name__}{s}" for e, s, _ in KEEPING])
def test_a_refused_tap_without_words_shows_no_empty_field(browse, mishap, error, status, again):
    mishap.error = error
    answer = browse().post("/test-mishap", {"once": "n7", "version": "3"})
    assert answer.status_code == status
    assert "<textarea" not in answer.text
    assert ("Send again" in answer.text) is (again and status != 403), "a bare no is an answer"


def test_what_another_site_sent_is_not_shown_as_ours(browse, mishap):
    answer = browse().client.post("/test-mishap", data={"body": WORDS}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert WORDS not in answer.text


def test_a_refusal_leads_back_to_where_the_form_stood(app, browse):
    @app.get("/test-shelf/{ref}")
    def shelf(ref: str, page: Pages) -> Response:
        return page.go_to("/about")

    @app.post("/test-shelf/{ref}/words/send")
    def send(ref: str) -> Response:
        raise errors.Refused("You may not.") if ref == "sent" else errors.NotFound

    refused = browse().post("/test-shelf/sent/words/send", {"body": WORDS})
    assert 'href="/test-shelf/sent"' in refused.text, "the nearest address above that is a page"
    gone = browse().post("/test-shelf/gone/words/send", {"body": WORDS})
    assert 'href="/test-shelf/gone"' not in gone.text, "what is not there is not offered"


def test_a_failed_form_can_be_sent_again_and_then_counts_once(browse, mishap):
    browser = browse()
    mishap.error, mishap.at_commit = DISK, True
    failed = browser.post("/test-mishap", {"body": WORDS, "once": "n2"})
    assert 'name="once" value="n2"' in failed.text
    mishap.error = None
    assert browser.post("/test-mishap", {"body": WORDS, "once": "n2"}).status_code == 303
    mishap.error = RuntimeError()  # not reached: it was done
    assert browser.post("/test-mishap", {"body": WORDS, "once": "n2"}).headers["location"] == "/about"


def test_a_long_address_does_not_spoil_what_was_done(app, browse):
    @app.post("/test-long")
    def long(db: Db, page: Pages) -> Response:
        return page.go_to("/about?x=" + "y" * 400)

    for _time in range(2):
        assert browse().post("/test-long", {"once": "n3"}).status_code == 303


def test_an_answer_that_says_no_leaves_nothing_behind(app, browse, database):
    @app.post("/test-half")
    def half(db: Db, page: Pages) -> Response:
        db.execute(sa.text("INSERT INTO content_version (name, number) VALUES ('half', 1)"))
        return page("errors/page.html", status=422, heading="No", sentence="No.", number="", code=422)

    assert browse().post("/test-half", {"once": "n4"}).status_code == 422
    with database.reading() as db:
        assert db.execute(sa.text("SELECT count(*) FROM content_version WHERE name = 'half'")).scalar() == 0
        assert db.execute(sa.text("SELECT count(*) FROM once_key")).scalar() == 0


def test_the_pages_speak_the_readers_language(browse):
    french = browse(language="fr").get("/nothing-here")
    assert 'lang="fr"' in french.text
    assert french.headers["content-language"] == "fr"


def test_a_session_that_ended_while_typing_shows_the_words_and_no_key(browse):
    answer = browse().post("/me/name", {"name": "Quiet words of mine", "code": "123456", "once": "n5", "csrf": "old"})
    assert answer.status_code == 401
    assert "Come in again" in answer.text
    assert "Quiet words of mine" in answer.text
    assert "123456" not in answer.text
    assert '"old"' not in answer.text


def test_a_get_without_a_session_leads_to_the_door_and_back(browse):
    answer = browse().get("/me/name?x=1")
    assert answer.status_code == 303
    assert answer.headers["location"] == "/enter?next=%2Fme%2Fname%3Fx%3D1"


def test_a_wrong_question_of_a_machine_is_told_what_is_wrong(app, browse):
    @app.get("/api/test-page/{number}")
    def page(number: int, size: int) -> Response:
        return Response(str(number + size))

    wrong = browse().get("/api/test-page/1?size=many")
    assert wrong.status_code == 422
    assert "size" in json.loads(wrong.text)["detail"]
    assert browse().get("/api/test-page/x?size=1").status_code == 404


def test_when_even_the_page_fails_there_are_words(app, browse, mishap, monkeypatch):
    monkeypatch.setattr(app.state.house.pages, "text", lambda *_a: 1 / 0)
    mishap.error = RuntimeError()
    answer = browse().get("/test-mishap")
    assert answer.status_code == 500
    assert answer.text == "Something broke on our side"
    assert "content-security-policy" in answer.headers


TAKEN_BACK = "It may have been taken back by the person who wrote it."
NO_PAGE = "We have no page at this address. Look at the address again, or go on from here."


@pytest.mark.parametrize(
    "path",
    ["/nothing", "/groups/x", "/help?page=-3", "/help?need=home", "/help?need=papers&page=60", "/help/12345678901234567890123456",
     "/help/222222222222", "/stories?page=9999", "/stories?page=0", "/stories?theme=A", "/flag/member/222222222222", "/saved/x"],
)  # fmt: skip
def test_nobody_is_said_to_have_taken_back_what_nobody_wrote(browse, path):
    answer = browse().get(path)
    assert answer.status_code == 404
    assert NO_PAGE in text_of(answer)
    assert TAKEN_BACK not in text_of(answer)


@pytest.mark.parametrize("path", ["/my/answers?n=-1", "/my/stories/222222222222", "/me/nothing", "/desk", "/desk/audit?page=-1"])
def test_nor_to_a_member(make, browse, path):
    member = make.member()
    make.commit()
    answer = browse(member).get(path)
    assert (answer.status_code, NO_PAGE in text_of(answer), TAKEN_BACK in text_of(answer)) == (404, True, False)


def test_a_story_that_is_not_there_may_have_been_taken_back_whatever_was_there(make, browse):
    story = make.story(make.member(), status=StoryStatus.DRAFT)
    make.commit()
    for ref in (story.ref, "222222222222"):
        answer = browse().get(f"/stories/{ref}")
        assert answer.status_code == 404
        assert TAKEN_BACK in text_of(answer)
        assert NO_PAGE not in text_of(answer)


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("path", ["/my/stories/%00", "/stories/%00", "/help?q=%00"])
def test_an_address_that_cannot_be_read_gets_a_page(browse, path, method):
    answer = getattr(browse(language="fr"), method)(path)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("text/html")
    assert 'lang="fr"' in answer.text
    assert "Cette adresse ne peut pas être lue." in text_of(answer)
    assert json.loads(browse().get("/api/x%00").text)["status"] == 400
