"""Where two device pixels are one unit of the window, a dot lands on the pixel that is seen."""

from __future__ import annotations

import os
import subprocess
import sys
import textwrap
from pathlib import Path

CHECKOUT = Path(__file__).resolve().parents[2]

DRAWN = """
    import numpy as np
    from PySide6.QtCore import QPoint, Qt
    from PySide6.QtTest import QTest
    from memlens.masks.named_mask import NamedMask
    from ui.building import build_application, build_window
    from ui.vocabulary.tool import Tool
    from ui.state.run import Run
    from tests.support.controller_state import state_of

    SIDE = 16
    application = build_application()
    window = build_window(application)
    window.resize(1280, 800)
    window.show()
    run = Run(number=1, prompt="two device pixels")
    run.log_snr = np.linspace(-5, 6, 4).astype(np.float32)
    run.reached = 4
    pixels = np.zeros((SIDE, SIDE, 3), np.uint8)
    # Each pixel's colour says where it is.
    pixels[..., 0] = np.arange(SIDE)[:, None] * 16 + 8
    pixels[..., 1] = np.arange(SIDE) * 16 + 8
    pixels[..., 2] = 99
    run.pictures = dict.fromkeys(range(4), pixels)
    empty = np.zeros((SIDE, SIDE), np.bool_)
    run.masks = (NamedMask(name="drawn", kind="ground truth", pixels=empty),)
    state_of(window.inspection).history.add(run)
    state_of(window.inspection).results.run = run
    window.inspection.masks.note_open_shape(True)
    window.inspection.masks.note_open_shape(False)
    masks = window.inspection.masks
    masks.tools.choose_radius(0.7072)
    application.processEvents()
    picture = window.canvas.panels[0].picture
    assert picture.devicePixelRatio() == 2.0
    tried = 0
    for zoom in (1.0, 1.37, 1.9):
        picture.zoom_by(zoom, picture.rect().center().toPointF())
        application.processEvents()
        clean = picture.grab().toImage()
        assert clean.devicePixelRatio() == 2.0
        masks.tools.choose(Tool.BRUSH)
        for x in range(40, picture.width() - 40, 17):
            y = 40 + (7 * x) % (picture.height() - 80)
            # The unit's four device pixels, where they all show the same pixel of the picture.
            seen = {clean.pixelColor(2 * x + i, 2 * y + j).name() for i in (-1, 0) for j in (-1, 0)}
            colour = clean.pixelColor(2 * x, 2 * y)
            if len(seen) > 1 or seen != {colour.name()} or colour.blue() != 99:
                continue
            if colour.red() % 16 != 8 or colour.green() % 16 != 8:
                continue
            QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=QPoint(x, y))
            document = masks.document
            found = document.pixels(document.active)
            row, column = colour.red() // 16, colour.green() // 16
            assert found[row, column], (zoom, x, y, row, column, np.argwhere(found).tolist())
            assert found.sum() <= 4
            application.processEvents()
            masks.undo()
            tried += 1
        masks.tools.choose(Tool.BRUSH)
    print("tried", tried)
    window.inspection.keeping.discard_all()
    window.close()
"""


def test_a_dot_lands_on_the_pixel_that_is_seen() -> None:
    environment = {
        **os.environ,
        "PYTHONPATH": str(CHECKOUT),
        "QT_SCALE_FACTOR": "2",
        "QT_QPA_PLATFORM": "offscreen",
    }
    child = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(DRAWN)],
        capture_output=True,
        text=True,
        timeout=100,
        env=environment,
    )
    assert child.returncode == 0, child.stderr
    assert int(child.stdout.split()[-1]) > 20
