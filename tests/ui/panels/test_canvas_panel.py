from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QWheelEvent
from PySide6.QtWidgets import QApplication, QWidget

from tests.support.colours import rgb
from tests.support.drawn_views import MASK, canvas, colour_at, grabbed, on_screen, panel, values
from ui.canvas import colormaps
from ui.panels.canvas import CanvasPanel
from ui.view.view_state import CanvasView, PanelStatus
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.panel_content import Compare

Bot = Any


@pytest.fixture
def shown(qtbot: Bot) -> Iterator[CanvasPanel]:
    made = CanvasPanel()
    qtbot.addWidget(made)
    made.resize(900, 700)
    made.show_view(canvas(4))
    made.show()
    yield made
    made.hide()


def test_the_layout_follows_the_number_of_panels(shown: CanvasPanel) -> None:
    for count in (1, 2, 3, 4, 6, 2):
        shown.show_view(canvas(count))
        visible = [one for one in shown.panels if one.isVisible()]
        assert len(visible) == count
        areas = [one.geometry() for one in visible]
        assert all(shown.rect().contains(area) for area in areas)
        assert not any(a.intersects(b) for a in areas for b in areas if a is not b)
        sizes = {one.picture.size().toTuple() for one in visible}
        assert max(w for w, _ in sizes) - min(w for w, _ in sizes) <= 1


def test_the_map_is_drawn_through_the_colormap(shown: CanvasPanel) -> None:
    first = shown.panels[0]
    colours = colormaps.table("inferno")
    assert colour_at(first, 0.5, 0.5).rgb() == colours[255]
    assert colour_at(first, 0.1, 0.1).rgb() == colours[0]
    shown.show_view(canvas(4, colormap="grey"))
    assert colour_at(first, 0.5, 0.5).rgb() == 0xFFFFFFFF


def test_opacity_and_the_bare_picture(shown: CanvasPanel) -> None:
    first = shown.panels[0]
    shown.show_view(canvas(4, bare_picture=True))
    assert rgb(colour_at(first, 0.5, 0.5)) == (200, 100, 50)
    shown.show_view(canvas(4, opacity=0.5, colormap="grey"))
    red = colour_at(first, 0.5, 0.5).red()
    assert abs(red - (200 + 255) / 2) <= 2


def test_nearest_is_pixel_exact_and_bilinear_is_not(shown: CanvasPanel) -> None:
    shown.show_view(canvas(1, colormap="grey"))
    first = shown.panels[0]
    edge = 2 / 8
    assert colour_at(first, edge - 0.01, 0.5).red() == 0
    assert colour_at(first, edge + 0.01, 0.5).red() == 255
    shown.show_view(canvas(1, colormap="grey", nearest=False))
    assert 100 < colour_at(first, edge, 0.5).red() < 155


