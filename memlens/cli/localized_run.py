"""The files and the table of one localized picture."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from rich.table import Table

from memlens.cli import localized_controls
from memlens.cli.report import jsonable, number, table_of
from memlens.controls.comparison import Comparison
from memlens.evaluation.agreement import Agreement
from memlens.maps.colormap import colours
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import MAP_KINDS
from memlens.readings.reading import Reading
from memlens.readings.registry import READINGS

if TYPE_CHECKING:
    from memlens.sampling.trajectory import Trajectory


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
    series
        The same maps at other steps, by official name.
    readings
        Numbers of the run, by key.
    reused
        Whether the run was reopened, not sampled now.
    compared
        The same against controls, None without them.
    """

    run: Trajectory
    truncated: str
    maps: Mapping[str, LocalizationMap]
    agreements: Mapping[str, Agreement]
    seconds_loading: float
    series: Mapping[str, Sequence[LocalizationMap]] = field(default_factory=dict)
    readings: Mapping[str, Reading] = field(default_factory=dict)
    reused: bool = False
    compared: Comparison | None = None

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
        for name, several in self.series.items():
            files[f"{name}_series.npy"] = _npy(np.stack([each.paper_values() for each in several]))
        values = {
            "provenance": self.run.provenance.to_json(),
            "truncated": self.truncated,
            "seconds": {"loading": self.seconds_loading, "sampling": self.run.seconds},
            "reused_run": self.reused,
            "maps": {name: self._facts(name, found) for name, found in self.maps.items()},
            "readings": {key: _reading_facts(found) for key, found in self.readings.items()},
        }
        if self.compared is not None:
            values["verdict"] = self.compared.facts()
            for name, array in localized_controls.arrays(self.compared).items():
                files[name] = _npy(array)
            drawn = localized_controls.pictures(self.compared, self.run.image)
            for name, pixels in drawn.items():
                files[name] = _png(pixels)
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
            "series": [
                {
                    "step": each.step,
                    "log_snr": self.run.schedule[each.step].log_snr,
                    "mean": float(each.values.mean()),
                    "network_calls": each.network_calls,
                }
                for each in self.series.get(name, ())
            ],
            "provenance": found.provenance.to_json(),
        }

    def tables(self) -> list[Table | str]:
        """Return one line per map, one per reading, and the verdict, for a person."""
        compared = [] if self.compared is None else localized_controls.parts(self.compared)
        return [self._maps(), *([self._readings()] if self.readings else []), *compared]

    def _readings(self) -> Table:
        rows = []
        for key, found in self.readings.items():
            error = "" if found.standard_error is None else f"± {number(found.standard_error)}"
            step = "all" if found.step is None else str(found.step)
            calls = str(found.network_calls)
            rows.append([key, step, number(found.value), error, found.unit, calls])
        return table_of("", ("reading", "step", "value", "", "unit", "calls"), rows)

    def _maps(self) -> Table:
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


def _reading_facts(found: Reading) -> dict[str, Any]:
    return {
        "label": READINGS[found.key].label,
        "source": READINGS[found.key].source,
        "value": found.value,
        "standard_error": found.standard_error,
        "per_step": None if found.per_step is None else found.per_step.tolist(),
        "per_token": None if found.per_token is None else [list(t) for t in found.per_token],
        "unit": found.unit,
        "step": found.step,
        "network_calls": found.network_calls,
        "seconds": found.seconds,
        "provenance": found.provenance.to_json(),
    }


def _npy(values: NDArray[np.float32]) -> bytes:
    stream = io.BytesIO()
    np.save(stream, values, allow_pickle=False)
    return stream.getvalue()


def _png(pixels: NDArray[np.uint8]) -> bytes:
    stream = io.BytesIO()
    Image.fromarray(pixels).save(stream, "PNG")
    return stream.getvalue()
