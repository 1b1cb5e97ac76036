"""Whoever has a role finds its pages from Home, and no page of work leads to a door that stays shut."""

import re

import pytest

from app.models.accounts import Role
from tests.browse import text_of

OWN = {
    Role.COORDINATOR: {
        "/desk",
        "/desk/balance",
        "/desk/care",
        "/desk/circles",
        "/desk/listings",
        "/desk/mentoring",
        "/desk/money",
        "/desk/numbers",
        "/desk/partners",
        "/desk/people",
        "/desk/questions",
        "/desk/spam",
        "/desk/supervision",
        "/desk/accounts",
    },
    Role.SAFEGUARDING: {
        "/desk",
        "/desk/accounts",
        "/desk/audit",
        "/desk/care",
        "/desk/evidence",
        "/desk/orders",
        "/desk/pause",
        "/desk/questions",
        "/desk/spam",
        "/desk/supervision",
    },
    Role.ANALYST: {"/desk/audit", "/desk/numbers"},
    Role.OPERATOR: {"/desk/audit", "/desk/evidence", "/desk/orders", "/desk/pause", "/desk/people", "/ops"},
}
WORK = re.compile(r'href="(/(?:desk(?:/[a-z]+)?|ops))"')


@pytest.mark.parametrize("role", OWN)
def test_each_role_finds_its_pages_and_each_link_opens(make, browse, role):
    member = make.member("Quiet River", role)
    make.commit()
    browser = browse(member)
    found = set(WORK.findall(browser.get("/").text))
    waiting = list(found)
    while waiting:
        answer = browser.get(waiting.pop())
        assert answer.status_code == 200, answer.url
        new = set(WORK.findall(answer.text)) - found
        found |= new
        waiting += new
    assert found == OWN[role]


def test_a_page_that_is_not_there_says_so_once(make, browse):
    member = make.member("Quiet River")
    make.commit()
    answer = browse(member).get("/desk")
    assert answer.status_code == 404
    assert text_of(answer).count("This page is not here") == 1
