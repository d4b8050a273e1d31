"""Write and read controls as one file, checked before it is believed."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.controls.cells import cell_grid
from memlens.controls.controls import Controls, MapNull
from memlens.controls.settings import ControlSettings
from memlens.controls.survival import Survival, ranks_of
from memlens.errors import ControlsError
from memlens.files.archive import DAMAGE, ArchiveError, ArchiveReader, ArchiveWriter, reason_of
from memlens.files.atomic_write import atomic_write
from memlens.methods.registry import MAP_KINDS
from memlens.readings.registry import READINGS

SCHEMA_VERSION = 1
_ALLOWED = re.compile(r"controls\.json|arrays/(knots|masses|cells|cell_levels|readings)\.npy")
_LEVELS = 255


def save_controls(controls: Controls, path: Path) -> None:
    """Write controls atomically; the same controls give the same bytes.

    Cell means are kept in 256 levels of each kind and step.

    Raises
    ------
    ControlsError
        If it cannot be written; the old file is whole.
    """
    nulls = list(controls.maps.values())
    cells, levels = _quantized(np.stack([null.cells for null in nulls]))
    facts = {
        "schema": SCHEMA_VERSION,
        "settings": controls.settings.to_json(),
        "steps": [[step, controls.sigmas[step]] for step in controls.steps],
        "maps": [list(key) for key in controls.maps],
        "readings": [list(key) for key in controls.readings],
        "pooled": nulls[0].values.pooled,
        "prompts": list(controls.prompts),
        "seeds": list(controls.seeds),
        "versions": dict(controls.versions),
    }
    numbers = np.zeros((len(controls.readings), controls.count))
    for row, values in enumerate(controls.readings.values()):
        numbers[row] = values
    try:
        with atomic_write(path) as stream, ArchiveWriter(stream) as archive:
            archive.json("controls.json", facts)
            for name, array in (
                ("knots", np.stack([null.values.knots for null in nulls]).astype("<f4")),
                ("masses", np.stack([null.masses for null in nulls]).astype("<f4")),
                ("cells", cells),
                ("cell_levels", levels.astype("<f4")),
                ("readings", numbers.astype("<f8")),
            ):
                archive.array(f"arrays/{name}.npy", array, deflate=True)
    except (OSError, ValueError, TypeError) as error:
        raise ControlsError(f"{path} was not saved: {reason_of(error)}.") from error


def read_controls(path: Path) -> Controls:
    """Read what `save_controls` wrote.

    Raises
    ------
    ControlsError
        If it is not there, damaged, or of a newer schema.
    """
    try:
        with path.open("rb") as stream:
            return _read(ArchiveReader(stream, allowed=_ALLOWED))
    except DAMAGE as error:
        raise ControlsError(f"{path} cannot be used as controls: {reason_of(error)}.") from error


def _read(archive: ArchiveReader) -> Controls:
    facts = archive.json("controls.json")
    schema = facts.get("schema") if isinstance(facts, dict) else None
    if type(schema) is not int or schema < 1:
        raise ArchiveError("controls.json names no schema version")
    if schema > SCHEMA_VERSION:
        raise ArchiveError(
            f"they were made by a newer memlens (schema {schema}, this one reads up to "
            f"{SCHEMA_VERSION}): update memlens"
        )
    try:
        return _built(archive, facts)
    except (KeyError, TypeError, AttributeError, IndexError) as error:
        raise ArchiveError(f"controls.json is damaged ({error})") from error


def _built(archive: ArchiveReader, facts: Mapping[str, Any]) -> Controls:
    settings = ControlSettings.from_json(facts["settings"])
    prompts = tuple(str(prompt) for prompt in facts["prompts"])
    seeds = tuple(int(seed) for seed in facts["seeds"])
    sigmas = {_step(step): float(sigma) for step, sigma in facts["steps"]}
    keys = [(str(kind), _step(step)) for kind, step in facts["maps"]]
    if len(prompts) < 2 or len(seeds) != len(prompts):
        raise ArchiveError("prompts and seeds do not belong together")
    if not keys or any(kind not in MAP_KINDS or step not in sigmas for kind, step in keys):
        raise ArchiveError("it has maps of an unknown kind or step")
    if len({*keys}) != len(keys) or not all(0 < sigma < np.inf for sigma in sigmas.values()):
        raise ArchiveError("its maps or steps are damaged")
    count, (height, width) = len(prompts), settings.grid
    pooled = facts["pooled"]
    if pooled != count * height * width:
        raise ArchiveError("the pooled values do not belong to the controls")
    rows, columns = cell_grid((height, width), settings.cells)
    knots = _floats(archive, "knots", (len(keys), len(ranks_of(pooled))))
    masses = _floats(archive, "masses", (len(keys), count))
    levels = _floats(archive, "cell_levels", (len(keys), 2))
    cells = archive.array("arrays/cells.npy", kinds="u", dimensions=4)
    if cells.dtype != np.uint8 or cells.shape != (len(keys), count, rows, columns):
        raise ArchiveError("the cells do not belong to the controls")
    if (np.diff(knots, axis=1) > 0).any() or (masses < 0).any() or (np.diff(levels) < 0).any():
        raise ArchiveError("its numbers are not those of controls")
    means = _restored(cells, levels)
    readings = [(str(key), None if at is None else int(at)) for key, at in facts["readings"]]
    if any(key not in READINGS for key, _ in readings):
        raise ArchiveError("it has readings of an unknown kind")
    numbers = _floats(archive, "readings", (len(readings), count), np.dtype(np.float64))
    return Controls(
        settings=settings,
        sigmas=sigmas,
        maps={
            key: MapNull(Survival(knots[at], pooled), masses[at], means[at])
            for at, key in enumerate(keys)
        },
        readings=dict(zip(readings, numbers, strict=True)),
        prompts=prompts,
        seeds=seeds,
        versions=tuple((str(name), str(of)) for name, of in dict(facts["versions"]).items()),
    )


def _step(value: Any) -> int:
    if type(value) is not int or value < 0:
        raise ArchiveError("it has a step that is none")
    return value


def _floats(
    archive: ArchiveReader,
    name: str,
    shape: tuple[int, ...],
    dtype: np.dtype[Any] = np.dtype(np.float32),  # noqa: B008
) -> NDArray[Any]:
    values = archive.array(f"arrays/{name}.npy", kinds="f", dimensions=len(shape))
    if values.dtype != dtype or values.shape != shape:
        raise ArchiveError(f"{name} does not belong to the controls")
    if not np.isfinite(values).all():
        raise ArchiveError(f"{name} holds NaN or infinity")
    return values


def _quantized(cells: NDArray[np.float32]) -> tuple[NDArray[np.uint8], NDArray[np.float32]]:
    """Return cells, (P, N, rows, columns), in 256 levels, and the least and largest of each P."""
    low = cells.min(axis=(1, 2, 3), keepdims=True).astype(np.float64)
    high = cells.max(axis=(1, 2, 3), keepdims=True).astype(np.float64)
    width = np.where(high > low, high - low, 1.0)
    levels = np.concatenate([low, high], axis=1)[:, :, 0, 0].astype(np.float32)
    return np.rint((cells - low) / width * _LEVELS).astype(np.uint8), levels


def _restored(cells: NDArray[np.uint8], levels: NDArray[np.float32]) -> NDArray[np.float32]:
    low, high = (levels[:, at, None, None, None].astype(np.float64) for at in (0, 1))
    restored: NDArray[np.float32] = (low + cells / _LEVELS * (high - low)).astype(np.float32)
    return restored
