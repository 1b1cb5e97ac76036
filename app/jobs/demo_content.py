"""Turns the demo's YAML into rows, by the same actions that people use, on the days the content names."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid5

import sqlalchemy as sa
import yaml
from sqlmodel import Session, col, select

from app.core import clock, i18n
from app.core import settings as core_settings
from app.core.clock import now
from app.core.db import Database
from app.core.text import fold
from app.domain.accounts import actions as accounts
from app.domain.actor import Actor
from app.domain.directory import actions as directory
from app.domain.directory import regions_file
from app.domain.directory.compiling import compile_services
from app.domain.directory.places import AreaBook
from app.domain.directory.regions import put as put_regions
from app.domain.media.voice import make_voice
from app.domain.moderation import deciding
from app.domain.moderation.rules import Choice
from app.domain.stories import actions as tell
from app.domain.stories import rules, telling, translations
from app.models.accounts import Member, Role
from app.models.directory import Service
from app.models.directory_parts import Schedule
from app.models.engine import SearchDocument
from app.models.moderation import Case, CaseKind, Outcome
from app.models.places import Area, AreaKind
from app.models.stories import Audience, NameForm, Season, SecondLook, Story, StoryService, StoryStatus
from app.schemas.stories import AgreeStory, LookStory, Translate, WhoStory, WriteStory

CONTENT = Path(__file__).parents[2] / "data" / "demo" / "content"
PARTS = {"what_was_hard": "hard", "what_helped": "helped", "what_differently": "differently", "what_next": "next"}
SECOND_READER = "Open Door"
CHECKED_EVERY = 5


def read(name: str) -> dict[str, Any]:
    """Return one of the demo's files."""
    content: dict[str, Any] = yaml.safe_load((CONTENT / f"{name}.yaml").read_text(encoding="utf-8"))
    return content


def areas(db: Session) -> dict[str, UUID]:
    """Add the areas, and name the regions as an operator does; return their ids by key."""
    made: dict[str, UUID] = {}
    for a in read("areas")["areas"]:
        row = Area(
            parent_id=made[a["parent"]] if a["parent"] else None, kind=AreaKind(a["kind"]), country=a["country"], name=a["name"],
            name_key=fold(a["name"]), names=a["names"], lat=a["lat"], lon=a["lon"],
        )  # fmt: skip
        db.add(row)
        db.flush()
        made[a["key"]] = row.id
    languages, countries = core_settings.current().language_list, sorted({a["country"] for a in read("areas")["areas"]})
    regions, wrong = regions_file.read((CONTENT / "regions.csv").read_bytes(), countries, languages)
    wrong += [] if wrong else put_regions(db, regions, languages[0]).problems
    if wrong:
        raise ValueError(wrong)
    return made


def stories(database: Database, places: dict[str, UUID]) -> None:
    """Tell every story of the content, on the day it names."""
    for content in read("stories")["stories"]:
        with database.transaction() as db, i18n.speaking("en"):
            _tell(db, content, places)


def actor_of(db: Session, name: str, language: str = "en") -> Actor:
    """Return who acts under a name of the content; somebody new where nobody has it."""
    member = db.exec(select(Member).where(Member.name == name)).first()
    if member is None:
        member = accounts.create_member(db, name, language, accounts.fresh_key(db, language))
    roles = frozenset({Role.COORDINATOR}) if name == SECOND_READER else frozenset()
    return Actor(member.id, member.name, member.language, roles=roles, proven_at=now(), second_factor=True)


def _days_ago(content: dict[str, Any]) -> float:
    """Return how many days ago the story was sent."""
    if content.get("published_days_ago") is not None:
        return float(content["published_days_ago"]) + 1.5
    if content.get("approved_hours_ago") is not None:
        return float(content["approved_hours_ago"]) / 24 + 0.1
    return float(content.get("submitted_days_ago") or 2)


def _tell(db: Session, content: dict[str, Any], places: dict[str, UUID]) -> None:
    sent = now() - timedelta(days=_days_ago(content))
    teller = actor_of(db, content["teller"], content["language"])
    with clock.at(sent):
        story = tell.start(db, teller, content["language"])
        tell.save_text(
            db, teller, story, WriteStory(row_version=story.row_version, language=content["language"], **_words(content))
        )
        note = content["content_note"] or ""
        tell.save_look(db, teller, story, LookStory(row_version=story.row_version, content_note=note, heavy=bool(note)))
        tell.set_audience(db, teller, story, _who(story, content, places))
        _add_voice(db, teller, story, content)
        story.needs = list(content["needs"])
        purposes = sorted(rules.CARRIES[story.audience])
        tell.agree(db, teller, story, AgreeStory(row_version=story.row_version, purposes=purposes, lasts="open", helper="alone"))
        if content["status"] != "draft":
            tell.submit(db, teller, story)
    _answer(db, story, content, sent)
    for words in content.get("translations") or ():
        with clock.at(min(sent + timedelta(days=3), now())):
            _translate(db, teller, story, words)


