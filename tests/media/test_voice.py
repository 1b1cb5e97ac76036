"""Voices: what phones record comes out as mono Opus and MP3 without a trace; everything else is refused clearly."""

import struct
from collections.abc import Callable
from io import BytesIO
from itertools import pairwise

import av
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.media import voice_work
from app.domain.media.child import Refuse
from app.domain.media.limits import VOICE_BYTES
from app.domain.media.refusal import MediaRefused
from app.domain.media.voice import Voice, make_voice
from tests.media.hostile import (
    CANARY,
    film,
    photo,
    quiet_wav,
    saved,
    sound,
    wav,
    with_cover_flac,
    with_cover_mp3,
)


def refusal(data: bytes) -> MediaRefused:
    """Return the refusal of ``data``; fail if it is taken."""
    with pytest.raises(MediaRefused) as caught:
        make_voice(data)
    return caught.value


def taken(data: bytes) -> str:
    """Return "" if ``data`` became a recording as promised, else the code of its refusal."""
    try:
        check(make_voice(data))
    except MediaRefused as problem:
        return problem.code
    return ""


def check(made: Voice) -> None:
    """Assert all that is promised of every re-made recording."""
    for data, kind, codec in ((made.opus, "ogg", "opus"), (made.mp3, "mp3", "mp3float")):
        with av.open(BytesIO(data), format=kind) as source:
            assert len(source.streams) == 1
            stream = source.streams.audio[0]
            assert stream.codec_context.name == codec
            assert stream.channels == 1
            assert source.metadata == {}
            assert stream.metadata == {}
            decoded = sum(frame.samples for frame in source.decode(stream)) / stream.rate
        assert decoded == pytest.approx(made.seconds, abs=0.1)
        assert len(data) < 1500 + made.seconds * 5000  # at most 32 kbit/s, and a little room for the frame around it
        assert CANARY not in data
    assert not made.mp3.startswith(b"ID3")
    assert made.mp3[-128:-125] != b"TAG"
    assert b"APETAGEX" not in made.mp3
    assert b"OpusTags\x06\x00\x00\x00ffmpeg\x00\x00\x00\x00" in made.opus[:200]  # no comment, the same maker for all


PHONES = {
    "webm-opus": ("webm", "libopus", 48_000),
    "mp4-opus": ("mp4", "libopus", 48_000),
    "ogg-opus": ("ogg", "libopus", 48_000),
    "ogg-vorbis": ("ogg", "vorbis", 44_100),
    "m4a-aac": ("ipod", "aac", 44_100),
    "mp4-aac": ("mp4", "aac", 16_000),
    "aac": ("adts", "aac", 22_050),
    "3gp-amr": ("3gp", "libopencore_amrnb", 8_000),
    "amr": ("amr", "libopencore_amrnb", 8_000),
    "mp3": ("mp3", "libmp3lame", 44_100),
    "flac": ("flac", "flac", 44_100),
    "wav": ("wav", "pcm_s16le", 44_100),
}


@pytest.mark.parametrize("phone", PHONES)
def test_what_phones_record_is_taken_and_tells_nothing_else(phone: str) -> None:
    kind, codec, rate = PHONES[phone]
    mark = CANARY.decode()
    made = make_voice(sound(kind, codec, rate, title=mark, artist=mark, comment=mark, location="+48.1+002.3/"))
    assert made.seconds == pytest.approx(2.0, abs=0.15)
    check(made)
    assert b"+48.1" not in made.opus + made.mp3


@pytest.mark.parametrize("maker", [with_cover_mp3, with_cover_flac])
def test_tags_and_cover_pictures_are_gone(maker: Callable[[], bytes]) -> None:
    data = maker()
    assert data.count(CANARY) >= 2
    check(make_voice(data + CANARY))


def test_the_sound_itself_survives() -> None:
    made = make_voice(wav(1.0))
    for data in (made.opus, made.mp3):
        with av.open(BytesIO(data)) as source:
            frames = list(voice_work._mono(source.decode(audio=0)))
        samples = [value for frame in frames for (value,) in struct.iter_unpack("<h", bytes(frame.planes[0]))]
        middle = samples[10_000:40_000]
        crossings = sum(a < 0 <= b for a, b in pairwise(middle))
        assert crossings == pytest.approx(30_000 / 48_000 * 300, rel=0.05)
        assert 5_000 < max(middle) < 12_000


def test_two_channels_become_one_and_of_two_tracks_the_first_is_taken() -> None:
    assert make_voice(wav(1.0, channels=2)).seconds == pytest.approx(1.0, abs=0.05)
    made = make_voice(sound("mp4", "aac", 16_000, seconds=1.0, tracks=2))
    assert made.seconds == pytest.approx(1.0, abs=0.15)


def test_the_same_recording_gives_the_same_bytes() -> None:
    data = wav(0.5)
    assert make_voice(data) == make_voice(data)


def test_too_long_a_recording_is_refused() -> None:
    for data in (quiet_wav(11 * 60), quiet_wav(601)):
        problem = refusal(data)
        assert problem.code == "too_long"
        assert problem.sentence == "This recording is longer than 10 minutes. Send a shorter part."


