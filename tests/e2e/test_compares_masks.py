from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor
from PySide6.QtWidgets import QLabel
from pytestqt.qtbot import QtBot

from memlens.masks.named_mask import NamedMask
from tests.support.colours import rgb
from tests.support.hand import at, drag
from tests.support.real_window import LONG_MS
from ui.canvas import outline
from ui.view.view_state import PanelStatus
from ui.vocabulary.action_keys import ActionKey
from ui.window.main_window import MainWindow


@pytest.fixture
def compared(sampled: MainWindow, qtbot: QtBot) -> MainWindow:
    """The left half (B) and the middle half (A, the active one), compared in the first panel."""
    masks = sampled.inspection.masks
    height, width = masks.size or (0, 0)
    for first, last in ((0.0, 0.5), (0.25, 0.75)):
        pixels = np.zeros((height, width), bool)
        pixels[:, int(first * width) : int(last * width)] = True
        masks.add_mask(NamedMask(name=f"from {first}", kind="ground truth", pixels=pixels))
    sampled.actions_[ActionKey.PANEL_1].trigger()
    qtbot.keyClick(sampled, Qt.Key.Key_K, Qt.KeyboardModifier.ControlModifier)
    qtbot.waitUntil(lambda: bool(numbers(sampled)) and sampled.idle, timeout=LONG_MS)
    return sampled


def numbers(window: MainWindow) -> dict[str, str]:
    """Return the numbers as a screen reader says them: the words, and then the number."""
    labels = window.masks.section.comparison.findChildren(QLabel)
    said = [(label.accessibleName(), label.text()) for label in labels if label.text()]
    return {name.removesuffix(f" {text}"): text for name, text in said if name.endswith(text)}


def test_the_numbers_follow_an_edit(compared: MainWindow, qtbot: QtBot) -> None:
    assert numbers(compared)["IoU"] == "0.333"
    assert numbers(compared)["Dice"] == "0.500"
    assert numbers(compared)["κ"] == "0.000"
    compared.actions_[ActionKey.CLEAR_MASK].trigger()
    qtbot.waitUntil(lambda: numbers(compared)["IoU"] == "0.000", timeout=LONG_MS)
    assert numbers(compared)["HD95"] == "–"


def test_a_run_that_stops_it_is_only_an_interruption(compared: MainWindow, qtbot: QtBot) -> None:
    compared.actions_[ActionKey.CLEAR_MASK].trigger()
    compared.inspection.masks.settle()
    compared.inspection.cancel()
    compared.inspection.set_seed(5)
    compared.inspection.run()
    qtbot.waitUntil(lambda: compared.idle, timeout=LONG_MS)
    compared.inspection.runs.choose_run(compared.inspection.view().runs.runs[0].number)
    qtbot.waitUntil(lambda: numbers(compared).get("IoU") == "0.000", timeout=LONG_MS)


def pixel_at(window: MainWindow, x: float, y: float) -> QColor:
    """Return the colour of the first panel's picture on the grabbed window."""
    picture = window.canvas.panels[0].picture
    image = window.grab().toImage()
    ratio = image.devicePixelRatio()
    here = picture.mapTo(window, at(picture, (x, y)))
    return image.pixelColor(round(here.x() * ratio), round(here.y() * ratio))


def blended(colour: QColor, picture: np.ndarray, share: float) -> np.ndarray:
    return share * np.array(rgb(colour)) + (1 - share) * picture


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_window_shows_each_colour_where_it_belongs(compared: MainWindow, theme: str) -> None:
    compared.actions_[ActionKey(f"theme-{theme}")].trigger()
    view = compared.inspection.view().canvas.panels[0]
    assert (view.status, view.hint) == (PanelStatus.READY, "")
    assert view.picture is not None
    height, width = view.picture.shape[:2]
    # A is .25 to .75, B is 0 to .5.
    for colour, share, places in (
        (outline.ONLY_B, 0.8, (0.07, 0.2)),
        (outline.AGREE, 0.8, (0.3, 0.38, 0.45)),
        (outline.ONLY_A, 0.8, (0.55, 0.7)),
        (QColor(0, 0, 0), 0.59, (0.8, 0.95)),
    ):
        for x in places:
            for y in (0.3, 0.5, 0.8):
                seen = np.array(rgb(pixel_at(compared, x, y)))
                around = view.picture[
                    int(y * height) - 1 : int(y * height) + 2,
                    int(x * width) - 1 : int(x * width) + 2,
                ].reshape(-1, 3)
                low = blended(colour, around.min(0), share) - 6
                high = blended(colour, around.max(0), share) + 6
                assert ((low <= seen) & (seen <= high)).all(), (x, y, seen, low, high)


def test_the_colours_follow_the_brush_and_the_panel_says_what_is_missing(
    compared: MainWindow, qtbot: QtBot
) -> None:
    qtbot.keyClick(compared, Qt.Key.Key_B)
    before = pixel_at(compared, 0.87, 0.5)
    drag(compared.canvas.panels[0].picture, (0.85, 0.5), (0.95, 0.5))
    after = pixel_at(compared, 0.87, 0.5)
    assert before.lightness() < 130 and after.hue() != before.hue()
    assert abs(after.hue() - outline.ONLY_A.hue()) < 25
    compared.actions_[ActionKey.DELETE_MASK].trigger()
    view = compared.inspection.view().canvas.panels[0]
    assert view.status is PanelStatus.UNAVAILABLE and "two masks" in view.hint
    compared.inspection.looks.choose_content(0, "mask")
    assert compared.inspection.view().canvas.panels[0].status is PanelStatus.READY
    compared.actions_[ActionKey.DELETE_MASK].trigger()
    assert "no mask" in compared.inspection.view().canvas.panels[0].hint


def test_done_brings_back_what_the_panel_showed(sampled: MainWindow, qtbot: QtBot) -> None:
    masks = sampled.inspection.masks
    height, width = masks.size or (0, 0)
    for number in (1, 2):
        pixels = np.zeros((height, width), bool)
        pixels[: number * height // 4] = True
        masks.add_mask(NamedMask(name=f"mask {number}", kind="ground truth", pixels=pixels))
    before = [panel.content for panel in sampled.inspection.view().canvas.panels]
    sampled.actions_[ActionKey.PANEL_2].trigger()
    sampled.actions_[ActionKey.COMPARE_MASKS].trigger()
    assert sampled.inspection.view().canvas.panels[1].content == "mask comparison"
    sampled.masks.section.comparison.close_button.click()
    assert [panel.content for panel in sampled.inspection.view().canvas.panels] == before


def test_a_mask_being_found_is_seen_in_such_a_panel(compared: MainWindow, qtbot: QtBot) -> None:
    picture = compared.canvas.panels[0].picture
    without = picture.grab().toImage()
    compared.actions_[ActionKey.PANEL_2].trigger()
    compared.actions_[ActionKey.FIND_IN_MAP].trigger()
    finding = compared.inspection.masks.finding
    qtbot.waitUntil(lambda: finding.preview is not None and compared.idle, timeout=LONG_MS)
    assert picture.grab().toImage() != without
    finding.abandon()
    assert picture.grab().toImage() == without
