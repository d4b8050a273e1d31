"""What a report says of the verdict: evidence, method in plain words, limits."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from memlens.controls.comparison import Comparison
from memlens.controls.controls import ENOUGH
from memlens.controls.wording import p_words
from memlens.estimators.names import TIMELINE
from memlens.export.numbers import number
from memlens.export.source import Source
from memlens.maps.localization_map import LocalizationMap
from memlens.methods.registry import LESS_TRAINED, MAP_KINDS, METHODS, UNCONDITIONAL
from memlens.readings.reading import Reading

_NO_CONTROLS = (
    "No verdict: nothing here was compared with controls. The maps below show where this picture "
    "differs from its baselines; they do not tell whether ordinary pictures differ as much."
)
# Of the small plot of controls' values, in its own units.
_STRIP_WIDTH, _STRIP_MARGIN = 140.0, 4.0


def verdict_box(source: Source) -> dict[str, Any]:
    """Return the verdict for the head of the report."""
    comparison = source.comparison
    if comparison is None:
        return {"state": "none", "word": "No verdict", "sentence": _NO_CONTROLS, "premises": ()}
    verdict = comparison.verdict
    state = "open" if verdict.inconclusive else "found" if verdict.found else "nothing"
    word = {"open": "Inconclusive", "found": "Beyond controls", "nothing": "Nothing beyond"}[state]
    return {
        "state": state,
        "word": word,
        "sentence": verdict.sentence,
        "premises": verdict.premises,
    }


def region_rows(comparison: Comparison, numbers: dict[str, str]) -> list[dict[str, Any]]:
    """Return the regions with the number of the map that each is of; those found first.

    Parameters
    ----------
    numbers
        Of the maps in the report, by kind.
    """
    controls = comparison.verdict.controls
    rows = []
    for region, row in zip(comparison.verdict.regions, comparison.region_rows(), strict=True):
        top, left, bottom, right = row["box"]
        rows.append(
            {
                "name": region.name or "–",
                "symbol": MAP_KINDS[region.kind].symbol,
                "map": numbers.get(region.kind, "–"),
                "p": p_words(region.p, controls),
                "share": f"{100 * region.share:.1f} %",
                "mass": number(region.mass),
                "beyond": f"{round(region.beyond * controls)} of {controls}",
                "place": f"{left}–{right} × {top}–{bottom}",
            }
        )
    return rows


def reading_rank(comparison: Comparison | None, reading: Reading) -> dict[str, Any] | None:
    """Return a reading's p, and a plot of the controls' values with its own; None without."""
    ranked = None if comparison is None else comparison.reading(reading)
    if comparison is None or ranked is None:
        return None
    if not len(ranked.controls):
        return {"p": "–", "why": ranked.inconclusive, "ticks": "", "at": 0.0}
    low = min(float(ranked.controls.min()), ranked.value)
    high = max(float(ranked.controls.max()), ranked.value)
    room = _STRIP_WIDTH - 2 * _STRIP_MARGIN

    def place(value: float) -> float:
        share = (value - low) / (high - low) if high > low else 0.5
        return round(_STRIP_MARGIN + share * room, 1)

    ticks = "".join(f"M{place(float(value)):g} 4V12" for value in np.sort(ranked.controls))
    return {
        "p": p_words(ranked.p, len(ranked.controls)),
        "why": ranked.inconclusive,
        "small": ranked.small_is_unusual,
        "ticks": ticks,
        "at": place(ranked.value),
        "low": number(low),
        "high": number(high),
    }


def token_bars(readings: Sequence[Reading]) -> list[dict[str, Any]]:
    """Return the bars of each reading of tokens."""
    bars = []
    for reading in readings:
        if not reading.per_token:
            continue
        most = max(value for _, value in reading.per_token) or 1.0
        bars.append(
            {
                "reading": reading.key,
                "step": reading.step,
                "tokens": [
                    {"text": text, "value": number(value), "width": f"{100 * value / most:.1f}"}
                    for text, value in reading.per_token
                ],
            }
        )
    return bars


def controls_facts(comparison: Comparison) -> list[tuple[str, str]]:
    """Return where the controls come from, as pairs of what and which."""
    made, controls = comparison.controls.settings, comparison.controls
    height, width = made.picture_size
    pairs = [
        ("file, fingerprint", f"{comparison.source}, {controls.fingerprint}"),
        ("pictures", f"{controls.count}, seeds {min(controls.seeds)} to {max(controls.seeds)}"),
        ("model", made.model),
        ("less-trained baseline", made.baseline or "none"),
        ("steps, guidance", f"{made.steps}, {made.guidance_scale:g}"),
        ("picture, precision", f"{width}×{height}, {made.dtype}"),
        ("maps", ", ".join(f"{MAP_KINDS[kind].symbol}" for kind in controls.kinds)),
        ("at steps", ", ".join(map(str, controls.steps))),
        ("mean filter before comparing", f"{made.smoothing}×{made.smoothing}"),
    ]
    if made.probes is not None:
        estimate = f"{made.probes} probes ({made.estimator}), {made.curvature_dtype}"
        pairs.append(("curvature", estimate))
    if made.schedule_mended:
        pairs.append(("schedule mended", ", ".join(made.schedule_mended)))
    pairs.append(("versions", ", ".join(f"{name} {at}" for name, at in controls.versions)))
    return pairs


def method_in_words(source: Source, step: int, maps: Sequence[LocalizationMap]) -> list[str]:
    """Return what was done, in sentences that need no mathematics."""
    run = source.session.trajectory
    made, level = run.provenance, run.schedule[step]
    _, height, width = run.latent_shape
    told = [
        f"The picture was made by {made.model} from the prompt above in {made.steps} steps, from "
        f"noise to picture, with guidance {made.guidance_scale:g} and seed {made.seed}. All maps "
        f"look at step {step}, where noise of standard deviation σ = {number(level.sigma)} was "
        "left, and have one value for each "
        f"place of the {width}×{height} grid that the model works on."
    ]
    kinds = [MAP_KINDS[kind] for kind in dict.fromkeys(found.kind for found in maps)]
    for method, words in _METHODS.items():
        own = [kind for kind in kinds if kind.method == method]
        if own:
            symbols = ", ".join(kind.symbol for kind in own)
            told.append(f"{METHODS[method].label} ({symbols}; {METHODS[method].source}): {words}")
    told += [words for sort, words in _BASELINES.items() if any(k.baseline == sort for k in kinds)]
    comparison = source.comparison
    if comparison is not None:
        count = comparison.verdict.controls
        told.append(
            f"Controls: {count} pictures of the same model, made in the same way from prompts that "
            "are believed not to be memorized. A value is surprising as far as few of all the "
            "controls' values reach it: surprise 2 means one in a hundred, 4 one in ten thousand. "
            "Neighbouring places of surprise 2 or more form a region, and what they have beyond 2 "
            "adds up to its mass. p is the share of pictures, this one among the controls, whose "
            "largest region has as much mass"
            + (
                ", over all the maps that were judged together."
                if len(comparison.verdict.kinds) > 1
                else "."
            )
        )
        told.append(
            "A region is called found at p ≤ .05: among ordinary pictures about one in twenty "
            "shows one."
        )
    return told


def limits(source: Source, step: int, maps: Sequence[LocalizationMap]) -> list[str]:
    """Return what the numbers do not tell."""
    run = source.session.trajectory
    _, height, width = run.latent_shape
    rows, columns = run.image.shape[:2]
    told = []
    comparison = source.comparison
    if comparison is None:
        told.append("Without controls no number here says whether it is unusual.")
    else:
        count = comparison.verdict.controls
        told += [
            "p tells how rare this is among the controls, not why: whatever the controls lack, a "
            "border, a logo, a flat area, can be beyond them, and a repeated picture need not be. "
            "Whether training data is repeated is shown by the training picture itself.",
            f"With {count} controls no p below {number(1 / (count + 1))} is possible"
            + ("." if count >= ENOUGH else f"; {ENOUGH} controls are needed to decide anything."),
            "That the controls are not memorized is believed, not known. A memorized one among "
            "them makes regions harder to find.",
            "The verdict is on this prompt, seed and step with these maps. Whoever tries several "
            "and reports the least p finds more than one in twenty ordinary pictures.",
        ]
    told.append(
        f"Maps have {width}×{height} places on a picture of {columns}×{rows} pixels: an outline is "
        f"right to about {max(columns // width, rows // height)} pixels."
    )
    if any(found.provenance.probes for found in maps):
        told.append(
            "Curvatures are estimated with random probes; their standard errors are in the table "
            "of maps. A verdict that one standard error would change is called inconclusive."
        )
    if any(found.provenance.estimator == TIMELINE for found in maps):
        told.append(
            "Maps of the estimator “timeline” lean on probes of neighbouring steps: their errors "
            "are alike from step to step."
        )
    if source.session.masks:
        told.append(
            "Agreement with a mask is given at the threshold that fits the mask best, which "
            "flatters all maps alike."
        )
    return told


_METHODS = {
    "curvature-difference": "how much more firmly the model holds a place under the prompt than "
    "its baseline does. 0: no more; 1: the prompt leaves the place no freedom that the baseline "
    "would have left.",
    "score-difference": "how far the model's guess of the noise moves at a place between the "
    "prompt and the baseline, squared.",
    "curvature": "how firmly the model holds a place, whatever the reason. Flat areas and borders "
    "that all pictures share are held firmly too.",
    "bright-ending": "how much attention a place pays to the end of the prompt, as pictures "
    "that repeat training data tend to in the last steps.",
    "bright-ending-all": "the same, with all positions after the end of the prompt added up.",
    "guidance-cosine": "whether the prompt pushes a place the way in which the model already "
    "goes without it; from −1 to 1.",
}
_BASELINES = {
    UNCONDITIONAL: "The baseline ∅ is the same model without a prompt.",
    LESS_TRAINED: "The baseline θ̃ is an earlier checkpoint of the same model under the same "
    "prompt: what it does not yet know was learned late, as repeated pictures are.",
}
