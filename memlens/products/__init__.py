"""Products of a Jacobian and probes: reverse mode, forward mode or finite differences."""
