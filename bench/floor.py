# ruff: noqa: E501 - the pages below stand as they are sent
"""floor.py: the anchor that the project's pages are measured against, in the same loadpair run.

The least that a server-rendered page of this stack (FastAPI, SQLModel tables, Jinja2, SQLite) has to do,
so that a ratio to it says how near the limit a real page is, whatever the machine does meanwhile.

  python floor.py --db floor.db --port 9100        (makes the data first: 100,000 members, 10,000 topics)
  loadpair.py floor=http://127.0.0.1:9100/list/{1..50} ours=http://127.0.0.1:8000/groups/...

  /hello        five bytes through FastAPI
  /page         the 12 KB page with 20 items, no database
  /list/{g}     session lookup + group + 20 topics with authors + unread count: Core statements built once, on the event loop
  /topic/{t}    session lookup + topic + 20 posts with authors + unread count (topics 1..100 have 20 posts)
  /naive/{g}    the list by ORM objects, statements built for each request, in the thread pool
  POST /reply/{t}   form field text: one post and the topic's counters in one transaction
"""

from __future__ import annotations

import argparse
import random
from datetime import UTC, datetime, timedelta
from pathlib import Path

import uvicorn
from fastapi import FastAPI, Form
from fastapi.responses import HTMLResponse, PlainTextResponse, Response
from jinja2 import DictLoader, Environment
from sqlalchemy import Index, bindparam, event, func, insert, update
from sqlalchemy.orm import joinedload, registry
from sqlalchemy.pool import QueuePool
from sqlmodel import Field, Relationship, Session, SQLModel, create_engine, select

BASE = """<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1">
<title>{% block title %}{% endblock %}</title></head><body><header><a href="/">Network</a><nav aria-label="Main"><ul>
{% for href, label in nav %}<li><a href="{{ href }}"{% if href == here %} aria-current="page"{% endif %}>{{ label }}</a></li>{% endfor %}</ul></nav>
<form action="/search" role="search"><label for="q">Search</label><input id="q" name="q" type="search"><button>Go</button></form>
<a href="/me">{{ me.name }}</a> <a href="/me/notices">{{ unread }} new</a></header><main id="main">{% block main %}{% endblock %}</main></body></html>"""
LIST = """{% extends "base" %}{% block title %}{{ group.name }}{% endblock %}{% block main %}<h1>{{ group.name }}</h1><p>{{ group.about }}</p><ol>{% for t in topics %}
<li id="t{{ t.id }}"><article><h2><a href="/t/{{ t.id }}">{{ t.title }}</a></h2><p class="excerpt">{{ t.excerpt }}</p><p class="by">by
<a href="/m/{{ t.author_id }}">{{ t.author_name or t.author.name }}</a> · <time datetime="{{ t.last_at }}">{{ t.last_at }}</time> ·
<a href="/t/{{ t.id }}#replies">{{ t.replies }} replies</a> · <button hx-post="/t/{{ t.id }}/follow">Follow</button></p></article></li>{% endfor %}</ol>{% endblock %}"""
TOPIC = """{% extends "base" %}{% block title %}{{ topic.title }}{% endblock %}{% block main %}<h1>{{ topic.title }}</h1><ol>{% for p in posts %}
<li id="p{{ p.id }}"><article><p class="by"><a href="/m/{{ p.author_id }}">{{ p.author_name }}</a> · <time datetime="{{ p.created_at }}">{{ p.created_at }}</time></p>
<p>{{ p.body }}</p><p><a href="#reply">Reply</a> <button hx-post="/p/{{ p.id }}/thank">Thank</button> <a href="/p/{{ p.id }}/report">Report</a></p></article></li>{% endfor %}</ol>
<form id="reply" method="post" action="/reply/{{ topic.id }}"><label for="b">Your reply</label><textarea id="b" name="text"></textarea><button>Send</button></form>{% endblock %}"""
NAV = [("/groups", "Groups"), ("/stories", "Stories"), ("/services", "Services"), ("/mentoring", "Mentoring"), ("/help", "Help")]


class Base(SQLModel, registry=registry()):
    """Tables of their own, also beside the project's in one process."""


