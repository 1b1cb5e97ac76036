"""Pages kept for guests: the same bytes for all, never anything of one reader, never an old page under a new version."""

import pytest
from fastapi import Request
from starlette.responses import HTMLResponse, Response, StreamingResponse

from app.core.db import Database
from app.domain import versions
from app.models.stories import Audience
from app.web import kept
from app.web.kept import KeptPages, _Kept, encoding
from tests.conftest import POSTGRES


@pytest.fixture
def counted(app):
    """A kept address ("/privacy/x" and its kin) that counts how often it is made."""
    made = []

    @app.get("/privacy/{what}")
    def page(request: Request, what: str) -> Response:
        made.append(what)
        body = f"<p>{what} {len(made)}</p>" + "long enough to be pressed. " * 60
        if what == "cookie":
            response = HTMLResponse(body)
            response.set_cookie("x", "y")
            return response
        if what == "nostore":
            return HTMLResponse(body, headers={"Cache-Control": "no-store"})
        if what == "stream":
            return StreamingResponse(iter([b"one", b"two"]), media_type="text/html")
        if what == "part":
            return Response(b"abc" * 400, 206, {"Content-Range": "bytes 0-1199/5000"}, media_type="text/plain")
        return HTMLResponse(body, 404 if what == "gone" else 200)

    return made


def test_a_second_guest_gets_the_same_bytes(browse, counted):
    first, second = browse().get("/privacy/a"), browse().get("/privacy/a")
    assert first.text == second.text
    assert counted == ["a"]
    assert first.headers["etag"] == second.headers["etag"]


def test_an_unchanged_page_is_a_short_304(browse, counted):
    etag = browse().get("/privacy/a").headers["etag"]
    answer = browse().get("/privacy/a", headers={"If-None-Match": etag})
    assert answer.status_code == 304
    assert answer.content == b""
    assert "content-security-policy" not in answer.headers
    assert "Accept-Language" in answer.headers["vary"]
    assert sum(len(k) + len(v) + 4 for k, v in answer.headers.items()) < 400


def test_a_new_version_is_made_anew(browse, counted, db):
    etag = browse().get("/privacy/a").headers["etag"]
    versions.bump(db, versions.STORIES)
    db.commit()
    browse().post("/nothing")  # (on PostgreSQL the version is asked for once a second, or after something was written here)
    answer = browse().get("/privacy/a", headers={"If-None-Match": etag})
    assert answer.status_code == 200
    assert counted == ["a", "a"]


@pytest.mark.parametrize(
    "cookie",
    [
        "hearth=t",
        "__Host-hearth=t",
        "hearth_say=x",
        "hearth_guest=x",
        "__Host-hearth_guest=x",
        "a=b; hearth_join=x",
        "hearth_second=1",
    ],
)
def test_whoever_carries_something_of_ours_gets_a_page_of_their_own(browse, counted, cookie):
    for _time in range(2):
        answer = browse().get("/privacy/a", headers={"Cookie": cookie})
        assert "etag" not in answer.headers
        assert answer.headers["cache-control"] == "no-store"
    assert len(counted) == 2


@pytest.mark.parametrize("cookie", ["hearth_language=fr", "__Host-hearth_known=x; other=1", "theme=dark"])
def test_harmless_cookies_do_not_matter(browse, counted, cookie):
    assert "etag" in browse().get("/privacy/a", headers={"Cookie": cookie}).headers


@pytest.mark.parametrize("what", ["cookie", "nostore", "gone", "stream", "part"])
def test_these_are_never_kept(browse, counted, what):
    for _time in range(2):
        assert "etag" not in browse().get(f"/privacy/{what}").headers
    assert len(counted) == 2


def test_parts_and_streams_pass_untouched(browse, counted):
    part = browse().get("/privacy/part")
    assert part.status_code == 206
    assert part.headers["content-length"] == "1200"
    assert "content-encoding" not in part.headers
    assert browse().get("/privacy/stream").text == "onetwo"


def test_fragments_for_htmx_are_not_mixed_with_pages(browse, counted):
    browse().get("/privacy/a", headers={"HX-Request": "true"})
    browse().get("/privacy/a")
    assert len(counted) == 2


