"""OpenedModel: what follows from a model, or a training picture, being open. No Qt."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from memlens.models.sources import is_hub_id
from ui.control.baseline_choice import BaselineChoice
from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.notices import WayOn
from ui.control.shown_run import show_what_the_model_offers
from ui.jobs.check_baselines import BaselinesChecked
from ui.jobs.count_tokens import TokensCounted
from ui.jobs.load_model import LoadModel, ModelLoaded
from ui.jobs.open_picture import OpenPicture, PictureOpened
from ui.jobs.recognise import Recognised
from ui.jobs.reports import Failed
from ui.language.translation import tr
from ui.view.dialogs import RecognisedView
from ui.vocabulary.action_keys import ActionKey
from ui.vocabulary.panel_content import REFERENCE


class OpenedModel:
    """Takes over models, and what is known of them.

    Parameters
    ----------
    state, dispatch, baseline
        Shared with the controller.
    take_mask
        Takes the path of a training picture that is a mask.
    """

    def __init__(
        self,
        state: InspectionState,
        dispatch: Dispatch,
        baseline: BaselineChoice,
        *,
        take_mask: Callable[[Path], None],
    ) -> None:
        self._state = state
        self._dispatch = dispatch
        self._baseline = baseline
        self._take_mask = take_mask
        answers = dispatch.answers
        answers.when(ModelLoaded, self._model_loaded)
        answers.when(PictureOpened, self._picture_opened)
        answers.when(TokensCounted, self._tokens_counted)
        answers.whenever(Recognised, self._recognised)
        answers.whenever(BaselinesChecked, self._baselines_checked)
        answers.when_failed(LoadModel, self._not_loaded)
        answers.when_failed(OpenPicture, self._picture_not_opened)

    def _model_loaded(self, result: ModelLoaded) -> None:
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
        results.sampling_call_s = results.curvature_call_s = None
        intent.model = result.source
        for run in state.history:
            if run.stowed is None:
                run.detached = result.detached.get(run.number, "")
        if not state.keep_guidance:
            intent.guidance_scale = result.description.default_guidance_scale
        state.keep_guidance = False
        state.settings = state.settings.with_recent_model(result.source)
        self._baseline.model_changed(
            "" if before is None else before.identity, now.identity, result.early
        )
        show_what_the_model_offers(state)
        state.notices.say(tr("{name} is open.").format(name=result.description.name))
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

    def _picture_opened(self, result: PictureOpened) -> None:
        state = self._state
        if result.pixels is None:
            self._take_mask(result.path)
            return
        results, intent = state.results, state.intent
        again = results.reference_path == result.path and results.reference_picture is not None
        results.reference_path, results.reference_picture = result.path, result.pixels
        if not again and REFERENCE not in intent.panels:
            place = len(intent.panels) - 1
            intent.panels[place] = REFERENCE
        name = result.path.name
        state.notices.say(tr("Training picture: {name}.").format(name=name))
        if result.nearly_mask:
            sentence = tr("{name} is nearly black and white. It is shown as a training picture.")
            state.notices.note(
                sentence.format(name=name), (ActionKey.USE_AS_MASK, tr("Use as mask"))
            )

    def _tokens_counted(self, result: TokensCounted) -> None:
        self._state.results.tokens = result

    def _recognised(self, result: Recognised) -> None:
        self._state.recognised = RecognisedView(
            source=result.source, lines=result.lines, problem=result.problem
        )

    def _baselines_checked(self, result: BaselinesChecked) -> None:
        model = self._state.results.model
        if model is not None and model.identity == result.identity:
            self._state.results.checkpoints = result.reasons

    def _not_loaded(self, report: Failed) -> WayOn | None:
        if self._state.results.model is not None:
            self._state.intent.device, self._state.intent.dtype = self._state.results.loaded_on
        source = self._state.wanted_model
        if is_hub_id(source) and not Path(source).exists():
            return (ActionKey.RETRY_DOWNLOAD, tr("Download it"))
        return None

    def _picture_not_opened(self, report: Failed) -> None:
        self._state.results.reference_path = None
