"""Curvature of a whole timeline together: error and network calls against 16 probes at every step.

The truth is 64 probes at every step, kept in ``results/``; its own error is taken off. About
half an hour on two cores, a third of that with the truth kept. Only network calls are counted,
so other programs do not matter.
"""

from __future__ import annotations

import argparse
import hashlib
import sys
from collections.abc import Mapping

import numpy as np
import torch
from _report import RESULTS, report

import memlens
from memlens.models.baseline_loading import early_checkpoint
from memlens.sampling.trajectory import Trajectory

# Not the prompt and seed that the estimator was developed on.
PROMPT = "ivory limited print number 4"
SEED = 7
STEPS = range(20, 50)
PROBES = 16
TRUE_PROBES = 64
KINDS = ("cov", "cov_bad")
BUDGET = 0.4

Maps = Mapping[tuple[str, int], memlens.LocalizationMap]


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--prompt", default=PROMPT)
    options.add_argument("--seed", type=int, default=SEED)
    options.add_argument("--probe-seeds", type=int, default=3, help="estimates of each kind")
    options.add_argument("--kinds", nargs="+", choices=KINDS, default=KINDS)
    options.add_argument("--true-probes", type=int, default=TRUE_PROBES)
    given = options.parse_args()
    torch.set_num_threads(1)
    model = memlens.load_model("demo", device="cpu")
    early = memlens.load_baseline(early_checkpoint(model), like=model)
    run = memlens.sample(model, given.prompt, seed=given.seed)
    every = tuple(given.kinds)
    truth = _truth(run, early, every, given.true_probes)
    plain = [_plain(run, early, every, 1000 + index) for index in range(given.probe_seeds)]
    figures: dict[str, object] = {"prompt": given.prompt, "seed": given.seed}
    budgets = {}
    # Each alone, and both sharing their products.
    for kinds in [(kind,) for kind in every] + ([every] if len(every) > 1 else []):
        together = [
            memlens.localize_timeline(
                run, kinds, baseline=early, steps=STEPS, probes=PROBES, seed=2000 + index
            )
            for index in range(given.probe_seeds)
        ]
        calls = [_calls(maps, kinds) for maps in together]
        each = [_calls(maps, kinds) for maps in plain]
        share = float(np.mean(calls) / np.mean(each))
        name = " and ".join(kinds)
        print(f"{name}: {np.mean(calls):.0f} calls, {np.mean(each):.0f} at every step: {share:.3f}")
        for kind in kinds:
            error = np.mean([_errors(maps, truth, kind) for maps in together], axis=0)
            usual = np.mean([_errors(maps, truth, kind) for maps in plain], axis=0)
            ratio = float(error.mean() / usual.mean())
            covered = float(np.mean([_covered(maps, truth, kind) for maps in together]))
            print(
                f"  {kind}: mean error {error.mean():.5f}, {usual.mean():.5f} at every step: "
                f"{ratio:.3f}; within 2 standard errors: {covered:.3f}"
            )
            # Error falls with the root of the number of probes.
            equal = share * ratio**2
            figures[f"{name}, {kind}"] = {
                "calls": calls,
                "calls_at_every_step": each,
                "share_of_calls": round(share, 3),
                "error_ratio": round(ratio, 3),
                "share_at_equal_error": round(equal, 3),
                "within_two_standard_errors": round(covered, 3),
                "error_by_step": dict(zip(map(str, STEPS), error.round(6).tolist(), strict=True)),
                "error_by_step_16": dict(
                    zip(map(str, STEPS), usual.round(6).tolist(), strict=True)
                ),
            }
            if len(kinds) == 1:
                budgets[f"{kind}, calls at equal error"] = (round(equal, 3), BUDGET)
    return report("timeline", figures, budgets)


def _plain(run: Trajectory, early: memlens.Baseline, kinds: tuple[str, ...], seed: int) -> Maps:
    found = {}
    for step in STEPS:
        made = memlens.localize_maps(
            run,
            kinds,
            baseline=early,
            step=step,
            probes=PROBES,
            seed=seed + 100 * step,
            probes_per_batch=4,
        )
        found.update({(kind, step): each for kind, each in made.items()})
    return found


def _truth(
    run: Trajectory, early: memlens.Baseline, kinds: tuple[str, ...], probes: int
) -> Mapping[str, np.ndarray]:
    made = run.provenance
    words = f"{made.model}\n{made.prompt}\n{made.seed}\n{kinds}\n{probes}"
    file = RESULTS / f"timeline-{hashlib.sha256(words.encode()).hexdigest()[:12]}.npz"
    if not file.is_file():
        found: dict[str, np.ndarray] = {}
        for step in STEPS:
            maps = memlens.localize_maps(
                run,
                kinds,
                baseline=early,
                step=step,
                probes=probes,
                seed=step,
                probes_per_batch=8,
            )
            for kind, each in maps.items():
                found[f"{kind}-{step}"] = np.stack([each.values, each.standard_error])
            print(f"truth at step {step}", file=sys.stderr, flush=True)
        RESULTS.mkdir(exist_ok=True)
        np.savez(file, **found)
    with np.load(file, allow_pickle=False) as kept:
        return dict(kept)


def _calls(maps: Maps, kinds: tuple[str, ...]) -> int:
    """Return the network calls for these kinds: all that share products are counted once."""
    dearest = max(kinds, key=lambda kind: kind == "cov_bad")
    return sum(maps[dearest, step].network_calls for step in STEPS)


def _errors(maps: Maps, truth: Mapping[str, np.ndarray], kind: str) -> np.ndarray:
    errors = []
    for step in STEPS:
        values, own = truth[f"{kind}-{step}"]
        square = np.mean((maps[kind, step].values - values) ** 2) - np.mean(own**2)
        errors.append(np.sqrt(max(square, 0.0)))
    return np.array(errors)


def _covered(maps: Maps, truth: Mapping[str, np.ndarray], kind: str) -> float:
    shares = []
    for step in STEPS:
        values, own = truth[f"{kind}-{step}"]
        found = maps[kind, step]
        error = np.sqrt(found.standard_error**2 + own**2)
        shares.append(np.mean(np.abs(found.values - values) <= 2 * error))
    return float(np.mean(shares))


if __name__ == "__main__":
    sys.exit(main())
