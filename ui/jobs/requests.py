"""What the controller asks of the worker thread, and what comes back; all of it frozen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from memlens.evaluation.agreement import Agreement, AgreementCurve
from memlens.files.sessions import NamedMask
from memlens.maps.localization_map import LocalizationMap
from memlens.models.description import ModelDescription
from memlens.sampling.noise import CPU
from memlens.sampling.trajectory import Trajectory
from ui.jobs.checkpoint_requests import BaselinesChecked as BaselinesChecked
from ui.jobs.checkpoint_requests import CheckBaselines as CheckBaselines
from ui.jobs.export_requests import DrawPreview as DrawPreview
from ui.jobs.export_requests import Export as Export
from ui.jobs.export_requests import Exported as Exported
from ui.jobs.export_requests import PreviewDrawn as PreviewDrawn
from ui.jobs.history_requests import ForgetRuns as ForgetRuns
from ui.jobs.history_requests import RunsForgotten as RunsForgotten
from ui.jobs.kinds import SLIP_THROUGH as SLIP_THROUGH
from ui.jobs.kinds import JobKind as JobKind
from ui.jobs.mask_requests import MaskRequest, MaskResult
from ui.jobs.picture_requests import OpenPicture as OpenPicture
from ui.jobs.picture_requests import PictureOpened as PictureOpened
from ui.jobs.reading_requests import ComputeReading as ComputeReading
from ui.jobs.reading_requests import ReadFree as ReadFree
from ui.jobs.reading_requests import ReadingsRead as ReadingsRead
from ui.jobs.session_requests import BringBack as BringBack
from ui.jobs.session_requests import BroughtBack as BroughtBack
from ui.jobs.session_requests import FindLeftBehind as FindLeftBehind
from ui.jobs.session_requests import KeepRun as KeepRun
from ui.jobs.session_requests import LeftBehindFound as LeftBehindFound
from ui.jobs.session_requests import OpenedRun as OpenedRun
from ui.jobs.session_requests import OpenSession as OpenSession
from ui.jobs.session_requests import RunsKept as RunsKept
from ui.jobs.session_requests import RunToWrite as RunToWrite
from ui.jobs.session_requests import SaveSession as SaveSession
from ui.jobs.session_requests import SessionOpened as SessionOpened
from ui.jobs.session_requests import SessionSaved as SessionSaved
from ui.jobs.session_requests import StowedRun as StowedRun
from ui.vocabulary.map_key import MapKey as MapKey

Picture = NDArray[np.uint8]


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognise:
    """Say what a model's name or folder means, or a less-trained baseline's, without loading it."""

    job: ClassVar[JobKind] = JobKind.RECOGNISE
    source: str
    baseline: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class CountTokens:
    """Say how many tokens of the open model a prompt takes."""

    job: ClassVar[JobKind] = JobKind.COUNT_TOKENS
    prompt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadModel:
    """Load a model and let go of the one before it."""

    job: ClassVar[JobKind] = JobKind.LOAD_MODEL
    source: str
    device: str = "auto"
    dtype: str = "auto"
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadBaseline:
    """Load a less-trained baseline of the open model."""

    job: ClassVar[JobKind] = JobKind.LOAD_BASELINE
    source: str
    download: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Sample:
    """Sample one trajectory; its score-difference maps come along step by step."""

    job: ClassVar[JobKind] = JobKind.SAMPLE
    run: int
    prompt: str
    seed: int
    steps: int
    guidance_scale: float
    noise: str = CPU


@dataclass(frozen=True, slots=True, kw_only=True)
class Localize:
    """Compute maps of one step, one after the other, each better and better.

    Attributes
    ----------
    known
        Maps that are there with fewer probes: they are refined, not computed anew.
    """

    job: ClassVar[JobKind] = JobKind.LOCALIZE
    keys: tuple[MapKey, ...]
    probes: int
    probes_per_batch: int | None = None
    known: tuple[tuple[MapKey, LocalizationMap], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefetch:
    """As `Localize`, for a step that is not shown: it gives way to everything else."""

    job: ClassVar[JobKind] = JobKind.PREFETCH
    keys: tuple[MapKey, ...]
    probes: int
    probes_per_batch: int | None = None
    known: tuple[tuple[MapKey, LocalizationMap], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class MakeFreeMaps:
    """Compute maps that can be read off the open run."""

    job: ClassVar[JobKind] = JobKind.FREE_MAPS
    run: int
    keys: tuple[MapKey, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class DecodeThumbnails:
    """Decode x̂₀ at some steps of the open run."""

    job: ClassVar[JobKind] = JobKind.THUMBNAILS
    run: int
    steps: tuple[int, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class FindTruth:
    """Look up the mask that the lab knows for the open run."""

    job: ClassVar[JobKind] = JobKind.FIND_TRUTH
    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Measure:
    """Compare maps with a mask.

    Attributes
    ----------
    token
        Handed back with the result, for whoever keeps it.
    maps
        With the key each one is kept under; already smoothed as shown.
    """

    job: ClassVar[JobKind] = JobKind.MEASURE
    token: object
    maps: tuple[tuple[MapKey, LocalizationMap], ...]
    smoothing: int
    mask: NDArray[np.bool_]


Request = (
    Recognise
    | CountTokens
    | LoadModel
    | LoadBaseline
    | CheckBaselines
    | OpenPicture
    | Sample
    | Localize
    | Prefetch
    | ForgetRuns
    | MakeFreeMaps
    | DecodeThumbnails
    | FindTruth
    | MaskRequest
    | Measure
    | OpenSession
    | SaveSession
    | Export
    | DrawPreview
    | KeepRun
    | BringBack
    | FindLeftBehind
    | ReadFree
    | ComputeReading
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recognised:
    """What a source means; `problem` says why it cannot be opened, "" when it can."""

    source: str
    lines: tuple[tuple[str, str], ...] = ()
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TokensCounted:
    """How many tokens `prompt` takes, and how many there is room for."""

    prompt: str
    used: int
    room: int


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelLoaded:
    """A model is open.

    Attributes
    ----------
    description
        Its facts.
    source
        What it was asked for by.
    unavailable
        Kind of map → why this model cannot make it; kinds that it can make are missing.
    early
        The less-trained checkpoint that its folder brings, or None.
    devices, dtypes
        What this machine offers, name → why it cannot be chosen, "" when it can.
    detached
        Run number → why it cannot go on with this model; runs that can are missing.
    """

    description: ModelDescription
    source: str
    unavailable: Mapping[str, str] = field(default_factory=dict)
    early: Path | None = None
    detached: Mapping[int, str] = field(default_factory=dict)
    devices: Mapping[str, str] = field(default_factory=dict)
    dtypes: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class BaselineLoaded:
    """A less-trained baseline is open."""

    description: ModelDescription
    source: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SamplingBegan:
    """The schedule is known and the prompt encoded.

    Attributes
    ----------
    masks, offered_masks
        What the lab knows of the picture; of the prompt, where the picture may lack the pattern.
    """

    run: int
    log_snr: NDArray[np.float32]
    truncated: str = ""
    masks: tuple[NamedMask, ...] = ()
    offered_masks: tuple[NamedMask, ...] = ()
    prompt: str = ""
    seed: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class StepSampled:
    """One more step: its free map, and x̂₀ when there was time to decode it."""

    run: int
    step: int
    free_map: LocalizationMap
    picture: Picture | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sampled:
    """The run is complete, or was cancelled and cut to the steps that it reached."""

    run: int
    trajectory: Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class MapRefined:
    """A map, or a better one for the same key; `complete` when all its probes are in.

    Attributes
    ----------
    probes
        How many were asked for; an estimator may round them down to whole repetitions.
    """

    key: MapKey
    map: LocalizationMap
    complete: bool
    probes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Localized:
    """All maps of a `Localize` request are made."""

    seconds: float
    network_calls: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PictureDecoded:
    """x̂₀ at one step."""

    run: int
    step: int
    picture: Picture


@dataclass(frozen=True, slots=True, kw_only=True)
class ChunkDone:
    """A chunk of background work is done; ask again for what is left."""

    run: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TruthFound:
    """The masks that the lab knows for the run, as `SamplingBegan` has them."""

    run: int
    masks: tuple[NamedMask, ...]
    offered_masks: tuple[NamedMask, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """Agreement of maps with one mask."""

    token: object
    smoothing: int
    rows: tuple[tuple[MapKey, LocalizationMap, Agreement, AgreementCurve], ...]


Result = (
    Recognised
    | TokensCounted
    | ModelLoaded
    | BaselineLoaded
    | BaselinesChecked
    | PictureOpened
    | SamplingBegan
    | StepSampled
    | Sampled
    | MapRefined
    | Localized
    | RunsForgotten
    | PictureDecoded
    | ChunkDone
    | TruthFound
    | MaskResult
    | Measured
    | SessionOpened
    | SessionSaved
    | Exported
    | PreviewDrawn
    | RunsKept
    | BroughtBack
    | LeftBehindFound
    | ReadingsRead
)
