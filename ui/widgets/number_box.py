"""Number fields: digits begin where other fields' words do, and no digit is lost silently."""

from __future__ import annotations

from typing import Any

from PySide6.QtGui import QValidator
from PySide6.QtWidgets import QDoubleSpinBox, QSpinBox, QWidget

from ui.language.translation import tr
from ui.widgets.remark import Remark

# A stylesheet's padding does not reach the text of a spin box from the left.
_INDENT = 6
_State = QValidator.State


class NumberBox(QSpinBox):
    """A field for a whole number; one beyond its ends can be typed, and is taken to them aloud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
        self.remark = Remark(self)
        self.lineEdit().textEdited.connect(self.remark.clear)

    def validate(self, text: str, place: int) -> tuple[_State, str, int]:
        """Let any whole number be typed: Qt would refuse the digit that is too many."""
        return _tolerant(super().validate(text, place), self._digits(text), self._typed(text))

    def fixup(self, text: str) -> str:
        """Take a number beyond the ends to them, and say so."""
        typed = self._typed(text)
        if typed is None:
            return self.textFromValue(self.value())
        kept = int(min(max(typed, self.minimum()), self.maximum()))
        _tell(self.remark, str(typed), typed < kept, kept)
        return self.prefix() + self.textFromValue(kept) + self.suffix()

    def _digits(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix())

    def _typed(self, text: str) -> int | None:
        try:
            return int(self._digits(text))
        except ValueError:
            return None


class DecimalBox(QDoubleSpinBox):
    """As `NumberBox`, for a number with decimals; those too many are rounded aloud."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.lineEdit().setTextMargins(_INDENT, 0, 0, 0)
        self.remark = Remark(self)
        self.lineEdit().textEdited.connect(self.remark.clear)

    def validate(self, text: str, place: int) -> tuple[_State, str, int]:
        """Let any number be typed: Qt would refuse the digit that is too many."""
        return _tolerant(super().validate(text, place), self._digits(text), self._typed(text))

    def fixup(self, text: str) -> str:
        """Take a number beyond the ends to them, round one too long, and say so."""
        typed = self._typed(text)
        if typed is None:
            return self.textFromValue(self.value())
        kept = round(min(max(typed, self.minimum()), self.maximum()), self.decimals())
        written, shown = f"{typed:.10g}", float(f"{kept:.10g}")
        if self.minimum() <= typed <= self.maximum():
            words = tr("{typed} was rounded to {kept:g}.")
            self.remark.say(words.format(typed=written, kept=shown))
        else:
            _tell(self.remark, written, typed < kept, shown)
        return self.prefix() + self.textFromValue(kept) + self.suffix()

    def _digits(self, text: str) -> str:
        return text.removeprefix(self.prefix()).removesuffix(self.suffix())

    def _typed(self, text: str) -> float | None:
        value, understood = self.locale().toDouble(self._digits(text))
        return value if understood else None


def _tolerant(found: Any, digits: str, typed: float | None) -> tuple[_State, str, int]:
    state, text, place = found
    if state is _State.Invalid and (typed is not None or digits == "-"):
        state = _State.Intermediate
    return state, text, place


def _tell(remark: Remark, typed: str, below: bool, kept: float) -> None:
    """Say that what was typed lies beyond an end of the field."""
    sentence = tr("{kept:g} is the most: {typed} was not taken.")
    if below:
        sentence = tr("{kept:g} is the least: {typed} was not taken.")
    remark.say(sentence.format(kept=kept, typed=typed))
