"""What describes the public interface: its OpenAPI document, and the profile with what we add to HSDS and leave out."""

from functools import lru_cache
from typing import Any

import sqlalchemy as sa

from app.domain.directory.rows import TABLES, Record
from app.domain.directory.wire import schemas
from app.domain.directory.wire.asking import PARAMETERS, TAKES
from app.domain.directory.wire.lists import Kind
from app.domain.directory.wire.objects import source_of
from app.models.directory import Feed

VERSION = "3.1"
_PATH = "/api/hsds"
_STANDARD = "https://docs.openreferral.org/"
_FEED: sa.Table = Feed.__table__  # type: ignore[attr-defined]
_USED = sa.exists().where(TABLES["service"].c.feed_id == _FEED.c.id)
_SOURCES = sa.select(_FEED).where(_USED).order_by(_FEED.c.name)
# kind -> path, operation ids of HSDS (list, single), whether HSDS requires it, what the list holds
_ENDPOINTS: dict[Kind, tuple[str, str, str, bool, str]] = {
    "service": ("services", "getPaginatedListOfServices", "getFullyNestedServiceById", True, "services"),
    "taxonomy": ("taxonomies", "getPaginatedListOfTaxonomies", "getTaxonomyById", False, "taxonomies"),
    "taxonomy_term": ("taxonomy_terms", "getPaginatedListOfTaxonomyTerms", "getTaxonomyTermById", False, "categories"),
    "organization": ("organizations", "getPaginatedListOfOrganizations", "getOrganizationById", False, "organisations"),
    "service_at_location": ("service_at_locations", "getPaginatedListOfServiceAtLocation",
                            "getServiceAtLocationWithNestedDataById", False, "services at places"),
}  # fmt: skip
_HEADERS = {
    "ETag": "Changes with the content; send it back as If-None-Match.",
    "Last-Modified": "When it last moved, or for a list when anything of the directory did.",
}
DIFFERENCES = (
    "There is no list of locations, as in HSDS: places stand in service_at_locations and organizations.",
    "The organisation inside a service comes without its own locations and programmes; ask for the organisation.",
    "metadata is left out: the value before a change may be a number that somebody asked to have removed.",
    "A protected service (contact_through) has no place, number, hours, address or person anywhere, and no service_at_location.",
    "A service that ended stays 90 days with the status defunct, then it answers 410 or 404.",
    "search finds what people would find: not what ended, and not what nobody has confirmed for long.",
    "postcode is looked up among the addresses of this directory; service areas are compared by name.",
    "top_only gives the categories that are inside no other one.",
    "A page is a fixed part of its list: when something goes, its page becomes shorter; nothing moves to another page.",
)


def sources(connection: sa.Connection) -> list[Record]:
    """Return the sources that services came from, with their licences."""
    return [found for row in connection.execute(_SOURCES) if (found := source_of(dict(row._mapping)))]


@lru_cache(maxsize=4)
def openapi(base_url: str, title: str, contact: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    who = {"email": contact} if "@" in contact else {"url": f"{base_url}/about"}
    paths: dict[str, Any] = {"/": {"get": _announcement()}}
    for kind, (name, *_more) in _ENDPOINTS.items():
        paths[f"/{name}"] = {"get": _list(kind, "get"), "post": _list(kind, "post")}
        paths[f"/{name}/{{id}}"] = {"get": _single(kind)}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: the directory", "version": VERSION, "contact": who,
            "summary": "Services, who offers them and where, in the Human Services Data Specification.",
            "description": "For everybody, without a key. Languages by Accept-Language; the ids stay the same.",
            "license": {"name": "Of each source: see source of each service", "url": f"{base_url}{_PATH}/profile.json"},
        },
        "servers": [{"url": f"{base_url}{_PATH}"}],
        "externalDocs": {"description": "Human Services Data Specification (Open Referral)", "url": _STANDARD},
        "tags": [{"name": name, "description": f"{name} in HSDS."} for name in ("Required", "Optional")],
        "paths": paths,
        "components": {"schemas": {"Page": schemas.page(), "Problem": schemas.problem(), **schemas.objects()}},
    }  # fmt: skip


