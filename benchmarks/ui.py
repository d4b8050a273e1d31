"""The window's budgets, on the real window, offscreen: scrub, longest block, start, cancel.

Run with ``python benchmarks/ui.py [--seconds S] [--starts N]``; it needs no screen. Every figure
is given as a share of its budget, or as a ratio measured in this run.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QEventLoop, Qt, QTimer

from benchmarks._window import close, wait
from benchmarks.scrub_window import SCRUB_P95_MS
from benchmarks.scrub_window import measured as measured_scrubs
from ui.building import build_application, build_window
from ui.jobs import runner as jobs
from ui.window.main_window import MainWindow

CHECKOUT = Path(__file__).resolve().parents[1]
RESULTS = CHECKOUT / "benchmarks" / "results" / "ui.json"
BLOCK_P95_MS, BLOCK_MAX_MS = 8.0, 50.0
START_RATIO, CANCEL_MS = 1.6, 50.0
LEAST_CALL_MS = 1.0
PROMPT = "velvet limited print number 1"
TICK_MS = 1

BARE = """
import sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QMainWindow
import pyqtgraph
application = QApplication([])
window = QMainWindow()
window.setCentralWidget(pyqtgraph.PlotWidget())
window.resize(1440, 900)
def drawn():
    window.repaint()
    print("drawn", flush=True)
    window.close()
window.show()
QTimer.singleShot(0, drawn)
application.exec()
"""
OURS = """
import sys
from pathlib import Path
import ui.control.demo_session, ui.control.inspection
ui.control.demo_session.demo_session_path = lambda: Path("missing")
ui.control.inspection.demo_folder = lambda: Path("missing")
from ui.app import run
def drawn(window):
    window.repaint()
    assert "torch" not in sys.modules
    print("drawn", flush=True)
    window.close()
run([], when_shown=drawn)
"""


class Gaps:
    """Gaps between the ticks of a 1 ms timer on the window's thread, in ms."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._last = 0.0
        self._timer = QTimer()
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    def start(self) -> None:
        self.found.clear()
        self._last = time.perf_counter()
        self._timer.start()

    def stop(self) -> list[float]:
        self._timer.stop()
        return self.found

    def _tick(self) -> None:
        now = time.perf_counter()
        self.found.append((now - self._last) * 1000)
        self._last = now


class Calls:
    """Times between two looks at the cancel token: one network call each, in ms."""

    def __init__(self) -> None:
        self.found: list[float] = []
        self._last: float | None = None
        check = jobs._PausingToken.check

        def timed(token: jobs._PausingToken) -> None:
            now = time.perf_counter()
            if self._last is not None:
                self.found.append((now - self._last) * 1000)
            self._last = now
            check(token)

        jobs._PausingToken.check = timed  # type: ignore[method-assign]

    def begin(self) -> None:
        """Time no gap between two jobs."""
        self._last = None


def shares(gaps: list[float]) -> dict[str, float]:
    p50, p95, p99 = np.percentile(gaps, [50, 95, 99])
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "p99_ms": round(float(p99), 2),
        "max_ms": round(max(gaps), 2),
        "ticks": len(gaps),
    }


def watch(gaps: Gaps, seconds: float) -> dict[str, float]:
    """Let the event loop itself run, as in the application."""
    gaps.start()
    loop = QEventLoop()
    QTimer.singleShot(int(seconds * 1000), loop.quit)
    loop.exec()
    return shares(gaps.stop())


def job_running(window: MainWindow) -> bool:
    return window.inspection.view().status.activity != ""


def measure_jobs(seconds: float) -> dict[str, dict[str, float]]:
    """The longest block while curvature is computed, and the way from Cancel to idle."""
    calls = Calls()
    window = build_window(build_application())
    sys.setswitchinterval(0.001)
    window.resize(1440, 900)
    window.show()
    control = window.inspection
    control.runs.choose_prefetch(False)
    control.open_model("demo")
    wait(lambda: window.idle)
    control.set_prompt(PROMPT)
    control.set_steps(20)
    control.run()
    wait(lambda: window.idle)
    gaps = Gaps()
    idle = watch(gaps, min(2.0, seconds))
    # Never done within the time: what is measured is the job, not its end.
    control.set_probes(4096)
    control.set_estimator("hutchinson")
    control.compute()
    wait(lambda: job_running(window))
    busy = watch(gaps, seconds)
    still = job_running(window)
    control.cancel()
    wait(lambda: window.idle)
    # What was timed until here held sampling and gaps between jobs.
    cancels: list[float] = []
    calls.found.clear()
    for _ in range(10):
        control.set_probes(4096)
        calls.begin()
        before = len(calls.found)
        control.steps.step_by(-1)
        control.compute()
        wait(lambda: job_running(window))
        wait(lambda before=before: len(calls.found) > before)  # type: ignore[misc]
        watch(gaps, 0.4)
        began = time.perf_counter()
        control.cancel()
        wait(lambda: window.idle)
        cancels.append((time.perf_counter() - began) * 1000)
    # Two looks may follow each other with no call between: those are no calls.
    looks = [taken for taken in calls.found if taken >= LEAST_CALL_MS]
    call_ms = statistics.median(looks)
    close(window)
    assert still, "the job ended while it was watched"
    return {
        "block_idle": idle,
        "block_while_computing": busy,
        "cancel_to_idle": {
            "median_ms": round(statistics.median(cancels), 2),
            "max_ms": round(max(cancels), 2),
            "one_call_median_ms": round(call_ms, 2),
            "one_call_longest_ms": round(max(looks), 2),
            "calls": len(looks),
            "median_beyond_one_call_ms": round(statistics.median(cancels) - call_ms, 2),
            "max_beyond_one_call_ms": round(max(cancels) - call_ms, 2),
        },
    }


