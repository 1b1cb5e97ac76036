"""Somebody else's things do not exist (A14): with another's reference every address answers as with one that was never given."""

import re
from collections.abc import Callable
from datetime import timedelta
from uuid import uuid4

import pytest

from app.core.clock import now
from app.core.ids import new_ref
from app.models.accounts import Export, Member, Passkey, Role, SignIn
from app.models.stories import Audience, Story, StoryStatus
from tests.architecture.people import Network
from tests.architecture.routes import Route, routes
from tests.browse import Browser
from tests.factories import Make

VARYING = re.compile(r'name="(?:csrf|once)" value="[^"]*"|\b[A-Z0-9]{6}\b(?=</p>)|next=[^"&]*')
WITH_REF = [r for r in routes() if "{ref}" in r.path]
# Whose story somebody else may not even know of.
HIDDEN = {
    "draft": {"status": StoryStatus.DRAFT, "audience": Audience.ONLY_ME},
    "submitted": {"status": StoryStatus.SUBMITTED, "audience": Audience.EVERYONE},
    "in review": {"status": StoryStatus.IN_REVIEW, "audience": Audience.EVERYONE},
    "approved": {"status": StoryStatus.APPROVED, "audience": Audience.EVERYONE},
    "declined": {"status": StoryStatus.DECLINED, "audience": Audience.EVERYONE},
    "taken back before anybody saw it": {"status": StoryStatus.TAKEN_BACK, "audience": Audience.EVERYONE},
    "only me": {"status": StoryStatus.PUBLISHED, "audience": Audience.ONLY_ME},
}


@pytest.fixture
def network(make: Make, browse: Callable[..., Browser]) -> Network:
    """The people."""
    return Network(make, browse).fill()


def _same(text: str, *refs: str) -> str:
    for ref in refs:
        text = text.replace(ref, "REF")
    return VARYING.sub("", text)


def _ask(browser: Browser, route: Route, address: str) -> tuple[int, dict[str, str], str]:
    answer = browser.get(address) if route.method == "GET" else browser.post(address)
    kept = {k: v for k, v in answer.headers.items() if k not in ("date", "content-length", "location", "set-cookie")}
    return answer.status_code, kept, answer.text + answer.headers.get("location", "")


def _fill(path: str, ref: str, media: str) -> str:
    fill = {
        "ref": ref, "media_ref": media, "kind": "story", "ending": "webp", "step": "write", "way": "pause", "purpose": "radio",
        "language": "fr", "answer": "no", "service_id": str(uuid4()), "topic_ref": ref, "post_ref": ref,
        "meeting_ref": ref, "entry_ref": ref, "election_ref": ref, "question_ref": ref,
        "listing": ref, "side": "ask", "part": "needs",
        "call_ref": ref, "ask_ref": ref, "joint_ref": ref,
    }  # fmt: skip
    for name, value in fill.items():
        path = path.replace(f"{{{name}}}", value)
    return path


@pytest.mark.parametrize(
    ("who", "state"), [*(("other member", state) for state in HIDDEN), ("guest", "draft"), ("organiser", "submitted")]
)
def test_a_hidden_story_is_like_none(network: Network, who: str, state: str) -> None:
    story = network.make.story(by=network.people["member"], **HIDDEN[state])
    media = network.story(network.people["member"], "/voice")[1]
    network.make.commit()
    browser = network.browser(who)
    told = []
    for route in WITH_REF:
        never, nothing = new_ref(), new_ref()
        real = _ask(browser, route, _fill(route.path, story.ref, media))
        none = _ask(browser, route, _fill(route.path, never, nothing))
        if (real[0], real[1], _same(real[2], story.ref, media)) != (none[0], none[1], _same(none[2], never, nothing)):
            told.append((route.method, route.path, real[0], none[0]))
        assert real[0] in (303, 401, 404, 422), (route, real[0])
    assert told == []
    assert len(WITH_REF) > 40


