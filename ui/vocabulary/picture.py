"""Pictures as arrays."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

# (height, width, 3), 0..255.
Picture = NDArray[np.uint8]
