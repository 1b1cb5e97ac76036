"""The desk, flags and numbers as people see them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from fastapi import FastAPI
from sqlmodel import Session, select

from app.core import clock
from app.core.clock import days, now
from app.domain.audit.actions import record
from app.domain.moderation import actions
from app.models.accounts import Role
from app.models.moderation import CaseState, Decision, Flag, Outcome
from app.models.stories import StoryStatus
from tests.browse import Browser, text_of
from tests.moderation.conftest import Desk

Browse = Callable[..., Browser]


def looked(db: Session) -> int:
    """How often somebody looked, by the audit trail."""
    count = db.execute(sa.text("SELECT count(*) FROM audit_event WHERE verb = 'case.looked'")).scalar_one()
    db.commit()  # a session that may write holds SQLite's lock
    return int(count)


def value(html: str, name: str) -> str:
    """The value of a hidden field."""
    found = re.search(rf'name="{name}" value="([^"]*)"', html)
    assert found, name
    return found[1]


def decision(browser: Browser, ref: str, step: str, **fields: str) -> Any:
    """Send the decision form of a case as it is on the page."""
    page = browser.get(f"/desk/cases/{ref}").text
    version = value(page, "row_version") if 'name="row_version"' in page else "1"
    return browser.post(f"/desk/cases/{ref}/decision", {"row_version": version, "step": step, **fields})


# the desk


@pytest.mark.parametrize("items", [0, 1, 3])
def test_the_desk_costs_the_same_for_any_number_of_cases(
    app: FastAPI, db: Session, desk: Desk, browse: Browse, count_queries: Callable[..., Any], items: int
) -> None:
    for _ in range(items):
        desk.flagged(desk.story(), by=desk.reader)
    desk.make.commit()
    browser, database = browse(desk.awa), app.state.house.database
    with count_queries(database.read_engine, database.write_engine) as queries:
        assert browser.get("/desk").status_code == 200
    assert len(queries) == 5, queries


@pytest.mark.parametrize("flags", [1, 3])
def test_a_case_costs_the_same_for_any_number_of_flags(
    app: FastAPI, db: Session, desk: Desk, browse: Browse, count_queries: Callable[..., Any], flags: int
) -> None:
    story = desk.story()
    for _ in range(flags):
        case = desk.flagged(story)
    actions.open_case(db, desk.act(desk.awa), case.ref)
    desk.make.commit()
    browser, database = browse(desk.awa), app.state.house.database
    with count_queries(database.read_engine, database.write_engine) as queries:
        assert browser.get(f"/desk/cases/{case.ref}").status_code == 200
    assert len(queries) == 18, queries


def test_the_desk_counts_and_shows_no_words(db: Session, desk: Desk, browse: Browse) -> None:
    desk.waiting(text={"body": "Call +221 77 123 45 67 in a small room."}, title="A very secret title")
    desk.flagged(desk.story(title="Another title"), "spam", note="the words of a flag")
    desk.make.commit()
    page = browse(desk.awa).get("/desk")
    words = text_of(page)
    assert "2 cases are yours" in words
    assert "1 phone number" in words
    assert words.index("due in 3 days") < words.index("due in 14 days")
    for secret in ("secret title", "Another title", "small room", "words of a flag", "Amina"):
        assert secret not in page.text


def test_an_empty_desk_says_tea(db: Session, desk: Desk, browse: Browse) -> None:
    desk.make.commit()
    browser = browse(desk.awa)
    assert "No cases. Good time for tea." in text_of(browser.get("/desk"))
    assert "No cases. Good time for tea." in text_of(browser.get("/desk?kind=story"))


def test_filter_and_pages(db: Session, desk: Desk, browse: Browse) -> None:
    for _ in range(11):
        desk.flagged(desk.story())
    desk.waiting()
    desk.make.commit()
    browser = browse(desk.awa)
    first, second = browser.get("/desk?kind=flag"), browser.get("/desk?kind=flag&page=2")
    assert (first.text.count('class="card case"'), second.text.count('class="card case"')) == (10, 1)
    assert "/desk?kind=flag&amp;page=2" in first.text
    assert browser.get("/desk?kind=story").text.count('class="card case"') == 1
    for bad in ("kind=x", "page=-1", "page=0", "page=99999999999999999999999999", "page=3", "kind=story&page=2"):
        assert browser.get(f"/desk?{bad}").status_code == 404
    assert browse(desk.sira).get("/desk/audit?page=2").status_code == 404


@pytest.mark.parametrize("path", ["/desk", "/desk/audit", "/desk/cases/{ref}", "/desk/cases/{ref}/words"])
def test_for_everybody_else_the_desk_is_not_there(db: Session, desk: Desk, browse: Browse, path: str) -> None:
    case = desk.flagged(desk.story())
    analyst, organiser = desk.make.member("", Role.ANALYST), desk.make.member("", Role.ORGANISER)
    desk.make.commit()
    address = path.format(ref=case.ref)
    guest = browse().get(address)
    assert (guest.status_code, guest.headers["location"].split("?")[0]) == (303, "/enter")
    for member in (desk.reader, desk.teller, organiser):
        assert browse(member).get(address).status_code == 404
    assert browse(analyst).get(address).status_code == (200 if path == "/desk/audit" else 404)
    assert browse(desk.awa, second_factor=False).get("/desk").status_code == 303


def test_other_peoples_cases_are_not_in_my_list(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story())
    actions.open_case(db, desk.act(desk.brahim), case.ref)
    desk.make.commit()
    awa = browse(desk.awa)
    assert "No cases." in text_of(awa.get("/desk"))
    assert "Somebody else is looking at this now." in text_of(awa.get(f"/desk/cases/{case.ref}"))
    assert "1 case is yours" in text_of(browse(desk.brahim).get("/desk"))


# promise 5


def test_a_complaint_about_a_coordinator_does_not_exist_for_them(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story(desk.awa), by=desk.reader, note="She writes about my brother.")
    desk.make.role(desk.awa, Role.SAFEGUARDING)
    desk.make.commit()
    awa = browse(desk.awa)
    assert "No cases. Good time for tea." in text_of(awa.get("/desk"))
    never = awa.get("/desk/cases/" + "2" * 12)
    found = awa.get(f"/desk/cases/{case.ref}")
    assert (found.status_code, text_of(found)) == (404, text_of(never))
    for verb in ("open", "break", "again", "decision", "words"):
        answer = awa.post(f"/desk/cases/{case.ref}/{verb}", {"outcome": "keep", "row_version": "1", "step": "send", "title": "x"})
        assert answer.status_code == 404, verb
    assert "Somebody said that something is wrong" not in text_of(awa.get("/desk/audit"))
    assert "My answers" not in text_of(awa.get("/desk"))
    assert "1 case is yours" in text_of(browse(desk.brahim).get("/desk"))
    assert "Somebody said that something is wrong" in text_of(browse(desk.sira).get("/desk/audit"))


def test_whoever_flagged_does_not_decide(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story(), by=desk.awa)
    desk.make.commit()
    awa = browse(desk.awa)
    assert "No cases." in text_of(awa.get("/desk"))
    assert "another person decides" in text_of(awa.get(f"/desk/cases/{case.ref}"))
    assert awa.post(f"/desk/cases/{case.ref}/open").status_code == 403


# one case


def test_the_text_is_closed_until_opened_by_a_button(db: Session, desk: Desk, browse: Browse) -> None:
    _, case = desk.waiting(title="My own title", text={"body": "I met Fatou Ndiaye near the station."})
    desk.make.commit()
    browser = browse(desk.awa)
    closed = browser.get(f"/desk/cases/{case.ref}")
    assert "Open when ready" in closed.text
    assert "My own title" not in closed.text
    assert looked(db) == 0
    opened = browser.send(f"/desk/cases/{case.ref}/open")
    assert '<details class="heavy">' in opened.text
    assert "My own title" in opened.text
    assert "<mark>" in opened.text
    assert "Everyone may read and hear my story here" in text_of(opened)
    assert looked(db) == 1


def test_text_stays_closed_for_whoever_only_posts(db: Session, desk: Desk, browse: Browse) -> None:
    _, case = desk.waiting(title="My own title")
    desk.make.commit()
    answer = decision(browse(desk.awa), case.ref, "edit", outcome="publish", words="I typed this.")
    assert "My own title" not in answer.text
    assert "I typed this." in answer.text


def test_preview_then_send(db: Session, desk: Desk, browse: Browse) -> None:
    story, case = desk.waiting()
    desk.make.commit()
    browser = browse(desk.awa)
    browser.send(f"/desk/cases/{case.ref}/open")
    typed = {"outcome": "decline", "rule": "5", "words": "Sans la rue."}
    preview = decision(browser, case.ref, "look", **typed)
    assert preview.status_code == 200
    assert '<article class="card" lang="fr"' in preview.text
    assert "Personne ne doit être retrouvé par vos mots." in text_of(preview)
    assert desk.status(story) == StoryStatus.IN_REVIEW
    again = decision(browser, case.ref, "edit", **typed)
    assert "Sans la rue." in again.text
    assert re.search(r'value="decline" checked', again.text)
    done = decision(browser, case.ref, "send", **typed)
    assert done.headers["location"] == "/desk"
    assert "Decided. Everybody concerned was told." in text_of(browser.get("/desk"))
    assert desk.status(story) == StoryStatus.DECLINED
    assert "Sans la rue." in text_of(browse(desk.brahim).get(f"/desk/cases/{case.ref}"))


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        ({}, "Something is missing here."),
        ({"outcome": "accept"}, "Choose one of these."),
        ({"outcome": "decline", "words": "Because."}, "Choose the rule that it is about."),
        ({"outcome": "decline", "rule": "98", "words": "Because."}, "Choose one of these."),
        ({"outcome": "ask_change"}, "Write the reason."),
        ({"outcome": "ask_change", "words": "x" * 2001}, "This is too long."),
    ],
)
def test_what_is_missing_is_said_and_the_words_stay(
    db: Session, desk: Desk, browse: Browse, fields: dict[str, str], sentence: str
) -> None:
    _, case = desk.waiting()
    desk.make.commit()
    browser = browse(desk.awa)
    browser.send(f"/desk/cases/{case.ref}/open")
    answer = decision(browser, case.ref, "send", **fields)
    assert answer.status_code == 422
    assert sentence in text_of(answer)
    assert fields.get("words", "") in answer.text
    assert db.exec(select(Decision)).first() is None


def test_the_second_decider_gets_the_sentence_and_the_words_back(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story())
    desk.make.commit()
    awa, brahim = browse(desk.awa), browse(desk.brahim)
    form = {"row_version": str(case.row_version), "step": "send"}
    awa.send(f"/desk/cases/{case.ref}/open")
    assert awa.post(f"/desk/cases/{case.ref}/decision", {**form, "outcome": "keep"}).status_code == 303
    late = brahim.post(f"/desk/cases/{case.ref}/decision", {**form, "outcome": "hide", "rule": "5", "words": "My long reason."})
    assert late.status_code == 409
    assert "This was decided a moment ago by Awa Lantern. Nothing you wrote is lost." in text_of(late)
    assert "My long reason." in text_of(late)


@pytest.mark.parametrize("step", ["look", "send"])
def test_a_decision_without_having_opened_it_is_refused_and_the_words_come_back(
    db: Session, desk: Desk, browse: Browse, step: str
) -> None:
    story, case = desk.waiting()
    desk.make.commit()
    form = {"row_version": str(case.row_version), "outcome": "decline", "rule": "5", "words": "My long reason.", "step": step}
    answer = browse(desk.awa).post(f"/desk/cases/{case.ref}/decision", form)
    assert answer.status_code == 409
    for words in ("Open this first and look at it, then decide.", "My long reason.", "Open when ready"):
        assert words in text_of(answer), words
    assert desk.status(story) == StoryStatus.SUBMITTED


def test_a_form_sent_twice_has_one_effect(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story())
    desk.make.commit()
    browser = browse(desk.awa)
    browser.send(f"/desk/cases/{case.ref}/open")
    form = {"row_version": str(case.row_version), "step": "send", "outcome": "keep", "once": "the same"}
    answers = [browser.post(f"/desk/cases/{case.ref}/decision", form) for _ in range(2)]
    assert [(a.status_code, a.headers["location"]) for a in answers] == [(303, "/desk")] * 2
    assert len(db.exec(select(Decision)).all()) == 1


def test_a_reason_outlives_the_session(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story())
    db.commit()
    awa = browse(desk.awa)
    awa.post(f"/desk/cases/{case.ref}/open")
    reason = "It names the street where she lives."
    form = {"row_version": "1", "step": "send", "outcome": "hide", "rule": "5", "words": reason}
    awa.client.cookies.clear()
    ended = awa.post(f"/desk/cases/{case.ref}/decision", form)
    assert ended.status_code == 401
    assert reason in text_of(ended)


def test_suggest_other_words(db: Session, desk: Desk, browse: Browse) -> None:
    _, case = desk.waiting(title="My own title")
    desk.make.commit()
    browser = browse(desk.awa)
    assert browser.get(f"/desk/cases/{case.ref}/words").status_code == 303
    browser.send(f"/desk/cases/{case.ref}/open")
    assert "My own title" in browser.get(f"/desk/cases/{case.ref}/words").text
    long = browser.post(f"/desk/cases/{case.ref}/words", {"title": "t" * 121, "body": "Kept body"})
    assert (long.status_code, "Kept body" in long.text) == (422, True)
    after = browser.send(f"/desk/cases/{case.ref}/words", {"title": "Another title", "body": "My cousin met me."})
    assert "Nothing changes without their yes." in text_of(after)
    other = browse(desk.brahim).post(f"/desk/cases/{case.ref}/words", {"title": "Mine", "body": "Kept body"})
    assert (other.status_code, "Kept body" in other.text) == (409, True)


def test_a_break_puts_it_back(db: Session, desk: Desk, browse: Browse) -> None:
    _, case = desk.waiting()
    desk.make.commit()
    browser = browse(desk.awa)
    browser.send(f"/desk/cases/{case.ref}/open")
    assert "Put back." in text_of(browser.send(f"/desk/cases/{case.ref}/break"))
    assert "1 case is yours" in text_of(browse(desk.brahim).get("/desk"))


@pytest.mark.parametrize("ref", ["x", "2" * 13, "2" * 26, "1" * 12, "../etc"])
def test_addresses_that_no_page_makes(db: Session, desk: Desk, browse: Browse, ref: str) -> None:
    desk.make.commit()
    assert browse(desk.awa).get(f"/desk/cases/{ref}").status_code == 404
    assert browse().get(f"/flag/story/{ref}").status_code == 404
    assert browse().get(f"/flag/member/{'2' * 12}").status_code == 404


# flags and numbers


def test_the_whole_way_without_an_account(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    desk.make.commit()
    guest, awa = browse(), browse(desk.awa)
    ask = guest.get(f"/flag/story/{story.ref}")
    assert "Someone can be recognised" in text_of(ask)
    done = guest.send(f"/flag/story/{story.ref}", {"reason": "recognised", "note": "Line two names a street."})
    words = text_of(done)
    assert "Are you safe now?" in words
    assert "/help?need=safety" in done.text
    assert "Saturday, 21 November" in words
    number = " ".join(re.findall(r"<li>(\d{4})</li>", done.text))
    assert len(number) == 19
    assert re.findall(r"<li>(\d{4})</li>", guest.get("/flag/done").text) == number.split()

    waiting = guest.post("/back", {"number": number})
    assert "Not answered yet" in text_of(waiting)

    assert "Flag: Someone can be recognised" in text_of(awa.get("/desk"))
    case = desk.fresh_case(story.id)
    opened = awa.send(f"/desk/cases/{case.ref}/open")
    assert "Line two names a street." in text_of(opened)
    typed = {"outcome": "hide", "rule": "5", "words": "Enlevez la rue."}
    assert "hid it for now" in text_of(decision(awa, case.ref, "look", **typed))
    assert decision(awa, case.ref, "send", **typed).status_code == 303

    answered = guest.post("/back", {"number": number.replace(" ", "-")})
    assert "Here is the answer" in text_of(answered)
    assert "hid it for now" in text_of(answered)
    forgotten = guest.post("/back/words", {"number": number})
    assert "Your words are erased." in text_of(forgotten)
    assert "hid it for now" in text_of(forgotten)
    db.expire_all()
    assert db.exec(select(Flag)).one().note is None


def test_unknown_numbers_get_the_same_page(db: Session, desk: Desk, browse: Browse) -> None:
    desk.flagged(desk.story())
    desk.make.commit()
    guest = browse()
    for path in ("/back", "/back/words"):
        for typed in ("", "12 34", "9" * 16, "٣" * 16, "x" * 500):
            answer = guest.post(path, {"number": typed})
            assert answer.status_code == 422
            assert "We do not know this number. Check it and try again." in text_of(answer) or len(typed) > 200
    assert "1234" in guest.post("/back", {"number": "1234"}).text


def test_numbers_cannot_be_tried_for_ever(db: Session, desk: Desk, browse: Browse) -> None:
    desk.make.commit()
    guest = browse()
    answers = [guest.post("/back", {"number": f"{n:016d}"}).status_code for n in range(61)]
    assert (answers[0], answers[59], answers[60]) == (422, 422, 429)


def test_flags_are_limited_by_address(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    desk.make.commit()
    guest = browse()
    typed = {"reason": "spam", "note": "The same words are on another page."}
    answers = [guest.post(f"/flag/story/{story.ref}", typed) for _ in range(31)]
    assert (answers[29].status_code, answers[30].status_code) == (303, 429)
    assert typed["note"] in text_of(answers[30]), "who comes last behind the same address loses no word"
    assert f'<form method="post" action="/flag/story/{story.ref}">' in answers[30].text


def test_a_mistake_keeps_the_words(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    desk.make.commit()
    for reason in ("", "closed", "x" * 50):
        answer = browse().post(f"/flag/story/{story.ref}", {"reason": reason, "note": "My words stay."})
        assert answer.status_code == 422
        assert "My words stay." in answer.text
    own = browse(desk.teller).get(f"/flag/story/{story.ref}")
    assert (own.status_code, "This is your own" in text_of(own)) == (403, True)


@pytest.mark.parametrize("about", ["story", "person"])
def test_a_flag_sent_twice_is_one_flag_and_shows_its_number_again(db: Session, desk: Desk, browse: Browse, about: str) -> None:
    story = desk.story()
    desk.make.commit()
    guest, shown = browse(), []
    path, form = ("/flag/person", {"who": "Somebody", "reason": "unfair"}) if about == "person" else (
        f"/flag/story/{story.ref}", {"reason": "spam"}
    )  # fmt: skip
    for _time in range(2):
        assert guest.post(path, {**form, "once": "same"}).headers["location"] == "/flag/done"
        shown.append("".join(re.findall(r"<li>(\d{4})</li>", guest.get("/flag/done").text)))
        guest.client.cookies.delete("hearth_flag")  # as when the first answer was lost
    assert (len(shown[0]), shown[0]) == (16, shown[1])
    assert "We do not know this number" not in text_of(guest.post("/back", {"number": shown[1]}))
    assert len(db.exec(select(Flag)).all()) == 1


def test_without_the_cookie_there_is_no_number(browse: Browse) -> None:
    page = browse().get("/flag/done")
    assert "It has arrived." in text_of(page)
    assert "<li>" not in page.text.split("<main", 1)[1].split("</main>")[0]


def test_a_listing_by_its_flag(db: Session, desk: Desk, browse: Browse) -> None:
    service = desk.service()
    desk.make.commit()
    guest, awa = browse(), browse(desk.awa)
    assert "It is closed for good" in text_of(guest.get(f"/flag/service/{service.ref}"))
    done = guest.send(f"/flag/service/{service.ref}", {"reason": "closed"})
    assert "Are you safe now?" not in text_of(done)
    case = desk.fresh_case(service.id)
    assert "Listing: It is closed for good" in text_of(awa.get("/desk"))
    assert service.name in text_of(awa.send(f"/desk/cases/{case.ref}/open"))
    assert "You were right" in text_of(decision(awa, case.ref, "look", outcome="defunct"))
    assert decision(awa, case.ref, "send", outcome="defunct").status_code == 303
    assert guest.get(f"/flag/service/{service.ref}").status_code == 410


def test_french_and_arabic_pages_open(db: Session, desk: Desk, browse: Browse) -> None:
    story = desk.story()
    case = desk.flagged(story)
    desk.make.commit()
    for member, language in ((desk.awa, "fr"), (desk.brahim, "ar")):
        browser = browse(member, language=language)
        for path in ("/desk", f"/desk/cases/{case.ref}", "/back", f"/flag/story/{story.ref}"):
            assert browser.get(path).status_code == 200
        assert browser.get("/desk").headers["content-language"] == language


def test_the_audit_page_names_nobody(db: Session, desk: Desk, browse: Browse) -> None:
    case = desk.flagged(desk.story(), by=desk.reader, note="the words of a flag")
    choice = actions.open_case(db, desk.act(desk.brahim), case.ref).row_version
    from app.domain.moderation.rules import Choice

    actions.decide(db, desk.act(desk.brahim), case.ref, Choice(Outcome.HIDE, choice, 5, "My reason"))
    desk.make.commit()
    page = browse(desk.sira).get("/desk/audit")
    assert "A case was decided" in text_of(page)
    for secret in ("Brahim", "Quiet Reader", "Amina", "My reason", "words of a flag", str(case.id)):
        assert secret not in page.text
    assert desk.case(case.subject_id).state == CaseState.CLOSED


AUDIT = {
    "en": ("20 November 2026", "Somebody said that something is wrong", "coordinator"),
    "fr": ("20 novembre 2026", "Quelqu’un a dit que quelque chose ne va pas", "coordination"),
    "ar": ("20 نوفمبر 2026", "إبلاغ عن شيء غير صحيح", "تنسيق"),
}


@pytest.mark.parametrize("language", AUDIT)
def test_the_audit_page_speaks_the_readers_language(db: Session, desk: Desk, browse: Browse, language: str) -> None:
    case = desk.flagged(desk.story(), by=desk.reader)
    actions.open_case(db, desk.act(desk.brahim), case.ref)
    desk.make.commit()
    page = browse(desk.sira, language=language).get("/desk/audit")
    moment, sentence, role = AUDIT[language]
    assert f'<th scope="row" role="rowheader"><bdi>{moment}</bdi></th>' in page.text
    words = text_of(page)
    assert sentence in words
    assert role in words
    for bare in ("case.flagged", "case: flagged", "case.looked", "2026-11-20"):
        assert bare not in page.text


def test_the_audit_page_tells_days_newest_first_and_no_hour(db: Session, desk: Desk, browse: Browse) -> None:
    """Also of what was written down later than it happened, as the demo does."""
    for ago in (0, 3, 1, 200):
        with clock.at(now() - days(ago)):
            record(db, desk.act(desk.teller), "story.submit", "story", desk.teller.id)
    desk.make.commit()
    page = browse(desk.sira).get("/desk/audit")
    told = re.findall(r"<bdi>([^<]*2026)</bdi>", page.text)
    assert told == ["20 November 2026", "19 November 2026", "17 November 2026", "4 May 2026"]
    rows = page.text.split("<table", 1)[1].split("</table")[0]
    assert re.findall(r"\d{1,2}:\d{2}|UTC|T\d\d", rows) == []


def test_an_event_of_another_release_is_shown_as_it_is(db: Session, desk: Desk, browse: Browse) -> None:
    record(db, None, "case.of_tomorrow", "case")
    desk.make.commit()
    assert "case.of_tomorrow" in text_of(browse(desk.sira, language="fr").get("/desk/audit"))
