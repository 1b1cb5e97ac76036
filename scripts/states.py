"""Write docs/mentoring-states.md: the life of a pair, drawn from the program's own table. ``python scripts/states.py``."""

import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT))
from app.domain.mentoring.rounds import rules  # noqa: E402
from app.models.mentoring import MatchState  # noqa: E402

TARGET = ROOT / "docs" / "mentoring-states.md"
HEAD = """# The life of a pair

Written by `scripts/states.py` from `app/domain/mentoring/rounds/rules.py`; a test compares. What closes a pair for good: {closed}.
A pair that lapsed may be proposed again: nobody said no.

"""


def page() -> str:
    """Return the whole page."""
    closed = ", ".join(sorted(state.value for state in rules.CLOSED_FOR_GOOD))
    moves = [f"    {before.value} --> {after.value}: {event.value}" for (before, event), after in rules.MOVES.items()]
    ends = [f"    {state.value} --> [*]" for state in MatchState if state not in rules.OPEN]
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {MatchState.PROPOSED.value}", *moves, *ends, "```", ""]
    days = ["| state | ends by itself after days |", "|---|---|", *(f"| {s.value} | {d} |" for s, d in rules.DAYS.items()), ""]
    return HEAD.format(closed=closed) + "\n".join([*lines, *days])


if __name__ == "__main__":
    TARGET.write_text(page(), encoding="utf-8")
