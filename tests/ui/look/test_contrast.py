"""Words can be read: 4.5 to 1 or more on every ground they stand on (WCAG 2, AA)."""

from __future__ import annotations

import pytest
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication

from ui.look import tones
from ui.look.theme import palette

Role = QPalette.ColorRole


def luminance(colour: QColor) -> float:
    parts = (colour.redF(), colour.greenF(), colour.blueF())
    red, green, blue = (
        part / 12.92 if part <= 0.03928 else ((part + 0.055) / 1.055) ** 2.4 for part in parts
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: QColor, other: QColor) -> float:
    brighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def test_black_on_white_is_21() -> None:
    assert contrast(QColor("black"), QColor("white")) == pytest.approx(21)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("words", ["text", "quiet", "link"])
def test_words_on_every_ground(qapp: QApplication, dark: bool, words: str) -> None:
    colours = palette(dark=dark)
    colour = {
        "text": colours.color(Role.WindowText),
        "quiet": tones.quiet_text(colours),
        "link": colours.color(Role.Link),
    }[words]
    grounds = {
        "window": colours.color(Role.Window),
        "field": colours.color(Role.Base),
        "button": colours.color(Role.Button),
        "card": tones.raised(colours),
        "picture's ground": tones.sunken(colours),
    }
    low = {name: contrast(colour, ground) for name, ground in grounds.items()}
    assert {name: round(value, 2) for name, value in low.items() if value < 4.5} == {}


@pytest.mark.parametrize("dark", [False, True])
def test_words_on_a_ground_of_their_own(qapp: QApplication, dark: bool) -> None:
    colours = palette(dark=dark)
    pairs = {
        "placeholder": (colours.color(Role.PlaceholderText), colours.color(Role.Base)),
        "selected": (colours.color(Role.HighlightedText), colours.color(Role.Highlight)),
        "primary": (tones.on_accent(colours), tones.accent(colours)),
        "tooltip": (colours.color(Role.ToolTipText), colours.color(Role.ToolTipBase)),
    }
    low = {name: contrast(*pair) for name, pair in pairs.items()}
    assert {name: round(value, 2) for name, value in low.items() if value < 4.5} == {}
