"""What ``memlens-cli localize --controls`` adds: surprise maps, regions and the verdict."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from rich.table import Table

from memlens.cli.report import number, table_of
from memlens.controls.comparing import verdict_of
from memlens.controls.controls import Controls
from memlens.controls.loading import load_controls
from memlens.controls.reading_ranks import RankedReading, rank_reading
from memlens.controls.verdict import Verdict
from memlens.maps.colormap import colours
from memlens.maps.localization_map import LocalizationMap, resize_bilinear
from memlens.readings.reading import Reading

if TYPE_CHECKING:
    from memlens.sampling.trajectory import Trajectory

# 0: as in ordinary pictures; 4: beyond 99.99 % of their coordinates.
SURPRISE_LEVELS = (0.0, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class ComparedRun:
    """A picture's maps and readings against controls.

    Attributes
    ----------
    source
        The controls' file, as it was named.
    controls, verdict
        What it was compared with, and what came of it.
    readings
        By key.
    """

    source: str
    controls: Controls
    verdict: Verdict
    readings: Mapping[str, RankedReading]

    def facts(self) -> dict[str, Any]:
        """Return what ``result.json`` says of it."""
        verdict = self.verdict
        return {
            "controls": self.source,
            "count": verdict.controls,
            "settings": self.controls.settings.to_json(),
            "found": verdict.found,
            "p": verdict.p,
            "sentence": verdict.sentence,
            "inconclusive": verdict.inconclusive,
            "premises": list(verdict.premises),
            "kinds": list(verdict.kinds),
            "step": verdict.step,
            "regions": [
                {
                    "name": region.name,
                    "kind": region.kind,
                    "p": region.p,
                    "share": region.share,
                    "mass": region.mass,
                    "beyond": region.beyond,
                    "box": _box(region.mask),
                }
                for region in verdict.regions
            ],
            "readings": {
                key: {
                    "value": found.value,
                    "p": found.p,
                    "small_is_unusual": found.small_is_unusual,
                    "inconclusive": found.inconclusive,
                    "controls": found.controls.tolist(),
                }
                for key, found in self.readings.items()
            },
        }

    def arrays(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the surprise maps, (H, W), by file name."""
        return {f"{kind}_surprise.npy": each for kind, each in self.verdict.surprise.items()}

    def pictures(self) -> dict[str, np.ndarray[Any, Any]]:
        """Return the surprise maps in colour, and the mask of all that is found, by file name."""
        size = self.verdict.mask.shape
        found = {
            f"{kind}_surprise.png": colours(
                resize_bilinear(each, (size[0], size[1])), SURPRISE_LEVELS
            )
            for kind, each in self.verdict.surprise.items()
        }
        found["found.png"] = self.verdict.mask.astype(np.uint8) * 255
        return found

    def parts(self) -> list[Table | str]:
        """Return the verdict, and a line per reading, for a person."""
        told: list[Table | str] = ["", self.verdict.sentence, *self.verdict.premises]
        if self.readings:
            rows = [
                [key, number(found.value), number(found.p, 3), found.inconclusive]
                for key, found in self.readings.items()
            ]
            told.append(table_of("", ("reading", "value", "p", ""), rows))
        return told


def compare(
    source: str | Path,
    controls: Controls,
    run: Trajectory,
    maps: Mapping[str, LocalizationMap],
    readings: Mapping[str, Reading],
) -> ComparedRun:
    """Compare maps as they were made, all kinds as one family, and readings."""
    height, width = run.image.shape[:2]
    return ComparedRun(
        source=str(source),
        controls=controls,
        verdict=verdict_of(maps.values(), controls, picture_size=(height, width)),
        readings={key: rank_reading(found, controls) for key, found in readings.items()},
    )


def read(source: str | None) -> Controls | None:
    """Load controls before anything is computed; see `memlens.load_controls` for errors."""
    return None if source is None else load_controls(source)


def _box(mask: np.ndarray[Any, Any]) -> list[int]:
    """Return top, left, bottom and right of a mask, in pixels."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return [int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1]
