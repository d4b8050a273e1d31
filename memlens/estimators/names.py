"""Names and defaults of the diagonal estimators; light, so that the window can list them."""

from __future__ import annotations

PROBING = "probing"
HUTCHINSON = "hutchinson"
EXACT = "exact"
# Of many steps together; not one that a single step can be asked for.
TIMELINE = "timeline"

ESTIMATORS = (PROBING, HUTCHINSON, EXACT)
DEFAULT_ESTIMATOR = PROBING
DEFAULT_PROBES = 16

# How vector products are made: Jᵀv by reverse mode, whole or with blocks computed again in every
# product, Jv by forward mode, or central differences.
AUTO = "auto"
REVERSE = "reverse"
CHECKPOINTED = "checkpointed"
FORWARD = "forward"
FINITE_DIFFERENCE = "finite-difference"

PRODUCTS = (AUTO, REVERSE, CHECKPOINTED, FORWARD, FINITE_DIFFERENCE)
