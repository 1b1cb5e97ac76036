"""What pages take of a voice or a picture: addresses, sizes, length."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.domain.media.limits import THUMB_SIDE

KILOBYTE = 1000
NAMED = 40  # letters by which a voice is called


@dataclass(frozen=True, slots=True)
class Voice:
    """What the audio player takes."""

    url: str
    type: str
    fallback_url: str
    fallback_type: str
    length_text: str
    kb: int
    title: str
    file_name: str


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture; sizes in points. ``thumb`` is the address of the small one, "" where it is not shown."""

    url: str
    fallback_url: str
    kb: int
    width: int
    height: int
    alt: str
    thumb: str = ""

    @property
    def small(self) -> tuple[int, int]:
        """Return width and height of the small one, in points."""
        share = min(1.0, THUMB_SIDE / max(self.width, self.height, 1))
        return max(1, round(self.width * share)), max(1, round(self.height * share))


def voice(
    url: str, files: Mapping[str, Any], seconds: float | None, title: str, file_name: str = "", query: str = ""
) -> Voice:  # fmt: skip
    """Return a voice whose parts stand at ``url`` with their ending and ``query``."""
    return Voice(
        url=f"{url}.opus{query}", type="audio/ogg; codecs=opus", fallback_url=f"{url}.mp3{query}", fallback_type="audio/mpeg",
        length_text=length_text(seconds or 0), kb=kilobytes(files["opus"]["bytes"]), title=title, file_name=file_name,
    )  # fmt: skip


def of_words(url: str, row: Any, query: str = "") -> Voice:
    """Return a voice that goes with words: a row with ``seconds``, ``opus_bytes`` and ``body``, by whose beginning it is called."""
    return voice(url, {"opus": {"bytes": row.opus_bytes}}, row.seconds, row.body[:NAMED], query=query)


def picture(
    url: str, files: Mapping[str, Any], width: int | None, height: int | None, alt: str, small: bool = False,
    query: str = "",
) -> Picture:  # fmt: skip
    """Return a picture whose parts stand at ``url`` with their ending and ``query``."""
    return Picture(
        url=f"{url}.webp{query}", fallback_url=f"{url}.jpg{query}", kb=kilobytes(files["webp"]["bytes"]), width=width or 0,
        height=height or 0, alt=alt, thumb=f"{url}.thumb{query}" if small else "",
    )  # fmt: skip


def kilobytes(size: int) -> int:
    """Return a size for people: kB, rounded up."""
    return -(-size // KILOBYTE)


def length_text(seconds: float) -> str:
    """Return minutes and seconds, such as 2:10."""
    whole = round(seconds)
    return f"{whole // 60}:{whole % 60:02d}"
