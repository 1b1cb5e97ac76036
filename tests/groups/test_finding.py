"""Finding a group: by place, language, subject and words; what is hidden is as if it did not exist."""

from collections.abc import Callable
from typing import Any

import pytest

from app.models.groups import GroupTypology, JoinPolicy, Visibility
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.groups.conftest import Circle


def test_an_empty_network_says_so(browse: Callable[..., Browser]) -> None:
    page = browse().get("/groups")
    assert page.status_code == 200
    assert "No group has opened its door here yet" in text_of(page)


def test_everybody_finds_listed_groups_and_nobody_the_others(make: Make, browse: Callable[..., Browser]) -> None:
    awa, omar = make.member(), make.member("Omar Copper")
    make.group(by=awa, name="Tea in the yard")
    make.group(by=awa, name="Quiet circle", visibility=Visibility.UNLISTED)
    make.group(by=awa, name="Nobody knows", visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE)
    make.commit()
    for browser in (browse(), browse(omar)):
        text = text_of(browser.get("/groups"))
        assert "Tea in the yard" in text
        assert "Quiet circle" not in text
        assert "Nobody knows" not in text


def test_a_group_is_found_by_place_language_subject_and_words(make: Make, browse: Callable[..., Browser]) -> None:
    awa, country = make.member(), make.area("Senegal", kind="country")
    town = make.area("Thiès", parent_id=country.id)
    make.group(by=awa, name="Tea in the yard", area_id=town.id, language="wo", themes=["work"])
    make.group(by=awa, name="Papers on Monday", language="fr", themes=["papers"], purpose="Who knows the office hours?")
    make.commit()
    browser = browse()
    for query in (f"area={country.id}", f"area={town.id}", "language=wo", "theme=work", "q=yard", "q=thies", "q=TEA+yar"):
        text = text_of(browser.get(f"/groups?{query}"))
        assert "Tea in the yard" in text, query
        assert "Papers on Monday" not in text, query
    assert "Papers on Monday" in text_of(browser.get("/groups?q=office"))
    assert "No group like this yet" in text_of(browser.get("/groups?q=nothing+like+it"))


def test_a_size_is_told_roughly_to_those_outside(circle: Circle) -> None:
    assert "Fewer than 20 people" in text_of(circle.browse().get(circle.path))
    assert "Fewer than 20 people" in text_of(circle.browse(circle.omar).get(circle.path))


def test_what_kind_of_group_it_is_and_its_history(circle: Circle) -> None:
    from datetime import date

    said = {"group_id": circle.group.id, "support": "mixed", "journeys": "unknown", "structure": "3"}
    circle.make.db.add(GroupTypology(on=date(2024, 3, 1), begun_by="1", **said))
    circle.make.db.add(GroupTypology(on=date(2025, 3, 1), begun_by="5", funded_by="The town", **said))
    circle.make.commit()
    text = text_of(circle.browse().get(circle.path))
    assert "Quite: Others set it up for them" in text
    assert "The town" in text
    assert "What was said before" in text
    assert "It should be looked at again." in text


def _same(answer: Any, ref: str) -> tuple[Any, ...]:
    import re

    text = re.sub(r'name="(?:csrf|once)" value="[^"]*"|next=[^"&]*', "", answer.text.replace(ref, "REF"))
    return answer.status_code, re.sub(r"\b[A-Z0-9]{6}\b(?=</p>)", "", text), answer.headers.get("location", "").replace(ref, "REF")


@pytest.mark.parametrize("who", ["guest", "other member"])
def test_a_hidden_group_answers_like_none_on_every_address(circle: Circle, who: str) -> None:
    from app.core.ids import new_ref
    from tests.architecture.routes import routes

    make = circle.make
    hidden = make.group(by=circle.awa, visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE)
    topic = make.topic(hidden, circle.awa)
    post = make.post(topic, circle.awa)
    make.commit()
    browser, checked = (circle.browse() if who == "guest" else circle.browse(circle.lina)), 0
    for route in (r for r in routes() if r.path.startswith(("/g/{ref}", "/flag/{kind}"))):
        fill = {"{ref}": hidden.ref, "{topic_ref}": topic.ref, "{post_ref}": post.ref, "{kind}": "post"}
        none = {"{ref}": new_ref(), "{topic_ref}": new_ref(), "{post_ref}": new_ref(), "{kind}": "post"}
        if route.path.startswith("/flag"):
            fill["{ref}"] = post.ref
        answers = []
        for names in (fill, none):
            path = route.path
            for name, value in names.items():
                path = path.replace(name, value)
            answer = browser.get(path) if route.method == "GET" else browser.post(path)
            for value in (names["{topic_ref}"], names["{post_ref}"]):
                answer.headers["location"] = answer.headers.get("location", "").replace(value, "X")
            text = _same(answer, names["{ref}"])
            answers.append((text[0], text[1].replace(names["{topic_ref}"], "X").replace(names["{post_ref}"], "X"), text[2]))
        assert answers[0] == answers[1], route.path
        assert answers[0][0] in (303, 401, 404), route.path
        checked += 1
    assert checked > 25


def test_the_site_map_and_the_search_know_listed_groups_only(circle: Circle, settings: Any) -> None:
    hidden = circle.make.group(name="Zanzibarbar", visibility=Visibility.HIDDEN, join_policy=JoinPolicy.INVITE)
    circle.make.commit()
    browser = circle.browse()
    for path in ("/sitemap.xml", "/groups?q=zanzibarbar", "/stories?q=zanzibarbar", "/help?q=zanzibarbar", "/stories.atom"):
        answer = browser.get(path)
        assert hidden.ref not in answer.text
        assert "Zanzibarbar" not in answer.text


@pytest.mark.parametrize("items", [1, 3, 25])
def test_the_list_costs_the_same_for_any_number_of_groups(
    make: Make, browse: Callable[..., Browser], count_queries: Callable[[], Any], app: Any, items: int
) -> None:
    awa = make.member()
    for _n in range(items):
        make.group(by=awa)
    make.commit()
    database = app.state.house.database
    for browser, statements in ((browse(), 1), (browse(awa), 3)):
        browser.get("/groups")
        with count_queries(database.read_engine, database.write_engine) as seen:
            assert browser.get("/groups?language=en").status_code == 200
        assert len([s for s in seen if "content_version" not in s or "ORDER BY" not in s]) == statements, seen
