"""How much a picture or a voice may weigh and how much work it may cost, with the reason for each number."""

from dataclasses import dataclass
from typing import Final

MEGABYTE: Final = 1024 * 1024

# A phone photograph weighs 2 to 6 MB; 8 MB lets nearly all of them in and keeps an upload bearable on a weak line.
PICTURE_BYTES: Final = 8 * MEGABYTE
# 24 megapixels is what a good phone takes. Pillow itself would only warn far beyond this, at 89 megapixels.
PICTURE_PIXELS: Final = 24_000_000
# Everything else reaches decoders nobody needs: an EPS under a .jpg name would be handed to Ghostscript.
PICTURE_FORMATS: Final = ("JPEG", "PNG", "WEBP")
# An honest progressive JPEG has about ten scans; one scan repeated thousands of times blocks a CPU for 20 seconds.
PICTURE_SCANS: Final = 100

# What goes out: readable within seconds at 250 kbit/s. Here 1 kB is 1000 bytes.
WEBP_SIDE: Final = 1280
WEBP_BYTES: Final = 120_000
JPEG_BYTES: Final = 200_000  # only for browsers without WebP, and JPEG needs more bytes for the same picture
THUMB_SIDE: Final = 320
THUMB_BYTES: Final = 8_000

# 15 MB holds 10 minutes in every format that phones record, and several minutes of plain WAV.
VOICE_BYTES: Final = 15 * MEGABYTE
VOICE_SECONDS: Final = 600
TALK_SECONDS: Final = 120  # in the talk of a group: what one still listens to in between
# Speech stays clear in Opus at 16 kbit/s (120 kB a minute); MP3 needs twice that and plays on every old phone.
OPUS_BITS: Final = 16_000
MP3_BITS: Final = 32_000
# Outside these the file is not a recording of speech, and resampling it would only cost work.
VOICE_RATES: Final = (4_000, 192_000)
VOICE_CHANNELS: Final = 8

# Two at once leave the web server its own breath on a machine with two cores.
CHILDREN_AT_ONCE: Final = 2
# Somebody who waits longer than this for a free place is better told to come back in a minute.
QUEUE_SECONDS: Final = 30.0


@dataclass(frozen=True, slots=True)
class Bounds:
    """What one child process may use: seconds by the clock, seconds of CPU, bytes of address space and of result."""

    wall: float
    cpu: int
    memory: int
    result: int


# Measured at 24 megapixels: up to 3 s of CPU, and 445 MB of address space for a see-through WebP, the worst of all.
# With its wall time a picture is answered within 10 seconds, whatever it is.
PICTURE_BOUNDS: Final = Bounds(wall=9.5, cpu=8, memory=576 * MEGABYTE, result=2 * MEGABYTE)
# Measured with 10 minutes of noise: 17 s of CPU, and 226 MB of address space, 58 MB of them the decoded sound.
VOICE_BOUNDS: Final = Bounds(wall=120.0, cpu=90, memory=384 * MEGABYTE, result=16 * MEGABYTE)
