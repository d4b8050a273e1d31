"""SampledRuns: what the worker's answers about runs, their steps and maps change. No Qt."""

from __future__ import annotations

from memlens.masks.mask_list import MaskEntry
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.unsaved import UnsavedWork
from ui.control.shown_run import turn_to
from ui.jobs.decode_thumbnails import PictureDecoded
from ui.jobs.find_truth import TruthFound
from ui.jobs.localize import Localized, MapRefined
from ui.jobs.measure import Measured
from ui.jobs.reports import Failed
from ui.jobs.sample import Sample, Sampled, SamplingBegan, StepSampled
from ui.language.translation import tr
from ui.state.map_cache import key_of
from ui.state.run import Run
from ui.vocabulary.action_keys import ActionKey

_SMOOTH = 0.5
# In characters: a banner is one line.
_LONG_CUT = 24


class SampledRuns:
    """Fills runs with what was sampled and computed for them.

    Parameters
    ----------
    state, dispatch, keeping
        Shared with the controller.
    """

    def __init__(self, state: InspectionState, dispatch: Dispatch, keeping: UnsavedWork) -> None:
        self._state = state
        self._dispatch = dispatch
        self._keeping = keeping
        answers = dispatch.answers
        answers.when(SamplingBegan, self._began)
        answers.whenever(StepSampled, self._step_sampled)
        answers.whenever(Sampled, self._sampled)
        answers.whenever(PictureDecoded, self._picture_decoded)
        answers.whenever(TruthFound, self._truth_found)
        answers.whenever(MapRefined, self._map_refined)
        answers.when(Localized, self._localized)
        answers.whenever(Measured, self._measured)
        answers.when_failed(Sample, self._not_sampled)

    def _began(self, result: SamplingBegan) -> None:
        state = self._state
        run = Run(result.run, prompt=result.prompt, seed=result.seed)
        if state.results.model is not None:
            run.model, run.source = state.results.model.identity, state.intent.model
        state.history.add(run)
        if self._state.follows or state.results.run is None:
            turn_to(state, run)
        self._keeping.make_room()
        run.log_snr = result.log_snr
        run.masks, run.offered_masks = result.masks, result.offered_masks
        run.truncated = result.truncated
        if result.truncated:
            cut = result.truncated
            begins = cut if len(cut) <= _LONG_CUT else cut[:_LONG_CUT].rsplit(" ", 1)[0] + " …"
            state.notices.warn(
                tr("The prompt is too long: it is cut off from “{cut}” on.").format(cut=begins),
                details=cut,
            )

    def _step_sampled(self, result: StepSampled) -> None:
        run = self._state.history.get(result.run)
        if run is None:
            return
        if result.free_map is not None:
            key = key_of(run.number, result.free_map)
            run.maps.keep(key, result.free_map, complete=True)
        run.reached = max(run.reached, result.step + 1)
        if result.picture is not None:
            run.pictures[result.step] = result.picture

    def _picture_decoded(self, result: PictureDecoded) -> None:
        run = self._state.history.get(result.run)
        if run is not None:
            run.pictures[result.step] = result.picture

    def _truth_found(self, result: TruthFound) -> None:
        run = self._state.history.get(result.run)
        if run is None:
            return
        if result.masks and not run.masks:
            run.masks = result.masks
            run.maps.forget_agreement()
        taken = {mask.name for mask in _entries(run)}
        run.offered_masks = tuple(mask for mask in result.offered_masks if mask.name not in taken)
        self._offer_bundled_mask(run)

    def _sampled(self, result: Sampled) -> None:
        state, trajectory = self._state, result.trajectory
        run = state.history.get(result.run)
        if run is None:
            return
        run.trajectory = trajectory
        run.reached = len(trajectory.schedule)
        self._keeping.make_room()
        self._keeping.run_complete(run)
        seconds = trajectory.seconds
        state.results.sampling_call_s = seconds / max(1, run.reached)
        if trajectory.provenance.steps_reached is not None:
            if not state.activity.sampling:
                sentence = tr("Cancelled after {n} steps: their maps can be made.")
                if run.reached == 1:
                    sentence = tr("Cancelled after 1 step: its maps can be made.")
                state.notices.say(sentence.format(n=run.reached))
            return
        state.activity.sampling = False
        state.notices.say(tr("Sampled in {seconds:.1f} s.").format(seconds=seconds))
        self._offer_bundled_mask(run)
        if not self._dispatch.sample_next():
            self._dispatch.localize()

    def _offer_bundled_mask(self, run: Run) -> None:
        state = self._state
        busy = state.notices.banner is not None
        if not run.offered_masks or run is not state.results.run or busy:
            return
        state.notices.note(
            tr(
                "A mask is bundled for this prompt, made with other settings or another seed: "
                "does this picture show the pattern?"
            ),
            (ActionKey.USE_BUNDLED_MASK, tr("Use the bundled mask")),
        )

    def _map_refined(self, result: MapRefined) -> None:
        run = self._state.history.get(result.key.run)
        if run is None:
            return
        run.maps.keep(result.key, result.map, complete=result.complete, asked=result.probes)
        if result.complete:
            activity = self._state.activity
            activity.computing = activity.computing - {result.key}

    def _localized(self, result: Localized) -> None:
        if result.network_calls:
            each = result.seconds / result.network_calls
            before = self._state.results.curvature_call_s
            self._state.results.curvature_call_s = (
                each if before is None else before + _SMOOTH * (each - before)
            )

    def _measured(self, result: Measured) -> None:
        if result.token is self._state.results.mask:
            for key, found, agreement, curve in result.rows:
                maps = self._state.results.maps
                maps.measured(key, result.smoothing, found, agreement, curve)

    def _not_sampled(self, report: Failed) -> None:
        self._state.queue.clear()


def _entries(run: Run) -> tuple[MaskEntry, ...]:
    return () if run.drawn is None else run.drawn.document.entries
