"""Names and defaults of the diagonal estimators; light, so that the window can list them."""

from __future__ import annotations

PROBING = "probing"
HUTCHINSON = "hutchinson"
EXACT = "exact"

ESTIMATORS = (PROBING, HUTCHINSON, EXACT)
DEFAULT_ESTIMATOR = PROBING
DEFAULT_PROBES = 16
