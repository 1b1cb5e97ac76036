"""For watchers: is the process alive, is the house in order, a few numbers behind a token of their own."""

import os
import shutil
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, Request
from sqlmodel import select
from starlette.responses import PlainTextResponse, Response

from app.core import crypto, migrate
from app.core.clock import now
from app.core.errors import NotFound
from app.domain.notifications.actions import waiting_long
from app.models.engine import Delivery, DeliveryState, JobRun
from app.web.house import house
from app.web.transactions import ReadDb

router = APIRouter()
LOW_DISK = 50 * 1024 * 1024


@router.get("/healthz")
async def alive() -> PlainTextResponse:
    """Say that the process answers; tells nothing else."""
    return PlainTextResponse("ok")


@router.get("/readyz")
def ready(request: Request) -> Response:
    """Say whether the database answers at this release's schema, media can be kept, and the queue moves."""
    home = house(request)
    troubles = []
    try:
        if not migrate.is_current(home.database):
            troubles.append("schema")
        else:
            with home.database.reading() as db:
                troubles += ["queue"] if waiting_long(db) else []
    except sa.exc.SQLAlchemyError:
        troubles.append("database")
    troubles += [name for name, folder in (("data", home.settings.data_dir), ("media", home.media.root)) if not _room(folder)]
    return PlainTextResponse("\n".join(troubles) or "ok", 503 if troubles else 200)


def _room(folder: Path) -> bool:
    """Say whether something can be kept in ``folder`` (or, before it is made, in the nearest one above that exists)."""
    there = next(place for place in (folder.absolute(), *folder.absolute().parents) if place.exists())
    return os.access(there, os.W_OK) and shutil.disk_usage(there).free >= LOW_DISK


@router.get("/metrics")
def metrics(request: Request, db: ReadDb) -> Response:
    """Return numbers about the machine, never about people, for a watcher with the token of the settings."""
    token = house(request).settings.metrics_token
    if not token or not crypto.same(request.headers.get("authorization", ""), f"Bearer {token}"):
        raise NotFound
    owed = db.exec(select(sa.func.count()).select_from(Delivery).where(Delivery.state == DeliveryState.OWED)).one()
    lines = [f"hearth_deliveries_owed {owed}"]
    for run in db.exec(select(JobRun)).all():
        age = (now() - run.last_at).total_seconds() if run.last_at else -1
        lines += [f'hearth_job_age_seconds{{job="{run.name}"}} {age:.0f}', f'hearth_job_ok{{job="{run.name}"}} {int(run.ok)}']
    lines.append(f"hearth_disk_free_bytes {shutil.disk_usage(house(request).settings.data_dir).free}")
    return PlainTextResponse("\n".join(lines) + "\n", media_type="text/plain; version=0.0.4")
