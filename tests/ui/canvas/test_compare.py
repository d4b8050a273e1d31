from __future__ import annotations

from dataclasses import replace

import numpy as np

from ui.canvas.compare import Difference, pair, subtracted
from ui.view.view_state import CanvasView, FloatArray, PanelStatus, PanelView
from ui.vocabulary.panel_content import Compare


def panel(content: str, values: FloatArray | None, *, active: bool = False) -> PanelView:
    return PanelView(
        content=content,
        symbol="",
        label=content,
        status=PanelStatus.READY,
        active=active,
        values=values,
    )


def test_a_is_the_active_panel_and_b_the_next_with_a_map() -> None:
    values = np.zeros((2, 2), np.float32)
    panels = (panel("cov", values), panel("cov_bad", values, active=True), panel("picture", None))
    view = CanvasView(panels=panels, compare=Compare.WIPE)
    assert pair(view) == (1, 0)
    assert pair(replace(view, compare_with=2)) == (1, 2)
    assert pair(replace(view, compare_with=1)) == (1, 0)
    assert pair(replace(view, compare=Compare.SIDE_BY_SIDE)) is None
    assert pair(replace(view, panels=panels[:1])) is None


def test_the_coarser_map_is_held_over_its_pixels() -> None:
    fine = np.arange(16, dtype=np.float32).reshape(4, 4)
    coarse = np.array([[1, 2], [3, 4]], np.float32)
    apart = subtracted(fine, coarse)
    np.testing.assert_array_equal(apart, fine - np.kron(coarse, np.ones((2, 2))))


def test_the_difference_is_symmetric_about_zero_and_kept() -> None:
    a = panel("cov", np.full((2, 2), 0.7, np.float32), active=True)
    b = panel("score_diff", np.full((2, 2), 0.2, np.float32))
    difference = Difference()
    view = difference.view(a, b)
    assert view.levels == (-0.5, 0.5)
    assert view.values is not None
    np.testing.assert_allclose(view.values, 0.5)
    assert difference.view(a, b) is view
    again = difference.view(replace(a, headline="other"), b)
    assert again.values is view.values


def test_a_difference_without_two_maps_says_so() -> None:
    a = panel("cov", np.zeros((2, 2), np.float32))
    view = Difference().view(a, replace(panel("mask", None), hint="No mask."))
    assert view.status is PanelStatus.UNAVAILABLE
    assert view.hint == "No mask."
