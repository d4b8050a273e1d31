from __future__ import annotations

import pytest

from ui.control.play_order import step_due


@pytest.mark.parametrize(
    ("repeat", "due"),
    [
        ("loop", [2, 3, 4, 5, 2, 3, 4, 5, 2]),
        ("ping-pong", [2, 3, 4, 5, 4, 3, 2, 3, 4]),
        ("once", [2, 3, 4, 5, None, None, None, None, None]),
    ],
)
def test_what_comes_after_the_end(repeat: str, due: list[int | None]) -> None:
    assert [step_due(2, frames, 2, 5, repeat) for frames in range(9)] == due


def test_a_start_outside_the_range_enters_it() -> None:
    assert step_due(0, 0, 2, 5, "loop") == 2
    assert step_due(9, 0, 2, 5, "loop") == 5


def test_a_single_step_stays() -> None:
    assert step_due(4, 3, 4, 4, "ping-pong") == 4
