"""How curvature is estimated: the choices that all functions making maps have in common."""

from __future__ import annotations

import operator
from dataclasses import dataclass, fields
from typing import Any, TypedDict

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
    """How curvature is estimated; what the keywords of all functions that make maps mean.

    Attributes
    ----------
    probes
        How many (≥ 1), or a (K, C, H, W) array of ±1: then exactly those.
    estimator
        "probing" (signs on one colour class each: less error for the same number), "hutchinson"
        (full ±1 probes) or "exact" (ignores `probes`); see `memlens.estimators.diagonal`.
    seed
        Of the probes, separate from the picture's.
    products
        "auto", or "reverse" (Jᵀv, one graph for all probes), "checkpointed" (the same with blocks
        computed again in every product instead of kept), "forward" (Jv, no graph) or
        "finite-difference" (Jv from forward passes alone; see its docstring for the error).
        "auto" measures once per model which is cheapest and fits; provenance tells which was.
    probes_per_batch
        Probes in one pass; None chooses by device, and out-of-memory halves it.

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


class EstimationKeywords(TypedDict, total=False):
    """The fields of `Estimation`, each a keyword of its own, or `estimation` whole."""

    estimation: Estimation
    probes: Probes
    estimator: str
    seed: int
    products: str
    probes_per_batch: int | None


def estimation_of(keywords: EstimationKeywords) -> Estimation:
    """Return what keywords say, defaults for those left out.

    Raises
    ------
    SettingsError
        If `estimation` is given beside others, or one is out of range.
    """
    single: dict[str, Any] = {name: given for name, given in keywords.items()}  # noqa: C416
    whole = single.pop("estimation", None)
    if whole is None:
        unknown = sorted(single.keys() - {field.name for field in fields(Estimation)})
        if unknown:
            raise TypeError(f"unexpected keyword {unknown[0]!r}")
        return Estimation(**single)
    if single:
        raise SettingsError(f"give estimation whole, or {', '.join(single)} alone, not both.")
    if not isinstance(whole, Estimation):
        raise SettingsError("estimation must be a memlens.Estimation.")
    return whole


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
