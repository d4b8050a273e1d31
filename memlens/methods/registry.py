"""The one registry of methods and of the kinds of map that they make.

Light on purpose: nothing here imports torch, so that the window can list methods at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from types import ModuleType
from typing import Protocol

from memlens.errors import SettingsError

UNCONDITIONAL = "unconditional"
LESS_TRAINED = "less-trained"


class Cost(StrEnum):
    """What a map or a reading costs beyond the trajectory."""

    FREE = "free"
    ONE_FORWARD = "one forward pass"
    ONE_PRODUCT = "one forward pass and one vector product"
    PROBES = "one forward pass and one vector product per probe"


class Offers(Protocol):
    """A model, as far as availability goes."""

    def unavailable(self, what: str) -> str:
        """Why it cannot offer a method, or "unconditional"; "" where it can."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Method:
    """A way to make a map.

    Attributes
    ----------
    key
        What the Python interface calls it.
    label
        For people.
    source
        Paper and equation.
    needs_baseline
        Whether a baseline is subtracted.
    uses_probes
        Whether it is estimated with random probes and so has a standard error.
    module
        The module in `memlens.methods` that computes it (function ``compute``).
    like
        Key of the method that needs the same of a model, "" for none: a model is asked for that.
    """

    key: str
    label: str
    source: str
    needs_baseline: bool
    uses_probes: bool
    module: str
    like: str = ""

    def unavailable(self, model: Offers) -> str:
        """Why `model` cannot offer it; "" where it can."""
        return model.unavailable(self.like or self.key)

    def load(self) -> ModuleType:
        """Import the method's module (this imports torch)."""
        return import_module(f"memlens.methods.{self.module}")


@dataclass(frozen=True, slots=True, kw_only=True)
class MapKind:
    """A method with the sort of baseline it uses: what a panel shows.

    Attributes
    ----------
    name
        File name in the official layout ("cov"), and the key in sessions.
    method
        The method's key.
    baseline
        "unconditional", "less-trained" or None where there is no choice of one.
    symbol
        As the paper writes it ("Δh_∅").
    label
        For people.
    cost
        Beyond the trajectory.
    levels
        The canonical values that absolute levels run between, the same for all maps of a kind.
    signed
        Whether values below 0 mean as much as those above, so that none are clamped away.
    needs_unconditional
        Whether ε̂ of ∅ is needed though it is no baseline to choose.
    """

    name: str
    method: str
    baseline: str | None
    symbol: str
    label: str
    cost: Cost
    levels: tuple[float, float] = (0.0, 1.0)
    signed: bool = False
    needs_unconditional: bool = False

    def unavailable(self, model: Offers) -> str:
        """Why `model` cannot offer it; "" where it can."""
        reason = METHODS[self.method].unavailable(model)
        if reason or not (self.needs_unconditional or self.baseline == UNCONDITIONAL):
            return reason
        return model.unavailable(UNCONDITIONAL)


METHODS: dict[str, Method] = {
    method.key: method
    for method in (
        Method(
            key="curvature-difference",
            label="Curvature difference",
            source="Kim & Lee 2026, Eq. 1 and 2",
            needs_baseline=True,
            uses_probes=True,
            module="curvature_difference",
        ),
        Method(
            key="score-difference",
            label="Score difference",
            source="Kim & Lee 2026, Eq. 5 and 6",
            needs_baseline=True,
            uses_probes=False,
            module="score_difference",
        ),
        Method(
            key="curvature",
            label="Curvature",
            source="Kim & Lee 2026, Prop. 4.1",
            needs_baseline=False,
            uses_probes=True,
            module="curvature",
        ),
        Method(
            key="bright-ending",
            label="Bright Ending attention",
            source="Chen et al., ICLR 2025",
            needs_baseline=False,
            uses_probes=False,
            module="bright_ending",
        ),
        Method(
            key="bright-ending-all",
            label="Bright Ending over all end-of-text positions",
            source="after Chen et al., ICLR 2025, who read the first position alone",
            needs_baseline=False,
            uses_probes=False,
            module="bright_ending_all",
            like="bright-ending",
        ),
        Method(
            key="guidance-cosine",
            label="Guidance cosine per pixel",
            source="per-pixel map after Asthana & Belagiannis, ICLR 2026, whose reading is global",
            needs_baseline=False,
            uses_probes=False,
            module="guidance_cosine",
        ),
    )
}

MAP_KINDS: dict[str, MapKind] = {
    kind.name: kind
    for kind in (
        MapKind(
            name="cov",
            method="curvature-difference",
            baseline=UNCONDITIONAL,
            symbol="Δh_∅",
            label="Curvature difference to unconditional",
            cost=Cost.PROBES,
        ),
        MapKind(
            name="score_diff",
            method="score-difference",
            baseline=UNCONDITIONAL,
            symbol="Δs_∅",
            label="Score difference to unconditional",
            cost=Cost.FREE,
        ),
        MapKind(
            name="cov_bad",
            method="curvature-difference",
            baseline=LESS_TRAINED,
            symbol="Δh_θ̃",
            label="Curvature difference to less-trained",
            cost=Cost.PROBES,
        ),
        MapKind(
            name="score_diff_bad",
            method="score-difference",
            baseline=LESS_TRAINED,
            symbol="Δs_θ̃",
            label="Score difference to less-trained",
            cost=Cost.ONE_FORWARD,
        ),
        MapKind(
            name="curvature",
            method="curvature",
            baseline=None,
            symbol="h",
            label="Curvature",
            cost=Cost.PROBES,
        ),
        MapKind(
            name="attention",
            method="bright-ending",
            baseline=None,
            symbol="BE",
            label="Bright Ending attention",
            cost=Cost.ONE_FORWARD,
        ),
        MapKind(
            name="attention_all",
            method="bright-ending-all",
            baseline=None,
            symbol="BE_all",
            label="Bright Ending over all end-of-text positions",
            cost=Cost.ONE_FORWARD,
        ),
        MapKind(
            name="guidance_cosine",
            method="guidance-cosine",
            baseline=None,
            symbol="cos_∅",
            label="Guidance cosine per pixel",
            cost=Cost.FREE,
            levels=(-1.0, 1.0),
            signed=True,
            needs_unconditional=True,
        ),
    )
}


def method(key: str) -> Method:
    """Return a method by its key.

    Raises
    ------
    SettingsError
        If there is none; the message lists those that exist.
    """
    try:
        return METHODS[key]
    except KeyError:
        known = ", ".join(METHODS)
        raise SettingsError(f"no method is called {key!r}: choose among {known}.") from None


def map_kind(name: str) -> MapKind:
    """Return a kind of map by its official name.

    Raises
    ------
    SettingsError
        If there is none; the message lists those that exist.
    """
    try:
        return MAP_KINDS[name]
    except KeyError:
        known = ", ".join(MAP_KINDS)
        raise SettingsError(f"no map is called {name!r}: choose among {known}.") from None


def kind_of(method_key: str, baseline: str | None) -> MapKind:
    """Return the kind of map that `method_key` makes with this sort of baseline.

    Raises
    ------
    SettingsError
        If the method does not go with it.
    """
    found = [
        kind
        for kind in MAP_KINDS.values()
        if kind.method == method(method_key).key and kind.baseline == baseline
    ]
    if not found:
        raise SettingsError(f"the method {method_key} does not go with baseline {baseline!r}.")
    return found[0]
