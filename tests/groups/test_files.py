"""Voices and pictures in the talk: sent with words, for whoever reads the post, gone with it; hostile files; the desk."""

from collections.abc import Callable
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import select

from app.domain.groups import files, rules, standing, talking
from app.domain.media import keeping
from app.domain.media.pictures import Picture
from app.domain.media.voice import Voice
from app.domain.moderation import posts
from app.domain.upkeep import leftovers
from app.jobs import retention
from app.models.accounts import Member, MemberStatus, Role
from app.models.engine import AuditEvent
from app.models.groups import GroupMember, GroupState, Post, PostFile, PostState, Topic
from app.models.moderation import Case
from app.models.stories import MediaKind
from app.routers import group_files
from app.web.limits import Limit
from tests.browse import Browser, text_of
from tests.groups.conftest import Circle
from tests.groups.test_talk import SCAM
from tests.media import hostile

HTML = b"<!doctype html><script>alert(1)</script>"
PICTURE = Picture(b"RIFF1234WEBPwhole", b"\xff\xd8\xffjpeg", b"RIFF1234WEBPsmall", 1280, 960)
VOICE = Voice(b"OggS" + bytes(range(96)), b"\xffmp3", 75.4)
WORDS = {"body": "The blue door beside the bakery.", "language": "en", "faces": "none"}


@pytest.fixture
def ready(monkeypatch: pytest.MonkeyPatch) -> None:
    """Files are not made anew: what that does is tested with real ones."""
    monkeypatch.setattr(group_files, "make_picture", lambda _data: PICTURE)
    monkeypatch.setattr(group_files, "make_voice", lambda _data, short: VOICE)


@pytest.fixture
def topic(circle: Circle) -> Topic:
    """A topic in which Omar has written enough to be known."""
    found = circle.make.topic(circle.group, circle.awa)
    for n in range(rules.NEWCOMER_POSTS):
        circle.make.post(found, circle.omar, f"Words {n}")
    circle.make.commit()
    return found


def _send(circle: Circle, member: Member, topic: Topic, kind: str = "picture", data: bytes = b"x", **form: str) -> Any:
    path = f"{circle.path}/t/{topic.ref}/{kind}"
    return circle.browse(member).post(path, {**WORDS, **form}, files={kind: ("file.jpg", data)})


def _last(circle: Circle) -> Post:
    return circle.all(select(Post).order_by(Post.id.desc()))[0]  # type: ignore[attr-defined,no-any-return]


def _kept() -> set[str]:
    return leftovers.there(keeping.store())


def _keep(circle: Circle, post: Post, kind: MediaKind = MediaKind.PICTURE) -> PostFile:
    put = keeping.put_picture(circle.make.db, PICTURE) if kind == MediaKind.PICTURE else keeping.put_voice(circle.make.db, VOICE)
    row = PostFile(post_id=post.id, kind=kind, files=put, width=1280, height=960)
    circle.make.db.add(row)
    circle.make.commit()
    return row


