"""From words to the query language of each engine, with every word quoted."""

from collections.abc import Sequence

from app.domain.search.terms import concepts, token


def sqlite(typed: Sequence[str], tokens: Sequence[str], one_of: Sequence[str] = ()) -> str:
    """Return an FTS5 expression: every word (the last one as a beginning), every token, one of ``one_of``."""
    parts = [_sqlite_word(w, last=i == len(typed) - 1) for i, w in enumerate(typed)]
    parts += [f'"{token(t)}"' for t in tokens]
    if one_of:
        parts.append("(" + " OR ".join(f'"{token(t)}"' for t in one_of) + ")")
    return " AND ".join(parts)


def _sqlite_word(word: str, *, last: bool) -> str:
    here = f'"{word}"' + (" *" if last else "")
    others = [f'"{token(f"concept:{c}")}"' for c in concepts(word)]
    return "(" + " OR ".join([here, *others]) + ")" if others else here


def postgres(typed: Sequence[str], tokens: Sequence[str], one_of: Sequence[str] = ()) -> str:
    """Return the text of a tsquery with the same meaning."""
    parts = [_postgres_word(w, last=i == len(typed) - 1) for i, w in enumerate(typed)]
    parts += [f"'{token(t)}'" for t in tokens]
    if one_of:
        parts.append("(" + " | ".join(f"'{token(t)}'" for t in one_of) + ")")
    return " & ".join(parts)


def _postgres_word(word: str, *, last: bool) -> str:
    here = f"'{word}'" + (":*" if last else "")
    others = [f"'{token(f'concept:{c}')}'" for c in concepts(word)]
    return "(" + " | ".join([here, *others]) + ")" if others else here
