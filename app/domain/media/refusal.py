"""Why a picture or a voice was not taken: a code for the program and a sentence for the person."""

from math import ceil

from app.core.i18n import N_, _
from app.domain.media.limits import MEGABYTE

_SENTENCES = {
    "picture": {
        "empty": N_("This file is empty. Choose the picture again."),
        "too_big": N_("This picture is too big (%(size)s MB). Up to %(limit)s MB works. Send it smaller, or record your voice."),
        "unreadable": N_("We cannot open this as a picture. A photo as JPEG, PNG or WebP works."),
        "too_many_pixels": N_(
            "This picture has too many points. Up to %(limit)s million works. Send it smaller, or take a picture of it."
        ),
        "too_heavy": N_("This picture takes too long to open. Save it again as a normal photo, or choose another one."),
    },
    "voice": {
        "empty": N_("This recording is empty. Record it again, or choose another file."),
        "too_big": N_("This recording is too big (%(size)s MB). Up to %(limit)s MB works. Send a shorter part, or record it here."),
        "unreadable": N_("We cannot open this as a recording. Sound from a phone works, such as M4A, MP3, OGG or WAV."),
        "too_long": N_("This recording is longer than %(limit)s minutes. Send a shorter part."),
        "too_long_for_talk": N_("This recording is longer than two minutes. Send a shorter part."),
        "no_sound": N_("This file has no sound in it. Record it again, or choose another file."),
        "has_video": N_("This is a video. We take only the voice. Send a sound recording, or record it here."),
        "too_heavy": N_("This recording takes too long to open. Record it again here, or send a shorter part."),
    },
    "any": {
        "busy": N_("Many pictures and recordings are being made ready right now. Send it again in a minute."),
        "no_room": N_("There is no room left for files on our side. Your words are safe. Send the file again later."),
        "broken": N_("Something broke on our side. Your words are safe. Send the file again in a few minutes."),
    },
}


class MediaRefused(Exception):
    """A picture or voice that was not taken: ``code`` for the program, ``sentence`` for the person who sent it."""

    def __init__(self, code: str, sentence: str) -> None:
        super().__init__(code)
        self.code = code
        self.sentence = sentence


def several() -> str:
    """Return what is said where more than one file came."""
    return _("Send one at a time. None of these was kept; your words are.")


def refused(kind: str, code: str, limit: int = 0, size: int = 0) -> MediaRefused:
    """Return the refusal ``code`` of a ``kind`` ("picture" or "voice") in the language of the moment.

    ``limit`` is in the unit of the sentence (MB, million points, minutes), ``size`` in bytes.
    """
    own = _SENTENCES.get(kind, {})
    known = code if code in own or code in _SENTENCES["any"] else "broken"
    sentence = own.get(known) or _SENTENCES["any"][known]
    return MediaRefused(known, _(sentence, limit=limit, size=_in_megabytes(size)))


def _in_megabytes(size: int) -> str:
    """Return ``size`` bytes as megabytes, rounded up so that a refused file never shows the size that works."""
    tenths = ceil(size * 10 / MEGABYTE)
    return str(ceil(tenths / 10)) if tenths >= 100 or tenths % 10 == 0 else f"{tenths / 10:.1f}"
