"""Pictures of noise that share one region."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

SHARED = (slice(8, 24), slice(4, 20))


def rendering(seed: int) -> NDArray[np.uint8]:
    """A picture of noise with the same pattern in the shared region, whatever the seed."""
    random = np.random.default_rng(seed)
    picture = random.integers(0, 256, (32, 32, 3), dtype=np.uint8)
    picture[SHARED] = np.random.default_rng(99).integers(0, 256, (16, 16, 3), dtype=np.uint8)
    return picture


def truth() -> NDArray[np.bool_]:
    mask = np.zeros((32, 32), dtype=np.bool_)
    mask[SHARED] = True
    return mask
