"""What is held, hidden or left stays so by every way: words of groups, titles, edits, names, the trail of audit."""

from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.core.clock import now
from app.domain import versions
from app.domain.groups import standing
from app.domain.moderation import actions
from app.domain.moderation.rules import Choice
from app.models.accounts import Answer, MemberStatus, Role
from app.models.engine import AuditEvent
from app.models.groups import (
    Group,
    GroupCode,
    GroupMember,
    GroupRequest,
    GroupRole,
    GroupState,
    JoinPolicy,
    Post,
    PostState,
    Topic,
    Visibility,
)
from app.models.moderation import Case, Outcome
from tests.browse import text_of
from tests.groups.conftest import Circle
from tests.groups.test_coming_in import DESCRIBED, SAID
from tests.groups.test_talk import SCAM


def _decide(circle: Circle, outcome: Outcome, **words: Any) -> None:
    worker = circle.make.member(f"Door {outcome.value}", Role.COORDINATOR)
    actor, db = circle.act(worker, Role.COORDINATOR), circle.make.db
    case = next(c for c in circle.all(select(Case)) if c.state.value == "open")
    case = actions.open_case(db, actor, case.ref)
    actions.decide(db, actor, case.ref, Choice(outcome, case.row_version, **words))
    circle.make.commit()


def _known(circle: Circle, member: Any) -> None:
    """Let somebody be no newcomer: three posts of theirs are shown."""
    circle.make.topic(circle.group, member, "Hello", posts=3)
    circle.make.commit()


def _started(circle: Circle, **more: str) -> Group:
    circle.browse(circle.lina).send("/groups", DESCRIBED | SAID | more)
    return circle.one(select(Group).where(Group.name == (DESCRIBED | more)["name"]))  # type: ignore[no-any-return]


def test_words_of_a_newcomers_group_wait_for_the_desk(circle: Circle) -> None:
    group = _started(circle, name="Amina D., deported", purpose="Rue 12, +221 77 123 45 67")
    path, guest, lina = f"/g/{group.ref}", circle.browse(), circle.browse(circle.lina)
    assert group.state == GroupState.WAITS
    for browser in (guest, circle.browse(circle.omar)):
        assert browser.get(path).status_code == 404
        assert browser.get(f"{path}/about").status_code == 404
        assert "Amina D." not in browser.get("/groups").text
    assert "Only members see this group at the moment." in text_of(lina.get(path))
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    desk, case = circle.browse(worker), circle.one(select(Case))
    desk.send(f"/desk/cases/{case.ref}/open")
    assert "Rue 12" in desk.get(f"/desk/cases/{case.ref}").text
    form = {
        "outcome": "decline",
        "rule": "1",
        "words": "No names.",
        "row_version": str(circle.fresh(case).row_version),
        "step": "send",
    }
    assert desk.post(f"/desk/cases/{case.ref}/decision", form).status_code == 303
    assert circle.fresh(group).state == GroupState.HIDDEN
    assert "No names." in lina.get("/my/answers").text
    version = str(circle.fresh(group).row_version)
    lina.send(f"{path}/care/words", DESCRIBED | {"name": "Tea", "row_version": version})
    assert circle.fresh(group).state == GroupState.WAITS
    assert guest.get(path).status_code == 404
    _decide(circle, Outcome.PUBLISH)
    assert "Tea" in guest.get(path).text
    assert "Tea" in lina.get("/groups").text  # a guest's page may be a second old on PostgreSQL


def test_words_that_the_checks_hold_wait_also_when_they_are_changed(circle: Circle) -> None:
    _known(circle, circle.lina)
    group = _started(circle)
    assert group.state == GroupState.SHOWN
    assert "Thursday tea" in circle.browse().get("/groups").text
    lina = circle.browse(circle.lina)
    lina.send(f"/g/{group.ref}/care/words", DESCRIBED | {"purpose": SCAM, "row_version": "1"})
    assert circle.browse().get(f"/g/{group.ref}").status_code == 404
    assert "Thursday tea" not in circle.browse().get("/groups").text
    _decide(circle, Outcome.PUBLISH)
    lina.send(f"/g/{group.ref}/care/kind", SAID | {"funded_by": SCAM[:190]})
    assert circle.browse().get(f"/g/{group.ref}").status_code == 404


