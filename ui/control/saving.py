"""What of each run goes into a file. No Qt."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from memlens.files.project import Session
from memlens.files.training_picture import TrainingPicture
from ui.jobs.run_to_write import RunToWrite
from ui.state.run import Run


def view_of(run: Run, shown: Mapping[str, Any] | None) -> dict[str, Any]:
    """Return what a file keeps of the view of a run.

    Parameters
    ----------
    run
        A run of the window.
    shown
        What the window shows now, None where it shows another run.
    """
    drawn = {} if run.drawn is None else run.drawn.to_view()
    return {**run.kept_view, **(shown or {}), **drawn}


def to_write(
    run: Run,
    *,
    shown: Mapping[str, Any] | None = None,
    position: int = 0,
    reference: TrainingPicture | None = None,
    masks: bool = True,
) -> RunToWrite:
    """Return a run as it is to be in a file.

    Parameters
    ----------
    run
        Complete.
    shown
        What the window shows of it, None where it shows another run.
    position
        Of its masks.
    reference
        The training picture that it is compared with.
    masks
        Whether to copy its masks as they are now; otherwise those that it came with.
    """
    assert run.trajectory is not None
    image = run.picture_at(run.reached - 1)
    trajectory = run.trajectory if image is None else replace(run.trajectory, image=image)
    whole = all(step in run.pictures for step in range(run.reached))
    session = Session(
        trajectory=trajectory,
        maps=tuple(found for _, found in run.maps.items()),
        masks=run.masks_now() if masks else run.masks,
        view=view_of(run, shown),
        reference=reference,
        name=run.name,
        pinned=run.pinned,
        id=run.id,
        readings=tuple(run.readings.values()),
    )
    pictures = tuple(run.pictures[step] for step in range(run.reached)) if whole else ()
    return RunToWrite(
        number=run.number,
        session=session,
        pictures=pictures,
        stowed=run.stowed,
        position=position,
    )
