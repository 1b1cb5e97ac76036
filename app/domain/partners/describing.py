"""What describes the partners' interface: its OpenAPI 3.1 document, with the schemas that checking.py reads by."""

from functools import lru_cache
from typing import Any

from app.domain.directory.for_whom import OPEN_TO
from app.domain.directory.needs import all_needs
from app.domain.directory.reading.fields import FIELDS, REQUIRED, child_of
from app.domain.directory.wire.schemas import problem, reference
from app.domain.partners.batches import ACTIONS, MOST
from app.domain.partners.checking import LANGUAGE, MOST_CHILDREN, MOST_LANGUAGES, NESTED
from app.domain.partners.queries import STATES
from app.domain.partners.taking import KINDS

Schema = dict[str, Any]
_TEXT: Schema = {"type": "string"}
_DAY: Schema = {"type": "string", "format": "date"}
_ID: Schema = {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[A-Za-z0-9._~:@-]+$"}
_PLAIN: dict[str, Schema] = {
    "text": {"type": "string", "maxLength": 20_000}, "name": {"type": "string", "minLength": 1, "maxLength": 500},
    "url": {"type": "string", "format": "uri"}, "email": {"type": "string", "format": "email"}, "number": {"type": "number"},
    "place": {"type": "number"}, "date": _DAY, "moment": {"type": "string", "format": "date-time"},
    "time": {"type": "string", "description": "09:00"}, "id": _ID, "country": {"type": "string", "pattern": "^[A-Z]{2}$"},
}  # fmt: skip
_SAID = {
    "400": "The body is no JSON.", "401": "There is no key, or it does not work: detail says why.",
    "403": "The key is not for that.", "404": "You have sent nothing with this id.",
    "409": "It does not stand so that this can be done.", "410": "It was taken out.", "413": "It is too big.",
    "422": "Something has to be changed: errors has a JSON pointer (RFC 6901) and a sentence for each mistake.",
    "429": "Too many requests; Retry-After says how many seconds to wait.",
}  # fmt: skip
_LIMITS = {
    "RateLimit-Limit": "How many requests a minute this key may make.", "RateLimit-Remaining": "How many are left.",
    "RateLimit-Reset": "In how many seconds it begins anew.",
}  # fmt: skip
_ONCE: Schema = {
    "name": "Idempotency-Key", "in": "header", "required": False,
    "schema": {"type": "string", "maxLength": 255, "pattern": "^[!-~]+$"},
    "description": "A value of your own for this request: sent again within two days it gets the first answer and does nothing.",
}  # fmt: skip


@lru_cache(maxsize=4)
def openapi(base_url: str, title: str, contact: str) -> dict[str, Any]:
    """Return the OpenAPI 3.1 document."""
    who = {"email": contact} if "@" in contact else {"url": f"{base_url}/about"}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": f"{title}: for partners", "version": "1", "contact": who,
            "summary": "Keep your own listings in the directory, under your own ids.",
            "description": "With a key (Authorization: Bearer …) from a coordinator of the network, or from your page /partner.",
        },
        "servers": [{"url": f"{base_url}/api/partner/v1"}],
        "security": [{"key": []}],
        "paths": _paths(),
        "components": {
            "securitySchemes": {"key": {"type": "http", "scheme": "bearer"}},
            "schemas": {**_objects(), **_answers()},
        },
    }  # fmt: skip


def _paths() -> dict[str, Any]:
    key = {"name": "id", "in": "path", "required": True, "description": "Your own id.", "schema": _ID}
    about = _operation("announce", "Which version, and where it is described.", "Announcement", "200")
    return {
        "/": {"get": {**about, "security": []}},
        "/me": {"get": _operation("aboutKey", "Whose key this is, what it is for, until when.", "Key", "200", "401", "403", "429")},
        "/services": {"get": {**_operation("listServices", "Your services with their standing.", "List", *_READS[:-1], "422"),
                              "parameters": _list_parameters()}},
        "/services/{id}": {
            "parameters": [key], "get": _operation("getService", "One of your services.", "Single", *_READS),
            "put": _sends("putService", "Take a service in, or put another in its place.", "service"),
            "delete": {**_operation("deleteService", "Take a service out.", "Standing", *_WRITES), "parameters": [_ONCE]},
        },
        "/services/{id}/verify": {
            "parameters": [key],
            "post": {**_operation("verifyService", "It is still as it stands here.", "Standing", *_WRITES, "409"),
                     "parameters": [_ONCE]},
        },
        "/organizations/{id}": {
            "parameters": [key], "get": _operation("getOrganization", "One of your organisations.", "Single", *_READS),
            "put": _sends("putOrganization", "Take an organisation in, or put another in its place.", "organization"),
        },
        "/batch": {"post": _sends("batch", f"Up to {MOST} things, each with an answer of its own.", "Batch", "Results", "200")},
    }  # fmt: skip


