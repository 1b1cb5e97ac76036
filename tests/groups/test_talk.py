"""Talk: topics, posts, quotes, thanks, answers, changing, deleting, reading, looking for words; what the desk does with posts."""

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlmodel import Session, select

from app.core.clock import at, now
from app.domain.groups import hooks, reading, talking
from app.domain.groups.rules import Seat
from app.domain.moderation import actions, flagging
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, MemberStatus, Role
from app.models.groups import GroupRole, Post, PostState, Topic, TopicRead
from app.models.moderation import Case, CaseKind, Outcome
from app.routers import group_talk
from app.schemas.groups import WritePost
from app.web.limits import Limit
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.races import together

SCAM = "Work in Dubai! Visa guaranteed, pay the fee of 300 USD first. WhatsApp only +971 50 123 4567, leave tomorrow."


def _write(circle: Circle, member: Any, topic: Topic, body: str, **more: str) -> Any:
    return circle.browse(member).send(f"{circle.path}/t/{topic.ref}/posts", {"body": body, "language": "en", **more})


def _last(circle: Circle) -> Post:
    return circle.all(select(Post).order_by(Post.id.desc()))[0]  # type: ignore[attr-defined,no-any-return]


def test_a_topic_begins_and_is_answered(circle: Circle) -> None:
    omar = circle.browse(circle.omar)
    assert omar.get(f"{circle.path}/new").status_code == 200
    page = omar.send(
        f"{circle.path}/topics", {"title": "A bus at eight?", "body": "Who goes along?", "language": "en", "asks": "1"}
    )
    assert "Who goes along?" in page.text
    assert "Sent" in text_of(page)
    topic = circle.one(select(Topic))
    awa = circle.browse(circle.awa)
    assert "One new" in text_of(awa.get(circle.path))
    assert "Omar Copper" in text_of(awa.get(f"{circle.path}/t/{topic.ref}"))
    assert "One new" not in text_of(awa.get(circle.path))
    _write(circle, circle.awa, topic, "I do.")
    assert "One new" in text_of(omar.get(circle.path))
    assert "One topic with something new" in text_of(omar.get("/groups"))
    assert "Awa Lantern · organiser" in text_of(omar.get(f"{circle.path}/t/{topic.ref}"))
    assert "Nothing new" in text_of(omar.get("/groups"))


def test_a_form_sent_twice_has_one_effect(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar, form = circle.browse(circle.omar), {"body": "I can go.", "language": "en", "once": "abc123"}
    first, second = (omar.post(f"{circle.path}/t/{topic.ref}/posts", form) for _n in range(2))
    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]
    assert circle.fresh(topic).last_number == 2


