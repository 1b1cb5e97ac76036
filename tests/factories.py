"""Typed factories: ``make.member(name="Amina")``; rows are added and flushed, ``make.commit()`` lets the application see them."""

from datetime import date, timedelta
from typing import Any

from sqlmodel import Session, select

from app.core.clock import now
from app.core.ids import new_ref
from app.core.text import fold, words
from app.domain.accounts.names import skeleton
from app.domain.versions import GROUPS, MONEY, bump
from app.models.abroad import AbroadQuestion, AbroadWord, QuestionDoor
from app.models.accounts import Member, Role, RoleGrant
from app.models.board import BoardEntry, BoardSide
from app.models.directory import Feed, Service
from app.models.groups import Group, GroupElection, GroupMember, GroupRole, JoinPolicy, Post, PostState, Topic
from app.models.meetings import Meeting, MeetingPlan
from app.models.money import AskState, FundAsk, FundCall, FundSeat, SeatState
from app.models.partners import Partner, PartnerMember
from app.models.places import Area, AreaKind
from app.models.stories import Audience, NameForm, Story, StoryStatus, StoryText

SYLLABLES = ("ba", "ke", "di", "fo", "gu", "ta", "pe", "si", "ko", "zu")


def spoken(number: int) -> str:
    """Return a number as a word: as a numeral it would look like another one to a hurried reader, and names may not."""
    return "".join(SYLLABLES[int(digit)] for digit in str(number)).capitalize()