def test_languages_and_encodings_are_kept_apart(browse, counted):
    pages = [
        browse(language=code).get("/privacy/a", headers={"Accept-Encoding": how})
        for code in ("en", "fr")
        for how in ("br", "gzip", "")
    ]
    assert [p.headers.get("content-encoding", "") for p in pages] == ["br", "gzip", ""] * 2
    assert len(counted) == 6
    assert len({p.headers["etag"] for p in pages}) == 6


@pytest.mark.parametrize(
    ("accept", "how"),
    [
        ("br, gzip", "br"),
        ("gzip, br;q=0", "gzip"),
        ("gzip;q=0.0", ""),
        ("", ""),
        ("GZIP; q=0.5", "gzip"),
        ("brotli", ""),
        ("x-br", ""),
    ],
)
def test_the_encoding_is_one_that_the_browser_takes(accept, how):
    assert encoding(accept) == how


def test_a_change_in_the_middle_is_not_lost(app, database, browse):
    """The version is read before the page is made: newer words may stand under an old version, never old ones under a new."""
    text = ["old"]

    @app.get("/numbers/now")
    def page() -> Response:
        was = text[0]
        if was == "old":  # somebody takes it back while this page is being made
            text[0] = "new"
            with database.transaction() as db:
                versions.bump(db, versions.STORIES)
        return HTMLResponse(was + " " * 700)

    assert "old" in browse().get("/numbers/now").text
    browse().post("/nothing")
    assert "new" in browse().get("/numbers/now").text


def test_what_another_process_wrote_is_seen_at_once(database, settings):
    """SQLite says that somebody has written; a connection that was opened anew counts from the beginning, and is asked anew."""
    pages = KeptPages(None, database, "")  # type: ignore[arg-type]
    found, other = [pages._read_version()], Database(settings.database)
    for _round in range(3):
        assert pages._read_version() == found[-1]
        with other.transaction() as db:
            versions.bump(db, versions.STORIES)
        if _round == 1:
            database.dispose()  # as after an error
        found.append(pages._read_version())
    other.dispose()
    assert len(set(found)) == 4


def test_while_nobody_writes_nothing_is_asked_of_sqlite(database, count_queries):
    pages = KeptPages(None, database, "")  # type: ignore[arg-type]
    with count_queries() as statements:
        pages._read_version()
        pages._read_version()
    assert len(statements) == (2 if POSTGRES else 1)


def test_memory_has_an_end_and_double_work_is_counted_once(monkeypatch):
    monkeypatch.setattr(kept, "LIMIT_BYTES", 1_000)
    pages = KeptPages(None, None, "")  # type: ignore[arg-type]
    for _round in range(50):  # two readers had the same page made: the second takes the place of the first
        pages._keep(("same",), _Kept(b"", [], b"x" * 300))
    assert pages._size == 300
    for number in range(50):
        pages._keep((str(number),), _Kept(b"", [], b"x" * 300))
    assert pages._size == sum(len(p.body) for p in pages._pages.values()) <= 1_000


def test_another_release_makes_other_etags(settings):
    from app.web.pages import fingerprint
    from app.web.static import StaticFiles

    static = StaticFiles()
    one = fingerprint(settings, static)
    assert one == fingerprint(settings, static)
    assert one != fingerprint(settings.model_copy(update={"site_name": "Another"}), static)


def test_a_store_that_is_away_is_a_503_for_guests_too(app, browse):
    database = app.state.house.database

    def broken(*_args, **_more):
        import sqlalchemy as sa

        raise sa.exc.OperationalError("SELECT", {}, Exception("server closed the connection"))

    database.hot = broken
    answer = browse().get("/stories")
    assert answer.status_code == 503
    assert answer.headers["retry-after"] == "30"
    assert "content-security-policy" in answer.headers


def test_a_session_in_a_second_cookie_header_is_seen(browse, make):
    """A line over HTTP/2 may bring its cookies in several headers; the application reads them all, so must the keeper."""
    story = make.story(make.member(), title="Only for us", audience=Audience.MEMBERS)
    member = make.member()
    make.commit()
    signed_in, guest = browse(member), browse()
    token = signed_in.client.cookies.get("hearth")
    split = [("Cookie", "other=1"), ("Cookie", f"hearth={token}")]
    page = guest.get(f"/stories/{story.ref}", headers=split)
    assert "Only for us" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert browse().get(f"/stories/{story.ref}").status_code == 404
