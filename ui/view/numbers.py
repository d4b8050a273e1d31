"""Numbers as they are read on the screen."""

from __future__ import annotations

import math

from memlens.maps.ticks import MINUS, tick, ticks

__all__ = ["ABSENT", "MINUS", "short", "tick", "ticks"]

ABSENT = "–"
# Below and from here on a number is written with an exponent.
TINY, HUGE = 1e-4, 1e5


def brief(value: float) -> str:
    """Return two places, or two digits of what is smaller; three digits from 1 on."""
    size = abs(value)
    if math.isnan(value) or size >= 1 or size < TINY:
        return short(value, 3 if size >= 1 else 2) if value else "0"
    places = max(2, 1 - math.floor(math.log10(size)))
    return f"{value:.{places}f}".replace("-", MINUS)


def short(value: float, digits: int = 3) -> str:
    """Return `value` with `digits` significant digits, a true minus, and "–" for no number."""
    if math.isnan(value):
        return ABSENT
    if math.isinf(value):
        return "∞" if value > 0 else f"{MINUS}∞"
    size = abs(value)
    if size != 0 and (size >= HUGE or size < TINY):
        text = f"{value:.{digits - 1}e}".replace("e+0", "e").replace("e-0", "e-").replace("e+", "e")
    else:
        leading = math.floor(math.log10(size)) if size else -1
        places = min(max(0, digits - 1 - leading), digits + 1)
        text = f"{value:.{places}f}"
        if float(text) == 0:
            text = text.replace("-", "")
    return text.replace("-", MINUS)
