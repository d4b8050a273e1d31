"""The prompt's tokens are counted while one types; what is cut is said in one line."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QPlainTextEdit, QScrollArea
from pytestqt.qtbot import QtBot

from tests.support.controller_state import state_of
from tests.support.real_window import LONG_MS
from ui.window.main_window import MainWindow

LONG = "a red apple beside a navy rug and a green umbrella near one blue poster on yellow hills"


def length(window: MainWindow) -> QLabel:
    labels = window.setup.findChildren(QLabel)
    return next(label for label in labels if label.accessibleName() == "Length of the prompt")


def test_tokens_are_counted_while_one_types(window: MainWindow, qtbot: QtBot) -> None:
    prompt = window.setup.findChild(QPlainTextEdit)
    assert prompt is not None
    qtbot.keyClicks(prompt, "red apple")
    qtbot.waitUntil(lambda: length(window).text().endswith("tokens"), timeout=LONG_MS)
    qtbot.waitUntil(lambda: window.inspection.view().setup.tokens != "", timeout=LONG_MS)
    used, room = (int(word) for word in length(window).text().split() if word.isdigit())
    assert 2 <= used < room
    assert not window.inspection.view().setup.too_long
    window.inspection.set_prompt(LONG)
    qtbot.waitUntil(lambda: window.inspection.view().setup.too_long, timeout=LONG_MS)
    assert "cut off" in length(window).text()
    window.inspection.set_prompt(" ".join([LONG] * 30))
    qtbot.waitUntil(lambda: len(length(window).text().split(" ")[0]) >= 3, timeout=LONG_MS)
    column = window.setup.findChild(QScrollArea)
    inside = column.widget() if column else None
    assert column is not None and inside is not None
    assert inside.width() <= column.viewport().width(), "nothing is pushed out of sight"
    assert length(window).height() >= length(window).heightForWidth(length(window).width())
    window.inspection.set_prompt("")
    assert length(window).text() == ""


def test_what_is_cut_is_told_in_one_line_from_a_whole_word(
    window: MainWindow, qtbot: QtBot
) -> None:
    window.inspection.set_prompt(" ".join([LONG] * 6))
    window.inspection.run()
    qtbot.waitUntil(lambda: window.inspection.view().banner is not None, timeout=LONG_MS)
    banner = window.inspection.view().banner
    assert banner is not None
    cut = banner.sentence.split("“")[1].split("”")[0]
    sentence = next(
        label for label in window.banner.findChildren(QLabel) if label.text() == banner.sentence
    )
    line = sentence.fontMetrics().lineSpacing()
    assert sentence.heightForWidth(sentence.width()) < 1.5 * line
    assert cut.split()[0] in LONG.split()
    qtbot.waitUntil(lambda: window.idle, timeout=LONG_MS)
    run = state_of(window.inspection).results.run
    assert run is not None
    assert (" " + " ".join([LONG] * 6)).endswith(" " + run.truncated)
