"""Curvature: diag(−H_c) = diag(J_c)/σ, in canonical units 1 − ρ_c = σ·diag(J_c)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import torch
from torch import Tensor

from memlens.errors import SettingsError
from memlens.estimators.diagonal import DiagonalEstimate, stream_together
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, UNCONDITIONAL
from memlens.methods.request import MapRequest
from memlens.models.denoiser import Condition
from memlens.models.finite_output import require_finite
from memlens.models.precision import for_products
from memlens.products.network import TARGET, Network
from memlens.products.vector_products import VectorProducts


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield the target's curvature after every batch of probes (Kim & Lee 2026, Prop. 4.1)."""
    for (found,) in SharedCurvature((request,)).stream():
        yield found


class SharedCurvature:
    """Curvatures and curvature differences of one step that share probes and products.

    A difference is ρ_base − ρ_c = σ·diag(J_c − J_base). The target's products serve all of
    them, and target and ∅ are two rows of one network call; since all share the probes, what
    the estimates have in common cancels in every difference.

    Parameters
    ----------
    requests
        Of one run, step, plan and seed; the kinds differ. The first one's progress, cancel
        token and settings hold for all.

    Raises
    ------
    SettingsError
        If a kind needs probes and has none.
    NumericalError
        If the network gives NaN or infinity.
    Cancelled
        Before the next network call.
    """

    def __init__(self, requests: Sequence[MapRequest]) -> None:
        first = self._first = requests[0]
        self._requests = tuple(requests)
        if first.plan is None:
            raise SettingsError(f"{first.kind.label} needs probes.")
        self._plan = first.plan
        networks = networks_of(requests)
        self._dtype = networks[0].denoiser.dtype
        self._calls, self._total = len(networks), self.network_calls(requests)
        self._done = 0
        first.report(0, self._total)
        self._products = VectorProducts(
            networks,
            first.x_t(),
            kind=first.products,
            batch=first.probes_per_batch,
            cancel=first.cancel,
        )
        for part, value in self.values.items():
            require_finite(
                value,
                what=f"{part} noise",
                step=first.step,
                level=first.level,
                dtype=self._dtype,
            )
        first.report(self._calls, self._total)

    @staticmethod
    def network_calls(requests: Sequence[MapRequest]) -> int:
        """Return how many calls are counted: one per network, then one per probe."""
        plan = requests[0].plan
        less_trained = any(request.kind.baseline == LESS_TRAINED for request in requests)
        return 1 + less_trained + (0 if plan is None else plan.count)

    @property
    def values(self) -> Mapping[str, Tensor]:
        """ε̂ at the step by baseline ("target" for the target), each (C, H, W)."""
        return self._products.values

    @property
    def products(self) -> str:
        """How vector products are made, one of `memlens.estimators.names.PRODUCTS`."""
        return self._products.kind

    def differences(self, probes: Tensor) -> list[Tensor]:
        """Return Jᵀv of `probes`, (B, C, H, W), less the baseline's, for each request."""
        made = self._products(probes)
        self._done += len(probes)
        self._first.report(self._calls + self._done, self._total)
        target = made[TARGET]
        baselines = [request.kind.baseline for request in self._requests]
        return [target if name is None else target - made[name] for name in baselines]

    def estimates(self) -> Iterator[tuple[DiagonalEstimate, ...]]:
        """Yield the diagonals, in the order of the requests, after every whole repetition."""
        for found in stream_together(self._plan, self.differences, lambda: self._products.batch):
            for each in found:
                self.require_finite(torch.from_numpy(each.mean))
            yield found

    def stream(self) -> Iterator[tuple[LocalizationMap, ...]]:
        """Yield the maps, in the order of the requests, after every whole repetition."""
        for estimates in self.estimates():
            yield tuple(
                self._finished(request, estimate)
                for request, estimate in zip(self._requests, estimates, strict=True)
            )

    def require_finite(self, values: Tensor) -> None:
        """Raise NumericalError if products at this step hold NaN or infinity."""
        first = self._first
        require_finite(
            values, what="vector product", step=first.step, level=first.level, dtype=self._dtype
        )

    def _finished(self, request: MapRequest, estimate: DiagonalEstimate) -> LocalizationMap:
        sigma = request.level.sigma
        alone = 2 if request.kind.baseline == LESS_TRAINED else 1
        return request.finished(
            sigma * estimate.mean,
            standard_error=sigma * estimate.standard_error,
            paper=estimate.mean * self._plan.shape[0],
            network_calls=alone + estimate.products,
            probes=estimate.products,
            products=self._products.kind,
        )


def networks_of(requests: Sequence[MapRequest]) -> list[Network]:
    """Return the networks that curvatures of one step need: target and ∅ as one, less-trained."""
    first = requests[0]
    prompt, level = first.run.provenance.prompt, first.level
    baselines = {request.kind.baseline: request.baseline for request in requests}
    parts, conditions = [TARGET], [first.target_condition()]
    if UNCONDITIONAL in baselines:
        parts.append(UNCONDITIONAL)
        conditions.append(first.model.encode_prompt("", first.guidance_scale))
    joined = Condition.joined(conditions)
    networks = [Network(for_products(first.model.denoiser), level, tuple(parts), joined)]
    early = baselines.get(LESS_TRAINED)
    if early is not None:
        condition = early.encoder(prompt, first.guidance_scale)
        networks.append(Network(for_products(early.denoiser), level, (LESS_TRAINED,), condition))
    return networks
