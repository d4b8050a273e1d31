"""Whether a run, or a map of it, may be compared with controls at all."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from typing import TYPE_CHECKING

from memlens.controls.controls import Controls
from memlens.controls.settings import level_differences
from memlens.controls.wording import settings_differ
from memlens.errors import SettingsError
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, METHODS, map_kind

if TYPE_CHECKING:
    from memlens.models.denoiser import Baseline
    from memlens.sampling.trajectory import Trajectory


def checked_kinds(kinds: Iterable[str], baseline: Baseline | None) -> tuple[str, ...]:
    """Return the kinds, each once.

    Raises
    ------
    SettingsError
        If there is none, one is unknown, or one needs a less-trained baseline that is not given.
    """
    names = tuple(map_kind(name).name for name in dict.fromkeys(kinds))
    if not names:
        raise SettingsError("no kinds of map were asked for: name at least one.")
    for name in names:
        if map_kind(name).baseline == LESS_TRAINED and baseline is None:
            raise SettingsError(f"{name} needs a less-trained baseline: give a loaded one.")
    return names


def why_run_differs(
    run: Trajectory,
    controls: Controls,
    kinds: Iterable[str],
    baseline: Baseline | None,
    step: int,
    *,
    estimate: tuple[str, int] | None = None,
) -> str:
    """Return why maps of these kinds at `step` of a run cannot be compared; "" where they can.

    Parameters
    ----------
    estimate
        Estimator and number of probes that curvatures are going to be made with; None leaves
        that open.
    """
    made = controls.settings
    names = tuple(kinds)
    identity = None if baseline is None else baseline.description.identity
    found = [
        *made.differences(run.provenance, run.latent_shape),
        *controls.lacking(names, step),
    ]
    for name in names:
        found += made.baseline_difference(name, identity)
    probed = any(METHODS[map_kind(name).method].uses_probes for name in names)
    if estimate is not None and probed:
        found += made.estimate_differences(*estimate)
    if step in controls.sigmas:
        there = replace(run.provenance, sigma=run.schedule[step].sigma)
        found += level_differences(there, controls.sigmas[step])
    return settings_differ(list(dict.fromkeys(found)))


def why_maps_differ(maps: Iterable[LocalizationMap], controls: Controls) -> str:
    """Return why maps of one step cannot be compared; "" where they can."""
    given = list(maps)
    step = given[0].step
    found = [*controls.lacking([each.kind for each in given], step)]
    for each in given:
        made = each.provenance
        found += controls.settings.differences(made, each.shape)
        found += controls.settings.baseline_difference(each.kind, made.baseline)
        if step in controls.sigmas:
            found += level_differences(made, controls.sigmas[step])
    return settings_differ(list(dict.fromkeys(found)))