def test_a_group_can_be_flagged_and_hidden_with_its_talk(circle: Circle) -> None:
    guest = circle.browse()
    assert f"/flag/group/{circle.group.ref}" in guest.get(f"{circle.path}/about").text
    assert guest.get(f"/flag/group/{circle.group.ref}").status_code == 200
    assert guest.post(f"/flag/group/{circle.group.ref}", {"reason": "recognised", "note": ""}).status_code == 303
    _decide(circle, Outcome.HIDE, rule=1, words="A name.")
    for browser in (guest, circle.browse(circle.lina)):
        assert browser.get(circle.path).status_code == 404
    for browser in (guest, circle.browse(circle.omar), circle.browse(circle.lina)):
        assert circle.group.name not in browser.get("/groups").text
    assert "hidden by a decision" in text_of(circle.browse(circle.awa).get(circle.path))
    assert guest.get(f"/flag/group/{circle.group.ref}").status_code == 404


def test_nothing_is_written_in_a_topic_before_its_first_words_are_let_through(circle: Circle) -> None:
    omar, awa = circle.browse(circle.omar), circle.browse(circle.awa)
    omar.send(f"{circle.path}/topics", {"title": "Amina was deported", "body": SCAM, "language": "en"})
    topic = circle.one(select(Topic))
    answer = omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": "hello", "language": "en"})
    assert answer.status_code == 422
    assert "hello" in answer.text
    assert "Amina" not in awa.get(circle.path).text
    _decide(circle, Outcome.DECLINE, rule=1, words="No.")
    assert omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": "hello", "language": "en"}).status_code == 422
    assert circle.fresh(topic).last_number == 0
    page = text_of(omar.get(circle.path))
    assert "Not sent: see My answers" in page
    assert "Waits" not in page
    post = circle.one(select(Post))
    omar.send(f"{circle.path}/p/{post.ref}/delete")
    assert f"/t/{topic.ref}" not in omar.get(circle.path).text


def test_a_title_goes_with_its_first_post(circle: Circle) -> None:
    hidden = circle.make.topic(circle.group, circle.awa, "Amina was deported")
    deleted = circle.make.topic(circle.group, circle.awa, "Sira lives in Rue 12")
    circle.make.commit()
    first = {p.topic_id: p for p in circle.all(select(Post))}
    omar, awa = circle.browse(circle.omar), circle.browse(circle.awa)
    awa.send(f"{circle.path}/p/{first[deleted.id].ref}/delete")
    omar.post(f"/flag/post/{first[hidden.id].ref}", {"reason": "recognised", "note": ""})
    _decide(circle, Outcome.HIDE, rule=1, words="A name.")
    for path in (
        circle.path,
        f"{circle.path}/t/{hidden.ref}",
        f"{circle.path}/t/{deleted.ref}",
        f"{circle.path}/search?q=deported",
    ):
        page = omar.get(path).text
        assert "Amina was deported" not in page, path
        assert "Sira lives" not in page, path


@pytest.mark.parametrize("status", [MemberStatus.PAUSED, MemberStatus.SUSPENDED])
def test_words_of_somebody_away_are_read_by_no_address(circle: Circle, status: MemberStatus) -> None:
    topic = circle.make.topic(circle.group, circle.omar, "My title")
    circle.make.commit()
    post, awa = circle.one(select(Post)), circle.browse(circle.awa)
    circle.browse(circle.omar).send(f"{circle.path}/p/{post.ref}", {"body": "Other words of Omar"})
    omar = circle.fresh(circle.omar)
    omar.status = status
    circle.make.db.add(omar)
    circle.make.commit()
    for path in (f"/p/{post.ref}", f"/t/{topic.ref}/answer/{post.ref}", f"/t/{topic.ref}", "", "/search?q=words"):
        page = awa.get(circle.path + path).text
        for secret in ("Other words", "tomorrow at nine", "My title", "Omar Copper"):
            assert secret not in page, path
    for path, form in (
        (f"/p/{post.ref}/thanks", {}),
        (f"/t/{topic.ref}/posts", {"body": "Yes", "language": "en", "quote": post.ref}),
    ):
        assert awa.post(circle.path + path, form).status_code in (404, 422)
    assert awa.get(f"/flag/post/{post.ref}").status_code == 404


