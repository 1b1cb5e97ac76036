"""Leave works for everybody: old browsers that say nothing, sessions that ended, two taps; only another site is refused."""

import pytest
import sqlalchemy as sa

from app.web.edge import ELSEWHERE
from app.web.sessions import cookie_name

SILENT = [{}, {"Origin": "null"}]  # KaiOS, Opera Mini; older phones say null, because our pages ask for no referrer
FOREIGN = [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}]


def sessions(app) -> int:
    """Return how many browsers are signed in."""
    with app.state.house.database.reading() as db:
        return db.execute(sa.text("SELECT count(*) FROM sign_in")).scalar()


def left(answer) -> bool:
    """Say whether this answer leads away and lets the browser forget."""
    return (answer.status_code, answer.headers["location"]) == (303, ELSEWHERE) and "cookies" in answer.headers["clear-site-data"]


@pytest.mark.parametrize("headers", SILENT)
def test_a_guest_whose_browser_says_nothing_leaves(browse, headers):
    browser = browse()
    assert 'name="csrf" value=""' in browser.get("/about").text  # a page that is kept for all guests holds no token
    assert left(browser.client.post("/leave", data={"csrf": ""}, headers=headers))
    assert left(browser.client.post("/leave", headers=headers))


@pytest.mark.parametrize("headers", SILENT)
def test_a_session_that_ended_does_not_hold_up(make, browse, app, headers):
    member = make.member()
    make.commit()
    browser = browse(member)
    with app.state.house.database.transaction() as db:
        db.execute(sa.text("DELETE FROM sign_in"))
    answer = browser.client.post("/leave", data={"csrf": "0" * 64}, headers=headers)
    assert left(answer)
    assert f"{cookie_name(False)}=" in answer.headers["set-cookie"]


@pytest.mark.parametrize("headers", SILENT)
@pytest.mark.parametrize("csrf", ["", "0" * 64])
def test_a_live_session_ends_whatever_token_the_page_had(make, browse, app, headers, csrf):
    """The page may stand open since before somebody came in again: in a hurry nobody takes one more tap."""
    member = make.member()
    make.commit()
    browser = browse(member)
    assert sessions(app) == 1
    assert left(browser.client.post("/leave", data={"csrf": csrf}, headers=headers))
    assert sessions(app) == 0


@pytest.mark.parametrize("headers", [*SILENT, {"Sec-Fetch-Site": "same-origin"}])
def test_two_taps_leave_once_and_do_no_harm(make, browse, app, headers):
    member = make.member()
    make.commit()
    browser = browse(member)
    token = browser.client.cookies[cookie_name(False)]
    for _tap in range(2):  # the second tap is sent before the answer to the first has taken the cookie away
        browser.client.cookies.set(cookie_name(False), token)
        assert left(browser.client.post("/leave", headers=headers))
    assert sessions(app) == 0


@pytest.mark.parametrize("headers", FOREIGN)
def test_another_site_cannot_send_somebody_away(make, browse, app, headers):
    member = make.member()
    make.commit()
    assert browse(member).client.post("/leave", headers=headers).status_code == 403
    assert sessions(app) == 1


@pytest.mark.parametrize("headers", [*SILENT, {"Sec-Fetch-Site": "same-origin"}])
def test_leaving_needs_no_database(make, browse, app, headers, monkeypatch):
    member = make.member()
    make.commit()
    browser = browse(member)

    def away(*_args):
        raise sa.exc.OperationalError("BEGIN", {}, Exception("server closed the connection"))

    monkeypatch.setattr(app.state.house.database, "transaction", away)
    monkeypatch.setattr(app.state.house.database, "reading", away)
    assert left(browser.client.post("/leave", headers=headers))


def test_every_other_form_still_brings_its_token(browse):
    assert browse().client.post("/language", data={"language": "fr"}).status_code == 403
    assert browse().client.post("/leave/", data={}).status_code in (403, 404)