def start_once(script: str, bytecode: str) -> float:
    """Seconds from the start of a process to its first drawn window.

    Both windows keep their bytecode in the folder `bytecode`, whatever this process was told.
    """
    with tempfile.TemporaryDirectory() as home:
        environment = dict(os.environ, PYTHONPATH=str(CHECKOUT), HOME=home)
        environment.pop("PYTHONDONTWRITEBYTECODE", None)
        environment["PYTHONPYCACHEPREFIX"] = bytecode
        environment |= {f"XDG_{name}_HOME": home for name in ("CONFIG", "CACHE", "DATA", "STATE")}
        began = time.perf_counter()
        child = subprocess.Popen(
            [sys.executable, "-c", script], stdout=subprocess.PIPE, text=True, env=environment
        )
        assert child.stdout is not None
        line = child.stdout.readline()
        taken = time.perf_counter() - began
        child.stdout.close()
        if child.wait() or line != "drawn\n":
            raise RuntimeError(f"the window was not drawn: {line!r}")
        return taken


def measure_start(times: int) -> dict[str, float]:
    """Start of the window against a bare one, in turns.

    The first of each warms the disk and writes the bytecode.
    """
    with tempfile.TemporaryDirectory() as kept:
        start_once(BARE, kept), start_once(OURS, kept)
        pairs = [(start_once(BARE, kept), start_once(OURS, kept)) for _ in range(times)]
    bare, ours = (statistics.median(column) for column in zip(*pairs, strict=True))
    return {
        "bare_s": round(bare, 3),
        "memlens_s": round(ours, 3),
        "ratio": round(statistics.median(o / b for b, o in pairs), 3),
    }


def table(figures: dict[str, dict[str, float]]) -> list[tuple[str, str, float, float]]:
    """Return (what, unit, measured, budget)."""
    block, cancel = figures["block_while_computing"], figures["cancel_to_idle"]
    # Not the longest call: one that waited for a core would hide a miss.
    call = cancel["one_call_median_ms"]
    return [
        (
            "scrub, real window, 4 panels at 512², p95",
            "ms",
            figures["scrub"]["p95_ms"],
            SCRUB_P95_MS,
        ),
        ("block while computing, p95", "ms", block["p95_ms"], BLOCK_P95_MS),
        ("block while computing, longest", "ms", block["max_ms"], BLOCK_MAX_MS),
        ("start against a bare window", "×", figures["start"]["ratio"], START_RATIO),
        ("cancel to idle, median", "ms", cancel["median_ms"], call + CANCEL_MS),
        ("cancel to idle, longest", "ms", cancel["max_ms"], call + CANCEL_MS),
    ]


def run() -> int:
    """Print a table and JSON; return 1 when a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--seconds", type=float, default=8.0, help="to watch the job for")
    options.add_argument("--starts", type=int, default=7, help="pairs of starts")
    options.add_argument("--json", type=Path, default=RESULTS)
    chosen = options.parse_args()
    starts = measure_start(chosen.starts)
    # Settings of its own: a person's last layout may show no map that takes long.
    home = tempfile.TemporaryDirectory(prefix="memlens-benchmark-")
    os.environ |= {f"XDG_{kind}_HOME": home.name for kind in ("CONFIG", "DATA", "STATE")}
    build_application()
    scrubs = [row for name, row in measured_scrubs(32).items() if name.startswith("scrub, ")]
    figures = {
        "start": starts,
        "scrub": max(scrubs, key=lambda row: row["p95_ms"]),
        **measure_jobs(chosen.seconds),
    }
    rows = table(figures)
    for what, unit, measured, budget in rows:
        told = "" if measured <= budget else "  MISSED"
        print(f"{what:44}{measured:10.2f} {unit:3} of {budget:7.2f}{told}")
    text = json.dumps(figures, indent=2)
    print(text)
    chosen.json.parent.mkdir(parents=True, exist_ok=True)
    chosen.json.write_text(text + "\n", encoding="utf-8")
    return int(any(measured > budget for _, _, measured, budget in rows))


if __name__ == "__main__":
    sys.exit(run())
