"""The work itself: sample a group of tasks and make their maps, wherever that happens."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING, Self

from memlens.errors import Cancelled, MemlensError, SettingsError
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, METHODS, map_kind
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress
from memlens.sweep.outcome import Outcome, WorkerFacts
from memlens.sweep.results import outcome_of
from memlens.sweep.settings import SweepSettings
from memlens.sweep.tasks import Task, TaskGroup

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model
    from memlens.sampling.trajectory import Trajectory


class Worker:
    """A loaded model with its baseline and controls.

    Parameters
    ----------
    settings
        Of the sweep.
    device
        Instead of the settings' own, for one worker of several.
    progress, cancel
        Of the loading.

    Raises
    ------
    MemlensError
        If model, baseline or controls cannot be loaded, or a kind of map cannot be made.
    """

    def __init__(
        self,
        settings: SweepSettings,
        *,
        device: str | None = None,
        progress: ProgressCallback = ignore_progress,
        cancel: CancelToken | None = None,
    ) -> None:
        import torch

        from memlens.controls.loading import load_controls
        from memlens.models.loading import load_model

        torch.set_num_threads(settings.threads)
        self._settings = settings
        self._model: Model = load_model(
            settings.model,
            device=device or settings.device,
            dtype=settings.dtype,
            download=settings.download,
            progress=progress,
            cancel=cancel,
        )
        for name in settings.kinds:
            reason = self._model.unavailable(map_kind(name).method)
            if reason:
                raise SettingsError(f"{name} cannot be made: {reason}")
        self._model.schedule(settings.sampling_steps)
        self._baseline = self._loaded_baseline(progress, cancel) if settings.subtracts else None
        self._controls = None if settings.controls is None else load_controls(settings.controls)
        described = self._model.description
        self.facts = WorkerFacts(
            model=described.identity,
            baseline="" if self._baseline is None else self._baseline.description.identity,
            device=self._model.denoiser.device.type,
            dtype=described.dtype,
            latent_shape=described.latent_shape,
            picture_size=described.picture_size,
        )

    def sampling_for(self, sampling_steps: int) -> Self:
        """Return the same worker with a shorter walk and as many maps, for measuring."""
        other = copy(self)
        steps = tuple(range(min(len(self._settings.steps), sampling_steps)))
        other._settings = replace(self._settings, sampling_steps=sampling_steps, steps=steps)
        return other

    def work(
        self, group: TaskGroup, progress: ProgressCallback, cancel: CancelToken
    ) -> Iterator[Outcome]:
        """Yield an outcome for every wanted task of a group.

        Progress is counted in network calls of the wanted tasks.

        Raises
        ------
        Cancelled
            Within one network call of the token being set.
        """
        counting = _Counting(self._settings, len(group.missing), progress)
        for task, run in self._runs(group, counting, cancel):
            try:
                if isinstance(run, Exception):
                    raise run
                maps = self._maps(task, run, counting.maps(), cancel)
                yield outcome_of(
                    task,
                    run,
                    maps,
                    main_step=self._settings.steps[0],
                    version=self._settings.version,
                    controls=self._controls,
                )
            except Cancelled:
                raise
            except Exception as error:
                # Whatever one task fails with, the others are made.
                yield Outcome(index=task.index, error=reason_of(error))

    def _runs(
        self, group: TaskGroup, counting: _Counting, cancel: CancelToken
    ) -> Iterator[tuple[Task, Trajectory | Exception]]:
        """Yield the wanted tasks with their runs, or with why there is none."""
        try:
            runs = self._together(group.members, counting.sampling(group.missing), cancel)
        except Cancelled:
            raise
        except Exception as error:
            if len(group.members) == 1:
                yield group.missing[0], error
                return
            # One of them may be to blame: each is tried alone.
            for task in group.missing:
                alone = TaskGroup((task,), frozenset({task.index}))
                yield from self._runs(alone, counting, cancel)
            return
        made = dict(zip((task.index for task in group.members), runs, strict=True))
        for task in group.missing:
            yield task, made.pop(task.index)

    def _together(
        self, tasks: Sequence[Task], progress: ProgressCallback, cancel: CancelToken
    ) -> Sequence[Trajectory]:
        from memlens.controls.sampling_together import sample_together
        from memlens.sampling.sample import sample

        settings, model = self._settings, self._model
        scale = settings.guidance_scale
        if scale is None:
            scale = model.description.default_guidance_scale
        if len(tasks) == 1:
            run = sample(
                model,
                tasks[0].prompt,
                seed=tasks[0].seed,
                steps=settings.sampling_steps,
                guidance_scale=scale,
                noise=settings.noise,
                progress=progress,
                cancel=cancel,
            )
            return (run,)
        return sample_together(
            model,
            [task.prompt for task in tasks],
            [task.seed for task in tasks],
            steps=settings.sampling_steps,
            guidance_scale=scale,
            noise=settings.noise,
            decoded=True,
            progress=progress,
            cancel=cancel,
        )

    def _maps(
        self, task: Task, run: Trajectory, progress: ProgressCallback, cancel: CancelToken
    ) -> list[LocalizationMap]:
        """Make all maps of a run, in the order of steps and kinds."""
        from memlens.maps.joint_maps import localize_maps
        from memlens.maps.localize import localize

        settings = self._settings
        averaged = {
            name
            for name in settings.kinds
            if settings.steps_averaged > 1 and not METHODS[map_kind(name).method].uses_probes
        }
        together = [name for name in settings.kinds if name not in averaged]
        found: list[LocalizationMap] = []
        for step in settings.steps:
            made: dict[str, LocalizationMap] = {}
            if together:
                made = localize_maps(
                    run,
                    together,
                    baseline=self._baseline,
                    step=step,
                    probes=settings.probes,
                    estimator=settings.estimator,
                    seed=probe_seed_of(task, settings.probe_seed),
                    products=settings.products,
                    progress=progress,
                    cancel=cancel,
                )
            for name in settings.kinds:
                if name in averaged:
                    kind = map_kind(name)
                    made[name] = localize(
                        run,
                        kind.method,
                        baseline=self._baseline if kind.baseline == LESS_TRAINED else None,
                        step=step,
                        steps_averaged=settings.steps_averaged,
                        cancel=cancel,
                    )
            found += [made[name] for name in settings.kinds]
        return found

    def _loaded_baseline(self, progress: ProgressCallback, cancel: CancelToken | None) -> Baseline:
        from memlens.models.baseline_loading import early_checkpoint, load_baseline

        source = self._settings.baseline or early_checkpoint(self._model)
        if source is None:
            raise SettingsError(
                f"{self._model.description.name} brings no less-trained checkpoint: name one with "
                "--baseline."
            )
        return load_baseline(
            source,
            like=self._model,
            download=self._settings.download,
            progress=progress,
            cancel=cancel,
        )


def probe_seed_of(task: Task, probe_seed: int) -> int:
    """Return the seed of a task's probes: its own, wherever it stands in a manifest."""
    words = f"{probe_seed}\0{task.seed}\0{task.prompt}".encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(words, digest_size=6).digest())


