"""Objects of a partner into the directory: by the importer's own store, shown at once."""

from uuid import UUID

import sqlalchemy as sa
from sqlmodel import Session

from app.core.clock import now
from app.domain import versions
from app.domain.directory.compiling import compile_services
from app.domain.directory.ending import end_services, unlink
from app.domain.directory.pairs.finding import compare
from app.domain.directory.places import AreaBook
from app.domain.directory.reading.shapes import Item
from app.domain.directory.report import Report
from app.domain.directory.rows import Ids
from app.domain.directory.storing import LINK, Store
from app.domain.directory.wire.publish import OTHERS, publish
from app.models.directory import Feed
from app.models.partners import Partner

COMPARED_AT_ONCE = 20  # may they be copies of what is here? More are compared by the worker, within a minute


def feed_of(db: Session, partner: Partner) -> Feed:
    """Return the partner's own feed."""
    return db.get_one(Feed, partner.feed_id)


def place(db: Session, feed: Feed, items: list[Item]) -> None:
    """Store objects and show them; fields that a person put right stay, links that a listing no longer has go."""
    latest = list({(item.kind, item.foreign_id): item for item in items}.values())
    ids, book = Ids(feed.name), AreaBook.load(db.connection())
    Store(feed.id, ids, book, Report(feed.name), feed.language, feed.country, own_word=True).put(db, latest)
    by_kind: dict[str, list[UUID]] = {}
    for item in latest:
        by_kind.setdefault(item.kind, []).append(ids.of(item.kind, item.foreign_id))
    services = by_kind.get("service", [])
    _unlink_lost(db, services, by_kind.get("service_at_location", []))
    for kind in OTHERS:
        if kind in by_kind:
            publish(db, kind, by_kind[kind])
    compile_services(db, services, book)
    if len(services) <= COMPARED_AT_ONCE:
        compare(db, services)
    versions.bump(db, versions.DIRECTORY)


def _unlink_lost(db: Session, services: list[UUID], links: list[UUID]) -> None:
    lost = sa.select(LINK.c.id).where(LINK.c.service_id.in_(services), LINK.c.id.not_in(links))
    if services and (gone := list(db.execute(lost).scalars())):
        unlink(db, gone)


def take_out(db: Session, services: list[UUID]) -> None:
    """Say that services are gone: their pages answer 410, and 90 days later they leave the database."""
    end_services(db, services, now().date())
    compile_services(db, services, AreaBook.load(db.connection()))
    versions.bump(db, versions.DIRECTORY)
