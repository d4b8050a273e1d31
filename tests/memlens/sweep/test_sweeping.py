"""A sweep makes every task once, whatever ends it, and stops for no task."""

from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from memlens.errors import Cancelled, OutputError, SettingsError
from memlens.progress import CancelToken
from memlens.sweep import sweeping
from memlens.sweep.folder import open_index, write_files
from memlens.sweep.manifest import Manifest, read_manifest
from memlens.sweep.outcome import Outcome
from memlens.sweep.settings import SweepSettings
from memlens.sweep.sweeping import SweepResult, sweep
from tests.support.arithmetic_engine import ArithmeticEngine, values_of

SETTINGS = SweepSettings(model="arithmetic").checked()
ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture
def manifest(tmp_path: Path) -> Manifest:
    path = tmp_path / "list.jsonl"
    rows = [{"prompt": f"p{n}", "seeds": [0, 1], "kind": "free"} for n in range(6)]
    path.write_text("".join(json.dumps(row) + "\n" for row in rows))
    return read_manifest(path)


def snapshot(folder: Path) -> tuple[Any, Mapping[str, bytes]]:
    """What counts of a sweep: its rows without attempts, and its maps."""
    with open_index(folder) as index:
        rows = index.rows(index.order())
    told = [(r.task.name, r.status, r.error, dict(r.numbers)) for r in rows]
    files = {str(p.relative_to(folder)): p.read_bytes() for p in folder.rglob("*.npy")}
    return told, files


def test_every_task_once(manifest: Manifest, tmp_path: Path) -> None:
    engine = ArithmeticEngine()
    found = sweep(manifest, tmp_path / "out", SETTINGS, engine)
    assert found == SweepResult(done=12, failed=0, waiting=0, made=12)
    assert engine.worked == list(range(12))
    for task in manifest.tasks:
        path = tmp_path / "out/metrics_outputs_v1" / task.folder / f"{task.stem}_cov.npy"
        np.testing.assert_array_equal(np.load(path), values_of(task))
    again = sweep(manifest, tmp_path / "out", SETTINGS, engine, resume=True)
    assert again == SweepResult(done=12, failed=0, waiting=0, made=0)
    assert len(engine.worked) == 12
    with open_index(tmp_path / "out") as index:
        assert index.tasks() == manifest.tasks


def test_failures_are_tried_once_more_and_stop_nothing(manifest: Manifest, tmp_path: Path) -> None:
    def failing(task: Any, attempt: int) -> str:
        # Task 3 fails for good, task 5 the first time alone.
        return "broken" if task.index == 3 or (task.index == 5 and attempt == 0) else ""

    engine = ArithmeticEngine(failing=failing)
    found = sweep(manifest, tmp_path / "out", SETTINGS, engine)
    assert found == SweepResult(done=11, failed=1, waiting=0, made=11)
    assert engine.worked == [*range(12), 3, 5]
    with open_index(tmp_path / "out") as index:
        (row,) = index.rows(index.order(equal={"status": "failed"}))
        assert (row.task.index, row.error, row.attempts) == (3, "broken", 2)
    healed = sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine(), resume=True)
    assert healed == SweepResult(done=12, failed=0, waiting=0, made=1)


def test_another_sweep_is_not_mixed_in(manifest: Manifest, tmp_path: Path) -> None:
    out = tmp_path / "out"
    sweep(manifest, out, SETTINGS, ArithmeticEngine())
    before = snapshot(out)
    with pytest.raises(SettingsError, match="holds a sweep already: resume it with --resume"):
        sweep(manifest, out, SETTINGS, ArithmeticEngine())
    other = SweepSettings(model="arithmetic", probes=4).checked()
    with pytest.raises(SettingsError, match="probes 4, before 16"):
        sweep(manifest, out, other, ArithmeticEngine(), resume=True)
    (tmp_path / "other.txt").write_text("something else\n")
    listed = read_manifest(tmp_path / "other.txt")
    with pytest.raises(SettingsError, match="another manifest"):
        sweep(listed, out, SETTINGS, ArithmeticEngine(), resume=True)
    assert snapshot(out) == before


