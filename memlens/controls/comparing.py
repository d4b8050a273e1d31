"""Compare maps that are there with controls; no network is asked."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from memlens.controls import wording
from memlens.controls.comparable import why_maps_differ
from memlens.controls.controls import Controls
from memlens.controls.family import Family
from memlens.controls.regions import SurpriseRegion, regions_of
from memlens.controls.survival import Survival
from memlens.controls.verdict import FOUND, BoolArray, Verdict, VerdictRegion
from memlens.errors import SettingsError
from memlens.maps.localization_map import LocalizationMap, mean_filter


def verdict_of(
    maps: Iterable[LocalizationMap], controls: Controls, *, picture_size: tuple[int, int]
) -> Verdict:
    """Judge maps that are there already, as one family; nothing is computed with a network.

    Parameters
    ----------
    maps
        Of one run and step, a kind each; as they are made, or under the controls' own filter.
    controls
        What they are compared with.
    picture_size
        (height, width) of the masks.

    Raises
    ------
    SettingsError
        If there is no map, or they are of several steps.
    """
    given = {found.kind: found for found in maps}
    steps = {found.step for found in given.values()}
    if len(steps) != 1:
        raise SettingsError("a verdict needs maps of one step: give at least one, all of one step.")
    (step,) = steps
    names = tuple(given)
    reason = why_maps_differ(given.values(), controls)
    if reason:
        return incomparable(reason, controls, names, step, picture_size)
    return _judged(given, controls, step, picture_size)


def _judged(
    given: Mapping[str, LocalizationMap],
    controls: Controls,
    step: int,
    picture_size: tuple[int, int],
) -> Verdict:
    family = controls.family(given, step)
    surprise: dict[str, NDArray[np.float32]] = {}
    forming: dict[str, tuple[SurpriseRegion, ...]] = {}
    errors: dict[str, tuple[float, ...]] = {}
    for kind, found in given.items():
        values = controls.maps[kind, step].values
        smooth = found.values
        if found.provenance.smoothing is None:
            smooth = mean_filter(found.values, controls.settings.smoothing)
        surprise[kind] = values.surprise(smooth)
        forming[kind] = regions_of(surprise[kind])
        errors[kind] = tuple(
            _mass_error(region, values, smooth, found.standard_error, controls.settings.smoothing)
            for region in forming[kind]
        )
    ps = _ps(family, forming, {kind: (0.0,) * len(own) for kind, own in forming.items()})
    p = min((p for own in ps.values() for p in own), default=1.0)
    names, shares = _named(forming, ps)
    regions = sorted(
        (
            VerdictRegion(
                kind=kind,
                p=ps[kind][at],
                share=float(region.inside.mean()),
                mask=enlarged(region.inside, picture_size),
                mass=region.mass,
                beyond=float(np.mean(family.masses[kind] < region.mass)),
                name=names[kind][at],
            )
            for kind, own in forming.items()
            for at, region in enumerate(own)
        ),
        key=lambda region: (region.p, -region.mass),
    )
    beyond = [region for region in regions if region.p <= FOUND]
    reason = wording.too_few(controls.count) or _changed_by_error(family, forming, errors)
    if reason:
        sentence = wording.inconclusive_sentence(reason)
    elif beyond:
        sentence = wording.found_sentence(beyond, shares, controls.count)
    else:
        sentence = wording.nothing_sentence(p, controls.count, any_region=bool(regions))
    mask = np.zeros(picture_size, np.bool_)
    if not reason:
        for region in beyond:
            mask |= region.mask
    return Verdict(
        found=bool(beyond) and not reason,
        p=p,
        sentence=sentence,
        inconclusive=reason,
        regions=tuple(regions if not reason else (replace(each, name="") for each in regions)),
        mask=mask,
        premises=wording.premises(controls, given, step),
        kinds=tuple(given),
        step=step,
        controls=controls.count,
        surprise=surprise,
    )


def enlarged(inside: BoolArray, picture_size: tuple[int, int]) -> BoolArray:
    """Return a mask of latent coordinates, (H, W), at the picture's resolution (nearest)."""
    rows, columns = (
        np.arange(side) * own // side for side, own in zip(picture_size, inside.shape, strict=True)
    )
    return inside[np.ix_(rows, columns)]


