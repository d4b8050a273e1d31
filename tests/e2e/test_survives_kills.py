"""A few of the kills that `benchmarks/kill_nine.py` makes by the hundred."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support import kills


@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_left_after_a_kill_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for name in ("XDG_DATA_HOME", "HOME", "OMP_NUM_THREADS", "PYTHONPATH"):
        monkeypatch.setenv(name, "")
    kills.isolate(tmp_path)
    kill = kills.kill_once(tmp_path, seed)
    assert kill.problem == ""
    assert kill.edits > 0
