"""MapCache: the maps of one run, and their agreement with a mask."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from memlens.evaluation.agreement import Agreement, AgreementCurve
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS
from ui.vocabulary.map_key import MapKey

EXACT = "exact"


class MapCache:
    """Maps of one run, the one with most probes per key, and their agreement.

    `version` grows with every change, so that what is derived can be kept meanwhile.
    """

    def __init__(self) -> None:
        self._maps: dict[MapKey, LocalizationMap] = {}
        self._complete: dict[MapKey, int] = {}
        self._newest: dict[tuple[int, int, str, str], MapKey] = {}
        self._means: dict[MapKey, float] = {}
        self._baselines: dict[str, None] = {}
        self._agreement: dict[
            tuple[MapKey, int], tuple[LocalizationMap, Agreement, AgreementCurve]
        ] = {}
        self._stale: set[tuple[MapKey, int]] = set()
        self.version = 0

    def keep(self, key: MapKey, found: LocalizationMap, *, complete: bool, asked: int = 0) -> None:
        """Keep a map unless a complete one with at least as many probes is there.

        `asked` is how many probes were asked for, where that may be more than were used.
        """
        probes = found.provenance.probes or 0
        if self._complete.get(key, -1) > max(probes, asked):
            return
        there = self._maps.get(key)
        if there is not None and not complete and (there.provenance.probes or 0) > probes:
            return
        self._maps[key] = found
        if MAP_KINDS[key.kind].baseline == LESS_TRAINED:
            # The one used last is the last.
            self._baselines.pop(key.baseline, None)
            self._baselines[key.baseline] = None
        self._newest[_place(key)] = key
        self._means[key] = float(found.values.mean())
        if complete:
            self._complete[key] = max(probes, asked)
        self.version += 1

    def get(self, key: MapKey) -> LocalizationMap | None:
        """Return the map of `key`, complete or partial."""
        return self._maps.get(key)

    def complete(self, key: MapKey, probes: int) -> bool:
        """Whether the map is there with all of at least `probes` probes."""
        uses = METHODS[MAP_KINDS[key.kind].method].uses_probes
        return self._complete.get(key, -1) >= (probes if uses and key.estimator != EXACT else 0)

    def any_estimate(self, key: MapKey) -> tuple[MapKey, LocalizationMap] | None:
        """Return the map of `key`, or the same map from another estimator or seed."""
        if key in self._maps:
            return key, self._maps[key]
        other = self._newest.get(_place(key))
        return None if other is None else (other, self._maps[other])

    @property
    def baselines(self) -> tuple[str, ...]:
        """The less-trained baselines that maps were made with, the one used last at the end."""
        return tuple(self._baselines)

    def mean(self, key: MapKey) -> float:
        """Return the mean of the map, NaN where there is none."""
        return self._means.get(key, float("nan"))

    def agreement(self, key: MapKey, smoothing: int) -> Agreement | None:
        """Return the agreement last measured, None where there is none."""
        found = self._agreement.get((key, smoothing))
        return found[1] if found is not None else None

    def curve(self, key: MapKey, smoothing: int) -> AgreementCurve | None:
        """Return the agreement at many thresholds, None where there is none."""
        found = self._agreement.get((key, smoothing))
        return found[2] if found is not None else None

    def measured(
        self,
        key: MapKey,
        smoothing: int,
        found: LocalizationMap,
        agreement: Agreement,
        curve: AgreementCurve,
    ) -> None:
        """Keep an agreement."""
        self._agreement[key, smoothing] = (found, agreement, curve)
        self._stale.discard((key, smoothing))
        self.version += 1

    def mark_stale(self) -> None:
        """Measure every agreement anew, and show the old ones until then."""
        self._stale = set(self._agreement)
        self.version += 1

    def forget_agreement(self) -> None:
        """Drop every agreement: the mask is another one."""
        self._agreement.clear()
        self.version += 1

    def unmeasured(self, smoothing: int) -> list[tuple[MapKey, LocalizationMap]]:
        """Return the maps whose agreement is missing or of an older estimate."""
        found = []
        for key, map_ in self._maps.items():
            known = self._agreement.get((key, smoothing))
            if known is None or known[0] is not map_ or (key, smoothing) in self._stale:
                found.append((key, map_))
        return found

    @property
    def nbytes(self) -> int:
        """Memory that the maps take."""
        return sum(2 * found.values.nbytes + found.paper.nbytes for found in self._maps.values())

    def forget(self, unwanted: Callable[[LocalizationMap], bool]) -> None:
        """Drop the maps that `unwanted` says yes to."""
        for key in [key for key, found in self._maps.items() if unwanted(found)]:
            for kept in (self._maps, self._complete, self._means):
                kept.pop(key, None)
            self._newest = {place: k for place, k in self._newest.items() if k != key}
        self.version += 1

    def items(self) -> Iterator[tuple[MapKey, LocalizationMap]]:
        """Iterate over all maps."""
        return iter(self._maps.items())


def key_of(run: int, found: LocalizationMap) -> MapKey:
    """Return the key that a map was made for, from its provenance."""
    provenance = found.provenance
    uses = METHODS[MAP_KINDS[found.kind].method].uses_probes
    return MapKey(
        run=run,
        step=found.step,
        kind=found.kind,
        baseline=provenance.baseline or "",
        estimator=(provenance.estimator or "") if uses else "",
        probe_seed=(provenance.probe_seed or 0) if uses else 0,
        steps_averaged=provenance.steps_averaged or 1,
    )


def _place(key: MapKey) -> tuple[int, int, str, str]:
    return key.step, key.steps_averaged, key.kind, key.baseline
