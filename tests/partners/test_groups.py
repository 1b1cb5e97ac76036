"""Groups publish services by the same form as partners; a group is named only where everybody finds it and it says so."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import sqlalchemy as sa
from sqlmodel import Session, select

from app.core.errors import NotFound, Refused
from app.domain import wiring
from app.domain.actor import Actor
from app.domain.groups import belonging, deciding, founding
from app.domain.groups.rules import Seat
from app.domain.partners import listings, of_groups, people, publishing, rules
from app.domain.partners.sheets import read_row
from app.domain.partners.typed import to_fill
from app.jobs import erasures
from app.models.accounts import Answer, Erasure, Role
from app.models.directory import Feed, Organization, Service
from app.models.engine import AuditEvent
from app.models.groups import Group, GroupRole, GroupState, Visibility
from app.models.listing_care import ListingSuggestion
from app.models.partners import Partner, PartnerRecord, RecordState
from app.models.places import AreaKind
from app.schemas.groups import ChangeGroup, LeaveGroup
from tests.browse import Browser, text_of
from tests.factories import Make
from tests.partners.conftest import agreed

WISH = {
    "name": "Letters read together", "needs": ["papers"], "town": "Pikine", "street": "Rue 4", "language": "en",
    "description": "We read letters from offices together.", "phone": "+221 33 800 00 00",
}  # fmt: skip
TODAY = date(2026, 11, 20)
LASTS, OVER = date(2027, 1, 1), date(2026, 1, 1)


@pytest.mark.parametrize(
    ("role", "until", "state", "offers", "ends"),
    [
        (GroupRole.ORGANISER, LASTS, GroupState.SHOWN, True, True),
        (GroupRole.ORGANISER, OVER, GroupState.SHOWN, False, False),
        (GroupRole.ORGANISER, LASTS, GroupState.WAITS, False, True),
        (GroupRole.ORGANISER, LASTS, GroupState.HIDDEN, False, True),
        (GroupRole.ORGANISER, LASTS, GroupState.CLOSED, False, False),
        (GroupRole.MEMBER, None, GroupState.SHOWN, False, False),
        (GroupRole.CONTACT, LASTS, GroupState.SHOWN, False, False),
        (None, None, GroupState.SHOWN, False, False),
    ],
)
def test_organisers_offer_while_the_group_is_shown(
    make: Make, role: GroupRole | None, until: date | None, state: GroupState, offers: bool, ends: bool
) -> None:
    member = make.member()
    actor, seat = Actor(member.id, member.name), Seat(role, until)
    assert bool(rules.may_offer(actor, seat, state, TODAY)) is offers
    assert bool(rules.may_offer(actor, seat, state, TODAY, ending=True)) is ends


@pytest.mark.parametrize(("own", "alone", "fine"), [(False, False, True), (True, False, False), (True, True, True)])
def test_nobody_decides_about_their_own_group_while_somebody_else_can(make: Make, own: bool, alone: bool, fine: bool) -> None:
    member = make.member()
    actor = Actor(member.id, member.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
    assert bool(rules.may_decide(actor, RecordState.WAITING, own, alone)) is fine


@pytest.mark.parametrize("place", [
    {"street": "Rue 4", "town": "Pikine"}, {"town": "Pikine"}, {"street": "Rue 4, first floor", "region": "Dakar"},
    {"street": "Rue 4", "town": "Pikine", "region": "Dakar", "postcode": "10000"}, {"town": "Pikine", "postcode": "10000"}, {},
])  # fmt: skip
def test_what_was_typed_comes_back_into_the_form(place: dict[str, str]) -> None:
    typed = {**WISH, "cost": "Free", "hours": "Mondays\nTuesdays", "languages": "Wolof, French", "needs": "papers", "town": "",
             "street": "", **place}  # fmt: skip
    sent = read_row({"id": "x", **{k: str(v) for k, v in typed.items() if v}}, "en", "SN").found[0][1]
    back = to_fill(sent.data)
    same = read_row({"id": "x", **{k: v for k, v in back.items() if v and isinstance(v, str)}, "needs": "papers"}, "en", "SN")
    assert same.found[0][1].data == sent.data


class Visitor:
    """Somebody's browser; the test's own session holds nothing while a page is asked."""

    def __init__(self, browser: Browser, make: Make) -> None:
        self.browser, self.make = browser, make

    def get(self, path: str) -> Any:
        """Ask for a page."""
        self.make.commit()
        return self.browser.get(path)

    def post(self, path: str, form: dict[str, Any]) -> Any:
        """Send a form."""
        self.make.commit()
        return self.browser.post(path, form)


class Scene:
    """A group with its organiser, a coordinator, and what is in the database."""

    def __init__(self, make: Make, browse: Callable[..., Browser]) -> None:
        wiring.connect()
        self.make, self.open, self.open_ones = make, browse, dict[Any, Visitor]()
        country = make.area("Senegal", kind=AreaKind.COUNTRY, lat=14.5, lon=-14.45)
        self.town = make.area("Pikine", parent_id=country.id, lat=14.75, lon=-17.39)
        self.awa, self.desk = make.member("Awa Lantern"), make.member("Open Door", Role.COORDINATOR)
        self.group = make.group(by=self.awa, name="Round of tea", area_id=self.town.id)
        make.commit()
        self.organiser = Actor(self.awa.id, self.awa.name)
        self.coordinator = Actor(self.desk.id, self.desk.name, roles=frozenset({Role.COORDINATOR}), second_factor=True)
        self.path = f"/g/{self.group.ref}/services"

    def browse(self, *member: Any) -> Visitor:
        """Open a browser."""
        self.make.commit()
        key = member[0].id if member else None
        if key not in self.open_ones:
            self.open_ones[key] = Visitor(self.open(*member), self.make)
        return self.open_ones[key]

    def one(self, table: Any) -> Any:
        """Return the one row as it stands."""
        return self.make.db.exec(select(table).execution_options(populate_existing=True)).one()

    def move(self, **values: Any) -> None:
        """Let an organiser change what the group says about itself."""
        group = self.make.db.get_one(Group, self.group.id, populate_existing=True)
        seat = Seat(GroupRole.ORGANISER, date(2030, 1, 1))
        said = {name: getattr(group, name) for name in ChangeGroup.model_fields if name != "area"}
        founding.change(self.make.db, self.organiser, group, seat, ChangeGroup(**{**said, "area": group.area_id, **values}))
        self.make.commit()

    def decide(self, how: Callable[..., None]) -> None:
        """Let the desk show or hide the group."""
        how(self.make.db, self.coordinator, self.make.db.get_one(Group, self.group.id, populate_existing=True))
        self.make.commit()

    def public(self) -> str:
        """Return all that the public interface tells."""
        pages = [self.browse().get(f"/api/hsds/{kind}?full=true") for kind in ("services", "organizations")]
        self.make.commit()
        return "".join(page.text for page in pages)


@pytest.fixture
def scene(make: Make, browse: Callable[..., Browser]) -> Scene:
    """The people and their group."""
    return Scene(make, browse)


def test_a_group_publishes_like_a_partner_and_is_named_only_where_it_wants(scene: Scene, db: Session) -> None:
    make = scene.make
    make.service("Legal help", scene.town)
    make.commit()
    awa, stranger = scene.browse(scene.awa), scene.browse(make.member("Lina River"))
    make.commit()
    assert scene.path in awa.get(f"/g/{scene.group.ref}/care").text
    assert "Nothing yet" in text_of(awa.get(scene.path))
    for path in (scene.path, f"{scene.path}/new", f"{scene.path}/bcdfghjkmnpq"):
        assert stranger.get(path).status_code == 404
    for path in ("new", "named", "confirm", "take-out", "suggestions"):
        assert stranger.post(f"{scene.path}/{path}", {**WISH, "named": "yes"}).status_code == 404
    looked = awa.post(f"{scene.path}/new", {**WISH, "do": "look"})
    assert looked.status_code == 200
    for part in ("This is here already", "Legal help", "We join one of these"):
        assert part in text_of(looked)
    assert awa.post(f"{scene.path}/new", {**WISH, "do": "publish"}).status_code == 422
    db.commit()
    assert db.exec(select(PartnerRecord)).all() == []
    db.commit()
    assert awa.post(f"{scene.path}/new", {**WISH, "do": "publish", "different": "In Wolof."}).status_code == 303
    record, partner = scene.one(PartnerRecord), scene.one(Partner)
    assert (record.state, partner.named, record.content["organization"]["name"]) == (
        RecordState.WAITING, False, "A group of this network"
    )  # fmt: skip
    assert "Round of tea" not in scene.public()
    db.commit()
    desk = scene.browse(scene.desk)
    assert "A group of this network" in text_of(desk.get("/desk/partners"))
    shown = text_of(desk.get(f"/desk/partners/{partner.ref}"))
    assert "Letters read together" in shown
    assert "Round of tea" not in shown
    assert desk.post(f"/desk/partners/{partner.ref}/listings", {"id": str(record.id), "do": "accept"}).status_code == 303
    assert "was let in" in scene.one(Answer).sentence
    service = db.exec(select(Service).where(Service.id == record.object_id)).one()
    assert service.overlap["different"] == "In Wolof."
    ref = service.ref
    make.commit()
    page = text_of(awa.get(f"/help/{ref}"))
    assert "A group of this network" in page
    assert "Round of tea" not in page
    assert awa.post(f"{scene.path}/named", {"named": "yes"}).status_code == 303
    assert "Round of tea" in text_of(awa.get(f"/help/{ref}"))
    assert "Round of tea" in text_of(desk.get("/desk/partners"))
    assert scene.one(Partner).named
    scene.move(visibility=Visibility.UNLISTED)
    assert "Round of tea" not in text_of(awa.get(f"/help/{ref}"))
    assert "Round of tea" not in scene.public()
    assert {scene.one(Organization).name, scene.one(Partner).named} == {"A group of this network", False}
    scene.move(visibility=Visibility.LISTED)  # by another organiser, for other reasons: it is not named by that
    assert "Round of tea" not in scene.public()
    assert "Round of tea" not in {feed.title for feed in db.exec(select(Feed))}
    events = [(event.verb, event.actor_id) for event in db.exec(select(AuditEvent)) if event.verb.startswith("group.")]
    assert {verb for verb, _who in events} >= {"group.published", "group.offers_named", "group.change"}
    assert {who for _verb, who in events} == {None}  # who cares for a group is told to nobody


def _publish(scene: Scene, named: bool = True) -> tuple[Partner, PartnerRecord]:
    db = scene.make.db
    partner = of_groups.begin_for(db, db.get_one(Group, scene.group.id))
    partner.named, partner.accepted = named, 20
    db.add(partner)
    db.flush()
    wish = {**WISH, "id": "", "open_to": [], "region": ""}
    record = publishing.publish(db, scene.organiser, partner, wish, [], "")
    scene.make.commit()
    return partner, record


def test_listings_follow_their_group(scene: Scene, db: Session) -> None:
    _partner, record = _publish(scene)
    key = record.object_id

    def stands() -> tuple[str, str]:
        found = db.get_one(Service, key, populate_existing=True).status, scene.one(Organization).name
        db.commit()
        return found

    assert stands() == ("active", "Round of tea")
    scene.decide(deciding.hide_group)
    assert stands() == ("defunct", "A group of this network")
    scene.move(purpose="Other words.")  # they wait to be read: the service does not come back by that
    assert db.get_one(Group, scene.group.id).state == GroupState.WAITS
    assert stands()[0] == "defunct"
    refused = scene.browse(scene.awa).post(f"{scene.path}/new", WISH)
    assert refused.status_code == 403
    db.commit()
    scene.decide(deciding.show_group)
    assert stands() == ("active", "Round of tea")
    record = scene.one(PartnerRecord)
    listings.confirm_by_hand(db, scene.organiser, scene.one(Partner), record)
    wish = ListingSuggestion(service_id=key, field="phone", current="", offered="+221 33 800 00 01", sent_on=TODAY)
    db.add(wish)
    db.flush()
    listings.decide_suggestion(db, scene.organiser, scene.one(Partner), wish.id, False)
    trail = [(event.verb, event.actor_id) for event in db.exec(select(AuditEvent).where(AuditEvent.subject_id == _partner.id))]
    assert ("group.suggestion", None) in trail
    assert {who for _verb, who in trail} == {None}  # whatever they did: nobody reads for ever who cares for a group
    scene.make.commit()
    scene.make.db.exec(sa.update(Partner).values(accepted=0))  # a change waits; what is in stays
    awa = scene.browse(scene.awa)
    edit = awa.get(f"{scene.path}/{record.foreign_id}")
    assert 'value="Rue 4"' in edit.text
    db.commit()
    seen = scene.one(PartnerRecord).content_hash
    scene.make.commit()
    changed = {**WISH, "name": "Letters read at home", "seen": seen}
    assert awa.post(f"{scene.path}/{record.foreign_id}", changed).status_code == 303
    assert awa.post(f"{scene.path}/{record.foreign_id}", changed).status_code == 409  # an old form
    assert (scene.one(PartnerRecord).state, db.get_one(Service, key).name) == (RecordState.WAITING, "Letters read together")
    scene.move(visibility=Visibility.UNLISTED)
    assert stands() == ("active", "A group of this network")
    assert scene.one(PartnerRecord).content["organization"]["name"] == "A group of this network"
    scene.make.commit()
    partner = scene.one(Partner)
    with pytest.raises(NotFound):  # a group has no agreement, and no key
        people.agree(db, scene.coordinator, partner, agreed())
    db.commit()
    _everybody_leaves(scene)
    assert stands()[0] == "defunct"
    assert (scene.one(PartnerRecord).state, scene.one(Partner).ended_on is not None) == (RecordState.WITHDRAWN, True)


def _everybody_leaves(scene: Scene) -> None:
    db = scene.make.db
    group = db.get_one(Group, scene.group.id, populate_existing=True)
    belonging.leave(db, scene.organiser, group, Seat(GroupRole.ORGANISER, date(2030, 1, 1)), LeaveGroup())
    scene.make.commit()
    assert db.get_one(Group, scene.group.id, populate_existing=True).state == GroupState.CLOSED


def test_a_coordinator_leaves_their_own_group_to_another_one(scene: Scene, db: Session) -> None:
    _partner, record = _publish(scene)
    record.state = RecordState.WAITING
    db.add(record)
    scene.make.seat(scene.group, scene.desk, GroupRole.ORGANISER)
    scene.make.commit()
    listings.decline(db, scene.coordinator, record, "Not clear.")  # nobody else can
    db.rollback()
    scene.make.member("Blue Thread", Role.COORDINATOR)
    scene.make.commit()
    record = scene.one(PartnerRecord)
    with pytest.raises(Refused, match="Another coordinator"):
        listings.let_in(db, scene.coordinator, record)


def test_a_restored_copy_names_no_group_that_took_its_name_back_and_nothing_stays_without_an_organiser(
    scene: Scene, db: Session
) -> None:
    partner, record = _publish(scene)
    scene.make.seat(scene.group, scene.make.member("Lina River"), GroupRole.MEMBER)
    scene.make.commit()
    group = db.get_one(Group, scene.group.id, populate_existing=True)
    of_groups.name(db, scene.organiser, group, Seat(GroupRole.ORGANISER, date(2030, 1, 1)), False)
    assert db.exec(select(Erasure.kind).where(Erasure.subject_id == partner.id)).one() == of_groups.UNSAID
    db.execute(sa.update(Partner).values(named=True))  # an older copy
    db.expire_all()
    of_groups.follow(db, group)
    assert scene.one(Organization).name == "Round of tea"
    assert erasures.erase(db, of_groups.UNSAID, partner.id, TODAY)
    assert not erasures.erase(db, of_groups.UNSAID, partner.id, TODAY)
    assert scene.one(Organization).name == "A group of this network"
    belonging.take_out(db, group.id, scene.awa.id)  # the account of the last organiser ends
    belonging.rest(db, group.id)
    assert db.get_one(Group, group.id, populate_existing=True).state == GroupState.WAITS
    assert db.get_one(Service, record.object_id, populate_existing=True).status == "defunct"
    scene.make.commit()
