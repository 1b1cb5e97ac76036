"""A handful of numbers that somebody wants to tell at once: through ``publishable()``, all of them or none."""

from collections.abc import Mapping

from app.core.clock import now


def told(counts: Mapping[str, int], threshold: int) -> dict[str, int] | None:
    """Return counts of people as they may be told, rounded; None as soon as one of them has to be hidden.

    All or none: where only some stand, what is missing says that it is small.
    """
    from app.domain.reporting.protecting.publishing import Release, publishable  # heavy: only who counts needs it
    from app.domain.reporting.protecting.tables import Table

    names, numbers = tuple(counts), tuple(counts.values())
    line = (*numbers, sum(numbers))
    table = Table("counts", f"{now():%Y-%m}", "counts", ("all",), names, (line, line), kind="cumulative")
    (printed,) = publishable(Release([table], threshold)).tables
    shown = printed.shown[0] if len(printed.shown) else ()
    if len(shown) < len(names) or any(one is None for one in shown[: len(names)]):
        return None
    return {name: one for name, one in zip(names, shown, strict=False) if one is not None}
