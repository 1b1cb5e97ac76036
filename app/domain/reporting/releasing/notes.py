"""What stands below a release: sentences about how it was made, kept so that every reader gets them in their language."""

from datetime import date
from typing import Any, Final

from app.core.i18n import N_, Sentence, _, current, day_words, direction
from app.domain.reporting.releasing.columns import UNTOLD_MOST

COUNTED: Final = N_("Counted on %(day)s, once, and frozen.")
ROUNDED: Final = N_("Every number is rounded to 5 by itself, totals too, so that parts need not add up.")
HIDDEN: Final = N_(
    "What is hidden is smaller than %(least)s, zero included, or would give such a number away. It cannot be seen which of the two."
)
TOGETHER: Final = N_(
    "Fewer than %(few)s said another term, or nobody did. It is counted with no answer, so that nobody can be found. "
    "What is said of women's share holds however many they were."
)
AS_TOLD: Final = N_(
    "A step of fewer than 1,000 people is told anew when ten have come, gone or answered. Until then it stays as it was told: the "
    "month stands beside it."
)
LATCH: Final = N_("Stories without a name count for no step, so that nobody is found through them.")
MISSING: Final = N_("Not counted here yet: %(what)s")
NO_REFERENCE: Final = N_("No ratio is told: the network has not named yet whom it ought to represent.")
REFERENCE: Final = N_("Compared with: %(source)s, %(year)s, %(place)s: %(share)s women in 100.")
COARSER: Final = N_("Some tables are printed with less detail, because they did not pass the check in full.")
CORRECTED: Final = N_("This takes the place of an earlier release of the same month. Reason: %(reason)s")


def remarks(
    counted_on: date,
    least: int,
    together: bool,
    as_told: bool,
    missing: list[str],
    reference: dict[str, Any] | None,
    coarser: bool,
    reason: str,
) -> list[Sentence]:
    """Return the notes of a release; ``missing`` are sentences to be translated, kept as a list of them."""
    found = [Sentence(COUNTED, {"day": str(counted_on)}), Sentence(ROUNDED), Sentence(HIDDEN, {"least": least})]
    found += [Sentence(TOGETHER, {"few": UNTOLD_MOST + 1})] if together else []
    found += [Sentence(AS_TOLD)] if as_told else []
    found += [Sentence(LATCH)]
    found += [Sentence(MISSING, {"what": "; ".join(missing)})] if missing else []
    found += [Sentence(REFERENCE, reference)] if reference else [Sentence(NO_REFERENCE)]
    found += [Sentence(COARSER)] if coarser else []
    return found + ([Sentence(CORRECTED, {"reason": reason})] if reason else [])


def in_words(texts: list[str]) -> list[str]:
    """Return the notes in the language of the moment; the parts of a list are translated one by one, days as people write them."""
    found = []
    for text in texts:
        note = Sentence.from_text(text)
        params = dict(note.params)
        if "day" in params:
            params["day"] = day_words(date.fromisoformat(str(params["day"])))
        if note.says == REFERENCE and direction(current()) == "rtl":  # names in whatever script, among words of this one
            params |= {key: f"\u2068{params[key]}\u2069" for key in ("source", "place")}
        if note.says == MISSING:
            params["what"] = "; ".join(_(part) for part in str(params["what"]).split("; "))
        found.append(Sentence(note.says, params).words())
    return found
