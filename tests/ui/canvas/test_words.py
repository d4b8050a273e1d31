from __future__ import annotations

import math

import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QColor, QFont, QImage, QPainter

from ui.canvas import symbol
from ui.view import numbers


@pytest.mark.parametrize(
    ("value", "digits", "words"),
    [
        (0.7204, 3, "0.720"),
        (-0.0312, 2, "−0.031"),
        (0.0, 3, "0.000"),
        (-1e-9, 3, "−1.00e−9"),
        (3.14159, 2, "3.1"),
        (1234.5, 3, "1234"),
        (math.nan, 3, "–"),
        (math.inf, 3, "∞"),
    ],
)
def test_short(value: float, digits: int, words: str) -> None:
    assert numbers.short(value, digits) == words


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (0.9, "0.90"),
        (0.15, "0.15"),
        (0.0061, "0.0061"),
        (-0.00012, "−0.00012"),
        (2.34e-6, "2.3e−6"),
        (14.09, "14.1"),
        (215.4, "215"),
        (0.0, "0"),
        (math.nan, "–"),
    ],
)
def test_a_small_number_keeps_two_digits(value: float, words: str) -> None:
    assert numbers.brief(value) == words


def test_ticks_are_round_and_inside() -> None:
    marks, step = numbers.ticks(0.0, 1.0, 6)
    assert [numbers.tick(mark, step) for mark in marks] == [
        "0.0",
        "0.2",
        "0.4",
        "0.6",
        "0.8",
        "1.0",
    ]
    marks, step = numbers.ticks(-0.5, 0.5, 5)
    assert [numbers.tick(mark, step) for mark in marks] == ["−0.4", "−0.2", "0.0", "0.2", "0.4"]
    marks, step = numbers.ticks(0.0, 1.0, 5)
    assert [numbers.tick(mark, step) for mark in marks] == ["0.00", "0.25", "0.50", "0.75", "1.00"]
    assert numbers.ticks(1.0, 1.0, 5) == ([], 0.0)


def test_subscripts_are_lower_and_smaller(qtbot: object) -> None:
    font = QFont()
    font.setPixelSize(40)
    image = QImage(200, 100, QImage.Format.Format_RGB32)
    image.fill(0xFFFFFFFF)
    painter = QPainter(image)
    drawn = symbol.paint(painter, QPointF(10, 60), "Δh_∅", font, QColor("black"))
    painter.end()
    assert drawn == pytest.approx(symbol.width("Δh_∅", font))
    inked = [
        (x, y) for x in range(200) for y in range(100) if QColor(image.pixel(x, y)).lightness() < 90
    ]
    base = symbol.width("Δh", font)
    assert max(y for x, y in inked if x < 10 + base) <= 61
    assert max(y for x, y in inked if x > 12 + base) > 62


def test_sentences_lose_the_sign_but_not_other_words() -> None:
    assert symbol.in_sentence("Δh_θ̃: needs unet_early") == "Δhθ̃: needs unet_early"
    assert symbol.plain("Δs_∅") == "Δs∅"
