"""Masks: a brush move on 1024² and 4096², and undo and redo of a 4096² fill, without the window.

Run with ``python benchmarks/masks.py [--json FILE]``; the budgets are the engine's part of
brush move to repaint, and the whole of undo.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import numpy as np

from memlens.masks.document import MaskDocument
from memlens.masks.edits import Fill, Invert, Paint
from memlens.masks.named_mask import NamedMask
from memlens.masks.shapes import Stroke

RESULTS = Path(__file__).resolve().parent / "results" / "masks.json"
BRUSH_MS = 4.0
UNDO_MS = 30.0
RADIUS = 32.0
MOVES = 300
ROUNDS = 20


def document(side: int) -> MaskDocument:
    pixels = np.zeros((side, side), dtype=np.bool_)
    mask = NamedMask(name="m", kind="ground truth", pixels=pixels)
    return MaskDocument.from_masks((side, side), [mask])


def milliseconds(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - start)


def brush(side: int) -> list[float]:
    """Time the moves of one stroke that wanders over the whole picture, 64 px a move."""
    masks = document(side)
    random = np.random.default_rng(0)
    place, angle, taken = np.array([side / 2, side / 2]), 0.0, []
    masks.begin_stroke()
    for _ in range(MOVES):
        angle += random.normal(0, 0.5)
        after = np.clip(place + 64 * np.array([np.cos(angle), np.sin(angle)]), 0, side)
        ends = ((float(place[0]), float(place[1])), (float(after[0]), float(after[1])))
        edit = Paint(Stroke(ends, RADIUS))
        taken.append(milliseconds(lambda edit=edit: masks.edit(edit)))
        place = after
    taken.append(milliseconds(masks.end_stroke))
    return taken


def undo(side: int, *, noise: bool) -> dict[str, list[float]]:
    """Time fill, undo and redo; with noise, an invert of a mask that does not compress."""
    masks = document(side)
    if noise:
        pixels = np.random.default_rng(0).random((side, side)) > 0.5
        from memlens.masks.edits import ReplacePixels

        taken = [milliseconds(lambda: masks.edit(ReplacePixels(pixels)))]
    else:
        edit = Fill(side / 2, side / 2)
        taken = [milliseconds(lambda: masks.edit(edit))]
    masks.edit(Invert())
    masks.undo()
    times: dict[str, list[float]] = {"edit": taken, "undo": [], "redo": []}
    for _ in range(ROUNDS):
        times["undo"].append(milliseconds(masks.undo))
        times["redo"].append(milliseconds(masks.redo))
    return times


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    for side in (1024, 4096):
        *moves, end = brush(side)
        figures[f"brush move, {side}²"] = {
            "p95_ms": float(np.percentile(moves, 95)),
            "max_ms": max(moves),
            "budget_ms": BRUSH_MS,
        }
        figures[f"end of a stroke of {MOVES} moves, {side}²"] = {"p95_ms": end}
    for name, noise in (("fill", False), ("noise", True)):
        for what, taken in undo(4096, noise=noise).items():
            figures[f"{what} of a {name}, 4096²"] = {
                "p95_ms": float(np.percentile(taken, 95)),
                **({} if what == "edit" else {"budget_ms": UNDO_MS}),
            }
    failed = False
    for name, values in figures.items():
        budget = values.get("budget_ms")
        over = budget is not None and values["p95_ms"] > budget
        failed |= over
        told = "" if budget is None else f" (budget {budget:g} ms){' OVER' if over else ''}"
        print(f"{name}: p95 {values['p95_ms']:.2f} ms{told}")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
