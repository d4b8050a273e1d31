"""The one registry of readings. Light on purpose: nothing here imports torch."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from importlib import import_module
from types import ModuleType

from memlens.errors import SettingsError
from memlens.methods.registry import MAP_KINDS, METHODS, UNCONDITIONAL, Cost, MapKind, Offers

# Asked of a model as methods are: whether the tokens of a prompt can be told apart.
TOKENS = "tokens"


class Scope(StrEnum):
    """What one number is of."""

    RUN = "run"
    STEP = "step"


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingKind:
    """A number that is read off a run.

    Attributes
    ----------
    key
        What Python interface and command line call it.
    label, symbol
        For people.
    about
        What it is, in one sentence.
    source
        Paper and equation.
    cost
        Beyond the trajectory.
    unit
        "" where dimensionless.
    scope
        Whether one number is of the whole run or of one step.
    needs
        Keys of the methods whose availability decides, "unconditional" where ε̂ of ∅ is read, and
        "tokens" where those of the prompt are.
    module
        The module in `memlens.readings` that computes it (function ``compute``).
    map_kind
        The kind of map that it is the mean of, "" for others.
    small_is_unusual
        Whether small values, not large ones, are what memorized pictures have.
    of_noise
        Whether it is read on the noise that a run begins from.
    """

    key: str
    label: str
    symbol: str
    about: str
    source: str
    cost: Cost
    unit: str
    scope: Scope
    needs: tuple[str, ...]
    module: str
    map_kind: str = ""
    small_is_unusual: bool = False
    of_noise: bool = False

    @property
    def at_shown_step(self) -> bool:
        """Whether it is of the step being looked at, not of one that its paper names."""
        return self.module in ("map_mean", "free_dimensions")

    def load(self) -> ModuleType:
        """Import the reading's module (this imports torch where it needs a network)."""
        return import_module(f"memlens.readings.{self.module}")

    def unavailable(self, model: Offers) -> str:
        """Why `model` cannot offer it; "" where it can."""
        if self.map_kind:
            return MAP_KINDS[self.map_kind].unavailable(model)
        reasons = (model.unavailable(what) for what in self.needs)
        return next((reason for reason in reasons if reason), "")


def _mean_of(kind: MapKind) -> ReadingKind:
    return ReadingKind(
        key=f"mean-{kind.name}",
        label=f"Mean of {kind.label[0].lower()}{kind.label[1:]}",
        symbol=f"mean {kind.symbol}",
        about="Mean over the map's coordinates, in canonical units.",
        source=METHODS[kind.method].source,
        cost=kind.cost,
        unit="",
        scope=Scope.STEP,
        needs=(kind.method,),
        module="map_mean",
        map_kind=kind.name,
    )


READINGS: dict[str, ReadingKind] = {
    reading.key: reading
    for reading in (
        ReadingKind(
            key="wen",
            label="Length of the noise difference",
            symbol="‖Δε̂‖",
            about="Mean over steps of ‖ε̂_c − ε̂_∅‖₂, and its value at every step.",
            source="Wen et al., ICLR 2024",
            cost=Cost.FREE,
            unit="",
            scope=Scope.RUN,
            needs=(UNCONDITIONAL,),
            module="wen",
        ),
        ReadingKind(
            key="jeon",
            label="Sharpness along the score difference",
            symbol="‖ΔH Δs‖",
            about="‖(H_c − H_∅)(s_c − s_∅)‖₂ at one step, by default the first.",
            source="Jeon et al., ICML 2025",
            cost=Cost.ONE_PRODUCT,
            unit="latent⁻³",
            scope=Scope.STEP,
            needs=("curvature-difference", UNCONDITIONAL),
            module="jeon",
        ),
        ReadingKind(
            key="asthana-norm",
            label="Length of the guidance on pure noise",
            symbol="‖Δε̂‖_T",
            about="‖ε̂_c − ε̂_∅‖₂ at the first step, where x_T is noise alone.",
            source="Asthana & Belagiannis, ICLR 2026",
            cost=Cost.FREE,
            unit="",
            scope=Scope.STEP,
            needs=(UNCONDITIONAL,),
            module="asthana_norm",
            of_noise=True,
        ),
        ReadingKind(
            key="asthana-cosine",
            label="Guidance cosine on pure noise",
            symbol="cos_T",
            about="Cosine of ε̂_∅ and ε̂_c − ε̂_∅ over all coordinates, the first noise x_T given to "
            "the network as if it were nearly clean.",
            source="Asthana & Belagiannis, ICLR 2026",
            cost=Cost.ONE_FORWARD,
            unit="",
            scope=Scope.STEP,
            needs=(UNCONDITIONAL,),
            module="asthana_cosine",
            of_noise=True,
        ),
        ReadingKind(
            key="wen-tokens",
            label="Largest influence of one token",
            symbol="max ‖∂‖Δε̂‖‖",
            about="‖∂‖ε̂_c − ε̂_∅‖₂/∂e_i‖₂ for each token's embedding e_i, by default at the first "
            "step; the number is that of the token with most.",
            source="Wen et al., ICLR 2024, token-wise significance",
            cost=Cost.ONE_PRODUCT,
            unit="",
            scope=Scope.STEP,
            needs=("curvature-difference", UNCONDITIONAL, TOKENS),
            module="wen_tokens",
        ),
        ReadingKind(
            key="flipd",
            label="Local intrinsic dimension",
            symbol="FLIPD",
            about="D + σ²(tr ∇s_c + ‖s_c‖²) at α·x₀: dimensions in which the picture may vary.",
            source="Kamkari et al., NeurIPS 2024",
            cost=Cost.PROBES,
            unit="dimensions",
            scope=Scope.STEP,
            needs=("curvature",),
            module="flipd",
            small_is_unusual=True,
        ),
        ReadingKind(
            key="free-dimensions",
            label="Free dimensions",
            symbol="Σρ",
            about="D + σ² tr ∇s_c at x_t, the trace term of FLIPD: the sum of retained variances.",
            source="Kamkari et al., NeurIPS 2024; Kim & Lee 2026, Prop. 4.1",
            cost=Cost.PROBES,
            unit="dimensions",
            scope=Scope.STEP,
            needs=("curvature",),
            module="free_dimensions",
            small_is_unusual=True,
        ),
        *map(_mean_of, MAP_KINDS.values()),
    )
}


def reading_kind(key: str) -> ReadingKind:
    """Return a reading by its key.

    Raises
    ------
    SettingsError
        If there is none; the message lists those that exist.
    """
    try:
        return READINGS[key]
    except KeyError:
        known = ", ".join(READINGS)
        raise SettingsError(f"no reading is called {key!r}: choose among {known}.") from None
