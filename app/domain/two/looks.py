"""What the checks say of words between two before they are sent."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Looked:
    """Why it waits for a person (check -> how often), and why it is not taken at all (a sentence or "")."""

    held: dict[str, int] = field(default_factory=dict)
    stop: str = ""