def test_what_is_taken_back_names_nobody_and_takes_no_thanks(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar)
    circle.make.commit()
    post, awa = circle.one(select(Post)), circle.browse(circle.awa)
    circle.browse(circle.omar).send(f"{circle.path}/p/{post.ref}/delete")
    assert "Omar Copper" not in awa.get(f"{circle.path}/t/{topic.ref}").text
    assert awa.post(f"{circle.path}/p/{post.ref}/thanks").status_code in (403, 404)


def test_what_stays_after_leaving_stays_unnamed_for_good(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.omar)
    circle.make.commit()
    post, awa, omar = circle.one(select(Post)), circle.browse(circle.awa), circle.browse(circle.omar)
    omar.send(f"{circle.path}/leave", {"words": "stay"})
    omar.send(f"{circle.path}/join")
    page = text_of(awa.get(f"{circle.path}/t/{topic.ref}"))
    assert "Omar Copper" not in page
    assert "tomorrow at nine" in page
    assert circle.fresh(post).author_id is None
    omar.send(f"{circle.path}/leave", {"words": "stay"})
    awa.send(f"{circle.path}/t/{topic.ref}/posts", {"body": "Thanks", "language": "en", "quote": post.ref})
    assert circle.all(select(Answer).where(Answer.member_id == circle.omar.id)) == []


def test_who_belongs_stands_nowhere_for_ever(circle: Circle) -> None:
    lina, omar = circle.browse(circle.lina), circle.browse(circle.omar)
    lina.send(f"{circle.path}/join")
    lina.send(f"{circle.path}/leave", {"reason": "far", "words": "stay"})
    omar.send(f"{circle.path}/leave", {"reason": "far", "words": "stay"})
    circle.browse(circle.awa).send(f"{circle.path}/care/kind", SAID)
    _started(circle, visibility="hidden", join_policy="invite")
    events = circle.all(select(AuditEvent).where(sa.column("verb").like("group.%")))
    assert {e.verb for e in events} == {"group.typology", "group.start"}
    assert {(e.actor_id, e.actor_role) for e in events} == {(None, "")}


def test_a_flagged_post_shows_the_desk_what_was_flagged(circle: Circle) -> None:
    circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    post, awa = circle.one(select(Post)), circle.browse(circle.awa)
    awa.send(f"{circle.path}/p/{post.ref}", {"body": "The address of Amina is Rue 12"})
    circle.browse(circle.omar).post(f"/flag/post/{post.ref}", {"reason": "recognised", "note": ""})
    awa.send(f"{circle.path}/p/{post.ref}", {"body": "Have a nice day"})
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.commit()
    desk, case = circle.browse(worker), circle.one(select(Case))
    desk.send(f"/desk/cases/{case.ref}/open")
    page = desk.get(f"/desk/cases/{case.ref}").text
    for words in ("Rue 12", "nice day", "tomorrow at nine"):
        assert words in page
    form = {"outcome": "hide", "rule": "1", "words": "A name.", "row_version": str(circle.fresh(case).row_version), "step": "send"}
    assert desk.post(f"/desk/cases/{case.ref}/decision", form).status_code == 303
    assert circle.browse(circle.omar).get(f"{circle.path}/p/{post.ref}").status_code == 404