def test_the_outline_follows_the_mask_at_two_device_pixels(shown: CanvasPanel) -> None:
    view = canvas(1)
    shown.show_view(
        replace(view, panels=(panel("picture", mask=MaskPicture.still(MASK), active=True),))
    )
    picture = shown.panels[0].picture
    image = QImage(picture.size() * 2, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(2)
    painter = QPainter(image)
    QWidget.render(picture, painter, QPoint())
    painter.end()
    target = picture.target()
    y = round((target.y() + target.height() / 2) * 2)
    white = [x for x in range(image.width()) if image.pixel(x, y) == 0xFFFFFFFF]
    left = (target.x() + target.width() * 16 / 64) * 2
    right = (target.x() + target.width() * 48 / 64) * 2
    assert len(white) == 4
    assert abs(white[0] + 1 - left) <= 1 and abs(white[-1] - right) <= 1


def test_the_threshold_draws_the_predicted_mask(shown: CanvasPanel) -> None:
    before = grabbed(shown.panels[0].picture)
    view = canvas(4)
    panels = (replace(view.panels[0], threshold=0.5), *view.panels[1:])
    shown.show_view(replace(view, panels=panels))
    after = grabbed(shown.panels[0].picture)
    changed = [
        (x, y)
        for x in range(0, after.width())
        for y in (after.height() // 2,)
        if after.pixel(x, y) != before.pixel(x, y)
    ]
    target = shown.panels[0].picture.target()
    assert min(x for x, _ in changed) == pytest.approx(target.x() + target.width() / 4, abs=3)


def test_zoom_is_linked_and_survives_size_and_layout(shown: CanvasPanel, qtbot: Bot) -> None:
    picture = shown.panels[0].picture
    at = on_screen(shown.panels[0], 0.25, 0.25)
    place = picture.place_of(QPointF(at))
    turn = QWheelEvent(
        QPointF(at),
        picture.mapToGlobal(QPointF(at)),
        QPoint(),
        QPoint(0, 720),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(picture, turn)
    assert shown.viewport.zoom == pytest.approx(4)
    assert (on_screen(shown.panels[0], place.x(), place.y()) - at).manhattanLength() <= 2
    sizes = {round(one.picture.target().width()) for one in shown.panels}
    assert max(sizes) - min(sizes) <= 4
    centre = shown.viewport.centre
    shown.resize(700, 800)
    shown.show_view(canvas(2))
    assert (shown.viewport.zoom, shown.viewport.centre) == (pytest.approx(4), centre)
    qtbot.mouseDClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(20, 20))
    assert shown.viewport.zoom == 1


def test_dragging_moves_all_panels(shown: CanvasPanel, qtbot: Bot) -> None:
    picture = shown.panels[1].picture
    picture.zoom_by(4, QPointF(picture.rect().center()))
    before = [one.picture.target().x() for one in shown.panels]
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    move(picture, QPoint(130, 100), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=QPoint(130, 100))
    after = [one.picture.target().x() for one in shown.panels]
    assert [b - a for a, b in zip(before, after, strict=True)] == pytest.approx([30] * 4, abs=1)


def test_the_cursor_reads_every_panel(shown: CanvasPanel) -> None:
    error = np.full((8, 8), 0.031, np.float32)
    panels = (
        panel("picture", active=True),
        panel(values=values(0.72), standard_error=error, units="u"),
        panel(values=values(-0.25)),
    )
    shown.show_view(CanvasView(panels=panels))
    at = on_screen(shown.panels[0], 0.5, 0.5)
    clean = grabbed(shown.panels[2].picture)
    move(shown.panels[0].picture, at)
    words = [one.foot.words for one in shown.panels[:3]]
    assert words[0] == "x 32 · y 32 · RGB 200 100 50"
    assert words[1].startswith("0.720 ± 0.031 u · ")
    assert words[2].startswith("−0.250 · ")
    assert grabbed(shown.panels[2].picture) != clean
    QApplication.sendEvent(shown.panels[0].picture, QEvent(QEvent.Type.Leave))
    assert shown.panels[1].foot.words == ""
    assert grabbed(shown.panels[2].picture) == clean


def test_a_click_asks_for_activation_and_space_for_the_bare_picture(
    shown: CanvasPanel, qtbot: Bot
) -> None:
    with qtbot.waitSignal(shown.panel_activated) as asked:
        qtbot.mouseClick(shown.panels[2].picture, Qt.MouseButton.LeftButton)
    assert asked.args == [2]
    held: list[bool] = []
    shown.bare_picture_held.connect(held.append)
    qtbot.keyPress(shown.panels[2].picture, Qt.Key.Key_Space)
    qtbot.keyRelease(shown.panels[2].picture, Qt.Key.Key_Space)
    assert held == [True, False]


def test_the_chooser_asks_and_follows_the_view(shown: CanvasPanel, qtbot: Bot) -> None:
    chooser = shown.panels[1].head.chooser
    assert chooser.currentIndex() == 1
    assert not chooser.model().index(2, 0).flags() & Qt.ItemFlag.ItemIsEnabled
    tip = chooser.model().index(2, 0).data(Qt.ItemDataRole.ToolTipRole)
    assert tip == "This family has no cross-attention."
    with qtbot.waitSignal(shown.content_chosen) as asked:
        chooser.activated.emit(0)
    assert asked.args == [1, "picture"]
    assert chooser.currentIndex() == 1


def test_dragging_a_head_swaps_panels(shown: CanvasPanel, qtbot: Bot) -> None:
    head = shown.panels[0].head
    over = head.mapFrom(shown, shown.panels[3].geometry().center())
    qtbot.mousePress(head, Qt.MouseButton.LeftButton, pos=QPoint(3, 13))
    move(head, over, Qt.MouseButton.LeftButton)
    with qtbot.waitSignal(shown.panels_swapped) as asked:
        qtbot.mouseRelease(head, Qt.MouseButton.LeftButton, pos=over)
    assert asked.args == [0, 3]
    shown.setFocus()
    with qtbot.waitSignal(shown.panels_swapped) as asked:
        both = Qt.KeyboardModifier.ControlModifier | Qt.KeyboardModifier.ShiftModifier
        qtbot.keyClick(shown, Qt.Key.Key_Right, both)
    assert asked.args == [0, 1]


def test_wipe_shows_a_left_and_b_right_of_the_line(shown: CanvasPanel, qtbot: Bot) -> None:
    low, high = np.zeros((8, 8), np.float32), np.ones((8, 8), np.float32)
    panels = (panel(values=low, active=True), panel(values=high))
    view = CanvasView(panels=panels, compare=Compare.WIPE, opacity=1.0, colormap="grey")
    shown.show_view(view)
    picture = shown.pair.picture
    assert picture.isVisible() and not shown.panels[0].isVisible()
    middle = picture.rect().center()
    image = grabbed(picture)
    assert image.pixelColor(middle - QPoint(40, 90)).red() == 0
    assert image.pixelColor(middle + QPoint(40, -90)).red() == 255
    qtbot.mousePress(picture, Qt.MouseButton.LeftButton, pos=middle)
    move(picture, middle + QPoint(80, 0), Qt.MouseButton.LeftButton)
    qtbot.mouseRelease(picture, Qt.MouseButton.LeftButton, pos=middle + QPoint(80, 0))
    assert grabbed(picture).pixelColor(middle + QPoint(40, -90)).red() == 0


def test_a_minus_b_and_blink(shown: CanvasPanel, qtbot: Bot) -> None:
    panels = (panel(values=values(0.9), active=True), panel(values=values(0.4)))
    view = CanvasView(panels=panels, compare=Compare.DIFFERENCE, opacity=1.0)
    shown.show_view(view)
    centre = shown.pair.picture.rect().center()
    colours = colormaps.table(colormaps.DIVERGING)
    assert grabbed(shown.pair.picture).pixelColor(centre).rgb() == colours[255]
    move(shown.pair.picture, centre)
    assert shown.pair.feet[1].words == "0.400 · A − B 0.500"
    shown.show_view(replace(view, compare=Compare.BLINK))
    before = grabbed(shown.pair.picture)
    qtbot.waitUntil(lambda: grabbed(shown.pair.picture) != before, timeout=3000)
    with qtbot.waitSignal(shown.compare_chosen) as asked:
        shown.compare_bar.buttons[Compare.SIDE_BY_SIDE].click()
    assert asked.args == ["side by side"]
    shown.show_view(replace(view, compare=Compare.SIDE_BY_SIDE))
    assert shown.panels[0].isVisible() and not shown.pair.isVisible()


def test_states_are_told_apart(shown: CanvasPanel, qtbot: Bot) -> None:
    ready = canvas(1)
    shown.show_view(ready)
    first = shown.panels[0]
    plain = colour_at(first, 0.5, 0.5)
    one = ready.panels[0]
    stand_in = replace(one, status=PanelStatus.STAND_IN, hint="Δh_∅: press C")
    shown.show_view(replace(ready, panels=(stand_in,)))
    assert colour_at(first, 0.5, 0.5) != plain
    assert "Δh∅: press C" in first.picture.accessibleDescription()
    shown.show_view(replace(ready, panels=(replace(one, stretched=True),)))
    assert first.head.badge.isVisible()
    shown.show_view(replace(ready, panels=(replace(one, status=PanelStatus.COMPUTING),)))
    before = grabbed(first.picture)
    qtbot.waitUntil(lambda: grabbed(first.picture) != before, timeout=3000)
    shown.show_view(ready)
    assert grabbed(first.picture).pixelColor(20, 0) == grabbed(first.picture).pixelColor(60, 0)


def test_no_outline_crosses_a_sentence_that_stands_alone(shown: CanvasPanel) -> None:
    bare = panel("picture", picture=None, hint="Sampling …", active=True)
    masked = replace(bare, mask=MaskPicture.still(MASK))
    shown.show_view(CanvasView(panels=(bare,)))
    without = grabbed(shown.panels[0].picture)
    shown.show_view(CanvasView(panels=(masked,)))
    assert grabbed(shown.panels[0].picture) == without
    shown.show_view(CanvasView(panels=(replace(masked, hint=""),)))
    assert grabbed(shown.panels[0].picture) != without


def test_the_bar_says_its_units_in_whole_words(shown: CanvasPanel) -> None:
    bar = shown.panels[0].bar
    shown.show_view(canvas(1))
    assert "canonical units" in bar.toolTip()
    named = _edge(grabbed(bar))
    signed = panel("guidance_cosine", values=values(), active=True)
    shown.show_view(CanvasView(panels=(signed,)))
    assert "units" not in bar.toolTip()
    assert _edge(grabbed(bar)) != named
    paper = panel(values=values(), units="paper's units", active=True)
    shown.show_view(CanvasView(panels=(paper,)))
    assert "paper's units" in bar.toolTip() and "canonical" not in bar.toolTip()
    # The smallest panel of a small window has room for the word that counts; below, for none.
    for height, said in ((80, True), (40, False)):
        bar.setFixedHeight(height)
        shown.show_view(canvas(1))
        QApplication.processEvents()
        edge = _edge(grabbed(bar))
        shown.show_view(CanvasView(panels=(signed,)))
        assert (_edge(grabbed(bar)) != edge) is said


def test_a_bar_stays_within_a_small_panel_that_had_none_before(shown: CanvasPanel) -> None:
    shown.show_view(CanvasView(panels=(panel("picture", picture=None),) * 6))
    QApplication.processEvents()
    shown.resize(392, 330)
    shown.show_view(canvas(6))
    QApplication.processEvents()
    for one in shown.panels[:6]:
        assert one.rect().contains(one.bar.geometry())
        assert not one.bar.geometry().intersects(one.picture.geometry())


def _edge(image: QImage) -> QImage:
    """Return what stands beside a colour bar: its numbers, and upright its units."""
    return image.copy(13, 0, image.width() - 13, image.height())


def test_nothing_is_drawn_twice_for_the_same_view(shown: CanvasPanel, qtbot: Bot) -> None:
    view = canvas(2)
    shown.show_view(view)
    QApplication.processEvents()
    drawn: list[object] = []
    picture = shown.panels[0].picture
    before = picture.paintEvent
    picture.paintEvent = lambda event: (drawn.append(event), before(event))[1]  # type: ignore
    shown.show_view(view)
    shown.show_view(replace(view))
    QApplication.processEvents()
    assert not drawn


def test_every_control_has_a_name(shown: CanvasPanel) -> None:
    for one in shown.panels:
        assert one.accessibleName() and one.head.chooser.accessibleName()
        assert one.head.chooser.toolTip()
    for button in (*shown.compare_bar.buttons.values(), shown.compare_bar.zoom):
        assert button.accessibleName() and button.toolTip()


def move(widget: Any, at: QPoint, buttons: Any = Qt.MouseButton.NoButton) -> None:
    from PySide6.QtGui import QMouseEvent

    event = QMouseEvent(
        QEvent.Type.MouseMove,
        QPointF(at),
        widget.mapToGlobal(QPointF(at)),
        Qt.MouseButton.NoButton,
        buttons,
        Qt.KeyboardModifier.NoModifier,
    )
    QApplication.sendEvent(widget, event)
