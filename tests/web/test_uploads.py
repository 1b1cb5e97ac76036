"""Forms with files: words are kept whole beside a file that is too big, of which only a bounded beginning is kept."""

import tempfile

import anyio
import pytest
from fastapi import HTTPException, Request

from app.web import uploads
from app.web.body import BODY_LIMIT, KEPT_OF_FILES, BodyTooLarge

MEGABYTE = 1024 * 1024


def part(name, content, file=""):
    """Return one part of a form."""
    about = f'; filename="{file}"' if file else ""
    return b'--x\r\nContent-Disposition: form-data; name="%s"%s\r\n\r\n%s\r\n' % (name.encode(), about.encode(), content)


def read(*parts, size=65_536):
    """Return what the parser makes of a form that comes in pieces."""
    sent = b"".join(parts) + b"--x--\r\n"
    pieces = [sent[at : at + size] for at in range(0, len(sent), size)]

    async def receive():
        return {"type": "http.request", "body": pieces.pop(0), "more_body": bool(pieces)}

    scope = {"type": "http", "method": "POST", "headers": [(b"content-type", b"multipart/form-data; boundary=x")]}

    async def run():
        form, cut = await uploads.read_upload(Request(scope, receive), max_files=4, max_fields=200, max_part_size=BODY_LIMIT)
        texts = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        files = {name: len(await value.read()) for name, value in form.multi_items() if not isinstance(value, str)}
        await form.close()
        return texts, files, cut

    return anyio.run(run)


def test_a_file_within_the_room_is_kept_whole():
    texts, files, cut = read(part("picture", b"\xff" * MEGABYTE, "p.jpg"), part("alt", b"A green door"))
    assert (texts, files, cut) == ({"alt": "A green door"}, {"picture": MEGABYTE}, {})


@pytest.mark.parametrize("size", [KEPT_OF_FILES, KEPT_OF_FILES + 1, 30 * MEGABYTE])
def test_of_a_bigger_file_the_beginning_is_kept_and_the_words_after_it(size):
    texts, files, cut = read(part("picture", b"\xff" * size, "p.jpg"), part("alt", "باب أخضر".encode()), size=500_000)
    assert texts == {"alt": "باب أخضر"}
    assert files == {"picture": min(size, KEPT_OF_FILES)}
    assert cut == ({"picture": size - KEPT_OF_FILES} if size > KEPT_OF_FILES else {})


def test_all_files_share_the_room():
    _texts, files, cut = read(part("one", b"1" * 10 * MEGABYTE, "a"), part("two", b"2" * 10 * MEGABYTE, "b"), size=500_000)
    assert sum(files.values()) == KEPT_OF_FILES
    assert cut == {"two": 4 * MEGABYTE}


def test_words_without_end_are_too_many_and_leave_no_file_behind(monkeypatch):
    made = []

    class Watched(tempfile.SpooledTemporaryFile):
        def __init__(self, *args, **options):
            super().__init__(*args, **options)
            made.append(self)

    monkeypatch.setattr("starlette.formparsers.SpooledTemporaryFile", Watched)
    with pytest.raises(BodyTooLarge):
        read(part("voice", b"1" * 2 * MEGABYTE, "v.ogg"), *(part(f"t{n}", b"y" * 100_000) for n in range(20)))
    assert len(made) == 1
    assert made[0].closed


@pytest.mark.parametrize("broken", [b"--y\r\n", b"--x\r\nContent-Disposition: form-data\r\n\r\nx\r\n"])
def test_a_broken_form_is_said_to_be_one(broken):
    with pytest.raises(HTTPException) as problem:
        read(broken)
    assert problem.value.status_code == 400