_READS = ("200", "401", "403", "429", "404")
_WRITES = ("200", "401", "403", "404", "413", "422", "429")


def _operation(name: str, summary: str, answer: str, *codes: str) -> dict[str, Any]:
    headers = {h: {"description": words, "schema": {"type": "integer"}} for h, words in _LIMITS.items()} if len(codes) > 1 else {}
    fine = {"application/json": {"schema": reference(answer)}}
    wrong = {"application/problem+json": {"schema": reference("Problem")}}
    responses = {
        code: {"description": _SAID[code], "content": wrong} if code in _SAID
        else {"description": "Taken in." if code == "201" else "Done.", "content": fine, "headers": headers}
        for code in codes
    }  # fmt: skip
    return {"operationId": name, "summary": summary, "responses": responses}


def _sends(name: str, summary: str, body: str, answer: str = "Standing", *codes: str) -> dict[str, Any]:
    found = _operation(name, summary, answer, *(codes or ("200", "201")), "400", "401", "403", "413", "422", "429")
    content = {"application/json": {"schema": reference(body)}}
    return {**found, "parameters": [_ONCE], "requestBody": {"required": True, "content": content}}


def _list_parameters() -> list[dict[str, Any]]:
    about: list[tuple[str, str, Schema]] = [
        ("cursor", "Where the page before ended (next).", {"type": "string", "maxLength": 40}),
        ("limit", "How many at a time.", {"type": "integer", "minimum": 1, "maximum": 200, "default": 50}),
        ("state", "Only those that stand so.", {"type": "string", "enum": list(STATES)}),
    ]
    return [
        {"name": name, "in": "query", "required": False, "description": words, "schema": schema} for name, words, schema in about
    ]


def _objects() -> dict[str, Schema]:
    """Return the schema of every object as it may be sent: HSDS with ids of the partner's own."""
    return {kind: _object(kind) for kind in FIELDS}


def _object(kind: str) -> Schema:
    properties = {"id": _ID, **{name: _of_type(type_) for name, type_ in FIELDS[kind].items()}}
    for name, (other, many) in NESTED.get(kind, {}).items():
        properties[name] = _many(other) if many else reference(other)
    required = [n for n in REQUIRED.get(kind, ()) if kind != "service_at_location"]
    if kind in ("location", "service_at_location", "program", "taxonomy", "taxonomy_term"):
        required = ["id", *required]
    if kind == "service":
        properties |= _ours()
    return {"type": "object", "required": required, "properties": properties} if required else {
        "type": "object", "properties": properties
    }  # fmt: skip


def _many(kind: str) -> Schema:
    return {"type": "array", "maxItems": MOST_CHILDREN, "items": reference(kind)}


def _of_type(type_: str) -> Schema:
    if type_.startswith("word:"):
        return {"type": "string", "enum": type_.removeprefix("word:").split("|")}
    child = child_of(type_)
    if child is None:
        return dict(_PLAIN[type_])
    return _many(child[0]) if child[1] else reference(child[0])


