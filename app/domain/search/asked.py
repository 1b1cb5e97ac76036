"""What a reader looks for among stories or groups."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Asked:
    """What a reader looks for: words, and an area, a language, a theme to choose from ("" means any)."""

    words: str = ""
    area: str = ""
    language: str = ""
    theme: str = ""

    @property
    def filters(self) -> dict[str, str]:
        """Return what was chosen beside the words."""
        return {name: value for name in ("area", "language", "theme") if (value := getattr(self, name))}