def test_a_picture_is_seen_by_whoever_reads_the_post_until_it_is_deleted(circle: Circle, topic: Topic) -> None:
    omar, awa = circle.browse(circle.omar), circle.browse(circle.awa)
    assert f'href="{circle.path}/t/{topic.ref}/picture"' in omar.get(f"{circle.path}/t/{topic.ref}").text
    assert "A person sees or hears it first." not in omar.get(f"{circle.path}/t/{topic.ref}/picture").text
    assert _send(circle, circle.omar, topic, data=hostile.marked_jpeg()).status_code == 303
    post = _last(circle)
    at = f"{circle.path}/p/{post.ref}"
    assert (
        f'<img src="{at}/file.thumb" alt="{WORDS["body"]}" width="320" height="240" loading="lazy"'
        in awa.get(f"{circle.path}/t/{topic.ref}").text
    )
    assert f'srcset="{at}/file.webp"' in awa.get(at).text
    for part, kind in (("webp", "image/webp"), ("jpg", "image/jpeg"), ("thumb", "image/webp")):
        answer = awa.get(f"{at}/file.{part}")
        assert (answer.status_code, answer.headers["content-type"]) == (200, kind)
        assert (answer.headers["x-content-type-options"], answer.headers["cache-control"]) == ("nosniff", "private, no-store")
        assert answer.headers["content-security-policy"] == "default-src 'none'; sandbox"
        assert hostile.CANARY not in answer.content
    assert awa.get(f"{at}/file.opus").status_code == 404
    assert circle.browse(circle.lina).get(f"{at}/file.webp").status_code == 404
    assert circle.browse().get(f"{at}/file.webp").status_code in (303, 401)
    other = circle.make.group(by=circle.awa)
    circle.make.commit()
    assert awa.get(f"/g/{other.ref}/p/{post.ref}/file.webp").status_code == 404
    assert len(_kept()) == 3
    omar.send(f"{at}/delete")
    assert [reader.get(f"{at}/file.{part}").status_code for reader in (omar, awa) for part in ("webp", "thumb")] == [404] * 4
    assert "<img" not in awa.get(f"{circle.path}/t/{topic.ref}").text
    assert (_kept(), circle.all(select(PostFile))) == (set(), [])


def test_a_voice_is_heard_from_anywhere_in_it(circle: Circle, topic: Topic, ready: None) -> None:
    assert "microphone=(self)" in circle.browse(circle.omar).get(f"{circle.path}/t/{topic.ref}/voice").headers["permissions-policy"]
    answered = circle.all(select(Post).where(Post.author_id == circle.awa.id))[0]
    page = circle.browse(circle.omar).get(f"{circle.path}/t/{topic.ref}/voice?quote={answered.ref}")
    assert f'name="quote" value="{answered.ref}"' in page.text
    _send(circle, circle.omar, topic, "voice", quote=answered.ref)
    awa, at = circle.browse(circle.awa), f"{circle.path}/p/{_last(circle).ref}"
    page = awa.get(f"{circle.path}/t/{topic.ref}")
    assert "<blockquote>" in page.text
    assert 'preload="none"' in page.text
    assert "1:15 · 1 kB" in text_of(page)
    part = awa.get(f"{at}/file.opus", headers={"Range": "bytes=4-7"})
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, b"\0\1\2\3", "bytes 4-7/100")
    assert awa.get(f"{at}/file.opus", headers={"Range": "bytes=500-"}).status_code == 416
    assert "blue door" in awa.get(f"{circle.path}/search", params={"q": "bakery"}).text


def test_hostile_and_wrong_files_are_refused_and_no_word_is_lost(circle: Circle, topic: Topic) -> None:
    def refused(kind: str, data: bytes, sentence: str, status: int = 422, **form: str) -> None:
        answer = _send(circle, circle.omar, topic, kind, data, **form)
        assert answer.status_code == status, sentence
        assert sentence in text_of(answer)
        assert form.get("body", "The blue door beside the bakery.") in answer.text

    refused("picture", HTML, "We cannot open this as a picture.")
    refused("picture", hostile.png_bomb(6_000, 6_000), "too many points")
    refused("voice", hostile.quiet_wav(180), "longer than two minutes")
    refused("voice", HTML, "We cannot open this as a recording.")
    refused("picture", b"", "Choose a picture.")
    refused("picture", b"x", "Write what it shows.", body=" ")
    refused("voice", b"x", "Not everybody can listen.", body=" ")
    refused("picture", b"x", "Then better leave this picture out.", faces="unsure")
    refused("picture", b"\xff" * 9_000_000, "Up to 8 MB works.")
    many = [("picture", (f"{n}.jpg", b"x")) for n in range(40)]
    answer = circle.browse(circle.omar).post(f"{circle.path}/t/{topic.ref}/picture", WORDS, files=many)
    assert answer.status_code == 422
    assert "Send one at a time." in text_of(answer)
    assert "The blue door beside the bakery." in answer.text
    assert (_kept(), circle.all(select(PostFile)), _last(circle).body) == (set(), [], "Words 2")


