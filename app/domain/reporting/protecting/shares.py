"""R8: whole percentages of rounded counts where at least 50 stand behind them; bands where at least 25 do.

Both are made of rounded counts that could be published themselves, so they tell nothing that these would not.
"""

SHARE_FROM, BAND_FROM = 50, 25  # the exact denominator of a whole percentage, and of a band
BANDS = ("under 20", "20–40", "40–60", "over 60")


def percentage(part: int, whole: int) -> int:
    """Return a rounded count as a whole percentage of another one (halves upwards)."""
    return (200 * part + whole) // (2 * whole)


def band(part: int, whole: int) -> str:
    """Return the band of the share that one rounded count is of another, in per cent."""
    hundred = 100 * part
    return BANDS[(hundred >= 20 * whole) + (hundred >= 40 * whole) + (hundred > 60 * whole)]
