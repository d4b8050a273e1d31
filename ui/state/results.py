"""Results: what came back from the worker and is kept."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import nan
from pathlib import Path

from memlens.files.sessions import NamedMask
from memlens.files.training_picture import TrainingPicture
from memlens.masks.pinned import pinned_place
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.models.description import ModelDescription
from ui.jobs.count_tokens import TokensCounted
from ui.state.map_cache import MapCache
from ui.state.run import Run
from ui.vocabulary.map_key import MapKey
from ui.vocabulary.picture import Picture

_UNUSED = ("", 0)


@dataclass
class Results:
    """Everything that came back and still holds.

    Attributes
    ----------
    unavailable
        Kind of map → why the open model cannot make it.
    devices, dtypes
        What the machine offers, name → why it cannot be chosen; empty before the engine started.
    checkpoints
        Path of a checkpoint → why it cannot be the baseline, "" when it can.
    loaded_on
        Device and precision that the open model was asked for with.
    waiting_picture
        A picture named before there was a size to read it at, and whether it may be a mask.
    reference_path, reference_picture
        The training picture that runs are compared with, at the run's size, (height, width, 3);
        the path is a bare name where it came with a session.
    tokens
        How many tokens a prompt of the open model took, as last counted.
    baseline
        Identity of the less-trained baseline that maps are made with, "" for none.
    project_path
        The session file that the runs of this window were saved in or opened from.
    baseline_ready
        Whether the worker holds it, so that more maps can be made with it.
    """

    model: ModelDescription | None = None
    unavailable: Mapping[str, str] = field(default_factory=dict)
    early: Path | None = None
    devices: Mapping[str, str] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)
    checkpoints: Mapping[str, str] = field(default_factory=dict)
    waiting_picture: tuple[Path, bool] | None = None
    reference_path: Path | None = None
    reference_picture: Picture | None = None
    loaded_on: tuple[str, str] = ("auto", "auto")
    baseline: str = ""
    baseline_ready: bool = False
    refused_baseline: str = ""
    run: Run | None = None
    project_path: Path | None = None
    tokens: TokensCounted | None = None
    sampling_call_s: float | None = None
    curvature_call_s: float | None = None
    _no_maps: MapCache = field(default_factory=MapCache, repr=False)

    @property
    def picture_size(self) -> tuple[int, int] | None:
        """(height, width) of the shown run's picture, or the open model's; None without both."""
        if self.run is not None and self.run.reached:
            shown = self.run.picture_at(self.run.reached - 1)
            if shown is not None:
                return shown.shape[0], shown.shape[1]
        return self.model.picture_size if self.model is not None else None

    @property
    def reference(self) -> TrainingPicture | None:
        """The training picture as a session keeps it."""
        if self.reference_picture is None or self.reference_path is None:
            return None
        return TrainingPicture(self.reference_path.name, self.reference_picture)

    @property
    def maps(self) -> MapCache:
        """The maps of the shown run."""
        return self.run.maps if self.run is not None else self._no_maps

    @property
    def foreign(self) -> bool:
        """Whether the shown run belongs to another model than the open one."""
        run, model = self.run, self.model
        return bool(run and run.model and model and run.model != model.identity)

    @property
    def baseline_of_run(self) -> str:
        """The less-trained baseline of the shown run's maps: its own where the model is another."""
        known = () if self.run is None else self.run.maps.baselines
        return known[-1] if self.foreign and known else self.baseline

    @property
    def mask(self) -> NamedMask | None:
        """The mask that maps are compared with."""
        run = self.run
        if run is not None and run.drawn is not None:
            return run.drawn.settled
        place = None if run is None else pinned_place(run.masks, run.kept_view)
        return None if run is None or place is None else run.masks[place]

    @property
    def mask_share(self) -> float:
        """The share of the picture that the mask covers, 0..1; NaN without a mask."""
        run = self.run
        if run is not None and run.drawn is not None:
            return run.drawn.settled_share
        return nan if self.mask is None else float(self.mask.pixels.mean())

    def reference_to_read(self) -> Path | None:
        """Return the file of a training picture whose size is not the run's, None without one.

        One of another size that came with a session is forgotten: there is no file to read.
        """
        there, size = self.reference_picture, self.picture_size
        if size is None or (there is not None and there.shape[:2] == size):
            return None
        if self.reference_path is not None and not self.reference_path.is_absolute():
            self.reference_path = self.reference_picture = None
        return self.reference_path

    def key(
        self,
        content: str,
        step: int,
        estimator: str,
        probe_seed: int,
        steps_averaged: int = 1,
    ) -> MapKey:
        """Return the key of a kind of map of the open run."""
        kind = MAP_KINDS[content]
        baseline = {None: "", UNCONDITIONAL: UNCONDITIONAL, LESS_TRAINED: self.baseline_of_run}
        uses = METHODS[kind.method].uses_probes
        chosen, seed = (estimator, probe_seed) if uses else _UNUSED
        return MapKey(
            run=self.run.number if self.run is not None else 0,
            step=step,
            kind=content,
            baseline=baseline[kind.baseline],
            estimator=chosen,
            probe_seed=seed,
            steps_averaged=steps_averaged,
        )