def test_hours_of_silence_in_a_small_file_are_refused() -> None:
    silence = av.AudioFrame(format="s16", layout="mono", samples=8_000 * 700)
    silence.sample_rate = 8_000
    silence.planes[0].update(bytes(silence.planes[0].buffer_size))
    target = BytesIO()
    with av.open(target, "w", format="flac") as sink:
        stream = sink.add_stream("flac", rate=8_000, layout="mono")
        sink.mux(stream.encode(silence))
        sink.mux(stream.encode(None))
    assert len(target.getvalue()) < 200_000
    assert refusal(target.getvalue()).code == "too_long"


def test_what_is_allowed_is_taken_to_the_last_second() -> None:
    # The edge itself, without the cost of minutes: the same count with a shorter limit.
    assert voice_work.work(wav(2.0), 2)[0]["seconds"] == 2.0
    with pytest.raises(Refuse, match="too_long"):
        voice_work.work(wav(2.01), 2)


def test_too_big_a_file_is_refused_with_its_size() -> None:
    problem = refusal(b"OggS" + bytes(30 * 1024 * 1024 - 4))
    assert problem.code == "too_big"
    assert "(30 MB). Up to 15 MB works." in problem.sentence
    assert "(16 MB)" in refusal(bytes(VOICE_BYTES + 1)).sentence


def test_films_are_refused_as_films() -> None:
    for with_sound in (True, False):
        problem = refusal(film(with_sound))
        assert problem.code == "has_video"
        assert problem.sentence.startswith("This is a video.")


def test_no_sound_and_no_bytes() -> None:
    assert refusal(b"").code == "empty"
    assert refusal(quiet_wav(0)).code == "no_sound"


def riff(rate: int, channels: int, size: int, body: bytes) -> bytes:
    """Return a WAV whose head says what it likes."""
    form = struct.pack("<HHIIHH", 1, channels, rate, rate & 0xFFFFFFFF, channels, 8)
    head = b"RIFF" + struct.pack("<I", size) + b"WAVEfmt " + struct.pack("<I", 16) + form
    return head + b"data" + struct.pack("<I", size) + body


@pytest.mark.parametrize(
    "data",
    [
        b"<!doctype html><script>alert(1)</script>",
        b"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n",
        b"ffconcat version 1.0\nfile /etc/passwd\n",
        b"MThd\0\0\0\6\0\0\0\1\0\x60",
        saved(photo(), "PNG"),
        b"%PDF-1.7\n",
        b"ID3\x03\x00\x00\x7f\x7f\x7f\x7f" + b"\0" * 5000,
        b"ID3\x03\x00\x00\x00\x00\x00\x00<html>" * 200,
        b"\x00\x00\x00\x18ftypmp42" + b"\xff" * 3000,
        b"\x1a\x45\xdf\xa3\x01" + b"\xff" * 3000,
        b"OggS" + b"\xff" * 3000,
        b"fLaC" + b"\xff" * 3000,
        b"#!AMR\n" + b"\xff" * 3000,
        riff(1, 1, 2_000, b"\x80" * 2_000),
        riff(0xFFFFFFFF, 1, 2_000, b"\x80" * 2_000),
        riff(0, 1, 2_000, b"\x80" * 2_000),
        riff(8_000, 200, 2_000, b"\x80" * 2_000),
        sound("aiff", "pcm_s16be", 8_000),
    ],
    ids=range(18),
)
def test_what_is_not_a_recording_is_refused(data: bytes) -> None:
    problem = refusal(data)
    assert problem.code in ("unreadable", "no_sound")
    assert "file" in problem.sentence or "recording" in problem.sentence


def test_a_head_that_promises_more_than_there_is_gives_what_there_is() -> None:
    made = make_voice(riff(8_000, 1, 0xFFFFFFFF, b"\x80" * 8_000))
    assert made.seconds == pytest.approx(1.0, abs=0.01)


def test_a_recording_cut_off_in_the_middle_is_still_heard() -> None:
    whole = sound("ogg", "libopus", 48_000, seconds=3.0)
    made = make_voice(whole[: len(whole) * 2 // 3])
    assert 0.2 < made.seconds < 3.0


def test_a_recording_that_names_another_file_gets_none() -> None:
    with pytest.raises(OSError, match="reference"):
        voice_work._refuse_reference("file:///etc/passwd", 1, {})


@settings(max_examples=120, deadline=None, derandomize=True, database=None)
@given(st.one_of(st.binary(max_size=40), st.binary(max_size=40).map(lambda tail: b"ID3" + tail)))
def test_the_first_bytes_choose_one_known_kind_or_none(data: bytes) -> None:
    try:
        kind = voice_work.kind_of(data)
    except Refuse as problem:
        kind = problem.code
    assert kind in {"unreadable", "ogg", "matroska", "flac", "amr", "wav", "mp4", "aac", "mp3"}


SEEDS = [sound(*PHONES[phone], seconds=0.2) for phone in ("webm-opus", "m4a-aac", "mp3", "flac", "wav", "amr")]


@settings(max_examples=12, deadline=None, derandomize=True, database=None)
@given(st.sampled_from(SEEDS), st.binary(min_size=1, max_size=60), st.integers(0, 3000), st.booleans())
def test_any_bytes_give_a_voice_or_a_refusal(seed: bytes, noise: bytes, place: int, keep: bool) -> None:
    data = seed[:place] + noise + (seed[place + len(noise) :] if keep else b"")
    assert taken(data) in ("", "unreadable", "no_sound", "has_video", "too_long", "too_heavy")
