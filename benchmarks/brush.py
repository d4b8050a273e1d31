"""Brush (erasing) move to repaint in the real window: 64 px across, p95 against the budgets.

Run with ``python benchmarks/brush.py [--json FILE]``; it needs no screen.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
# Journals of the strokes go where nobody is offered them.
os.environ["XDG_DATA_HOME"] = tempfile.mkdtemp(prefix="memlens-")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QPoint, QPointF, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QApplication

from benchmarks._window import close, rest
from memlens.masks.edits import Paint
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Ellipse
from ui.building import build_application, build_window
from ui.state.run import Run
from ui.vocabulary.tool import Tool
from ui.window.main_window import MainWindow

BUDGETS_MS = {1024: 8.0, 4096: 16.0}
DIAMETER = 64
MOVES = 400
ZOOMS = (1.0, 4.0)


def open_picture(window: MainWindow, side: int) -> None:
    """Show a run whose picture has `side`² pixels, with a mask that is not empty."""
    random = np.random.default_rng(0)
    coarse = random.integers(0, 256, (side // 8, side // 8, 3), dtype=np.uint8)
    picture = coarse.repeat(8, axis=0).repeat(8, axis=1)
    run = Run(number=side, prompt="a benchmark")
    run.log_snr = np.linspace(-5, 6, 4).astype(np.float32)
    run.reached = 4
    run.pictures = dict.fromkeys(range(4), picture)
    empty = np.zeros((side, side), np.bool_)
    run.masks = (NamedMask(name="drawn", kind="ground truth", pixels=empty),)
    window.inspection._state.history.add(run)
    window.inspection._state.results.run = run
    window.inspection.masks.note_open_shape(True)
    window.inspection.masks.note_open_shape(False)
    window.inspection.masks.edit(Paint(Ellipse(side * 0.02, side * 0.02, side * 0.98, side * 0.9)))
    # The worker would bring it in the middle of the stroke.
    window.inspection.masks.shaping.finish()


def stroke(window: MainWindow, application: QApplication) -> list[float]:
    """Draw along a curve; return milliseconds from each move to its repaint."""
    picture = window.canvas.panels[0].picture
    area = picture.rect()

    def send(kind: QEvent.Type, place: QPointF, down: bool) -> None:
        left = Qt.MouseButton.LeftButton
        button = Qt.MouseButton.NoButton if kind is QEvent.Type.MouseMove else left
        buttons = left if down else Qt.MouseButton.NoButton
        none = Qt.KeyboardModifier.NoModifier
        at = picture.mapToGlobal(QPoint(round(place.x()), round(place.y())))
        QCoreApplication.sendEvent(
            picture, QMouseEvent(kind, place, QPointF(at), button, buttons, none)
        )

    def place_at(move: int) -> QPointF:
        turn = move / MOVES * 4 * math.pi
        x = area.width() * (0.5 + 0.4 * math.cos(turn) * math.cos(turn / 9))
        y = area.height() * (0.5 + 0.4 * math.sin(turn) * math.cos(turn / 7))
        return QPointF(x, y)

    send(QEvent.Type.MouseButtonPress, place_at(0), True)
    application.processEvents()
    times = []
    for move in range(1, MOVES):
        began = time.perf_counter()
        send(QEvent.Type.MouseMove, place_at(move), True)
        application.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        application.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        times.append((time.perf_counter() - began) * 1000)
        # The other panels follow between the moves of a mouse.
        rest(0.008)
    send(QEvent.Type.MouseButtonRelease, place_at(MOVES), False)
    application.processEvents()
    return times


def measure(side: int, zoom: float, application: QApplication) -> dict[str, float]:
    """Return the figures of one picture size at one zoom."""
    window = build_window(application)
    window.resize(1440, 900)
    window.show()
    open_picture(window, side)
    window.inspection.masks.tools.choose_radius(DIAMETER / 2)
    window.inspection.masks.tools.choose(Tool.ERASER)
    application.processEvents()
    picture = window.canvas.panels[0].picture
    if zoom > 1:
        picture.zoom_by(zoom, QPointF(picture.rect().center()))
    application.processEvents()
    times = stroke(window, application)
    document = window.inspection.masks.document
    if document is None or document.undo_text != "Eraser":
        raise SystemExit(f"nothing was drawn: {document and document.undo_text}")
    window.inspection.keeping.discard_all()
    close(window)
    return {
        "side": side,
        "zoom": zoom,
        "p50_ms": round(float(np.percentile(times, 50)), 2),
        "p95_ms": round(float(np.percentile(times, 95)), 2),
        "max_ms": round(max(times), 2),
        "budget_ms": BUDGETS_MS[side],
    }


def main() -> int:
    """Measure every size and zoom; 1 when a budget is broken."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path)
    chosen = parser.parse_args()
    application = build_application()
    figures = [measure(side, zoom, application) for side in BUDGETS_MS for zoom in ZOOMS]
    for figure in figures:
        sys.stdout.write(f"{figure}\n")
    if chosen.json is not None:
        chosen.json.parent.mkdir(parents=True, exist_ok=True)
        chosen.json.write_text(json.dumps(figures, indent=2) + "\n", encoding="utf-8")
    return int(any(figure["p95_ms"] > figure["budget_ms"] for figure in figures))


if __name__ == "__main__":
    raise SystemExit(main())