class Make:
    """Makes rows with sensible contents."""

    def __init__(self, db: Session) -> None:
        self.db = db
        self._count = 0

    def _next(self) -> int:
        self._count += 1
        return self._count

    def _add(self, row: Any) -> Any:
        self.db.add(row)
        self.db.flush()
        return row

    def commit(self) -> None:
        """Let others see what was made."""
        self.db.commit()

    def member(self, name: str = "", *roles: Role, **fields: Any) -> Member:
        """Make a member with roles of a year."""
        name = name or f"Quiet River {spoken(self._next())}"
        today = now().date()
        member: Member = self._add(
            Member(**{"name": name, "name_key": skeleton(name), "joined_on": today, "seen_on": today, **fields})
        )
        for role in roles:
            self.role(member, role)
        return member

    def role(self, member: Member, role: Role, until: date | None = None) -> RoleGrant:
        """Give a role."""
        today = now().date()
        row: RoleGrant = self._add(
            RoleGrant(
                member_id=member.id,
                role=role,
                from_on=today - timedelta(days=1),
                until_on=until or today + timedelta(days=365),
            )
        )
        return row

    def area(self, name: str = "Thiès", country: str = "SN", kind: AreaKind = AreaKind.TOWN, **fields: Any) -> Area:
        """Make an area."""
        row: Area = self._add(Area(kind=kind, country=country, name=name, name_key=fold(name), **fields))
        return row

    def story(
        self,
        by: Member,
        title: str = "The first month I only slept.",
        text: dict[str, Any] | None = None,
        **fields: Any,
    ) -> Story:
        """Make a published story for everyone, unless told otherwise (no consent rows: the story actions make those)."""
        chosen = {
            "status": StoryStatus.PUBLISHED,
            "audience": Audience.EVERYONE,
            "name_form": NameForm.CHOSEN,
            **fields,
        }
        if chosen["status"] == StoryStatus.PUBLISHED:
            chosen.setdefault("published_on", now().date())
        story: Story = self._add(Story(ref=new_ref(), author_id=by.id, touched_at=now(), **chosen))
        words = {"title": title, "body": "My cousin met me at the station.", **(text or {})}
        self._add(StoryText(story_id=story.id, language=story.language, **words))
        return story

    def partner(self, name: str = "House of Law", looked_after_by: Member | None = None) -> Partner:
        """Make a partner whose listings are known here, looked after by a member."""
        ref = new_ref()
        feed = self._add(Feed(name=f"partner-{ref}", title=name, country="SN"))
        row: Partner = self._add(Partner(ref=ref, name=name, feed_id=feed.id, accepted=20, made_on=now().date()))
        if looked_after_by is not None:
            self._add(PartnerMember(partner_id=row.id, member_id=looked_after_by.id, from_on=now().date()))
        return row

    def group(self, by: Member | None = None, name: str = "Round of tea", **fields: Any) -> Group:
        """Make a listed, open group; ``by`` is its organiser."""
        today = now().date()
        values = {
            "purpose": "We drink tea and help each other.", "join_policy": JoinPolicy.OPEN, "question": "What brings you?",
            "started_on": today, **fields,
        }  # fmt: skip
        group: Group = self._add(Group(ref=new_ref(), name=name, **values))
        if by is not None:
            self.seat(group, by, GroupRole.ORGANISER)
        bump(self.db, GROUPS)
        return group

    def seat(self, group: Group, member: Member, role: GroupRole = GroupRole.MEMBER, **fields: Any) -> GroupMember:
        """Let somebody belong to a group; a role lasts a year."""
        until = None if role == GroupRole.MEMBER else now().date() + timedelta(days=365)
        group.members += 1
        values = {"role": role, "role_until": until, "joined_on": now().date(), "fresh_from": now() - timedelta(days=1), **fields}
        row: GroupMember = self._add(GroupMember(group_id=group.id, member_id=member.id, **values))
        return row

    def election(self, group: Group, **fields: Any) -> GroupElection:
        """Make an election of an organiser: people can stand for a week, then the vote runs for another."""
        today = now().date()
        values = {"role": GroupRole.ORGANISER, "begun_on": today, "stand_until": today + timedelta(days=7), **fields}
        values.setdefault("vote_until", values["stand_until"] + timedelta(days=7))
        row: GroupElection = self._add(GroupElection(ref=new_ref(), group_id=group.id, **values))
        return row

    def meeting(
        self, group: Group, by: Member | None = None, days: float = 7, title: str = "Tea at the market", **fields: Any
    ) -> Meeting:
        """Make a meeting of two hours that begins in so many days; ``fields`` are those of what is said of it."""
        at, values = now() + timedelta(days=days), {"place": "Rue 9, blue door", "zone": "Africa/Dakar", **fields}
        plan = self._add(MeetingPlan(group_id=group.id, by_id=by.id if by else None, title=title, minutes=120, **values))
        row: Meeting = self._add(
            Meeting(ref=new_ref(), group_id=group.id, plan_id=plan.id, starts_at=at, ends_at=at + timedelta(hours=2))
        )
        return row

    def question(self, group: Group | None = None, words: str = "How did you begin?", story: Story | None = None) -> AbroadQuestion:
        """Make a question from abroad, to a group that wishes it, to whoever told a story, or to the network."""
        today = now().date()
        if group is not None:
            self._add(QuestionDoor(group_id=group.id, opened_on=today))
        row: AbroadQuestion = self._add(
            AbroadQuestion(
                ref=new_ref(),
                receipt_hash=new_ref(),
                group_id=group.id if group else None,
                story_id=story.id if story else None,
                last_on=today,
            )
        )
        self._add(AbroadWord(ref=new_ref(), question_id=row.id, number=1, asks=True, body=words, on=today))
        return row

    def board_entry(self, group: Group, by: Member, title: str = "A sewing machine", **fields: Any) -> BoardEntry:
        """Make an entry of a help board: a tool that is offered for two weeks, unless told otherwise."""
        values = {"side": BoardSide.OFFER, "kind": "tool", "until": now().date() + timedelta(days=14), **fields}
        row: BoardEntry = self._add(BoardEntry(ref=new_ref(), group_id=group.id, by_id=by.id, title=title, **values))
        return row

    def fund_call(self, title: str = "Tools for workshops", **fields: Any) -> FundCall:
        """Make a call for money that is open for a week."""
        values = {
            "by_whom": "House of Law", "about": "Machines and tables", "language": "en", "most": 500_000, "currency": "EUR",
            "who": "Every group", "criteria": [[60, "Women lead it"], [40, "It lasts"]], "opens_at": now() - timedelta(days=1),
            "closes_at": now() + timedelta(days=7), "zone": "UTC", "decided_by": "Three people of the house", "ties": "None known",
            "languages": ["en", "fr"], "how": "By letter", "source": "https://house.example/call", "entered_at": now(), **fields,
        }  # fmt: skip
        call: FundCall = self._add(FundCall(ref=new_ref(), title=title, **values))
        bump(self.db, MONEY)
        return call

    def fund_seat(self, call: FundCall, member: Member, declared: str) -> FundSeat:
        """Let somebody sit on the panel of a call."""
        until = now().date() + timedelta(days=90)
        row: FundSeat = self._add(
            FundSeat(call_id=call.id, member_id=member.id, state=SeatState.SITS, until_on=until, declared=declared)
        )
        return row

    def fund_ask(self, call: FundCall, group: Group, **fields: Any) -> FundAsk:
        """Make an application of a group that was sent."""
        values = {"answers": {"name": group.name, **{f"q{n}": f"Answer {n}" for n in range(1, 7)}}, "wants": 200_000, **fields}
        row: FundAsk = self._add(
            FundAsk(
                ref=new_ref(), call_id=call.id, group_id=group.id, state=AskState.SENT, language="en", saved_at=now(),
                sent_at=now(), **values,
            )
        )  # fmt: skip
        return row

    def topic(self, group: Group, by: Member, title: str = "A room in town", posts: int = 1, **fields: Any) -> Topic:
        """Make a topic with as many shown posts, all by whoever began it."""
        topic: Topic = self._add(Topic(ref=new_ref(), group_id=group.id, author_id=by.id, title=title, last_at=now(), **fields))
        for _n in range(posts):
            self.post(topic, by)
        return topic

    def post(self, topic: Topic, by: Member, body: str = "I can go tomorrow at nine.", **fields: Any) -> Post:
        """Make a post: shown, with the next number, unless told otherwise."""
        state = fields.get("state", PostState.SHOWN)
        if state in (PostState.SHOWN, PostState.HIDDEN, PostState.DELETED):
            topic.last_number += 1
            fields.setdefault("number", topic.last_number)
        values = {"written_at": now(), "folded": " ".join(words(body)), **fields}
        row: Post = self._add(
            Post(ref=new_ref(), topic_id=topic.id, group_id=topic.group_id, author_id=by.id, body=body, **values)
        )  # fmt: skip
        return row

    def service(
        self, name: str = "Legal help at the market", area: Area | None = None, feed: str = "test", **fields: Any
    ) -> Service:
        """Make a listing, checked today, with one place when an area is given; its card and search document are made too.

        ``phone``, ``hours`` (HSDS schedules) and ``point`` (latitude, longitude) are for its parts.
        """
        from app.domain.directory import compiling, places
        from app.models.directory import Location, ServiceAtLocation
        from app.models.directory_parts import Phone, Schedule

        source = self.db.exec(select(Feed).where(Feed.name == feed)).first() or self._add(Feed(name=feed, title="Test list"))
        today = now().date()
        phone, hours, point = fields.pop("phone", "+221 77 000 00 01"), fields.pop("hours", []), fields.pop("point", None)
        values = {
            "ref": new_ref(), "feed_id": source.id, "foreign_id": str(self._next()), "content_hash": "", "needs": ["papers"],
            "description": "Somebody who knows the law listens to you.", "imported_on": today, "verified_on": today,
            "verify_due": today + timedelta(days=180), "last_modified": 0, **fields,
        }  # fmt: skip
        row: Service = self._add(Service(name=name, **values))
        if phone:
            self._add(Phone(owner_id=row.id, service_id=row.id, number=phone))
        for position, schedule in enumerate(hours):
            self._add(Schedule(owner_id=row.id, service_id=row.id, position=position, **schedule))
        if area is not None:
            lat, lon = point or (area.lat, area.lon)
            place = self._add(Location(
                location_type="physical", name=f"{name}, {area.name}", latitude=lat, longitude=lon, area_id=area.id,
                feed_id=source.id, foreign_id=row.foreign_id, content_hash="",
            ))  # fmt: skip
            self._add(ServiceAtLocation(
                service_id=row.id, location_id=place.id, feed_id=source.id, foreign_id=row.foreign_id, content_hash="",
            ))  # fmt: skip
        compiling.compile_services(self.db, [row.id], places.AreaBook.load(self.db.connection()))
        return row
