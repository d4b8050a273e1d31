"""Resolve intent and results into the one frozen view of the window."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from memlens.maps.localization_map import LocalizationMap, paper_window
from memlens.methods.registry import MAP_KINDS, METHODS, Cost
from ui.jobs.reading_requests import ReadingKey
from ui.jobs.requests import MapKey
from ui.language.translation import tr
from ui.state.intent import PRESETS, STAND_IN, Intent, needs_less_trained
from ui.state.results import Results
from ui.view.agreement import agreement_rows, measured_at
from ui.view.display_cache import Display
from ui.view.panels import compute_reason, content_choices, panel_view, to_share
from ui.view.readings import reading_rows
from ui.view.run_thumbs import RunsView
from ui.view.same_object import settled, settled_parts
from ui.view.setup import setup_view
from ui.view.shown_maps import averaged_steps, shown_key
from ui.view.view_state import (
    BannerView,
    ByteArray,
    CanvasView,
    Compare,
    Curve,
    InspectView,
    PanelView,
    StatusView,
    TimelineView,
    WindowView,
)
from ui.vocabulary.action_keys import ActionKey as Key

_NO_RUNS = RunsView()


@dataclass
class Activity:
    """What the worker does now, as far as reported.

    Attributes
    ----------
    loading
        The model being opened, as it was asked for; "" for none.
    computing
        Keys of the maps asked for and not yet complete.
    reading
        Key of the reading asked for and not yet there.
    """

    text: str = ""
    fraction: float = 0.0
    seconds_left: float | None = None
    sampling: bool = False
    loading: str = ""
    computing: frozenset[MapKey] = field(default_factory=frozenset)
    reading: frozenset[ReadingKey] = field(default_factory=frozenset)
    message: str = ""
    memory: str = ""


class Resolver:
    """Makes window views; holds only what keeps identical content identical."""

    def __init__(self) -> None:
        self._display = Display()
        self._curves: tuple[object, tuple[Curve, ...], frozenset[int]] = (None, (), frozenset())
        self._thumbnails: tuple[ByteArray | None, ...] = ()
        self._choices: tuple[tuple[str, str, str], ...] = ()
        self._last: WindowView | None = None

    def window(
        self,
        intent: Intent,
        results: Results,
        activity: Activity,
        banner: BannerView | None,
        *,
        runs: RunsView = _NO_RUNS,
        prefetch: bool = True,
    ) -> WindowView:
        """Return all that the window shows."""
        step = shown_step(intent, results)
        blocked = compute_reason(results, activity.sampling)
        self._choices = settled(self._choices, content_choices(results))
        panels = tuple(
            panel_view(
                content,
                place=place,
                step=step,
                intent=intent,
                results=results,
                display=self._display,
                computing=activity.computing,
                blocked=blocked,
                choices=self._choices,
            )
            for place, content in enumerate(intent.panels)
        )
        setup = setup_view(intent, results, loading=activity.loading, prefetch=prefetch)
        before = self._last or WindowView()
        name = results.session_path.name if results.session_path is not None else ""
        canvas = CanvasView(
            panels=panels,
            bare_picture=intent.bare_picture,
            colormap=intent.colormap,
            opacity=intent.opacity,
            nearest=intent.nearest,
            outline=intent.outline,
            compare=Compare(intent.compare),
            log_scale=intent.log_scale,
            fill_predicted=intent.fill_predicted,
        )
        timeline = self._timeline(intent, results, step)
        inspect = self._inspect(intent, results, step, panels[intent.active_panel])
        self._last = WindowView(
            setup=settled(before.setup, setup),
            canvas=settled_parts(before.canvas, canvas, "panels"),
            timeline=settled(before.timeline, timeline),
            inspect=settled(before.inspect, inspect),
            status=settled(before.status, self._status(results, activity)),
            runs=settled(before.runs, runs),
            readings=settled(
                before.readings,
                reading_rows(intent, results, step, computing=activity.reading, blocked=blocked),
            ),
            banner=banner,
            title=f"{name} — memlens" if name else "memlens",
            disabled={
                **_disabled(results, activity, setup.disabled_reason, blocked, runs.savable),
                **_ends_of(runs),
            },
        )
        return self._last

    def scale_of_active(self, intent: Intent, results: Results) -> float:
        """Return display units per canonical unit in the active panel, 0 without a map there."""
        found = self._map_of_active(intent, results)
        if found is None:
            return 0.0
        return self._display.of(found, intent.units, intent.smoothing).scale

    def level_shares(
        self, intent: Intent, results: Results, levels: tuple[float, float]
    ) -> tuple[float, float] | None:
        """Return levels in the active panel's display units as shares of its kind's own."""
        found, scale = self._map_of_active(intent, results), self.scale_of_active(intent, results)
        if found is None or not scale:
            return None
        low, high = (to_share(found, level / scale) for level in levels)
        return low, high

    def _map_of_active(self, intent: Intent, results: Results) -> LocalizationMap | None:
        content = intent.panels[intent.active_panel]
        if results.run is None or content not in MAP_KINDS:
            return None
        step = shown_step(intent, results)
        found = results.maps.any_estimate(
            shown_key(content, intent, results, step)
        ) or results.maps.any_estimate(shown_key(STAND_IN, intent, results, step))
        return None if found is None else found[1]

    def _timeline(self, intent: Intent, results: Results, step: int) -> TimelineView:
        run = results.run
        if run is None:
            return TimelineView()
        curves, cached = self._curves_of(intent, results)
        pictures = tuple(run.pictures.get(i) for i in range(run.steps))
        if len(pictures) != len(self._thumbnails) or any(
            a is not b for a, b in zip(pictures, self._thumbnails, strict=True)
        ):
            self._thumbnails = pictures
        return TimelineView(
            log_snr=run.log_snr,
            reached=run.reached,
            step=step,
            thumbnails=self._thumbnails,
            curves=curves,
            curves_label=tr("IoU") if results.mask is not None else tr("mean"),
            cached=cached,
            playing=intent.playing,
            window=intent.window,
            average=intent.average,
            repeat=intent.repeat,
            rate=intent.rate,
        )

    def _curves_of(
        self, intent: Intent, results: Results
    ) -> tuple[tuple[Curve, ...], frozenset[int]]:
        run = results.run
        assert run is not None
        shown = [c for c in dict.fromkeys(intent.panels) if c in MAP_KINDS]
        state = (
            run.number,
            run.steps,
            results.maps.version,
            results.baseline_of_run,
            tuple(shown),
            intent.estimator,
            intent.probe_seed,
            intent.probes,
            intent.smoothing,
            results.mask is not None,
        )
        if self._curves[0] == state:
            return self._curves[1], self._curves[2]
        curves = []
        cached = set(range(run.steps)) if shown else set()
        for content in shown:
            values = np.full(run.steps, np.nan, np.float32)
            for step in range(run.steps):
                key = results.key(content, step, intent.estimator, intent.probe_seed)
                found = results.maps.any_estimate(key)
                if found is None:
                    cached.discard(step)
                    continue
                measured = results.maps.agreement(found[0], intent.smoothing)
                if results.mask is None:
                    values[step] = results.maps.mean(found[0])
                elif measured is not None:
                    values[step] = measured.iou
            curves.append(Curve(content=content, symbol=MAP_KINDS[content].symbol, values=values))
        self._curves = (state, tuple(curves), frozenset(cached))
        return self._curves[1], self._curves[2]

    def _inspect(
        self, intent: Intent, results: Results, step: int, active: PanelView
    ) -> InspectView:
        return InspectView(
            units=intent.units,
            stretched=intent.stretched,
            levels_by_hand=intent.levels_by_hand,
            smoothing=intent.smoothing,
            paper_smoothing=_paper_smoothing(results),
            mask_name=results.mask.name if results.mask is not None else "",
            rows=agreement_rows(intent, results, self._display, step),
            measured_at=measured_at(intent, results, step),
            threshold=active.threshold,
            preset=intent.preset,
            presets=tuple(PRESETS),
        )

    def _status(self, results: Results, activity: Activity) -> StatusView:
        model = results.model
        return StatusView(
            device=f"{model.device} · {model.dtype}" if model is not None else "",
            memory=activity.memory,
            activity=activity.text,
            fraction=activity.fraction,
            seconds_left=activity.seconds_left,
            message=activity.message,
        )


def shown_step(intent: Intent, results: Results) -> int:
    """Return the step shown: the chosen one, as far as sampled."""
    if results.run is None or results.run.reached == 0:
        return 0
    last = results.run.reached - 1
    return last if intent.step < 0 else min(intent.step, last)


def missing_maps(intent: Intent, results: Results, step: int | None = None) -> tuple[MapKey, ...]:
    """Return the keys of shown maps not complete at a step (the shown one), most wanted first.

    Where the average over a range is shown, the step nearest to the shown one comes first.
    What needs no probes goes first, then the active panel's map.
    """
    if results.run is None or compute_reason(results, sampling=False):
        return ()
    shown = shown_step(intent, results)
    averaged = averaged_steps(intent, results) if step is None else None
    steps = [shown if step is None else step]
    if averaged is not None:
        steps = sorted(averaged, key=lambda other: abs(other - shown))
    order = [intent.panels[intent.active_panel], *intent.panels]
    found = []
    for content in dict.fromkeys(order):
        if content not in MAP_KINDS or content in results.unavailable:
            continue
        if needs_less_trained(content) and not results.baseline_ready:
            continue
        for at in steps:
            key = results.key(content, at, intent.estimator, intent.probe_seed)
            if not results.maps.complete(key, intent.probes):
                found.append(key)
    return tuple(sorted(found, key=lambda key: METHODS[MAP_KINDS[key.kind].method].uses_probes))


def free_maps(intent: Intent, results: Results) -> tuple[MapKey, ...]:
    """Return the keys of free maps that are missing though the run is complete.

    The score difference to ∅ stands in for others, so it is wanted at every step; of the rest,
    what a panel shows.
    """
    run = results.run
    if run is None or run.trajectory is None or not run.trajectory.keeps_latents:
        return ()
    free = (name for name, kind in MAP_KINDS.items() if kind.cost is Cost.FREE)
    wanted = [name for name in free if name == STAND_IN or name in intent.panels]
    keys = (results.key(name, step, "", 0) for name in wanted for step in range(run.reached))
    return tuple(key for key in keys if results.maps.get(key) is None)


def _paper_smoothing(results: Results) -> int:
    run = results.run
    if run is not None and run.trajectory is not None:
        return paper_window(run.trajectory.latent_shape[1:])
    return paper_window(results.model.latent_shape[1:]) if results.model is not None else 0


def _ends_of(runs: RunsView) -> dict[str, str]:
    """Return why there is no run before or after the one shown, and what cannot be done to it."""
    numbers = [run.number for run in runs.runs]
    reasons: dict[str, str] = {}
    if runs.shown not in numbers[1:]:
        reasons[Key.PREVIOUS_RUN] = tr("There is no earlier run in this window.")
    if runs.shown not in numbers[:-1]:
        reasons[Key.NEXT_RUN] = tr("There is no later run in this window.")
    if runs.shown not in numbers:
        reasons[Key.RENAME_RUN] = reasons[Key.PIN_RUN] = tr("There is no run.")
    if runs.no_delete:
        reasons[Key.DELETE_RUN] = runs.no_delete
    if not runs.undo:
        reasons[Key.UNDO_RUN_EDIT] = tr("No run was renamed, pinned or deleted.")
    if not runs.queued:
        reasons[Key.CANCEL_QUEUED] = tr("No run waits.")
    return reasons


def _disabled(
    results: Results, activity: Activity, run_reason: str, blocked: str, savable: bool
) -> dict[str, str]:
    """Return action key → why it cannot be used now."""
    reasons: dict[str, str] = {}
    if run_reason:
        reasons[Key.RUN] = run_reason
    if not activity.text:
        reasons[Key.CANCEL] = tr("Nothing is running.")
    if results.model is None:
        reasons[Key.OPEN_BASELINE] = tr("Open a model first.")
    run = results.run
    if run is None or run.reached == 0:
        nothing = tr("Nothing was sampled yet: run a prompt or open a session.")
        for key in (
            Key.FIRST_STEP,
            Key.PREVIOUS_STEP,
            Key.NEXT_STEP,
            Key.LAST_STEP,
            Key.BACK_FIVE,
            Key.FORWARD_FIVE,
            Key.PLAY,
            Key.COMPUTE,
        ):
            reasons[key] = nothing
    elif blocked:
        reasons[Key.COMPUTE] = blocked
    if run is None or run.trajectory is None:
        unsaved = tr("There is no complete run to save.")
        if not savable:
            reasons[Key.SAVE_SESSION] = reasons[Key.SAVE_SESSION_AS] = unsaved
        reasons[Key.EXPORT] = tr("There is no complete run to export.")
    return reasons
