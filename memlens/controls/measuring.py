"""Sample controls and make their maps and readings, resuming where an earlier run stopped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from memlens.controls.calibration import Calibration
from memlens.controls.parts import Part, PartsFolder
from memlens.controls.sampling_together import sample_together
from memlens.errors import ControlsError, OutOfMemory
from memlens.maps.joint_maps import localize_maps
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS
from memlens.progress import CancelToken, Progress, ProgressCallback
from memlens.readings.computing import reading
from memlens.readings.registry import READINGS
from memlens.sampling.provenance import installed_versions
from memlens.sampling.trajectory import Trajectory


def measure(
    calibration: Calibration,
    prompts: Sequence[str],
    seeds: Sequence[int],
    *,
    folder: PartsFolder | None,
    progress: ProgressCallback,
    cancel: CancelToken,
) -> list[Part]:
    """Return a part for every prompt, in their order.

    Prompts are sampled in fixed groups, so that a part does not depend on where an earlier
    run was stopped.

    Parameters
    ----------
    folder
        Where parts are kept, and looked for; None keeps none.
    progress
        In network calls of all prompts; a call for several pictures counts once for each.

    Raises
    ------
    ControlsError
        If `folder` holds parts that were made otherwise, or cannot be written.
    SettingsError, MethodUnavailable, NumericalError, OutOfMemory, Cancelled
        As sampling and localizing do; every part that was finished is kept.
    """
    parts: dict[int, Part] = {}
    for index, (prompt, seed) in enumerate(zip(prompts, seeds, strict=True)):
        known = None if folder is None else folder.read(index)
        if known is not None:
            _refuse_other(known, calibration, prompt, seed)
            parts[index] = known
    made_with = next((part.settings.products for part in parts.values()), None)
    work = replace(calibration, products=made_with or calibration.products)
    counting = _Counting(work, len(prompts), progress)
    for start in range(0, len(prompts), work.pictures_per_batch):
        group = range(start, min(start + work.pictures_per_batch, len(prompts)))
        missing = [index for index in group if index not in parts]
        if not missing:
            continue
        counting.begin(len(parts))
        runs = _sampled(work, [prompts[i] for i in group], [seeds[i] for i in group],
                        counting.sampling(len(missing)), cancel)  # fmt: skip
        for index in missing:
            part = _part(work, runs[index - start], counting, cancel)
            if folder is not None:
                folder.write(index, part)
            parts[index] = part
    return [parts[index] for index in range(len(prompts))]


def _sampled(
    calibration: Calibration,
    prompts: list[str],
    seeds: list[int],
    progress: ProgressCallback,
    cancel: CancelToken,
) -> tuple[Trajectory, ...]:
    try:
        return sample_together(
            calibration.model,
            prompts,
            seeds,
            steps=calibration.sampling_steps,
            guidance_scale=calibration.guidance_scale,
            progress=progress,
            cancel=cancel,
        )
    except OutOfMemory:
        if len(prompts) == 1:
            raise
    half = len(prompts) // 2
    return (
        *_sampled(calibration, prompts[:half], seeds[:half], progress, cancel),
        *_sampled(calibration, prompts[half:], seeds[half:], progress, cancel),
    )


def _part(
    calibration: Calibration, run: Trajectory, counting: _Counting, cancel: CancelToken
) -> Part:
    maps, readings = {}, {}
    curvature_dtype = products = None
    estimation = {
        "probes": calibration.probes,
        "estimator": calibration.estimator,
        "seed": run.provenance.seed,
        "probes_per_batch": calibration.probes_per_batch,
        "cancel": cancel,
    }
    for step in calibration.steps:
        found = localize_maps(
            run,
            calibration.kinds,
            baseline=calibration.baseline,
            step=step,
            products=calibration.products,
            progress=counting.maps(),
            **estimation,  # type: ignore[arg-type]
        )
        for kind, made in found.items():
            maps[kind, step] = made.values
            curvature_dtype = curvature_dtype or made.provenance.curvature_dtype
            products = products or made.provenance.products
        for key in calibration.readings:
            at_step = READINGS[key].at_shown_step
            if not at_step and step != calibration.steps[0]:
                continue
            one = reading(
                run,
                key,
                step=step if at_step else None,
                baseline=calibration.baseline,
                maps=found.values(),
                **estimation,  # type: ignore[arg-type]
            )
            readings[key, one.step] = one.value
    counting.finish()
    return Part(
        settings=calibration.settings(curvature_dtype=curvature_dtype, products=products),
        prompt=run.provenance.prompt,
        seed=run.provenance.seed,
        sigmas={step: run.schedule[step].sigma for step in calibration.steps},
        maps=maps,
        readings=readings,
        versions=installed_versions(),
    )


def _refuse_other(known: Part, calibration: Calibration, prompt: str, seed: int) -> None:
    unlike = list(known.settings.unlike(calibration.settings()))
    if (known.prompt, known.seed) != (prompt, seed):
        unlike.append(f"prompt {known.prompt!r} with seed {known.seed}, not {prompt!r} with {seed}")
    kinds, steps = (list(dict.fromkeys(key[at] for key in known.maps)) for at in (0, 1))
    if kinds != list(calibration.kinds):
        unlike.append(f"maps {', '.join(map(str, kinds))}, not {', '.join(calibration.kinds)}")
    if steps != list(calibration.steps):
        unlike.append(f"steps {steps}, not {list(calibration.steps)}")
    if {key for key, _ in known.readings} != {*calibration.readings}:
        unlike.append("other readings")
    if unlike:
        raise ControlsError(
            "an unfinished calibration of the same name was made otherwise "
            f"({'; '.join(unlike)}): finish it with its own settings, choose another name, or "
            "remove its folder of parts."
        )


class _Counting:
    """Turns the progress of parts of the work into one that only grows."""

    def __init__(self, calibration: Calibration, prompts: int, report: ProgressCallback) -> None:
        kinds = [METHODS[MAP_KINDS[name].method].uses_probes for name in calibration.kinds]
        probed = calibration.uses_probes
        self._maps = kinds.count(False) + probed * (1 + calibration.probes)
        self._maps += probed and any(
            MAP_KINDS[name].baseline == LESS_TRAINED for name in calibration.kinds
        )
        self._sampling = calibration.sampling_steps
        self._each = self._sampling + self._maps * len(calibration.steps)
        self._total = self._each * prompts
        self._prompts, self._report = prompts, report
        self._done = self._before = 0

    def begin(self, finished: int) -> None:
        """Start a group of prompts after so many finished ones."""
        self._done = self._before = finished * self._each

    def sampling(self, pictures: int) -> ProgressCallback:
        """Return what follows the sampling of a group, of which so many pictures were missing."""
        start = self._before
        self._before += self._sampling * pictures

        def report(p: Progress) -> None:
            self._tell(start + int(p.fraction * self._sampling * pictures), "sampling")

        return report

    def maps(self) -> ProgressCallback:
        """Return what follows the maps of one step."""
        start = self._before
        self._before += self._maps

        def report(p: Progress) -> None:
            self._tell(start + int(p.fraction * self._maps), p.activity)

        return report

    def finish(self) -> None:
        """Tell that a prompt is done."""
        self._tell(self._before, "controls")

    def _tell(self, done: int, activity: str) -> None:
        self._done = max(self._done, done)
        self._report(Progress(self._done, self._total, activity))
