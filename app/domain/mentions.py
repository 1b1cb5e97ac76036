"""Whether words may be about somebody: what may be about them is kept from them."""

from collections.abc import Collection

from app.core.text import words


def mentions(name: str, who: str, note: str) -> bool:
    """Say whether something may be about somebody: a longer word of their name stands in ``who``, or all of it in either."""
    parts, said, told = words(name), words(who), words(note)
    if not parts:  # a name of signs only
        return name.strip() in who or name.strip() in note
    return any(_stands(part, said) for part in parts if len(part) > 2) or any(
        all(_stands(part, where) for part in parts) for where in (said, told)
    )


def _stands(part: str, said: Collection[str]) -> bool:
    """Say whether a word of a name stands somewhere, also glued to others, as Arabic and Chinese write it."""
    return part in said or ((len(part) > 3 or not part.isascii()) and any(part in word for word in said))
