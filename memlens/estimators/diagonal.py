"""Streaming estimators of a Jacobian's diagonal from vector products alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from scipy.ndimage import uniform_filter
from scipy.special import stdtrit
from torch import Tensor

Shape = tuple[int, int, int]
Products = Callable[[Tensor], Tensor]

# Classes m -> (a, b) of the lattice a·y + b·x mod m: least energy of the off-diagonals left inside
# a class, searched over all (a, b) on the demo model's Jacobians (ADR 0007).
_LATTICES = {
    4: (1, 2),
    6: (1, 4),
    8: (1, 3),
    10: (1, 4),
    12: (1, 5),
    14: (1, 4),
    16: (2, 5),
    24: (1, 10),
    32: (1, 5),
    48: (2, 9),
    64: (1, 28),
}
_POOLED = 3


@dataclass(frozen=True, slots=True)
class DiagonalEstimate:
    """The diagonal after some probes.

    Attributes
    ----------
    diagonal
        Estimate per coordinate, (C, H, W), float64.
    mean
        Of `diagonal` over channels, (H, W), float64.
    standard_error
        Of `mean`, (H, W); NaN after a single repetition, 0 for the exact diagonal.

        The root of an estimated variance: the spread between repetitions, over their number.
        Where channels of one place share no probe, their errors are uncorrelated, and the
        spread is taken per channel and averaged over the channels and over the 3×3 places
        around: two repetitions alone would tell too little of one coordinate.
    degrees_of_freedom
        Behind `standard_error` (of a place with all its neighbours); 0 after one repetition.
    products
        Vector products used so far.
    """

    diagonal: NDArray[np.float64]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    degrees_of_freedom: int
    products: int

    def half_width(self, confidence: float = 0.95) -> NDArray[np.float64]:
        """Return the half-width of the interval around `mean`, (H, W).

        Student's t at `degrees_of_freedom` times `standard_error`: 2.03 standard errors at
        95 % for the default of 16 probes and four channels; NaN after one repetition.
        """
        if self.degrees_of_freedom == 0:
            return np.abs(self.standard_error)
        quantile = float(stdtrit(self.degrees_of_freedom, 0.5 + confidence / 2))
        return quantile * self.standard_error


@dataclass(frozen=True, slots=True)
class ProbePlan:
    """Which probes are used, in which order.

    A repetition is a run of probes that together cover every coordinate exactly once.
    Repetitions are independent of each other, so their spread gives the standard error.

    Attributes
    ----------
    estimator
        Its name, for provenance.
    shape
        (C, H, W) of one probe.
    count
        Probes in all, a multiple of `per_repetition`.
    per_repetition
        Probes in one repetition.
    draw
        ``draw(start, stop)`` gives those probes, (stop − start, C, H, W), entries −1, 0 or 1.
    separates_channels
        Whether channels of one place never share a probe.
    exact
        Whether one repetition has no error at all.
    laid_out_for
        The number of probes whose layout these follow; None where the layout is always the same.
    """

    estimator: str
    shape: Shape
    count: int
    per_repetition: int
    draw: Callable[[int, int], Tensor]
    separates_channels: bool = False
    exact: bool = False
    laid_out_for: int | None = None


class DiagonalAccumulator:
    """Averages v ⊙ Jᵀv over repetitions; E[v ⊙ Jᵀv] = diag(J) for random signs v."""

    def __init__(self, plan: ProbePlan) -> None:
        self.plan = plan
        self._open = np.zeros(plan.shape)
        self._sum = np.zeros(plan.shape)
        spread = plan.shape if plan.separates_channels else (1, *plan.shape[1:])
        self._spread_sum = np.zeros(spread)
        self._spread_squares = np.zeros(spread)
        self.products = 0

    @property
    def repetitions(self) -> int:
        """Whole repetitions so far."""
        return self.products // self.plan.per_repetition

    def add(self, probe: Tensor, product: Tensor) -> None:
        """Take one probe and its product, each (C, H, W)."""
        self._open += (probe * product).to("cpu", torch.float64).numpy()
        self.products += 1
        if self.products % self.plan.per_repetition:
            return
        told = self._open
        if not self.plan.separates_channels:
            told = told.mean(axis=0, keepdims=True)
        self._sum += self._open
        self._spread_sum += told
        self._spread_squares += told**2
        self._open = np.zeros(self.plan.shape)

    def estimate(self) -> DiagonalEstimate:
        """Return the estimate over the whole repetitions so far, at least one."""
        diagonal = self._sum / self.repetitions
        mean = diagonal.mean(axis=0)
        error, freedom = self._error()
        return DiagonalEstimate(diagonal, mean, error, freedom, self.products)

    def _error(self) -> tuple[NDArray[np.float64], int]:
        count, free = self.repetitions, len(self._spread_sum)
        if self.plan.exact:
            return np.zeros(self.plan.shape[1:]), 0
        if count == 1:
            return np.full(self.plan.shape[1:], np.nan), 0
        spread = np.maximum(self._spread_squares / count - (self._spread_sum / count) ** 2, 0.0)
        variance = spread.mean(axis=0) / (free * (count - 1))
        if free == 1:
            return np.sqrt(variance), count - 1
        pooled = np.maximum(uniform_filter(variance, _POOLED, mode="reflect"), 0.0)
        return np.sqrt(pooled), (count - 1) * free * _POOLED**2


def stream(
    plan: ProbePlan, products: Products, batch: Callable[[], int]
) -> Iterator[DiagonalEstimate]:
    """Yield the estimate of one diagonal; see `stream_together`."""
    for (estimate,) in stream_together(plan, lambda probes: (products(probes),), batch):
        yield estimate


def stream_together(
    plan: ProbePlan, products: Callable[[Tensor], Sequence[Tensor]], batch: Callable[[], int]
) -> Iterator[tuple[DiagonalEstimate, ...]]:
    """Yield the estimates after every batch of probes that completes a repetition.

    Parameters
    ----------
    plan
        The probes, the same for all diagonals.
    products
        Maps v, (B, C, H, W), to Jᵀv of the same shape, one for every J.
    batch
        How many probes may go into the next call of `products`; asked anew before each.
    """
    totals: list[DiagonalAccumulator] = []
    start = 0
    while start < plan.count:
        stop = min(start + max(1, batch()), plan.count)
        probes = plan.draw(start, stop)
        made = products(probes)
        totals = totals or [DiagonalAccumulator(plan) for _ in made]
        for total, rows in zip(totals, made, strict=True):
            for probe, product in zip(probes, rows, strict=True):
                total.add(probe, product)
        if stop // plan.per_repetition > start // plan.per_repetition:
            yield tuple(total.estimate() for total in totals)
        start = stop


def hutchinson(shape: Shape, count: int, generator: torch.Generator) -> ProbePlan:
    """Full ±1 probes; unbiased, variance (1/K) Σ_{j≠i} J_ji² (Hutchinson 1989)."""
    vectors = _signs((count, *shape), generator)
    return ProbePlan("hutchinson", shape, count, 1, _rows_of(vectors))


def probing(
    shape: Shape, count: int, generator: torch.Generator, *, laid_out_for: int | None = None
) -> ProbePlan:
    """Random-sign probes supported on one colour class each; unbiased, with fewer neighbours.

    The class of a coordinate is (a·y + b·x + ⌊c·m/C⌋) mod m: a skewed lattice on which channels
    of one place and close neighbours never share a probe, so that their off-diagonal entries,
    the largest, drop out of the error. m probes cover every coordinate once; every other
    repetition takes the lattice turned by a quarter. m is the largest that leaves two
    repetitions, so that there is a standard error; below 2·C probes there is one repetition
    of C classes and no standard error, below C there are full probes as in `hutchinson`.

    Parameters
    ----------
    shape
        (C, H, W).
    count
        At least 1; rounded down to whole repetitions, of which there is at least one.
    generator
        Of the signs.
    laid_out_for
        Choose m as for this number of probes; None means `count`.
    """
    layout = count if laid_out_for is None else laid_out_for
    classes = _class_count(shape, layout)
    repetitions = max(1, count // classes)
    signs = _signs((repetitions, *shape), generator)
    colours = torch.stack([_colours(shape, classes, turned=turned) for turned in (False, True)])

    def draw(start: int, stop: int) -> Tensor:
        order = torch.arange(start, stop)
        repetition = order // classes
        own = colours[repetition % 2] == (order % classes)[:, None, None, None]
        return signs[repetition] * own

    return ProbePlan(
        "probing",
        shape,
        repetitions * classes,
        classes,
        draw,
        separates_channels=classes >= shape[0],
        laid_out_for=repetitions * classes if laid_out_for is None else laid_out_for,
    )


def _class_count(shape: Shape, count: int) -> int:
    channels = shape[0]
    if count < channels:
        return 1
    # A class of a single coordinate has no error left to tell.
    largest = min(count // 2, math.prod(shape) // 2)
    fitting = [m for m in _LATTICES if channels <= m <= largest]
    return max(fitting, default=channels)


def _colours(shape: Shape, classes: int, *, turned: bool) -> Tensor:
    channel, row, column = torch.meshgrid(*(torch.arange(n) for n in shape), indexing="ij")
    down, across = _LATTICES.get(classes, (2, 5))
    if turned:
        down, across = across, -down
    return (down * row + across * column + channel * classes // shape[0]) % classes


def given(vectors: Tensor) -> ProbePlan:
    """Exactly these ±1 probes, (K, C, H, W)."""
    channels, height, width = vectors.shape[1:]
    return ProbePlan("given", (channels, height, width), len(vectors), 1, _rows_of(vectors))


def exact(shape: Shape) -> ProbePlan:
    """One-hot vectors: the diagonal itself, at C·H·W products."""
    count = math.prod(shape)

    def draw(start: int, stop: int) -> Tensor:
        vectors = torch.zeros(stop - start, count)
        vectors[torch.arange(stop - start), torch.arange(start, stop)] = 1.0
        return vectors.reshape(-1, *shape)

    return ProbePlan("exact", shape, count, count, draw, exact=True)


def _signs(shape: tuple[int, ...], generator: torch.Generator) -> Tensor:
    return torch.where(torch.rand(shape, generator=generator) > 0.5, 1.0, -1.0)


def _rows_of(vectors: Tensor) -> Callable[[int, int], Tensor]:
    return lambda start, stop: vectors[start:stop]
