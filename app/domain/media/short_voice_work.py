"""Inside the locked-up process: a recording as it may stand in a talk, two minutes long at most."""

from app.domain.media import voice_work
from app.domain.media.child import Answer
from app.domain.media.limits import TALK_SECONDS


def prepare() -> None:
    """Load what the work needs."""
    voice_work.prepare()


def work(data: bytes) -> Answer:
    """Return what ``voice_work.work`` returns; refuse what is longer than two minutes as soon as that is known."""
    return voice_work.work(data, TALK_SECONDS)
