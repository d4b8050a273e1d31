"""Resolve intent and results into the one frozen view of the window."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from memlens.maps.localization_map import LocalizationMap, paper_window
from memlens.methods.registry import MAP_KINDS
from ui.language.translation import tr
from ui.state.activity import Activity
from ui.state.intent import PRESETS, STAND_IN, Intent
from ui.state.results import Results
from ui.view.agreement import agreement_rows, measured_at
from ui.view.dialogs import PreviewView, RecognisedView
from ui.view.display_cache import DisplayCache
from ui.view.live_masks import LiveMasks
from ui.view.mask_reasons import mask_reasons
from ui.view.masks import DrawingFacts, masks_view
from ui.view.other_model import OtherModelFacts, model_note, reopening_reason
from ui.view.panels import compute_reason, content_choices, panel_view, to_share
from ui.view.readings import reading_rows
from ui.view.runs import RunsView, StripFacts, runs_view
from ui.view.same_object import same_object, same_parts
from ui.view.setup import setup_view
from ui.view.shown_maps import shown_key, shown_step
from ui.view.unsaved import UnsavedFacts, window_title
from ui.view.view_state import (
    BannerView,
    ByteArray,
    CanvasView,
    Curve,
    InspectView,
    PanelView,
    StatusView,
    TimelineView,
    WindowView,
)
from ui.vocabulary.action_keys import ActionKey as Key
from ui.vocabulary.panel_content import Compare


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """All that a view of the window is made of.

    Attributes
    ----------
    strip, drawing, keeping, other_model
        Of the runs, the masks, what is saved, and the shown run's model.
    banner, message
        What was said last.
    prefetch
        Whether neighbours of the shown step are computed while idle.
    recognised, preview
        What an open dialog asked for, None until it is there.
    """

    intent: Intent
    results: Results
    activity: Activity
    strip: StripFacts
    drawing: DrawingFacts
    keeping: UnsavedFacts
    other_model: OtherModelFacts
    banner: BannerView | None
    message: str
    prefetch: bool
    recognised: RecognisedView | None
    preview: PreviewView | None


class Resolver:
    """Makes window views; holds only what keeps identical content identical.

    Parameters
    ----------
    live
        Puts the masks into the panels; under the hand it is asked without the rest.
    """

    def __init__(self, live: LiveMasks) -> None:
        self.live = live
        self._display = DisplayCache()
        self._curves: tuple[object, tuple[Curve, ...], frozenset[int]] = (None, (), frozenset())
        self._thumbnails: tuple[ByteArray | None, ...] = ()
        self._choices: tuple[tuple[str, str, str], ...] = ()
        self._bare = CanvasView()
        self._last: WindowView | None = None

    def window(
        self,
        facts: Facts,
    ) -> WindowView:
        """Return all that the window shows; asking again changes nothing."""
        intent, results, activity = facts.intent, facts.results, facts.activity
        runs = runs_view(facts.strip)
        step = shown_step(intent, results)
        blocked = compute_reason(results, activity.sampling)
        self._choices = same_object(self._choices, content_choices(results))
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
        setup = setup_view(intent, results, loading=activity.loading, prefetch=facts.prefetch)
        before = self._last or WindowView()
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
        # Compared without masks: they change under the hand, and are put in last.
        self._bare = same_parts(self._bare, canvas, "panels")
        masks = same_object(before.masks, masks_view(facts.drawing))
        self._last = WindowView(
            setup=same_object(before.setup, setup),
            canvas=self.live.canvas(self._bare, facts.drawing.masks, facts.drawing.preview),
            timeline=same_object(before.timeline, timeline),
            inspect=same_object(before.inspect, inspect),
            status=same_object(before.status, self._status(facts)),
            runs=same_object(before.runs, runs),
            readings=same_object(
                before.readings,
                reading_rows(intent, results, step, computing=activity.reading, blocked=blocked),
            ),
            masks=masks,
            banner=_banner(facts),
            recognised=facts.recognised,
            preview=facts.preview,
            title=window_title(facts.keeping),
            disabled={
                **_disabled(results, activity, setup.disabled_reason, blocked, runs.savable),
                **_ends_of(runs),
                **_of_the_other_model(facts),
                **facts.keeping.disabled,
                **mask_reasons(masks),
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

    def _status(self, facts: Facts) -> StatusView:
        model, activity = facts.results.model, facts.activity
        return StatusView(
            device=f"{model.device} · {model.dtype}" if model is not None else "",
            memory=activity.memory,
            activity=activity.text,
            fraction=activity.fraction,
            seconds_left=activity.seconds_left,
            message=facts.message,
        )


def _banner(facts: Facts) -> BannerView | None:
    """Return what stands in the banner: what was said, else what is offered."""
    if facts.banner is not None:
        return facts.banner
    other = facts.other_model
    note = model_note(facts.results, facts.activity.loading, other.source)
    return note if note is not None and not other.dismissed else facts.keeping.offer


def _of_the_other_model(facts: Facts) -> dict[str, str]:
    reason = reopening_reason(facts.results, facts.other_model.source)
    return {Key.REOPEN_MODEL: reason} if reason else {}


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
