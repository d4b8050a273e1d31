"""View state: what the window shows, resolved and frozen; made by the controller alone.

Views compare arrays by identity: the controller hands out the same array object for as long
as its content is the same.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from ui.view.dialogs import PreviewView, RecognisedView
from ui.view.masks import MasksView
from ui.view.readings import ReadingRow
from ui.view.runs import RunsView
from ui.vocabulary.mask_picture import MaskPicture
from ui.vocabulary.panel_content import Compare

FloatArray = NDArray[np.float32]
ByteArray = NDArray[np.uint8]
BoolArray = NDArray[np.bool_]


class PanelStatus(StrEnum):
    """How a panel stands with what it was asked to show."""

    EMPTY = "empty"  # nothing was sampled yet
    READY = "ready"
    STAND_IN = "stand-in"  # another map, dimmed, until the right one is computed
    COMPUTING = "computing"  # values may be partial
    UNAVAILABLE = "unavailable"  # `hint` says why


@dataclass(frozen=True, slots=True, kw_only=True)
class PanelView:
    """One panel of the canvas.

    Attributes
    ----------
    content
        Name in MAP_KINDS, "picture", "mask" or "reference" (the training picture).
    symbol, label
        "Δh_∅" and its words, for the panel's head.
    picture
        The picture at this step (x̂₀ while forming), (height, width, 3), or None.
    values, standard_error
        In display units at the map's own resolution, (h, w); None for picture and mask.
    units
        What the values are measured in, "" where dimensionless.
    levels
        The values drawn as the colormap's two ends.
    stretched
        True shows the badge "stretched to this map".
    mask
        The active mask, outlined (and filled, for content "mask"), or None.
    other_masks
        Further masks that are outlined.
    found
        A mask that was found and is not accepted yet, outlined in every panel, or None.
    compared
        Masks A and B whose agreement is drawn, for content "mask comparison".
    hint
        One sentence over the panel, "" for none.
    headline
        Short numbers for the panel's foot, "best IoU .82 at .31 with ground truth · mean .12".
    choices
        What the method chooser offers: (content, label, reason it cannot be chosen or "").
    threshold
        Draws the contour of the predicted mask, values above this; None for no contour.
    """

    content: str
    symbol: str
    label: str
    status: PanelStatus
    active: bool
    picture: ByteArray | None = None
    values: FloatArray | None = None
    standard_error: FloatArray | None = None
    units: str = ""
    levels: tuple[float, float] = (0.0, 1.0)
    stretched: bool = False
    mask: MaskPicture | None = None
    other_masks: tuple[MaskPicture, ...] = ()
    found: MaskPicture | None = None
    compared: tuple[MaskPicture, MaskPicture] | None = None
    hint: str = ""
    headline: str = ""
    choices: tuple[tuple[str, str, str], ...] = ()
    threshold: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CanvasView:
    """The linked panels and how all of them are drawn.

    Attributes
    ----------
    compare
        Anything but side by side shows one large panel made of A and B.
    compare_with
        The panel that is B; −1 for the first other panel that has a map.
    log_scale
        Colours follow the logarithm of the values (`memlens.maps.scale`).
    fill_predicted
        The predicted mask is filled, beside its outline.
    """

    panels: tuple[PanelView, ...] = ()
    bare_picture: bool = False
    colormap: str = "inferno"
    opacity: float = 0.7
    nearest: bool = True
    outline: bool = True
    compare: Compare = Compare.SIDE_BY_SIDE
    compare_with: int = -1
    log_scale: bool = False
    fill_predicted: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Curve:
    """One line on the timeline; NaN where the step is not computed.

    Attributes
    ----------
    content, symbol
        As in the panel that shows this method.
    values
        One number per step, (N,).
    """

    content: str
    symbol: str
    values: FloatArray


@dataclass(frozen=True, slots=True, kw_only=True)
class TimelineView:
    """The steps of the run.

    Attributes
    ----------
    log_snr
        (N,), empty before the first run.
    reached
        Steps sampled so far; steps from there on cannot be chosen yet.
    step
        The chosen step.
    thumbnails
        x̂₀ per step, None where not decoded yet.
    curves_label
        What the curves measure, "mean" or "IoU".
    cached
        Steps at which every shown map is computed.
    window
        First and last step of the range that playing stays in; None for all steps.
    average
        The maps shown are averages over `window`.
    repeat
        What playing does at the end: "loop", "ping-pong" or "once".
    rate
        Steps per second when playing.
    """

    log_snr: FloatArray = field(default_factory=lambda: np.zeros(0, np.float32))
    reached: int = 0
    step: int = 0
    thumbnails: tuple[ByteArray | None, ...] = ()
    curves: tuple[Curve, ...] = ()
    curves_label: str = "mean"
    cached: frozenset[int] = frozenset()
    playing: bool = False
    window: tuple[int, int] | None = None
    average: bool = False
    repeat: str = "loop"
    rate: float = 8.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SetupView:
    """The left column.

    Attributes
    ----------
    model_name, model_facts
        "demo", and lines such as ("Latent", "4 × 32 × 32").
    baselines
        (key, label, reason it cannot be chosen or "").
    prompts
        Prompts to try, (label, prompt).
    tokens, too_long
        "29 of 75 tokens" of the prompt, "" while unknown; whether it will be cut.
    seeds
        The seed field's text; `seed` is the first of them.
    noises, noise
        Where x_T may be drawn, as `baselines`, and where it is.
    devices, dtypes
        What the model may run on and in, as `baselines`.
    prefetch
        Whether neighbours of the shown step are computed while idle.
    disabled_reason
        Why nothing can be run now, "" when it can.
    expected_seconds
        What the chosen settings will probably take, None when unknown.
    """

    model_name: str = ""
    model_facts: tuple[tuple[str, str], ...] = ()
    baselines: tuple[tuple[str, str, str], ...] = ()
    baseline: str = ""
    prompt: str = ""
    prompts: tuple[tuple[str, str], ...] = ()
    tokens: str = ""
    too_long: bool = False
    seed: int = 0
    seeds: str = "0"
    steps: int = 50
    guidance_scale: float = 7.5
    noises: tuple[tuple[str, str, str], ...] = ()
    noise: str = ""
    estimators: tuple[tuple[str, str], ...] = ()
    estimator: str = ""
    probes: int = 16
    devices: tuple[tuple[str, str, str], ...] = ()
    device: str = "auto"
    dtypes: tuple[tuple[str, str, str], ...] = ()
    dtype: str = "auto"
    prefetch: bool = True
    disabled_reason: str = ""
    expected_seconds: float | None = None
    model_loading: bool = False
    max_steps: int = 1000
    max_probes: int = 4096


@dataclass(frozen=True, slots=True, kw_only=True)
class AgreementRow:
    """One method against the pinned mask; NaN where undefined.

    Attributes
    ----------
    iou, threshold
        At the threshold that is best for this map.
    iou_at_chosen
        At the threshold that the person chose; NaN while none is chosen.
    precision_at_chosen, recall_at_chosen
        There too, or at the best threshold while none is chosen.
    recall, precision, ious
        At each of `thresholds`, (K,); None when not computed.
    thresholds
        Falling, in the engine's units; `scale` times that is what is shown.
    """

    content: str
    symbol: str
    label: str
    mean: float
    iou: float
    threshold: float
    auroc: float
    average_precision: float
    network_calls: int
    seconds: float
    iou_at_chosen: float = float("nan")
    precision_at_chosen: float = float("nan")
    recall_at_chosen: float = float("nan")
    recall: FloatArray | None = None
    precision: FloatArray | None = None
    ious: FloatArray | None = None
    thresholds: FloatArray | None = None
    scale: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class InspectView:
    """The right column: display choices and agreement.

    Attributes
    ----------
    levels_by_hand
        Whether the levels were chosen by hand.
    paper_smoothing
        The window of the paper's smoothing on this grid, 0 before a model is open.
    threshold
        The threshold chosen for the active panel's map, in its display units; None for none.
    measured_at
        Which step or steps the rows are of, in words.
    preset
        The preset that the panels follow, "" when they were arranged by hand.
    presets
        All that can be chosen.
    """

    units: str = "canonical"
    stretched: bool = False
    levels_by_hand: bool = False
    smoothing: int = 1
    paper_smoothing: int = 0
    mask_name: str = ""
    rows: tuple[AgreementRow, ...] = ()
    measured_at: str = ""
    threshold: float | None = None
    preset: str = ""
    presets: tuple[str, ...] = ("Overview", "Paper figure 1", "Two methods", "One")


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """The bottom line.

    Attributes
    ----------
    activity
        What runs now, "" when idle.
    fraction
        0..1 of it.
    seconds_left
        None until it can be told.
    """

    device: str = ""
    memory: str = ""
    activity: str = ""
    fraction: float = 0.0
    seconds_left: float | None = None
    message: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class BannerView:
    """An error or a notice in the window.

    Attributes
    ----------
    sentence
        One clear sentence.
    details
        Folded away; "" for none.
    way_on
        (action key in the registry, label) of the button, or None.
    also
        The same for a second, quieter button.
    severity
        "error", "warning" or "notice".
    """

    sentence: str
    details: str = ""
    way_on: tuple[str, str] | None = None
    also: tuple[str, str] | None = None
    severity: str = "error"


@dataclass(frozen=True, slots=True, kw_only=True)
class WindowView:
    """All that the window shows.

    Attributes
    ----------
    disabled
        Action key → why it cannot be used now; actions that can be used are missing.
    recognised, preview
        What an open dialog asked for, None until it is there.
    """

    setup: SetupView = field(default_factory=SetupView)
    canvas: CanvasView = field(default_factory=CanvasView)
    timeline: TimelineView = field(default_factory=TimelineView)
    inspect: InspectView = field(default_factory=InspectView)
    status: StatusView = field(default_factory=StatusView)
    runs: RunsView = field(default_factory=RunsView)
    readings: tuple[ReadingRow, ...] = ()
    banner: BannerView | None = None
    title: str = "memlens"
    disabled: Mapping[str, str] = field(default_factory=dict)
    masks: MasksView = field(default_factory=MasksView)
    recognised: RecognisedView | None = None
    preview: PreviewView | None = None
