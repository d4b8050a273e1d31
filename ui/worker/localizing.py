"""What the worker does to localize: maps of one step together, refinements one by one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

import memlens
from memlens.errors import SettingsError
from memlens.estimators.names import DEFAULT_ESTIMATOR
from memlens.methods.registry import LESS_TRAINED, METHODS, map_kind
from memlens.progress import Progress
from memlens.sampling.trajectory import Trajectory
from ui.jobs.context import JobContext
from ui.jobs.localize import Localize, Localized, MapRefined, Prefetch
from ui.language.translation import tr
from ui.vocabulary.map_key import MapKey
from ui.worker.open_engine import OpenEngine

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline

Request = Localize | Prefetch
Better = Iterable[dict[MapKey, memlens.LocalizationMap]]


def localize(request: Request, context: JobContext, engine: OpenEngine) -> Localized:
    """Compute maps of one step."""
    trajectory = engine.runs[request.keys[0].run]
    return Localizing(request, trajectory, engine.baseline, context).carry_out()


class Localizing:
    """Carries out one request for maps.

    Parameters
    ----------
    request
        Which maps; all of one run.
    trajectory, less_trained
        That run, and the open less-trained baseline if there is one.
    context
        Hears of progress and of every better map.
    """

    def __init__(
        self,
        request: Request,
        trajectory: Trajectory,
        less_trained: Baseline | None,
        context: JobContext,
    ) -> None:
        self._request = request
        self._known = dict(request.known)
        self._trajectory = trajectory
        self._less_trained = less_trained
        self._context = context

    def carry_out(self) -> Localized:
        """Make all maps, telling of each as it gets better."""
        began, calls, done = time.perf_counter(), 0, 0
        for group in _groups(self._request.keys, self._known):
            told = 0

            def progress(inner: Progress, before: int = done, size: int = len(group)) -> None:
                nonlocal told
                told = inner.done
                whole = inner.total * len(self._request.keys)
                made = inner.total * before + inner.done * size
                self._context.progress(Progress(made, whole, inner.activity))

            kept: dict[MapKey, memlens.LocalizationMap] = {}
            for better in self._better(group, progress):
                for key, found in better.items():
                    if key in kept:
                        self._tell(key, kept[key], complete=False)
                    kept[key] = found
            for key, found in kept.items():
                self._tell(key, found, complete=True)
            calls += told
            done += len(group)
        return Localized(seconds=time.perf_counter() - began, network_calls=calls)

    def _tell(self, key: MapKey, found: memlens.LocalizationMap, *, complete: bool) -> None:
        probes = self._request.probes if complete else 0
        self._context.partial(MapRefined(key=key, map=found, complete=complete, probes=probes), key)

    def _better(self, group: tuple[MapKey, ...], progress: Callable[[Progress], None]) -> Better:
        if len(group) > 1:
            return self._together(group, progress)
        return self._alone(group[0], progress)

    def _together(
        self, group: tuple[MapKey, ...], progress: Callable[[Progress], None]
    ) -> Iterator[dict[MapKey, memlens.LocalizationMap]]:
        keys = {key.kind: key for key in group}
        probed = next((key for key in group if _uses_probes(key)), group[0])
        for better in memlens.localize_maps_stream(
            self._trajectory,
            keys,
            baseline=self._less_trained,
            step=probed.step,
            probes=self._request.probes,
            estimator=probed.estimator or DEFAULT_ESTIMATOR,
            seed=probed.probe_seed,
            probes_per_batch=self._request.probes_per_batch,
            progress=progress,
            cancel=self._context.cancel,
        ):
            yield {keys[kind]: found for kind, found in better.items()}

    def _alone(
        self, key: MapKey, progress: Callable[[Progress], None]
    ) -> Iterator[dict[MapKey, memlens.LocalizationMap]]:
        kind, known = map_kind(key.kind), self._known.get(key)
        estimator = key.estimator or DEFAULT_ESTIMATOR
        baseline: str | Baseline | None = kind.baseline
        if kind.baseline == LESS_TRAINED:
            if self._less_trained is None:
                needs = tr("{symbol} needs a less-trained baseline: choose one.")
                raise SettingsError(needs.format(symbol=kind.symbol))
            baseline = self._less_trained
        if known is not None:
            from memlens.maps.refinement import refine_stream

            stream = refine_stream(
                known,
                self._trajectory,
                baseline=baseline,
                probes=self._request.probes,
                estimator=estimator,
                seed=key.probe_seed,
                probes_per_batch=self._request.probes_per_batch,
                progress=progress,
                cancel=self._context.cancel,
            )
        else:
            stream = memlens.localize_stream(
                self._trajectory,
                kind.method,
                baseline=baseline,
                step=key.step,
                steps_averaged=key.steps_averaged,
                probes=self._request.probes,
                estimator=estimator,
                seed=key.probe_seed,
                probes_per_batch=self._request.probes_per_batch,
                progress=progress,
                cancel=self._context.cancel,
            )
        for found in stream:
            yield {key: found}


def _groups(
    keys: Iterable[MapKey], known: Mapping[MapKey, memlens.LocalizationMap]
) -> list[tuple[MapKey, ...]]:
    """Put neighbours together whose maps can share products; others stay alone."""
    groups: list[list[MapKey]] = []
    for key in keys:
        if groups and all(_can_share(key, other, known) for other in groups[-1]):
            groups[-1].append(key)
        else:
            groups.append([key])
    return [tuple(group) for group in groups]


def _can_share(key: MapKey, other: MapKey, known: Mapping[MapKey, memlens.LocalizationMap]) -> bool:
    if key.step != other.step or key.kind == other.kind:
        return False
    if any(one in known or one.steps_averaged > 1 for one in (key, other)):
        return False
    if not (_uses_probes(key) and _uses_probes(other)):
        return True
    return (key.estimator, key.probe_seed) == (other.estimator, other.probe_seed)


def _uses_probes(key: MapKey) -> bool:
    return METHODS[map_kind(key.kind).method].uses_probes
