"""The demo's stories go the way that people's stories go: a second reader's decision stands behind each that is shown."""

import pytest
from sqlmodel import select

from app.domain import wiring
from app.jobs import demo_content
from app.models.directory import ServiceFacts
from app.models.directory_parts import Schedule
from app.models.moderation import Case, CaseKind, CaseState, Decision, Outcome
from app.models.places import Area
from app.models.stories import Story, StoryService, StoryStatus, StoryText


@pytest.fixture(autouse=True)
def connected():
    """Stories that are sent open cases only where the features were connected, as every command does first."""
    wiring.connect()


def told(db, status, **changes):
    """Tell the first story of the content that has this status and needs no sound; return it and its case."""
    contents = demo_content.read("stories")["stories"]
    content = next(c for c in contents if c["status"] == status and not c.get("audio"))
    demo_content._tell(db, {**content, **changes}, demo_content.areas(db))
    return db.exec(select(Story)).one(), db.exec(select(Case).where(Case.kind == CaseKind.STORY)).one()


def test_a_shown_story_leaves_no_case_waiting(db):
    story, case = told(db, "published")
    assert (story.status, case.state) == (StoryStatus.PUBLISHED, CaseState.CLOSED)
    assert {d.outcome for d in db.exec(select(Decision))} == {Outcome.PUBLISH}


def test_a_change_that_was_asked_for_is_a_decision_with_its_words(db):
    story, case = told(db, "change_asked")
    assert (story.status, case.state) == (StoryStatus.CHANGE_ASKED, CaseState.CLOSED)
    assert db.exec(select(Decision)).one().reason


def test_a_story_under_review_waits_at_the_desk(db):
    story, case = told(db, "in_review")
    assert (story.status, case.state) == (StoryStatus.IN_REVIEW, CaseState.OPEN)


@pytest.mark.parametrize(("stands", "confirmed", "look", "case"), [
    (None, True, "fine", "closed"), ("waiting", True, "waits", "open"), ("offered", False, "waits", None),
])  # fmt: skip
def test_translations_go_the_way_of_everybodys(db, stands, confirmed, look, case):
    words = {"language": "fr", "translator": "Fil Bleu", "title": "Un titre", "what_was_hard": "Rien.", "stands": stands}
    told(db, "published", translations=[words])
    text = db.exec(select(StoryText).where(StoryText.language == "fr")).one()
    assert (text.confirmed, text.second_look, text.named) == (confirmed, look, True)
    cases = db.exec(select(Case).where(Case.kind == CaseKind.TRANSLATION)).all()
    assert [c.state for c in cases] == ([case] if case else [])


def test_a_story_mentions_services_of_its_own_country_only(db, make):
    story, _case = told(db, "published", area="jo-zarqa", needs=["papers"])
    near, far = (make.service(name, area=db.exec(select(Area).where(Area.name == name)).one()) for name in ("Amman", "Gabès"))
    demo_content.link_services(db)
    linked = db.exec(select(StoryService.service_id).where(StoryService.story_id == story.id)).all()
    assert linked == [near.id]
    assert far.id not in linked


def test_old_hours_are_shown_as_on_the_day_of_their_copy(db, make):
    hours = {"freq": "WEEKLY", "byday": "MO", "opens_at": "09:00", "closes_at": "17:00", "valid_from": "2014-01-01"}
    old = make.service("Open house", hours=[{**hours, "valid_to": "2015-12-31"}])
    words = make.service("Open days", hours=[{"description": "Once a month", "valid_to": "2015-12-31"}])
    demo_content.keep_hours(db)
    shown = db.get_one(ServiceFacts, old.id).facts["hours"]
    assert shown == [hours]
    assert db.exec(select(Schedule.valid_to).where(Schedule.service_id == words.id)).one() == "2015-12-31"


def test_groups_of_every_kind_talk_and_only_what_should_wait_waits(db, settings):
    from sqlmodel import col

    from app.core.db import Database
    from app.jobs import demo_groups
    from app.models.accounts import Member
    from app.models.groups import Group, GroupMember, GroupTypology, JoinPolicy, Post, PostState, Visibility

    content, database = demo_content.read("groups")["groups"], Database(settings.database)
    places = demo_content.areas(db)
    db.commit()
    demo_groups.groups(database, places)
    found = db.exec(select(Group)).all()
    assert {g.visibility for g in found} == set(Visibility)
    assert {g.join_policy for g in found} == set(JoinPolicy)
    assert len({g.language for g in found}) >= 6
    steps = {getattr(k, axis) for k in db.exec(select(GroupTypology)) for axis in ("begun_by", "support", "journeys", "structure")}
    assert steps == {"1", "2", "3", "4", "5", "mixed", "unknown"}
    held = db.exec(select(Post.body).where(Post.state == PostState.HELD)).all()
    assert held == [p["words"] for g in content for t in g["topics"] for p in t["posts"] if p.get("held")]
    assert {g.members for g in found} == {len(g["members"]) + 1 for g in content}
    quiet = select(Group.name).join(GroupMember, col(GroupMember.group_id) == Group.id).join(
        Member, col(Member.id) == GroupMember.member_id
    ).where(Member.name == "Quiet River")  # fmt: skip
    assert len(db.exec(quiet).all()) >= 4
    database.dispose()


def test_the_desk_of_the_demo_shows_what_it_can(db, settings):
    from app.core.db import Database
    from app.core.settings import use
    from app.domain.accounts import actions as accounts
    from app.jobs import demo_desk, demo_groups
    from app.models.accounts import Member, Role
    from app.models.evidence import EvidenceCopy
    from app.models.groups import Post, PostState
    from app.models.orders import LegalOrder

    use(settings)
    content, database = demo_content.read("desk"), Database(settings.database)
    for name, role in (demo_desk.SAFEGUARDING, demo_desk.OPERATOR, (demo_content.SECOND_READER, Role.COORDINATOR)):
        accounts.grant_role(db, db.get_one(Member, demo_content.actor_of(db, name).me), role)
    places = demo_content.areas(db)
    db.commit()
    demo_groups.groups(database, places)
    demo_desk.desk(database)
    states = db.exec(select(Post.state).where(Post.state.in_((PostState.HIDDEN, PostState.DELETED)))).all()
    assert sorted(states) == ["deleted", "hidden", "hidden"]
    assert {d.outcome for d in db.exec(select(Decision))} >= {Outcome.HIDE, Outcome.REMOVE, Outcome.NO_TOPICS, Outcome.LIFT}
    assert [one.until is None for one in db.exec(select(EvidenceCopy).order_by(EvidenceCopy.id))] == [False, True]
    assert [one.closed_on is not None for one in db.exec(select(LegalOrder).order_by(LegalOrder.id))] == [
        one["confirmed"] for one in content["orders"]
    ]
    database.dispose()
