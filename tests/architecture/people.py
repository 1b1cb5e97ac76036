"""A small network with somebody of every kind in it, and what each may ask of every address."""

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import col

from app.core import crypto
from app.core import settings as core_settings
from app.core.clock import now
from app.core.ids import new_id, new_ref, new_token
from app.domain.directory import still_true
from app.domain.directory.wire.publish import publish
from app.domain.directory.wire.put import PUBLISHED
from app.domain.media.store import from_url
from app.domain.mentoring.joining.packets import EMPTY
from app.domain.reporting.releasing.figures import share
from app.models.accounts import Invitation, Member, MemberStatus, Passkey, Role, SignIn
from app.models.between import MemberBlock, PrivateMessage, PrivateTalk, TalkState
from app.models.circles import CircleState, MentorCircle
from app.models.directory import Organization, Service, Taxonomy, TaxonomyTerm
from app.models.evidence import EvidenceCopy
from app.models.groups import Group, PostFile
from app.models.listing_pairs import ListingPair
from app.models.meetings import CalendarFeed, MeetingPlan
from app.models.mentoring import MatchState, Mentor, MentorMatch, MentorState, MentorWord
from app.models.mentorships import Dimension, MentorGoal, MentorHelp, MentorMeeting, MentorMessage, MentorVoice
from app.models.moderation import Appeal, Case, CaseKind, Decision, Hold, HoldEnd, Outcome
from app.models.money import GroupMoney
from app.models.network import RulesVersion
from app.models.orders import LegalOrder
from app.models.partners import Partner, PartnerHook, PartnerKey, PartnerMember, PartnerRecord
from app.models.reporting import NumberRelease
from app.models.stories import Audience, Media, MediaKind, SecondLook, Story, StoryStatus, StoryText
from tests.architecture.routes import Route
from tests.browse import SAME_SITE, Browser
from tests.factories import Make
from tests.moderation.conftest import consent

KINDS = (
    "guest", "member", "other member", "paused", "suspended", "organiser", "coordinator", "no second step", "safeguarding",
    "analyst", "operator",
)  # fmt: skip
ROLES = {
    "organiser": Role.ORGANISER, "coordinator": Role.COORDINATOR, "no second step": Role.COORDINATOR,
    "safeguarding": Role.SAFEGUARDING, "analyst": Role.ANALYST, "operator": Role.OPERATOR,
}  # fmt: skip
STANDING = {"paused": MemberStatus.PAUSED, "suspended": MemberStatus.SUSPENDED}
OWN = ("member", "paused", "suspended")  # those whose own story is asked for; everybody else asks for the member's
# Steps of telling work on a draft; everything else on a story that is shown.
ON_DRAFTS = (
    "write",
    "look",
    "who",
    "agree",
    "send",
    "voice",
    "pictures",
    "preview",
    "why",
    "draft",
    "delete",
    "finding",
    "remove",
    "services",
    "add",
)


PRESSED = {
    "/agree/{ref}": {"do": "yes"},
    "/my/mentoring/{side}": {"do": "take_back"}, "/my/mentoring/with/{ref}": {"answer": "no"},
    "/my/between/{ref}/answer": {"answer": "no"},
    "/my/mentoring/circles/{ref}": {"do": "ask"}, "/desk/circles/{ref}": {"do": "end"},
    "/desk/pairs/{ref}": {"do": "drop", "row_version": "1"},
    "/my/mentoring/with/{ref}/goals/{line_ref}": {"do": "remove"}, "/my/mentoring/with/{ref}/meetings/{line_ref}": {"do": "remove"},
}  # fmt: skip
NO_REASON = '{"components":[0,0,0,0,0,0,0],"grounds":[null,"en",false,false,false]}'
PRINTED = {
    "id": "joined", "title": "Joined", "cols": ["women", "men", "another or not stated"], "rows": ["members"],
    "cells": [[40, 60, 25]],
    "row_totals": [125], "col_totals": [40, 60, 25], "total": 125,
}  # fmt: skip


