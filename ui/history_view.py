"""Resolve what the strip of runs shows."""

from __future__ import annotations

from ui.history import History
from ui.results import Run
from ui.runs_view import RunsView, RunThumb
from ui.translation import tr


def runs_view(history: History, shown: Run | None, waiting: int) -> RunsView:
    """Return the view of the strip."""
    return RunsView(
        runs=tuple(_thumb(run) for run in history),
        shown=shown.number if shown is not None else 0,
        waiting=waiting,
        limit=tr(
            "Runs of this window, oldest first. Over {gib} GiB in all the oldest goes, "
            "but never one with unsaved mask edits."
        ).format(gib=f"{history.cap / 2**30:g}"),
    )


def _thumb(run: Run) -> RunThumb:
    state = ""
    if run.session_path is not None:
        state = run.session_path.name
    elif run.reached < run.steps:
        state = tr("{reached} of {steps} steps").format(reached=run.reached, steps=run.steps)
    lines = (run.prompt, tr("Seed {seed}").format(seed=run.seed), state)
    return RunThumb(
        number=run.number,
        label=tr("seed {seed}").format(seed=run.seed),
        about="\n".join(line for line in lines if line),
        picture=run.picture_at(run.reached - 1) if run.reached else None,
    )
