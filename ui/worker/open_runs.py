"""The runs that the worker can go on computing for; used in the worker thread only."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from memlens.errors import ModelError
from memlens.sampling.trajectory import NO_LATENTS, Trajectory
from ui.language.translation import tr

if TYPE_CHECKING:
    from memlens.models.denoiser import Model


class OpenRuns:
    """Run number → trajectory, with the open model attached where it is the one that made it."""

    def __init__(self) -> None:
        self._kept: dict[int, Trajectory] = {}

    def keep(self, number: int, trajectory: Trajectory) -> None:
        """Keep a run until it is forgotten."""
        self._kept[number] = trajectory

    def forget(self, numbers: Iterable[int]) -> None:
        """Let go of runs that the window no longer has."""
        for number in numbers:
            self._kept.pop(number, None)

    def __getitem__(self, number: int) -> Trajectory:
        """Return a kept run.

        Raises
        ------
        ModelError
            If it is not kept (any more).
        """
        if number not in self._kept:
            raise ModelError(tr("this run is not open any more: run the prompt again."))
        return self._kept[number]

    def attach(self, model: Model | None) -> dict[int, str]:
        """Give all runs their model back.

        Returns
        -------
        dict
            Run number → why nothing more can be computed for it; those that go on are missing.
        """
        detached: dict[int, str] = {}
        for number, trajectory in self._kept.items():
            if not trajectory.keeps_latents:
                detached[number] = NO_LATENTS
                continue
            if model is None:
                continue
            try:
                self._kept[number] = trajectory.with_model(model)
            except ModelError as error:
                self._kept[number] = replace(trajectory, model=None)
                detached[number] = str(error)
        return detached