@dataclass
class Network:
    """People and the things that addresses name."""

    make: Make
    browse: Callable[..., Browser]
    service: str = ""
    service_id: str = ""
    partner: Partner | None = None
    release: str = field(default_factory=new_ref)
    published: dict[str, str] = field(default_factory=dict)
    people: dict[str, Member] = field(default_factory=dict)

    def fill(self) -> "Network":
        """Make everybody, and one listing."""
        for kind in KINDS[1:]:
            roles = (ROLES[kind],) if kind in ROLES else ()
            self.people[kind] = self.make.member(f"Person {kind}", *roles, status=STANDING.get(kind, MemberStatus.ACTIVE))
        listing = self.make.service()
        self.publish(self.make.service("Sewing course", self.make.area()))
        self.service, self.service_id = listing.ref, str(listing.id)
        self.partner = self.make.partner(looked_after_by=self.people["member"])
        self.make.db.add(RulesVersion(number=1, version=1, digest=new_ref(), from_on=now().date(), words={
            "version": 1, "title": {"en": "Rules"}, "intro": {"en": "Few."},
            "rules": [{"number": 1, "title": {"en": "Kind"}, "text": {"en": "Be kind."}}],
        }))  # fmt: skip
        self.make.db.add(NumberRelease(
            ref=self.release, period="2026-10", counted_on=now().date(), prepared_at=now(), published_at=now(),
            body={
                "id": self.release, "period": "2026-10", "metrics": [share(PRINTED)], "tables": [PRINTED],
                "rules": {"version": "1", "threshold": 10, "rounding": 5, "width": 5},
                "audit": {"cells": 0, "hidden": 0, "narrowest": None},
            },
        ))  # fmt: skip
        self.make.commit()
        return self

    def publish(self, listing: Service) -> None:
        """Publish an organisation and a category beside a listing; note an id of everything that has a public list."""
        source = {"feed_id": listing.feed_id, "foreign_id": "1", "content_hash": "", "description": "One"}
        rows: dict[str, Any] = {
            "organization": Organization(name="House", last_modified=0, **source), "taxonomy": Taxonomy(name="Subjects", **source),
            "taxonomy_term": TaxonomyTerm(name="Law", **source),
        }  # fmt: skip
        self.make.db.add_all(rows.values())
        self.make.db.flush()
        for kind, row in rows.items():
            publish(self.make.db, kind, [row.id])
        names = {"taxonomy": "taxonomies"}
        own = sa.or_(PUBLISHED.c.kind.in_(rows), PUBLISHED.c.id == listing.id, PUBLISHED.c.service_id == listing.id)
        for kind, key in self.make.db.execute(sa.select(PUBLISHED.c.kind, PUBLISHED.c.id).where(own)):
            self.published[names.get(kind, f"{kind}s")] = str(key)

    def browser(self, kind: str, proven: bool = True) -> Browser:
        """Return a fresh browser of somebody; what an earlier request changed about the account is put back."""
        if kind == "guest":
            return self.browse()
        member = self.make.db.get_one(Member, self.people[kind].id, populate_existing=True)
        member.status, member.status_before, member.delete_after = STANDING.get(kind, MemberStatus.ACTIVE), None, None
        self.make.db.add(member)
        self.make.db.execute(sa.delete(SignIn).where(col(SignIn.member_id) == member.id))
        self.make.commit()
        return self.browse(member, second_factor=kind != "no second step", proven=proven)

    def story(self, by: Member, route: str = "", translator: Member | None = None) -> tuple[Story, str]:
        """Make a story that fits the address, with a picture and a translation; return it and the picture's address part."""
        draft = route.rstrip("}").rsplit("/", 1)[-1] in ON_DRAFTS and "/translate" not in route
        state: dict[str, Any] = {"status": StoryStatus.DRAFT, "audience": Audience.ONLY_ME} if draft else {}
        story = self.make.story(by=by, **state)
        name = from_url(core_settings.current().media).put(b"not a real picture", ".webp")
        media = Media(ref=new_ref(), story_id=story.id, kind=MediaKind.PICTURE, files={"webp": {"name": name, "bytes": 18}})
        self.make.db.add(media)
        by_me = translator.id if translator else None
        self.make.db.add(StoryText(
            story_id=story.id, language="fr", original=False, title="Un", second_look=SecondLook.FINE, translator_id=by_me
        ))  # fmt: skip
        self.make.commit()
        return story, media.ref

    def question(self, ref: str) -> str:
        """Make a question from abroad about a story."""
        question = self.make.question(story=self.make.db.exec(sa.select(Story).where(col(Story.ref) == ref)).scalar_one())
        self.make.commit()
        return question.ref

    def case(self, story: Story) -> str:
        """Make a case about a story."""
        row = Case(
            ref=new_ref(), kind=CaseKind.STORY, subject_kind="story", subject_id=story.id, about_id=story.author_id,
            opened_at=now(), due_at=now() + timedelta(days=3),
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def pair(self) -> str:
        """Make two listings that may be one."""
        first, second = sorted((self.make.service("Twice").id, self.make.service("Twice").id))
        row = ListingPair(
            ref=new_ref(), first_id=first, second_id=second, score=0.9, band="likely", prints="", found_on=now().date()
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def decision(self, story: Story) -> str:
        """Make a decision that took something from the teller of a story."""
        case_id = self.make.db.exec(sa.select(col(Case.id)).where(col(Case.ref) == self.case(story))).scalar_one()
        row = Decision(
            case_id=case_id, about_id=story.author_id, decided_by=new_id(), at=now(), outcome=Outcome.DECLINE, rule="3",
            reason="Because.",
        )  # fmt: skip
        self.make.db.add(row)
        self.make.db.flush()
        appealed = {"decision_id": row.id, "case_id": case_id, "member_id": story.author_id}
        self.make.db.add(Appeal(words="I see it differently.", on=now().date(), **appealed))
        self.make.commit()
        return row.ref

    def told(self, story: Story, path: str) -> str:
        """Make what a teller is told about their story: that it was hidden at once, where they show it again, or a decision."""
        return self.hold(story) if path.endswith("/show") else self.decision(story)

    def hold(self, story: Story) -> str:
        """Let a story have been hidden at once, and nobody have decided in time."""
        case_id = self.make.db.exec(sa.select(col(Case.id)).where(col(Case.ref) == self.case(story))).scalar_one()
        row = Hold(case_id=case_id, about_id=story.author_id, at=now(), decide_by=now(), ends_at=now(), how=HoldEnd.OVER)
        story.status = StoryStatus.PAUSED
        consent(self.make.db, story)
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def mentor(self) -> Mentor:
        """Return the offer of the member to be a mentor: it waits for a panel."""
        found = self.make.db.exec(sa.select(Mentor).where(col(Mentor.member_id) == self.people["member"].id)).scalar_one_or_none()
        if found is None:
            found = Mentor(
                ref=new_ref(), member_id=self.people["member"].id, state=MentorState.APPLIED, said=EMPTY, agreed_on=now().date(),
                applied_on=now().date(), touched_on=now().date(),
            )  # fmt: skip
            self.make.db.add(found)
        self.make.commit()
        return found

    def match(self, who: Member, state: MatchState) -> str:
        """Make a pair of somebody who looks for a mentor with somebody else."""
        row = MentorMatch(
            ref=new_ref(), mentee_id=who.id, mentor_id=self.make.member().id, state=state, version="1", made_on=now().date(),
            due_on=now().date() + timedelta(days=5), why=NO_REASON,
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def circle(self) -> str:
        """Plan a circle that people can ask for."""
        row = MentorCircle(
            ref=new_ref(), title="Cooking", about="On Thursdays.", language="en", places=4, state=CircleState.OPEN,
            begins_on=now().date() + timedelta(days=9), weeks=8,
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def help(self, pair: str, *, sent: bool) -> str:
        """Let the mentor of a pair have thought of help from outside."""
        match = self.make.db.exec(sa.select(MentorMatch).where(col(MentorMatch.ref) == pair)).scalar_one()
        row = MentorHelp(
            ref=new_ref(), match_id=match.id, mentee_id=match.mentee_id, need="legal", by_mentee=False, on=now().date(),
            sent_on=now().date() if sent else None,
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def call(self) -> str:
        """Make a call for money that is open."""
        found = self.make.fund_call()
        self.make.commit()
        return found.ref

    def granting(self, path: str) -> str:
        """Return an address of a call that this network decides; the member is on its panel, and nobody else of those who ask."""
        if path.startswith("/joint"):
            return path.replace("{joint_ref}", self.joint())
        make, moment = self.make, now()
        closed = {} if path.endswith("/ask") else {"closes_at": moment - timedelta(hours=1)}
        call = make.fund_call(
            here=True, decide_on=moment.date() + timedelta(days=30), opens_at=moment - timedelta(days=9), **closed
        )
        make.fund_seat(call, self.people["member"], "woman")
        ask = make.fund_ask(call, make.group(by=make.member(f"Asks {call.ref}")), voice=self.spoken(path))
        if "/appeals/" in path:
            call.decided_at, ask.granted, ask.appealed_at, ask.appeal = moment, 0, moment, "Look again."
        make.commit()
        return path.replace("{ref}", call.ref).replace("{ask_ref}", ask.ref).replace("{ending}", "webp")

    def spoken(self, path: str) -> dict[str, Any] | None:
        """Return the files of a voice, where an address is that of one."""
        if "voice.{ending}" not in path:
            return None
        return {"webp": {"name": from_url(core_settings.current().media).put(b"not a real voice", ".webp"), "bytes": 16}}

    def asked(self, path: str, group: Group) -> str:
        """Return an address with a call in which a group has asked, where it names one."""
        if "{call_ref}" not in path:
            return path
        call = self.make.fund_call(here=True, decide_on=now().date() + timedelta(days=30))
        self.make.fund_ask(call, group, voice=self.spoken(path))
        return path.replace("{call_ref}", call.ref)

    def joint(self) -> str:
        """Return the random part of a link by which a group joins what the member's group asks for."""
        call = self.make.fund_call(here=True, decide_on=now().date() + timedelta(days=30))
        ask, code = self.make.fund_ask(call, self.make.group(by=self.people["member"])), new_ref()
        ask.link_hash = crypto.keyed_hash(core_settings.current().secret, "fund-joint", code)
        self.make.commit()
        return code

    def message(self, pair: str) -> str:
        """Let the mentee of a pair have written something."""
        match = self.make.db.exec(sa.select(MentorMatch).where(col(MentorMatch.ref) == pair)).scalar_one_or_none()
        if match is None:
            return self.private(pair)
        row = MentorMessage(
            ref=new_ref(), match_id=match.id, author_id=match.mentee_id, number=1, body="Hello.", written_at=now()
        )  # fmt: skip
        self.make.db.add(row)
        self.make.db.flush()
        self.make.db.add(MentorVoice(message_id=row.id, opus=b"OggS", mp3=b"mp3", seconds=1, opus_bytes=4))
        self.make.commit()
        return row.ref

    def between(self, who: Member, path: str) -> str:
        """Let somebody have asked another one of a group, been asked, or agreed with them."""
        group, other = self.make.group(by=who), self.make.member()
        self.make.seat(group, other)
        asked = path.endswith("/answer")
        state = TalkState.ASKED if asked or path.endswith("/back") else TalkState.OPEN
        row = PrivateTalk(
            ref=new_ref(), group_id=group.id, asker_id=other.id if asked else who.id, asked_id=who.id if asked else other.id,
            state=state, words="Tea?", asked_at=now(),
        )  # fmt: skip
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def private(self, talk: str) -> str:
        """Let whoever asked have written something."""
        found = self.make.db.exec(sa.select(PrivateTalk).where(col(PrivateTalk.ref) == talk)).scalar_one()
        row = PrivateMessage(ref=new_ref(), talk_id=found.id, author_id=found.asker_id, number=1, body="Hello.", written_at=now())
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def block(self, who: Member) -> str:
        """Let somebody have blocked another one."""
        row = MemberBlock(ref=new_ref(), member_id=who.id, blocked_id=self.make.member().id, name="Somebody", on=now().date())
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def line(self, pair: str, path: str) -> str:
        """Let the mentee of a pair have written down a meeting or a goal."""
        match = self.make.db.exec(sa.select(MentorMatch).where(col(MentorMatch.ref) == pair)).scalar_one()
        of: dict[str, Any] = {"ref": new_ref(), "match_id": match.id, "author_id": match.mentee_id, "on": now().date()}
        said = '{"channel": "chat", "minutes": 30, "goal": "", "next": ""}'
        goal = MentorGoal(**of, dimension=Dimension.SOCIAL, words="Tea on Thursdays")
        self.make.db.add(MentorMeeting(**of, said=said, mood=" " * 12) if "/meetings/" in path else goal)
        self.make.commit()
        return str(of["ref"])

    def word(self) -> str:
        """Make a link for a word about the member."""
        ref = new_ref()
        until = now().date() + timedelta(days=9)
        self.make.db.add(MentorWord(mentor_id=self.mentor().id, ref_hash=crypto.token_hash(ref), until_on=until))
        self.make.commit()
        return ref

    def evidence(self) -> str:
        """Make a sealed copy about nobody here; return its random name."""
        row = self.make._add(EvidenceCopy(
            ref=new_ref(), case_id=new_id(), kind="post", reason="A threat.", asked_by=new_id(), asked_at=now(), days=30,
            copied={"words": ["Words."], "flagged": "", "before": [], "files": [{"part": "jpg", "data": "AA=="}]},
        ))  # fmt: skip
        self.make.commit()
        return str(row.ref)

    def order(self) -> str:
        """Make a legal order about nobody here; return its random name."""
        row = LegalOrder(ref=new_ref(), came_on=now().date(), noted_by=self.people["operator"].id, asker="A", basis="B", asked="C")
        self.make.db.add(row)
        self.make.commit()
        return row.ref

    def in_a_group(self, path: str, kind: str) -> str:
        """Return an address in a group that the member cares for; paused and suspended people belong to it, nobody else does."""
        make, cares = self.make, self.people["member"]
        group = make.group(by=cares)
        for other in ("paused", "suspended"):
            make.seat(group, self.people[other])
        by = self.people[kind] if kind in OWN else cares
        topic = make.topic(group, by, asks=True)
        writer = by
        if path.endswith(("/talk", "/block")) or (
            path.endswith(("/thanks", "/helped")) and kind == "member"
        ):  # nobody thanks themselves
            writer = make.member(f"Writer {group.ref}")
            make.seat(group, writer)
        post = make.post(topic, writer)
        line = GroupMoney(
            group_id=group.id, source="House of Law", amount=100, currency="EUR", purpose="Tea", first_on=now().date(),
            last_on=now().date(), written_on=now().date(),
        )  # fmt: skip
        make.db.add(line)
        make.commit()
        if "file.{ending}" in path:
            name = from_url(core_settings.current().media).put(b"not a real picture", ".webp")
            make.db.add(PostFile(post_id=post.id, kind=MediaKind.PICTURE, files={"webp": {"name": name, "bytes": 18}}))
            make.commit()
        if path.endswith(("/money/right", "/money/words")):
            path += f"?line={line.id}"
        if path.startswith("/flag"):
            return path.replace("{kind}", "post").replace("{ref}", post.ref)
        path = self.asked(path, group)
        meeting, entry, election, question = (
            make.meeting(group, by),
            make.board_entry(group, by, "A pot"),
            make.election(group),
            make.question(None if path.startswith("/desk/") else group),
        )
        make.commit()
        if "{listing}" in path:
            path = path.replace("{listing}", self.offered(group))
        names = {
            "{ref}": group.ref, "{meeting_ref}": meeting.ref, "{entry_ref}": entry.ref, "{topic_ref}": topic.ref,
            "{question_ref}": question.ref, "{election_ref}": election.ref,
            "{post_ref}": post.ref, "{point}": "money", "{passed}": "AAAA-BBBB-CCCC-DDDD", "{ending}": "webp",
        }  # fmt: skip
        for name, value in names.items():
            path = path.replace(name, value)
        return path

    def agree(self) -> str:
        """Return the random part of a link that asks whether a body holds a meeting of the member's group too."""
        meeting, ref = self.make.meeting(self.make.group(by=self.people["member"])), new_ref()
        plan = self.make.db.get_one(MeetingPlan, meeting.plan_id)
        plan.cohost, plan.cohost_hash = "Library", crypto.keyed_hash(core_settings.current().secret, "meeting-cohost", ref)
        self.make.commit()
        return ref

    def calendar(self) -> str:
        """Return the secret of a calendar that is nobody's any more, and works."""
        secret = new_token()
        hashed = crypto.keyed_hash(core_settings.current().secret, "calendar-feed", secret)
        self.make.db.add(CalendarFeed(member_id=None, secret_hash=hashed, made_on=now().date()))
        self.make.commit()
        return secret

    def offered(self, group: Group) -> str:
        """Return the address of something that a group offers."""
        partner = self.make.partner(f"group {group.ref}")
        partner.group_id = group.id
        row = PartnerRecord(
            partner_id=partner.id,
            kind="service",
            foreign_id=new_ref(),
            object_id=new_id(),
            name="One",
            content_hash="",
            sent_at=now(),
        )
        self.make.db.add_all([partner, row])
        self.make.commit()
        return row.foreign_id

    def whole(self, path: str, kind: str) -> str:
        """Return an address in a group, or about what groups ask for; "" for others."""
        if path.startswith(("/g/", "/desk/questions/")):
            return self.in_a_group(path, kind)
        here = ("/joint", "/panel", "/money/{ref}/ask", "/desk/money/{ref}/panel", "/desk/money/{ref}/appeals")
        return self.granting(path) if path.startswith(here) else ""

    def address(self, route: Route, kind: str) -> str:
        """Return the address of a route with things in it that are the asker's own, or else the member's."""
        path = route.path
        whole = self.whole(path, kind)
        if whole:
            return whole
        makers: dict[str, Callable[[], str]] = {
            "/desk/listings/pairs": self.pair, "/help": lambda: self.service, "/desk/listings": lambda: self.service,
            "/desk/partners": lambda: self.partner.ref if self.partner else "", "/desk/mentoring": lambda: self.mentor().ref,
            "/my/mentoring/with": lambda: self.match(
                self.people[kind if kind in OWN else "member"],
                MatchState.MENTEE_ASKED if route.method == "POST" and path.endswith("/{ref}") else MatchState.AGREED,
            ),
            "/desk/circles": self.circle, "/my/mentoring/circles": self.circle,
            "/desk/pairs/help": lambda: self.help(self.match(self.people["member"], MatchState.AGREED), sent=True),
            "/desk/pairs": lambda: self.match(
                self.people["member"], MatchState.AGREED if path.endswith("/introduce") else MatchState.PROPOSED
            ),
            "/my/between": lambda: self.between(self.people[kind if kind in OWN else "member"], path),
            "/me/blocks": lambda: self.block(self.people[kind if kind in OWN else "member"]),
            "/word": self.word, "/desk/orders": self.order, "/desk/evidence": self.evidence,
            "/numbers": lambda: self.release, "/agree": self.agree,
            "/money": self.call, "/desk/money": self.call,
        }  # fmt: skip
        made = next((make for start, make in makers.items() if path.startswith(start)), None)
        if "{ref}" in path and made is not None:
            path = path.replace("{ref}", made())
        elif "{ref}" in path:
            own, translated = kind in OWN and path.startswith("/my/"), path.startswith("/my/translations")
            teller = self.people["other member" if translated else kind if own else "member"]
            story, media = self.story(teller, route.path, self.people[kind] if own and translated else None)
            ref = self.case(story) if path.startswith("/desk/cases") else story.ref
            ref = self.told(story, path) if path.startswith("/my/decisions") else ref
            path = path.replace("{media_ref}", media).replace("{ref}", ref)
        if "{link}" in path:
            path = path.replace("{link}", still_true.token(self.make.service("Asked by a link")))
            self.make.commit()
        if "{line_ref}" in path:
            path = path.replace("{line_ref}", self.line(path.split("/")[4], path))
        parts = {"{help_ref}": partial(self.help, sent=False), "{message_ref}": self.message, "{question_ref}": self.question}
        for part in (one for one in parts if one in path):
            path = path.replace(part, parts[part](path.split("/")[3 if path.startswith(("/my/between", "/my/stories")) else 4]))
        path = path.replace("{secret}", self.calendar() if "{secret}" in path else "")
        path = path.replace("{service_id}", self.service_id).replace("{hsds_id}", self.published.get(path.split("/")[-2], ""))
        fill = {
            "kind": "story",
            "ending": "webp",
            "step": "write",
            "way": "pause",
            "purpose": "radio",
            "language": "fr",
            "answer": "no",
            "their_id": "s1",
            "side": "ask",
            "part": "needs",
            "what": "joining",
            "lesson": "listening",
            "sound": "opus",
            "version": "1",
            "number": "1",
        }
        for name, value in fill.items():
            path = path.replace(f"{{{name}}}", value)
        return path + ("?helped=no" if route.path.endswith("/helped") and route.method == "GET" else "")

    def form(self, route: Route, kind: str) -> dict[str, str]:
        """Return an empty form; where it only names one thing of a list, one that the asker has."""
        member = self.people.get(kind)
        rows: dict[str, Callable[[UUID], Any]] = {
            "/me/sessions/end": _sign_in,
            "/me/passkeys/remove": lambda i: Passkey(member_id=i, credential_id=new_ref(), public_key=b"k", added_on=now().date()),
            "/desk/people/invitations/end": lambda i: Invitation(
                code_hash=new_ref(), label="A", uses=1, uses_left=1, until=now() + timedelta(days=9), created_by=i
            ),
            **dict.fromkeys(("/desk/partners/{ref}/keys/end", "/partner/keys/end"), self._key),
            **dict.fromkeys(("/desk/partners/{ref}/listings", "/partner/confirm", "/partner/take-out"), self._record),
            "/desk/partners/{ref}/people/end": self._tie,
            **dict.fromkeys(("/partner/hooks/end", "/partner/hooks/try"), self._hook),
            "/desk/people/roles/end": lambda i: self.make.role(self.people["organiser"], Role.MENTOR),
        }
        if route.path in PRESSED:
            return PRESSED[route.path]
        if member is None or route.path not in rows:
            return {}
        row = rows[route.path](member.id)
        self.make.db.add(row)
        self.make.commit()
        return {"id": str(row.id)}

    def _key(self, _member_id: UUID) -> PartnerKey:
        ends = now().date() + timedelta(days=9)
        return PartnerKey(partner_id=self._partner_id, label="A", key_hash=new_ref(), made_on=now().date(), until_on=ends)

    def _record(self, _member_id: UUID) -> PartnerRecord:
        known = {"kind": "service", "foreign_id": new_ref(), "object_id": new_id(), "name": "One", "content_hash": ""}
        return PartnerRecord(partner_id=self._partner_id, sent_at=now(), **known)

    def _hook(self, _member_id: UUID) -> PartnerHook:
        return PartnerHook(partner_id=self._partner_id, address="https://house.example", secret="s", made_on=now().date())

    def _tie(self, _member_id: UUID) -> PartnerMember:
        return PartnerMember(partner_id=self._partner_id, member_id=self.make.member().id, from_on=now().date())

    @property
    def _partner_id(self) -> UUID:
        assert self.partner is not None
        return self.partner.id


def _sign_in(member_id: UUID) -> SignIn:
    later = now() + timedelta(minutes=30)
    return SignIn(
        token_hash=new_ref(), member_id=member_id, since=now(), seen_at=now(), idle_until=later, ends_at=later, proven_at=now()
    )


def outcome(answer: Any) -> str:
    """Return what became of a request, in the words of docs/access.md."""
    status, to = answer.status_code, answer.headers.get("location", "")
    if status == 303 and to.startswith(("/enter?next", "/enter/prove")):
        return "again" if to.startswith("/enter/prove") else "key"
    if status == 401:
        return "again" if 'href="/enter/prove"' in answer.text else "key"
    return {403: "no", 404: "-", 410: "gone", 429: "slower", 500: "broken", 503: "broken"}.get(status, "in")


def ask(network: Network, route: Route, kind: str) -> str:
    """Send one request as somebody; return what became of it."""
    browser, address = network.browser(kind), network.address(route, kind)
    if route.method == "GET":
        return outcome(browser.get(address))
    if route.method == "POST":
        return outcome(browser.post(address, network.form(route, kind)))
    return outcome(browser.client.request(route.method, address, headers=SAME_SITE))
