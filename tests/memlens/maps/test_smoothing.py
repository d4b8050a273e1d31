"""The mean filter over a map, and the paper's window on any grid."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import memlens
from memlens.errors import SettingsError
from memlens.maps.displayed import displayed
from memlens.maps.localization_map import mean_filter, paper_window


@pytest.mark.parametrize(
    ("grid", "window"),
    [((64, 64), 13), ((32, 32), 7), ((16, 16), 3), ((96, 96), 19), ((128, 128), 27), ((4, 4), 1)],
)
def test_the_papers_window_on_known_grids(grid: tuple[int, int], window: int) -> None:
    assert paper_window(grid) == window


@given(st.integers(1, 512), st.integers(1, 512))
def test_the_papers_window_is_odd_and_scaled(height: int, width: int) -> None:
    window = paper_window((height, width))
    assert window % 2 == 1
    assert abs(window - 13 * (height * width) ** 0.5 / 64) <= 1


def test_a_grid_without_sides_has_no_window() -> None:
    with pytest.raises(SettingsError, match="0x4"):
        paper_window((0, 4))


def test_the_filter_is_the_mean_of_the_neighbourhood_with_reflected_edges() -> None:
    values = np.arange(16, dtype=np.float32).reshape(4, 4)
    found = mean_filter(values, 3)
    assert found[1, 1] == values[:3, :3].mean()
    corner = [values[r, c] for r in (0, 0, 1) for c in (0, 0, 1)]
    assert found[0, 0] == pytest.approx(np.mean(corner))


def test_smoothing_any_map_is_written_into_its_provenance(tiny_pipeline: Path) -> None:
    model = memlens.load_model(tiny_pipeline, device="cpu")
    run = memlens.sample(model, "a red apple", steps=2)
    plain = memlens.localize(run, "curvature-difference", probes=2)
    smooth = plain.smoothed(paper_window(plain.shape))
    assert (plain.provenance.smoothing, smooth.provenance.smoothing) == (None, 3)
    assert smooth.standard_error is None
    np.testing.assert_array_equal(smooth.values, mean_filter(plain.values, 3))
    # Clamped first in the paper's units, as the official code's maps are.
    assert plain.paper.min() < 0
    np.testing.assert_array_equal(smooth.paper_values(), mean_filter(plain.paper_values(), 3))
    assert (smooth.paper_values() > mean_filter(plain.paper, 3)).any()
    level = run.schedule[plain.step]
    shown = displayed(plain, "paper", 3)
    np.testing.assert_array_equal(shown.values, smooth.paper_values())
    assert shown.scale == pytest.approx(4 / level.sigma, rel=1e-4)


def test_a_cosine_has_no_sign_to_clamp_away(tiny_pipeline: Path) -> None:
    run = memlens.sample(memlens.load_model(tiny_pipeline, device="cpu"), "a red apple", steps=2)
    plain = memlens.localize(run, "guidance-cosine")
    assert plain.values.min() < 0
    np.testing.assert_array_equal(plain.smoothed(3).paper, mean_filter(plain.values, 3))
