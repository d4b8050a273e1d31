"""The files and the table of one localized picture."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.table import Table

from memlens.agreement import Agreement
from memlens.cli.report import jsonable, number, table_of
from memlens.colormap import colours
from memlens.maps import LocalizationMap
from memlens.methods.registry import MAP_KINDS

if TYPE_CHECKING:
    from memlens.trajectory import Trajectory


@dataclass(frozen=True, slots=True, kw_only=True)
class LocalizedRun:
    """A sampled picture and its maps.

    Attributes
    ----------
    run
        The trajectory.
    truncated
        The part of the prompt that the model does not see, "" where it sees all of it.
    maps
        By official name.
    agreements
        With the ground truth, by the same names; empty without one.
    seconds_loading
        Wall time of loading model and baseline.
    """

    run: Trajectory
    truncated: str
    maps: Mapping[str, LocalizationMap]
    agreements: Mapping[str, Agreement]
    seconds_loading: float

    def write(self, folder: Path) -> dict[str, Any]:
        """Write all files into `folder`; return what ``result.json`` holds.

        Raises
        ------
        OSError
            If the disk is full or the folder cannot be written.
        """
        height, width = self.run.image.shape[:2]
        files = {"image.png": _png(self.run.image)}
        for name, found in self.maps.items():
            files[f"{name}.npy"] = _npy(found.paper_values())
            files[f"{name}.png"] = _png(
                colours(found.resized((height, width)), MAP_KINDS[name].levels)
            )
        values = {
            "provenance": self.run.provenance.to_json(),
            "truncated": self.truncated,
            "seconds": {"loading": self.seconds_loading, "sampling": self.run.seconds},
            "maps": {name: self._facts(name, found) for name, found in self.maps.items()},
        }
        text = json.dumps(jsonable(values), ensure_ascii=False, indent=2) + "\n"
        files["result.json"] = text.encode()
        # Whole files at once: NumPy and Pillow would hide why their own writing failed.
        for name, content in files.items():
            (folder / name).write_bytes(content)
        return values

    def _facts(self, name: str, found: LocalizationMap) -> dict[str, Any]:
        error = found.standard_error
        scored = self.agreements.get(name)
        return {
            "label": MAP_KINDS[name].label,
            "step": found.step,
            "mean": float(found.values.mean()),
            "max": float(found.values.max()),
            "mean_standard_error": None if error is None else float(error.mean()),
            "network_calls": found.network_calls,
            "seconds": found.seconds,
            "agreement": None if scored is None else asdict(scored),
            "provenance": found.provenance.to_json(),
        }

    def table(self) -> Table:
        """Return one line per map, for a person."""
        heads = ["map", "step", "mean", "max", "calls", "seconds"]
        heads += ["IoU", "AUROC"] if self.agreements else []
        rows = []
        for name, found in self.maps.items():
            row = [name, str(found.step), number(float(found.values.mean()))]
            row += [number(float(found.values.max())), str(found.network_calls)]
            row.append(number(found.seconds, 2))
            if name in self.agreements:
                row += [number(self.agreements[name].iou), number(self.agreements[name].auroc)]
            rows.append(row)
        return table_of("", heads, rows)


def _npy(values: NDArray[np.float32]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()


def _png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
