"""The lab's acceptance: how well every method finds what the model memorized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.agreement import agreement_of_values
from memlens.errors import ModelError
from memlens.evaluation import evaluate_maps
from memlens.lab.ground_truth import GroundTruthEntry, Kind, load_ground_truth
from memlens.localization import localize
from memlens.maps import mean_filter, resize_bilinear
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, MapKind
from memlens.models.denoiser import Baseline
from memlens.models.loading import early_checkpoint, load_baseline, load_model
from memlens.models.stable_diffusion import StableDiffusion
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling import sample

ALL_ONES = "all_ones"
STEPS = 50
PROBES = 16
_ROWS = ("curvature", "attention", "score_diff", "score_diff_bad", "cov", "cov_bad")


# The last step, under the paper's 13×13 filter scaled from its 64² grid to the demo's 32².
ACCEPTANCE = Setting("acceptance", step=49, guidance_scale=None, smoothing=7)
PAPER = Setting("the paper's last step", step=49, guidance_scale=7.5, smoothing=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckReport:
    """What `check` measured.

    Attributes
    ----------
    model
        Name and fingerprint of the model.
    pictures
        How many pictures of each kind were sampled, per table.
    probes
        Random probes behind every curvature map.
    tables
        One per setting; the first is the one that is judged.
    criteria
        The acceptance, line by line.
    """

    model: str
    pictures: dict[Kind, int]
    probes: int
    tables: tuple[CheckTable, ...]
    criteria: tuple[Criterion, ...]

    @property
    def passed(self) -> bool:
        """Whether every line of the acceptance holds."""
        return all(criterion.passed for criterion in self.criteria)


def check(
    model: str | Path = "demo",
    *,
    settings: Sequence[Setting] = (ACCEPTANCE, PAPER),
    steps: int = STEPS,
    probes: int = PROBES,
    per_kind: int | None = None,
    seeds: Sequence[int] = (),
    progress: ProgressCallback = ignore_progress,
    cancel: CancelToken | None = None,
) -> CheckReport:
    """Measure every method on a lab model's ground truth.

    Parameters
    ----------
    model
        "demo", or a folder that `memlens.lab.train` wrote.
    settings
        The tables to make; the first is judged.
    steps, probes
        Sampling steps, and probes of each curvature map (Hutchinson).
    per_kind
        Take only this many captions of each kind, with one seed each; None takes all
        captions with all their seeds.
    seeds
        Sample every caption with these instead of its own; held out when they differ.
    progress, cancel
        Told about every map; asked within every network call.

    Raises
    ------
    ModelError
        If the model is not a lab model with a less-trained checkpoint.
    DatasetError
        If it has no ground truth.
    Cancelled
        If `cancel` was set.
    """
    token = cancel or CancelToken()
    target = load_model(model, cancel=token)
    folder = Path(target.description.source)
    entries = load_ground_truth(folder).entries
    if seeds:
        entries = tuple(replace(entry, seeds=tuple(seeds)) for entry in entries)
    pictures = _pictures(entries, per_kind)
    early = early_checkpoint(target)
    if early is None:
        raise ModelError(f"{folder} has no unet-early: only lab models can be checked.")
    baseline = load_baseline(early, like=target, cancel=token)
    total = len(settings) * len(pictures) * (1 + len(_ROWS))
    tables = []
    for number, setting in enumerate(settings):
        measuring = _Measuring(target, baseline, setting, steps, probes, progress, token, total)
        tables.append(measuring.table(pictures, done=number * total // len(settings)))
    counts = {kind: sum(e.kind == kind for e, _ in pictures) for kind in _KINDS}
    return CheckReport(
        model=target.description.identity,
        pictures=counts,
        probes=probes,
        tables=tuple(tables),
        criteria=acceptance(tables[0]),
    )


_KINDS: tuple[Kind, ...] = ("template", "verbatim", "free")
_Picture = tuple[GroundTruthEntry, int]
_Maps = list[NDArray[np.float32]]


def _pictures(entries: Sequence[GroundTruthEntry], per_kind: int | None) -> list[_Picture]:
    if per_kind is None:
        return [(entry, seed) for entry in entries for seed in entry.seeds]
    chosen: list[_Picture] = []
    for kind in _KINDS:
        of_kind = [entry for entry in entries if entry.kind == kind]
        chosen += [(entry, entry.seeds[0]) for entry in of_kind[:per_kind]]
    return chosen


@dataclass(frozen=True, slots=True)
class _Measuring:
    model: StableDiffusion
    baseline: Baseline
    setting: Setting
    steps: int
    probes: int
    progress: ProgressCallback
    cancel: CancelToken
    total: int

    def table(self, pictures: Sequence[_Picture], *, done: int) -> CheckTable:
        maps: dict[str, _Maps] = {ALL_ONES: [], **{name: [] for name in _ROWS}}
        description = self.model.description
        guidance = self.setting.guidance_scale
        if guidance is None:
            guidance = description.default_guidance_scale
        for number, (entry, seed) in enumerate(pictures):
            self.progress(Progress(done, self.total, f"sampling “{entry.caption}”"))
            run = sample(
                self.model,
                entry.caption,
                seed=seed,
                steps=self.steps,
                guidance_scale=guidance,
                cancel=self.cancel,
            )
            done += 1
            for name in _ROWS:
                kind = MAP_KINDS[name]
                self.progress(Progress(done, self.total, f"{kind.symbol} of “{entry.caption}”"))
                found = localize(
                    run,
                    kind.method,
                    baseline=self._baseline(kind),
                    step=self.setting.step,
                    probes=self.probes,
                    estimator="hutchinson",
                    seed=number,
                    cancel=self.cancel,
                )
                maps[name].append(found.paper)
                done += 1
            maps[ALL_ONES].append(np.ones(description.latent_shape[1:], dtype=np.float32))
        level = run.schedule[self.setting.step]
        rows = tuple(self._row(name, values, pictures) for name, values in maps.items())
        self.progress(Progress(done, self.total, f"table of {self.setting.name}"))
        return CheckTable(
            setting=self.setting,
            guidance_scale=guidance,
            sigma=level.sigma,
            log_snr=level.log_snr,
            rows=rows,
        )

    def _baseline(self, kind: MapKind) -> Baseline | None:
        return self.baseline if kind.baseline == LESS_TRAINED else None

    def _row(self, name: str, maps: _Maps, pictures: Sequence[_Picture]) -> MethodScore:
        templates = [index for index, (e, _) in enumerate(pictures) if e.kind == "template"]
        masks = [pictures[index][0].mask() for index in templates]
        plain = [maps[index] for index in templates]
        filtered = [mean_filter(values, self.setting.smoothing) for values in plain]
        means = np.array([values.mean() for values in maps])
        memorized = np.array([entry.kind != "free" for entry, _ in pictures])
        kind = MAP_KINDS.get(name)
        iou, auroc = _score(plain, masks)
        iou_filtered, auroc_filtered = _score(filtered, masks)
        return MethodScore(
            kind=name,
            symbol=kind.symbol if kind else "1",
            label=kind.label if kind else "All ones",
            iou=iou,
            auroc=auroc,
            iou_filtered=iou_filtered,
            auroc_filtered=auroc_filtered,
            detection=_separation(means[memorized], means[~memorized]),
        )


def _score(maps: _Maps, masks: Sequence[NDArray[np.bool_]]) -> tuple[float, float]:
    size = masks[0].shape[0]
    # Clamped at 0, as the official code's files are.
    clamped = [np.maximum(values, 0) for values in maps]
    iou = evaluate_maps(zip(clamped, masks, strict=True), size=size).iou
    large = np.concatenate([resize_bilinear(values, (size, size)) for values in clamped])
    return iou, agreement_of_values(large, np.concatenate(masks)).auroc


def _separation(memorized: NDArray[np.float32], free: NDArray[np.float32]) -> float:
    above = memorized[:, None] > free[None, :]
    equal = memorized[:, None] == free[None, :]
    return float(np.mean(above + 0.5 * equal))