def reason_of(error: Exception) -> str:
    """Say in one line why a task failed."""
    said = str(error).strip().splitlines()
    if isinstance(error, MemlensError) and said:
        return said[0]
    return f"{type(error).__name__}: {said[0]}" if said else type(error).__name__


class _Counting:
    """Turns the progress of sampling and maps into one of all wanted tasks."""

    def __init__(self, settings: SweepSettings, wanted: int, report: ProgressCallback) -> None:
        self._sampling, self._maps = settings.sampling_steps, settings.calls_for_maps
        self._each = self._sampling + self._maps
        self._total = wanted * self._each
        self._steps = len(settings.steps)
        self._report = report
        self._done = 0

    def sampling(self, tasks: Sequence[Task]) -> ProgressCallback:
        before, calls = self._done, self._sampling * len(tasks)
        self._done += calls

        def report(inner: Progress) -> None:
            self._tell(before + int(inner.fraction * calls), inner.activity)

        return report

    def maps(self) -> ProgressCallback:
        before = self._done
        self._done += self._maps
        seen = 0

        def report(inner: Progress) -> None:
            nonlocal seen
            # Several steps follow each other; the count only grows.
            seen = max(seen, inner.done)
            self._tell(before + min(seen, self._maps), inner.activity)

        return report

    def _tell(self, done: int, activity: str) -> None:
        self._report(Progress(min(done, self._total), self._total, activity))
