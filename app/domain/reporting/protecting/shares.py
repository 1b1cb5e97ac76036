"""R8: whole percentages of rounded counts where at least 50 stand behind them; bands where at least 25 do.

Both are made of published counts, so they tell nothing that these do not.
"""

SHARE_FROM, BAND_FROM = 50, 25  # the denominator (rounded) of a whole percentage, and of a band
BANDS = ("under 20", "20–40", "40–60", "over 60")


def percentage(part: int, whole: int) -> int | None:
    """Return a published count as a whole percentage of another one (halves upwards); None where too few stand behind it."""
    return (200 * part + whole) // (2 * whole) if whole >= SHARE_FROM else None


def band(part: int, whole: int) -> str | None:
    """Return the band of a share, in per cent; None where too few stand behind it."""
    hundred = 100 * part
    return BANDS[(hundred >= 20 * whole) + (hundred >= 40 * whole) + (hundred > 60 * whole)] if whole >= BAND_FROM else None
