from __future__ import annotations

import numpy as np
from PySide6.QtCore import QSize
from PySide6.QtGui import QIcon, QImage
from PySide6.QtWidgets import QApplication

from tests.support.colours import rgb
from ui.panels.run_strip import _icon


def image(shown: QIcon, mode: QIcon.Mode) -> QImage:
    return shown.pixmap(QSize(56, 56), 2.0, mode).toImage()


def test_the_chosen_run_keeps_its_colours_and_is_sharp_at_two_device_pixels(
    qapp: QApplication,
) -> None:
    picture = np.zeros((128, 128, 3), np.uint8)
    picture[:] = (200, 100, 50)
    shown = _icon(picture, 2.0)
    assert image(shown, QIcon.Mode.Selected) == image(shown, QIcon.Mode.Normal)
    assert image(shown, QIcon.Mode.Normal).size() == QSize(112, 112)
    assert rgb(image(shown, QIcon.Mode.Selected).pixelColor(50, 50)) == (200, 100, 50)
