"""The lab: the data set, training, ground truth and acceptance of the demo model.

`train` makes the model from a seed, `check` measures every method on its ground truth. What
needs torch is imported on first use.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from memlens.lab.ground_truth import (
    GroundTruth,
    GroundTruthEntry,
    find_ground_truth,
    has_ground_truth,
    load_ground_truth,
)
from memlens.lab.recipe import Recipe

if TYPE_CHECKING:
    from memlens.lab.check import check
    from memlens.lab.training import train

__all__ = [
    "GroundTruth",
    "GroundTruthEntry",
    "Recipe",
    "check",
    "find_ground_truth",
    "has_ground_truth",
    "load_ground_truth",
    "train",
]

_LAZY = {"train": "memlens.lab.training", "check": "memlens.lab.check"}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    # The module and the function share a name; put the function back over the submodule.
    function = getattr(import_module(_LAZY[name]), name)
    globals()[name] = function
    return function