def _announcement() -> dict[str, Any]:
    texts = {"version": {"type": "string"}, "profile": {"type": "string", "format": "uri"},
             "openapi_url": {"type": "string", "format": "uri"}}  # fmt: skip
    schema = {"type": "object", "required": list(texts), "properties": texts}
    return {
        "operationId": "getAPIMetaInformation", "tags": ["Required"], "summary": "Which version, and where it is described.",
        "responses": {"200": {"description": "The announcement.", "content": {"application/json": {"schema": schema}}}},
    }  # fmt: skip


def _list(kind: Kind, method: str) -> dict[str, Any]:
    _path, name, _single_name, required, words = _ENDPOINTS[kind]
    lines = {"application/json": {"schema": schemas.page_of(kind)}, "application/x-ndjson": {"schema": {"type": "string"}}}
    found: dict[str, Any] = {
        "operationId": name if method == "get" else f"{name}ByPost", "summary": f"List {words}.",
        "tags": ["Required" if required and method == "get" else "Optional"],
        "parameters": [_parameter(one) for one in TAKES[kind]],
        "responses": {"200": {"description": f"A page of {words}.", "content": lines, "headers": _described()}, **_mistakes("422")},
    }  # fmt: skip
    if method == "get":
        found["responses"]["304"] = {"description": "Nothing has changed."}
        return found
    taken = {one: PARAMETERS[one].schema for one in TAKES[kind]}
    schema = {"type": "object", "properties": taken}
    forms = {"application/json": {"schema": schema}, "application/x-www-form-urlencoded": {"schema": schema}}
    found["summary"] += " The same question as GET, for who keeps words out of addresses: parameters may stand in the body."
    found["responses"] |= _mistakes("400", "413")
    return {**found, "requestBody": {"required": False, "content": forms}}


def _single(kind: Kind) -> dict[str, Any]:
    _path, _name, single_name, required, words = _ENDPOINTS[kind]
    key = {"name": "id", "in": "path", "required": True, "description": "Its id.", "schema": {"type": "string", "format": "uuid"}}
    more = [_parameter("full_service")] if kind == "organization" else []
    whole = {"description": "With everything nested in it.", "headers": _described(),
             "content": {"application/json": {"schema": schemas.reference(kind)}}}  # fmt: skip
    return {
        "operationId": single_name, "tags": ["Required" if required else "Optional"], "summary": f"One of the {words}.",
        "parameters": [key, *more], "responses": {"200": whole, "304": {"description": "Nothing has changed."},
                                                  **_mistakes("404", "410", "422")},
    }  # fmt: skip


def _parameter(name: str) -> dict[str, Any]:
    one = PARAMETERS[name]
    return {"name": name, "in": "query", "required": False, "description": one.about, "schema": one.schema}


def _described() -> dict[str, Any]:
    return {name: {"description": about, "schema": {"type": "string"}} for name, about in _HEADERS.items()}


def _mistakes(*codes: str) -> dict[str, Any]:
    said = {"400": "It cannot be read.", "404": "There is nothing with this id.", "410": "It was taken out of the directory.",
            "413": "It is too big.", "422": "A parameter cannot be used; detail says why."}  # fmt: skip
    content = {"application/problem+json": {"schema": schemas.reference("Problem")}}
    return {code: {"description": said[code], "content": content} for code in codes}


def profile(base_url: str, title: str, found: list[Record]) -> dict[str, Any]:
    """Return what this interface adds to HSDS (as a merge patch of its schemas), what is different, and the sources."""
    return {
        "title": f"HSDS profile of {title}", "hsds_version": VERSION, "extends": _STANDARD,
        "openapi_url": f"{base_url}{_PATH}/openapi.json",
        "schemas": {"service.json": {"properties": schemas.profile_fields()}}, "differences": list(DIFFERENCES), "sources": found,
    }  # fmt: skip
