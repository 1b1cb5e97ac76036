"""For browsers and robots: manifest, service worker, robots.txt, sitemap, security contact."""

import json
from xml.sax.saxutils import escape

from fastapi import APIRouter, Request
from starlette.responses import PlainTextResponse, Response

from app.core.clock import days, now
from app.core.errors import NotFound
from app.domain.stories.queries import public_addresses
from app.web.house import house
from app.web.transactions import Pages, ReadDb

router = APIRouter()
FIXED = ("/", "/stories", "/help", "/groups", "/about", "/safe", "/rules", "/privacy", "/join")


@router.get("/manifest.webmanifest")
async def manifest(request: Request) -> Response:
    """Return the neutral name and icon for the home screen."""
    home = house(request)
    content = {
        "name": home.settings.site_name, "short_name": home.settings.site_name, "start_url": "/", "display": "browser",
        "background_color": "#FBF6EE", "theme_color": "#FBF6EE",
        "icons": [
            {"src": home.static.url("icons/arch.svg"), "sizes": "any", "type": "image/svg+xml"},
            *({"src": home.static.url(f"icons/arch-{n}.png"), "sizes": f"{n}x{n}", "type": "image/png"} for n in (192, 512)),
        ],
    }  # fmt: skip
    headers = {"Cache-Control": "public, max-age=3600"}
    return Response(json.dumps(content, ensure_ascii=False), media_type="application/manifest+json", headers=headers)


@router.get("/sw.js")
async def service_worker(request: Request) -> Response:
    """Return the service worker; it is registered only when somebody keeps a page."""
    answer = house(request).static.response("js/sw.js", request.headers.get("accept-encoding", ""), immutable=False)
    if answer is None:
        raise NotFound
    return answer


@router.get("/offline")
async def offline(page: Pages) -> Response:
    """Return the page that a kept copy shows when there is no network."""
    return page("errors/offline.html", headers={"Cache-Control": "public, max-age=86400"})


@router.get("/robots.txt")
async def robots(request: Request) -> PlainTextResponse:
    """Tell robots what they may read: nothing, unless the operator wants public stories to be found."""
    settings = house(request).settings
    if not settings.index_stories:
        return PlainTextResponse("User-agent: *\nDisallow: /\n")
    closed = "".join(
        f"Disallow: {p}\n" for p in ("/me", "/my", "/desk", "/join", "/enter", "/back", "/flag", "/saved", "/api/partner")
    )
    return PlainTextResponse(f"User-agent: *\n{closed}Sitemap: {settings.base_url}/sitemap.xml\n")


@router.get("/sitemap.xml")
def sitemap(request: Request, db: ReadDb) -> Response:
    """List public pages; no dates, because they would tell when somebody wrote."""
    settings = house(request).settings
    paths = [*FIXED, *(public_addresses(db) if settings.index_stories else [])]
    urls = "".join(f"<url><loc>{escape(settings.base_url + p)}</loc></url>" for p in paths)
    body = f'<?xml version="1.0" encoding="utf-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{urls}</urlset>'
    return Response(body, media_type="application/xml")


@router.get("/.well-known/security.txt")
async def security(request: Request) -> PlainTextResponse:
    """Say where to report a weakness (RFC 9116)."""
    settings = house(request).settings
    contact = f"mailto:{settings.contact}" if "@" in settings.contact else f"{settings.base_url}/about"
    until = (now() + days(180)).strftime("%Y-%m-%dT00:00:00Z")
    lines = [f"Contact: {contact}", f"Expires: {until}", f"Canonical: {settings.base_url}/.well-known/security.txt"]
    return PlainTextResponse("\n".join([*lines, f"Preferred-Languages: {', '.join(settings.language_list)}", ""]))
