"""Numbers as a figure writes them."""

from __future__ import annotations

import math


def number(value: float) -> str:
    """Write two or three significant digits, a true minus, a dash for no number."""
    if not math.isfinite(value):
        return "–" if math.isnan(value) else ("∞" if value > 0 else "−∞")
    size = abs(value)
    if size >= 1:
        text = f"{value:.3g}" if size < 1e5 else f"{value:.1e}"
    elif size < 1e-4:
        text = f"{value:.0e}" if value else "0"
    else:
        text = f"{value:.{max(2, 1 - math.floor(math.log10(size)))}f}"
    return text.replace("-", "−")
