from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from memlens.maps.scale import Scale

finite = st.floats(-1e3, 1e3, allow_nan=False, width=32)


@given(low=finite, span=st.floats(1e-3, 1e3), share=st.floats(0, 1), log_scale=st.booleans())
def test_values_and_shares_are_each_other_s_inverse(
    low: float, span: float, share: float, log_scale: bool
) -> None:
    scale = Scale.of((low, low + span), log_scale)
    value = scale.value(share)
    assert scale.share(value) == pytest.approx(share, abs=1e-6)
    assert scale.share(low) == pytest.approx(0)
    assert scale.share(low + span) == pytest.approx(1)


@given(values=st.lists(finite, min_size=2, max_size=20), log_scale=st.booleans())
def test_arrays_lie_where_single_values_do_and_keep_their_order(
    values: list[float], log_scale: bool
) -> None:
    scale = Scale.of((-2.0, 5.0), log_scale)
    array = np.array(sorted(values), np.float32)
    shares = scale.shares(array)
    assert shares.dtype == np.float32
    assert np.all(np.diff(shares) >= -1e-4)
    expected = [scale.share(float(value)) for value in array]
    assert shares == pytest.approx(expected, rel=1e-4, abs=1e-4)


def test_the_logarithm_is_signed_and_linear_around_nothing() -> None:
    scale = Scale.of((-1.0, 1.0), True)
    assert scale.linear == 0.01
    assert scale.share(0.0) == pytest.approx(0.5)
    for value in (0.003, 0.1, 0.7):
        assert scale.share(value) - 0.5 == pytest.approx(0.5 - scale.share(-value))
    near = scale.share(0.001) - scale.share(0.0)
    assert scale.share(0.002) - scale.share(0.001) == pytest.approx(near, rel=0.11)
    # From .1 to 1 is as far as a linear scale goes from .1 to .5.
    assert scale.share(1.0) - scale.share(0.1) == pytest.approx(0.24, abs=0.02)


def test_what_is_missing_stays_missing() -> None:
    shares = Scale.of((0.0, 1.0), True).shares(np.array([np.nan, 1.0], np.float32))
    assert math.isnan(shares[0]) and shares[1] == pytest.approx(1)


def test_ticks_are_decades_and_say_the_linear_range() -> None:
    scale = Scale.of((0.0, 1.0), True)
    assert [words for _, words in scale.ticks(6)] == ["0", "0.01", "0.1", "1"]
    assert scale.words() == "log beyond ±0.01"
    signed = Scale.of((-1.0, 1.0), True)
    words = [words for _, words in signed.ticks(9)]
    assert words == ["−1", "−0.1", "−0.01", "0", "0.01", "0.1", "1"]
    assert [words for _, words in signed.ticks(3)] == ["−1", "0", "1"]
    assert Scale.of((0.0, 1.0), False).words() == ""


def test_ticks_far_from_one_are_written_short() -> None:
    scale = Scale.of((-0.05, 0.05), True)
    assert [words for _, words in scale.ticks(9)] == [
        "−0.01",
        "−10⁻³",
        "−10⁻⁴",
        "0",
        "10⁻⁴",
        "10⁻³",
        "0.01",
    ]
    assert scale.words() == "log beyond ±10⁻⁴"


def test_levels_within_a_decade_have_ticks_too() -> None:
    marks = Scale.of((0.02, 0.09), True).ticks(6)
    assert len(marks) >= 2
    assert all(0.02 <= mark <= 0.09 for mark, _ in marks)


def test_levels_without_a_reach_stay_linear() -> None:
    assert Scale.of((0.0, 0.0), True).linear is None
