"""A picture's maps and readings beside its controls, as reports and files tell it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from memlens.controls.comparable import why_maps_differ
from memlens.controls.comparing import verdict_of
from memlens.controls.controls import Controls
from memlens.controls.judging import default_kinds
from memlens.controls.reading_ranks import RankedReading, rank_reading
from memlens.controls.verdict import Verdict
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS
from memlens.readings.reading import Reading

# 0: as in ordinary pictures; 4: beyond 99.99 % of their coordinates.
SURPRISE_LEVELS = (0.0, 4.0)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Comparison:
    """What was compared with what, and what came of it.

    Attributes
    ----------
    source
        Where the controls came from: a file's name, or "demo".
    controls, verdict
        The controls, and the verdict on the maps.
    maps
        Those that were judged, by kind.
    readings
        Their places among the controls'.
    """

    source: str
    controls: Controls
    verdict: Verdict
    maps: Mapping[str, LocalizationMap]
    readings: tuple[RankedReading, ...]

    def reading(self, found: Reading) -> RankedReading | None:
        """Return the place of a reading among the controls'; None if it was not ranked."""
        for ranked in self.readings:
            if (ranked.key, ranked.step) == (found.key, found.step):
                return ranked
        return None

    def surprise(self, kind: str, step: int) -> NDArray[np.float32] | None:
        """Return the surprise map, (H, W), of a kind at a step; None where there is none."""
        return self.verdict.surprise.get(kind) if step == self.verdict.step else None

    def facts(self) -> dict[str, Any]:
        """Return all of it, JSON-ready, with the settings that the controls were made with."""
        verdict, controls = self.verdict, self.controls
        return {
            "controls": self.source,
            "fingerprint": controls.fingerprint,
            "count": verdict.controls,
            "settings": controls.settings.to_json(),
            "seeds": [min(controls.seeds), max(controls.seeds)],
            "versions": dict(controls.versions),
            "found": verdict.found,
            "p": verdict.p,
            "sentence": verdict.sentence,
            "inconclusive": verdict.inconclusive,
            "premises": list(verdict.premises),
            "kinds": list(verdict.kinds),
            "step": verdict.step,
            "regions": self.region_rows(),
            "readings": {
                each.key: {
                    "value": each.value,
                    "step": each.step,
                    "p": each.p,
                    "small_is_unusual": each.small_is_unusual,
                    "inconclusive": each.inconclusive,
                    "controls": each.controls.tolist(),
                }
                for each in self.readings
            },
        }

    def region_rows(self) -> list[dict[str, Any]]:
        """Return one flat row per region, the smallest p first."""
        return [
            {
                "name": region.name,
                "kind": region.kind,
                "p": region.p,
                "share": region.share,
                "mass": region.mass,
                "beyond": region.beyond,
                "box": _box(region.mask),
            }
            for region in self.verdict.regions
        ]


def compare(
    source: str,
    controls: Controls,
    maps: Mapping[str, LocalizationMap],
    readings: Iterable[Reading],
    *,
    picture_size: tuple[int, int],
) -> Comparison:
    """Compare maps of one step, as they were made, all kinds as one family; and readings.

    Raises
    ------
    SettingsError
        If there is no map, or they are of several steps.
    """
    return Comparison(
        source=source,
        controls=controls,
        verdict=verdict_of(maps.values(), controls, picture_size=picture_size),
        maps=dict(maps),
        readings=tuple(rank_reading(found, controls) for found in readings),
    )


def judged_maps(
    maps: Iterable[LocalizationMap], controls: Controls, step: int, kinds: Iterable[str] = ()
) -> dict[str, LocalizationMap]:
    """Choose which maps of a step are judged.

    Parameters
    ----------
    maps
        All that there are; of several of a kind the first that can be compared is taken.
    kinds
        Those wanted; none takes what `memlens.judge` takes, as far as it is there: the
        differences to the less-trained baseline, else those to ∅, else all.
    """
    there: dict[str, list[LocalizationMap]] = {}
    for found in maps:
        if found.step == step:
            there.setdefault(found.kind, []).append(found)
    wanted = [kind for kind in kinds if kind in there]
    if not wanted:
        less_trained = any(MAP_KINDS[kind].baseline == LESS_TRAINED for kind in there)
        usual = default_kinds(object() if less_trained else None)
        wanted = [kind for kind in usual if kind in there] or list(there)
    return {
        kind: next((m for m in there[kind] if not why_maps_differ([m], controls)), there[kind][0])
        for kind in wanted
    }


def _box(mask: NDArray[np.bool_]) -> list[int]:
    """Return top, left, bottom and right of a mask, in pixels."""
    rows, columns = np.flatnonzero(mask.any(axis=1)), np.flatnonzero(mask.any(axis=0))
    return [int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1]
