"""The session that a first start shows, and the command that makes it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

import memlens
from memlens.errors import Cancelled
from memlens.lab.demo_session import CURVATURE_STEPS, PROBES, STEPS, make_demo_session
from memlens.methods.registry import MAP_KINDS, Cost
from memlens.models.baseline_loading import early_checkpoint
from memlens.progress import CancelToken, Progress
from memlens.sampling.trajectory import StepRecord

SHIPPED = Path(__file__).resolve().parents[3] / "resources" / "demo-session.memlens"
KINDS = [name for name in MAP_KINDS if name not in ("guidance_cosine", "attention_all")]


def test_the_shipped_session_holds_what_the_code_computes() -> None:
    shipped = memlens.load_session(SHIPPED)
    kept = {(found.kind, found.step): found for found in shipped.maps}
    assert set(kept) == {
        (name, step)
        for name in KINDS
        for step in (CURVATURE_STEPS if MAP_KINDS[name].cost is Cost.PROBES else range(STEPS))
    }
    model = memlens.load_model("demo", device="cpu")
    early = early_checkpoint(model)
    assert early is not None
    run = shipped.trajectory.with_model(model)
    baseline = memlens.load_baseline(early, like=model)
    some = ("cov_bad", "score_diff", "score_diff_bad", "attention")
    made = memlens.localize_maps(run, some, baseline=baseline, step=42, probes=PROBES)
    for name, found in made.items():
        known = kept[name, 42]
        versions = known.provenance.versions
        assert replace(found.provenance, versions=versions) == known.provenance
        scale = np.abs(known.values).max()
        np.testing.assert_allclose(found.values, known.values, atol=1e-5 * scale)

    def compare(record: StepRecord) -> None:
        np.testing.assert_allclose(record.x_t, run.x_t[record.step], atol=1e-4)
        if record.step == 2:
            token.cancel()

    token = CancelToken()
    prompt, seed = run.provenance.prompt, run.provenance.seed
    with pytest.raises(Cancelled):
        memlens.sample(model, prompt, seed=seed, steps=STEPS, on_step=compare, cancel=token)


def test_a_short_one_is_made(tmp_path: Path) -> None:
    told: list[Progress] = []
    made = make_demo_session(
        "demo",
        tmp_path / "short.memlens",
        steps=2,
        curvature_steps=(1,),
        probes=2,
        progress=told.append,
    )
    session = memlens.load_session(made)
    places = [(found.kind, found.step) for found in session.maps]
    assert sorted(places) == sorted(
        [(name, 1) for name in KINDS]
        + [(name, 0) for name in KINDS if MAP_KINDS[name].cost is not Cost.PROBES]
    )
    assert session.thumbnails is not None and len(session.thumbnails) == 2
    assert session.view["step"] == 1 and session.masks[0].pixels.any()
    assert told[-1].done == told[-1].total == 2


def test_it_can_be_cancelled(tmp_path: Path) -> None:
    token = CancelToken()

    def stop(progress: Progress) -> None:
        token.cancel()

    with pytest.raises(Cancelled):
        make_demo_session(
            "demo", tmp_path / "x.memlens", steps=2, probes=2, progress=stop, cancel=token
        )
    assert not list(tmp_path.iterdir())
