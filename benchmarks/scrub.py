"""Scrub to repaint: four panels at 512², every map computed; p95 against the budget of 16 ms.

Run with ``python benchmarks/scrub.py [--json FILE]``; it needs no screen.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QEvent, QRect
from PySide6.QtWidgets import QApplication, QVBoxLayout, QWidget

from ui.mask_picture import MaskPicture
from ui.panels.canvas import CanvasPanel
from ui.panels.timeline import TimelinePanel
from ui.view_state import CanvasView, Curve, PanelStatus, PanelView, TimelineView

BUDGET_MS = 16.0
STEPS = 50
SIDE = 512
METHODS = (("cov_bad", "Δh_θ̃"), ("cov", "Δh_∅"), ("score_diff", "Δs_∅"), ("attention", "BE"))


def views(latent: int) -> list[tuple[CanvasView, TimelineView]]:
    """Return a view per step, its arrays new ones at every step, as in a real run."""
    random = np.random.default_rng(0)
    y, x = np.mgrid[:SIDE, :SIDE]
    mask = MaskPicture.still((x - 200) ** 2 + (y - 240) ** 2 < 150**2)
    log_snr = np.linspace(-5, 6.4, STEPS).astype(np.float32)
    pictures = random.integers(0, 256, (STEPS, SIDE, SIDE, 3), dtype=np.uint8)
    thumbnails = tuple(picture[::8, ::8].copy() for picture in pictures)
    curves = tuple(
        Curve(content=content, symbol=symbol, values=random.random(STEPS, np.float32))
        for content, symbol in METHODS
    )
    made = []
    for step in range(STEPS):
        picture = pictures[step]
        panels = tuple(
            PanelView(
                content=content,
                symbol=symbol,
                label=content,
                status=PanelStatus.READY,
                active=place == 0,
                picture=picture,
                values=random.random((latent, latent), np.float32),
                mask=mask,
                headline=f"mean {step}",
            )
            for place, (content, symbol) in enumerate(METHODS)
        )
        timeline = TimelineView(
            log_snr=log_snr,
            reached=STEPS,
            step=step,
            thumbnails=thumbnails,
            curves=curves,
            cached=frozenset(range(STEPS)),
        )
        made.append((CanvasView(panels=panels), timeline))
    return made


def measure(latent: int, *, nearest: bool) -> dict[str, float]:
    """Return p50, p95 and the maximum in milliseconds."""
    window = QWidget()
    canvas, timeline = CanvasPanel(), TimelinePanel()
    column = QVBoxLayout(window)
    column.addWidget(canvas, 1)
    column.addWidget(timeline)
    made = [
        (CanvasView(panels=shown.panels, nearest=nearest), track) for shown, track in views(latent)
    ]
    canvas.show_view(made[0][0])
    timeline.show_view(made[0][1])
    bar = canvas.panels[0].bar.sizeHint().width()
    window.resize(2 * (SIDE + bar) + 48, 2 * (SIDE + 62) + 260)
    window.show()
    QApplication.processEvents()
    size = canvas.panels[0].picture.size()
    assert min(size.width(), size.height()) >= SIDE, size
    durations, busy = [], []
    # Back and forth: no step is drawn twice in a row, and the second pass repeats the first's.
    for step in (*range(1, STEPS), *range(STEPS - 2, 0, -1)):
        began, began_busy = time.perf_counter(), time.thread_time()
        canvas.show_view(made[step][0])
        timeline.show_view(made[step][1])
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        QApplication.processEvents()
        durations.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - began_busy) * 1000)
    assert not canvas.visibleRegion().isEmpty() and canvas.rect() != QRect()
    window.close()
    window.deleteLater()
    QApplication.sendPostedEvents(None, QEvent.Type.DeferredDelete.value)
    p50, p95 = np.percentile(durations, [50, 95])
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "max_ms": round(max(durations), 2),
        # Of this thread alone: tells drawing from waiting for a core that others use.
        "busy_p95_ms": round(float(np.percentile(busy, 95)), 2),
        "p95_over_budget": round(float(p95) / BUDGET_MS, 3),
    }


def run() -> int:
    """Print a table and JSON; return 1 when the budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", type=Path, help="write the figures here too")
    chosen = options.parse_args()
    application = QApplication([])
    figures = {
        f"{latent}x{latent} {'nearest' if nearest else 'bilinear'}": measure(
            latent, nearest=nearest
        )
        for latent in (32, 64)
        for nearest in (True, False)
    }
    del application
    heads = f"{'p50':>8}{'p95':>8}{'max':>8}{'busy p95':>10}{'p95 / 16 ms':>14}"
    print(f"{'four panels at 512²':24}{heads}")
    for name, row in figures.items():
        print(
            f"{name:24}{row['p50_ms']:8.2f}{row['p95_ms']:8.2f}{row['max_ms']:8.2f}"
            f"{row['busy_p95_ms']:10.2f}"
            f"{row['p95_over_budget']:14.3f}"
        )
    text = json.dumps({"scrub_to_repaint": figures}, indent=2)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return int(any(row["p95_over_budget"] > 1 for row in figures.values()))


if __name__ == "__main__":
    sys.exit(run())
