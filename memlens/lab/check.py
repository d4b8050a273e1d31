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
from memlens.lab.ground_truth import GroundTruthEntry, Kind, load_ground_truth
from memlens.maps.localization_map import mean_filter, resize_bilinear
from memlens.maps.localize import localize
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, MapKind
from memlens.models.baseline_loading import early_checkpoint, load_baseline
from memlens.models.denoiser import Baseline, Model
from memlens.models.loading import load_model
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sampling.sample import sample

ALL_ONES = "all_ones"
STEPS = 50
PROBES = 16
_ROWS = ("curvature", "attention", "score_diff", "score_diff_bad", "cov", "cov_bad")


@dataclass(frozen=True, slots=True)
class Setting:
    """At what step, guidance and mean filter all methods are measured alike.

    `guidance_scale` None means the model's default.
    """

    name: str
    step: int
    guidance_scale: float | None
    smoothing: int = 5


# The last step, under the paper's 13×13 filter scaled from its 64² grid to the demo's 32².
ACCEPTANCE = Setting("acceptance", step=49, guidance_scale=None, smoothing=7)
PAPER = Setting("the paper's last step", step=49, guidance_scale=7.5, smoothing=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class MethodScore:
    """One row of a table.

    Attributes
    ----------
    kind
        Name in `memlens.methods.registry.MAP_KINDS`, or ``"all_ones"``.
    symbol, label
        As the paper writes it, and for people.
    iou, auroc
        Of the template pictures: best global IoU of the official evaluation at the pictures'
        resolution, and area under the ROC curve over all their pixels.
    iou_filtered, auroc_filtered
        The same after the setting's mean filter.
    detection
        Area under the ROC curve of the map's mean, memorized prompts against free ones.
    """

    kind: str
    symbol: str
    label: str
    iou: float
    auroc: float
    iou_filtered: float
    auroc_filtered: float
    detection: float


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckTable:
    """All methods in one setting; `log_snr` and `sigma` are those of its step."""

    setting: Setting
    guidance_scale: float
    sigma: float
    log_snr: float
    rows: tuple[MethodScore, ...]

    def row(self, kind: str) -> MethodScore:
        """Return the row of one kind of map."""
        return next(row for row in self.rows if row.kind == kind)


@dataclass(frozen=True, slots=True, kw_only=True)
class Criterion:
    """One line of the acceptance: `measured` must be at least (or at most) `bound`."""

    statement: str
    measured: float
    bound: float
    at_least: bool

    @property
    def passed(self) -> bool:
        """Whether the line holds."""
        if self.at_least:
            return self.measured >= self.bound
        return self.measured <= self.bound


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


def acceptance(table: CheckTable) -> tuple[Criterion, ...]:
    """Judge one table."""
    ours, ending = table.row("cov_bad"), table.row("attention")
    ones, raw = table.row(ALL_ONES), table.row("curvature")
    return (
        _at_least("IoU of Δh_θ̃, filtered", ours.iou_filtered, 0.80),
        _at_least("pixel AUROC of Δh_θ̃, filtered", ours.auroc_filtered, 0.95),
        _at_least(
            "IoU of Δh_θ̃ above Bright Ending, filtered",
            ours.iou_filtered - ending.iou_filtered,
            0.05,
        ),
        Criterion(
            statement="IoU of raw curvature, distance from all-ones, filtered",
            measured=abs(raw.iou_filtered - ones.iou_filtered),
            bound=0.08,
            at_least=False,
        ),
        _at_least("AUC of the mean of Δh_θ̃, memorized against free", ours.detection, 0.98),
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
    model: Model
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


def _at_least(statement: str, measured: float, bound: float) -> Criterion:
    return Criterion(statement=statement, measured=measured, bound=bound, at_least=True)
