"""What a member's copy is made of: account, answers, stories, agreements, decisions; never another person's words or name."""

import json
from typing import Any
from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session, col, select

from app.core.i18n import _
from app.domain.accounts import queries
from app.models.accounts import Answer, Member, Passkey, RoleGrant, SignIn
from app.models.directory import Service
from app.models.engine import Draft
from app.models.moderation import Case, Decision, Flag
from app.models.places import Area
from app.models.stories import Consent, Media, Story, StoryProposal, StoryService, StoryText

_TEXT = ("language", "title", "body", "hard", "helped", "differently", "next", "content_note", "summary", "original")


def account(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the account, its roles, sessions, answers, drafts and what the member reported."""
    member = db.get_one(Member, member_id)
    area = db.get(Area, member.area_id) if member.area_id else None
    me = {
        "name others see": member.name, "language": member.language, "area": area.name if area else None,
        "joined on": member.joined_on.isoformat(), "last seen on": member.seen_on.isoformat(), "standing": member.status.value,
        "18 or older": member.adult, "codes from an app": member.totp_secret is not None, "application": member.application,
    }  # fmt: skip
    return {"account": me, **_rows(db, member_id), "drafts": _drafts(db, member_id), "what I reported": _flags(db, member_id)}


def _rows(db: Session, member_id: UUID) -> dict[str, Any]:
    grants = db.exec(select(RoleGrant).where(RoleGrant.member_id == member_id)).all()
    sessions = db.exec(select(SignIn).where(SignIn.member_id == member_id)).all()
    keys = db.exec(select(Passkey).where(Passkey.member_id == member_id)).all()
    told = db.exec(select(Answer).where(Answer.member_id == member_id).order_by(col(Answer.id))).all()
    return {
        "roles": [{"role": g.role.value, "from": str(g.from_on), "until": str(g.ended_on or g.until_on)} for g in grants],
        "open sessions": [{"device": s.device, "phone": s.mode.value, "since": str(s.since.date())} for s in sessions],
        "passkeys": [{"name": k.label, "added on": str(k.added_on)} for k in keys],
        "answers": [{"on": str(a.at.date()), "text": queries.in_words(a), "note": a.note} for a in told],
    }  # fmt: skip


def _drafts(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    drafts = db.exec(select(Draft).where(Draft.member_id == member_id)).all()
    return [{"form": d.form.split(":", 1)[0], "text": json.loads(d.fields)} for d in drafts]


def _flags(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    flags = db.exec(select(Flag).where(Flag.member_id == member_id).order_by(col(Flag.id))).all()
    return [
        {
            "on": str(f.on), "reason": f.reason, "note": f.note, "answered on": str(f.answered_on or ""),
            "answer": _(f.answer, **f.answer_params) if f.answer else "",
        }
        for f in flags
    ]  # fmt: skip


def stories(db: Session, member_id: UUID) -> dict[str, Any]:
    """Return the member's stories with texts, media, named services and the words suggested to them; what they agreed to;
    what was decided about them. Who suggested or decided is not told.
    """
    own = db.exec(select(Story).where(Story.author_id == member_id).order_by(col(Story.id))).all()
    ids = [s.id for s in own]
    texts = db.exec(select(StoryText).where(col(StoryText.story_id).in_(ids)).order_by(col(StoryText.id))).all()
    suggested, named = _suggested(db, ids), _named(db, ids)
    media = db.exec(select(Media).where(col(Media.story_id).in_(ids)).order_by(col(Media.id))).all()
    return {
        "stories": [
            {
                "reference": s.ref, "state": s.status.value, "who may see it": s.audience.value, "name form": s.name_form.value,
                "themes": s.themes, "published on": str(s.published_on or ""),
                "texts": [{k: getattr(t, k) for k in _TEXT} for t in texts if t.story_id == s.id],
                "media": [{"kind": m.kind.value, "description": m.alt, "files": _names(m)} for m in media if m.story_id == s.id],
                "other words suggested to me": suggested.get(s.id, []), "services it names": named.get(s.id, []),
            }
            for s in own
        ],
        "what I agreed to": _consents(db, member_id),
        "decisions about me": _decisions(db, [*ids, member_id]),
    }  # fmt: skip


def _suggested(db: Session, ids: list[UUID]) -> dict[UUID, list[dict[str, Any]]]:
    """Return what is suggested for the member's own texts, by story: words to them, which wait for their yes."""
    rows = db.exec(select(StoryProposal).where(col(StoryProposal.story_id).in_(ids)).order_by(col(StoryProposal.language))).all()
    found: dict[UUID, list[dict[str, Any]]] = {}
    for row in rows:
        one = {"language": row.language, "on": str(row.made_on), "words": json.loads(row.fields)}
        found.setdefault(row.story_id, []).append(one)
    return found


def _named(db: Session, ids: list[UUID]) -> dict[UUID, list[str]]:
    """Return the names of the services that each story mentions."""
    rows = db.execute(
        sa.select(col(StoryService.story_id), col(Service.name)).join(Service, col(Service.id) == StoryService.service_id)
        .where(col(StoryService.story_id).in_(ids)).order_by(col(Service.name))
    )  # fmt: skip
    found: dict[UUID, list[str]] = {}
    for story_id, name in rows:
        found.setdefault(story_id, []).append(name)
    return found


def _names(media: Media) -> list[str]:
    return [f["name"].rsplit("/", 1)[-1] for f in media.files.values() if isinstance(f, dict) and "name" in f]


def _consents(db: Session, member_id: UUID) -> list[dict[str, Any]]:
    rows = db.exec(select(Consent).where(Consent.member_id == member_id).order_by(col(Consent.id))).all()
    return [
        {
            "purpose": c.purpose.value, "act": c.act.value, "on": str(c.at.date()), "until": str(c.until_on or ""),
            "text version": c.text_version, "language": c.language, "how": c.how, "somebody helped": c.helper_present,
        }
        for c in rows
    ]  # fmt: skip


def _decisions(db: Session, subjects: list[UUID]) -> list[dict[str, Any]]:
    rows = db.exec(
        select(Decision).join(Case, col(Case.id) == Decision.case_id)
        .where(col(Case.subject_id).in_(subjects)).order_by(col(Decision.id))
    ).all()  # fmt: skip
    return [{"on": str(d.at.date()), "decision": d.outcome.value, "rule": d.rule, "reason": d.reason} for d in rows]


def media_files(db: Session, member_id: UUID) -> list[str]:
    """Return the names of the member's media files in the store."""
    found = db.exec(select(Media).join(Story, sa.and_(col(Story.id) == Media.story_id, col(Story.author_id) == member_id))).all()
    return [f["name"] for m in found for f in m.files.values() if isinstance(f, dict) and "name" in f]
