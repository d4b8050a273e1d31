"""The made-up session beside made-up controls: a region planted in the left half."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from memlens.controls.comparison import Comparison, compare
from memlens.controls.controls import Controls
from memlens.controls.sketching import sketch
from memlens.export.source import Source
from memlens.maps.localization_map import LocalizationMap
from memlens.readings.reading import Reading
from tests.support import synthetic
from tests.support.analytic_null import fields, settings

STEP = synthetic.STEPS - 2
KINDS = ("cov_bad", "score_diff")
GRID = (synthetic.SIDE, synthetic.SIDE)


def controls(count: int = 40, **changed: object) -> Controls:
    """Make controls that the made-up session's maps can be compared with."""
    rng = np.random.default_rng(0)
    made = settings(
        **{
            "model": synthetic.DESCRIPTION.identity,
            "baseline": synthetic.BASELINE,
            "latent_shape": (4, *GRID),
            "picture_size": (synthetic.PICTURE, synthetic.PICTURE),
            "curvature_dtype": None,
            "steps": synthetic.STEPS,
            "estimator": "hutchinson",
            "smoothing": 1,
            **changed,
        }
    )
    return Controls(
        settings=made,
        sigmas={STEP: synthetic.trajectory().schedule[STEP].sigma},
        maps={
            (kind, STEP): sketch(fields(count, rng, grid=GRID), smoothing=1, cells=8)
            for kind in KINDS
        },
        readings={("wen", None): np.linspace(0.5, 1.5, count)},
        prompts=tuple(f"a plain prompt {index}" for index in range(count)),
        seeds=tuple(range(10_000, 10_000 + count)),
        versions=(("memlens", "0"),),
    )


def planted(found: LocalizationMap) -> LocalizationMap:
    """Return a map with much more in its left half than any control has anywhere."""
    values = np.zeros(found.shape, np.float32)
    values[:, : synthetic.SIDE // 2] = 30.0
    return replace(found, values=values)


def readings() -> tuple[Reading, ...]:
    """Return a reading that the controls have, and one of tokens."""
    made: dict[str, Any] = {
        "standard_error": None,
        "per_step": None,
        "unit": "",
        "network_calls": 0,
        "seconds": 0.0,
    }
    wen = Reading(
        key="wen", value=9.0, step=None, provenance=synthetic.provenance(reading="wen"), **made
    )
    tokens = Reading(
        key="wen-tokens",
        value=2.0,
        step=0,
        provenance=synthetic.provenance(reading="wen-tokens"),
        per_token=(("a", 0.5), ("<lion>", 2.0), ("end of text", 0.25)),
        **made,
    )
    return wen, tokens


def source(made: Controls | None = None) -> Source:
    """Return the session with what its controls say."""
    session = synthetic.session()
    maps = tuple(planted(found) if found.kind == "cov_bad" else found for found in session.maps)
    read = readings()
    return Source(
        session=replace(session, maps=maps),
        readings=read,
        name="made-up.memlens",
        comparison=comparison(maps, read, made or controls()),
    )


def comparison(
    maps: tuple[LocalizationMap, ...], read: tuple[Reading, ...], made: Controls
) -> Comparison:
    """Compare the two kinds that there are controls of."""
    judged = {found.kind: found for found in maps if found.step == STEP and found.kind in KINDS}
    size = (synthetic.PICTURE, synthetic.PICTURE)
    return compare("plain.zip", made, judged, read, picture_size=size)
