"""What a person may choose of how maps are displayed: one typed value each."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Units:
    """Display "canonical" or the "paper"'s units."""

    name: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Stretch levels to each map, or keep one scale for all."""

    on: bool


@dataclass(frozen=True, slots=True)
class Levels:
    """Draw all maps between two levels, in the active panel's display units."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Threshold:
    """Draw the predicted mask above this, in the active panel's display units; None for none."""

    value: float | None


@dataclass(frozen=True, slots=True)
class FillPredicted:
    """Fill the predicted mask, or draw its outline alone."""

    on: bool


@dataclass(frozen=True, slots=True)
class LogScale:
    """Let colours follow the logarithm of the values, or the values."""

    on: bool


@dataclass(frozen=True, slots=True)
class Smoothing:
    """Show maps under a mean filter of an odd width."""

    window: int


@dataclass(frozen=True, slots=True)
class Colormap:
    """Draw maps in another colormap."""

    name: str


@dataclass(frozen=True, slots=True)
class Opacity:
    """Draw maps more or less opaque over the picture, 0..1."""

    share: float


@dataclass(frozen=True, slots=True)
class Nearest:
    """Draw latent coordinates as squares, or smoothly."""

    on: bool


@dataclass(frozen=True, slots=True)
class Outline:
    """Outline the mask, or not."""

    on: bool


@dataclass(frozen=True, slots=True)
class Layout:
    """Show 1, 2, 3, 4 or 6 panels."""

    panels: int


@dataclass(frozen=True, slots=True)
class Preset:
    """Arrange the panels as a preset says."""

    name: str


DisplayChoice = (
    Units
    | Stretch
    | Levels
    | Threshold
    | FillPredicted
    | LogScale
    | Smoothing
    | Colormap
    | Opacity
    | Nearest
    | Outline
    | Layout
    | Preset
)
