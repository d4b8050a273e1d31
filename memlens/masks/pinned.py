"""The pinned mask: the one of a run's masks that its maps are compared with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Protocol

from memlens.masks.kinds import GROUND_TRUTH

_PLACE, _NAME = "pinned_mask", "pinned_mask_name"


class Named(Protocol):
    """A mask, or its line in a list."""

    @property
    def name(self) -> str:
        """As people call it."""
        ...

    @property
    def kind(self) -> str:
        """One of `memlens.masks.kinds.KINDS`."""
        ...


def pinned_place(masks: Sequence[Named], view: Mapping[str, Any] | None = None) -> int | None:
    """Return the place of the mask that maps are compared with, None where there is no mask.

    The one that `view` was kept with; without it the mask named "ground truth", else the first
    of that kind, else the first.

    Parameters
    ----------
    masks
        Of one run, in their order.
    view
        What a session keeps of how the run was shown (`pinned_in_view`).
    """
    place, name = (view or {}).get(_PLACE), (view or {}).get(_NAME)
    if type(place) is int and 0 <= place < len(masks) and masks[place].name == name:
        return place
    places = range(len(masks))
    truths = [at for at in places if masks[at].kind == GROUND_TRUTH]
    wanted = [
        *(at for at in places if isinstance(name, str) and masks[at].name == name),
        *(at for at in truths if masks[at].name == GROUND_TRUTH),
        *truths,
        *places,
    ]
    return next(iter(wanted), None)


def pinned_in_view(masks: Sequence[Named], place: int | None) -> dict[str, Any]:
    """Return what a session keeps of which mask is pinned, JSON-ready."""
    return {
        _PLACE: -1 if place is None else place,
        _NAME: "" if place is None else masks[place].name,
    }
