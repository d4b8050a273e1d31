"""Names and defaults of the diagonal estimators; light, so that the window can list them."""

from __future__ import annotations

PROBING = "probing"
HUTCHINSON = "hutchinson"
EXACT = "exact"

ESTIMATORS = (PROBING, HUTCHINSON, EXACT)
DEFAULT_ESTIMATOR = PROBING
DEFAULT_PROBES = 16

# How vector products are made: Jᵀv by reverse mode, Jv by forward mode, or central differences.
AUTO = "auto"
REVERSE = "reverse"
FORWARD = "forward"
FINITE_DIFFERENCE = "finite-difference"

PRODUCTS = (AUTO, REVERSE, FORWARD, FINITE_DIFFERENCE)
