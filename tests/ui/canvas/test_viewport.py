from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, QSizeF

from ui.canvas.viewport import LARGEST_ZOOM, Viewport

AREA = QRectF(0, 0, 300, 200)
SQUARE = QSizeF(512, 512)


def place_on_screen(viewport: Viewport, place: QPointF, area: QRectF = AREA) -> QPointF:
    target = viewport.target(area, SQUARE, ratio=64)
    return QPointF(
        target.x() + place.x() * target.width(), target.y() + place.y() * target.height()
    )


def test_fits_with_the_aspect_locked_and_centred() -> None:
    target = Viewport().target(AREA, SQUARE)
    assert target == QRectF(50, 0, 200, 200)


def test_target_lies_on_device_pixels() -> None:
    viewport = Viewport()
    viewport.zoom_at(1.37, QPointF(0.3, 0.4), AREA, SQUARE)
    target = viewport.target(AREA, SQUARE, ratio=2)
    for edge in (target.left(), target.right(), target.top(), target.bottom()):
        assert edge * 2 == pytest.approx(round(edge * 2))


def test_zooming_keeps_the_place_under_the_cursor() -> None:
    viewport = Viewport()
    viewport.zoom_at(4, QPointF(0.5, 0.5), AREA, SQUARE)
    place = QPointF(0.45, 0.55)
    before = place_on_screen(viewport, place)
    viewport.zoom_at(2.5, place, AREA, SQUARE)
    after = place_on_screen(viewport, place)
    assert (after - before).manhattanLength() < 0.1


def test_what_is_seen_survives_another_size() -> None:
    viewport = Viewport()
    viewport.zoom_at(8, QPointF(0.25, 0.75), AREA, SQUARE)
    zoom, centre = viewport.zoom, viewport.centre
    small = QRectF(0, 0, 90, 120)
    target = viewport.target(small, SQUARE)
    assert (viewport.zoom, viewport.centre) == (zoom, centre)
    assert target.width() == pytest.approx(90 * 8, abs=1)


def test_the_picture_cannot_be_lost() -> None:
    viewport = Viewport()
    viewport.zoom_at(4, QPointF(0.5, 0.5), AREA, SQUARE)
    viewport.move_by(QPointF(10_000, -10_000), AREA, SQUARE)
    target = viewport.target(AREA, SQUARE)
    assert target.left() == 0
    assert target.bottom() == 200


def test_zoom_has_ends() -> None:
    viewport = Viewport()
    viewport.zoom_at(1e9, QPointF(0.5, 0.5), AREA, SQUARE)
    assert viewport.zoom == LARGEST_ZOOM
    viewport.zoom_at(1e-9, QPointF(0.5, 0.5), AREA, SQUARE)
    assert viewport.zoom == 1
