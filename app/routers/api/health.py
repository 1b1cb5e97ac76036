"""For watchers: is the process alive, is the house in order, a few numbers behind a token of their own."""

import shutil
from pathlib import Path

import sqlalchemy as sa
from fastapi import APIRouter, Request
from sqlmodel import select
from starlette.responses import PlainTextResponse, Response

from app.core import crypto, migrate
from app.core.clock import now
from app.core.errors import NotFound
from app.domain.media.store import from_url
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
    except sa.exc.SQLAlchemyError:
        troubles.append("database")
    try:
        root = from_url(home.settings.media).root
        if shutil.disk_usage(root if root.exists() else Path(root).parent).free < LOW_DISK:
            troubles.append("disk")
    except OSError:
        troubles.append("media")
    return PlainTextResponse("\n".join(troubles) or "ok", 503 if troubles else 200)


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
