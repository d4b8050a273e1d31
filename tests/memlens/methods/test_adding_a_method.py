"""Adding a method, as docs/architecture.md says: a module, and an entry in each list."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

import numpy as np
import pytest

import memlens
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS, METHODS, Cost, MapKind, Method
from memlens.methods.request import MapRequest


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield the mean square of the target's ε̂ over channels."""
    request.report(1, 1)
    values = np.square(request.record.eps_target).mean(axis=0)
    yield request.finished(values, paper=4 * values, network_calls=0)


@pytest.fixture
def added(monkeypatch: pytest.MonkeyPatch) -> None:
    module = ModuleType("memlens.methods.noise_power")
    module.compute = compute  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, module.__name__, module)
    method = Method(
        key="noise-power",
        label="Noise power",
        source="none",
        needs_baseline=False,
        uses_probes=False,
        module="noise_power",
    )
    kind = MapKind(
        name="noise_power",
        method=method.key,
        baseline=None,
        symbol="ε̂²",
        label=method.label,
        cost=Cost.FREE,
    )
    monkeypatch.setitem(METHODS, method.key, method)
    monkeypatch.setitem(MAP_KINDS, kind.name, kind)


def test_it_is_localized_alone_and_beside_others(added: None, model: Any) -> None:
    run = memlens.sample(model, "a red apple", seed=1, steps=4)
    expected = np.square(run.record(3).eps_target).mean(axis=0)
    alone = memlens.localize(run, "noise-power", step=3)
    np.testing.assert_allclose(alone.values, expected, rtol=1e-6)
    assert (alone.kind, alone.provenance.step) == ("noise_power", 3)
    beside = memlens.localize_maps(run, ("noise_power", "score_diff"), step=3)
    assert list(beside) == ["noise_power", "score_diff"]
    np.testing.assert_array_equal(beside["noise_power"].values, alone.values)
