from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from memlens.export.edges import edge_segments


def test_one_pixel_has_four_sides() -> None:
    mask = np.zeros((3, 4), bool)
    mask[1, 2] = True
    assert sorted(edge_segments(mask)) == [
        ((2, 1), (2, 2)),
        ((2, 1), (3, 1)),
        ((2, 2), (3, 2)),
        ((3, 1), (3, 2)),
    ]


def test_a_full_mask_is_outlined_by_four_lines() -> None:
    assert sorted(edge_segments(np.ones((2, 5), bool))) == [
        ((0, 0), (0, 2)),
        ((0, 0), (5, 0)),
        ((0, 2), (5, 2)),
        ((5, 0), (5, 2)),
    ]


@given(arrays.arrays(bool, st.tuples(st.integers(1, 8), st.integers(1, 8))))
def test_a_line_crosses_the_edges_as_often_as_the_mask_changes(mask: np.ndarray) -> None:  # type: ignore[type-arg]
    segments = edge_segments(mask)
    for row in range(mask.shape[0]):
        upright = [x0 for (x0, y0), (x1, y1) in segments if x0 == x1 and y0 <= row + 0.5 <= y1]
        padded = np.pad(mask[row], 1)
        assert sorted(upright) == list(np.flatnonzero(padded[1:] != padded[:-1]))
