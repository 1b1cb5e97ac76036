"""Inside the locked-up process: turn the bytes of a recording into new mono speech files that carry nothing else."""

import struct
from collections.abc import Iterator
from io import BytesIO
from typing import NoReturn, cast

import av
import av.logging
from av.audio.frame import AudioFrame
from av.audio.resampler import AudioResampler
from av.audio.stream import AudioStream
from av.container import InputContainer
from av.stream import Disposition

from app.domain.media.child import Answer, Refuse
from app.domain.media.limits import MP3_BITS, OPUS_BITS, VOICE_CHANNELS, VOICE_RATES, VOICE_SECONDS

av.logging.set_level(None)  # silence: messages of decoders quote the file

_RATE = 48_000  # samples a second in which sound is counted and kept between decoding and encoding
_FAILED_PACKETS = 50  # so many broken pieces in a row is no recording with a scratch any more

# Decoders that phones and recorders need. ffmpeg has some 500, most of them old and seldom looked at.
_DECODERS = (
    "opus,vorbis,aac,mp3float,mp3,flac,alac,amrnb,amrwb,"
    "pcm_s16le,pcm_s24le,pcm_s32le,pcm_u8,pcm_f32le,pcm_alaw,pcm_mulaw,pcm_s16be,adpcm_ima_wav,adpcm_ms"
)
# How files begin, and the one demuxer that each may reach; guessing would open the door to playlists and scripts.
_BEGINNINGS = (
    (b"OggS", "ogg"),
    (b"\x1a\x45\xdf\xa3", "matroska"),
    (b"fLaC", "flac"),
    (b"#!AMR", "amr"),
)


def prepare() -> None:
    """Do the whole work once on a breath of silence: the libraries load parts of themselves at first use only."""
    head = struct.pack("<4sI8sIHHIIHH4sI", b"RIFF", 836, b"WAVEfmt ", 16, 1, 1, 8000, 8000, 1, 8, b"data", 800)
    work(head + b"\x80" * 800)


def work(data: bytes, longest: int = VOICE_SECONDS) -> Answer:
    """Return the length in seconds, and the sound as Ogg/Opus and as MP3; refuse what is no recording of ``longest`` seconds."""
    frames = _decode(data, longest)
    samples = sum(frame.samples for frame in frames)
    if not samples:
        raise Refuse("no_sound")
    opus = _encode(frames, "ogg", "libopus", 48_000, OPUS_BITS, {})
    mp3 = _encode(frames, "mp3", "libmp3lame", 24_000, MP3_BITS, {"id3v2_version": "0", "write_id3v1": "0"})
    return {"seconds": samples / _RATE}, [opus, mp3]


def kind_of(data: bytes) -> str:
    """Return the demuxer for ``data`` by its first bytes; refuse what begins like no recording."""
    for beginning, kind in _BEGINNINGS:
        if data.startswith(beginning):
            return kind
    if data[:4] in (b"RIFF", b"RF64") and data[8:12] == b"WAVE":
        return "wav"
    if data[4:8] == b"ftyp":
        return "mp4"
    return _kind_of_bare(data)


def _kind_of_bare(data: bytes) -> str:
    """Return the demuxer for streams without a container: MP3 or AAC, perhaps behind a tag."""
    start = 0
    if data.startswith(b"ID3") and len(data) > 10:
        seven_bits = data[6:10]
        start = 10 + sum((byte & 0x7F) << shift for byte, shift in zip(seven_bits, (21, 14, 7, 0), strict=True))
    head = data[start : start + 2]
    if len(head) == 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return "aac"
    if start or (len(head) == 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0):
        return "mp3"
    raise Refuse("unreadable")


def _decode(data: bytes, longest: int) -> list[AudioFrame]:
    """Return the sound of ``data`` as mono 16-bit frames at 48 kHz; stop and refuse past the longest length."""
    options = {"codec_whitelist": _DECODERS, "protocol_whitelist": "none"}
    with av.open(BytesIO(data), "r", format=kind_of(data), options=options, io_open=_refuse_reference) as source:
        stream = _sound_of(source)
        frames: list[AudioFrame] = []
        left = longest * _RATE
        for frame in _mono(_frames(source, stream)):
            left -= frame.samples
            if left < 0:
                raise Refuse("too_long")
            frames.append(frame)
        return frames


def _refuse_reference(*_: object) -> NoReturn:
    """A recording that names another file gets none."""
    raise OSError("reference")


def _sound_of(source: InputContainer) -> AudioStream:
    """Return the first sound stream; refuse films, files without sound, and sound no recorder makes."""
    films = [stream for stream in source.streams.video if not stream.disposition & Disposition.attached_pic]
    if not source.streams.audio:
        raise Refuse("has_video" if films else "no_sound")
    if films:
        raise Refuse("has_video")
    stream = source.streams.audio[0]
    if stream.codec_context.name not in _DECODERS.split(","):
        raise Refuse("unreadable")
    if not VOICE_RATES[0] <= stream.rate <= VOICE_RATES[1] or not 1 <= stream.channels <= VOICE_CHANNELS:
        raise Refuse("unreadable")
    stream.codec_context.thread_count = 1
    return stream


def _frames(source: InputContainer, stream: AudioStream) -> Iterator[AudioFrame]:
    """Yield the decoded frames of ``stream``; a scratch is skipped, a file that is nothing but scratches refused."""
    failed = 0
    for packet in source.demux(stream):
        try:
            yield from packet.decode()
            failed = 0
        except av.error.InvalidDataError:
            failed += 1
            if failed > _FAILED_PACKETS:
                raise Refuse("unreadable") from None


def _mono(frames: Iterator[AudioFrame]) -> Iterator[AudioFrame]:
    """Yield ``frames`` as mono at 48 kHz; times in the file are not believed, sound follows sound."""
    shape: tuple[str, str, int] | None = None
    resampler = AudioResampler("s16", "mono", _RATE)
    for frame in frames:
        frame.pts = None
        if shape != (frame.format.name, frame.layout.name, frame.sample_rate):
            if shape:
                yield from resampler.resample(None)
            if not VOICE_RATES[0] <= frame.sample_rate <= VOICE_RATES[1]:
                raise Refuse("unreadable")
            shape = (frame.format.name, frame.layout.name, frame.sample_rate)
            resampler = AudioResampler("s16", "mono", _RATE)
        yield from resampler.resample(frame)
    if shape:
        yield from resampler.resample(None)


def _encode(frames: list[AudioFrame], kind: str, codec: str, rate: int, bits: int, options: dict[str, str]) -> bytes:
    """Return ``frames`` as a file of ``kind``, with no tag and no mark of time or machine in it."""
    target = BytesIO()
    with av.open(target, "w", format=kind, container_options={"fflags": "+bitexact", **options}) as sink:
        stream = cast("AudioStream", sink.add_stream(codec, rate=rate, layout="mono"))
        stream.codec_context.bit_rate = bits
        stream.codec_context.options = {"flags": "+bitexact"}
        for frame in frames:
            frame.pts = None
            sink.mux(stream.encode(frame))
        sink.mux(stream.encode(None))
    return target.getvalue()
