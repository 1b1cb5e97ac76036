"""Inside the locked-up process: turn the bytes of a picture into new, small pictures that carry nothing else."""

import contextlib
import re
import warnings
from io import BytesIO

# Named one by one: after the doors are locked, Pillow can load no plugin any more.
from PIL import Image, ImageOps, JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin

from app.domain.media.child import Answer, Refuse
from app.domain.media.limits import (
    JPEG_BYTES,
    PICTURE_FORMATS,
    PICTURE_PIXELS,
    PICTURE_SCANS,
    THUMB_BYTES,
    THUMB_SIDE,
    WEBP_BYTES,
    WEBP_SIDE,
)

_PLUGINS = (JpegImagePlugin, MpoImagePlugin, PngImagePlugin, TiffImagePlugin, WebPImagePlugin)
Image.preinit()
Image.MAX_IMAGE_PIXELS = PICTURE_PIXELS

# A marker is FF and a byte that is neither 00 (a stuffed FF), FF (padding) nor a restart mark.
_MARKER = re.compile(rb"\xff+([^\x00\xff\xd0-\xd7])")
_START_OF_SCAN, _END = 0xDA, 0xD9
_WITHOUT_LENGTH = frozenset({0x01, 0xD8})
_QUALITIES = (72, 58, 44, 32)
_HOPELESS = 2.5  # from best to worst quality a picture loses about 60 % of its bytes; beyond that only size helps
_SIDES = (1.0, 0.8, 0.6, 0.45, 0.3, 0.2)


def prepare() -> None:
    """Do the whole work once on a point of each format: Pillow loads parts of itself at first use only."""
    note = Image.Exif()
    note[0x0112] = 6
    for mode, kind in (("CMYK", "JPEG"), ("P", "PNG"), ("RGBA", "WEBP")):
        target = BytesIO()
        Image.new(mode, (2, 1)).save(target, kind, exif=note)
        work(target.getvalue())


def work(data: bytes) -> Answer:
    """Return the new width and height (points), and WebP, JPEG and thumbnail; refuse what is not an honest picture."""
    if count_scans(data) > PICTURE_SCANS:
        raise Refuse("too_heavy")
    large = _copy(_decode(data))
    webp, large = _fitting(large, "WEBP", WEBP_BYTES)
    jpeg, _ = _fitting(large, "JPEG", JPEG_BYTES)
    small = large.copy()
    small.thumbnail((THUMB_SIDE, THUMB_SIDE), Image.Resampling.LANCZOS)
    thumb, _ = _fitting(small, "WEBP", THUMB_BYTES)
    return {"width": large.width, "height": large.height}, [webp, jpeg, thumb]


def count_scans(data: bytes) -> int:
    """Return how many scans a JPEG announces (0 for other files), by walking its segments as a decoder would.

    Walking instead of counting the two bytes keeps an embedded thumbnail, and a film that a phone hides behind the
    end of the picture, out of the sum.
    """
    if not data.startswith(b"\xff\xd8"):
        return 0
    scans, place = 0, 2
    while found := _MARKER.search(data, place):
        kind, place = found[1][0], found.end()
        if kind == _END or scans > PICTURE_SCANS:
            break
        scans += kind == _START_OF_SCAN
        if kind not in _WITHOUT_LENGTH:
            place += int.from_bytes(data[place : place + 2])
    return scans


def _decode(data: bytes) -> Image.Image:
    """Return the first picture of ``data``, upright and no larger than needed, in a colour mode that can be resized."""
    with warnings.catch_warnings():
        warnings.simplefilter("error", Image.DecompressionBombWarning)
        try:
            image: Image.Image = Image.open(BytesIO(data), formats=PICTURE_FORMATS)
            if image.width * image.height > PICTURE_PIXELS:
                raise Refuse("too_many_pixels")
        except (Image.DecompressionBombWarning, Image.DecompressionBombError):
            raise Refuse("too_many_pixels") from None
        with contextlib.suppress(StopIteration, EOFError):
            image.seek(0)  # of a moving picture, the first
        image = _in_colours(image)
        # A large photograph is decoded at a fraction of its size right away: quicker, and far less memory.
        image.thumbnail((WEBP_SIDE, WEBP_SIDE), Image.Resampling.LANCZOS, reducing_gap=2.0)
        image.load()
        return _upright(image)


def _in_colours(image: Image.Image) -> Image.Image:
    """Return ``image`` in a mode that averages well: palettes and 16-bit greys would turn to stripes when shrunk."""
    if image.mode in ("RGB", "RGBA", "L", "CMYK"):
        return image
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda level: level / 256).convert("L")
    see_through = "A" in image.mode or "transparency" in image.info
    return image.convert("RGBA" if see_through else "RGB")


def _upright(image: Image.Image) -> Image.Image:
    """Turn ``image`` as its camera noted; a note that cannot be read is no reason to refuse the picture."""
    try:
        return ImageOps.exif_transpose(image)
    except Exception:  # anything can hide in a hostile note, and it is thrown away next
        return image


def _copy(image: Image.Image) -> Image.Image:
    """Copy nothing but the points into a new picture on white, so that no note, profile or comment can follow."""
    fresh = Image.new("RGB", image.size, "white")
    see_through = image.mode == "RGBA"
    fresh.paste(image.convert("RGBA" if see_through else "RGB"), (0, 0), image if see_through else None)
    return fresh


def _fitting(image: Image.Image, kind: str, most: int) -> tuple[bytes, Image.Image]:
    """Return ``image`` as ``kind`` in at most ``most`` bytes, and the picture used: lower quality first, then size."""
    smaller, made = image, b""
    for share in _SIDES:
        if share < 1.0:
            size = (max(1, round(image.width * share)), max(1, round(image.height * share)))
            smaller = image.resize(size, Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            made = _saved(smaller, kind, quality)
            if len(made) <= most:
                return made, smaller
            if len(made) > _HOPELESS * most:
                break
    return made, smaller


def _saved(image: Image.Image, kind: str, quality: int) -> bytes:
    """Return the bytes of ``image`` as ``kind`` ("WEBP" or "JPEG")."""
    target = BytesIO()
    if kind == "WEBP":
        image.save(target, "WEBP", quality=quality, method=4)
    else:
        image.save(target, "JPEG", quality=quality, optimize=True, progressive=True)
    return target.getvalue()
