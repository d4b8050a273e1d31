from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractSpinBox

from ui.widgets.number_box import DecimalBox, NumberBox

Bot = Any


def whole() -> NumberBox:
    box = NumberBox()
    box.setRange(1, 4096)
    box.setSuffix(" px")
    box.setValue(16)
    return box


def decimal() -> DecimalBox:
    box = DecimalBox()
    box.setRange(0.0, 50.0)
    box.setDecimals(2)
    box.setValue(7.5)
    return box


def type_in(qtbot: Bot, box: QAbstractSpinBox, text: str) -> None:
    qtbot.addWidget(box)
    box.show()
    box.selectAll()
    qtbot.keyClicks(box, text)
    qtbot.keyClick(box, Qt.Key.Key_Return)


@pytest.mark.parametrize(
    "typed, kept, told",
    [
        ("1234567", 4096, "4096 is the most: 1234567 was not taken."),
        ("10000", 4096, "4096 is the most: 10000 was not taken."),
        ("0", 1, "1 is the least: 0 was not taken."),
        ("-5", 1, "1 is the least: -5 was not taken."),
    ],
)
def test_a_whole_number_beyond_the_ends_is_taken_to_them_aloud(
    qtbot: Bot, typed: str, kept: int, told: str
) -> None:
    box = whole()
    type_in(qtbot, box, typed)
    assert (box.value(), box.text()) == (kept, f"{kept} px")
    assert box.remark.words == told


@pytest.mark.parametrize(
    "typed, kept, told",
    [
        ("100", 50.0, "50 is the most: 100 was not taken."),
        ("7.506", 7.51, "7.506 was rounded to 7.51."),
    ],
)
def test_a_decimal_number_is_never_cut_silently(
    qtbot: Bot, typed: str, kept: float, told: str
) -> None:
    box = decimal()
    type_in(qtbot, box, typed)
    assert box.value() == pytest.approx(kept)
    assert box.remark.words == told


def test_what_fits_is_taken_without_a_word(qtbot: Bot) -> None:
    box, other = whole(), decimal()
    type_in(qtbot, box, "4096")
    type_in(qtbot, other, "3.25")
    assert (box.value(), other.value()) == (4096, 3.25)
    assert box.remark.words == other.remark.words == ""


def test_what_is_no_number_leaves_the_field_as_it_was(qtbot: Bot) -> None:
    box = whole()
    type_in(qtbot, box, "-")
    assert box.value() == 16
