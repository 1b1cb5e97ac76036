"""Pictures and voices that are too big: the page comes back with every word and a sentence at the field; its scripts stay small."""

import re
from collections.abc import Callable

import pytest
from sqlmodel import Session, select

from app.models.accounts import Member
from app.models.stories import Media
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.stories import told

Open = Callable[..., Browser]
MEGABYTE = 1024 * 1024
SCRIPTS = 15_000  # bytes, compressed and with their headers (W3)


@pytest.fixture
def teller(make: Make) -> Member:
    return make.member("Ndeye Baobab")


@pytest.mark.parametrize(
    ("what", "file", "field", "sentence"),
    [
        ("pictures", "picture", "alt", "This picture is too big (30 MB). Up to 8 MB works."),
        ("voice", "voice", "summary", "This recording is too big (30 MB). Up to 15 MB works."),
    ],
)
def test_30_megabytes_lose_no_word(
    db: Session, make: Make, browse: Open, teller: Member, what: str, file: str, field: str, sentence: str
) -> None:
    story = told.draft(db, teller)
    make.commit()
    me, at = browse(teller), f"/my/stories/{story.ref}/{what}"
    answer = me.post(at, {field: "A green door", "faces": "agreed"}, files={file: ("x.jpg", b"\xff" * 30 * MEGABYTE)})
    assert answer.status_code == 413
    assert sentence in text_of(answer)
    assert f'id="e-{file}"' in answer.text
    assert "A green door" in answer.text
    assert f'action="{at}"' in answer.text
    assert answer.text.count('value="agreed" checked') == (what == "pictures")
    assert db.exec(select(Media)).all() == []
    db.commit()


def test_a_voice_that_is_too_big_and_what_else_is_wrong_are_said_together(
    db: Session, make: Make, browse: Open, teller: Member
) -> None:
    story = told.draft(db, teller)
    make.commit()
    at = f"/my/stories/{story.ref}/voice"
    answer = browse(teller).post(at, {"summary": " "}, files={"voice": ("v.ogg", b"O" * 17 * MEGABYTE)})
    assert answer.status_code == 413
    assert sorted(re.findall(r'id="e-(\w+)"', answer.text)) == ["summary", "voice"]
    assert "microphone=(self)" in answer.headers["permissions-policy"]


def test_a_file_that_is_far_too_big_leads_back_to_the_page(db: Session, make: Make, browse: Open, teller: Member) -> None:
    story = told.draft(db, teller)
    make.commit()
    at = f"/my/stories/{story.ref}/voice"
    answer = browse(teller).post(at, {"summary": "x"}, files={"voice": ("v.ogg", b"O" * 41_000_000)})
    assert (answer.status_code, f'class="btn alt" href="{at}"' in answer.text) == (413, True)


@pytest.mark.parametrize("page", ["write", "voice", "pictures", "look"])
def test_the_scripts_of_a_page_stay_small(db: Session, make: Make, browse: Open, teller: Member, page: str) -> None:
    story = told.draft(db, teller)
    make.commit()
    me = browse(teller)
    addresses = re.findall(r'<script defer src="([^"]+)"', me.get(f"/my/stories/{story.ref}/{page}").text)
    assert any("hearth.js" in one for one in addresses)
    assert any("upload.js" in one for one in addresses) == (page in ("voice", "pictures"))
    weight = 0
    for address in addresses:
        answer = me.client.get(address, headers={"Accept-Encoding": "br"})
        head = "".join(f"{name}: {value}\r\n" for name, value in answer.headers.items())
        weight += int(answer.headers["content-length"]) + len(head) + len("HTTP/1.1 200 OK\r\n\r\n") + 37  # and its date
    assert weight <= SCRIPTS
