"""create_app(): middleware, routers, error pages. Assembly only."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

from fastapi import Depends, FastAPI

from app.core import crypto, logging
from app.core import settings as core_settings
from app.core.db import Database
from app.core.settings import Settings
from app.domain import wiring
from app.domain.media.store import from_url
from app.domain.moderation import posts
from app.routers import ROUTERS
from app.web import errors, gate
from app.web.edge import Edge
from app.web.house import House
from app.web.kept import KeptPages
from app.web.openness import OpenDoor
from app.web.origin import from_here
from app.web.pages import Pages, fingerprint
from app.web.static import StaticFiles


def create_app(settings: Settings | None = None) -> FastAPI:
    """Build the application for these settings (by default those of the environment)."""
    settings = settings or Settings()
    core_settings.use(settings)
    logging.set_up_if_bare(settings.log_level)
    crypto.set_seal_keys(settings.seals)
    wiring.connect()
    database, static = Database(settings.database), StaticFiles()
    pages = Pages(settings, static)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        Thread(target=posts.make_ready, name="checks", daemon=True).start()
        yield
        database.dispose()

    app = FastAPI(
        title=settings.site_name, openapi_url=None, docs_url=None, redoc_url=None, lifespan=life, redirect_slashes=False,
        telemetry={"tracing": False, "metrics": False, "logs": False}, dependencies=[Depends(from_here), Depends(gate.stand_open)],
    )  # fmt: skip
    app.state.house = House(settings, database, from_url(settings.media), static, pages)
    app.mount("/static", static)
    for router in ROUTERS:
        app.include_router(router)
    errors.register(app)
    app.add_exception_handler(gate.Closed, gate.answer)
    app.add_middleware(KeptPages, database=database, build=fingerprint(settings, static))
    app.add_middleware(errors.Mishaps)
    app.add_middleware(OpenDoor)
    app.add_middleware(Edge, settings=settings, style_hash=pages.style_hash)
    return app
