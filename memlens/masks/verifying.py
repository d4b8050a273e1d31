"""Finding template and verbatim memorization again by the field's thresholds.

Webster 2023 ("A Reproducible Extraction of Training Images from Diffusion Models") and the code
that goes with it: everything at 256², pictures in 0..1, sums over pixels and channels.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

SIZE = 256
TEMPLATE_BELOW = 2.5e3
VERBATIM_BELOW = 2.5e3
RETRIEVED_BELOW = 3e3

FloatArray = NDArray[np.float32]


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What the pictures of one prompt show.

    Attributes
    ----------
    overfit_type
        "TV", "MV", "RV", or "N" where nothing is near enough.
    gen_seeds
        Pairs of seed and the index of the nearest template (−1 where it is no template), of the
        pictures that show it.
    template_distance, verbatim_distance, retrieved_distance
        The least of all pictures; infinite where there was nothing to compare with.
    """

    overfit_type: str
    gen_seeds: tuple[tuple[int, int], ...]
    template_distance: float
    verbatim_distance: float
    retrieved_distance: float


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class Template:
    """A picture that others repeat where its mask is.

    Attributes
    ----------
    index
        In ``templates/metadata.parquet``.
    pixels, mask
        (256, 256, 3), 0..1.
    """

    index: int
    pixels: FloatArray
    mask: FloatArray


def comparable(picture: Image.Image) -> FloatArray:
    """Return a picture as all are compared, (256, 256, 3), 0..1.

    Resampled as Pillow does unasked (bicubic); grey becomes three equal channels.
    """
    small = picture.convert("RGB").resize((SIZE, SIZE))
    return np.asarray(small, dtype=np.float32) / np.float32(255)


def template_distance(picture: FloatArray, template: Template) -> float:
    """Return Σ((t − x)·m)² / mean(m); infinite for an empty mask."""
    share = float(template.mask.mean(dtype=np.float64))
    if share == 0:
        return float("inf")
    return _squared((template.pixels - picture) * template.mask) / share


def distance(picture: FloatArray, other: FloatArray) -> float:
    """Return Σ(x − y)²."""
    return _squared(picture - other)


def verified(
    pictures: Sequence[tuple[int, FloatArray]],
    *,
    templates: Sequence[Template],
    real: FloatArray | None,
    retrieved: Sequence[FloatArray],
) -> Found:
    """Say what the pictures of one prompt show, templates before verbatim before retrieved.

    Parameters
    ----------
    pictures
        Seed and pixels of each.
    templates
        All that there are.
    real
        The training picture of the prompt, or None.
    retrieved
        Training pictures found elsewhere.
    """
    nearest = [(seed, *_nearest(pixels, templates)) for seed, pixels in pictures]
    shown = tuple((seed, index) for seed, away, index in nearest if away < TEMPLATE_BELOW)
    verbatim = [
        (seed, float("inf") if real is None else distance(pixels, real))
        for seed, pixels in pictures
    ]
    elsewhere = [
        (seed, min((distance(pixels, other) for other in retrieved), default=float("inf")))
        for seed, pixels in pictures
    ]
    overfit_type, pairs = "N", tuple((seed, -1) for seed, _ in pictures)
    # The field's own order: a template is found first, since it may lie near its match too.
    for word, found in (
        ("TV", shown),
        ("MV", _below(verbatim, VERBATIM_BELOW)),
        ("RV", _below(elsewhere, RETRIEVED_BELOW)),
    ):
        if found:
            overfit_type, pairs = word, found
            break
    return Found(
        overfit_type=overfit_type,
        gen_seeds=pairs,
        template_distance=min((away for _, away, _ in nearest), default=float("inf")),
        verbatim_distance=min((away for _, away in verbatim), default=float("inf")),
        retrieved_distance=min((away for _, away in elsewhere), default=float("inf")),
    )


def _nearest(picture: FloatArray, templates: Sequence[Template]) -> tuple[float, int]:
    found = ((template_distance(picture, each), each.index) for each in templates)
    return min(found, default=(float("inf"), -1))


def _below(distances: Sequence[tuple[int, float]], limit: float) -> tuple[tuple[int, int], ...]:
    return tuple((seed, -1) for seed, away in distances if away < limit)


def _squared(difference: FloatArray) -> float:
    flat = difference.ravel()
    return float(np.dot(flat, flat))
