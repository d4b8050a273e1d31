"""The readings section of the inspect column."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from ui.panels.readings import ReadingsSection
from ui.view.readings import ReadingRow

WEN = ReadingRow(key="wen", label="Length", value="12.5", detail="all steps", about="Wen et al.")
JEON = ReadingRow(
    key="jeon", label="Sharpness", value="", detail="first step", about="Jeon", can_compute=True
)


def test_values_are_shown_and_missing_ones_have_a_button(qtbot: QtBot) -> None:
    section = ReadingsSection()
    qtbot.addWidget(section)
    section.show_view((WEN, JEON))
    section.show()
    wen, jeon = section.rows["wen"], section.rows["jeon"]
    assert wen.value.text() == "12.5" and wen.value.isVisible() and not wen.button.isVisible()
    assert jeon.button.isVisible() and not jeon.value.isVisible()
    assert wen.toolTip() == "Wen et al."
    with qtbot.waitSignal(section.compute_requested) as asked:
        jeon.button.click()
    assert asked.args == ["jeon"]


def test_a_reason_disables_the_button_and_is_in_the_tooltip(qtbot: QtBot) -> None:
    section = ReadingsSection()
    qtbot.addWidget(section)
    section.show_view((replace(JEON, reason="Run a prompt first."),))
    row = section.rows["jeon"]
    assert not row.button.isEnabled()
    assert "Run a prompt first." in row.toolTip()
    assert row.button.toolTip() == row.toolTip()
    section.show_view((replace(JEON, computing=True),))
    assert not row.button.isEnabled()
    section.show_view(())
    assert section.rows == {}
    assert not section.sentence.isHidden()