def test_only_members_send_and_not_without_end(circle: Circle, topic: Topic, ready: None, monkeypatch: pytest.MonkeyPatch) -> None:
    assert [_send(circle, circle.lina, topic, kind).status_code for kind in ("picture", "voice")] == [404, 404]
    circle.omar.status = MemberStatus.PAUSED
    circle.make.commit()
    assert _send(circle, circle.omar, topic).status_code == 403
    circle.omar.status = MemberStatus.ACTIVE
    circle.make.commit()
    monkeypatch.setattr(group_files, "TALK_FILE_MEMBER", Limit("talk-file", 1, 86_400))
    assert _send(circle, circle.omar, topic).status_code == 303
    more = _send(circle, circle.omar, topic)
    assert more.status_code == 429
    assert "a lot of files" in text_of(more)
    assert WORDS["body"] in more.text
    gone = _send(circle, circle.awa, topic, quote="2" * 12)
    assert gone.status_code == 422
    assert WORDS["body"] in gone.text
    assert len(_kept()) == 3  # of the one that was taken


def test_a_newcomers_file_waits_for_a_person_who_looks(circle: Circle, topic: Topic, ready: None) -> None:
    circle.make.seat(circle.group, circle.lina)
    worker = circle.make.member("Open Door", Role.COORDINATOR)
    circle.make.role(circle.lina, Role.COORDINATOR)
    circle.make.commit()
    lina, awa, desk = circle.browse(circle.lina), circle.browse(circle.awa), circle.browse(worker)
    assert "A person sees or hears it first." in lina.get(f"{circle.path}/t/{topic.ref}/picture").text
    _send(circle, circle.lina, topic)
    post, case = _last(circle), circle.one(select(Case))
    at, of_case = f"{circle.path}/p/{post.ref}/file.webp", f"/desk/cases/{case.ref}"
    assert (post.state, post.number) == (PostState.HELD, None)
    assert [one.get(at).status_code for one in (lina, awa, desk)] == [200, 404, 404]
    assert "a picture that nobody has seen yet" in text_of(desk.get("/desk"))
    lina.send(f"{circle.path}/p/{post.ref}", {"body": "The blue door."})  # other words: the picture has still been seen by nobody
    assert circle.fresh(case).findings == {"picture": 1}
    assert desk.post(f"{of_case}/file").status_code == 404  # not opened
    desk.send(f"{of_case}/open")
    assert "Look at the picture in it" in desk.get(of_case).text
    assert desk.get(f"{of_case}/file").headers["location"] == of_case  # nobody said that they look
    assert desk.get(f"{of_case}/file.webp?look={'0' * 32}").status_code == 404
    page = desk.send(f"{of_case}/file")
    assert '<details class="veil">' in page.text
    address = page.text.split('srcset="')[1].split('"')[0].replace("&amp;", "&")
    assert desk.get(address).content == PICTURE.webp
    assert [one.get(address).status_code for one in (lina, awa)] == [404, 404]
    looks = select(AuditEvent).where(AuditEvent.verb == "case.file_looked")
    assert [row.subject_id for row in circle.all(looks)] == [case.id]
    form = {"outcome": "publish", "row_version": str(circle.fresh(case).row_version), "step": "send", "words": "", "rule": ""}
    assert desk.post(f"{of_case}/decision", form).status_code == 303
    assert [one.get(at).status_code for one in (lina, awa, desk)] == [200, 200, 404]
    assert desk.get(address).status_code == 404  # decided: it is open to nobody at the desk


