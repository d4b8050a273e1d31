"""One colour per method, the same in a panel's head, on the timeline and in the table."""

from __future__ import annotations

from PySide6.QtGui import QColor, QPalette

from ui.look import tones

# (light, dark): hues that stay apart under the common colour blindnesses, ≥ 3 : 1 on the window.
_COLOURS = {
    "cov": ("#1f6fd6", "#5aa2ff"),
    "score_diff": ("#0b8793", "#35c4d0"),
    "cov_bad": ("#c8590a", "#ff9a3d"),
    "score_diff_bad": ("#b83a78", "#f27fb2"),
    "curvature": ("#6d55c4", "#a996f5"),
    "attention": ("#4b7f1d", "#8fce52"),
    "attention_all": ("#5f7a52", "#b5d6a4"),
    "guidance_cosine": ("#8a6a00", "#d9b13b"),
}


def colour(content: str, palette: QPalette) -> QColor:
    """Return the method's colour; what is not a method is quiet."""
    pair = _COLOURS.get(content)
    if pair is None:
        return tones.quiet_text(palette)
    return QColor(pair[1] if tones.is_dark(palette) else pair[0])
