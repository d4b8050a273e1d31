"""MapKey: what makes two maps of this window the same map."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class MapKey:
    """What makes two maps the same map, but for the number of probes.

    Attributes
    ----------
    run
        Number of the run in this window.
    step
        0 = most noise; the first one of an average.
    kind
        Name in MAP_KINDS.
    baseline
        "unconditional", a less-trained baseline's identity, or "".
    estimator, probe_seed
        "" and 0 for methods without probes.
    steps_averaged
        How many steps from `step` on the map is the mean of.
    """

    run: int
    step: int
    kind: str
    baseline: str = ""
    estimator: str = ""
    probe_seed: int = 0
    steps_averaged: int = 1
