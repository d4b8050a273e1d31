"""Symbols as the paper writes them, with real subscripts: Δh_∅, Δh_θ̃."""

from __future__ import annotations

import re
from dataclasses import dataclass

from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter

_SUBSCRIPT_SIZE = 0.72
_SUBSCRIPT_DROP = 0.22
_MOST_KEPT = 256
_KEPT: dict[tuple[str, str], tuple[_Run, ...]] = {}


def plain(symbol: str) -> str:
    """Return a symbol for where only text goes (tooltips, tables of text)."""
    return symbol.replace("_", "")


def in_sentence(words: str) -> str:
    """Return a sentence that names symbols without the sign of their subscripts."""
    return re.sub(r"(?<=[hs])_(?=[∅θ])", "", words)


def width(symbol: str, font: QFont) -> float:
    """Return how wide a symbol is in `font`."""
    return sum(run.width for run in _runs(symbol, font))


def paint(painter: QPainter, left: QPointF, symbol: str, font: QFont, colour: QColor) -> float:
    """Draw a symbol from its baseline's left end; return its width."""
    x = left.x()
    painter.setPen(colour)
    for run in _runs(symbol, font):
        painter.setFont(run.font)
        painter.drawText(QPointF(x, left.y() + run.drop), run.text)
        x += run.width
    painter.setFont(font)
    return x - left.x()


@dataclass(frozen=True, slots=True)
class _Run:
    text: str
    font: QFont
    drop: float
    width: float


def _runs(symbol: str, font: QFont) -> tuple[_Run, ...]:
    """Return the runs, each with its drop below the baseline.

    Kept per font: a symbol is drawn in several places at every step.
    """
    key = (symbol, font.toString())
    if key not in _KEPT:
        if len(_KEPT) >= _MOST_KEPT:
            _KEPT.clear()
        _KEPT[key] = tuple(
            _Run(text, sized, drop, QFontMetricsF(sized).horizontalAdvance(text))
            for text, sized, drop in _split_runs(symbol, font)
        )
    return _KEPT[key]


def _split_runs(symbol: str, font: QFont) -> list[tuple[str, QFont, float]]:
    """Return (text, font, drop below the baseline); variables are slanted, operators upright."""
    base, _, below = symbol.partition("_")
    # "BE" is an abbreviation and "A − B" an operation, not variables.
    runs = [(text, _sized(font, slanted, 1.0), 0.0) for text, slanted in _split(base)]
    if below:
        size = font.pixelSize() if font.pixelSize() > 0 else font.pointSizeF()
        drop = QFontMetricsF(font).ascent() * _SUBSCRIPT_DROP if size > 0 else 0.0
        runs += [
            (text, _sized(font, slanted, _SUBSCRIPT_SIZE), drop) for text, slanted in _split(below)
        ]
    return runs


def _split(text: str) -> list[tuple[str, bool]]:
    parts: list[tuple[str, bool]] = []
    words = len(text) > 2 and text.isascii()
    for letter in text:
        slanted = letter.isalpha() and letter.islower() and not words
        # A combining mark belongs to the letter before it.
        if parts and (0x300 <= ord(letter) <= 0x36F or parts[-1][1] == slanted):
            parts[-1] = (parts[-1][0] + letter, parts[-1][1])
        else:
            parts.append((letter, slanted))
    return parts


def _sized(font: QFont, slanted: bool, share: float) -> QFont:
    made = QFont(font)
    made.setItalic(slanted)
    if share != 1.0:
        if font.pixelSize() > 0:
            made.setPixelSize(max(1, round(font.pixelSize() * share)))
        else:
            made.setPointSizeF(font.pointSizeF() * share)
    return made
