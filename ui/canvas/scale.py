"""The scale between a map's values and its colours, as the engine defines it."""

from __future__ import annotations

from memlens.maps.scale import Scale

__all__ = ["Scale"]
