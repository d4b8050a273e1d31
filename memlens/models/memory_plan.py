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
# Precision of the weights, whether products run on a float32 copy, how products are made, whether
# all parts stay on the device.
_FROM_THE_BEST = (
    ("float32", False, WHOLE, True),
    ("float32", False, WHOLE, False),
    ("float32", False, AGAIN, True),
    ("float32", False, AGAIN, False),
    ("bfloat16", True, AGAIN, False),
    ("bfloat16", False, WHOLE, True),
    ("bfloat16", False, WHOLE, False),
    ("bfloat16", False, AGAIN, True),
    ("bfloat16", False, AGAIN, False),
    ("bfloat16", False, NONE, False),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryPlan:
    """How a model fits into the memory that is free.

    Attributes
    ----------
    dtype
        "float32" or "bfloat16", of all weights.
    float32_products
        Whether vector products run on a float32 copy of the denoiser.
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
    float32_products: bool
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
    graph is whole, that weights are float32, that products are, that there is a graph at all.

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
    for dtype, widened, products, together in _FROM_THE_BEST:
        needed = _bytes(own, others, dtype, widened, together, products)
        if room is None or needed <= room:
            return _plan(dtype, widened, together, products, needed, free, fits=True)
    dtype, widened, together, products = "bfloat16", False, False, NONE
    needed = _bytes(own, others, dtype, widened, together, products)
    return _plan(dtype, widened, together, products, needed, free, fits=False)


def _bytes(own: int, others: int, dtype: str, widened: bool, together: bool, products: str) -> int:
    size = _FLOAT32 if dtype == "float32" else _HALF
    work = _FLOAT32 if widened else size
    over = {WHOLE: _GRAPH, AGAIN: _CHECKPOINTED, NONE: _PASS}[products]
    weights = own * size + (own * work if widened else 0) + (others * size if together else 0)
    return int(weights + own * work * over)


def _plan(
    dtype: str,
    widened: bool,
    together: bool,
    products: str,
    needed: int,
    free: int | None,
    *,
    fits: bool,
) -> MemoryPlan:
    reasons = [f"About {needed / GIB:.1f} GiB are needed at the most, computed, not measured."]
    if free is not None:
        reasons.append(f"{free / GIB:.1f} GiB are free.")
    if dtype != "float32":
        reasons.append(
            "Weights are bfloat16: in float32 they do not fit beside one graph"
            + (", products run on a float32 copy." if widened else ", nor does a float32 copy.")
        )
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
        float32_products=widened or dtype == "float32",
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
