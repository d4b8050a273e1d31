"""What ``memlens-cli localize --controls`` adds: surprise maps, regions and the verdict."""

from __future__ import annotations

from typing import Any

import numpy as np
from numpy.typing import NDArray
from rich.table import Table

from memlens.cli.report import number, table_of
from memlens.controls.comparison import SURPRISE_LEVELS, Comparison
from memlens.controls.controls import Controls
from memlens.controls.loading import load_controls
from memlens.export.edges import edge_pixels
from memlens.maps.colormap import colours
from memlens.maps.localization_map import resize_bilinear

_FOUND_COLOUR = (255, 209, 102)


def read(source: str | None) -> Controls | None:
    """Load controls before anything is computed; see `memlens.load_controls` for errors."""
    return None if source is None else load_controls(source)


def arrays(compared: Comparison) -> dict[str, NDArray[np.float32]]:
    """Return the surprise maps, (H, W), by file name."""
    return {f"{kind}_surprise.npy": each for kind, each in compared.verdict.surprise.items()}


def pictures(compared: Comparison, picture: NDArray[np.uint8]) -> dict[str, NDArray[np.uint8]]:
    """Return surprise maps in colour, the mask of all that is found, and the picture with it.

    Regions that are found are outlined; by file name.
    """
    verdict = compared.verdict
    size = (verdict.mask.shape[0], verdict.mask.shape[1])
    made: dict[str, NDArray[np.uint8]] = {}
    for kind, each in verdict.surprise.items():
        inside = np.zeros(size, np.bool_)
        for region in verdict.regions:
            if region.kind == kind and region.name:
                inside |= region.mask
        drawn = colours(resize_bilinear(each, size), SURPRISE_LEVELS)
        made[f"{kind}_surprise.png"] = _outlined(drawn, inside)
    made["found.png"] = verdict.mask.astype(np.uint8) * 255
    made["verdict.png"] = _outlined(picture, verdict.mask)
    return made


def parts(compared: Comparison) -> list[Table | str]:
    """Return the verdict, and a line per reading, for a person."""
    verdict = compared.verdict
    told: list[Table | str] = ["", verdict.sentence, *verdict.premises]
    if compared.readings:
        rows: list[list[Any]] = [
            [found.key, number(found.value), number(found.p, 3), found.inconclusive]
            for found in compared.readings
        ]
        told.append(table_of("", ("reading", "value", "p", ""), rows))
    return told


def _outlined(pixels: NDArray[np.uint8], inside: NDArray[np.bool_]) -> NDArray[np.uint8]:
    drawn = pixels.copy()
    drawn[edge_pixels(inside)] = _FOUND_COLOUR
    return drawn
