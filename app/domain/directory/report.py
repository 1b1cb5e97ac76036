"""What an import did, for people and for programs."""

import re
from dataclasses import dataclass, field
from typing import Any

from app.domain.directory.reading.shapes import Held, Note

_SHOWN_HELD = 50
_SHOWN_ALIKE = 3
STATES = ("new", "changed", "unchanged", "kept", "gone")


@dataclass(slots=True)
class Report:
    """Counts by kind and state; what was held back and why; notes about files and objects."""

    feed: str
    form: str = ""
    dry_run: bool = False
    counts: dict[str, dict[str, int]] = field(default_factory=dict)
    held: list[Held] = field(default_factory=list)
    held_count: int = 0
    notes: list[Note] = field(default_factory=list)
    kept: list[str] = field(default_factory=list)  # "service 12: phones": a person put it right, so it stays
    missing: int = 0  # services that stand in the source no more, and were not ended
    seconds: float = 0.0

    def count(self, kind: str, state: str, number: int = 1) -> None:
        """Add to a count."""
        of_kind = self.counts.setdefault(kind, dict.fromkeys(STATES, 0))
        of_kind[state] += number

    def hold(self, held: Held) -> None:
        """Remember a record that was held back; of very many only the first thousand in words."""
        self.held_count += 1
        if len(self.held) < 1_000:
            self.held.append(held)

    def of(self, kind: str, state: str) -> int:
        """Return a count."""
        return self.counts.get(kind, {}).get(state, 0)

    def as_dict(self) -> dict[str, Any]:
        """Return everything for --json."""
        return {
            "feed": self.feed, "form": self.form, "dry_run": self.dry_run, "counts": self.counts, "held_back": self.held_count,
            "held": [{"file": h.file, "line": h.line, "reason": h.reason, "id": h.foreign_id} for h in self.held],
            "notes": [{"file": n.file, "note": n.sentence} for n in self.notes],
            "kept": self.kept, "missing": self.missing, "seconds": round(self.seconds, 2),
        }  # fmt: skip

    def _held_in_words(self) -> list[str]:
        """Return a few lines for each reason: fifty times the same one would hide the others."""
        groups: dict[tuple[str, str], list[Held]] = {}
        for held in self.held:
            groups.setdefault((held.file, re.sub(r"\d+", "0", held.reason)), []).append(held)
        lines = []
        for (file, _reason), members in groups.items():
            lines += [f"    {file}, line {h.line}: {h.reason}" for h in members[:_SHOWN_ALIKE]]
            if len(members) > _SHOWN_ALIKE:
                lines.append(f"    {file}: {len(members) - _SHOWN_ALIKE} more like the last one (all of them with --json)")
        if self.held_count > len(self.held):
            lines.append(f"    … and {self.held_count - len(self.held)} more that are only counted")
        return lines

    def as_text(self) -> str:
        """Return it as lines to read."""
        lines = [f"{'Dry run: nothing was stored. ' if self.dry_run else ''}Source {self.feed} ({self.form})"]
        for kind, states in self.counts.items():
            parts = [f"{number} {state}" for state, number in states.items() if number]
            lines.append(f"  {kind.replace('_', ' ')}: {', '.join(parts) or 'none'}")
        lines.append(f"  held back: {self.held_count}")
        lines += self._held_in_words()
        lines += [f"  kept as a person put it right: {k}" for k in self.kept[:_SHOWN_HELD]]
        lines += [f"  note: {n.file}: {n.sentence}" for n in self.notes[:_SHOWN_HELD]]
        lines.append(f"  {self.seconds:.1f} seconds")
        return "\n".join(lines)
