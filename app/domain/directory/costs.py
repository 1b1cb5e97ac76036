"""What a listing says that it costs."""

import re

from app.core.text import fold
from app.domain.directory.rows import Record

_FREE = re.compile(r"\b(free|no (fee|cost|charge)s?|gratuite?s?|gratis|bezplatn\w*)\b|مجان|бесплат|безкоштов|безоплат")
_NOT_FREE = re.compile(r"\b(not|isn't|pas|nie)\b")


def told_cost(row: Record, options: list[Record]) -> Record | None:
    """Return {"free": true}, {"text": …}, or None where nothing is known; ``options`` are its rows of HSDS's cost_option."""
    text = row["fees_description"] or row["fees"] or next((o["amount_description"] or o["option"] for o in options), None)
    folded = fold(text or "")
    if (options and all(o["amount"] == 0 for o in options)) or (_FREE.search(folded) and not _NOT_FREE.search(folded)):
        return {"free": True, "text": text}
    amount = next((f"{o['amount']:g} {o['currency'] or ''}".strip() for o in options if o["amount"]), None)
    return {"text": " · ".join(t for t in (amount, text) if t)} if amount or text else None
