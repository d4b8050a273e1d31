"""How a sweep samples and maps: what must be the same for all of its tasks."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from typing import Any, Self

from memlens.errors import SettingsError
from memlens.estimators.names import (
    DEFAULT_ESTIMATOR,
    DEFAULT_PROBES,
    ESTIMATORS,
    PRODUCTS,
    REVERSE,
)
from memlens.methods.registry import LESS_TRAINED, METHODS, UNCONDITIONAL, map_kind
from memlens.sampling.noise import CPU, CUDA
from memlens.sampling.seeds import check_seed

BOTH = "both"
# Measured in benchmarks/sweep.py: more pictures in a call gain little beyond.
TOGETHER = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class SweepSettings:
    """The settings of a sweep.

    Attributes
    ----------
    model, baseline
        As `memlens.load_model` and `memlens.load_baseline` take them; the baseline None where no
        kind needs a less-trained one, "" for the one that the model's folder brings.
    device, dtype, download
        As `memlens.load_model` takes them.
    kinds
        Names in `memlens.methods.registry.MAP_KINDS`, each once.
    steps
        At which maps are made; the first is the one whose files lie in the official place.
    sampling_steps, guidance_scale, noise
        As for `memlens.sample`.
    probes, estimator, products, probe_seed
        As for `memlens.localize_maps`; each task draws probes of its own from `probe_seed`.
    steps_averaged
        Over how many steps maps without probes are averaged; official: 2.
    pictures_per_batch
        How many tasks are sampled in the same network calls.
    threads
        Of torch on a CPU, the same for every process, so that sums are rounded alike.
    controls
        A controls file, "demo", or None.
    version
        1 or 2: which of the official data sets' names the files get.
    """

    model: str
    baseline: str | None = None
    device: str = "auto"
    dtype: str = "auto"
    download: bool = False
    kinds: tuple[str, ...] = ("cov", "score_diff")
    steps: tuple[int, ...] = (-1,)
    sampling_steps: int = 50
    guidance_scale: float | None = None
    noise: str = CPU
    probes: int = DEFAULT_PROBES
    estimator: str = DEFAULT_ESTIMATOR
    products: str = REVERSE
    probe_seed: int = 0
    steps_averaged: int = 1
    pictures_per_batch: int = TOGETHER
    threads: int = 1
    controls: str | None = None
    version: int = 1

    def checked(self) -> Self:
        """Return the settings with kinds and steps each once.

        Raises
        ------
        SettingsError
            If one is out of range.
        """
        kinds = tuple(map_kind(name).name for name in dict.fromkeys(self.kinds))
        if not kinds:
            raise SettingsError("no kinds of map were asked for: name at least one.")
        if not self.steps:
            raise SettingsError("no steps were asked for: name at least one.")
        at_least_one = {
            "sampling steps": self.sampling_steps,
            "probes": self.probes,
            "averaged steps": self.steps_averaged,
            "pictures per batch": self.pictures_per_batch,
            "threads": self.threads,
        }
        for what, number in at_least_one.items():
            if number < 1:
                raise SettingsError(f"{number} {what}: choose 1 or more.")
        for step in self.steps:
            if not -self.sampling_steps <= step < self.sampling_steps:
                raise SettingsError(
                    f"there is no step {step} among {self.sampling_steps}: choose 0 to "
                    f"{self.sampling_steps - 1}, or -1 for the last."
                )
        if self.noise not in (CPU, CUDA):
            raise SettingsError(f"noise cannot be drawn as on {self.noise!r}: choose cpu or cuda.")
        if self.estimator not in ESTIMATORS:
            known = ", ".join(ESTIMATORS)
            raise SettingsError(f"no estimator is called {self.estimator!r}: choose {known}.")
        if self.products not in PRODUCTS:
            known = ", ".join(PRODUCTS)
            raise SettingsError(f"no products are called {self.products!r}: choose {known}.")
        check_seed(self.probe_seed, "probe seed")
        steps = tuple(dict.fromkeys(step % self.sampling_steps for step in self.steps))
        return replace(self, kinds=kinds, steps=steps)

    @property
    def subtracts(self) -> bool:
        """Whether a kind needs the less-trained baseline."""
        return any(map_kind(name).baseline == LESS_TRAINED for name in self.kinds)

    @property
    def uses_probes(self) -> bool:
        """Whether a kind is estimated."""
        return any(METHODS[map_kind(name).method].uses_probes for name in self.kinds)

    @property
    def calls_for_maps(self) -> int:
        """Network calls of all maps of one task, at most."""
        apart = sum(not METHODS[map_kind(name).method].uses_probes for name in self.kinds)
        products = (self.probes + 1) * (2 if self.subtracts else 1) if self.uses_probes else 0
        return (apart + products) * len(self.steps)

    def to_json(self) -> dict[str, Any]:
        """Return a JSON-ready dictionary."""
        return {**asdict(self), "kinds": list(self.kinds), "steps": list(self.steps)}

    @classmethod
    def from_json(cls, values: Mapping[str, Any]) -> Self:
        """Read what `to_json` wrote.

        Raises
        ------
        KeyError, TypeError, ValueError
            If it is damaged.
        """
        kept = {field.name: values[field.name] for field in fields(cls)}
        kept["kinds"] = tuple(str(name) for name in kept["kinds"])
        kept["steps"] = tuple(int(step) for step in kept["steps"])
        return cls(**kept).checked()

    def differences(self, other: Self) -> tuple[str, ...]:
        """Name what would make other results; where they are made does not."""
        elsewhere = ("device", "download", "controls")
        return tuple(
            f"{field.name.replace('_', ' ')} {_word(getattr(self, field.name))}, "
            f"before {_word(getattr(other, field.name))}"
            for field in fields(self)
            if field.name not in elsewhere
            and getattr(self, field.name) != getattr(other, field.name)
        )


def kinds_for(baseline: str | None, methods: tuple[str, ...]) -> tuple[str, ...]:
    """Return the kinds of map that methods make with a choice of baselines.

    Parameters
    ----------
    baseline
        None or "unconditional"; "both"; anything else names a less-trained one.
    methods
        Keys of methods, or official names, which stand for themselves.

    Raises
    ------
    SettingsError
        If a name is neither.
    """
    from memlens.methods.registry import MAP_KINDS, kind_of

    sorts: tuple[str, ...] = (
        (UNCONDITIONAL,) if baseline in (None, UNCONDITIONAL) else (LESS_TRAINED,)
    )
    if baseline == BOTH:
        sorts = (UNCONDITIONAL, LESS_TRAINED)
    found = []
    for name in methods:
        if name in MAP_KINDS:
            found.append(name)
        elif name in METHODS and METHODS[name].needs_baseline:
            found += [kind_of(name, sort).name for sort in sorts]
        elif name in METHODS:
            found.append(kind_of(name, None).name)
        else:
            known = ", ".join((*METHODS, *MAP_KINDS))
            raise SettingsError(f"no method is called {name!r}: choose among {known}.")
    return tuple(dict.fromkeys(found))


def _word(value: object) -> str:
    if isinstance(value, tuple):
        return " and ".join(map(str, value))
    return "none" if value is None else str(value)
