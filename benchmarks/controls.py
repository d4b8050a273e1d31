"""Time calibrating demo prompts, all kinds at one step, over sampling the same prompts.

Also how large the sketch is. Processor time of one thread, so that other programs do not count;
about three minutes (--quick: one round instead of three).
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from _report import report

import memlens
from memlens.controls.prompts import bundled_prompts
from memlens.models.baseline_loading import early_checkpoint
from memlens.models.sources import demo_folder

PROMPTS = 8
BUDGET = 1.3


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="one round instead of three")
    options.add_argument("--threads", type=int, default=1, help="of torch; wall time if not 1")
    given = options.parse_args()
    torch.set_num_threads(given.threads)
    clock = time.process_time if given.threads == 1 else time.perf_counter
    model = memlens.load_model("demo", device="cpu")
    early = memlens.load_baseline(early_checkpoint(model), like=model)
    prompts = bundled_prompts(demo_folder(), PROMPTS)
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "controls.zip"

        def sample() -> None:
            for index, prompt in enumerate(prompts):
                memlens.sample(model, prompt, seed=index)

        def calibrate() -> None:
            out.unlink(missing_ok=True)
            memlens.calibrate(model, prompts, baseline=early, out=out)

        memlens.calibrate(model, prompts, baseline=early, sampling_steps=2, probes=4)
        rounds = 1 if given.quick else 3
        pairs = [(_seconds(sample, clock), _seconds(calibrate, clock)) for _ in range(rounds)]
        size = out.stat().st_size
    sampling, calibrating = (min(times) for times in zip(*pairs, strict=True))
    ratio = calibrating / sampling
    print(f"{'sampling ' + str(PROMPTS) + ' prompts':44}{sampling:8.2f} s")
    print(f"{'calibrating with them, all kinds, one step':44}{calibrating:8.2f} s")
    print(f"{'calibrating over sampling':44}{ratio:8.3f}")
    return report(
        "controls",
        {
            "threads": given.threads,
            "seconds": {"sampling": round(sampling, 2), "calibrating": round(calibrating, 2)},
            "calibrating_over_sampling": round(ratio, 3),
            "sketch_bytes": size,
        },
        {"calibrating over sampling": (ratio, BUDGET)},
    )


def _seconds(work: Callable[[], None], clock: Callable[[], float]) -> float:
    began = clock()
    work()
    return clock() - began


if __name__ == "__main__":
    sys.exit(main())