@pytest.mark.parametrize(
    ("post", "author", "group", "seated", "reads", "writer"),
    [
        (PostState.SHOWN, MemberStatus.ACTIVE, GroupState.SHOWN, True, True, True),
        (PostState.HELD, MemberStatus.ACTIVE, GroupState.SHOWN, True, False, True),
        (PostState.REFUSED, MemberStatus.ACTIVE, GroupState.SHOWN, True, False, True),
        (PostState.HIDDEN, MemberStatus.ACTIVE, GroupState.SHOWN, True, False, True),
        (PostState.DELETED, MemberStatus.ACTIVE, GroupState.SHOWN, True, False, False),
        (PostState.SHOWN, MemberStatus.PAUSED, GroupState.SHOWN, True, False, True),
        (PostState.SHOWN, MemberStatus.SUSPENDED, GroupState.SHOWN, True, False, True),
        (PostState.SHOWN, MemberStatus.ACTIVE, GroupState.HIDDEN, True, False, False),
        (PostState.SHOWN, MemberStatus.ACTIVE, GroupState.CLOSED, True, False, False),
        (PostState.SHOWN, MemberStatus.ACTIVE, GroupState.SHOWN, False, False, True),
    ],
)
def test_who_is_served_is_who_reads_the_post(
    circle: Circle, topic: Topic, post: PostState, author: MemberStatus, group: GroupState, seated: bool, reads: bool, writer: bool
) -> None:
    db, reader = circle.make.db, circle.make.member("Sami Reed")
    if seated:
        circle.make.seat(circle.group, reader)
    said = circle.make.post(topic, circle.omar, "A picture", state=post)
    db.add(PostFile(post_id=said.id, kind=MediaKind.PICTURE, files={"webp": {"name": "x", "bytes": 1}}))
    circle.omar.status, circle.group.state = author, group
    db.flush()
    connection, at = db.connection(), (circle.group.ref, said.ref)
    assert (files.served(connection, circle.act(reader), *at) is not None) == reads
    assert (files.served(connection, circle.act(circle.omar), *at) is not None) == writer
    assert files.served(connection, circle.act(circle.lina), *at) is None
    db.rollback()


def test_whoever_leaves_takes_their_voice_along_and_the_words_stay(circle: Circle, topic: Topic) -> None:
    post = circle.make.post(topic, circle.omar, "What I say in it.")
    _keep(circle, post, MediaKind.VOICE)
    awa = circle.browse(circle.awa)
    assert "<audio" in awa.get(f"{circle.path}/t/{topic.ref}").text
    circle.browse(circle.omar).send(f"{circle.path}/leave", {"words": "stay"})
    page = awa.get(f"{circle.path}/t/{topic.ref}").text
    assert "What I say in it." in page
    assert "<audio" not in page
    assert (_kept(), circle.all(select(PostFile))) == (set(), [])


@pytest.mark.parametrize("how", ["deletes", "leaves", "account"])
def test_a_flagged_file_waits_for_its_decision_and_nobody_else_reads_it(circle: Circle, topic: Topic, how: str) -> None:
    post, worker = circle.make.post(topic, circle.omar, "What it shows."), circle.make.member("Open Door", Role.COORDINATOR)
    _keep(circle, post)
    awa, at = circle.browse(circle.awa), f"{circle.path}/p/{post.ref}"
    awa.send(f"/flag/post/{post.ref}", {"reason": "other", "note": "Look."})
    if how == "account":
        standing.purge(circle.make.db, circle.omar.id)
        circle.make.commit()
    else:
        circle.browse(circle.omar).send(
            *((f"{at}/delete", {}) if how == "deletes" else (f"{circle.path}/leave", {"words": "stay"}))
        )
    file = circle.one(select(PostFile))
    assert (file.aside, len(_kept())) == (True, 3)
    assert awa.get(f"{at}/file.webp").status_code == 404
    assert "file.thumb" not in awa.get(f"{circle.path}/t/{topic.ref}").text
    files.forget_decided(circle.make.db)
    case, desk = circle.one(select(Case)), circle.browse(worker)
    desk.send(f"/desk/cases/{case.ref}/open")
    page = desk.send(f"/desk/cases/{case.ref}/file")
    assert '<details class="veil">' in page.text
    form = {"outcome": "keep", "row_version": str(circle.fresh(case).row_version), "step": "send", "words": "", "rule": ""}
    assert desk.post(f"/desk/cases/{case.ref}/decision", form).status_code == 303
    files.forget_decided(circle.make.db)
    circle.make.commit()
    assert (_kept(), circle.all(select(PostFile))) == (set(), [])


