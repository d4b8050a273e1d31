"""The lab's acceptance: how well every method finds what the model memorized."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from memlens.errors import ModelError
from memlens.evaluation.agreement import agreement_of_values
from memlens.evaluation.official import evaluate_maps
from memlens.lab.acceptance import Criterion, acceptance
from memlens.lab.ground_truth import GroundTruthEntry, Kind, load_ground_truth
from memlens.lab.regions import film_strip
from memlens.lab.scores import ALL_ONES, CheckTable, MethodScore, Setting
from memlens.maps.joint_maps import localize_maps
from memlens.maps.localization_map import mean_filter, resize_bilinear
from memlens.methods.registry import MAP_KINDS
from memlens.models.baseline_loading import early_checkpoint, load_baseline
from memlens.models.denoiser import Baseline, Model
from memlens.models.loading import load_model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import sample
from memlens.sampling.schedule import NoiseLevel

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
    total = len(settings) * len(pictures)
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
class _Measured:
    """The maps of one picture in one setting, (H, W) each by kind, and its level."""

    paper: dict[str, NDArray[np.float32]]
    values: dict[str, NDArray[np.float32]]
    level: NoiseLevel


@dataclass(frozen=True, slots=True)
class _Measuring:
    model: Model
    baseline: Baseline
    setting: Setting
    steps: int
    probes: int
    progress: ProgressCallback
    cancel: CancelToken
    total: int

    def table(self, pictures: Sequence[_Picture], *, done: int) -> CheckTable:
        guidance = self.setting.guidance_scale
        if guidance is None:
            guidance = self.model.description.default_guidance_scale
        measured = []
        for number, (entry, seed) in enumerate(pictures):
            self.progress(Progress(done + number, self.total, f"measuring “{entry.caption}”"))
            measured.append(self._measure(entry.caption, seed, guidance, probe_seed=number))
        level = measured[0].level
        rows = tuple(self._row(name, measured, pictures) for name in (ALL_ONES, *_ROWS))
        finished = done + len(pictures)
        self.progress(Progress(finished, self.total, f"table of {self.setting.name}"))
        return CheckTable(
            setting=self.setting,
            guidance_scale=guidance,
            sigma=level.sigma,
            log_snr=level.log_snr,
            rows=rows,
        )

    def _measure(self, caption: str, seed: int, guidance: float, *, probe_seed: int) -> _Measured:
        run = sample(
            self.model,
            caption,
            seed=seed,
            steps=self.steps,
            guidance_scale=guidance,
            cancel=self.cancel,
        )
        found = localize_maps(
            run,
            _ROWS,
            baseline=self.baseline,
            step=self.setting.step,
            probes=self.probes,
            estimator="hutchinson",
            seed=probe_seed,
            cancel=self.cancel,
        )
        ones = np.ones(self.model.description.latent_shape[1:], dtype=np.float32)
        return _Measured(
            paper={ALL_ONES: ones} | {name: made.paper for name, made in found.items()},
            values={ALL_ONES: ones} | {name: made.values for name, made in found.items()},
            level=run.schedule[self.setting.step],
        )

    def _row(
        self, name: str, measured: Sequence[_Measured], pictures: Sequence[_Picture]
    ) -> MethodScore:
        templates = [index for index, (e, _) in enumerate(pictures) if e.kind == "template"]
        masks = [pictures[index][0].mask() for index in templates]
        plain = [measured[index].paper[name] for index in templates]
        filtered = [mean_filter(values, self.setting.smoothing) for values in plain]
        means = np.array([one.paper[name].mean() for one in measured])
        memorized = np.array([entry.kind != "free" for entry, _ in pictures])
        kind = MAP_KINDS.get(name)
        iou, auroc = _score(plain, masks)
        iou_filtered, auroc_filtered = _score(filtered, masks)
        inside, strip, elsewhere = _means([measured[i].values[name] for i in templates], masks)
        return MethodScore(
            kind=name,
            symbol=kind.symbol if kind else "1",
            label=kind.label if kind else "All ones",
            iou=iou,
            auroc=auroc,
            iou_filtered=iou_filtered,
            auroc_filtered=auroc_filtered,
            detection=_separation(means[memorized], means[~memorized]),
            inside=inside,
            strip=strip,
            elsewhere=elsewhere,
        )


def _means(maps: _Maps, masks: Sequence[NDArray[np.bool_]]) -> tuple[float, float, float]:
    side = masks[0].shape[0] // maps[0].shape[0]
    values = np.stack(maps).repeat(side, axis=1).repeat(side, axis=2)
    inside = np.stack(masks)
    strip = np.broadcast_to(film_strip(), inside.shape)
    places = (inside, strip, ~inside & ~strip)
    first, second, third = (float(values[place].mean()) for place in places)
    return first, second, third


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
