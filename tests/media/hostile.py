"""Makers of honest and hostile pictures and recordings; nothing is taken from elsewhere."""

import math
import struct
import wave
import zlib
from array import array
from collections.abc import Callable
from fractions import Fraction
from io import BytesIO
from typing import Any

import av
from PIL import Image
from PIL.PngImagePlugin import PngInfo

CANARY = b"canary-7f3k"


def photo(width: int = 640, height: int = 480, mode: str = "RGB") -> Image.Image:
    """Return a soft picture, red on its left side and blue on its right."""
    left_to_right = Image.linear_gradient("L").rotate(90).resize((width, height))
    top_to_bottom = Image.linear_gradient("L").resize((width, height))
    return Image.merge("RGB", (left_to_right.point(lambda v: 255 - v), top_to_bottom, left_to_right)).convert(mode)


def saved(image: Image.Image, kind: str, **more: Any) -> bytes:
    """Return ``image`` as a file of ``kind``."""
    target = BytesIO()
    image.save(target, kind, **more)
    return target.getvalue()


def chunk(kind: bytes, body: bytes) -> bytes:
    """Return one chunk of a PNG."""
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_bomb(width: int, height: int) -> bytes:
    """Return a tiny PNG of ``width`` × ``height`` black points."""
    row = bytes(1 + (width + 7) // 8)
    packer = zlib.compressobj(9)
    body = b"".join(packer.compress(row * 100) for _ in range(height // 100)) + packer.compress(row * (height % 100))
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    body += packer.flush()
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


def scan_bomb(width: int, height: int, scans: int) -> bytes:
    """Return a progressive JPEG whose last scan is repeated until there are at least ``scans``."""
    honest = saved(Image.new("L", (width, height), 90), "JPEG", progressive=True)
    last = honest.rindex(b"\xff\xda")
    return honest[:last] + honest[last:-2] * scans + b"\xff\xd9"


def webp_claiming(width: int, height: int) -> bytes:
    """Return a moving WebP that claims a canvas of ``width`` × ``height``."""
    honest = bytearray(saved(photo(8, 8), "WEBP", save_all=True, append_images=[photo(8, 8).rotate(90)], duration=100))
    honest[24:30] = (width - 1).to_bytes(3, "little") + (height - 1).to_bytes(3, "little")
    return bytes(honest)


def marked_jpeg() -> bytes:
    """Return a JPEG with the canary in GPS, camera name, comment, colour profile, XMP, thumbnail and behind its end."""
    note = Image.Exif()
    note[0x010F] = CANARY.decode() + " camera"
    note[0x9286] = CANARY.decode() + " remark"
    note.get_ifd(0x8825)[1] = "N"
    note.get_ifd(0x8825)[27] = CANARY + b" place"
    hidden = saved(photo(32, 32), "JPEG", comment=CANARY)
    exif = note.tobytes() + hidden
    more = {"icc_profile": CANARY * 20, "comment": CANARY, "xmp": b"<x>" + CANARY + b"</x>"}
    return saved(photo(), "JPEG", exif=exif, **more) + CANARY + hidden


def marked_png() -> bytes:
    """Return a PNG with the canary in texts, colour profile, EXIF and a private chunk."""
    texts = PngInfo()
    texts.add_text("Author", CANARY.decode())
    texts.add_text("Comment", CANARY.decode(), zip=True)
    texts.add_itxt("XML:com.adobe.xmp", CANARY.decode())
    texts.add(b"prVt", CANARY)
    note = Image.Exif()
    note[0x010F] = CANARY.decode()
    return saved(photo(), "PNG", pnginfo=texts, icc_profile=CANARY * 20, exif=note) + CANARY


def marked_webp() -> bytes:
    """Return a WebP with the canary in XMP, EXIF and colour profile."""
    note = Image.Exif()
    note[0x010F] = CANARY.decode()
    return saved(photo(), "WEBP", xmp=CANARY, exif=note, icc_profile=CANARY * 20) + CANARY


def tone(seconds: float, rate: int = 16_000, level: int = 8_000) -> "array[int]":
    """Return a tone of 300 Hz as 16-bit samples."""
    step = 2 * math.pi * 300 / rate
    return array("h", [int(level * math.sin(step * place)) for place in range(int(seconds * rate))])


def wav(seconds: float, rate: int = 16_000, channels: int = 1) -> bytes:
    """Return a WAV with a tone."""
    target = BytesIO()
    with wave.open(target, "wb") as sink:
        sink.setnchannels(channels)
        sink.setsampwidth(2)
        sink.setframerate(rate)
        sink.writeframes(tone(seconds * channels, rate).tobytes())
    return target.getvalue()


def quiet_wav(seconds: int) -> bytes:
    """Return a WAV of silence: 8 bits, 8000 samples a second."""
    target = BytesIO()
    with wave.open(target, "wb") as sink:
        sink.setnchannels(1)
        sink.setsampwidth(1)
        sink.setframerate(8_000)
        sink.writeframes(b"\x80" * (seconds * 8_000))
    return target.getvalue()


def sound(kind: str, codec: str, rate: int, seconds: float = 2.0, tracks: int = 1, **tags: str) -> bytes:
    """Return a recording as phones make them: container ``kind``, ``codec``, samples a second, ``tags``."""
    return _muxed(kind, lambda sink: _add_sound(sink, codec, rate, seconds, tracks), tags)


def film(with_sound: bool) -> bytes:
    """Return a short film as MP4."""

    def fill(sink: Any) -> None:
        stream = sink.add_stream("mpeg4", rate=Fraction(10))
        stream.width, stream.height, stream.pix_fmt = 32, 32, "yuv420p"
        voice = sink.add_stream("aac", rate=16_000, layout="mono") if with_sound else None
        for _ in range(5):
            sink.mux(stream.encode(av.VideoFrame.from_image(photo(32, 32))))
        sink.mux(stream.encode(None))
        if voice:
            _encode_tone(sink, voice, 16_000, 1.0)

    return _muxed("mp4", fill, {})


def _muxed(kind: str, fill: Callable[[Any], None], tags: dict[str, str]) -> bytes:
    target = BytesIO()
    with av.open(target, "w", format=kind) as sink:
        sink.metadata.update(tags)
        fill(sink)
    return target.getvalue()


def _add_sound(sink: Any, codec: str, rate: int, seconds: float, tracks: int) -> None:
    layout = "stereo" if codec in ("vorbis", "libopus") else "mono"
    streams = [sink.add_stream(codec, rate=rate, layout=layout, options={"strict": "-2"}) for _ in range(tracks)]
    for place, stream in enumerate(streams):
        _encode_tone(sink, stream, rate, seconds + place)


def _encode_tone(sink: Any, stream: Any, rate: int, seconds: float) -> None:
    frame = av.AudioFrame(format="s16", layout="mono", samples=int(seconds * rate))
    frame.sample_rate = rate
    frame.planes[0].update(tone(seconds, rate).tobytes().ljust(frame.planes[0].buffer_size, b"\0"))
    sink.mux(stream.encode(frame))
    sink.mux(stream.encode(None))


def with_cover_mp3() -> bytes:
    """Return an MP3 with title, place and a cover picture, all carrying the canary."""
    cover = saved(photo(64, 64), "JPEG", comment=CANARY)
    body = b"\x00image/jpeg\x00\x03\x00" + cover
    frames = b"APIC" + struct.pack(">IH", len(body), 0) + body
    for name in (b"TIT2", b"TPE1", b"COMM"):
        text = b"\x00eng\x00" + CANARY if name == b"COMM" else b"\x00" + CANARY
        frames += name + struct.pack(">IH", len(text), 0) + text
    size = bytes(len(frames) >> shift & 0x7F for shift in (21, 14, 7, 0))
    return b"ID3\x03\x00\x00" + size + frames + sound("mp3", "libmp3lame", 24_000, title=CANARY.decode())


def with_cover_flac() -> bytes:
    """Return a FLAC with a comment and a cover picture that carry the canary."""
    honest = sound("flac", "flac", 16_000, title=CANARY.decode(), location=CANARY.decode())
    cover = saved(photo(64, 64), "JPEG", comment=CANARY)
    words = [struct.pack(">I", len(part)) + part for part in (b"image/jpeg", CANARY)]
    block = struct.pack(">I", 3) + b"".join(words) + struct.pack(">5I", 64, 64, 24, 0, len(cover)) + cover
    first = 4 + 4 + 34  # the mark, then the head and body of the first block
    return honest[:first] + b"\x06" + len(block).to_bytes(3, "big") + block + honest[first:]
