"""LocalizationMap: one method's value per latent coordinate at one step."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.methods.registry import MAP_KINDS
from memlens.sampling.provenance import Provenance

FloatArray = NDArray[np.float32]
# Kim & Lee 2026: a 13×13 mean filter on Stable Diffusion's 64×64 latent grid.
_PAPER_WINDOW, _PAPER_GRID = 13, 64
# As a width: the paper's own.
PAPER = "paper"


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizationMap:
    """A map in canonical and in the paper's units.

    Attributes
    ----------
    kind
        Name in `memlens.methods.registry.MAP_KINDS` ("cov", "score_diff", …).
    values
        Canonical, dimensionless, mean over channels, (H, W). 0 = nothing pinned beyond the
        baseline, 1 = all variance gone; the sign is kept.
    standard_error
        Of `values`, (H, W), same unit; None where nothing is estimated, NaN where one
        repetition tells nothing of its own error.
    paper
        The same map in the paper's (official code's) units, (H, W); unclamped until it is smoothed.
    network_calls
        Forward passes and vector products made for this map, beyond the trajectory.
    seconds
        Wall time, beyond the trajectory.
    provenance
        What made it.
    """

    kind: str
    values: FloatArray
    standard_error: FloatArray | None
    paper: FloatArray
    network_calls: int
    seconds: float
    provenance: Provenance

    @property
    def shape(self) -> tuple[int, int]:
        """(H, W) of the latent grid."""
        height, width = self.values.shape
        return height, width

    @property
    def step(self) -> int:
        """The step that it was made at."""
        return self.provenance.step if self.provenance.step is not None else -1

    def paper_values(self) -> FloatArray:
        """Return the map in the official code's units, clamped at 0 as there, (H, W).

        ``cov`` = relu(Σ_channels diag(J_c − J_base)) = relu(values·C/σ) (paper, Eq. 1, 2);
        ``score_diff`` = Σ_channels (s_c − s_base)² = values·C/σ² (paper, Eq. 5, 6).
        A signed kind (the guidance cosine) is not clamped.
        """
        if self.kind in MAP_KINDS and MAP_KINDS[self.kind].signed:
            return self.paper
        return np.maximum(self.paper, 0.0)

    def resized(self, size: tuple[int, int]) -> FloatArray:
        """Return canonical values resampled to `size` = (height, width), bilinear.

        Raises
        ------
        SettingsError
            If a side is below 1.
        """
        return resize_bilinear(self.values, size)

    def smoothed(self, window: int) -> LocalizationMap:
        """Return the map under a `window`×`window` mean filter (odd; edges reflect).

        In the paper's units it is clamped first, as the official code's maps are.

        The standard error of a smoothed map is not known from per-coordinate errors alone
        (the coordinates' errors are correlated), so it becomes None.

        Raises
        ------
        SettingsError
            If `window` is not a positive odd number, or over twice as wide as the map.
        """
        check_window(window, self.shape)
        if window == 1:
            return self
        return replace(
            self,
            values=mean_filter(self.values, window),
            paper=mean_filter(self.paper_values(), window),
            standard_error=None,
            provenance=replace(self.provenance, smoothing=window),
        )


def check_window(window: int, grid: tuple[int, int]) -> None:
    """Raise unless a mean filter of this width can be laid over `grid` = (H, W).

    Raises
    ------
    SettingsError
        If `window` is not a positive odd number, or over twice as wide as the grid.
    """
    if window < 1 or window % 2 == 0:
        raise SettingsError(f"smoothing window {window} must be odd and at least 1.")
    height, width = grid
    if window > 2 * max(height, width):
        raise SettingsError(f"smoothing window {window} is too wide for a map of {height}x{width}.")


def paper_window(grid: tuple[int, int]) -> int:
    """Return the paper's smoothing window, 13 at 64×64, scaled to `grid` = (H, W), odd.

    7 at 32×32, 27 at 128×128; a grid that is not square counts with its geometric mean.

    Raises
    ------
    SettingsError
        If a side is below 1.
    """
    height, width = grid
    if height < 1 or width < 1:
        raise SettingsError(f"a map of {height}x{width} has no smoothing window.")
    wide = _PAPER_WINDOW * float(np.sqrt(height * width)) / _PAPER_GRID
    return 2 * int(wide / 2) + 1


def smoothing_window(smoothing: int | str, grid: tuple[int, int]) -> int:
    """Return how wide a mean filter over `grid` = (H, W) is to be: a number, or "paper".

    Raises
    ------
    SettingsError
        As `check_window` does, or if `smoothing` is another word.
    """
    if isinstance(smoothing, str) and smoothing != PAPER:
        raise SettingsError(f'smoothing {smoothing!r} must be "paper" or an odd number.')
    window = paper_window(grid) if isinstance(smoothing, str) else smoothing
    check_window(window, grid)
    return window


def resize_bilinear(values: FloatArray, size: tuple[int, int]) -> FloatArray:
    """Resample (H, W) to `size` = (height, width) as the official evaluation does.

    Pillow, mode F, BILINEAR (antialiased when shrinking).

    Raises
    ------
    SettingsError
        If a side is below 1.
    """
    height, width = size
    if height < 1 or width < 1:
        raise SettingsError(f"a map cannot be resized to {height}x{width}.")
    from PIL import Image  # not needed before a map is there to be resized

    picture = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
    resized = picture.resize((width, height), Image.Resampling.BILINEAR)
    return np.asarray(resized, dtype=np.float32).copy()


def mean_filter(values: FloatArray, window: int) -> FloatArray:
    """Mean over a `window`×`window` neighbourhood of (H, W); edges reflect."""
    padded = np.pad(values.astype(np.float64), window // 2, mode="symmetric")
    view = np.lib.stride_tricks.sliding_window_view(padded, (window, window))
    filtered: FloatArray = view.mean(axis=(2, 3)).astype(np.float32)
    return filtered
