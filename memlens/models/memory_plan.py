"""The one place that decides where a model's parts go, and in which precision; says why."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from memlens.device import GIB

_FLOAT32, _HALF = 4, 2
# Over the weights: what one graph, whole or with blocks computed again, and one pass take on top.
_GRAPH, _CHECKPOINTED, _PASS = 2.0, 0.7, 0.25
# Of what is free, this much is planned with.
_SHARE = 0.9
WHOLE, AGAIN, NONE = "reverse mode", "reverse mode, blocks computed again", "forward mode"
# Precision of the weights, how products are made, whether all parts stay on the device.
_FROM_THE_BEST = (
    ("float32", WHOLE, True),
    ("float32", WHOLE, False),
    ("float32", AGAIN, True),
    ("float32", AGAIN, False),
    ("bfloat16", WHOLE, True),
    ("bfloat16", WHOLE, False),
    ("bfloat16", AGAIN, True),
    ("bfloat16", AGAIN, False),
    ("bfloat16", NONE, False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan:
    """How a model fits into the memory that is free.

    Attributes
    ----------
    dtype
        "float32" or "bfloat16", of all weights.
    together
        Whether text encoders and autoencoder are on the device; otherwise they run on the CPU.
    products
        How vector products will probably be made.
    needed
        Bytes at the most, while products are taken.
    fits
        Whether that is within what is free.
    reasons
        Why, a sentence each.
    """

    dtype: str
    together: bool
    products: str
    needed: int
    fits: bool
    reasons: tuple[str, ...]

    def __str__(self) -> str:
        """Say what is planned, for a person."""
        return " ".join(self.reasons)


def plan_memory(parameters: Mapping[str, int], denoiser: str, free: int | None) -> MemoryPlan:
    """Plan what fits, from the best to the smallest.

    Given up are, in this order: that text encoders and autoencoder stay on the device, that a
    graph is whole, that weights are float32, that there is a graph at all. Weights of bfloat16
    beside a float32 copy for products take more than float32 throughout, so that they are no
    step on the way; a person may ask for them (`memlens.models.precision`).

    Parameters
    ----------
    parameters
        Numbers of weights by part.
    denoiser
        The part under inspection.
    free
        Bytes on the device; None where that cannot be told: then everything is taken to fit.
    """
    own = parameters.get(denoiser, 0)
    others = sum(count for part, count in parameters.items() if part != denoiser)
    room = None if free is None else int(_SHARE * free)
    for dtype, products, together in _FROM_THE_BEST:
        needed = _bytes(own, others, dtype, products, together=together)
        if room is None or needed <= room:
            return _plan(dtype, products, needed, free, together=together, fits=True)
    # The last choice, which is the smallest, is the best that can be done.
    return _plan(dtype, products, needed, free, together=together, fits=False)


def _bytes(own: int, others: int, dtype: str, products: str, *, together: bool) -> int:
    size = _FLOAT32 if dtype == "float32" else _HALF
    over = {WHOLE: _GRAPH, AGAIN: _CHECKPOINTED, NONE: _PASS}[products]
    return int(own * size * (1 + over) + (others * size if together else 0))


def _plan(
    dtype: str, products: str, needed: int, free: int | None, *, together: bool, fits: bool
) -> MemoryPlan:
    reasons = [f"About {needed / GIB:.1f} GiB are needed at the most, computed, not measured."]
    if free is not None:
        reasons.append(f"{free / GIB:.1f} GiB are free.")
    if dtype != "float32":
        reasons.append("Weights are bfloat16: in float32 they do not fit beside one graph.")
    if products == AGAIN:
        reasons.append("A whole graph does not fit: blocks are computed again in every product.")
    if products == NONE:
        reasons.append("No graph fits: forward mode, or finite differences, take its place.")
    if not together:
        reasons.append("Text encoders and autoencoder stay on the CPU.")
    if not fits:
        reasons.append("Even that does not fit: choose another device or a smaller model.")
    return MemoryPlan(
        dtype=dtype,
        together=together,
        products=products,
        needed=needed,
        fits=fits,
        reasons=tuple(reasons),
    )


def weights_in(files: Iterable[Path]) -> int:
    """Count the weights of safetensors files from their headers alone; the files are whole."""
    total = 0
    for path in files:
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            header = json.loads(file.read(length))
        for name, entry in header.items():
            if name == "__metadata__":
                continue
            count = 1
            for side in entry["shape"]:
                count *= int(side)
            total += count
    return total