def test_nothing_typed_is_lost(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar = circle.browse(circle.omar)
    for body in ("x" * 4_001, ""):
        answer = omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": body, "language": "en"})
        assert answer.status_code == 422
        assert body in answer.text
    gone = omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": "To you", "language": "en", "quote": "2" * 12})
    assert gone.status_code == 422
    assert "not there any more" in text_of(gone)
    assert "To you" in gone.text
    long = omar.post(f"{circle.path}/topics", {"title": "", "body": "Kept words", "language": "en"})
    assert long.status_code == 422
    assert "Kept words" in long.text


def test_outsiders_read_and_write_nothing(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa, "Inside only")
    circle.make.commit()
    lina = circle.browse(circle.lina)
    assert "Inside only" not in lina.get(circle.path).text
    assert lina.get(f"{circle.path}/t/{topic.ref}").status_code == 404
    assert lina.post(f"{circle.path}/t/{topic.ref}/posts", {"body": "Hi", "language": "en"}).status_code == 404
    assert circle.browse().get(f"{circle.path}/t/{topic.ref}").status_code in (303, 401)


def test_a_quote_tells_whoever_is_quoted(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    post = circle.make.post(topic, circle.omar, "Bring the second form.")
    circle.make.commit()
    awa = circle.browse(circle.awa)
    assert "Bring the second form." in awa.get(f"{circle.path}/t/{topic.ref}/answer/{post.ref}").text
    page = _write(circle, circle.awa, topic, "Which one?", quote=post.ref)
    assert "<blockquote>" in page.text
    told = circle.one(select(Answer).where(Answer.member_id == circle.omar.id))
    assert told.sentence == talking.ANSWERED
    assert told.note is None


def test_thanks_are_a_number_and_can_be_taken_back(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    post = _last(circle)
    omar = circle.browse(circle.omar)
    page = omar.send(f"{circle.path}/p/{post.ref}/thanks")
    assert "Helped one person" in text_of(page)
    assert "Omar" not in circle.browse(circle.awa).get(f"{circle.path}/t/{topic.ref}").text
    omar.send(f"{circle.path}/p/{post.ref}/thanks")
    assert circle.fresh(post).thanks == 0
    assert circle.browse(circle.awa).post(f"{circle.path}/p/{post.ref}/thanks").status_code == 403


def test_whoever_asked_says_which_answer_helped(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa, asks=True)
    post = circle.make.post(topic, circle.omar, "Room 4, on Monday.")
    circle.make.commit()
    assert circle.browse(circle.omar).post(f"{circle.path}/p/{post.ref}/helped").status_code == 403
    page = circle.browse(circle.awa).send(f"{circle.path}/p/{post.ref}/helped")
    assert "This answer helped" in text_of(page)
    assert "Answered" in text_of(circle.browse(circle.omar).get(circle.path))
    circle.browse(circle.awa).send(f"{circle.path}/p/{post.ref}/helped")
    assert circle.fresh(topic).answer_id is None


def test_a_change_is_seen_with_what_stood_there_before(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar)
    circle.make.commit()
    post = _last(circle)
    assert circle.browse(circle.awa).post(f"{circle.path}/p/{post.ref}", {"body": "Mine now"}).status_code == 403
    page = circle.browse(circle.omar).send(f"{circle.path}/p/{post.ref}", {"body": "I can go on Friday."})
    assert "Changed" in text_of(page)
    shown = circle.browse(circle.awa).get(f"{circle.path}/p/{post.ref}")
    assert "I can go tomorrow at nine." in shown.text
    assert circle.fresh(topic).last_number == 1


def test_what_is_deleted_is_gone_and_its_place_stays(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar, posts=2)
    circle.make.commit()
    post = _last(circle)
    circle.browse(circle.omar).send(f"{circle.path}/p/{post.ref}", {"body": "Other words"})
    page = circle.browse(circle.omar).send(f"{circle.path}/p/{post.ref}/delete")
    assert "Taken back by whoever wrote it." in text_of(page)
    assert "Other words" not in circle.browse(circle.awa).get(f"{circle.path}/p/{post.ref}").text
    post = circle.fresh(post)
    assert (post.state, post.body, post.folded) == (PostState.DELETED, "", "")
    assert circle.fresh(topic).last_number == 2


def test_whoever_left_is_not_named_and_whoever_is_away_not_shown(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar)
    circle.make.commit()
    awa, path = circle.browse(circle.awa), f"{circle.path}/t/{topic.ref}"
    circle.omar.status = MemberStatus.PAUSED
    circle.make.commit()
    assert "tomorrow at nine" not in awa.get(path).text
    circle.omar.status = MemberStatus.ACTIVE
    circle.make.commit()
    circle.browse(circle.omar).send(f"{circle.path}/leave", {"words": "stay"})
    page = text_of(awa.get(path))
    assert "Omar Copper" not in page
    assert "Somebody who left" in page
    assert "tomorrow at nine" in page


def test_leaving_can_take_the_words_along(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar, "My own title")
    circle.make.commit()
    circle.browse(circle.omar).send(f"{circle.path}/leave", {"words": "go"})
    page = circle.browse(circle.awa).get(f"{circle.path}/t/{topic.ref}").text
    assert "tomorrow at nine" not in page
    assert "My own title" not in page


def test_at_most_three_topics_stand_on_top(circle: Circle) -> None:
    topics = [circle.make.topic(circle.group, circle.awa, f"Topic {n}") for n in range(4)]
    circle.make.commit()
    awa = circle.browse(circle.awa)
    for topic in topics[:3]:
        awa.send(f"{circle.path}/t/{topic.ref}/pin")
    assert "At most 3 topics" in text_of(awa.send(f"{circle.path}/t/{topics[3].ref}/pin"))
    assert circle.browse(circle.omar).post(f"{circle.path}/t/{topics[0].ref}/pin").status_code == 403
    assert circle.fresh(topics[0]).pinned
    awa.send(f"{circle.path}/t/{topics[0].ref}/pin")
    assert not circle.fresh(topics[0]).pinned


def test_pages_lead_to_everything_once(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa, posts=0)
    for n in range(45):
        circle.make.post(topic, circle.awa, f"Post number {n + 1:02}.")
    for n in range(45):
        with at(now() - timedelta(minutes=n + 1)):
            circle.make.topic(circle.group, circle.awa, f"Topic {n:02}", pinned=n == 30)
    circle.make.commit()
    omar, path = circle.browse(circle.omar), f"{circle.path}/t/{topic.ref}"
    last = text_of(omar.get(path))
    assert "Post number 26." in last
    assert "Post number 25." not in last
    assert "Post number 45." in last
    seen = "".join(omar.get(f"{path}?from={n}").text for n in (1, 21, 41))
    assert [n for n in range(1, 46) if seen.count(f"Post number {n:02}.</p>") != 1] == []
    listed, before = [], ""
    while True:
        page = omar.get(f"{circle.path}?before={before}" if before else circle.path).text
        refs = [part.split('"')[0].split("?")[0] for part in page.split(f'href="{circle.path}/t/')[1:]]
        listed += refs
        if not refs or 'rel="next"' not in page:
            break
        before = refs[-1]
    assert len(listed) == 46
    assert len(set(listed)) == 46
    assert circle.fresh(topic).ref == listed[1]  # after the one on top


def test_how_far_one_has_read_is_remembered_and_never_told(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa, posts=3)
    circle.make.commit()
    circle.browse(circle.omar).get(f"{circle.path}/t/{topic.ref}")
    row = circle.one(select(TopicRead))
    assert (row.member_id, row.number) == (circle.omar.id, 3)
    circle.browse(circle.omar).get(f"{circle.path}/t/{topic.ref}?from=1")
    assert circle.fresh(row).number == 3
    talking.note_read(circle.make.db, circle.lina.id, topic.id, 3)  # as for somebody who left between the page and the note
    circle.make.commit()
    assert circle.one(select(TopicRead)).member_id == circle.omar.id
    circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar = circle.browse(circle.omar)
    assert "One topic with something new" in text_of(omar.get("/groups"))
    omar.send(f"{circle.path}/read")
    assert "Nothing new" in text_of(omar.get("/groups"))


def test_words_are_found_inside_the_group_only(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa, posts=0)
    circle.make.post(topic, circle.awa, "The town hall opens at 9, bring 100%_paper.")
    circle.make.post(topic, circle.awa, "قاعة البلدية تفتح")
    other = circle.make.group(by=circle.lina)
    circle.make.post(circle.make.topic(other, circle.lina), circle.lina, "The town hall is closed.")
    circle.make.commit()
    omar = circle.browse(circle.omar)
    for words in ("TOWN hall", "paper 100", "البلديّة"):
        assert (
            "9, bring" in omar.get(f"{circle.path}/search", params={"q": words}).text
            or "البلدية" in words
            or "تفتح" in (omar.get(f"{circle.path}/search", params={"q": words}).text)
        )
    assert "closed" not in omar.get(f"{circle.path}/search?q=hall").text
    assert "Nothing with these words" in text_of(omar.get(f"{circle.path}/search?q=boat"))
    assert omar.get(f"{circle.path}/search?q=%25").status_code == 200
    assert circle.browse(circle.lina).get(f"{circle.path}/search?q=hall").status_code == 404


def test_too_much_at_once_waits(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar, posts=talking.MOST_POSTS)
    circle.make.commit()
    answer = circle.browse(circle.omar).post(f"{circle.path}/t/{topic.ref}/posts", {"body": "One more", "language": "en"})
    assert answer.status_code == 422
    assert "One more" in answer.text
    with at(now() + timedelta(minutes=talking.IN_MINUTES + 1)):
        assert circle.browse(circle.omar).post(f"{circle.path}/t/{topic.ref}/posts", {"body": "One", "language": "en"}).is_redirect


def _case(circle: Circle, kind: CaseKind) -> Case:
    return circle.one(select(Case).where(Case.kind == kind))


def _decide(circle: Circle, kind: CaseKind, outcome: Outcome, **words: Any) -> None:
    worker = circle.make.member(f"Door {outcome.value}", Role.COORDINATOR)
    actor, db = circle.act(worker, Role.COORDINATOR), circle.make.db
    case = actions.open_case(db, actor, _case(circle, kind).ref)
    actions.decide(db, actor, case.ref, Choice(outcome, case.row_version, **words))
    circle.make.commit()


def test_what_the_checks_hold_waits_at_the_desk_and_its_writer_is_told(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    page = _write(circle, circle.omar, topic, SCAM)
    assert "Waits: somebody reads it first" in text_of(page)
    assert "Dubai" not in circle.browse(circle.awa).get(f"{circle.path}/t/{topic.ref}").text
    case = _case(circle, CaseKind.POST)
    assert case.about_id == circle.omar.id
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    desk = circle.browse(worker)
    assert "Words in a group wait" in text_of(desk.get("/desk"))
    assert "Dubai" not in desk.get(f"/desk/cases/{case.ref}").text
    desk.send(f"/desk/cases/{case.ref}/open")
    assert "Dubai" in desk.get(f"/desk/cases/{case.ref}").text
    assert circle.group.name not in desk.get(f"/desk/cases/{case.ref}").text
    version = circle.fresh(case).row_version
    form = {"outcome": "decline", "rule": "1", "words": "No fees here.", "row_version": str(version), "step": "send"}
    assert desk.post(f"/desk/cases/{case.ref}/decision", form).status_code == 303
    omar = circle.browse(circle.omar)
    assert "No fees here." in omar.get("/my/answers").text
    assert "Not sent: see My answers" in text_of(omar.get(f"{circle.path}/t/{topic.ref}"))


def test_a_held_topic_is_seen_by_its_writer_only_until_it_is_let_through(circle: Circle) -> None:
    omar, awa = circle.browse(circle.omar), circle.browse(circle.awa)
    omar.send(f"{circle.path}/topics", {"title": "Work abroad", "body": SCAM, "language": "en"})
    topic = circle.one(select(Topic))
    assert "Work abroad" in omar.get(circle.path).text
    assert "Work abroad" not in awa.get(circle.path).text
    assert awa.get(f"{circle.path}/t/{topic.ref}").status_code == 404
    _decide(circle, CaseKind.POST, Outcome.PUBLISH)
    assert "Dubai" in awa.get(f"{circle.path}/t/{topic.ref}").text
    assert circle.fresh(topic).last_number == 1


def test_a_flag_on_a_post_goes_to_the_desk_and_never_to_whom_it_is_about(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.role(circle.awa, Role.COORDINATOR)
    circle.make.commit()
    post, omar = _last(circle), circle.browse(circle.omar)
    assert "It breaks the rules of the group" in text_of(omar.get(f"/flag/post/{post.ref}"))
    assert omar.post(f"/flag/post/{post.ref}", {"reason": "rude", "note": "Shouts."}).status_code == 303
    assert circle.browse(circle.lina).get(f"/flag/post/{post.ref}").status_code == 404
    assert circle.browse(circle.awa).get(f"/flag/post/{post.ref}").status_code == 403
    case = _case(circle, CaseKind.TALK)
    assert case.about_id == circle.awa.id
    assert circle.browse(circle.awa).get(f"/desk/cases/{case.ref}").status_code == 404
    assert "In a group:" not in text_of(circle.browse(circle.awa).get("/desk"))
    _decide(circle, CaseKind.TALK, Outcome.HIDE, rule=1, words="Be kind.")
    assert "tomorrow at nine" not in omar.get(f"{circle.path}/t/{topic.ref}").text
    assert "hid it for now" in text_of(omar.get("/my/answers"))
    assert circle.fresh(post).state == PostState.HIDDEN
    worker = circle.make.member("Other Door", Role.COORDINATOR)
    db, actor = circle.make.db, circle.act(worker, Role.COORDINATOR)
    actions.reopen(db, actor, case.ref)
    circle.make.commit()
    _decide(circle, CaseKind.TALK, Outcome.KEEP)
    assert circle.fresh(post).state == PostState.SHOWN


def test_deleting_the_words_does_not_undo_the_flag(circle: Circle) -> None:
    circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    post = _last(circle)
    filed = flagging.flag(circle.make.db, circle.act(circle.omar), "post", post.ref, "rude", "")
    circle.make.commit()
    assert circle.browse(circle.awa).send(f"{circle.path}/p/{post.ref}/delete").status_code == 200
    case = _case(circle, CaseKind.TALK)
    assert case.state.value == "open"
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    desk = circle.browse(worker)
    desk.send(f"/desk/cases/{case.ref}/open")
    assert "tomorrow at nine" in desk.get(f"/desk/cases/{case.ref}").text
    version = circle.fresh(case).row_version
    form = {"outcome": "hide", "rule": "1", "words": "Not so.", "row_version": str(version), "step": "send"}
    assert desk.post(f"/desk/cases/{case.ref}/decision", form).status_code == 303
    assert circle.fresh(case).snapshot is None
    assert "hid it for now" in flagging.standing(circle.make.db, filed.receipt).answer


@pytest.mark.parametrize("items", [1, 3, 5, 20, 50])
def test_the_pages_cost_the_same_for_any_number(circle: Circle, count_queries: Callable[[], Any], app: Any, items: int) -> None:
    for n in range(items):
        topic = circle.make.topic(circle.group, circle.awa, f"Topic {n}", posts=items if n == 0 else 1)
    first = circle.one(select(Topic).where(Topic.title == "Topic 0"))
    circle.make.commit()
    database, omar = app.state.house.database, circle.browse(circle.omar)
    circle.make.post(topic, circle.awa, "The hall is open.")
    circle.make.commit()
    wanted = {circle.path: 3, f"{circle.path}/t/{first.ref}": 3, f"{circle.path}/search?q=hall": 3, "/groups": 3}
    for path, statements in wanted.items():
        omar.get(path)
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert omar.get(path).status_code == 200
        assert len(seen) == statements, (path, seen)


def test_a_page_far_back_costs_as_much_as_the_first(circle: Circle, database: Any) -> None:
    topic = circle.make.topic(circle.group, circle.awa, posts=100)
    circle.make.commit()
    with database.hot() as connection:
        for number in (1, 41, 81):
            assert len(reading.posts(connection, topic.id, circle.omar.id, number, waits=False)) == 20


def test_of_many_who_write_at_once_nothing_is_lost_or_twice(circle: Circle, database: Any) -> None:
    topic = circle.make.topic(circle.group, circle.awa, posts=0)
    circle.make.commit()
    actors, ref, topic_ref = (circle.act(circle.awa), circle.act(circle.omar)), circle.group.ref, topic.ref
    group_id, topic_id = circle.group.id, topic.id

    def write(db: Session, n: int) -> None:
        actor = actors[n % 2]
        there = talking.Where(group_id, ref, topic_id, topic_ref, Seat(GroupRole.MEMBER))
        talking.write(db, actor, there, WritePost(body=f"Line {n}", language="en"))

    assert together(database, *(lambda db, n=n: write(db, n) for n in range(8))) == [""] * 8  # type: ignore[misc]
    found = circle.all(select(Post).where(Post.topic_id == topic.id))
    assert sorted(p.number or 0 for p in found) == list(range(1, 9))
    assert {p.body for p in found} == {f"Line {n}" for n in range(8)}


def test_whoever_has_tried_too_often_is_stopped_before_anything_is_read(circle: Circle, monkeypatch: pytest.MonkeyPatch) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    read: list[str] = []
    monkeypatch.setattr(hooks, "on_look", [lambda written: read.append(written.text) or {}])
    monkeypatch.setattr(group_talk, "POST_MEMBER", Limit("post", 2, 600))
    omar, path = circle.browse(circle.omar), f"{circle.path}/t/{topic.ref}/posts"
    found = [omar.post(path, {"body": f"Line {n}", "language": "en"}).status_code for n in range(4)]
    assert found == [303, 303, 429, 429]
    assert read == ["Line 0", "Line 1"]
