"""Make a recording that somebody sent safe and small; the original is never kept."""

from dataclasses import dataclass

from app.domain.media.limits import MEGABYTE, VOICE_BOUNDS, VOICE_BYTES, VOICE_SECONDS
from app.domain.media.refusal import MediaRefused, refused
from app.domain.media.sandbox import Job, run

_JOB = Job("voice", "app.domain.media.voice_work", VOICE_BOUNDS)
_SHORT = Job("voice", "app.domain.media.short_voice_work", VOICE_BOUNDS)


@dataclass(frozen=True, slots=True)
class Voice:
    """A re-made recording, mono: Ogg/Opus at 16 kbit/s, MP3 at 32 kbit/s for old phones, and its length in seconds."""

    opus: bytes
    mp3: bytes
    seconds: float


def make_voice(data: bytes, short: bool = False) -> Voice:
    """Return the re-made recording of ``data``; raise ``MediaRefused`` for what is not a sound recording ≤ 10 minutes.

    ``short``: ≤ 2 minutes.

    Takes about a second per minute of sound and blocks: call it from a thread or a job. Rules: limits.py.
    """
    if not data:
        raise refused("voice", "empty")
    if len(data) > VOICE_BYTES:
        raise refused("voice", "too_big", VOICE_BYTES // MEGABYTE, len(data))
    try:
        made = run(_SHORT if short else _JOB, data)
    except MediaRefused as problem:
        if problem.code == "too_long":
            raise refused("voice", "too_long_for_talk" if short else problem.code, VOICE_SECONDS // 60) from None
        raise
    if len(made.parts) != 2 or made.parts[0][:4] != b"OggS" or made.parts[1][:1] != b"\xff":
        raise refused("voice", "broken")
    return Voice(made.parts[0], made.parts[1], made.numbers["seconds"])
