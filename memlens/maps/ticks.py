"""Round numbers along an axis, and how they are written."""

from __future__ import annotations

import math

MINUS = "−"


def tick(value: float, step: float) -> str:
    """Return `value` with as many places as ticks `step` apart need."""
    places = 0 if step <= 0 else max(0, -math.floor(math.log10(step) + 1e-9))
    if places and abs(step * 10**places - round(step * 10**places)) > 1e-6:
        places += 1
    text = f"{value:.{min(places, 6)}f}"
    if float(text) == 0:
        text = text.replace("-", "")
    return text.replace("-", MINUS)


def ticks(low: float, high: float, most: int) -> tuple[list[float], float]:
    """Return at most `most` round numbers between `low` and `high`, and their distance."""
    span = high - low
    if not (math.isfinite(span) and span > 0) or most < 2:
        return [], 0.0
    raw = span / (most - 1)
    power = 10.0 ** math.floor(math.log10(raw))
    for step in (power, 2 * power, 2.5 * power, 5 * power, 10 * power, 20 * power):
        first, last = math.ceil(low / step - 1e-9), math.floor(high / step + 1e-9)
        if last - first + 1 <= most:
            return [n * step for n in range(first, last + 1)], step
    return [], 0.0
