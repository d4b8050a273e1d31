"""A controller whose worker is a list: requests are recorded, reports are made by hand."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from memlens.files.project import Session
from memlens.masks.open_shape import OpenShape
from tests.support import synthetic
from ui.control.inspection import Inspection
from ui.jobs.job import Job, Request, Result
from ui.jobs.load_baseline import BaselineLoaded, LoadBaseline
from ui.jobs.load_model import LoadModel, ModelLoaded
from ui.jobs.localize import Localize, MapRefined
from ui.jobs.open_session import OpenedRun, OpenSession, SessionOpened
from ui.jobs.reports import Arrived, Failed, Stopped
from ui.jobs.sample import Sample, Sampled, SamplingBegan, StepSampled
from ui.state.settings import Settings
from ui.view.view_state import CanvasView, PanelView, WindowView
from ui.vocabulary.drawing import Drawing

R = TypeVar("R")
EARLY = Path("/models/toy/unet-early")


class RecordedJobs:
    """Stands in for the JobRunner."""

    def __init__(self) -> None:
        self.requests: list[Request] = []
        self.cancelled: list[tuple[Job, ...]] = []

    def submit(self, request: Request) -> int:
        self.requests.append(request)
        return len(self.requests)

    def cancel(self, *jobs: Job) -> None:
        self.cancelled.append(jobs)


def opened(request: OpenSession, *sessions: Session, **values: Any) -> SessionOpened:
    """What the worker answers when a file holds these runs."""
    runs = tuple(
        OpenedRun(number=request.run + place, session=session)
        for place, session in enumerate(sessions)
    )
    return SessionOpened(path=request.path, runs=runs, **values)


class EmptyHand:
    """Tools with nothing under way; what was under way is kept by whoever replaces `keep`."""

    def __init__(self) -> None:
        self.opened: list[OpenShape] = []

    def keep(self) -> None:
        """Have nothing to keep."""

    def keep_polygon(self) -> None:
        """Have nothing to keep."""

    def open_polygon(self, shape: OpenShape) -> None:
        self.opened.append(shape)


class Desk:
    """The controller under test with what surrounds it."""

    def __init__(self, settings: Settings | None = None) -> None:
        self.jobs = RecordedJobs()
        self.views: list[WindowView] = []
        # While masks change under the hand.
        self.canvases: list[CanvasView] = []
        self.now = 0.0
        self.hand = EmptyHand()
        self.control = Inspection(self.jobs, self, settings or Settings(), clock=lambda: self.now)

    # -- the screen

    def show_view(self, view: WindowView) -> None:
        self.views.append(view)

    def show_masks(self, canvas: CanvasView) -> None:
        self.canvases.append(canvas)

    def hand_for(self, masks: Drawing) -> EmptyHand:
        return self.hand

    def ask_first(self, then: Callable[[], None]) -> None:
        then()

    def journal_failed(self, journal: Path, reason: str) -> None:
        raise AssertionError(reason)

    # -- the person

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
            self.asked(LoadModel)[-1],
            ModelLoaded(
                description=synthetic.DESCRIPTION,
                source="toy",
                early=EARLY if baseline else None,
            ),
        )
        if baseline:
            name, fingerprint = synthetic.BASELINE.split("@")
            described = synthetic.renamed(name, fingerprint)
            self.answer(
                self.asked(LoadBaseline)[-1],
                BaselineLoaded(description=described, source=str(EARLY)),
            )

    def run_toy(self, *, steps: int = synthetic.STEPS, masked: bool = False) -> Sample:
        """Sample to the end, or leave the run going after fewer steps."""
        self.control.set_prompt("a lion")
        self.control.run()
        request = self.asked(Sample)[-1]
        made = synthetic.trajectory()
        began = SamplingBegan(
            run=request.run,
            log_snr=made.schedule.log_snr.astype("float32"),
            masks=(synthetic.left_half(),) if masked else (),
        )
        self.answer(request, began, final=False)
        for step in range(steps):
            self.answer(
                request,
                StepSampled(
                    run=request.run,
                    step=step,
                    free_map=synthetic.made_map("score_diff", step),
                    picture=made.image,
                ),
                final=False,
            )
        if steps == synthetic.STEPS:
            self.answer(request, Sampled(run=request.run, trajectory=made))
        return request

    def refine(self, request: Localize, *, probes: int = 16, complete: bool = True) -> None:
        for key in request.keys:
            found = synthetic.made_map(key.kind, key.step, probes=probes)
            self.answer(request, MapRefined(key=key, map=found, complete=complete), final=False)