def test_a_change_is_looked_at_like_new_words_and_the_desk_notices(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar = circle.browse(circle.omar)
    omar.send(f"{circle.path}/t/{topic.ref}/posts", {"body": "Hello all", "language": "en"})
    mine = next(p for p in circle.all(select(Post)) if p.author_id == circle.omar.id)
    link = "Look: https://a.example/1 https://b.example/2 https://c.example/3"
    assert omar.post(f"{circle.path}/p/{mine.ref}", {"body": link}).status_code == 422  # a newcomer's link
    omar.send(f"{circle.path}/t/{topic.ref}/posts", {"body": SCAM, "language": "en"})
    held = circle.one(select(Post).where(Post.state == PostState.HELD))
    before = circle.one(select(Case)).row_version
    omar.send(f"{circle.path}/p/{held.ref}", {"body": "Harmless at first sight"})
    assert circle.one(select(Case)).row_version > before


def test_nobody_learns_who_belongs_by_giving_roles(circle: Circle) -> None:
    awa = circle.browse(circle.awa)
    until = now().date().replace(year=now().year + 1).isoformat()
    said = set()
    for name in ("Omar Copper", "Lina River", "Nobody At All"):
        answer = awa.post(f"{circle.path}/care/roles", {"name": name, "role": "member", "until": until})
        assert answer.status_code == 422
        said.add(text_of(answer))
    assert len(said) == 1
    assert circle.all(select(Answer)) == []


def test_guests_pages_do_not_move_for_hidden_and_unlisted_groups(circle: Circle) -> None:
    def number() -> int:
        found = versions.one(circle.make.db.connection(), versions.GROUPS)
        circle.make.commit()
        return found

    _known(circle, circle.lina)
    before, lina = number(), circle.browse(circle.lina)
    hidden = _started(circle, name="Hidden one", visibility="hidden", join_policy="invite")
    quiet = _started(circle, name="Quiet one", visibility="unlisted")
    for group, more in ((hidden, {"visibility": "hidden", "join_policy": "invite"}), (quiet, {"visibility": "unlisted"})):
        lina.send(f"/g/{group.ref}/care/words", DESCRIBED | more | {"name": "Another name", "row_version": "1"})
        lina.send(f"/g/{group.ref}/care/kind", SAID)
    guest = circle.browse()
    assert "Another name" in guest.get(f"/g/{quiet.ref}").text
    assert "no-store" in guest.get(f"/g/{quiet.ref}").headers["cache-control"]
    standing.purge(circle.make.db, circle.lina.id)
    circle.make.commit()
    assert number() == before


def test_a_hidden_group_stays_hidden(circle: Circle) -> None:
    hidden = circle.make.group(by=circle.awa, visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE)
    circle.make.commit()
    answer = circle.browse(circle.awa).post(f"/g/{hidden.ref}/care/words", DESCRIBED | {"row_version": "1"})
    assert answer.status_code == 422
    assert "A hidden group stays hidden" in text_of(answer)
    assert circle.fresh(hidden).visibility == Visibility.HIDDEN


def test_the_only_member_can_leave_and_the_group_closes(circle: Circle) -> None:
    alone = circle.make.group(by=circle.awa, name="Alone")
    circle.make.commit()
    awa = circle.browse(circle.awa)
    assert awa.post(f"/g/{alone.ref}/leave", {"words": "stay"}).status_code == 303
    assert circle.fresh(alone).state == GroupState.CLOSED
    assert awa.get(f"/g/{alone.ref}").status_code == 404
    assert "Alone" not in circle.browse().get("/groups").text


def test_a_group_that_nobody_cares_for_takes_no_requests(circle: Circle) -> None:
    circle.make.db.add(GroupRequest(group_id=circle.group.id, member_id=circle.lina.id, answer="Please", asked_at=now()))
    circle.make.commit()
    standing.purge(circle.make.db, circle.awa.id)
    circle.make.commit()
    assert circle.fresh(circle.group).state == GroupState.WAITS
    assert circle.all(select(GroupRequest)) == []
    assert circle.browse(circle.lina).get(f"{circle.path}/join").status_code == 404
    assert circle.group.name not in circle.browse().get("/groups").text
    assert circle.browse(circle.omar).get(circle.path).status_code == 200


def test_a_code_form_sent_twice_makes_one_code(circle: Circle) -> None:
    awa, form = circle.browse(circle.awa), {"uses": "2", "last_day": now().date().isoformat(), "once": "twice"}
    first, second = (awa.post(f"{circle.path}/care/codes", form) for _n in range(2))
    assert first.headers["location"] == second.headers["location"]
    assert len(circle.all(select(GroupCode))) == 1
    assert "/g/code/" in awa.get(f"{circle.path}/care/codes").text
    assert circle.browse(circle.omar).get(f"{circle.path}/care/codes").status_code == 404


def test_of_two_organisers_the_second_sees_both(circle: Circle) -> None:
    circle.make.seat(circle.group, circle.lina, GroupRole.ORGANISER)
    circle.make.commit()
    awa, lina = circle.browse(circle.awa), circle.browse(circle.lina)
    awa.send(f"{circle.path}/care/words", DESCRIBED | {"purpose": "Tea by Awa", "row_version": "1"})
    answer = lina.post(f"{circle.path}/care/words", DESCRIBED | {"purpose": "Tea by Lina", "row_version": "1"})
    assert answer.status_code == 409
    assert "Tea by Awa" in answer.text
    assert "Tea by Lina" in answer.text


def test_what_nobody_can_see_is_no_text(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar = circle.browse(circle.omar)
    for nothing in ("\u200b\u200d", "\u3164", "\u2800 \uffa0", "\u0301"):
        assert omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": nothing, "language": "en"}).status_code == 422
        assert omar.post(f"{circle.path}/topics", {"title": nothing, "body": "Hi", "language": "en"}).status_code == 422


def test_tries_are_counted_also_when_they_are_refused(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    omar = circle.browse(circle.omar)
    found = [omar.post(f"{circle.path}/t/{topic.ref}/posts", {"body": "", "language": "en"}).status_code for _n in range(121)]
    assert (found[0], found[-1]) == (422, 429)


def test_an_answer_that_is_too_long_keeps_its_quote(circle: Circle) -> None:
    topic = circle.make.topic(circle.group, circle.awa)
    circle.make.commit()
    post = circle.one(select(Post))
    form = {"body": "x" * 4_001, "language": "en", "quote": post.ref}
    answer = circle.browse(circle.omar).post(f"{circle.path}/t/{topic.ref}/posts", form)
    assert f'name="quote" value="{post.ref}"' in answer.text


def test_old_topics_are_not_new_for_whoever_comes(circle: Circle) -> None:
    circle.make.topic(circle.group, circle.awa, posts=3)
    circle.make.commit()
    lina = circle.browse(circle.lina)
    lina.send(f"{circle.path}/join")
    assert (
        "new" not in text_of(lina.get(circle.path)).split("Only members read")[1].split("Write something new")[0].split("Search")[0]
    )
    omar = circle.browse(circle.omar)
    assert "3 new" in text_of(omar.get(circle.path))
    omar.send(f"{circle.path}/read")
    assert "3 new" not in text_of(omar.get(circle.path))


def test_a_code_closes_the_request_that_waits(circle: Circle) -> None:
    group = circle.fresh(circle.group)
    group.join_policy = JoinPolicy.ASK
    circle.make.db.add(group)
    circle.make.commit()
    lina, awa = circle.browse(circle.lina), circle.browse(circle.awa)
    lina.send(f"{circle.path}/join", {"answer": "Tea"})
    awa.send(f"{circle.path}/care/codes", {"uses": "1", "last_day": now().date().isoformat()})
    code = awa.get(f"{circle.path}/care/codes").text.split("/g/code/")[1].split("<")[0].strip()
    lina.send("/g/code", {"code": code})
    assert circle.all(select(GroupMember).where(GroupMember.member_id == circle.lina.id))
    assert circle.all(select(GroupRequest)) == []
