"""Error against cost of every estimator on the demo model, against the exact diagonal.

The full Jacobians of target, ∅ and less-trained baseline are computed once per step and kept in
``results/``; from them any number of probes is simulated without the network. Without options:
the last step and ∅, two Jacobians.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
import time
from typing import Any

import numpy as np
import torch
from _report import RESULTS, report

import memlens
from memlens.estimators.diagonal import stream
from memlens.estimators.estimation import plan_probes
from memlens.models.baseline_loading import early_checkpoint

# Not the prompt and seed on which the lattices of probing were chosen (ADR 0007).
PROMPT = "saffron limited print number 6"
SEED = 5
STEPS = (49, 42, 20)
BASELINES = ("∅", "θ̃")
COUNTS = (4, 8, 16, 32, 64)
BUDGETS = {49: 0.6, 42: 0.9}
SEEDS = 8


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--steps", type=int, nargs="+", choices=STEPS, default=STEPS[:1])
    options.add_argument("--baselines", nargs="+", choices=BASELINES, default=BASELINES[:1])
    options.add_argument("--prompt", default=PROMPT)
    options.add_argument("--seed", type=int, default=SEED)
    chosen = options.parse_args()
    torch.set_num_threads(1)
    jacobians = _Jacobians(chosen.prompt, chosen.seed)
    print(f"{chosen.prompt}, seed {chosen.seed}")
    figures, budgets = {}, {}
    print(
        f"{'RMS error over that of 16 Hutchinson probes':46}" + "".join(f"{k:>8}" for k in COUNTS)
    )
    for step in chosen.steps:
        for baseline in chosen.baselines:
            matrix = jacobians.of(step, "target") - jacobians.of(step, baseline)
            unit, _ = _error(matrix, jacobians.shape, "hutchinson", 16)
            for estimator in ("hutchinson", "probing"):
                name = f"step {step}, Δh_{baseline}, {estimator}"
                found = [_error(matrix, jacobians.shape, estimator, count) for count in COUNTS]
                figures[name] = {
                    str(count): {"relative_error": error / unit, "coverage": share}
                    for count, (error, share) in zip(COUNTS, found, strict=True)
                }
                print(f"{name:46}" + "".join(f"{error / unit:8.2f}" for error, _ in found))
                if estimator == "probing" and step in BUDGETS:
                    budgets[name] = (round(found[COUNTS.index(16)][0] / unit, 3), BUDGETS[step])
    figures["drawn"] = {"prompt": chosen.prompt, "seed": chosen.seed}
    return report("estimators", figures, budgets)


def _error(
    matrix: torch.Tensor, shape: tuple[int, int, int], estimator: str, count: int
) -> tuple[float, float | None]:
    """Return the root mean square error of the map and the share inside the 95 % interval."""
    truth = matrix.diagonal().reshape(shape).double().mean(dim=0).numpy()
    squares, covered = [], []
    for seed in range(SEEDS):
        plan = plan_probes(estimator, count, seed, shape)
        *_, found = stream(plan, lambda v: (v.flatten(1) @ matrix).reshape(-1, *shape), lambda: 64)
        squares.append(np.mean((found.mean - truth) ** 2))
        if found.degrees_of_freedom:
            covered.append(np.mean(np.abs(found.mean - truth) <= found.half_width()))
    return float(np.sqrt(np.mean(squares))), float(np.mean(covered)) if covered else None


class _Jacobians:
    def __init__(self, prompt: str, seed: int) -> None:
        self._key = hashlib.sha256(f"{prompt}\n{seed}".encode()).hexdigest()[:8]
        model = self._model = memlens.load_model("demo", device="cpu")
        early = memlens.load_baseline(early_checkpoint(model), like=model)
        self._run = memlens.sample(model, prompt, seed=seed)
        self.shape = self._run.latent_shape
        self._networks: dict[str, tuple[Any, Any]] = {
            "target": (model.denoiser, model.encode_prompt(prompt)),
            "∅": (model.denoiser, model.encode_prompt("")),
            "θ̃": (early.denoiser, early.encoder(prompt)),
        }

    def of(self, step: int, name: str) -> torch.Tensor:
        stem = {"target": "target", "∅": "unconditional", "θ̃": "less-trained"}[name]
        fingerprint = self._model.description.fingerprint
        file = RESULTS / f"jacobian-{fingerprint}-{self._key}-{step}-{stem}.npy"
        if not file.is_file():
            RESULTS.mkdir(exist_ok=True)
            began = time.perf_counter()
            partial = file.with_suffix(".partial.npy")
            np.save(partial, self._computed(step, *self._networks[name]))
            partial.replace(file)
            print(f"{file.name}: {time.perf_counter() - began:.0f} s", file=sys.stderr)
        return torch.from_numpy(np.load(file, allow_pickle=False))

    def _computed(self, step: int, denoiser: Any, condition: Any) -> np.ndarray:
        x = torch.from_numpy(self._run.x_t[step].copy())[None].requires_grad_(True)
        eps = denoiser.eps(x, self._run.schedule[step], condition)
        size = x.numel()
        rows = np.empty((size, size), np.float32)
        for index, vector in enumerate(torch.eye(size)):
            (row,) = torch.autograd.grad(eps, x, vector.reshape(x.shape), retain_graph=True)
            rows[index] = row.flatten().numpy()
        return rows


if __name__ == "__main__":
    sys.exit(main())
