"""Scrub and threshold in the real window: from what is asked to what is drawn, maps computed.

Run with ``python benchmarks/scrub_window.py [--json FILE]``; it needs no screen. A run of 50 steps
with a picture of 512², four maps at each and a mask is open, and each panel shows it at 512².

Between two asks the window rests, as it does between two moves of a hand. What the budgets hold
for is all that is drawn at once: panels, timeline, controls. Numbers beside them (table, curves,
histogram) are drawn a moment later; what that takes of the window's time is in its own column.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
os.environ.setdefault("HF_HUB_OFFLINE", "1")
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np
from PySide6.QtCore import QCoreApplication, QEvent, QSize
from PySide6.QtWidgets import QApplication

from benchmarks._window import close, rest, wait
from memlens.files.sessions import Session, save_session
from memlens.maps.localization_map import LocalizationMap
from memlens.masks.named_mask import NamedMask
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS
from memlens.sampling.provenance import Provenance
from memlens.sampling.schedule import NoiseLevel, Schedule
from memlens.sampling.trajectory import Trajectory
from ui.building import build_application, build_window
from ui.widgets.later_drawing import DELAY_MS
from ui.window.main_window import MainWindow

SCRUB_P95_MS, THRESHOLD_MS = 16.0, 8.0
STEPS, SIDE = 50, 512
KINDS = ("cov_bad", "cov", "score_diff", "attention")
MOVES = 100


def provenance(**values: object) -> Provenance:
    facts = {
        "model": "made@aaaaaaaaaaaa",
        "family": "StableDiffusionPipeline",
        "prediction_type": "epsilon",
        "device": "cpu",
        "dtype": "float32",
        "prompt": "made for a benchmark",
        "prompt_truncated": False,
        "seed": 0,
        "steps": STEPS,
        "guidance_scale": 3.0,
    }
    return Provenance(**{**facts, **values})  # type: ignore[arg-type]


def blotches(random: np.random.Generator, side: int) -> np.ndarray:
    """Return a map as real ones are: noise, and more of it in one region, 0..1."""
    y, x = np.mgrid[:side, :side] / side
    region = 1 / (1 + np.exp(24 * (np.hypot(x - 0.4, y - 0.5) - 0.3)))
    made: np.ndarray = (0.7 * region + 0.12 * random.standard_normal((side, side))).astype("f4")
    return made


def made_map(kind: str, step: int, latent: int) -> LocalizationMap:
    spec = MAP_KINDS[kind]
    uses = METHODS[spec.method].uses_probes
    baseline = "made/early@bbbbbbbbbbbb" if spec.baseline == LESS_TRAINED else spec.baseline
    values = blotches(np.random.default_rng([step, len(kind)]), latent)
    return LocalizationMap(
        kind=kind,
        values=values,
        standard_error=np.full_like(values, 0.1) if uses else None,
        paper=values * 4,
        network_calls=16 if uses else 0,
        seconds=0.1,
        provenance=provenance(
            method=spec.method,
            baseline=baseline,
            step=step,
            estimator="probing" if uses else None,
            probes=16 if uses else None,
            probe_seed=0 if uses else None,
        ),
    )


def made_session(latent: int) -> Session:
    """Return a complete run of a made-up model, every map computed."""
    random = np.random.default_rng(0)
    levels = tuple(
        NoiseLevel.variance_preserving(float(980 - 20 * i), 0.01 + 0.0195 * i) for i in range(STEPS)
    )
    noise = random.standard_normal((3, STEPS, 4, latent, latent), np.float32)
    pictures = random.integers(0, 256, (STEPS, SIDE, SIDE, 3), dtype=np.uint8)
    y, x = np.mgrid[:SIDE, :SIDE]
    disc = (x - 200) ** 2 + (y - 256) ** 2 < 150**2
    trajectory = Trajectory(
        schedule=Schedule(levels),
        x_t=noise[0],
        eps_target=noise[1],
        eps_unconditional=noise[2],
        final_latent=noise[0, -1],
        image=pictures[-1],
        provenance=provenance(),
        seconds=1.0,
    )
    return Session(
        trajectory=trajectory,
        maps=tuple(made_map(kind, step, latent) for kind in KINDS for step in range(STEPS)),
        masks=(NamedMask(name="disc", kind="ground truth", pixels=disc),),
        thumbnails=pictures,
        view={"step": STEPS - 1, "panels": list(KINDS)},
    )


def opened(latent: int) -> MainWindow:
    """Return the window with the run open, measured, and nothing left to do."""
    window = build_window(build_application())
    window.inspection.runs.choose_prefetch(False)
    window.resize(2 * SIDE + 900, 2 * SIDE + 560)
    window.show()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.memlens"
        save_session(made_session(latent), path)
        window.inspection.open_session(path)
        wait(lambda: window.idle)
    wait(lambda: window.idle)
    for _ in range(8):  # Room for one panel changes that of others until it is settled.
        size = window.canvas.panels[0].picture.size()
        window.resize(window.size() + 2 * (QSize(SIDE, SIDE) - size))
        QCoreApplication.processEvents()
    shown = [panel for panel in window.canvas.panels if panel.isVisible()]
    assert [panel.view.content for panel in shown if panel.view] == list(KINDS)
    for panel in shown:
        assert panel.picture.size() == QSize(SIDE, SIDE), panel.picture.size()
        assert panel.view is not None and panel.view.values is not None
    wait(lambda: measured_all(window))
    return window


def measured_all(window: MainWindow) -> bool:
    """Whether the agreement of every shown map is known."""
    rows = window.inspection.view().inspect.rows
    known = {row.content for row in rows if not np.isnan(row.iou)}
    return known.issuperset(KINDS)


def timed(asked: Sequence[Callable[[], object]]) -> dict[str, float]:
    """Ask one after the other, draw each, and return milliseconds."""
    whole, busy, later = [], [], []
    for ask in asked:
        began, began_busy = time.perf_counter(), time.thread_time()
        ask()
        QApplication.sendPostedEvents(None, QEvent.Type.LayoutRequest.value)
        QApplication.sendPostedEvents(None, QEvent.Type.UpdateRequest.value)
        whole.append((time.perf_counter() - began) * 1000)
        busy.append((time.thread_time() - began_busy) * 1000)
        later.append(rest(1.5 * DELAY_MS / 1000))
    p50, p95 = np.percentile(whole, [50, 95])
    return {
        "p50_ms": round(float(p50), 2),
        "p95_ms": round(float(p95), 2),
        "max_ms": round(max(whole), 2),
        # Of this thread alone: tells drawing from waiting for a core that others use.
        "busy_p95_ms": round(float(np.percentile(busy, 95)), 2),
        "later_p95_ms": round(float(np.percentile(later, 95)), 2),
    }


def scrubs(window: MainWindow) -> list[Callable[[], object]]:
    """Back and forth: no step is drawn twice in a row."""
    steps = window.inspection.steps
    return [
        lambda step=step: steps.choose_step(step)  # type: ignore[misc]
        for step in (*range(STEPS - 2, -1, -1), *range(1, STEPS))
    ]


def thresholds(window: MainWindow) -> list[Callable[[], object]]:
    """Drag the threshold over the active map's values and back, 100 places a way."""
    slider = window.inspect.agreement.threshold.slider
    places = np.linspace(slider.minimum(), slider.maximum(), MOVES).round().astype(int).tolist()
    return [
        lambda place=place: slider.setValue(place)  # type: ignore[misc]
        for place in (*places, *places[-2::-1])
    ]


