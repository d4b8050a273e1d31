"""What a sweep adds to a plain loop, what batches save, and what all four maps cost.

On the demo model, processor time of one thread, so that other programs do not count, all as ratios
of one run: a sweep over a loop of `sample` and `localize_maps` on the same tasks; sampling in
batches over single; four maps of a prompt over the official way (a trajectory for each pair of
maps' baseline and probe after probe, the unconditional half differentiated along).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import torch
from _report import report

import memlens
from memlens.controls.sampling_together import sample_together
from memlens.lab.ground_truth import load_ground_truth
from memlens.maps.joint_maps import localize_maps
from memlens.models.baseline_loading import early_checkpoint
from memlens.models.sources import demo_folder
from memlens.progress import CancelToken, ignore_progress
from memlens.sweep.local_engine import InProcess
from memlens.sweep.manifest import read_manifest
from memlens.sweep.settings import SweepSettings
from memlens.sweep.sweeping import sweep
from memlens.sweep.worker import probe_seed_of

KINDS = ("cov", "score_diff", "cov_bad", "score_diff_bad")
OVERHEAD, OFFICIAL = 1.05, 0.25
PROBES = 16


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--quick", action="store_true", help="two tasks, ten sampling steps")
    quick = options.parse_args().quick
    torch.set_num_threads(1)
    tasks, steps = (2, 10) if quick else (8, 50)
    model = memlens.load_model(demo_folder(), device="cpu")
    early = memlens.load_baseline(early_checkpoint(model), like=model)
    prompts = [entry.caption for entry in load_ground_truth(demo_folder()).entries][:tasks]
    scale = model.description.default_guidance_scale
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "list.jsonl"
        rows = [{"prompt": prompt, "kind": "free"} for prompt in prompts]
        path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
        listed = read_manifest(path)

        def swept(together: int) -> float:
            settings = SweepSettings(
                model=str(demo_folder()), device="cpu", baseline="", kinds=KINDS,
                sampling_steps=steps, probes=PROBES, pictures_per_batch=together,
            ).checked()  # fmt: skip
            engine = InProcess(settings)
            return _seconds(lambda: sweep(listed, Path(folder) / str(together), settings, engine))

        def loop() -> None:
            for task in listed.tasks:
                run = memlens.sample(model, task.prompt, seed=0, steps=steps)
                localize_maps(run, KINDS, baseline=early, probes=PROBES, products="reverse",
                              seed=probe_seed_of(task, 0))  # fmt: skip

        def official() -> None:
            for task in listed.tasks[:1]:
                for name in ("unconditional", "less-trained"):
                    run = memlens.sample(model, task.prompt, seed=0, steps=steps)
                    _one_by_one(model, None if name == "unconditional" else early, run)
                    memlens.sample(model, task.prompt, seed=0, steps=steps)

        loop_seconds = _seconds(loop)
        alone, batched = swept(1), swept(4)
        official_seconds = _seconds(official) * len(listed.tasks)
        batches = {}
        single = _seconds(lambda: [memlens.sample(model, p, seed=0, steps=steps) for p in prompts])
        for size in (2, 4, 8):
            parts = [prompts[at : at + size] for at in range(0, len(prompts), size)]
            seconds = _seconds(
                lambda parts=parts: [
                    sample_together(model, part, [0] * len(part), steps=steps, decoded=True,
                                    guidance_scale=scale, progress=ignore_progress,
                                    cancel=CancelToken())
                    for part in parts
                ]
            )  # fmt: skip
            batches[size] = round(seconds / single, 3)
    ratios = {
        "a sweep, picture by picture, over a loop": alone / loop_seconds,
        "a sweep in batches of 4 over a loop": batched / loop_seconds,
        "four methods over the official way": batched / official_seconds,
    }
    for what, ratio in ratios.items():
        print(f"{what:48}{ratio:8.3f}")
    print("sampling in batches over single: " + ", ".join(f"{k}: {v}" for k, v in batches.items()))
    return report(
        "sweep",
        {
            "seconds": {"loop": loop_seconds, "sweep": alone, "batches of 4": batched,
                        "official": official_seconds},
            "batches_over_single": batches,
        },
        {
            "a sweep, picture by picture, over a loop": (alone / loop_seconds, OVERHEAD),
            "a sweep in batches of 4 over a loop": (batched / loop_seconds, OVERHEAD),
            "four methods over the official way": (batched / official_seconds, OFFICIAL),
        },
    )  # fmt: skip


def _one_by_one(model: object, early: object, run: object) -> None:
    """Differentiate both halves of the batch for one probe after another."""
    denoiser = model.denoiser
    target = model.encode_prompt(run.provenance.prompt)
    other = model.encode_prompt("") if early is None else target
    record = run.record(-1)
    for probe in range(PROBES):
        draw = torch.Generator().manual_seed(probe)
        x = torch.from_numpy(record.x_t.copy())[None].requires_grad_(True)
        v = torch.where(torch.rand(x.shape, generator=draw) > 0.5, 1.0, -1.0)
        with torch.enable_grad():
            first = denoiser.eps(x, record.level, target)
            second = (early.denoiser if early else denoiser).eps(x, record.level, other)
            torch.autograd.grad(((first - second) * v).sum(), x)


def _seconds(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


if __name__ == "__main__":
    sys.exit(main())
