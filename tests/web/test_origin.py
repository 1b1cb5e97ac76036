"""Forms come from our own pages: fetch metadata, then Origin, then the token; and the tap more for old browsers."""

import re

import pytest

from tests.browse import Browser, text_of

FORM = {"language": "fr", "next": "/stories"}


def fields(page: str) -> dict[str, str]:
    """Return the hidden fields of the form in <main>."""
    main = page.split("<main", 1)[1]
    return dict(re.findall(r'<input type="hidden" name="([^"]+)" value="([^"]*)"', main))


@pytest.mark.parametrize("site", ["same-origin", "none"])
def test_our_own_pages_may(browse, site):
    assert browse().client.post("/language", data=FORM, headers={"Sec-Fetch-Site": site}).status_code == 303


@pytest.mark.parametrize(
    "headers",
    [
        {"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Sec-Fetch-Site": "odd"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://127.0.0.1:8000"}, {"Origin": "http://127.0.0.1:8001"},
        {"Origin": "https://evil.example"}, {"Origin": "http://127.0.0.1:8000.evil.example"},
    ],
)  # fmt: skip
def test_other_sites_may_not(browse, headers):
    answer = browse().client.post("/language", data=FORM, headers=headers)
    assert answer.status_code == 403
    assert "another site" in text_of(answer)
    assert "hearth_language" not in answer.headers.get("set-cookie", "")


def test_the_origin_decides_where_there_is_no_metadata(browse):
    assert browse().client.post("/language", data=FORM, headers={"Origin": "http://127.0.0.1:8000"}).status_code == 303


@pytest.mark.parametrize("headers", [{}, {"Origin": "null"}])
def test_an_old_browser_gets_its_answers_back_and_one_more_tap_works(browse, headers):
    """KaiOS, Opera Mini, old iPhones: no header at all, or "null" because our pages ask for no referrer."""
    browser = browse()
    asked = browser.client.post("/language?from=x", data={**FORM, "text": "words I typed here"}, headers=headers)
    assert asked.status_code == 403
    assert "One more tap" in asked.text
    assert "words I typed here" in text_of(asked)
    again = fields(asked.text)
    assert again["language"] == "fr"
    assert 'action="/language?from=x"' in asked.text
    assert browser.client.post("/language", data=again, headers=headers).status_code == 303


def test_the_token_of_another_guest_is_worth_nothing(browse):
    token = fields(browse().client.post("/language", data=FORM).text)["csrf"]
    other = browse()
    other.client.post("/language", data=FORM)
    assert other.client.post("/language", data={**FORM, "csrf": token}).status_code == 403


def test_a_key_is_sent_again_but_not_shown(browse):
    asked = browse().client.post("/enter", data={"key": "one two three four five six"})
    assert asked.status_code == 403
    assert "one two three" not in text_of(asked)
    assert fields(asked.text)["key"] == "one two three four five six"


def test_a_file_cannot_be_kept_and_the_page_says_so(browse):
    asked = browse().client.post("/language", data=FORM, files={"picture": ("p.webp", b"x" * 500)})
    assert asked.status_code == 403
    assert "choose it again" in text_of(asked)
    assert fields(asked.text)["language"] == "fr"


def test_a_member_without_metadata_brings_the_token_of_the_session(make, browse):
    member = make.member()
    make.commit()
    browser: Browser = browse(member)
    token = re.search(r'name="csrf" value="([0-9a-f]{64})"', browser.get("/me/name").text)
    assert token
    assert browser.client.post("/language", data={**FORM, "csrf": token[1]}).status_code == 303
    assert browser.client.post("/language", data={**FORM, "csrf": "0" * 64}).status_code == 403
    assert browser.client.post("/language", data=FORM, headers={"X-CSRF": token[1]}).status_code == 303


def test_programs_need_no_sign_unless_they_carry_a_cookie(app, browse):
    @app.post("/api/test-write")
    def write() -> dict[str, bool]:
        return {"ok": True}

    assert browse().client.post("/api/test-write").status_code == 200
    refused = browse().client.post("/api/test-write", headers={"Cookie": "hearth=x"})
    assert refused.status_code == 403
    assert refused.headers["content-type"] == "application/problem+json"
