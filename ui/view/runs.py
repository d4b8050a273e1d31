"""Resolve what the strip of runs shows."""

from __future__ import annotations

from ui.control.inspection_state import InspectionState
from ui.control.run_list import delete_reason
from ui.jobs.requests import Sample
from ui.language.translation import tr
from ui.state.run import Run
from ui.view.run_thumbs import RunsView, RunThumb


def runs_view(state: InspectionState) -> RunsView:
    """Return the view of the strip."""
    history, shown = state.history, state.results.run
    model = "" if state.results.model is None else state.results.model.identity
    return RunsView(
        runs=tuple(_thumb(run, model) for run in history),
        shown=shown.number if shown is not None else 0,
        shown_name=shown.name if shown is not None else "",
        queued=tuple(_queued(request, n) for n, request in enumerate(state.queue, 1)),
        undo=state.run_steps[-1].text if state.run_steps else "",
        no_delete=delete_reason(state),
        savable=any(run.trajectory is not None for run in history),
        limit=tr(
            "Runs of this window, oldest first. Over {gib} GiB in all the oldest are left on the "
            "disk and read again when they are shown, but never a pinned one."
        ).format(gib=f"{history.cap / 2**30:g}"),
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
