"""Sending the bytes of a voice or a picture, or the part that a player asks for; never with a date, never as a page."""

from pathlib import PurePath

import anyio.to_thread
from fastapi import Request
from starlette.responses import Response

from app.domain.media.store import MEDIA_TYPES, MediaStore
from app.web.house import house


async def send(request: Request, name: str, called: str, kept: str) -> Response | None:
    """Answer with what is stored as ``name``; None when it is not there.

    ``called``: its name where somebody saves it, without its ending.
    ``kept`` says who may keep the answer and how long (Cache-Control).
    """
    try:
        data = await anyio.to_thread.run_sync(_bytes, house(request).media, name)
    except KeyError:
        return None
    return send_bytes(request, data, f"{called}{PurePath(name).suffix}", kept)


def send_bytes(request: Request, data: bytes, called: str, kept: str) -> Response:
    """Answer with bytes that are at hand; ``called``: their name with its ending, ``kept`` as in ``send``."""
    headers = {
        "Cache-Control": kept, "Content-Security-Policy": "default-src 'none'; sandbox", "X-Robots-Tag": "noindex",
        "Accept-Ranges": "bytes", "Content-Disposition": f'inline; filename="{called}"',
    }  # fmt: skip
    return _part(data, request.headers.get("range", ""), MEDIA_TYPES[PurePath(called).suffix], headers)


def _bytes(store: MediaStore, name: str) -> bytes:
    with store.open(name) as file:
        return file.read()


def _part(data: bytes, wanted: str, kind: str, headers: dict[str, str]) -> Response:
    """Answer with all bytes, or with the one range asked for (RFC 9110, section 14); several ranges get everything."""
    span = byte_range(wanted, len(data))
    if span is None:
        return Response(data, 200, headers, media_type=kind)
    start, end = span
    if start >= end:
        return Response(b"", 416, {**headers, "Content-Range": f"bytes */{len(data)}"}, media_type=kind)
    headers = {**headers, "Content-Range": f"bytes {start}-{end - 1}/{len(data)}"}
    return Response(data[start:end], 206, headers, media_type=kind)


def byte_range(wanted: str, size: int) -> tuple[int, int] | None:
    """Return start and end (exclusive) of a single range, None for no or an unreadable one; empty: not satisfiable."""
    unit, _eq, span = wanted.partition("=")
    first, dash, last = (part.strip() for part in span.partition("-"))
    fine = unit.strip().lower() == "bytes" and dash and all(p.isascii() and (p.isdigit() or not p) for p in (first, last))
    if not fine or not (first or last) or max(len(first), len(last)) > 12:
        return None
    if not first:
        return max(0, size - int(last)), size if int(last) else 0
    if last and int(last) < int(first):
        return None
    return int(first), min(int(last) + 1, size) if last else size
