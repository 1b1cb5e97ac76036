"""One line of the doctor."""

from dataclasses import dataclass

from app.core.i18n import Sentence


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the doctor: ``level`` is ok, note or problem; put into words where it is shown."""

    check: str
    level: str
    sentence: Sentence
    more: Sentence | None = None

    def words(self, language: str = "") -> str:
        """Return what was found in ``language``, or in that of the moment."""
        parts = [self.sentence.words(language), *([self.more.words(language)] if self.more else [])]
        return ": ".join(parts)

    @property
    def text(self) -> str:
        """Return what was found, in plain English, for the command line and for machines."""
        return self.words("en")
