"""Maps as files for other programs: NPY and TIFF, float32, with their provenance."""

from __future__ import annotations

import io
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image, TiffImagePlugin

from memlens.errors import SettingsError
from memlens.export.source import Source
from memlens.export.writing import written_folder
from memlens.maps.displayed import CANONICAL, PAPER, displayed
from memlens.maps.localization_map import LocalizationMap
from memlens.progress import CancelToken, Progress, ProgressCallback, ignore_progress

FORMATS = ("npy", "tiff")
INDEX = "maps.json"
_IMAGE_DESCRIPTION = 270


@dataclass(frozen=True, slots=True, kw_only=True)
class MapsRequest:
    """Which maps are written, and how.

    Attributes
    ----------
    step
        −1 = last; None takes all computed steps.
    units
        "canonical", or "paper": what the official code writes, clamped at 0.
    smoothing
        Side of the mean filter, odd.
    formats
        Of "npy" and "tiff".
    standard_errors
        Whether they are written beside the maps that have them.
    """

    step: int | None = None
    units: str = CANONICAL
    smoothing: int = 1
    formats: tuple[str, ...] = ("npy",)
    standard_errors: bool = False

    def __post_init__(self) -> None:
        """Refuse what cannot be written."""
        if self.units not in (CANONICAL, PAPER):
            raise SettingsError(f"no units are called {self.units!r}: choose canonical or paper.")
        unknown = [kind for kind in self.formats if kind not in FORMATS]
        if unknown or not self.formats:
            raise SettingsError(f"maps are written as {' and '.join(FORMATS)}: choose of these.")


def write_maps(
    source: Source,
    request: MapsRequest,
    folder: Path,
    *,
    progress: ProgressCallback | None = None,
    cancel: CancelToken | None = None,
) -> tuple[Path, ...]:
    """Write one file per map into `folder`, and ``maps.json`` that says what each one is.

    Files are named ``cov_step_049.npy``; a second estimate of the same map
    ``cov_step_049_2.npy``.

    Parameters
    ----------
    progress, cancel
        Counted and checked per map.

    Returns
    -------
    tuple
        The files.

    Raises
    ------
    SettingsError
        If there is no such step, or no map at it.
    OutputError
        If they cannot be written; `folder` is as it was.
    Cancelled
        Between two maps; nothing was written.
    """
    report, token = progress or ignore_progress, cancel or CancelToken()
    step = request.step
    index = None if step is None else source.session.trajectory.schedule.index(step)
    maps = list(source.maps_in_order(index))
    if not maps:
        where = "this session" if index is None else f"step {index}"
        raise SettingsError(f"there is no computed map at {where}: compute one first.")
    entries: list[dict[str, Any]] = []
    names: dict[str, int] = {}
    with written_folder(folder) as partial:
        for done, found in enumerate(maps):
            token.check()
            report(Progress(done, len(maps), "writing maps"))
            name = f"{found.kind}_step_{found.step:03d}"
            names[name] = names.get(name, 0) + 1
            name += f"_{names[name]}" if names[name] > 1 else ""
            entries.append(_write_one(found, name, request, partial))
        text = json.dumps(entries, ensure_ascii=False, indent=2) + "\n"
        (partial / INDEX).write_bytes(text.encode())
    report(Progress(len(maps), len(maps), "writing maps"))
    written = [folder / name for entry in entries for name in entry["files"]]
    return (*written, folder / INDEX)


def _write_one(
    found: LocalizationMap, name: str, request: MapsRequest, folder: Path
) -> dict[str, Any]:
    shown = displayed(found, request.units, request.smoothing)
    made = found.smoothed(request.smoothing).provenance.to_json()
    arrays = {name: shown.values}
    if request.standard_errors and shown.standard_error is not None:
        arrays[f"{name}_standard_error"] = shown.standard_error
    files = []
    for stem, values in arrays.items():
        what = "standard error" if stem != name else "map"
        facts = {"what": what, "map": found.kind, "units": request.units, "provenance": made}
        for kind in request.formats:
            content = _npy(values) if kind == "npy" else tiff_bytes(values, facts)
            files.append(f"{stem}.{kind}")
            # Whole files at once: NumPy and Pillow would hide why their own writing failed.
            (folder / files[-1]).write_bytes(content)
    return {
        "map": found.kind,
        "step": found.step,
        "units": request.units,
        "files": files,
        "provenance": made,
    }


def tiff_bytes(values: NDArray[np.float32], facts: dict[str, Any]) -> bytes:
    """Return (h, w) as a float32 TIFF with `facts` as JSON in its ImageDescription."""
    stream = io.BytesIO()
    tags = TiffImagePlugin.ImageFileDirectory_v2()
    tags[_IMAGE_DESCRIPTION] = json.dumps(facts, sort_keys=True)
    tags[305] = "memlens"
    picture = Image.fromarray(np.ascontiguousarray(values, dtype=np.float32))
    picture.save(stream, "TIFF", tiffinfo=tags)
    return stream.getvalue()


def _npy(values: NDArray[np.float32]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, np.ascontiguousarray(values, dtype="<f4"), allow_pickle=False)
    return stream.getvalue()