def test_cancelled_it_keeps_what_is_made(manifest: Manifest, tmp_path: Path) -> None:
    token = CancelToken()
    seen: list[Outcome] = []

    def stop(outcome: Outcome) -> None:
        seen.append(outcome)
        if len(seen) == 3:
            token.cancel()

    with pytest.raises(Cancelled):
        sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine(), cancel=token,
              on_outcome=stop)  # fmt: skip
    with open_index(tmp_path / "out") as index:
        assert index.unfinished() == tuple(range(3, 12))


def test_a_full_disk_stops_it_with_a_sentence(
    manifest: Manifest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sound = write_files
    written: list[int] = []

    def full(folder: Path, outcome: Outcome) -> None:
        if len(written) == 4:
            name = next(iter(outcome.files))
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            (folder / name).with_name(f".{Path(name).name}.xx.partial").write_bytes(b"half")
            raise OSError(errno.ENOSPC, "No space left on device")
        written.append(outcome.index)
        sound(folder, outcome)

    monkeypatch.setattr(sweeping, "write_files", full)
    with pytest.raises(OutputError, match=r"the disk is full. 4 of 12 tasks are done and kept; "
                       r"make room, then run it again with --resume\."):  # fmt: skip
        sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine())
    monkeypatch.setattr(sweeping, "write_files", sound)
    found = sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine(), resume=True)
    assert (found.done, found.made) == (12, 8)
    assert not list((tmp_path / "out").rglob("*.partial"))
    sweep(manifest, tmp_path / "undisturbed", SETTINGS, ArithmeticEngine())
    assert snapshot(tmp_path / "out") == snapshot(tmp_path / "undisturbed")


_VICTIM = """
import sys
from pathlib import Path
from memlens.sweep.manifest import read_manifest
from memlens.sweep.settings import SweepSettings
from memlens.sweep.sweeping import sweep
from tests.support.arithmetic_engine import ArithmeticEngine
manifest, out = Path(sys.argv[1]), Path(sys.argv[2])
engine = ArithmeticEngine(seconds=0.01)
settings = SweepSettings(model="arithmetic").checked()
sweep(read_manifest(manifest), out, settings, engine, resume=True,
      on_outcome=lambda _: print(flush=True))
"""


def test_killed_it_resumes_with_nothing_lost_or_doubled(manifest: Manifest, tmp_path: Path) -> None:
    out = tmp_path / "out"
    for kill in range(3):
        child = subprocess.Popen(
            [sys.executable, "-c", _VICTIM, str(manifest.source), str(out)],
            cwd=ROOT, stdout=subprocess.PIPE,
            env={**os.environ, "PYTHONPATH": str(ROOT)},
        )  # fmt: skip
        assert child.stdout is not None
        for _ in range(2):
            child.stdout.readline()
        # Anywhere between two rows: files may be there without their row.
        time.sleep(0.005 * kill)
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
        child.stdout.close()
    with open_index(out) as index:
        left = len(index.unfinished())
    assert 0 < left <= 6
    engine = ArithmeticEngine()
    found = sweep(manifest, out, SETTINGS, engine, resume=True)
    assert (found.done, found.made, len(engine.worked)) == (12, left, left)
    sweep(manifest, tmp_path / "undisturbed", SETTINGS, ArithmeticEngine())
    assert snapshot(out) == snapshot(tmp_path / "undisturbed")


def test_two_do_not_work_on_one_folder(manifest: Manifest, tmp_path: Path) -> None:
    inner: list[Exception] = []

    def again(_: Outcome) -> None:
        try:
            sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine(), resume=True)
        except OutputError as error:
            inner.append(error)

    sweep(manifest, tmp_path / "out", SETTINGS, ArithmeticEngine(), on_outcome=again)
    assert len(inner) == 12 and "another process works on the sweep" in str(inner[0])
