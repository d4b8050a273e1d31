"""How curvature is estimated: the choices that all functions making maps have in common."""

from __future__ import annotations

import operator
from dataclasses import dataclass

import numpy as np
import torch
from numpy.typing import NDArray

from memlens.errors import SettingsError
from memlens.estimators import diagonal
from memlens.estimators.diagonal import ProbePlan, Shape
from memlens.estimators.names import (
    AUTO,
    DEFAULT_ESTIMATOR,
    DEFAULT_PROBES,
    ESTIMATORS,
    EXACT,
    PROBING,
)
from memlens.products.choice import check_products
from memlens.sampling.seeds import check_seed

Probes = int | NDArray[np.generic]


@dataclass(frozen=True, slots=True, kw_only=True)
class Estimation:
    """The keywords of `memlens.localize` that say how curvature is estimated; see there.

    Raises
    ------
    SettingsError
        If the kind of products or their number in one pass is none.
    """

    probes: Probes = DEFAULT_PROBES
    estimator: str = DEFAULT_ESTIMATOR
    seed: int = 0
    products: str = AUTO
    probes_per_batch: int | None = None

    def __post_init__(self) -> None:
        check_products(self.products)
        if self.probes_per_batch is not None and self.probes_per_batch < 1:
            raise SettingsError(f"{self.probes_per_batch} probes per batch: choose 1 or more.")

    @property
    def drawn_from(self) -> int | None:
        """The probes' seed; None for given and exact ones, which are not drawn."""
        given = isinstance(self.probes, np.ndarray)
        return None if given or self.estimator == EXACT else self.seed

    def plan(self, shape: Shape) -> ProbePlan:
        """Return the probes for latents of `shape`; errors are those of `plan_probes`."""
        return plan_probes(self.estimator, self.probes, self.seed, shape)


def plan_probes(
    estimator: str, probes: Probes, seed: int, shape: Shape, *, laid_out_for: int | None = None
) -> ProbePlan:
    """Turn the caller's choice into a plan, laid out as for another number of probes if given.

    Raises
    ------
    SettingsError
        If the estimator is unknown or the probes are not ±1 of the latent's shape.
    """
    if isinstance(probes, np.ndarray):
        if probes.ndim != 4 or probes.shape[1:] != shape or len(probes) < 1:
            raise SettingsError(f"probes have shape {probes.shape}; (K, {shape}) is needed.")
        if not np.isin(probes, (-1, 1)).all():
            raise SettingsError("probes must hold only −1 and 1.")
        return diagonal.given(torch.from_numpy(probes.astype(np.float32)))
    if estimator == EXACT:
        return diagonal.exact(shape)
    if estimator not in ESTIMATORS:
        known = ", ".join(ESTIMATORS)
        raise SettingsError(f"no estimator is called {estimator!r}: choose {known}.")
    try:
        probes = operator.index(probes)
    except TypeError:
        raise SettingsError(f"{probes!r} is no number of probes.") from None
    if probes < 1:
        raise SettingsError(f"{probes} probes cannot be drawn: choose 1 or more.")
    check_seed(seed, "probe seed")
    generator = torch.Generator("cpu").manual_seed(seed)
    if estimator == PROBING:
        return diagonal.probing(shape, probes, generator, laid_out_for=laid_out_for)
    return diagonal.hutchinson(shape, probes, generator)
