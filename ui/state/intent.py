"""Intent: what the person chose; mutable, and owned by the controller."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from memlens.estimators.names import DEFAULT_ESTIMATOR, DEFAULT_PROBES
from memlens.masks.wand import MAX_TOLERANCE
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, UNCONDITIONAL, kind_of
from memlens.sampling.noise import CPU
from ui.state.seed_field import parse_seeds
from ui.state.settings import Settings
from ui.vocabulary.panel_content import MASK, MASK_COMPARISON, PICTURE, REFERENCE, Compare
from ui.vocabulary.tool import Tool

# What a panel can show beside maps.
PICTURES = (PICTURE, MASK, MASK_COMPARISON, REFERENCE)
PRESETS: dict[str, tuple[str, ...]] = {
    "Overview": (PICTURE, "cov_bad", "score_diff", "attention"),
    "Paper figure 1": (PICTURE, MASK, "cov", "score_diff", "cov_bad", "attention"),
    "Two methods": ("cov_bad", "score_diff"),
    "One": ("cov_bad",),
}
DEFAULT_PRESET = "Overview"
LAYOUTS = (1, 2, 3, 4, 6)
_FILL = (PICTURE, "cov_bad", "score_diff", "attention", "cov", MASK)
MAX_PROBES = 4096
MAX_SMOOTHING = 63
MAX_STEP = 100_000
STAND_IN = "score_diff"
_KEPT_IN_SESSIONS = (
    "step",
    "panels",
    "active_panel",
    "stretched",
    "log_scale",
    "units",
    "smoothing",
)


@dataclass
class Intent:
    """Everything chosen in the window, as chosen: possible or not, computed or not.

    Attributes
    ----------
    model
        What the model was asked for by: "demo", a folder or a hub id.
    baseline
        "unconditional", "early" or the path of a less-trained checkpoint.
    panels
        Content of each panel, first to last.
    seeds, seeds_problem
        One run each; why the text in the seed field means none, "" when it does.
    noise
        Where x_T is drawn: "cpu", "cuda", the path of a file, or "array@…" where a session's run
        started from a file that is not at hand.
    step
        The chosen step; −1 follows the newest while sampling.
    levels_by_hand
        Whether `levels` were chosen by hand: they are neither the kinds' own nor each map's.
    levels
        Absolute ones, as shares of each kind's own (0..1 canonical; −1..1 for a cosine).
    threshold
        Of the predicted mask, canonical; None draws none.
    fill_predicted
        Whether the predicted mask is filled, beside its outline.
    log_scale
        Whether colours follow the logarithm of the values.
    window, repeat, rate
        The steps that playing stays in, what it does at their end, steps per second.
    average
        Whether the maps shown are the average over `window`.
    tool
        What the left button does on a picture.
    brush_radius
        In pixels of the picture; None until one was chosen.
    adds
        Whether shapes are added to the mask or removed.
    tolerance
        Of the magic wand, 0..255 (`memlens.masks.wand.colour_distance`).
    tint
        How opaque masks are filled with their colours, 0..1.
    solo
        Whether only the active mask is drawn.
    shape_open
        Whether a shape is under way.
    """

    model: str = ""
    device: str = "auto"
    dtype: str = "auto"
    baseline: str = "early"
    prompt: str = ""
    seeds: tuple[int, ...] = (0,)
    seeds_text: str = "0"
    seeds_problem: str = ""
    steps: int = 50
    guidance_scale: float = 7.5
    noise: str = CPU
    estimator: str = DEFAULT_ESTIMATOR
    probes: int = DEFAULT_PROBES
    probe_seed: int = 0
    probes_per_batch: int | None = None

    panels: list[str] = field(default_factory=lambda: list(PRESETS[DEFAULT_PRESET]))
    active_panel: int = 1
    step: int = -1
    bare_picture: bool = False
    playing: bool = False
    colormap: str = "inferno"
    opacity: float = 0.7
    nearest: bool = True
    outline: bool = True
    stretched: bool = False
    levels: tuple[float, float] = (0.0, 1.0)
    threshold: float | None = None
    fill_predicted: bool = False
    levels_by_hand: bool = False
    log_scale: bool = False
    units: str = "canonical"
    smoothing: int = 1
    compare: str = Compare.SIDE_BY_SIDE
    window: tuple[int, int] | None = None
    average: bool = False
    repeat: str = "loop"
    rate: float = 8.0
    tool: Tool = Tool.PAN
    brush_radius: float | None = None
    adds: bool = True
    tolerance: float = 24.0
    tint: float = 0.0
    solo: bool = False
    shape_open: bool = False

    @classmethod
    def from_settings(cls, settings: Settings) -> Intent:
        """Start from what was kept of the last time."""
        panels = [name for name in settings.panels if name in (*PICTURES, *MAP_KINDS)]
        if len(panels) not in LAYOUTS:
            panels = list(PRESETS[DEFAULT_PRESET])
        made = cls(
            device=settings.device,
            dtype=settings.dtype,
            estimator=settings.estimator,
            probes=min(max(1, settings.probes), MAX_PROBES),
            steps=max(1, settings.steps),
            panels=panels,
            active_panel=min(1, len(panels) - 1),
            colormap=settings.colormap,
            opacity=min(max(0.0, settings.opacity), 1.0),
            nearest=settings.nearest,
            outline=settings.outline,
            tint=min(max(0.0, settings.tint), 1.0),
            tolerance=min(max(0.0, settings.tolerance), MAX_TOLERANCE),
            stretched=settings.stretched,
            log_scale=settings.log_scale,
            units=settings.units if settings.units in ("canonical", "paper") else "canonical",
            smoothing=settings.smoothing if settings.smoothing % 2 == 1 else 1,
        )
        # A new window has neither a training picture nor masks to compare.
        for content in (REFERENCE, MASK_COMPARISON):
            made.leave(content, {})
        return made

    @property
    def seed(self) -> int:
        """The first seed."""
        return self.seeds[0]

    @seed.setter
    def seed(self, seed: int) -> None:
        self.choose_seeds(str(seed))

    def choose_seeds(self, text: str) -> None:
        """Take the text of the seed field; where it means nothing the seeds stay."""
        self.seeds_text, self.seeds_problem = text, ""
        try:
            self.seeds = parse_seeds(text)
        except ValueError as problem:
            self.seeds_problem = str(problem)

    def into_settings(self, settings: Settings) -> Settings:
        """Return `settings` with what should outlive the window."""
        return settings.changed(
            device=self.device,
            dtype=self.dtype,
            estimator=self.estimator,
            probes=self.probes,
            steps=self.steps,
            panels=tuple(self.panels),
            colormap=self.colormap,
            opacity=self.opacity,
            nearest=self.nearest,
            outline=self.outline,
            tint=self.tint,
            tolerance=self.tolerance,
            stretched=self.stretched,
            log_scale=self.log_scale,
            units=self.units,
            smoothing=self.smoothing,
        )

    def to_view(self) -> dict[str, Any]:
        """Return what a session keeps of the view, JSON-ready."""
        return {name: getattr(self, name) for name in _KEPT_IN_SESSIONS}

    def adopt_view(self, view: Mapping[str, Any]) -> None:
        """Take over what a session kept of its view; what does not fit is left as it is."""
        panels = view.get("panels")
        known = (*PICTURES, *MAP_KINDS)
        if isinstance(panels, list) and len(panels) in LAYOUTS:
            if all(name in known for name in panels):
                self.panels = list(panels)
        for name in _KEPT_IN_SESSIONS:
            value = view.get(name)
            if name != "panels" and type(value) is type(getattr(self, name)):
                setattr(self, name, value)
        self.active_panel = min(max(0, self.active_panel), len(self.panels) - 1)
        self.step = min(max(-1, self.step), MAX_STEP)
        odd = self.smoothing % 2 == 1 and 0 < self.smoothing <= MAX_SMOOTHING
        self.smoothing = self.smoothing if odd else 1
        self.units = self.units if self.units in ("canonical", "paper") else "canonical"

    @property
    def preset(self) -> str:
        """The preset that the panels follow, "" when they were arranged by hand."""
        shown = tuple(self.panels)
        return next((name for name, panels in PRESETS.items() if panels == shown), "")

    def choose_layout(self, count: int) -> None:
        """Show `count` panels; those that appear take what is not shown yet."""
        for content in _FILL:
            if len(self.panels) >= count:
                break
            if content not in self.panels:
                self.panels.append(content)
        del self.panels[count:]
        self.active_panel = min(self.active_panel, count - 1)

    def choose_preset(self, name: str) -> None:
        """Arrange the panels as the preset says."""
        self.panels = list(PRESETS[name])
        self.active_panel = next(
            (i for i, content in enumerate(self.panels) if content in MAP_KINDS), 0
        )

    def leave(self, content: str, before: Mapping[int, str]) -> None:
        """Show in the panels of `content` what was there `before`, or what is not shown yet."""
        for place, shown in enumerate(self.panels):
            if shown == content:
                unseen = (other for other in _FILL if other not in self.panels)
                self.panels[place] = before.get(place) or next(unseen, PICTURE)

    def toggle_difference(self) -> bool:
        """Turn curvature difference into score difference and back, with the same baseline.

        Returns
        -------
        bool
            False where the active panel shows no map, and nothing was done.
        """
        content = self.panels[self.active_panel]
        if content not in MAP_KINDS:
            return False
        kind = MAP_KINDS[content]
        other = (
            "score-difference" if kind.method == "curvature-difference" else "curvature-difference"
        )
        self.panels[self.active_panel] = kind_of(other, kind.baseline or UNCONDITIONAL).name
        return True


def needs_less_trained(content: str) -> bool:
    """Whether this content subtracts a less-trained baseline."""
    return content in MAP_KINDS and MAP_KINDS[content].baseline == LESS_TRAINED
