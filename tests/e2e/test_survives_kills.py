"""A few rounds of the benchmark that kills a process while it edits and saves."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks import kill_nine


@pytest.mark.parametrize("seed", [1, 4])
def test_what_is_left_after_a_kill_is_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int
) -> None:
    for name in ("XDG_DATA_HOME", "HOME", "OMP_NUM_THREADS", "PYTHONPATH"):
        monkeypatch.setenv(name, "")
    kill_nine.isolate(tmp_path)
    kill = kill_nine.kill_once(tmp_path, seed)
    assert kill.problem == ""
    assert kill.edits > 0
