from __future__ import annotations

import pytest
from PySide6.QtWidgets import QStylePainter
from pytestqt.qtbot import QtBot

from ui.widgets.eliding_choice import ElidingChoice

NAME = "second annotator, the region along the left edge of the poster"


def test_a_long_name_is_elided_and_stays_whole_in_the_list(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    box = ElidingChoice()
    qtbot.addWidget(box)
    box.addItem(NAME)
    box.resize(160, 26)
    drawn: list[str] = []
    monkeypatch.setattr(
        QStylePainter,
        "drawControl",
        lambda _self, _element, option: drawn.append(option.currentText),
    )
    box.grab()
    assert "…" in drawn[-1]
    assert drawn[-1].startswith("second") and drawn[-1].endswith(NAME[-1])
    assert box.currentText() == NAME
    box.resize(900, 26)
    box.grab()
    assert drawn[-1] == NAME
