"""What a calibration is asked for, checked before anything is sampled."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from memlens.controls.settings import ControlSettings
from memlens.errors import MethodUnavailable, SettingsError
from memlens.estimators.names import AUTO, DEFAULT_ESTIMATOR, DEFAULT_PROBES
from memlens.maps.localization_map import check_window
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, Cost, map_kind
from memlens.readings.registry import READINGS, reading_kind

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline, Model

SMOOTHING = 3
CELLS = 8
# Seeds that people do not type, so that a control's noise is no picture's of theirs.
SEED = 10_000


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Calibration:
    """How controls are sampled and what is kept of them; see `memlens.calibrate`."""

    model: Model
    baseline: Baseline | None
    steps: tuple[int, ...]
    kinds: tuple[str, ...]
    readings: tuple[str, ...]
    sampling_steps: int
    guidance_scale: float
    probes: int
    estimator: str
    products: str
    smoothing: int
    cells: int
    seed: int
    probes_per_batch: int | None
    pictures_per_batch: int

    @classmethod
    def checked(
        cls,
        model: Model,
        *,
        baseline: Baseline | None = None,
        steps: int | Iterable[int] = -1,
        kinds: Iterable[str] | None = None,
        readings: Iterable[str] | None = None,
        sampling_steps: int = 50,
        guidance_scale: float | None = None,
        probes: int = DEFAULT_PROBES,
        estimator: str = DEFAULT_ESTIMATOR,
        products: str = AUTO,
        smoothing: int = SMOOTHING,
        cells: int = CELLS,
        seed: int = SEED,
        probes_per_batch: int | None = None,
        pictures_per_batch: int | None = None,
    ) -> Calibration:
        """Fill in defaults, and raise what sampling would raise later.

        Raises
        ------
        SettingsError
            If a setting is out of range.
        MethodUnavailable
            If the model cannot offer a kind or reading that is named.
        """
        from memlens.estimators.estimation import plan_probes

        schedule = model.schedule(sampling_steps)
        asked = (steps,) if isinstance(steps, int) else tuple(steps)
        if not asked:
            raise SettingsError("no steps were asked for: name at least one.")
        description = model.description
        _, height, width = description.latent_shape
        check_window(smoothing, (height, width))
        if cells < 1:
            raise SettingsError(f"{cells} cells a side: choose 1 or more.")
        on_cpu = model.denoiser.device.type == "cpu"
        together = pictures_per_batch or (8 if on_cpu else 4)
        if together < 1:
            raise SettingsError(f"{together} pictures per batch: choose 1 or more.")
        names = _kinds(model, baseline, kinds)
        plan = plan_probes(estimator, probes, seed, description.latent_shape)
        return cls(
            model=model,
            baseline=baseline,
            steps=tuple(sorted({schedule.index(step) for step in asked})),
            kinds=names,
            readings=_readings(model, baseline, names, readings),
            sampling_steps=sampling_steps,
            guidance_scale=float(
                description.default_guidance_scale if guidance_scale is None else guidance_scale
            ),
            probes=plan.count,
            estimator=plan.estimator,
            products=products,
            smoothing=smoothing,
            cells=cells,
            seed=seed,
            probes_per_batch=probes_per_batch or 4,
            pictures_per_batch=together,
        )

    @property
    def uses_probes(self) -> bool:
        """Whether a kind is estimated."""
        return any(METHODS[MAP_KINDS[name].method].uses_probes for name in self.kinds)

    @property
    def subtracts(self) -> bool:
        """Whether a kind needs the less-trained baseline."""
        return any(MAP_KINDS[name].baseline == LESS_TRAINED for name in self.kinds)

    def settings(
        self, *, curvature_dtype: str | None = None, products: str | None = None
    ) -> ControlSettings:
        """Return the settings as they are kept; the two that only a made map tells are given."""
        described = self.model.description
        baseline = self.baseline if self.subtracts else None
        return ControlSettings(
            model=described.identity,
            baseline=None if baseline is None else baseline.description.identity,
            family=described.family,
            prediction_type=described.prediction_type,
            latent_shape=described.latent_shape,
            picture_size=described.picture_size,
            dtype=described.dtype,
            curvature_dtype=curvature_dtype,
            steps=self.sampling_steps,
            guidance_scale=self.guidance_scale,
            schedule_mended=described.schedule_mended,
            estimator=self.estimator if self.uses_probes else None,
            probes=self.probes if self.uses_probes else None,
            products=products,
            smoothing=self.smoothing,
            cells=self.cells,
        )


def _kinds(model: Model, baseline: Baseline | None, kinds: Iterable[str] | None) -> tuple[str, ...]:
    """Return the kinds asked for, or all that this model and baseline allow."""
    from memlens.controls.comparable import checked_kinds

    if kinds is not None:
        names = checked_kinds(kinds, baseline)
        for name in names:
            reason = MAP_KINDS[name].unavailable(model)
            if reason:
                raise MethodUnavailable(f"{name} cannot be made: {reason}")
        return names
    return tuple(
        kind.name
        for kind in MAP_KINDS.values()
        if (baseline is not None or kind.baseline != LESS_TRAINED) and not kind.unavailable(model)
    )


def _readings(
    model: Model,
    baseline: Baseline | None,
    kinds: tuple[str, ...],
    readings: Iterable[str] | None,
) -> tuple[str, ...]:
    """Return the readings asked for, or those that cost next to nothing beside the maps."""
    if readings is not None:
        chosen = [reading_kind(key) for key in dict.fromkeys(readings)]
        for reading in chosen:
            reason = reading.unavailable(model)
            if reason:
                raise MethodUnavailable(f"{reading.key} cannot be read: {reason}")
            less_trained = reading.map_kind and map_kind(reading.map_kind).baseline == LESS_TRAINED
            if less_trained and baseline is None:
                raise SettingsError(
                    f"{reading.key} needs a less-trained baseline: give a loaded one."
                )
        return tuple(reading.key for reading in chosen)
    cheap = (Cost.FREE, Cost.ONE_FORWARD, Cost.ONE_PRODUCT)
    return tuple(
        reading.key
        for reading in READINGS.values()
        if not reading.unavailable(model)
        and (
            reading.map_kind in kinds
            or (reading.key == "free-dimensions" and map_kind("curvature").name in kinds)
            or (not reading.map_kind and reading.cost in cheap)
        )
    )
