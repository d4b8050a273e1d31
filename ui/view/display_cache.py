"""Maps as they are displayed, kept so that identity holds."""

from __future__ import annotations

from collections import OrderedDict

from memlens.maps.displayed import Displayed, displayed
from memlens.maps.localization_map import LocalizationMap

__all__ = ["DisplayCache", "Displayed"]

_KEPT = 1024


class DisplayCache:
    """Turns maps into display arrays; the same map gives the same array again."""

    def __init__(self) -> None:
        self._kept: OrderedDict[tuple[int, str, int], tuple[LocalizationMap, Displayed]] = (
            OrderedDict()
        )

    def of(self, found: LocalizationMap, units: str, smoothing: int) -> Displayed:
        """Return `found` under a mean filter in "canonical" or "paper" units."""
        key = (id(found), units, smoothing)
        kept = self._kept.get(key)
        if kept is not None and kept[0] is found:
            self._kept.move_to_end(key)
            return kept[1]
        made = displayed(found, units, smoothing)
        self._kept[key] = (found, made)
        if len(self._kept) > _KEPT:
            self._kept.popitem(last=False)
        return made
