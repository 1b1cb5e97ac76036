"""From words to the query language of each engine, with every word quoted."""

from collections.abc import Iterable, Sequence

from app.domain.search.terms import token


def sqlite(groups: Sequence[Sequence[str]], tokens: Iterable[str], one_of: Iterable[str] = (), beginning: str = "") -> str:
    """Return an FTS5 expression: one of each group, every token, one of ``one_of``; ``beginning`` may go on.

    Several words with spaces between them stand for all of them, in any order.
    """
    return _written(groups, tokens, one_of, ('"', "*", " AND ", " OR "), beginning)


def postgres(groups: Sequence[Sequence[str]], tokens: Iterable[str], one_of: Iterable[str] = (), beginning: str = "") -> str:
    """Return the text of a tsquery with the same meaning."""
    return _written(groups, tokens, one_of, ("'", ":*", " & ", " | "), beginning)


def _written(
    groups: Sequence[Sequence[str]], tokens: Iterable[str], one_of: Iterable[str], signs: tuple[str, str, str, str], beginning: str
) -> str:
    quote, on, every, some = signs
    everything = [*groups, *([token(t)] for t in tokens), [token(t) for t in one_of]]
    # Folded words and tokens hold letters, digits, marks and private letters only: nothing that could end a quotation.
    parts = []
    for n, group in enumerate(everything):
        quoted = [_all(w.split(" "), quote, every) for w in dict.fromkeys(group)]
        if beginning and n == len(groups) - 1:
            quoted.append(f"{quote}{beginning}{quote}{on}")
        if quoted:
            parts.append(quoted[0] if len(quoted) == 1 else f"({some.join(quoted)})")
    return every.join(parts)


def _all(words: Sequence[str], quote: str, every: str) -> str:
    quoted = every.join(f"{quote}{w}{quote}" for w in words)
    return f"({quoted})" if len(words) > 1 else quoted
