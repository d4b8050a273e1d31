"""A controller whose worker is a list: requests are recorded, reports are made by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any, TypeVar

from memlens.files.project import Session
from tests.support import synthetic
from ui.control.inspection import Inspection
from ui.jobs import requests as ask
from ui.jobs.reports import Arrived, Failed, Stopped
from ui.jobs.requests import JobKind, Request, Result
from ui.state.settings import Settings
from ui.view.view_state import PanelView, WindowView

R = TypeVar("R")
EARLY = Path("/models/toy/unet-early")


class RecordedJobs:
    """Stands in for the JobRunner."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.cancelled: list[tuple[JobKind, ...]] = []

    def submit(self, request: Request) -> int:
        self.requests.append(request)
        return len(self.requests)

    def cancel(self, *jobs: JobKind) -> None:
        self.cancelled.append(jobs)


def opened(request: ask.OpenSession, *sessions: Session, **values: Any) -> ask.SessionOpened:
    """What the worker answers when a file holds these runs."""
    runs = tuple(
        ask.OpenedRun(number=request.run + place, session=session)
        for place, session in enumerate(sessions)
    )
    return ask.SessionOpened(path=request.path, runs=runs, **values)


class Desk:
    """The controller under test with what surrounds it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.jobs = RecordedJobs()
        self.views: list[WindowView] = []
        self.now = 0.0
        self.control = Inspection(
            self.jobs, self.views.append, settings or Settings(), clock=lambda: self.now
        )

    @property
    def view(self) -> WindowView:
        return self.control.view()

    def panel(self, content: str) -> PanelView:
        return next(p for p in self.view.canvas.panels if p.content == content)

    def asked(self, kind: type[R]) -> list[R]:
        return [request for request in self.jobs.requests if isinstance(request, kind)]

    def serial_of(self, request: object) -> int:
        return next(i for i, made in enumerate(self.jobs.requests, 1) if made is request)

    def answer(self, request: Request, result: Result, *, final: bool = True) -> None:
        self.control.receive(
            Arrived(serial=self.serial_of(request), job=request.job, result=result, final=final)
        )

    def fail(self, request: Request, sentence: str, *, out_of_memory: bool = False) -> None:
        self.control.receive(
            Failed(
                serial=self.serial_of(request),
                job=request.job,
                sentence=sentence,
                details="Traceback",
                out_of_memory=out_of_memory,
            )
        )

    def stop(self, request: Request) -> None:
        self.control.receive(Stopped(serial=self.serial_of(request), job=request.job))

    def open_toy(self, *, baseline: bool = True) -> None:
        self.control.open_model("toy")
        self.answer(
            self.asked(ask.LoadModel)[-1],
            ask.ModelLoaded(
                description=synthetic.DESCRIPTION,
                source="toy",
                early=EARLY if baseline else None,
            ),
        )
        if baseline:
            name, fingerprint = synthetic.BASELINE.split("@")
            described = synthetic.renamed(name, fingerprint)
            self.answer(
                self.asked(ask.LoadBaseline)[-1],
                ask.BaselineLoaded(description=described, source=str(EARLY)),
            )

    def run_toy(self, *, steps: int = synthetic.STEPS, masked: bool = False) -> ask.Sample:
        """Sample to the end, or leave the run going after fewer steps."""
        self.control.set_prompt("a lion")
        self.control.run()
        request = self.asked(ask.Sample)[-1]
        made = synthetic.trajectory()
        began = ask.SamplingBegan(
            run=request.run,
            log_snr=made.schedule.log_snr.astype("float32"),
            masks=(synthetic.left_half(),) if masked else (),
        )
        self.answer(request, began, final=False)
        for step in range(steps):
            self.answer(
                request,
                ask.StepSampled(
                    run=request.run,
                    step=step,
                    free_map=synthetic.made_map("score_diff", step),
                    picture=made.image,
                ),
                final=False,
            )
        if steps == synthetic.STEPS:
            self.answer(request, ask.Sampled(run=request.run, trajectory=made))
        return request

    def refine(self, request: ask.Localize, *, probes: int = 16, complete: bool = True) -> None:
        for key in request.keys:
            found = synthetic.made_map(key.kind, key.step, probes=probes)
            self.answer(request, ask.MapRefined(key=key, map=found, complete=complete), final=False)