@pytest.mark.parametrize("who", ["member", "coordinator", "safeguarding"])
def test_a_case_about_oneself_does_not_exist(network: Network, who: str) -> None:
    story, _media = network.story(network.people[who])
    ref, browser = network.case(story), network.browser(who)
    network.browser("coordinator")
    for route in (r for r in WITH_REF if r.path.startswith("/desk/cases")):
        never = new_ref()
        real = _ask(browser, route, route.path.replace("{ref}", ref))
        none = _ask(browser, route, route.path.replace("{ref}", never))
        assert real[0] == 404, route.path
        assert _same(real[2], ref) == _same(none[2], never), route.path


def test_a_case_about_somebody_else_exists_for_those_who_work_on_it(network: Network) -> None:
    """The test above would pass as well if nobody could open a case."""
    story, _media = network.story(network.people["member"])
    ref = network.case(story)
    assert network.browser("coordinator").get(f"/desk/cases/{ref}").status_code == 200


def _rows(member: Member) -> dict[str, object]:
    later = now() + timedelta(minutes=30)
    return {
        "/me/sessions/end": SignIn(
            token_hash=new_ref(), member_id=member.id, since=now(), seen_at=now(), idle_until=later, ends_at=later, proven_at=now()
        ),
        "/me/passkeys/remove": Passkey(member_id=member.id, credential_id=new_ref(), public_key=b"k", added_on=now().date()),
    }  # fmt: skip


@pytest.mark.parametrize("address", ["/me/sessions/end", "/me/passkeys/remove"])
def test_a_row_of_somebody_else_is_not_touched(network: Network, address: str) -> None:
    row = _rows(network.people["member"])[address]
    network.make.db.add(row)
    network.make.commit()
    browser = network.browser("other member")
    foreign, none = browser.post(address, {"id": str(row.id)}), browser.post(address, {"id": str(uuid4())})  # type: ignore[attr-defined]
    assert foreign.status_code == none.status_code == 404
    assert _same(foreign.text) == _same(none.text)
    network.make.db.expire_all()
    assert network.make.db.get(type(row), row.id) is not None  # type: ignore[attr-defined]
    own = network.browser("member").post(address, {"id": str(row.id)})  # type: ignore[attr-defined]
    assert own.status_code == (404 if address == "/me/sessions/end" else 303)  # signing in anew ended that session already


def test_a_copy_of_somebody_elses_data_cannot_be_fetched(network: Network) -> None:
    later = now() + timedelta(hours=5)
    network.make.db.add(
        Export(member_id=network.people["member"].id, asked_at=now(), file_name="x.zip", ready_at=now(), ends_at=later)
    )
    network.make.commit()
    other = network.browser("other member").get("/me/data/file")
    assert other.status_code == 404


def test_a_role_that_ended_yesterday_opens_nothing(network: Network) -> None:
    """ASVS 8.3.2: the browser stays signed in, the next request is refused."""
    browser = network.browser("coordinator")
    assert browser.get("/desk").status_code == 200
    from sqlmodel import select

    from app.models.accounts import RoleGrant

    grant = network.make.db.exec(select(RoleGrant).where(RoleGrant.member_id == network.people["coordinator"].id)).one()
    grant.ended_on = now().date()
    network.make.db.add(grant)
    network.make.commit()
    assert browser.get("/desk").status_code == 404


def test_hiding_a_button_is_not_the_guard(network: Network) -> None:
    """ASVS 8.3.1: forms that nobody showed are refused as well."""
    listing, before = network.service, network.browser("other member")
    assert before.post(f"/desk/listings/{listing}/end").status_code == 404
    assert (
        before.post(
            "/desk/people/roles", {"name": "Person other member", "role": Role.COORDINATOR.value, "until": "2026-12-20"}
        ).status_code
        == 404
    )
    assert before.get(f"/help/{listing}").status_code == 200
    story: Story = network.make.story(by=network.people["member"])
    network.make.commit()
    assert before.post(f"/my/stories/{story.ref}/take-back").status_code == 404
    assert before.get(f"/stories/{story.ref}").status_code == 200
