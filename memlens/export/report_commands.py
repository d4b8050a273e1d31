"""Command lines that compute what a report shows again."""

from __future__ import annotations

import shlex

from memlens.controls.comparison import Comparison
from memlens.estimators.names import TIMELINE
from memlens.export.source import Source
from memlens.methods.registry import LESS_TRAINED
from memlens.sampling.noise import CPU, CUDA
from memlens.sampling.provenance import Provenance

_CONTROLS = "CONTROLS"


def commands(source: Source, step: int) -> list[str]:
    """Return command lines that compute the maps of `step` again, and the verdict with controls."""
    grouped: dict[tuple[str, ...], list[str]] = {}
    # What needs no probes goes along with what does, where the baseline is the same.
    maps = sorted(source.maps_in_order(step), key=lambda found: not found.provenance.probes)
    for found in maps:
        wanted = _options(found.provenance)
        options = next((each for each in grouped if set(wanted) <= set(each)), tuple(wanted))
        methods = grouped.setdefault(options, [])
        if found.kind not in methods:
            methods.append(found.kind)
    made = source.session.trajectory.provenance
    start = [
        "memlens-cli",
        "localize",
        _name(made.model),
        "--prompt",
        made.prompt,
        "--seed",
        str(made.seed),
        "--steps",
        str(made.steps),
        "--guidance-scale",
        f"{made.guidance_scale:g}",
        *_noise(made),
        "--step",
        str(step),
    ]
    lines = []
    compared: list[str] = []
    if source.comparison is not None:
        lines.append(shlex.join(_calibrate(source.comparison)))
        compared = ["--controls", _CONTROLS]
        keys = dict.fromkeys(each.key for each in source.comparison.readings)
        compared += [part for key in keys for part in ("--reading", key)]
    for place, (options, kinds) in enumerate(grouped.items(), 1):
        methods = [part for kind in kinds for part in ("--method", kind)]
        out = "maps" if len(grouped) == 1 else f"maps-{place}"
        lines.append(shlex.join([*start, *methods, *options, *compared, "--out", out]))
    return lines


def _calibrate(comparison: Comparison) -> list[str]:
    """Return how the controls were made; their prompts are listed in the report."""
    controls = comparison.controls
    made = controls.settings
    words = ["memlens-cli", "calibrate", _name(made.model), "--prompts", "PROMPTS.txt"]
    words += [part for step in controls.steps for part in ("--step", str(step))]
    words += ["--baseline", "unconditional" if made.baseline is None else LESS_TRAINED]
    words += ["--steps", str(made.steps), "--guidance-scale", f"{made.guidance_scale:g}"]
    if made.probes is not None and made.estimator is not None:
        words += ["--probes", str(made.probes), "--estimator", made.estimator]
    words += ["--smooth", str(made.smoothing), "--cells", str(made.cells)]
    return [*words, "--seed", str(min(controls.seeds)), "--out", _CONTROLS]


def _noise(made: Provenance) -> list[str]:
    if made.noise == CPU:
        return []
    return ["--noise", made.noise if made.noise == CUDA else "NOISE.npy"]


def _options(made: Provenance) -> list[str]:
    options = []
    if made.baseline not in (None, "unconditional"):
        options += ["--baseline", LESS_TRAINED]
    if made.estimator == TIMELINE:
        most = max((probes for _, probes in made.carried_from), default=made.probes or 0)
        options += ["--series", "all", "--timeline", "--probes", str(most)]
        options += ["--probe-seed", str(made.probe_seed or 0)]
    elif made.probes:
        options += ["--estimator", str(made.estimator), "--probes", str(made.probes)]
        options += ["--probe-seed", str(made.probe_seed or 0)]
    if made.steps_averaged not in (None, 1):
        options += ["--steps-averaged", str(made.steps_averaged)]
    return options


def _name(identity: str) -> str:
    return identity.rsplit("@", 1)[0]
