"""Masks without the window: brush moves, undo and redo, and what every edit costs its thread.

Run with ``python benchmarks/masks.py [--json FILE]``; the budgets are the engine's part of
brush move to repaint, the whole of undo, and 10 ms for what the window's thread does of an edit:
all of it, or, where the worker takes it, copying the pixels and performing what came back.
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
from memlens.masks.edits import (
    Clear,
    DropSmall,
    Fill,
    Grow,
    Invert,
    LargestRegion,
    Paint,
    PixelEdit,
    ReplacePixels,
    Shrink,
    Smooth,
    Wand,
)
from memlens.masks.named_mask import NamedMask
from memlens.masks.preparing import LONG_MS, is_long, prepare
from memlens.masks.shapes import Polygon, Stroke

RESULTS = Path(__file__).resolve().parent / "results" / "masks.json"
BRUSH_MS = 4.0
UNDO_MS = 30.0
RADIUS = 32.0
MOVES = 1500
ROUNDS = 20
EDIT_ROUNDS = 3


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


def edits(side: int) -> dict[str, dict[str, float]]:
    """Time every edit of a disc with specks around it: all of it, and the window's part."""
    row = np.arange(side)
    disc = (row[:, None] - side / 2) ** 2 + (row - side / 2) ** 2 < (0.35 * side) ** 2
    specks = disc.copy()
    for y, x in np.random.default_rng(0).integers(0, side - 20, (200, 2)):
        specks[y : y + 15, x : x + 15] = True
    noise = np.random.default_rng(0).random((side, side)) > 0.5
    ramp = np.repeat((255 * row // side).astype(np.uint8)[None, :, None], side, axis=0)
    ramp = np.ascontiguousarray(np.repeat(ramp, 3, axis=2))
    cases: dict[str, tuple[np.ndarray, PixelEdit]] = {
        "fill outside": (disc, Fill(1, 1)),
        "invert": (disc, Invert()),
        "clear": (disc, Clear()),
        "grow by 1": (disc, Grow(1)),
        "grow by 50": (disc, Grow(50)),
        "shrink by 1": (disc, Shrink(1)),
        "smooth": (specks, Smooth(2)),
        "largest region": (specks, LargestRegion()),
        "drop small": (specks, DropSmall(300)),
        "polygon": (disc, Paint(Polygon(((0, 0), (side, 0), (side, side))))),
        "wand": (disc, Wand(ramp, side / 2, side / 2, 40)),
        "replace by noise": (disc, ReplacePixels(noise)),
    }
    figures = {}
    for name, (pixels, edit) in cases.items():
        mask = NamedMask(name="m", kind="ground truth", pixels=pixels)
        whole, part = [], []
        for _ in range(EDIT_ROUNDS):
            masks = MaskDocument.from_masks((side, side), [mask])
            whole.append(milliseconds(lambda masks=masks, edit=edit: masks.edit(edit)))
            masks = MaskDocument.from_masks((side, side), [mask])
            copied = milliseconds(lambda masks=masks: masks.pixels(1).copy())
            made = prepare(edit, 1, masks.pixels(1), masks.revision(1))
            part.append(copied + milliseconds(lambda masks=masks, made=made: masks.perform(made)))
        given = is_long(edit, (side, side))
        figures[f"{name}, {side}²"] = {
            "whole_ms": min(whole),
            "given_to_worker": float(given),
            "p95_ms": min(part) if given else min(whole),
            "budget_ms": LONG_MS,
        }
    return figures


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--json", type=Path, default=RESULTS)
    arguments = parser.parse_args()
    figures: dict[str, dict[str, float]] = {}
    for side in (1024, 4096):
        *moves, end = brush(side)
        ends = [end, *(brush(side)[-1] for _ in range(EDIT_ROUNDS - 1))]
        figures[f"brush move, {side}²"] = {
            "p95_ms": float(np.percentile(moves, 95)),
            "max_ms": max(moves),
            "budget_ms": BRUSH_MS,
        }
        figures[f"end of a stroke of {MOVES:,} moves, {side}²"] = {
            "p95_ms": min(ends),
            "budget_ms": LONG_MS,
        }
    for name, noise in (("fill", False), ("noise", True)):
        for what, taken in undo(4096, noise=noise).items():
            figures[f"{what} of a {name}, 4096²"] = {
                "p95_ms": float(np.percentile(taken, 95)),
                **({} if what == "edit" else {"budget_ms": UNDO_MS}),
            }
    for side in (512, 1024, 4096):
        figures |= edits(side)
    failed = False
    for name, values in figures.items():
        budget = values.get("budget_ms")
        over = budget is not None and values["p95_ms"] > budget
        failed |= over
        told = "" if budget is None else f" (budget {budget:g} ms){' OVER' if over else ''}"
        if "whole_ms" in values:
            told += f", {values['whole_ms']:.1f} ms in all" * bool(values["given_to_worker"])
        print(f"{name}: p95 {values['p95_ms']:.2f} ms{told}")
    arguments.json.parent.mkdir(parents=True, exist_ok=True)
    arguments.json.write_text(json.dumps(figures, indent=1, ensure_ascii=False))
    return int(failed)


if __name__ == "__main__":
    sys.exit(main())
