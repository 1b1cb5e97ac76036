"""Bodies: counted, kept as far as they can be read, drained in bounds; what is too big gets a page, and a raw client too."""

import anyio
import pytest
from fastapi import Request
from starlette.datastructures import Headers

from app.web import body
from app.web.body import BODY_LIMIT, UPLOAD_LIMIT, BodyTooLarge, Incoming
from app.web.typed import page_above
from tests.browse import text_of

WORDS = {"content-type": "application/x-www-form-urlencoded"}
FILES = {"content-type": "multipart/form-data; boundary=x"}


class Sender:
    """Sends ``parts`` one after the other; counts what was taken from it."""

    def __init__(self, parts, end="http.disconnect"):
        self.parts, self.end, self.taken = list(parts), end, 0

    async def __call__(self):
        if not self.parts:
            return {"type": self.end}
        part = self.parts.pop(0)
        self.taken += len(part)
        return {"type": "http.request", "body": part, "more_body": bool(self.parts)}


def incoming(parts, headers=WORDS, announced=True, **more):
    """Return the body that this sender sends, and the sender."""
    sender = Sender(parts)
    length = {"content-length": str(sum(map(len, sender.parts)))} if announced else {"transfer-encoding": "chunked"}
    return Incoming(sender, Headers({**headers, **length, **more})), sender


async def read(one):
    """Read a body as the application does."""
    parts = []
    while not one.whole:
        parts.append((await one.receive()).get("body", b""))
    return b"".join(parts)


def test_a_body_within_its_limit_is_passed_on():
    one, _sender = incoming([b"a" * 1000] * 3)
    assert anyio.run(read, one) == b"a" * 3000
    assert one.whole


def test_no_body_is_whole_from_the_start():
    assert Incoming(Sender([]), Headers({})).whole
    assert Incoming(Sender([]), Headers({"content-length": "0"})).whole


@pytest.mark.parametrize(("headers", "limit"), [(WORDS, BODY_LIMIT), (FILES, UPLOAD_LIMIT)])
def test_what_announces_that_it_is_too_big_is_not_read(headers, limit):
    sender = Sender([b"x"])
    one = Incoming(sender, Headers({**headers, "content-length": str(limit + 1)}))
    with pytest.raises(BodyTooLarge):
        anyio.run(one.receive)
    assert sender.taken == 0


def test_what_does_not_announce_itself_is_ended_at_the_limit():
    one, sender = incoming([b"x" * 65_536] * 100, announced=False)
    with pytest.raises(BodyTooLarge):
        anyio.run(read, one)
    assert sender.taken <= BODY_LIMIT + 65_536
    assert len(anyio.run(one.beginning)) == BODY_LIMIT


def test_the_beginning_of_words_is_kept_up_to_the_limit_and_of_files_nothing():
    one, sender = incoming([b"body=" + b"y" * 65_000] * 100)
    beginning = anyio.run(one.beginning)
    assert beginning.startswith(b"body=yyy")
    assert len(beginning) == BODY_LIMIT
    assert sender.taken <= BODY_LIMIT + 65_005
    upload, sender = incoming([b"x" * 65_536] * 700, FILES)
    assert (anyio.run(upload.beginning), sender.taken) == (b"", 0)


def test_the_rest_is_drained_but_not_without_end():
    one, sender = incoming([b"x" * 65_536] * 100)
    anyio.run(one.drain)
    assert one.whole
    assert sender.parts == []
    endless, sender = incoming([b"x" * 1_000_000] * 60)
    anyio.run(endless.drain)
    assert body.DRAINED <= sender.taken <= body.DRAINED + 1_000_000


def test_a_sender_who_stops_is_not_waited_for_without_end(monkeypatch):
    async def silent():
        await anyio.sleep_forever()

    monkeypatch.setattr(body, "DRAINED_SECONDS", 0.0)
    anyio.run(Incoming(silent, Headers({"content-length": "10"})).drain)


def test_a_sender_who_asks_first_is_answered_without_sending():
    """curl says "Expect: 100-continue": reading would ask for the bytes that nobody wants."""
    one, sender = incoming([b"x" * 1000], expect="100-continue")
    anyio.run(one.drain)
    assert sender.taken == 0


def test_a_sender_who_is_gone_ends_the_body():
    one = Incoming(Sender([]), Headers({"content-length": "10"}))
    anyio.run(one.drain)
    assert one.whole


@pytest.mark.parametrize(
    ("path", "way"),
    [
        ("/language", "/language"), ("/my/stories/abcdefgh/write", "/my/stories/abcdefgh/write"),
        ("/my/stories/abcdefgh/write/draft", "/my/stories/abcdefgh/write"),
        ("/my/stories/abcdefgh/look/finding", "/my/stories/abcdefgh/look"),
        ("//evil.example/x", ""), ("/nothing/here", ""), ("/my/stories/abcdefgh/", "/my/stories/abcdefgh"),
    ],
)  # fmt: skip
def test_the_way_back_is_the_page_itself_or_the_next_above(app, path, way):
    assert (
        page_above(Request({"type": "http", "method": "POST", "path": path, "root_path": "", "headers": [], "app": app}), 413)
        == way
    )


@pytest.mark.parametrize("path", ["/language", "/my/stories/abcdefgh/write"])
def test_too_many_words_are_shown_as_far_as_they_came_and_the_page_leads_back(browse, path):
    words = "My long way home. " * 10 + "ব" * 5 + " <b>"
    answer = browse().post(path, {"title": words, "key": "secretkeywords", "csrf": "t", "body": "ব" * 200_000})
    assert answer.status_code == 413
    assert answer.headers["connection"] == "close"
    text = text_of(answer)
    assert "The longest answer may have 20000 letters" in text
    assert words in text
    assert "ব" * 100_000 in text
    assert "\ufffd" not in answer.text
    assert "secretkeywords" not in answer.text
    assert f'<a class="btn alt" href="{path}">' in answer.text


def test_words_of_another_site_are_not_shown(browse):
    answer = browse().client.post("/language", data={"x": "y" * 2_000_000}, headers={"Sec-Fetch-Site": "cross-site"})
    assert answer.status_code == 403
    assert "yyy" not in answer.text


def test_a_thousand_fields_are_no_form_of_ours(browse):
    answer = browse().post("/language", {f"f{n}": "y" * 1_200 for n in range(1_000)})
    assert answer.status_code == 413
    assert "yyy" not in answer.text


def test_an_upload_beyond_everything_leads_back(browse):
    answer = browse().post("/language", {"x": "words"}, files={"picture": ("p.jpg", b"\xff" * (UPLOAD_LIMIT + 1))})
    assert answer.status_code == 413
    assert "A picture may have 8 MB, a voice 15 MB" in text_of(answer)
    assert '<a class="btn alt" href="/language">' in answer.text


def test_machines_get_a_problem_document(app, browse):
    @app.post("/api/test-write")
    async def write(request: Request) -> dict[str, int]:
        return {"bytes": len(await request.body())}

    kind = {"Content-Type": "application/json"}
    assert browse().client.post("/api/test-write", content=b"x" * BODY_LIMIT, headers=kind).json() == {"bytes": BODY_LIMIT}
    answer = browse().client.post("/api/test-write", content=b"x" * (BODY_LIMIT + 1), headers=kind)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")
