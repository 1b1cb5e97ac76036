"""Another server that speaks HSDS is asked page by page: for all of its services, and in between only for what has changed."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from urllib.parse import urlencode

from app.core.clock import now

PER_PAGE: Final = 100
MOST_PAGES: Final = 3_000
MOST_SECONDS: Final = 1_800.0
MOST_PAGE_BYTES: Final = 8 * 1024 * 1024  # a page is parsed in memory, where it takes about 24 times as much
_EARLIER: Final = timedelta(hours=1)  # the other side's clock may be another one
_ALL_AFTER: Final = timedelta(days=7)  # what has gone is seen only when all is asked for
_MARK: Final = "crawl "
_LARGEST_ROOT: Final = 64 * 1024
_NESTED: Final = ("phones", "contacts", "schedules", "service_at_locations", "languages", "service_areas", "cost_options")
Ask = Callable[[str], Any]  # an address to the JSON that stands there


class Broken(Exception):
    """What came is not the whole; the word says why: shape, fewer, thin, long."""


@dataclass(frozen=True, slots=True)
class Crawl:
    """What is asked for: all, or what changed ``since``; ``mark`` is kept for the next time once this one is whole."""

    since: datetime | None
    mark: str


def is_server(path: Path) -> bool:
    """Say whether a file is the first page of an HSDS API: its version and where it is described."""
    if path.stat().st_size > _LARGEST_ROOT:
        return False
    try:
        root = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return False
    return isinstance(root, dict) and isinstance(root.get("version"), str) and ("openapi_url" in root or "profile" in root)


def was_crawled(mark: str) -> bool:
    """Say whether a mark is one of ours, and no ETag of the other side."""
    return mark.startswith(_MARK)


def plan(mark: str) -> Crawl:
    """Return what is asked for now, by the mark of the last time ("crawl LAST-OF-ALL LAST"); all of it every week."""
    moment = now().replace(microsecond=0)
    try:
        last_of_all, last = (datetime.fromisoformat(part) for part in mark.removeprefix(_MARK).split(" "))
    except ValueError:
        return Crawl(None, f"{_MARK}{moment.isoformat()} {moment.isoformat()}")
    if moment - last_of_all >= _ALL_AFTER:
        return Crawl(None, f"{_MARK}{moment.isoformat()} {moment.isoformat()}")
    return Crawl(last - _EARLIER, f"{_MARK}{last_of_all.isoformat()} {moment.isoformat()}")


def write(base: str, crawl: Crawl, ask: Ask, into: Path, most_bytes: int) -> int:
    """Write the services below ``base`` into a file, one JSON object a line; return how many. Raises Broken."""
    known: set[str] = set()
    nested, size = False, 0
    with into.open("w", encoding="utf-8") as file:
        for one in _services(base, crawl, ask):
            line = json.dumps(one, ensure_ascii=False) + "\n"
            size += len(line.encode())
            if size > most_bytes:
                raise Broken("long")
            known.add(str(one.get("id")))
            nested = nested or any(one.get(name) for name in _NESTED)
            file.write(line)
    if known and not nested:  # only what stands in a list: numbers and hours of what we have would go
        raise Broken("thin")
    return len(known)


def _services(base: str, crawl: Crawl, ask: Ask) -> Iterator[dict[str, Any]]:
    since = {"modified_after": crawl.since.isoformat().replace("+00:00", "Z")} if crawl.since else {}
    known, ends = set[str](), time.monotonic() + MOST_SECONDS
    for number in range(1, MOST_PAGES + 1):
        if time.monotonic() > ends:
            raise Broken("long")
        page = ask(f"{base.rstrip('/')}/services?{urlencode({'full': 'true', 'per_page': PER_PAGE, 'page': number, **since})}")
        found = page.get("contents") if isinstance(page, dict) else None
        if not isinstance(found, list) or not all(isinstance(one, dict) for one in found):
            raise Broken("shape")
        ids = {str(one.get("id")) for one in found}
        if found and ids <= known:  # the same page again and again
            raise Broken("shape")
        known |= ids
        yield from found
        if not found or page.get("last_page") is True or number >= _pages(page):
            if not crawl.since and len(known) < _total(page):
                raise Broken("fewer")
            return
    raise Broken("long")


def _pages(page: dict[str, Any]) -> int:
    number = page.get("total_pages")
    return number if isinstance(number, int) and number > 0 else MOST_PAGES


def _total(page: dict[str, Any]) -> int:
    number = page.get("total_items")
    return number if isinstance(number, int) else 0
