"""Streaming estimators of a Jacobian's diagonal from vector products alone."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

Shape = tuple[int, int, int]
Products = Callable[[Tensor], Tensor]


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
    products
        Vector products used so far.
    """

    diagonal: NDArray[np.float64]
    mean: NDArray[np.float64]
    standard_error: NDArray[np.float64]
    products: int


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
    exact
        Whether one repetition has no error at all.
    """

    estimator: str
    shape: Shape
    count: int
    per_repetition: int
    draw: Callable[[int, int], Tensor]
    exact: bool = False


class DiagonalAccumulator:
    """Averages v ⊙ Jᵀv over repetitions; E[v ⊙ Jᵀv] = diag(J) for random signs v."""

    def __init__(self, plan: ProbePlan) -> None:
        self.plan = plan
        self._open = np.zeros(plan.shape)
        self._sum = np.zeros(plan.shape)
        self._mean_sum = np.zeros(plan.shape[1:])
        self._mean_squares = np.zeros(plan.shape[1:])
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
        mean = self._open.mean(axis=0)
        self._sum += self._open
        self._mean_sum += mean
        self._mean_squares += mean**2
        self._open = np.zeros(self.plan.shape)

    def estimate(self) -> DiagonalEstimate:
        """Return the estimate over the whole repetitions so far, at least one."""
        count = self.repetitions
        mean = self._mean_sum / count
        if self.plan.exact:
            error = np.zeros_like(mean)
        elif count == 1:
            error = np.full_like(mean, np.nan)
        else:
            spread = np.maximum(self._mean_squares / count - mean**2, 0.0)
            error = np.sqrt(spread / (count - 1))
        return DiagonalEstimate(self._sum / count, mean, error, self.products)


def stream(
    plan: ProbePlan, products: Products, batch: Callable[[], int]
) -> Iterator[DiagonalEstimate]:
    """Yield the estimate after every batch of probes that completes a repetition.

    Parameters
    ----------
    plan
        The probes.
    products
        Maps v, (B, C, H, W), to Jᵀv of the same shape.
    batch
        How many probes may go into the next call of `products`; asked anew before each.
    """
    total = DiagonalAccumulator(plan)
    start = 0
    while start < plan.count:
        stop = min(start + max(1, batch()), plan.count)
        before = total.repetitions
        probes = plan.draw(start, stop)
        for probe, product in zip(probes, products(probes), strict=True):
            total.add(probe, product)
        start = stop
        if total.repetitions > before:
            yield total.estimate()


def hutchinson(shape: Shape, count: int, generator: torch.Generator) -> ProbePlan:
    """Full ±1 probes; unbiased, variance (1/K) Σ_{j≠i} J_ji² (Hutchinson 1989)."""
    vectors = _signs((count, *shape), generator)
    return ProbePlan("hutchinson", shape, count, 1, _rows_of(vectors))


def probing(shape: Shape, count: int, generator: torch.Generator) -> ProbePlan:
    """Random-sign probes supported on one colour class each; unbiased, with fewer neighbours.

    The class of a coordinate is (2y + 5x + ⌊c·m/C⌋) mod m: a skewed lattice on which channels
    of one place and close neighbours never share a probe, so that their off-diagonal entries,
    the largest, drop out of the error. m probes cover every coordinate once; two repetitions
    at the least, where `count` allows them, so that there is a standard error.

    Parameters
    ----------
    shape
        (C, H, W).
    count
        At least C; rounded down to whole repetitions.
    generator
        Of the signs.
    """
    classes = next((m for m in (16, 8) if m >= shape[0] and 2 * m <= count), shape[0])
    repetitions = max(1, count // classes)
    signs = _signs((repetitions, *shape), generator)
    colour = _colours(shape, classes)

    def draw(start: int, stop: int) -> Tensor:
        order = torch.arange(start, stop)
        own = colour[None] == (order % classes)[:, None, None, None]
        return signs[order // classes] * own

    return ProbePlan("probing", shape, repetitions * classes, classes, draw)


def _colours(shape: Shape, classes: int) -> Tensor:
    channel, row, column = torch.meshgrid(*(torch.arange(n) for n in shape), indexing="ij")
    return (2 * row + 5 * column + channel * classes // shape[0]) % classes


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