def test_an_account_that_ends_leaves_no_file_and_its_copy_holds_them_before(circle: Circle, topic: Topic) -> None:
    post = circle.make.post(topic, circle.omar, "What it shows.")
    names = {name.rsplit("/", 1)[-1] for name in keeping.names(_keep(circle, post).files)}
    told = standing.export(circle.make.db, circle.omar.id)["what I wrote in groups"]
    assert [set(one["files"]) for one in told if one["files"]] == [names]
    standing.purge(circle.make.db, circle.omar.id)
    assert len(_kept()) == 3  # not before it is sure
    circle.make.commit()
    assert (_kept(), circle.all(select(PostFile))) == (set(), [])


def test_files_follow_what_becomes_of_the_transaction(circle: Circle, topic: Topic) -> None:
    db = circle.make.db
    row = _keep(circle, circle.make.post(topic, circle.omar, "Stays"))
    for tried in (db.get_transaction, db.begin_nested):  # all of it, and a part that was only tried, as the preview of a decision
        db.connection()
        part = tried()
        files.forget(db, sa.select(Post.id))
        keeping.put_picture(db, PICTURE)
        part.rollback()
        db.commit()
        assert _kept() == set(keeping.names(circle.fresh(row).files))
    with db.begin_nested():
        keeping.put_picture(db, PICTURE)
    with db.begin_nested():
        files.forget(db, sa.select(Post.id))
    db.rollback()  # a savepoint that was released is not the end
    assert _kept() == set(keeping.names(circle.fresh(row).files))


def test_files_that_belong_to_nothing_go_once_they_are_old(circle: Circle, topic: Topic, database: Any, settings: Any) -> None:
    names = set(keeping.names(_keep(circle, circle.make.post(topic, circle.omar)).files))
    left = keeping.store().put(b"of nobody", ".mp3")
    assert leftovers.clear(database, keeping.store()) == 0  # its row may come yet
    assert leftovers.clear(database, keeping.store(), older_than=0) == 1
    assert _kept() == names
    assert left not in names
    retention.run(database, settings)
    assert _kept() == names


@pytest.mark.parametrize("items", [1, 3])
def test_a_page_of_voices_and_pictures_costs_what_one_of_words_does(
    circle: Circle, topic: Topic, count_queries: Callable[[], Any], app: Any, items: int
) -> None:
    for n in range(items):
        post = circle.make.post(topic, circle.awa, f"Shown {n}")
        _keep(circle, post, list(MediaKind)[n % 2])
    omar: Browser = circle.browse(circle.omar)
    wanted = {f"{circle.path}/t/{topic.ref}": 3, f"{circle.path}/p/{post.ref}/file.{'opus' if items else 'webp'}": 2}
    for path, statements in wanted.items():
        omar.get(path)
        with count_queries(app.state.house.database.read_engine, app.state.house.database.write_engine) as seen:
            assert omar.get(path).status_code == 200
        assert len(seen) == statements, (path, seen)


def test_a_voice_that_is_held_for_its_words_and_for_itself_says_both(circle: Circle, topic: Topic) -> None:
    there = talking.Where(circle.group.id, circle.group.ref, topic.id, topic.ref, rules.Seat(circle.one(
        select(GroupMember).where(GroupMember.member_id == circle.awa.id)
    ).role))  # fmt: skip
    wish = files.WritePost(body=SCAM, language="en")
    sent = files.send_voice(circle.make.db, circle.act(circle.awa), there, wish, VOICE)
    circle.make.commit()
    assert sent.held
    assert circle.one(select(Case)).findings.keys() > {"voice"}
    assert posts.contents(circle.make.db, circle.one(select(Case))).file == "voice"  # type: ignore[union-attr]
