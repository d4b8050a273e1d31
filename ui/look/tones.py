"""Colours derived from the palette, so that light and dark need no second table."""

from __future__ import annotations

import functools
from collections.abc import Callable

from PySide6.QtGui import QColor, QPalette

Role = QPalette.ColorRole
_MOST_PALETTES = 64


def _once_per_palette(tone: Callable[[QPalette], QColor]) -> Callable[[QPalette], QColor]:
    """Mix a colour once: the same few are asked for hundreds of times in each repaint."""
    mixed_before: dict[int, QColor] = {}

    @functools.wraps(tone)
    def found(palette: QPalette) -> QColor:
        key = palette.cacheKey()
        colour = mixed_before.get(key)
        if colour is None:
            if len(mixed_before) >= _MOST_PALETTES:
                mixed_before.clear()
            colour = mixed_before[key] = tone(palette)
        return QColor(colour)

    return found


def mixed(first: QColor, second: QColor, share: float) -> QColor:
    """Return `first` with `share` (0..1) of `second` in it."""
    keep = 1.0 - share
    return QColor.fromRgbF(
        first.redF() * keep + second.redF() * share,
        first.greenF() * keep + second.greenF() * share,
        first.blueF() * keep + second.blueF() * share,
    )


def is_dark(palette: QPalette) -> bool:
    """Return whether text is lighter than what is behind it."""
    return palette.color(Role.Window).lightnessF() < palette.color(Role.WindowText).lightnessF()


def text(palette: QPalette) -> QColor:
    """Return the colour of what is read first."""
    return palette.color(Role.WindowText)


@_once_per_palette
def quiet_text(palette: QPalette) -> QColor:
    """Return the colour of labels and units, still legible on every ground (≥ 4.5 : 1)."""
    return mixed(palette.color(Role.WindowText), palette.color(Role.Window), 0.31)


@_once_per_palette
def faint_text(palette: QPalette) -> QColor:
    """Return the colour of what cannot be chosen."""
    return mixed(palette.color(Role.WindowText), palette.color(Role.Window), 0.58)


@_once_per_palette
def hairline(palette: QPalette) -> QColor:
    """Return the colour of frames and rules."""
    return mixed(palette.color(Role.Window), palette.color(Role.WindowText), 0.16)


@_once_per_palette
def raised(palette: QPalette) -> QColor:
    """Return the background of a card or of a button that is under the cursor."""
    if is_dark(palette):
        return mixed(palette.color(Role.Window), palette.color(Role.WindowText), 0.07)
    return palette.color(Role.Base)


@_once_per_palette
def sunken(palette: QPalette) -> QColor:
    """Return the background that pictures lie on."""
    if is_dark(palette):
        return mixed(palette.color(Role.Window), QColor(0, 0, 0), 0.35)
    return mixed(palette.color(Role.Window), palette.color(Role.WindowText), 0.06)


def accent(palette: QPalette) -> QColor:
    """Return the colour of what is active."""
    return palette.color(Role.Accent)


def on_accent(palette: QPalette) -> QColor:
    """Return the colour of text on the accent, whichever of black and white reads better."""
    colour = accent(palette)
    luminance = 0.299 * colour.redF() + 0.587 * colour.greenF() + 0.114 * colour.blueF()
    return QColor(16, 16, 16) if luminance > 0.58 else QColor(255, 255, 255)