def measure(latent: int) -> dict[str, dict[str, float]]:
    """Return the figures of one grid of maps, smooth and as squares."""
    window = opened(latent)
    looks = window.inspection.looks
    made = {}
    for nearest in (False, True):
        name = f"{latent}x{latent} {'nearest' if nearest else 'bilinear'}"
        looks.choose_nearest(nearest)
        looks.clear_threshold()
        window.inspection.steps.last_step()
        QApplication.processEvents()
        made[f"scrub, {name}"] = timed(scrubs(window))
        looks.choose_threshold(0.3)
        QApplication.processEvents()
        made[f"threshold, {name}"] = timed(thresholds(window))
        looks.choose_threshold(0.3)
        QApplication.processEvents()
        made[f"scrub with predicted masks, {name}"] = timed(scrubs(window))
    close(window)
    return made


def measured(*latents: int) -> dict[str, dict[str, float]]:
    """Return all figures for maps of these sides, in a window with settings of its own."""
    with tempfile.TemporaryDirectory(prefix="memlens-benchmark-") as home:
        before = dict(os.environ)
        os.environ |= {f"XDG_{kind}_HOME": home for kind in ("CONFIG", "DATA", "STATE")}
        try:
            return {name: row for latent in latents for name, row in measure(latent).items()}
        finally:
            os.environ.clear()
            os.environ |= before


def budget(name: str) -> float:
    """Return what the 95th percentile may be, in milliseconds."""
    return THRESHOLD_MS if name.startswith("threshold") else SCRUB_P95_MS


def run() -> int:
    """Print a table and JSON; return 1 when a budget is missed."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--json", type=Path, help="write the figures here too")
    chosen = options.parse_args()
    figures = measured(32, 64)
    heads = f"{'p50':>8}{'p95':>8}{'max':>8}{'busy p95':>10}{'later p95':>11}{'budget':>8}"
    print(f"{'real window, 4 panels at 512²':44}{heads}")
    missed = False
    for name, row in figures.items():
        over = row["p95_ms"] > budget(name)
        missed |= over
        print(
            f"{name:44}{row['p50_ms']:8.2f}{row['p95_ms']:8.2f}{row['max_ms']:8.2f}"
            f"{row['busy_p95_ms']:10.2f}{row['later_p95_ms']:11.2f}{budget(name):8.1f}"
            f"{'  MISSED' if over else ''}"
        )
    text = json.dumps({"scrub_in_the_window": figures}, indent=2)
    print(text)
    if chosen.json:
        chosen.json.write_text(text + "\n", encoding="utf-8")
    return int(missed)


if __name__ == "__main__":
    sys.exit(run())
