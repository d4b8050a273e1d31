"""Bright Ending over all end-of-text positions: attention to the first and all that follow."""

from __future__ import annotations

from collections.abc import Iterator

from memlens.maps.localization_map import LocalizationMap
from memlens.methods.bright_ending import attention_to
from memlens.methods.request import MapRequest


def compute(request: MapRequest) -> Iterator[LocalizationMap]:
    """Yield the attention to all end-of-text positions, added up, 0..1.

    Chen et al. (ICLR 2025) read the first position alone. A text encoder whose padding repeats
    the end of the text may put its summary on any of these positions; together they hold it
    wherever it is. Layers and means as in `memlens.methods.bright_ending`.

    Raises
    ------
    MethodUnavailable
        If the model has no such layers.
    """
    yield attention_to(request, request.model.attention_layers(), first_alone=False)
