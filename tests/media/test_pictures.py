"""Pictures: honest ones come out small, upright and bare; hostile ones are refused quickly with a clear sentence."""

import random
import re
from collections.abc import Callable
from io import BytesIO

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from app.core.i18n import speaking
from app.domain.media.limits import (
    JPEG_BYTES,
    PICTURE_BYTES,
    PICTURE_SCANS,
    THUMB_BYTES,
    THUMB_SIDE,
    WEBP_BYTES,
    WEBP_SIDE,
)
from app.domain.media.picture_work import count_scans, work
from app.domain.media.pictures import Picture, make_picture
from app.domain.media.refusal import MediaRefused
from tests.media.hostile import (
    CANARY,
    marked_jpeg,
    marked_png,
    marked_webp,
    photo,
    png_bomb,
    saved,
    scan_bomb,
    webp_claiming,
)


def opened(data: bytes) -> Image.Image:
    """Return the picture in ``data``, loaded."""
    image = Image.open(BytesIO(data))
    image.load()
    return image


def refusal(data: bytes) -> MediaRefused:
    """Return the refusal of ``data``; fail if it is taken."""
    with pytest.raises(MediaRefused) as caught:
        make_picture(data)
    return caught.value


def taken(data: bytes) -> str:
    """Return "" if ``data`` became a picture as promised, else the code of its refusal."""
    try:
        check(make_picture(data))
    except MediaRefused as problem:
        return problem.code
    return ""


def check(made: Picture) -> None:
    """Assert all that is promised of every re-made picture."""
    webp, jpeg, thumb = opened(made.webp), opened(made.jpeg), opened(made.thumb)
    assert (webp.format, jpeg.format, thumb.format) == ("WEBP", "JPEG", "WEBP")
    assert webp.size == (made.width, made.height)
    assert max(webp.size) <= WEBP_SIDE
    assert max(thumb.size) <= THUMB_SIDE
    assert len(made.webp) <= WEBP_BYTES
    assert len(made.jpeg) <= JPEG_BYTES
    assert len(made.thumb) <= THUMB_BYTES
    for data in (made.webp, made.thumb):
        assert data[12:16] == b"VP8 "  # the simple form: it has no room for notes, profiles or frames
        assert len(data) == 8 + int.from_bytes(data[4:8], "little")
    assert set(jpeg.info) <= {"jfif", "jfif_version", "jfif_unit", "jfif_density", "progressive", "progression"}
    assert made.jpeg.endswith(b"\xff\xd9")
    assert not re.search(rb"Exif|ICC_PROFILE|http://ns|\xff\xfe", made.jpeg[:200])
    assert CANARY not in made.webp + made.jpeg + made.thumb


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_an_honest_picture_comes_out_small_and_alike(kind: str) -> None:
    made = make_picture(saved(photo(1600, 1200), kind))
    check(made)
    assert (made.width, made.height) == (1280, 960)
    red, _, blue = opened(made.webp).convert("RGB").getpixel((20, 480))
    assert red > 200
    assert blue < 60


def test_noise_is_made_smaller_until_it_fits() -> None:
    noise = Image.frombytes("RGB", (1280, 960), random.Random(1).randbytes(1280 * 960 * 3))
    made = make_picture(saved(noise, "JPEG", quality=90))
    check(made)
    assert made.width < 1280
    assert made.width / made.height == pytest.approx(4 / 3, abs=0.01)


@pytest.mark.parametrize("size", [(1, 1), (1, 3000), (5000, 2)])
def test_odd_sizes(size: tuple[int, int]) -> None:
    check(make_picture(saved(photo(*size), "PNG")))


@pytest.mark.parametrize("turn", range(1, 9))
def test_a_picture_is_turned_as_its_camera_noted(turn: int) -> None:
    note = Image.Exif()
    note[0x0112] = turn
    numbers, parts = work(saved(photo(64, 32), "JPEG", exif=note))
    assert (numbers["width"], numbers["height"]) == ((64, 32) if turn < 5 else (32, 64))
    made = opened(parts[0]).convert("RGB")
    places = {1: (2, 16), 2: (61, 16), 3: (61, 16), 4: (2, 16), 5: (16, 2), 6: (16, 2), 7: (16, 61), 8: (16, 61)}
    red, _, blue = made.getpixel(places[turn])
    assert red > blue + 100


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16", "CMYK"])
def test_every_kind_of_colour(mode: str) -> None:
    grey = Image.new("I;16", (300, 200), 40_000) if mode == "I;16" else photo(300, 200, mode)
    made = make_picture(saved(grey, "JPEG" if mode == "CMYK" else "PNG"))
    check(made)
    assert (made.width, made.height) == (300, 200)
    if mode == "I;16":
        assert abs(opened(made.webp).convert("L").getpixel((150, 100)) - 156) < 4


