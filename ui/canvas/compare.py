"""Two panels as one: which two, and their difference."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from ui.canvas.method_chooser import symbol_of
from ui.language.translation import tr
from ui.view.view_state import CanvasView, FloatArray, PanelStatus, PanelView
from ui.vocabulary.panel_content import Compare


def pair(view: CanvasView) -> tuple[int, int] | None:
    """Return the indices of A and B, None where panels stand side by side."""
    count = len(view.panels)
    if view.compare is Compare.SIDE_BY_SIDE or count < 2:
        return None
    a = next((index for index, panel in enumerate(view.panels) if panel.active), 0)
    b = view.compare_with
    if 0 <= b < count and b != a:
        return a, b
    others = [(a + turn) % count for turn in range(1, count)]
    b = next((index for index in others if view.panels[index].values is not None), others[0])
    return a, b


class Difference:
    """A − B of two panels, the same view for as long as the two are the same."""

    def __init__(self) -> None:
        self._of: tuple[PanelView, PanelView] | None = None
        self._values: FloatArray | None = None
        self._view: PanelView | None = None

    def view(self, a: PanelView, b: PanelView) -> PanelView:
        """Return a panel that shows A − B, symmetric about 0."""
        if self._view is not None and self._of is not None:
            if self._of[0] is a and self._of[1] is b:
                return self._view
            same = self._of[0].values is a.values and self._of[1].values is b.values
            if not same:
                self._values = None
        self._of = (a, b)
        if a.values is None or b.values is None:
            self._view = replace(
                a,
                values=None,
                standard_error=None,
                status=PanelStatus.UNAVAILABLE,
                headline="",
                hint=a.hint or b.hint or tr("A − B needs two maps: choose them above."),
                threshold=None,
            )
            return self._view
        if self._values is None:
            self._values = subtracted(a.values, b.values)
        reach = max(high - low for low, high in (a.levels, b.levels)) / 2
        self._view = replace(
            a,
            values=self._values,
            # The two may share their probes, so their errors do not simply add.
            standard_error=None,
            levels=(-reach, reach),
            stretched=a.stretched or b.stretched,
            symbol=f"{symbol_of(a.content)} − {symbol_of(b.content)}",
            headline="",
            threshold=None,
        )
        return self._view


def subtracted(a: FloatArray, b: FloatArray) -> FloatArray:
    """Return a − b on the finer of both grids, each pixel held over the area that it covers."""
    rows, columns = max(a.shape[0], b.shape[0]), max(a.shape[1], b.shape[1])
    return np.asarray(_held(a, rows, columns) - _held(b, rows, columns), np.float32)


def _held(values: FloatArray, rows: int, columns: int) -> FloatArray:
    if values.shape == (rows, columns):
        return values
    row = np.arange(rows) * values.shape[0] // rows
    column = np.arange(columns) * values.shape[1] // columns
    return values[np.ix_(row, column)]
