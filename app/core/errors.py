"""What can go wrong on purpose: each carries a sentence for the person it concerns."""


class HearthError(Exception):
    """Something that a page or a command explains in words."""

    def __init__(self, sentence: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(HearthError):
    """It is not there, or it is not for you to know that it is."""


class Gone(HearthError):
    """It was here and was taken back."""


class BadKey(HearthError):
    """The key that a program brings is missing, unknown, over or withdrawn."""


class Malformed(HearthError):
    """What was sent cannot be read at all."""


class Refused(HearthError):
    """A rule says no; the sentence says why."""


class Conflict(HearthError):
    """Somebody else changed it meanwhile."""


class TooMany(HearthError):
    """Too often in too short a time; ``wait`` is in seconds."""

    def __init__(self, sentence: str, wait: int) -> None:
        super().__init__(sentence)
        self.wait = wait


class SignInNeeded(HearthError):
    """Only for somebody who is signed in."""


class ProofNeeded(HearthError):
    """The key (or the second factor) has to be shown again before this."""


class Invalid(HearthError):
    """What was typed cannot be taken; ``field`` names where ("" is the whole form)."""

    def __init__(self, field: str, sentence: str) -> None:
        super().__init__(sentence)
        self.field = field
