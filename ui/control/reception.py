"""Reception: what every report from the worker thread changes, whatever it is about. No Qt."""

from __future__ import annotations

from ui.control.dispatch import Dispatch
from ui.control.inspection_state import InspectionState
from ui.jobs import reports
from ui.jobs.compute_reading import ComputeReading
from ui.jobs.job import Job
from ui.jobs.load_model import LoadModel
from ui.jobs.localize import Localize
from ui.jobs.sample import Sample
from ui.language.translation import tr


class Reception:
    """Follows the jobs, and hands on what they bring.

    Parameters
    ----------
    state, dispatch
        Shared with the controller.
    """

    def __init__(self, state: InspectionState, dispatch: Dispatch) -> None:
        self._state = state
        self._dispatch = dispatch

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
                    self._state.notices.succeeded(report.job)
                self._dispatch.answers.arrived(report.result, newest=newest)
                if report.final:
                    self._end(report.job, report.serial)
            case reports.Failed():
                if newest:
                    self._end(report.job, report.serial)
                    self._failed(report)
            case reports.Stopped():
                self._end(report.job, report.serial)
        if report.job is Sample.job and _is_last(report):
            self._dispatch.sampling_ended()
        self._dispatch.background()

    def _failed(self, report: reports.Failed) -> None:
        """Say what failed in a banner; of work behind the scenes in a message."""
        way_on = self._dispatch.answers.failed(report)
        if report.job.shown:
            self._state.notices.failed(report.job, report.sentence, way_on, report.details)
        else:
            self._dispatch.give_up(report.job)
            self._state.notices.say(report.sentence)

    def _show_progress(self, report: reports.Progressed) -> None:
        if not report.job.shown:
            return
        activity = self._state.activity
        activity.text = self._in_batch(report)
        activity.fraction = report.done / report.total if report.total else 0.0
        activity.seconds_left = report.seconds_left

    def _in_batch(self, report: reports.Progressed) -> str:
        batch = self._state.batch
        if report.job is not Sample.job or batch == 1:
            return report.activity
        return tr("{activity}, run {n} of {all}").format(
            activity=report.activity, n=batch - len(self._state.queue), all=batch
        )

    def _end(self, job: Job, serial: int) -> None:
        newest = self._dispatch.is_newest(job, serial)
        self._dispatch.ended(job, serial)
        activity = self._state.activity
        if not newest and self._dispatch.in_flight(job):
            return
        if job.shown:
            activity.text, activity.fraction, activity.seconds_left = "", 0.0, None
        if job is Sample.job:
            activity.sampling = False
        elif job is LoadModel.job:
            activity.loading = ""
        elif job is Localize.job:
            activity.computing = frozenset()
        elif job is ComputeReading.job:
            activity.reading = frozenset()


def _is_last(report: reports.Report) -> bool:
    """Whether nothing more will be reported of its request."""
    if isinstance(report, reports.Arrived):
        return report.final
    return isinstance(report, reports.Failed | reports.Stopped)
