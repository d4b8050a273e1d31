"""Failing: what a job that failed changes, and the way on that its banner offers. No Qt."""

from __future__ import annotations

from pathlib import Path

from memlens.methods.registry import UNCONDITIONAL
from memlens.models.sources import is_hub_id
from ui.control.dispatch import BACKGROUND, QUIET, Dispatch
from ui.control.inspection_state import InspectionState
from ui.control.masks.unsaved import Keeping
from ui.control.readings import way_on_after_memory
from ui.jobs import reports
from ui.jobs.requests import JobKind
from ui.language.translation import tr
from ui.view.view_state import BannerView
from ui.vocabulary.action_keys import ActionKey


class Failing:
    """Says what failed, and puts right what was waiting for it."""

    def __init__(self, state: InspectionState, dispatch: Dispatch, keeping: Keeping) -> None:
        self._state = state
        self._dispatch = dispatch
        self._keeping = keeping
        self._told: BannerView | None = None

    def failed(self, report: reports.Failed) -> None:
        """Show a banner; of work behind the scenes only a message."""
        if report.job in BACKGROUND + QUIET:
            self._dispatch.give_up(report.job)
            self._state.activity.message = report.sentence
            return
        way_on: tuple[str, str] | None = None
        match report.job:
            case JobKind.LOAD_MODEL:
                way_on = self._after_failed_model()
            case JobKind.LOAD_BASELINE:
                way_on = self._after_failed_baseline(report.sentence)
            case JobKind.LOCALIZE if report.out_of_memory:
                way_on = (ActionKey.RETRY_SMALLER, tr("Try again, one probe at a time"))
            case JobKind.READINGS if report.out_of_memory:
                way_on = way_on_after_memory(self._state)
            case JobKind.OPEN_PICTURE:
                self._state.results.reference_path = None
                way_on = (ActionKey.OPEN_PICTURE, tr("Choose another picture"))
            case JobKind.SAMPLE:
                self._state.queue.clear()
                way_on = (ActionKey.RUN, tr("Run again"))
            case JobKind.SAVE_SESSION:
                self._keeping.save_failed()
                way_on = (ActionKey.SAVE_SESSION_AS, tr("Save elsewhere"))
            case JobKind.OPEN_SESSION:
                self._keeping.give_up_when_opened(False)
            case JobKind.EXPORT:
                way_on = (ActionKey.EXPORT, tr("Export again"))
        self._state.failed = report.job
        self._state.banner = self._told = BannerView(
            sentence=report.sentence, details=report.details, way_on=way_on
        )

    def succeeded(self, job: JobKind) -> None:
        """Take the banner of this kind of job's last failure away."""
        state = self._state
        if state.failed is job:
            state.failed = None
            if state.banner is self._told:
                state.banner = None

    def _after_failed_model(self) -> tuple[str, str]:
        if self._state.results.model is not None:
            self._state.intent.device, self._state.intent.dtype = self._state.results.loaded_on
        source = self._state.wanted_model
        if _is_remote(source):
            return (ActionKey.RETRY_DOWNLOAD, tr("Download it"))
        return (ActionKey.OPEN_MODEL, tr("Choose another model"))

    def _after_failed_baseline(self, sentence: str) -> tuple[str, str]:
        results, intent = self._state.results, self._state.intent
        results.refused_baseline = sentence
        results.baseline_ready = False
        chosen = intent.baseline
        intent.baseline = UNCONDITIONAL
        results.baseline = results.baseline_name = ""
        if _is_remote(chosen):
            self._state.wanted_baseline = chosen
            return (ActionKey.RETRY_DOWNLOAD, tr("Download it"))
        return (ActionKey.OPEN_BASELINE, tr("Choose another checkpoint"))


def _is_remote(source: str) -> bool:
    return is_hub_id(source) and not Path(source).exists()
