from __future__ import annotations

from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QApplication

from ui.canvas.panel_foot import fitting

HEADLINE = "IoU 0.90 at 0.15 · mean 0.11 · 16 probes"


def test_a_headline_gives_up_whole_parts_from_its_end(qapp: QApplication) -> None:
    metrics = QFontMetricsF(QFont())
    whole = metrics.horizontalAdvance(HEADLINE)
    assert fitting(HEADLINE, metrics, whole + 1) == HEADLINE
    assert fitting(HEADLINE, metrics, whole - 1) == "IoU 0.90 at 0.15 · mean 0.11"
    first = metrics.horizontalAdvance("IoU 0.90 at 0.15")
    assert fitting(HEADLINE, metrics, first + 1) == "IoU 0.90 at 0.15"
    assert fitting(HEADLINE, metrics, first - 1).endswith("…")