def _ours() -> dict[str, Schema]:
    code = f"^{LANGUAGE.pattern}$"
    needs = {"type": "array", "items": {"type": "string", "enum": [need.id for need in all_needs()]}}
    texts = {"type": "object", "additionalProperties": _TEXT}
    return {
        "language": {"type": "string", "pattern": code, "description": "In which language these texts are."},
        "needs": {**needs, "description": "For which of our few needs; left out, we read it from your categories and words."},
        "open_to": {"type": "array", "items": {"type": "string", "enum": list(OPEN_TO)},
                    "description": "For whom; say without_papers only where nobody asks for papers at all."},
        "translations": {"type": "object", "maxProperties": MOST_LANGUAGES, "propertyNames": {"pattern": code},
                         "additionalProperties": texts,
                         "description": "Name, description and other texts in other languages, by their code."},
    }  # fmt: skip


def _answers() -> dict[str, Schema]:
    error = {"type": "object", "required": ["pointer", "detail"], "properties": {"pointer": _TEXT, "detail": _TEXT}}
    wrong = problem()
    wrong["properties"]["errors"] = {"type": "array", "items": error}
    words = {"type": "array", "items": _TEXT}
    standing: dict[str, Schema] = {
        "id": _TEXT, "type": {"enum": list(KINDS)}, "name": _TEXT, "state": {"enum": [*STATES, "taken"]},
        "hsds_id": {"type": "string", "format": "uuid", "description": "Its id at /api/hsds, once it is there."}, "page": _TEXT,
        "verified_on": _DAY, "verify_due": _DAY, "last_modified": _TEXT, "sent_at": _TEXT, "protected": {"type": "boolean"},
        "kept": {**words, "description": "Fields that people of the network put right: what you send does not write over them."},
        "reported": {**words, "description": "What people said since the last check; never how many, or when."},
        "reason": {**_TEXT, "description": "Why it was declined."}, "notes": words,
        "warnings": {"type": "array", "items": {"type": "object", "required": ["code", "detail", "services"], "properties": {
            "code": {"enum": ["already_here"]}, "detail": _TEXT, "services": {"type": "array", "items": {
                "type": "object", "properties": {"name": _TEXT, "page": _TEXT}}}}},
            "description": "What is here already for the same need nearby; said once, of the first 20 new services of a request."},
        "ignored": {**words, "description": "Fields that are not of HSDS; they were passed over."},
        "result": {"enum": ["created", "updated", "unchanged", "verified", "deleted"]},
    }  # fmt: skip
    shown: Schema = {"type": "object", "required": ["id", "type", "name", "state"], "properties": standing}
    single = {
        "allOf": [reference("Standing"), {"type": "object", "required": ["object"], "properties": {"object": {"type": "object"}}}]
    }
    result: Schema = {"type": "object", "required": ["index", "status", "result"],
                      "properties": {"index": {"type": "integer"}, "status": {"type": "integer"}, "result": _TEXT,
                                     "errors": {"type": "array", "items": error}, "detail": _TEXT}}  # fmt: skip
    counts = {"type": "object", "additionalProperties": {"type": "integer"}}
    return {
        "Problem": wrong, "Standing": shown, "Single": single, "Batch": _batch(),
        "List": {"type": "object", "required": ["services"],
                 "properties": {"services": {"type": "array", "items": reference("Standing")}, "next": _TEXT}},
        "Results": {"type": "object", "required": ["results", "counts"],
                    "properties": {"results": {"type": "array", "items": result}, "counts": counts}},
        "Announcement": {"type": "object", "required": ["version", "openapi_url"],
                         "properties": {"version": _TEXT, "openapi_url": _TEXT, "hsds_version": _TEXT}},
        "Key": {"type": "object", "required": ["partner", "scopes", "until"],
                "properties": {"partner": _TEXT, "scopes": words, "until": _DAY, "agreement_until": _DAY,
                               "receives_referrals": {"type": "boolean"}, "why_not": _TEXT}},
    }  # fmt: skip


def _batch() -> Schema:
    item: Schema = {
        "type": "object",
        "properties": {
            "action": {"enum": list(ACTIONS), "default": "put"}, "type": {"enum": list(KINDS), "default": "service"}, "id": _ID,
            "object": {"anyOf": [reference("service"), reference("organization")]},
        },
    }  # fmt: skip
    items = {"type": "array", "minItems": 1, "maxItems": MOST, "items": item}
    return {"type": "object", "required": ["items"], "properties": {"items": items}}