def test_see_through_parts_become_white() -> None:
    made = make_picture(saved(Image.new("RGBA", (50, 50), (200, 0, 0, 0)), "PNG"))
    assert opened(made.jpeg).getpixel((25, 25)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_of_a_moving_picture_the_first_is_taken(kind: str) -> None:
    frames = [Image.new("RGB", (60, 60), colour) for colour in ("red", "blue", "green")]
    made = make_picture(saved(frames[0], kind, save_all=True, append_images=frames[1:], duration=50))
    check(made)
    red, green, blue = opened(made.webp).convert("RGB").getpixel((30, 30))
    assert red > 200
    assert green + blue < 60


def test_a_photo_with_a_second_picture_inside_is_taken_as_one() -> None:
    made = make_picture(saved(photo(), "MPO", save_all=True, append_images=[photo().rotate(180)]))
    check(made)
    assert opened(made.webp).convert("RGB").getpixel((5, 240))[0] > 200


@pytest.mark.parametrize("maker", [marked_jpeg, marked_png, marked_webp])
def test_nothing_but_the_points_survives(maker: Callable[[], bytes]) -> None:
    data = maker()
    assert CANARY in data
    check(make_picture(data))


def test_too_big_a_file_is_refused_with_its_size_and_a_way_on() -> None:
    problem = refusal(b"\xff\xd8" + bytes(30 * 1024 * 1024 - 2))
    assert problem.code == "too_big"
    assert problem.sentence == ("This picture is too big (30 MB). Up to 8 MB works. Send it smaller, or record your voice.")
    assert "(8.1 MB)" in refusal(bytes(PICTURE_BYTES + 1)).sentence


def test_no_bytes() -> None:
    assert refusal(b"").code == "empty"


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"\xff\xd8<html><script>alert(1)</script>",
        b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 10 10\nshowpage\n%%EOF\n",
        b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\n",
        b"SIMPLE  =                    T / FITS".ljust(2880),
        saved(photo(), "GIF"),
        saved(photo(), "TIFF"),
        saved(photo(), "BMP"),
        saved(photo(), "ICO"),
        saved(photo(), "JPEG2000"),
        saved(photo(), "EPS"),
        saved(photo(), "JPEG")[:3000],
        saved(photo(), "PNG")[:-200],
        saved(photo(), "WEBP")[:-200],
        b"\xff\xd8\xff" * 1000,
        b"\x89PNG\r\n\x1a\n" + b"\0" * 5000,
    ],
    ids=range(17),
)
def test_what_is_not_a_whole_jpeg_png_or_webp_is_refused(data: bytes) -> None:
    problem = refusal(data)
    assert problem.code == "unreadable"
    assert "JPEG, PNG or WebP" in problem.sentence


def test_a_tiny_file_of_900_megapixels_is_refused() -> None:
    bomb = png_bomb(30_000, 30_000)
    assert len(bomb) < 200_000
    problem = refusal(bomb)
    assert problem.code == "too_many_pixels"
    assert "24 million" in problem.sentence


@pytest.mark.parametrize(("size", "code"), [((6000, 4000), ""), ((6000, 4001), "too_many_pixels")])
def test_24_megapixels_are_the_edge(size: tuple[int, int], code: str) -> None:
    if code:
        assert refusal(png_bomb(*size)).code == code
    else:
        assert make_picture(png_bomb(*size)).width == 1280


def test_a_canvas_larger_than_memory_is_refused() -> None:
    assert refusal(b"RIFF\xff\xff\xff\xffWEBPVP8X" + b"\xff" * 500).code == "too_many_pixels"
    assert refusal(webp_claiming(16_383, 16_383)).code in ("too_heavy", "too_many_pixels", "unreadable")


def test_one_scan_repeated_thousands_of_times_is_refused_before_decoding() -> None:
    bomb = scan_bomb(1000, 1000, 5000)
    assert count_scans(bomb) > PICTURE_SCANS
    assert refusal(bomb).code == "too_heavy"


def test_as_many_scans_as_allowed_on_a_huge_picture_end_within_the_limits() -> None:
    bomb = scan_bomb(6000, 4000, 85)
    assert 85 < count_scans(bomb) <= PICTURE_SCANS
    assert taken(bomb) in ("", "too_heavy")


def test_scans_hidden_in_notes_and_behind_the_end_do_not_count() -> None:
    honest = saved(photo(), "JPEG", progressive=True, comment=b"\xff\xda" * 500)
    assert 5 < count_scans(honest) < 15
    with_film = honest + b"\x00\x00\x00\x18ftypmp42" + b"\xff\xda\x00\x08" * 400
    assert count_scans(with_film) == count_scans(honest)
    check(make_picture(with_film))
    assert count_scans(saved(photo(), "PNG")) == 0


def test_refusals_are_spoken_in_the_language_of_the_moment() -> None:
    with speaking("en"):
        assert refusal(b"x").sentence == "We cannot open this as a picture. A photo as JPEG, PNG or WebP works."


@settings(max_examples=300, deadline=None, derandomize=True, database=None)
@given(st.binary(max_size=400), st.integers(0, 130))
def test_counting_scans_takes_anything(tail: bytes, scans: int) -> None:
    counted = count_scans(b"\xff\xd8" + b"\xff\xda\x00\x02\x11" * scans + b"\xff\xd9" + tail)
    assert counted == min(scans, PICTURE_SCANS + 1)
    assert 0 <= count_scans(b"\xff\xd8" + tail) <= PICTURE_SCANS + 1


SEEDS = [saved(photo(40, 30), "JPEG", progressive=True), saved(photo(40, 30), "PNG"), saved(photo(40, 30), "WEBP")]


@settings(max_examples=15, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(SEEDS), st.binary(min_size=1, max_size=60), st.integers(0, 2000), st.booleans())
def test_any_bytes_give_a_picture_or_a_refusal(seed: bytes, noise: bytes, place: int, keep: bool) -> None:
    data = seed[:place] + noise + (seed[place + len(noise) :] if keep else b"")
    assert taken(data) in ("", "unreadable", "too_many_pixels", "too_heavy")