class Member(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    name: str


class Grp(Base, table=True):
    id: int | None = Field(default=None, primary_key=True)
    slug: str = Field(unique=True)
    name: str
    about: str


class Topic(Base, table=True):
    __table_args__ = (Index("ix_topic_list", "group_id", "last_at", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    group_id: int = Field(foreign_key="grp.id")
    author_id: int = Field(foreign_key="member.id")
    title: str
    excerpt: str
    replies: int
    last_at: datetime
    author: Member = Relationship()


class Post(Base, table=True):
    __table_args__ = (Index("ix_post_topic", "topic_id", "id"),)
    id: int | None = Field(default=None, primary_key=True)
    topic_id: int = Field(foreign_key="topic.id")
    author_id: int = Field(foreign_key="member.id")
    body: str
    created_at: datetime


class Login(Base, table=True):
    token: str = Field(primary_key=True)
    member_id: int = Field(foreign_key="member.id")
    expires_at: datetime


class Notice(Base, table=True):
    __table_args__ = (Index("ix_notice", "member_id", "seen"),)
    id: int | None = Field(default=None, primary_key=True)
    member_id: int
    seen: bool


def open_database(path: str):
    engine = create_engine(f"sqlite:///{path}", poolclass=QueuePool, pool_size=8, connect_args={"check_same_thread": False})

    @event.listens_for(engine, "connect")
    def pragmas(connection, _record) -> None:
        for p in ("journal_mode=WAL", "synchronous=NORMAL", "mmap_size=268435456", "cache_size=-65536"):
            connection.execute(f"PRAGMA {p}")

    return engine


def fill(engine, members: int = 100_000, topics: int = 10_000) -> None:
    rnd = random.Random(7)
    word = ["".join(rnd.choice("bcdfgklmnprstv") + rnd.choice("aeiou") for _ in range(rnd.randint(1, 4))) for _ in range(5000)]
    words = lambda n: " ".join(rnd.choices(word, k=n))  # noqa: E731
    start = datetime(2026, 1, 1, tzinfo=UTC)
    Base.metadata.create_all(engine)
    with engine.begin() as c:

        def put(table, rows) -> None:
            rows = list(rows)
            for i in range(0, len(rows), 5000):
                c.execute(insert(table), rows[i : i + 5000])

        put(Member, ({"id": i, "name": words(2).title()} for i in range(1, members + 1)))
        put(Grp, ({"id": i, "slug": f"g{i}", "name": words(3), "about": words(30)} for i in range(1, 51)))
        put(
            Topic,
            (
                {
                    "id": i,
                    "group_id": i % 50 + 1,
                    "author_id": rnd.randint(1, members),
                    "title": words(7),
                    "excerpt": words(22),
                    "replies": 10,
                    "last_at": start + timedelta(minutes=i * 3),
                }
                for i in range(1, topics + 1)
            ),
        )
        put(
            Post,
            (
                {
                    "topic_id": i,
                    "author_id": rnd.randint(1, members),
                    "body": words(60),
                    "created_at": start + timedelta(minutes=i * 3 + k),
                }
                for i in range(1, topics + 1)
                for k in range(20 if i <= 100 else 11)
            ),
        )
        put(Login, [{"token": "anchor", "member_id": 42, "expires_at": datetime(2100, 1, 1, tzinfo=UTC)}])
        put(Notice, ({"member_id": rnd.randint(1, members), "seen": bool(i % 3)} for i in range(200_000)))
        c.exec_driver_sql("ANALYZE")


TIME = Login.__table__.c.expires_at.type
WHO = (
    select(Member.id, Member.name)
    .join(Login, Login.member_id == Member.id)
    .where(Login.token == bindparam("token"), Login.expires_at > bindparam("now", type_=TIME))
)
GROUP = select(Grp.id, Grp.slug, Grp.name, Grp.about).where(Grp.slug == bindparam("slug"))
TOPICS = (
    select(Topic.id, Topic.title, Topic.excerpt, Topic.replies, Topic.last_at, Topic.author_id, Member.name.label("author_name"))
    .join(Member, Member.id == Topic.author_id)
    .where(Topic.group_id == bindparam("group"))
    .order_by(Topic.last_at.desc(), Topic.id.desc())
    .limit(20)
)
UNREAD = select(func.count()).select_from(Notice).where(Notice.member_id == bindparam("me"), Notice.seen == False)  # noqa: E712
ONE = select(Topic.id, Topic.title, Grp.slug).join(Grp, Grp.id == Topic.group_id).where(Topic.id == bindparam("topic"))
POSTS = (
    select(Post.id, Post.body, Post.created_at, Post.author_id, Member.name.label("author_name"))
    .join(Member, Member.id == Post.author_id)
    .where(Post.topic_id == bindparam("topic"))
    .order_by(Post.id)
    .limit(20)
)
ADD = insert(Post.__table__)
TOUCH = (
    update(Topic.__table__)
    .where(Topic.__table__.c.id == bindparam("topic"))
    .values(replies=Topic.__table__.c.replies + 1, last_at=bindparam("now", type_=TIME))
)


def build(engine) -> FastAPI:
    app = FastAPI(openapi_url=None)
    env = Environment(loader=DictLoader({"base": BASE, "list": LIST, "topic": TOPIC}), autoescape=True, auto_reload=False)
    env.globals["nav"] = NAV
    lists, topics = env.get_template("list"), env.get_template("topic")
    now = lambda: datetime.now(UTC)  # noqa: E731

    def who(c):
        return c.execute(WHO, {"token": "anchor", "now": now()}).first()

    with engine.connect() as c:
        still = {
            "here": "/groups",
            "me": who(c),
            "unread": 3,
            "group": c.execute(GROUP, {"slug": "g1"}).first(),
            "topics": c.execute(TOPICS, {"group": 1}).all(),
        }

    @app.get("/hello")
    async def hello() -> Response:
        return PlainTextResponse("hello")

    @app.get("/page")
    async def page() -> Response:
        return HTMLResponse(lists.render(still))

    @app.get("/list/{group}")
    async def topic_list(group: int) -> Response:
        with engine.connect() as c:
            me, g = who(c), c.execute(GROUP, {"slug": f"g{group}"}).first()
            return HTMLResponse(
                lists.render(
                    here="/groups",
                    me=me,
                    group=g,
                    topics=c.execute(TOPICS, {"group": g.id}).all(),
                    unread=c.execute(UNREAD, {"me": me.id}).scalar(),
                )
            )

    @app.get("/topic/{topic}")
    async def one_topic(topic: int) -> Response:
        with engine.connect() as c:
            me, t = who(c), c.execute(ONE, {"topic": topic}).first()
            return HTMLResponse(
                topics.render(
                    here="/groups",
                    me=me,
                    topic=t,
                    posts=c.execute(POSTS, {"topic": topic}).all(),
                    unread=c.execute(UNREAD, {"me": me.id}).scalar(),
                )
            )

    @app.get("/naive/{group}")
    def naive(group: int) -> Response:
        with Session(engine) as s:
            login = s.exec(select(Login).where(Login.token == "anchor", Login.expires_at > now())).one()
            me, g = s.get(Member, login.member_id), s.exec(select(Grp).where(Grp.slug == f"g{group}")).one()
            rows = s.exec(
                select(Topic)
                .options(joinedload(Topic.author))
                .where(Topic.group_id == g.id)
                .order_by(Topic.last_at.desc(), Topic.id.desc())
                .limit(20)
            ).all()
            unread = s.exec(select(func.count()).select_from(Notice).where(Notice.member_id == me.id, Notice.seen == False)).one()  # noqa: E712
            return HTMLResponse(lists.render(here="/groups", me=me, group=g, topics=rows, unread=unread))

    @app.post("/reply/{topic}")
    async def reply(topic: int, text: str = Form()) -> Response:
        with engine.begin() as c:
            when = now()
            c.execute(ADD, {"topic_id": topic, "author_id": who(c).id, "body": text, "created_at": when})
            c.execute(TOUCH, {"topic": topic, "now": when})
        return Response(status_code=303, headers={"location": f"/topic/{topic}"})

    return app


if __name__ == "__main__":
    p = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    p.add_argument("--db", required=True)
    p.add_argument("--port", type=int, default=9100)
    a = p.parse_args()
    if not Path(a.db).exists():
        making = open_database(f"{a.db}.part")
        fill(making)
        making.dispose()
        Path(f"{a.db}.part").rename(a.db)
    database = open_database(a.db)
    uvicorn.run(build(database), host="127.0.0.1", port=a.port, log_level="warning", access_log=False)
