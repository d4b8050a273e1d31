"""What the strip of runs shows, and how it is resolved."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from ui.jobs.sample import Sample
from ui.language.translation import tr
from ui.state.run import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class RunThumb:
    """One run in the strip.

    Attributes
    ----------
    number
        What it is chosen by.
    label
        Under its picture, "seed 4".
    about
        Prompt and state, for the tooltip.
    pinned
        Whether it stays when memory is short.
    picture
        Its newest picture, (height, width, 3), None before the first.
    """

    number: int
    label: str
    about: str
    pinned: bool = False
    picture: NDArray[np.uint8] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class RunsView:
    """All runs of the window, oldest first.

    Attributes
    ----------
    shown
        Number of the run that the panels show, 0 for none.
    shown_name
        What that run is called, "" for prompt and seed.
    queued
        Runs still to be sampled, the next one first.
    undo
        What was last done to the list and can be taken back, "" for nothing.
    no_delete
        Why the shown run cannot be deleted, "" when it can.
    savable
        Whether any run is complete.
    limit
        One sentence about how many are kept.
    """

    runs: tuple[RunThumb, ...] = ()
    shown: int = 0
    shown_name: str = ""
    queued: tuple[RunThumb, ...] = ()
    undo: str = ""
    no_delete: str = ""
    savable: bool = False
    limit: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class StripFacts:
    """What there is to know of the window's runs.

    Attributes
    ----------
    runs, shown
        Oldest first, and the one that the panels show.
    queue
        Runs still to be sampled, the next one first.
    model
        Identity of the open model, "" for none.
    undo, no_delete
        As in `RunsView`.
    room
        Bytes that runs may take in all.
    """

    runs: tuple[Run, ...] = ()
    shown: Run | None = None
    queue: tuple[Sample, ...] = ()
    model: str = ""
    undo: str = ""
    no_delete: str = ""
    room: int = 2**30


def runs_view(facts: StripFacts) -> RunsView:
    """Return the view of the strip."""
    shown = facts.shown
    return RunsView(
        runs=tuple(_thumb(run, facts.model) for run in facts.runs),
        shown=shown.number if shown is not None else 0,
        shown_name=shown.name if shown is not None else "",
        queued=tuple(_queued(request, n) for n, request in enumerate(facts.queue, 1)),
        undo=facts.undo,
        no_delete=facts.no_delete,
        savable=any(run.trajectory is not None for run in facts.runs),
        limit=tr(
            "Runs of this window, oldest first. Over {gib} GiB in all the oldest are left on the "
            "disk and read again when they are shown, but never a pinned one."
        ).format(gib=f"{facts.room / 2**30:g}"),
    )


def _thumb(run: Run, model: str) -> RunThumb:
    states = []
    if run.pinned:
        states.append(tr("Pinned: never let go of when memory is short"))
    if run.session_path is not None:
        states.append(run.session_path.name)
    elif run.reached < run.steps:
        steps = tr("{reached} of {steps} steps")
        states.append(steps.format(reached=run.reached, steps=run.steps))
    elif run.trajectory is not None:
        states.append(tr("Not saved yet"))
    if run.stowed is not None:
        states.append(tr("On the disk: read again when it is shown"))
    if model and run.model and run.model != model:
        states.append(tr("Of another model: {name}").format(name=run.model.rsplit("@", 1)[0]))
    lines = (run.name, run.prompt, tr("Seed {seed}").format(seed=run.seed), *states)
    label = run.name or tr("seed {seed}").format(seed=run.seed)
    return RunThumb(
        number=run.number,
        label=f"★ {label}" if run.pinned else label,
        about="\n".join(line for line in lines if line),
        pinned=run.pinned,
        picture=run.picture_at(run.reached - 1) if run.reached else None,
    )


def _queued(request: Sample, place: int) -> RunThumb:
    seed = tr("Seed {seed}").format(seed=request.seed)
    waits = tr("Queued, number {n}: Delete takes it out of the queue").format(n=place)
    return RunThumb(
        number=request.run,
        label=tr("{n}. seed {seed}").format(n=place, seed=request.seed),
        about="\n".join((request.prompt, seed, waits)),
    )
