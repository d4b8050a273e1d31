from __future__ import annotations

from memlens.progress import Progress
from ui.jobs.time_left import TimeLeft


def test_time_left_is_told_once_it_can_be() -> None:
    now = [0.0]
    left = TimeLeft(lambda: now[0])
    assert left.after(Progress(0, 10, "x")) is None
    now[0] = 0.2
    assert left.after(Progress(1, 10, "x")) is None
    now[0] = 2.0
    assert left.after(Progress(5, 10, "x")) == 2.0
    now[0] = 4.0
    assert left.after(Progress(10, 10, "x")) == 0.0


def test_a_new_count_starts_anew() -> None:
    now = [0.0]
    left = TimeLeft(lambda: now[0])
    left.after(Progress(0, 4, "x"))
    now[0] = 4.0
    assert left.after(Progress(4, 4, "x")) == 0.0
    assert left.after(Progress(0, 4, "y")) is None
