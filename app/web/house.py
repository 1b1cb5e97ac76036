"""What one running application holds: settings, database, media, pages."""

from array import array
from dataclasses import dataclass, field

import anyio
from fastapi import Request

from app.core.db import Database
from app.core.settings import Settings
from app.domain.directory.queries import Towns
from app.domain.directory.wire.lists import matches
from app.domain.media.store import MediaStore
from app.domain.search.queries import Ranked, ranked_searches
from app.domain.search.remembered import Remembered
from app.web.pages import Pages
from app.web.static import StaticFiles

WRITERS = 8  # far fewer than threads (40): each needs one to begin, one to work and one to end


@dataclass(frozen=True, slots=True)
class House:
    """Built once by create_app(); reached through ``request.app.state.house``."""

    settings: Settings
    database: Database
    media: MediaStore
    static: StaticFiles
    pages: Pages
    searches: Remembered[Ranked] = field(default_factory=ranked_searches)
    towns: Towns = field(default_factory=Remembered)
    writers: anyio.Semaphore = field(default_factory=lambda: anyio.Semaphore(WRITERS))  # requests that write at a time
    matches: "Remembered[array[int]]" = field(default_factory=matches)


def house(request: Request) -> House:
    """Return the house of the running application."""
    result: House = request.app.state.house
    return result
