"""Reception: what each report from the worker thread changes."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.masks.mask_list import MaskEntry
from memlens.methods.registry import UNCONDITIONAL
from memlens.sampling.trajectory import Trajectory
from ui.control.dispatch import BACKGROUND, QUIET, Dispatch
from ui.control.exports import note_exported
from ui.control.failures import Failing
from ui.control.inspection_state import InspectionState
from ui.control.masks.unsaved import Keeping
from ui.control.session_reception import SessionReception, stowed_reason
from ui.control.shown_run import show_what_the_model_offers, turn_to
from ui.jobs import reports
from ui.jobs import requests as ask
from ui.jobs.requests import JobKind
from ui.language.translation import tr
from ui.state.map_cache import key_of
from ui.state.run import Run
from ui.view.setup import EARLY, checkpoint_name
from ui.view.view_state import REFERENCE, BannerView
from ui.vocabulary.action_keys import ActionKey

_SMOOTH = 0.5
# In characters: a banner is one line.
_LONG_CUT = 32


class Reception:
    """Applies reports to the state and asks for what follows from them."""

    def __init__(self, state: InspectionState, dispatch: Dispatch, keeping: Keeping) -> None:
        self._state = state
        self._dispatch = dispatch
        self._keeping = keeping
        self._failing = Failing(state, dispatch, keeping)
        self._sessions = SessionReception(state, dispatch, keeping)
        self.recognised: ask.Recognised | None = None
        self.take_mask: Callable[[Path], None] = lambda path: None

    def receive(self, report: reports.Report) -> None:
        """Apply one report; late ones change nothing."""
        newest = self._dispatch.is_newest(report.job, report.serial)
        match report:
            case reports.Started():
                return
            case reports.Progressed():
                if newest:
                    self._show_progress(report)
            case reports.Arrived():
                if report.final and newest:
                    self._failing.succeeded(report.job)
                self._arrived(report.result, newest=newest)
                if report.final:
                    self._end(report.job, report.serial)
            case reports.Failed():
                if newest:
                    self._end(report.job, report.serial)
                    self._failing.failed(report)
            case reports.Stopped():
                self._end(report.job, report.serial)
        self._dispatch.background()

    def _show_progress(self, report: reports.Progressed) -> None:
        if report.job in BACKGROUND + QUIET:
            return
        activity = self._state.activity
        activity.text = self._in_batch(report)
        activity.fraction = report.done / report.total if report.total else 0.0
        activity.seconds_left = report.seconds_left

    def _in_batch(self, report: reports.Progressed) -> str:
        batch = self._state.batch
        if report.job is not JobKind.SAMPLE or batch == 1:
            return report.activity
        return tr("{activity}, run {n} of {all}").format(
            activity=report.activity, n=batch - len(self._state.queue), all=batch
        )

    def _end(self, job: JobKind, serial: int) -> None:
        newest = self._dispatch.is_newest(job, serial)
        self._dispatch.ended(job, serial)
        activity = self._state.activity
        if not newest and self._dispatch.in_flight(job):
            return
        if job not in BACKGROUND + QUIET:
            activity.text, activity.fraction, activity.seconds_left = "", 0.0, None
        if job is JobKind.SAMPLE:
            activity.sampling = False
        elif job is JobKind.LOAD_MODEL:
            activity.loading = ""
        elif job is JobKind.LOCALIZE:
            activity.computing = frozenset()
        elif job is JobKind.READINGS:
            activity.reading = frozenset()

    def _arrived(self, result: ask.Result, *, newest: bool) -> None:
        match result:
            case ask.Recognised():
                self.recognised = result
            case ask.TokensCounted() if newest:
                self._state.results.tokens = result
            case ask.ModelLoaded() if newest:
                self._model_loaded(result)
            case ask.PictureOpened() if newest:
                self._picture_opened(result)
            case ask.BaselinesChecked():
                model = self._state.results.model
                if model is not None and model.identity == result.identity:
                    self._state.results.checkpoints = result.reasons
            case ask.BaselineLoaded() if newest:
                self._baseline_loaded(result)
            case ask.SessionOpened() if newest:
                self._sessions.opened(result)
            case ask.SessionOpened():
                result.release()
            case ask.SessionSaved():
                self._sessions.saved(result)
            case ask.LeftBehindFound() if newest:
                self._keeping.left_behind.found(result.items)
            case ask.RunsKept():
                self._keeping.runs_kept(result, stowed_reason())
            case ask.BroughtBack():
                self._sessions.brought_back(result)
            case ask.Exported():
                note_exported(self._state, result)
            case ask.PreviewDrawn():
                self._state.preview = result
            case ask.ReadingsRead():
                self._keep_readings(result)
            case ask.SamplingBegan() if newest:
                self._sampling_began(result)
            case ask.StepSampled() | ask.Sampled() | ask.PictureDecoded() | ask.TruthFound():
                self._of_run(result)
            case ask.MapRefined():
                self._map_refined(result)
            case ask.Localized() if newest:
                self._localized(result)
            case ask.Measured() if result.token is self._state.results.mask:
                for key, found, agreement, curve in result.rows:
                    self._state.results.maps.measured(
                        key, result.smoothing, found, agreement, curve
                    )

    def _keep_readings(self, result: ask.ReadingsRead) -> None:
        for key, found in result.rows:
            for run in self._state.history:
                if run.number == key.run:
                    run.readings[key] = found

    def _model_loaded(self, result: ask.ModelLoaded) -> None:
        state = self._state
        results, intent = state.results, state.intent
        before, now = results.model, result.description
        again = before is not None and before.identity == now.identity
        if before is not None and again and before.dtype != now.dtype:
            self._forget_other_precision(now.dtype)
        results.model = now
        results.devices, results.dtypes = result.devices, result.dtypes
        results.loaded_on = (intent.device, intent.dtype)
        results.checkpoints = results.checkpoints if again else {}
        results.unavailable = result.unavailable
        results.early = result.early
        results.baseline_ready = False
        results.sampling_call_s = results.curvature_call_s = None
        intent.model = result.source
        if before is not None and not again:
            state.baseline_of[before.identity] = intent.baseline
        for run in state.history:
            if run.stowed is None:
                run.detached = result.detached.get(run.number, "")
        if results.run is None or results.run.detached:
            results.baseline = results.baseline_name = ""
        if not state.keep_guidance:
            intent.guidance_scale = result.description.default_guidance_scale
        state.keep_guidance = False
        state.settings = state.settings.with_recent_model(result.source)
        if not again and now.identity in state.baseline_of:
            intent.baseline = state.baseline_of[now.identity]
        elif intent.baseline not in (UNCONDITIONAL, EARLY) and not again:
            intent.baseline = EARLY
        if intent.baseline == EARLY and result.early is None:
            intent.baseline = UNCONDITIONAL
        show_what_the_model_offers(state)
        state.activity.message = tr("{name} is open.").format(name=result.description.name)
        self._state.results.tokens = None
        self._dispatch.count_tokens()
        self._dispatch.load_baseline()
        self._dispatch.find_truth()
        self._dispatch.check_baselines()
        self._dispatch.fit_reference()

    def _forget_other_precision(self, dtype: str) -> None:
        """Drop what was estimated in another precision: it is to be computed in the new one."""
        for run in self._state.history:
            run.maps.forget(lambda m: bool(m.provenance.probes) and m.provenance.dtype != dtype)

    def _baseline_loaded(self, result: ask.BaselineLoaded) -> None:
        results = self._state.results
        results.baseline = result.description.identity
        results.baseline_name = result.description.name
        results.baseline_ready = True
        results.refused_baseline = ""
        chosen = self._state.intent.baseline
        if chosen not in (UNCONDITIONAL, EARLY):
            self._state.settings = self._state.settings.with_recent_baseline(chosen)
            results.checkpoints = {chosen: "", **results.checkpoints}
            sentence = tr("Less-trained baseline: {name}.")
            self._state.activity.message = sentence.format(name=checkpoint_name(chosen))
        self._dispatch.localize()

    def _picture_opened(self, result: ask.PictureOpened) -> None:
        state = self._state
        if result.pixels is None:
            self.take_mask(result.path)
            return
        results, intent = state.results, state.intent
        again = results.reference_path == result.path and results.reference_picture is not None
        results.reference_path, results.reference_picture = result.path, result.pixels
        if not again and REFERENCE not in intent.panels:
            place = len(intent.panels) - 1
            intent.panels[place] = REFERENCE
        name = result.path.name
        state.activity.message = tr("Training picture: {name}.").format(name=name)
        if result.nearly_mask:
            state.banner = BannerView(
                sentence=tr(
                    "{name} is nearly black and white. It is shown as a training picture."
                ).format(name=name),
                way_on=(ActionKey.USE_AS_MASK, tr("Use as mask")),
                severity="notice",
            )

    def _sampling_began(self, result: ask.SamplingBegan) -> None:
        state = self._state
        run = Run(result.run, prompt=result.prompt, seed=result.seed)
        if state.results.model is not None:
            run.model, run.source = state.results.model.identity, state.intent.model
        state.history.add(run)
        if self._state.follows or state.results.run is None:
            turn_to(state, run)
        self._sessions.make_room()
        run.log_snr = result.log_snr
        run.masks, run.offered_masks = result.masks, result.offered_masks
        run.truncated = result.truncated
        if result.truncated:
            tokens = state.results.model.prompt_tokens if state.results.model else 0
            cut = result.truncated
            begins = cut if len(cut) <= _LONG_CUT else cut[:_LONG_CUT].rsplit(" ", 1)[0] + " …"
            state.banner = BannerView(
                sentence=tr(
                    "The prompt is longer than the model's {tokens} tokens: cut off from “{cut}”."
                ).format(tokens=tokens, cut=begins),
                details=cut,
                severity="warning",
            )

    def _of_run(
        self, result: ask.StepSampled | ask.Sampled | ask.PictureDecoded | ask.TruthFound
    ) -> None:
        run = self._state.history.get(result.run)
        if run is None:
            return
        match result:
            case ask.StepSampled():
                key = key_of(run.number, result.free_map)
                run.maps.keep(key, result.free_map, complete=True)
                run.reached = max(run.reached, result.step + 1)
                if result.picture is not None:
                    run.pictures[result.step] = result.picture
            case ask.PictureDecoded():
                run.pictures[result.step] = result.picture
            case ask.TruthFound():
                if result.masks and not run.masks:
                    run.masks = result.masks
                    run.maps.forget_agreement()
                taken = {mask.name for mask in _entries(run)}
                offered = (mask for mask in result.offered_masks if mask.name not in taken)
                run.offered_masks = tuple(offered)
                self._offer_bundled_mask(run)
            case ask.Sampled():
                self._sampled(run, result.trajectory)

    def _sampled(self, run: Run, trajectory: Trajectory) -> None:
        state = self._state
        run.trajectory = trajectory
        run.reached = len(trajectory.schedule)
        self._sessions.make_room()
        self._keeping.run_complete(run)
        seconds = trajectory.seconds
        state.results.sampling_call_s = seconds / max(1, run.reached)
        if trajectory.provenance.steps_reached is not None:
            if not state.activity.sampling:
                sentence = tr("Cancelled after {n} steps: their maps can be made.")
                state.activity.message = sentence.format(n=run.reached)
            return
        state.activity.sampling = False
        state.activity.message = tr("Sampled in {seconds:.1f} s.").format(seconds=seconds)
        self._offer_bundled_mask(run)
        if not self._dispatch.sample_next():
            self._dispatch.localize()

    def _offer_bundled_mask(self, run: Run) -> None:
        state = self._state
        if not run.offered_masks or run is not state.results.run or state.banner is not None:
            return
        state.banner = BannerView(
            sentence=tr(
                "A mask is bundled for this prompt, made with other settings or another seed: "
                "does this picture show the pattern?"
            ),
            way_on=(ActionKey.USE_BUNDLED_MASK, tr("Use the bundled mask")),
            severity="notice",
        )

    def _map_refined(self, result: ask.MapRefined) -> None:
        run = self._state.history.get(result.key.run)
        if run is None:
            return
        run.maps.keep(result.key, result.map, complete=result.complete, asked=result.probes)
        if result.complete:
            activity = self._state.activity
            activity.computing = activity.computing - {result.key}

    def _localized(self, result: ask.Localized) -> None:
        if result.network_calls:
            each = result.seconds / result.network_calls
            before = self._state.results.curvature_call_s
            self._state.results.curvature_call_s = (
                each if before is None else before + _SMOOTH * (each - before)
            )


def _entries(run: Run) -> tuple[MaskEntry, ...]:
    return () if run.drawn is None else run.drawn.document.entries
