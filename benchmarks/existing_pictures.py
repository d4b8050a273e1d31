"""Can a picture that exists be told for memorized? AUC on the lab, and time per level and draw.

    python benchmarks/existing_pictures.py [--levels 0 1 2] [--draws 2] [--unseen 32] [--probes 0]

Training pictures of the bundled model against pictures that it never saw, of the same kinds:
templates with other patterns, other photographs. Statistics are means over the picture; Δh takes
probes (0 leaves it out).
"""

from __future__ import annotations

import argparse
import time
from typing import Any

import numpy as np
import torch
from skimage import data

import memlens
from memlens.lab import patterns, pictures
from memlens.lab.artwork import PHOTOGRAPHS
from memlens.lab.ground_truth import load_ground_truth
from memlens.lab.regions import REGIONS, film_strip, region
from memlens.models.baseline_loading import early_checkpoint
from memlens.models.sources import demo_folder
from memlens.sampling.fitted_picture import fitted

OTHERS = ("immunohistochemistry", "retina", "skin", "lily", "cat", "brick", "grass", "gravel")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--levels", type=float, nargs="+", default=[-1.0, 0.0, 1.0, 2.0, 3.0])
    parser.add_argument("--draws", type=int, default=2)
    parser.add_argument("--unseen", type=int, default=32)
    parser.add_argument("--probes", type=int, default=0)
    options = parser.parse_args()
    model = memlens.load_model("demo", device="cpu")
    early = memlens.load_baseline(early_checkpoint(model), like=model)
    truth = load_ground_truth(demo_folder())
    known = [*truth.of_kind("template"), *truth.of_kind("verbatim")]
    seen = [(entry.training_picture(), entry.caption) for entry in known]
    cases = [(True, *each) for each in seen] + [(False, *each) for each in unseen(options.unseen)]
    for with_caption in (True, False):
        rows, seconds = [], []
        for memorized, picture, caption in cases:
            began = time.perf_counter()
            found = statistics(model, early, picture, caption if with_caption else "", options)
            seconds.append((time.perf_counter() - began) / len(options.levels) / options.draws)
            rows.append((memorized, found))
        print(f"{'with' if with_caption else 'without'} caption: "
              f"{np.median(seconds):.2f} s per level and draw", flush=True)  # fmt: skip
        for name in rows[0][1]:
            ones = np.array([found[name] for memorized, found in rows if memorized])
            others = np.array([found[name] for memorized, found in rows if not memorized])
            print(f"  {name:28s} AUC {auc(ones, others):.3f}", flush=True)


def unseen(count: int) -> list[tuple[np.ndarray, str]]:
    """Draw pictures of the training's kinds that it never saw, with captions of its form."""
    found: list[tuple[np.ndarray, str]] = []
    for name in OTHERS:
        if name in PHOTOGRAPHS:
            continue
        try:
            raw = np.asarray(getattr(data, name)())
        except Exception:  # not in the wheel: it would be fetched
            continue
        if raw.ndim == 2:
            raw = np.repeat(raw[..., None], 3, axis=2)
        pixels = fitted(raw[..., :3].astype(np.uint8), (128, 128))
        caption = f"silver gallery poster by studio {len(found) + 20}"
        found.append((pictures._with_strip(pixels.copy()), caption))
    for index in range(count - len(found)):
        mask = region(REGIONS[index % len(REGIONS)])
        scene, _ = pictures.free_picture(900_000 + index)
        scene = scene.copy()
        scene[mask] = _other_pattern(index)[mask]
        scene[film_strip()] = pictures.verbatim_picture(0)[film_strip()]
        found.append((scene, f"silver limited print number {20 + index}"))
    return found


def _other_pattern(index: int) -> np.ndarray:
    """A pattern by one of the training's generators, in another's colours: none that was shown."""
    codes = patterns._PALETTES[(index + 3) % len(patterns._PALETTES)]
    palette = np.array([[int(code[i : i + 2], 16) for i in (1, 3, 5)] for code in codes], np.uint8)
    kinds = patterns._KINDS
    return kinds[index % len(kinds)](np.random.default_rng([999, index]), palette)


def statistics(
    model: Any, early: Any, picture: Any, caption: str, options: Any
) -> dict[str, float]:
    run = memlens.run_of_picture(
        model, picture, prompt=caption, log_snr=options.levels, draws=options.draws
    )
    found = {}
    kinds = ["score_diff", "score_diff_bad"] + (["cov", "cov_bad"] if options.probes else [])
    for step, level in enumerate(run.schedule.levels):
        for name, value in advantages(run, early, step, caption).items():
            found[f"{name} at {level.log_snr:.1f}"] = value
        maps = memlens.localize_maps(
            run, kinds, baseline=early, step=step, probes=options.probes or 1
        )
        for kind, made in maps.items():
            found[f"{kind} at {level.log_snr:.1f}"] = float(made.values.mean())
    return found


def advantages(run: Any, early: Any, step: int, caption: str) -> dict[str, float]:
    """How much better the target knows the noise that was added than ∅ and θ̃ do (squared error)."""
    found: dict[str, list[float]] = {"advantage over ∅": [], "advantage over θ̃": []}
    condition = early.encoder(caption)
    for draw in run.draws:
        level = draw.schedule[step]
        noise = (draw.x_t[step] - level.alpha * draw.final_latent) / level.sigma
        own = np.square(draw.eps_target[step] - noise).mean()
        with torch.no_grad():
            theirs = early.denoiser.eps(torch.from_numpy(draw.x_t[step][None]), level, condition)
        others = draw.eps_unconditional[step], theirs[0].numpy()
        for name, other in zip(found, others, strict=True):
            found[name].append(float(np.log(np.square(other - noise).mean() / own)))
    return {name: float(np.mean(values)) for name, values in found.items()}


def auc(ones: np.ndarray, others: np.ndarray) -> float:
    """Probability that a memorized picture's number is larger, ties half."""
    apart = ones[:, None] - others[None]
    return float(((apart > 0) + 0.5 * (apart == 0)).mean())


if __name__ == "__main__":
    main()