def _translate(db: Session, teller: Actor, story: Story, words: dict[str, Any]) -> None:
    """Let a member translate a story that is shown, its teller say yes, and the second reader too, as far as the content says."""
    by, language, version = actor_of(db, words["translator"]), words["language"], telling.original(db, story).version
    form = Translate(
        language=language, source_version=version, named=True, machine=bool(words.get("machine")), **_words(words)
    )  # fmt: skip
    tell.add_translation(db, by, story, form)
    text, stands = translations.text_in(db, story, language), words.get("stands")
    if text is None or stands == "offered":
        return
    tell.confirm_translation(db, teller, story, language, translations.text_mark(text))
    if text.second_look == SecondLook.WAITS and stands != "waiting":
        reader = actor_of(db, SECOND_READER)
        case = deciding.open_case(db, reader, _waiting(db, CaseKind.TRANSLATION, text.id).ref)
        deciding.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))


def _words(content: dict[str, Any]) -> dict[str, Any]:
    return {"title": content["title"], **{ours: (content.get(theirs) or "").strip() for theirs, ours in PARTS.items()}}


def _who(story: Story, content: dict[str, Any], places: dict[str, UUID]) -> WhoStory:
    *season, year = str(content["time"]).split()
    return WhoStory(
        row_version=story.row_version, audience=Audience.EVERYONE if content["audience"] == "public" else Audience.MEMBERS,
        name_form=NameForm(content["name_form"]), area=places[content["area"]], year=int(year),
        season=Season(season[0]) if season else None, themes=content["themes"],
    )  # fmt: skip


def _add_voice(db: Session, teller: Actor, story: Story, content: dict[str, Any]) -> None:
    if content.get("audio"):
        voice = make_voice((CONTENT / "audio" / content["audio"]).read_bytes())
        tell.add_voice(db, teller, story, voice, f"{content['audio_summary']} ({content['audio_note']}.)")


def _answer(db: Session, story: Story, content: dict[str, Any], sent: Any) -> None:
    """Let the second reader decide a day later, as the content says, so that the case is closed and the decision is on record."""
    reader, status = actor_of(db, SECOND_READER), content["status"]
    if status in ("draft", "submitted"):
        return
    with clock.at(min(sent + timedelta(days=1.2), now())):
        case = deciding.open_case(db, reader, _waiting(db, CaseKind.STORY, story.id).ref)
        if status in ("published", "approved", "taken_back"):
            deciding.decide(db, reader, case.ref, Choice(Outcome.PUBLISH, case.row_version))
        elif status == "change_asked":
            deciding.decide(db, reader, case.ref, Choice(Outcome.ASK_CHANGE, case.row_version, words=content["change_note"]))
    if status in ("published", "taken_back") and story.status != StoryStatus.PUBLISHED:
        with clock.at(sent + timedelta(days=1.5)):
            tell.publish_due(db, now())
    if status == "taken_back":
        tell.take_back(db, actor_of(db, content["teller"]), story)


def _waiting(db: Session, kind: CaseKind, subject_id: UUID) -> Case:
    return db.exec(select(Case).where(Case.kind == kind, Case.subject_id == subject_id)).one()


def link_services(db: Session) -> None:
    """Let shown stories mention up to two services of a need that they name, in their country; where there is none, none."""
    documents: dict[str, list[SearchDocument]] = {}
    for row in db.exec(select(SearchDocument).where(SearchDocument.kind == "service").order_by(col(SearchDocument.id))).all():
        for need in row.shown.get("needs", ()):
            documents.setdefault(need, []).append(row)
    for number, story in enumerate(db.exec(select(Story).where(Story.status == StoryStatus.PUBLISHED)).all()):
        country = _country(db, story)
        for need in story.needs[:2] if country else ():
            fitting = [row for row in documents.get(need, ()) if country in row.tokens]
            if fitting:
                subject = fitting[(number * 7) % len(fitting)].subject_id
                db.merge(StoryService(id=uuid5(story.id, str(subject)), story_id=story.id, service_id=subject))


def _country(db: Session, story: Story) -> str:
    """Return the id of the country as it stands in the tokens of a listing, or nothing."""
    area = db.get(Area, story.area_id) if story.area_id else None
    while area is not None and area.parent_id is not None:
        area = db.get(Area, area.parent_id)
    return area.id.hex if area else ""


def check_services(db: Session) -> None:
    """Let the demo's coordinator have checked every fifth listing, on days of the last seven months: every badge is seen."""
    reader = actor_of(db, SECOND_READER)
    for number, service in enumerate(db.exec(select(Service).order_by(col(Service.id))).all()):
        if number % CHECKED_EVERY == 0:
            with clock.at(now() - timedelta(days=number * 11 % 210)):
                directory.confirm(db, reader, service, "website")  # nobody went there, and nobody should call


def keep_hours(db: Session) -> None:
    """Show the old lists as on the day of their copy: leave out that their hours ended since, or nothing would be open."""
    over = sa.and_(col(Schedule.opens_at).is_not(None), col(Schedule.valid_to) < now().date().isoformat())
    ids = list(db.exec(select(Schedule.service_id).where(over, col(Schedule.service_id).is_not(None)).distinct()).all())
    db.execute(sa.update(Schedule).where(over).values(valid_to=None))
    compile_services(db, [i for i in ids if i], AreaBook.load(db.connection()))
