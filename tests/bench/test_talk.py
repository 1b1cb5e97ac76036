"""The parts of ``hearth bench groups`` and ``hearth stress posts``: the data that talks, the client, the comparing."""

from collections import Counter
from typing import Any

import sqlalchemy as sa
from sqlmodel import col, select

from app.core.db import Database
from app.models.groups import Group, Post, PostState, Topic
from bench import posting, stress, talkdata
from tests.browse import Browser

SIZE = talkdata.Talk(members=120, groups=12, topics=30, posts=90, long=25)


def _fill(database: Database) -> talkdata.There:
    return talkdata.fill(database, SIZE, 20, lambda _line: None)


def test_what_is_made_is_marked_and_can_be_read(database: Database, app: Any) -> None:
    there = _fill(database)
    with database.reading() as db:
        assert {g.template for g in db.exec(select(Group))} == {talkdata.MARK}
        for topic in db.exec(select(Topic).where(col(Topic.last_number) > 1)):
            numbers = db.exec(select(Post.number).where(Post.topic_id == topic.id).order_by(col(Post.number))).all()
            assert numbers == list(range(1, topic.last_number + 1))
    browser = Browser(app)
    browser.client.cookies.set("hearth", there.tokens[0])
    for path in (*there.groups[:3], *there.topics[:3], there.long, "/groups"):
        assert browser.get(path).status_code == 200, path


def test_texts_differ_and_a_form_carries_its_own_number() -> None:
    made = [text for text, _n in zip(posting.texts("s1"), range(50), strict=False)]
    assert len(set(made)) == 50
    assert posting.form(made[3]).endswith("once=s1-4")


def test_what_was_lost_or_came_twice_is_found(database: Database, settings: Any) -> None:
    there = _fill(database)
    ref = there.writing.rsplit("/", 1)[1]
    with database.transaction() as db:
        topic = db.exec(select(Topic).where(Topic.ref == ref)).one()
        writer = db.exec(select(Post.author_id).where(Post.topic_id == topic.id)).first()
        for n, body in enumerate(("sp0 1 tea", "sp0 2 tea", "sp0 2 tea")):
            number = topic.last_number + 1
            topic.last_number = number
            db.add(Post(
                ref=f"bench{n}", topic_id=topic.id, group_id=topic.group_id, author_id=writer, number=number, body=body,
                state=PostState.SHOWN, written_at=topic.last_at,
            ))  # fmt: skip
    done = posting.Done(
        statuses=Counter({303: 3, 503: 1}), times=[1.0, 2.0, 3.0], acknowledged=["sp0 1 tea", "sp0 9 tea"], seconds=1
    )
    found = stress._compare(settings.database, ref, done)
    assert (found["lost"], found["twice"], found["refused"], found["out_of_order"]) == (1, 1, 1, 0)
    with database.transaction() as db:
        db.execute(sa.update(Topic).where(col(Topic.ref) == ref).values(last_number=99))
    assert stress._compare(settings.database, ref, done)["out_of_order"] == 1
