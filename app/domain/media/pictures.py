"""Make a picture that somebody sent safe and small; the original is never kept."""

from dataclasses import dataclass

from app.domain.media.limits import MEGABYTE, PICTURE_BOUNDS, PICTURE_BYTES, PICTURE_PIXELS
from app.domain.media.refusal import MediaRefused, refused
from app.domain.media.sandbox import Job, run

_JOB = Job("picture", "app.domain.media.picture_work", PICTURE_BOUNDS)


@dataclass(frozen=True, slots=True)
class Picture:
    """A re-made picture: WebP (≤ 1280 points, ≤ 120 kB), the same as JPEG, a thumbnail (WebP, ≤ 320, ≤ 8 kB), size."""

    webp: bytes
    jpeg: bytes
    thumb: bytes
    width: int
    height: int


def make_picture(data: bytes) -> Picture:
    """Return the re-made picture of ``data`` (JPEG, PNG or WebP); raise ``MediaRefused`` for everything else.

    Takes up to 10 seconds and blocks: call it from a thread or a job. Rules: limits.py.
    """
    if not data:
        raise refused("picture", "empty")
    if len(data) > PICTURE_BYTES:
        raise refused("picture", "too_big", PICTURE_BYTES // MEGABYTE, len(data))
    try:
        made = run(_JOB, data)
    except MediaRefused as problem:
        if problem.code == "too_many_pixels":
            raise refused("picture", problem.code, PICTURE_PIXELS // 1_000_000) from None
        raise
    if not _as_promised(made.parts):
        raise refused("picture", "broken")
    webp, jpeg, thumb = made.parts
    return Picture(webp, jpeg, thumb, int(made.numbers["width"]), int(made.numbers["height"]))


def _as_promised(parts: list[bytes]) -> bool:
    """Tell whether a child handed back a WebP, a JPEG and a WebP: a bent child shall not smuggle a page through."""
    heads = [part[:4] + part[8:12] for part in parts]
    return len(heads) == 3 and heads[0] == heads[2] == b"RIFFWEBP" and heads[1][:3] == b"\xff\xd8\xff"