def _ps(
    family: Family,
    forming: Mapping[str, tuple[SurpriseRegion, ...]],
    added: Mapping[str, tuple[float, ...]],
) -> dict[str, list[float]]:
    """Return each region's p by kind, with something added to each mass."""
    masses = {
        kind: [max(0.0, region.mass + more) for region, more in zip(own, added[kind], strict=True)]
        for kind, own in forming.items()
    }
    largest = {kind: max(own, default=0.0) for kind, own in masses.items()}
    return {kind: [family.p(kind, mass, largest) for mass in own] for kind, own in masses.items()}


def _mass_error(
    region: SurpriseRegion,
    values: Survival,
    smooth: NDArray[np.float32],
    error: NDArray[np.float32] | None,
    smoothing: int,
) -> float:
    """Return the standard error of a region's mass, to first order; 0 where none is known.

    With sign probes and a symmetric J the variance of a sum of diagonal entries is twice that
    of its parts, as for a map's mean.
    """
    if error is None or not np.isfinite(error).all():
        return 0.0
    # A mean filter with mirrored edges is its own transpose.
    slope = mean_filter(values.slope(smooth) * region.inside, smoothing).astype(np.float64)
    return float(np.sqrt(2.0 * np.square(slope * error).sum()))


def _changed_by_error(
    family: Family,
    forming: Mapping[str, tuple[SurpriseRegion, ...]],
    errors: Mapping[str, tuple[float, ...]],
) -> str:
    least = []
    for sign in (1.0, -1.0):
        added = {kind: tuple(sign * error for error in own) for kind, own in errors.items()}
        ps = _ps(family, forming, added)
        least.append(min((p for own in ps.values() for p in own), default=1.0))
    low, high = least
    return wording.within_error(low, high) if low <= FOUND < high else ""


def _named(
    forming: Mapping[str, tuple[SurpriseRegion, ...]], ps: Mapping[str, list[float]]
) -> tuple[dict[str, list[str]], dict[str, float]]:
    """Name what is found A, B, … from the largest on; overlapping regions share a name."""
    from scipy import ndimage

    names = {kind: [""] * len(own) for kind, own in forming.items()}
    found = [
        (kind, at, region.inside)
        for kind, own in forming.items()
        for at, region in enumerate(own)
        if ps[kind][at] <= FOUND
    ]
    if not found:
        return names, {}
    labels, count = ndimage.label(np.logical_or.reduce([inside for _, _, inside in found]))
    areas = np.bincount(labels.ravel(), minlength=count + 1)[1:] / labels.size
    order = np.argsort(-areas, kind="stable")
    letters = {int(label) + 1: _letter(place) for place, label in enumerate(order)}
    for kind, at, inside in found:
        names[kind][at] = letters[int(labels[inside][0])]
    return names, {_letter(place): float(areas[label]) for place, label in enumerate(order)}


def _letter(place: int) -> str:
    return chr(ord("A") + place) if place < 26 else f"A{place}"


def incomparable(
    reason: str,
    controls: Controls,
    names: tuple[str, ...],
    step: int,
    picture_size: tuple[int, int],
) -> Verdict:
    """Return the verdict on what cannot be compared."""
    return Verdict(
        found=False,
        p=float("nan"),
        sentence=wording.inconclusive_sentence(reason),
        inconclusive=reason,
        regions=(),
        mask=np.zeros(picture_size, np.bool_),
        premises=wording.premises(controls, names, step),
        kinds=names,
        step=step,
        controls=controls.count,
    )
