"""Print the largest error of every golden case, relative to the map's maximum."""

from __future__ import annotations

import json
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

import memlens
from memlens.models.denoiser import Condition, Prediction
from memlens.models.json_file import read_json
from memlens.models.noise_schedule import VariancePreserving
from memlens.models.scheduler_config import STABLE_DIFFUSION_MENDS, mended_config
from memlens.sampling.sample import to_numpy

GOLDEN = Path(__file__).resolve().parents[2] / "shared" / "golden"
CASES = {
    0: ("a red apple", 0, 50, 49),
    1: ("navy rug 7", 3, 50, 49),
    2: ("blue poster", 11, 20, 10),
    3: ("a tree on a hill", 2, 10, 9),
}


def main() -> int:
    """Compare own walk and own maps with the golden ones."""
    if not GOLDEN.is_dir():
        print(f"no golden numbers at {GOLDEN}: not compared")
        return 0
    torch.set_num_threads(1)
    archive = np.load(GOLDEN / "cases.npz")
    model = memlens.load_model(GOLDEN / "tiny-sd", device="cpu", dtype="float32")
    # The official code made its DDIM after the pipeline was mended, so it clipped (ADR 0017).
    file = Path(model.description.source) / "scheduler" / "scheduler_config.json"
    mends = {**STABLE_DIFFUSION_MENDS, "clip_sample": True}
    config = mended_config(read_json(file), str(file), mends)
    model.noise = VariancePreserving(config, own_sampler=False, pixels=True)
    less_trained = memlens.load_baseline(GOLDEN / "tiny-sd-less-trained", like=model)
    rows = []
    for case, (prompt, seed, steps, step) in CASES.items():
        run = memlens.sample(model, prompt, seed=seed, steps=steps, guidance_scale=7.5)
        row = {"case": case, "x_t": _error(run.x_t[step], archive[f"{case}/x_t"][0])}
        run = _at_latent(run, archive[f"{case}/x_t"], step)
        for suffix, baseline in (("", "unconditional"), ("_bad", less_trained)):
            probes = archive[f"{case}/probes"]
            cov = memlens.localize(
                run, "curvature-difference", baseline=baseline, step=step, probes=probes
            )
            score = memlens.localize(
                run, "score-difference", baseline=baseline, step=step, steps_averaged=2
            )
            row[f"cov{suffix}"] = _error(cov.paper_values(), archive[f"{case}/cov{suffix}"])
            row[f"score_diff{suffix}"] = _error(
                score.paper_values(), archive[f"{case}/score_diff{suffix}"]
            )
        rows.append(row)
    names = list(rows[0])
    print("  ".join(f"{name:>14}" for name in names))
    for row in rows:
        cells = (f"{v:>14}" if isinstance(v, int) else f"{v:>14.1e}" for v in row.values())
        print("  ".join(cells))
    print(json.dumps(rows))
    worst = max(value for row in rows for name, value in row.items() if name not in ("case", "x_t"))
    return 0 if worst <= 1e-3 else 1


def _error(found: np.ndarray, golden: np.ndarray) -> float:
    return float(np.abs(found - golden).max() / np.abs(golden).max())


def _at_latent(run: memlens.Trajectory, x_t: np.ndarray, step: int) -> memlens.Trajectory:
    """Continue the walk from the golden latent; the maps read steps `step` and `step + 1`."""
    kept = {name: getattr(run, name).copy() for name in ("x_t", "eps_target", "eps_unconditional")}
    model = run.model
    prompts = ("", run.provenance.prompt)
    both = Condition.joined([model.encode_prompt(prompt) for prompt in prompts])
    walk = model.walk(len(run.schedule))
    x = torch.from_numpy(x_t)
    for index in range(step, min(step + 2, len(run.schedule))):
        with torch.no_grad():
            eps, x0 = model.denoiser.predict(x.expand(2, -1, -1, -1), run.schedule[index], both)
        for name, values in zip(kept, (x[0], eps[1], eps[0]), strict=True):
            kept[name][index] = to_numpy(values)
        guided = (part[:1] + 7.5 * (part[1:] - part[:1]) for part in (eps, x0))
        x = walk.move(x, Prediction(*guided), index)
    return replace(run, **kept)


if __name__ == "__main__":
    sys.exit(main())
