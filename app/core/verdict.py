"""The whole authorisation framework: yes, or no with a sentence."""

from dataclasses import dataclass

from app.core.errors import Refused


@dataclass(frozen=True, slots=True)
class Verdict:
    """An answer to "may I?"; false carries the reason that people read."""

    reason: str | None = None

    def __bool__(self) -> bool:
        """Return whether it is a yes."""
        return self.reason is None


YES = Verdict()


def no(reason: str) -> Verdict:
    """Return a no with its sentence."""
    return Verdict(reason)


def unless(condition: bool, reason: str) -> Verdict:
    """Return yes, unless ``condition`` holds."""
    return Verdict(reason) if condition else YES


def require(verdict: Verdict) -> None:
    """Raise Refused with the sentence when the verdict is a no."""
    if verdict.reason is not None:
        raise Refused(verdict.reason)
